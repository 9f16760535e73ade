"""A job rejection's Mail to what it tells: who turned the applicant down, for what, how late in the process."""

from unburnt.core.clues import Clues, gather
from unburnt.core.company import company
from unburnt.core.contact import person, writer
from unburnt.core.language import LanguagePack
from unburnt.core.model import Address, Mail, Rejection, Stage
from unburnt.core.names import fold
from unburnt.core.recipient import recipient
from unburnt.core.role import role, titles

_LATEST_FIRST = (Stage.FINAL, Stage.INTERVIEW, Stage.ASSESSMENT, Stage.SCREENING)


def extract(mail: Mail, language: str | None, packs: tuple[LanguagePack, ...], own: tuple[str, ...]) -> Rejection:
    """What the mail tells. ``own`` are the user's addresses: no letter goes there."""
    clues = gather(mail, language, packs)
    written_by = writer(clues)
    roles = titles(clues)
    employer = company(clues, written_by, {fold(title): weight for title, weight in roles.items()})
    name = person(clues, written_by, employer)
    to = recipient(mail, name, own)
    contact = Address(name, to.address or "") if name else None
    return Rejection(employer, role(roles, employer), contact, to, _stage(clues), language or "en")


def _stage(clues: Clues) -> Stage:
    """The latest stage that the text or subject speaks of."""
    text = f"{clues.subject}\n{clues.paragraphs}"
    for stage in _LATEST_FIRST:
        if any(pattern.search(text) for pack in clues.packs for pattern in pack.stages.get(stage, ())):
            return stage
    return Stage.APPLICATION
