"""A job rejection's Mail, with the history of its application, to what it tells: who said no, for what, how late."""

from collections.abc import Sequence
from dataclasses import replace

from unburnt.core import process
from unburnt.core.clues import Clues, gather
from unburnt.core.company import agency, company
from unburnt.core.contact import person, writer
from unburnt.core.ended import ended_process
from unburnt.core.language import LanguagePack
from unburnt.core.model import Mail, Offered, Person, Recipient, Rejection, Stage, Step
from unburnt.core.names import fold
from unburnt.core.offered import offered
from unburnt.core.people import Involved, involved, is_same, merged
from unburnt.core.personal import is_personal
from unburnt.core.process import Course
from unburnt.core.recipient import recipient
from unburnt.core.role import role, titles
from unburnt.core.talks import talks

_LATEST_FIRST = (Stage.FINAL, Stage.INTERVIEW, Stage.ASSESSMENT, Stage.SCREENING)


def extract(
    mail: Mail,
    language: str | None,
    packs: tuple[LanguagePack, ...],
    own: tuple[str, ...],
    ended: Step | None = None,
    past: Sequence[Step] = (),
) -> Rejection:
    """What the mail tells, completed by the ``past``. ``own`` are the user's addresses: no letter goes there.

    ``ended`` is the mail as a step of the history; without it the mail is read by itself.
    """
    clues = gather(mail, language, packs)
    written_by = writer(clues)
    roles = titles(clues)
    employer = company(clues, written_by, {fold(title): weight for title, weight in roles.items()})
    known = process.course(ended, past) if ended else Course((), (), frozenset())
    for_another = agency(clues, written_by, employer)
    if employer is None and not for_another:
        employer = known.company
    people = involved(known.steps, known.thread, own)
    name = person(clues, written_by, employer)
    held = talks(known.steps, ended, own)
    to = recipient(mail, name, own, people)
    return Rejection(
        company=employer,
        role=role(roles, employer) or known.role,
        contact=_contact(ended.signer if ended else None, name, people, to),
        recipient=to,
        stage=_stage(clues) if held.by_no else held.stage,
        language=language or "en",
        requisition=(ended.requisition if ended else None) or known.requisition,
        agency=for_another,
        process=ended_process(ended, known, held),
        offered=_offered(mail, language, packs, ended),
    )


def _offered(mail: Mail, language: str | None, packs: tuple[LanguagePack, ...], ended: Step | None) -> Offered:
    found = offered(mail.text, language, packs)
    return replace(found, is_personal=is_personal(mail, ended.signer if ended else None))


def _contact(signer: Person | None, name: str, people: Sequence[Involved], to: Recipient) -> Person | None:
    """Who signed, with what earlier mail tells of them; else the most involved person of the application."""
    if not name:
        return people[0].person if people else None
    signed = signer or Person(name)
    known = next((each.person for each in people if is_same(each.person, signed)), None)
    found = merged(signed, known) if known else signed
    return found if found.address or to.name != name else replace(found, address=to.address or "")


def _stage(clues: Clues) -> Stage:
    """The latest stage that the text or subject speaks of."""
    text = f"{clues.subject}\n{clues.paragraphs}"
    for stage in _LATEST_FIRST:
        if any(pattern.search(text) for pack in clues.packs for pattern in pack.stages.get(stage, ())):
            return stage
    return Stage.APPLICATION
