"""Mail → Step: what the history keeps of a message that has to do with an application. Never its text."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from unburnt.core import kind, senders
from unburnt.core.clues import Clues, gather
from unburnt.core.company import company
from unburnt.core.contact import person, writer
from unburnt.core.details import details
from unburnt.core.features import Document
from unburnt.core.language import LanguagePack, pack_for
from unburnt.core.mentions import Mentions, mentions
from unburnt.core.model import Address, Kind, Label, Mail, Person, Step, Verdict
from unburnt.core.names import fold
from unburnt.core.offered import thanks_for_talk
from unburnt.core.people import same_name
from unburnt.core.recipient import is_automatic
from unburnt.core.role import requisition, role, titles
from unburnt.core.signature import Signature

_OPENING = 3000  # characters in which an application says what it is
_EVEN_AUTOMATIC = frozenset({Kind.ACKNOWLEDGEMENT, Kind.REJECTION})  # of RFC 3834's auto-replied


def step(
    mail: Mail,
    read: Document,
    verdict: Verdict,
    estimator: Any,
    packs: tuple[LanguagePack, ...],
    own: tuple[str, ...],
    *,
    wrote: bool,
) -> Step | None:
    """The step that a message is, or may prove to be once others are known (Kind.OTHER); None where it can be none.

    ``own`` are the user's addresses; ``wrote`` says that the user wrote it.
    """
    what = _kind(mail, read, verdict, estimator, packs, wrote=wrote)
    if is_automatic(mail) and not wrote and what not in _EVEN_AUTOMATIC:
        return None
    if what is Kind.OTHER and _is_bulk(mail):
        return None
    clues = gather(mail, read.language, packs)
    if wrote:  # the user's name and firm at the end are no employer's
        clues = replace(clues, author=None, signature=Signature((), closed=False), hints=())
    mine = frozenset(address.lower() for address in own)
    known = read.language in {pack.code for pack in packs}
    said = _mentions(mail, clues, what, clues.packs if known else packs)
    found = Step(
        identity=mail.identity,
        kind=what,
        date=mail.envelope.date,
        message_id=mail.envelope.message_id,
        answers=tuple(dict.fromkeys((*mail.envelope.in_reply_to, *mail.references))),
        author=mail.envelope.author,
        is_own=wrote,
        addressees=tuple(each for each in (*mail.to, *mail.cc) if each.address.lower() not in mine),
        organisations=tuple(dict.fromkeys(_organisations(mail, mine, wrote=wrote))),
        talk=said.talk,
        days=said.days,
        meetings=mail.meetings,
        calls_off=said.calls_off,
        thanks=wrote and what is Kind.REPLY and thanks_for_talk(mail.text, pack_for(read.language, packs)),
    )
    return _named(found, clues)


def _mentions(mail: Mail, clues: Clues, what: Kind, packs: Sequence[LanguagePack]) -> Mentions:
    """What it says of talks; what a system says of the course to come sets none, nor does what the user says."""
    if mail.envelope.date is None or what is Kind.APPLICATION or (what is Kind.ACKNOWLEDGEMENT and _is_bulk(mail)):
        return Mentions()
    answers = bool(mail.envelope.in_reply_to) or clues.subject != mail.envelope.subject.strip()
    subject = "" if answers else clues.subject
    sets = what not in {Kind.REPLY, Kind.REJECTION}
    written = mail.envelope.date.date()
    return mentions(subject, clues.paragraphs, written, packs, sets=sets, invites=bool(mail.meetings))


def _kind(
    mail: Mail, read: Document, verdict: Verdict, estimator: Any, packs: Sequence[LanguagePack], *, wrote: bool
) -> Kind:
    if wrote:
        opening = f"{mail.envelope.subject}\n{mail.text[:_OPENING]}"
        applies = not mail.envelope.in_reply_to and "applied" in kind.spoken_of(opening, read.language, packs)
        return Kind.APPLICATION if applies else Kind.REPLY
    if verdict.label is Label.REJECTION:
        return Kind.REJECTION
    return kind.kind_of(estimator, kind.pairs(read, mail, packs))


def _is_bulk(mail: Mail) -> bool:
    author = mail.envelope.author
    return author is None or bool(mail.list_id or mail.list_unsubscribe) or senders.is_machine(author.address)


def _named(found: Step, clues: Clues) -> Step:
    """With company, role and the person who wrote."""
    if found.kind is Kind.OTHER and not (found.talk or found.days):
        written_by = writer(clues)
        return replace(found, signer=_signer(clues, person(clues, written_by, None), None))
    written_by = "" if found.is_own else writer(clues)
    roles = titles(clues)
    employer = company(clues, written_by, {fold(title): weight for title, weight in roles.items()})
    name = "" if found.is_own else person(clues, written_by, employer)
    return replace(
        found,
        company=None if employer and name and same_name(employer, name) else employer,
        role=role(roles, employer),
        requisition=requisition(clues),
        signer=_signer(clues, name, employer),
    )


def _signer(clues: Clues, name: str, employer: str | None) -> Person | None:
    """The person who wrote, with the address that is theirs, if it is one person's."""
    author = clues.author
    if not name or author is None:
        return None
    own = not senders.is_machine(author.address) and senders.system_of(author.domain) is None
    address = author.address if own and not senders.is_shared(author.address) else ""
    return details(clues, name, address, employer)


def _organisations(mail: Mail, mine: frozenset[str], *, wrote: bool) -> Iterator[str]:
    """Registrable domains of the other side, less mail providers and sending systems.

    Of what the user received only its senders count: the addressees are the user, by whatever address, and anybody.
    """
    organizers = (meeting.organizer for meeting in mail.meetings)
    side = (*mail.to, *mail.cc) if wrote else (mail.envelope.author, *mail.reply_to, *organizers)
    for each in side:
        if each is not None and each.address.lower() not in mine and is_firm(each):
            yield senders.organisation(each.domain)


def is_firm(address: Address) -> bool:
    """Whether the domain is an organisation's own, so that it tells whom somebody works for."""
    organisation = senders.organisation(address.domain)
    return bool(organisation) and not senders.is_freemail(address.domain) and senders.system_of(address.domain) is None
