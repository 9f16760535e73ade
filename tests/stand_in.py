"""A decider that needs no model: what says "rejected" in its subject is a rejection. For tests of everything around it."""

from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from hashlib import sha256

from unburnt.core.model import (
    AddReminder,
    Label,
    Mail,
    Person,
    Plan,
    Purpose,
    RawMessage,
    Recipient,
    Rejection,
    SaveDraft,
    Stage,
    Step,
    Verdict,
)
from unburnt.core.parse import Unparsable, parse
from unburnt.core.planner import is_own, unreadable
from unburnt.core.reason import Reason


class SubjectDecider:
    """Plans a letter and a note for it, by the same rules of identity and keys as the real planner."""

    def plan(self, raw: RawMessage, now: datetime, told: Label | None = None, past: tuple[Step, ...] = ()) -> Plan:
        try:
            mail = parse(raw)
        except Unparsable as error:
            return unreadable(raw, str(error))
        if raw.origin.own or is_own(mail.envelope.author, ("alice@mail.example",)):
            return Plan(raw.origin, Reason.OWN_MESSAGE, mail.identity, mail.envelope)
        rejected = told is Label.REJECTION if told else "rejected" in mail.envelope.subject
        verdict = Verdict(Label.REJECTION if rejected else Label.OTHER, float(rejected))
        if not rejected:
            reason = Reason.VOTED_OTHER if told else Reason.NOT_A_REJECTION
            return Plan(raw.origin, reason, mail.identity, mail.envelope, verdict, "en")
        contact = Person("Jo Roe", "jo@acme.example")
        rejection = Rejection(
            "Acme", "Baker", contact, Recipient(contact.address, "they wrote it"), Stage.APPLICATION, "en"
        )
        actions = (
            SaveDraft(key := _key(mail.identity, "draft"), now, _draft(key, mail.envelope.message_id), "Thank you."),
            _reminder(mail, Purpose.CONNECT, now, "LinkedIn: Jo Roe"),
            _reminder(mail, Purpose.CHECK_IN, now + timedelta(days=90), "Check in"),
        )
        return Plan(raw.origin, Reason.PLANNED, mail.identity, mail.envelope, verdict, "en", rejection, actions)


def _reminder(mail: Mail, purpose: Purpose, due: datetime, summary: str) -> AddReminder:
    key = _key(mail.identity, purpose)
    octets = _draft(key, mail.envelope.message_id)
    return AddReminder(key, key, purpose, "drafts", due, due, summary, f"{summary}.", octets)


def message(
    subject: str, number: int = 1, *, author: str = "Jo Roe <jo@acme.example>", in_reply_to: str = "", date: datetime
) -> bytes:
    """A small message; the number makes it another one."""
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = author, "alice@mail.example", subject
    made["Date"], made["Message-ID"] = format_datetime(date), f"<{number}@acme.example>"
    if in_reply_to:
        made["In-Reply-To"] = in_reply_to
    made.set_content(f"This is message {number}.\n")
    return made.as_bytes().replace(b"\n", b"\r\n")


def _key(identity: str, kind: str) -> str:
    return sha256(f"{identity} {kind}".encode()).hexdigest()[:32]


def _draft(key: str, answered: str | None) -> bytes:
    made = EmailMessage()
    made["From"], made["Subject"], made["Message-ID"] = "alice@mail.example", "Re: x", f"<{key}@mail.example>"
    made["X-Draft-Key"], made["In-Reply-To"] = key, answered or ""
    made.set_content("Thank you.\n")
    return made.as_bytes().replace(b"\n", b"\r\n")
