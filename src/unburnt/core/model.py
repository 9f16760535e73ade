"""The values that flow, one type a step: RawMessage → Mail → Verdict → Rejection → Plan(actions)."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from unburnt.core.reason import Reason

Day = date


class Label(StrEnum):
    """The classifier's three answers."""

    REJECTION = "rejection"
    UNSURE = "unsure"
    OTHER = "other"


class Stage(StrEnum):
    """How far the application went before the no."""

    APPLICATION = "application"
    SCREENING = "screening"
    ASSESSMENT = "assessment"
    INTERVIEW = "interview"
    FINAL = "final"


class Kind(StrEnum):
    """What a message is in the course of an application."""

    APPLICATION = "application"  # the user's own
    ACKNOWLEDGEMENT = "acknowledgement"
    STATUS = "status"
    OUTREACH = "outreach"  # a recruiter asks
    ASSESSMENT = "assessment"
    INTERVIEW = "interview"  # invited, confirmed, moved, called off
    OFFER = "offer"
    WITHDRAWAL = "withdrawal"
    REJECTION = "rejection"
    REPLY = "reply"  # the user's own, whatever else they wrote
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Address:
    """A mailbox of RFC 5322 section 3.4: display name ("" when absent) and addr-spec, as written."""

    name: str
    address: str

    @property
    def domain(self) -> str:
        return self.address.rpartition("@")[2].lower()


@dataclass(frozen=True, slots=True)
class Meeting:
    """An event of a calendar file that came with a message (RFC 5545): what times and people it tells."""

    uid: str
    start: datetime | None  # aware
    organizer: Address | None
    attendees: tuple[Address, ...] = ()
    is_cancelled: bool = False


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a message was found. For logs and cursors, never identity."""

    source: str  # "personal/INBOX/17", "mail.mbox#3", a path
    mailbox: str = ""
    uidvalidity: int = 0
    uid: int = 0
    own: bool = False  # found in Sent: the user wrote it, whatever its From says
    names: tuple[str, ...] = ()  # the server's own identities: "gm:<X-GM-MSGID>", "oid:<EMAILID>"


@dataclass(frozen=True, slots=True)
class RawMessage:
    """The octets of a message. ``complete`` is false after a first look that fetched the beginning only."""

    origin: Origin
    octets: bytes
    internal_date: datetime | None = None  # aware
    flags: tuple[str, ...] = ()
    complete: bool = True


@dataclass(frozen=True, slots=True)
class Unfetched:
    """A message that a source listed but could not deliver; it stays pending and is tried again."""

    origin: Origin
    error: str


@dataclass(frozen=True, slots=True)
class Envelope:
    """What a person recognises a message by (RFC 9051 ENVELOPE, less what nobody here reads)."""

    message_id: str | None = None  # with angle brackets
    date: datetime | None = None  # aware
    author: Address | None = None
    subject: str = ""
    in_reply_to: tuple[str, ...] = ()  # In-Reply-To, then References, each with angle brackets


@dataclass(frozen=True, slots=True)
class Mail:
    """A parsed message: decoded, bounded, without surprises."""

    envelope: Envelope
    identity: str  # hex digest shared by all copies, see parse.identity
    text: str  # what the author wrote now, as plain text with \n line ends
    quoted: str  # history below or between it
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    reply_to: tuple[Address, ...] = ()
    sender: Address | None = None
    references: tuple[str, ...] = ()
    delivered_to: tuple[str, ...] = ()
    return_path: str | None = None  # "" is the null path of a bounce
    list_id: str = ""
    list_post: str = ""
    list_unsubscribe: str = ""
    auto_submitted: str = ""
    precedence: str = ""
    mailer: str = ""
    template: str = ""  # X-LinkedIn-Template and its like
    is_html: bool = False
    attachments: tuple[str, ...] = ()  # content types
    flags: tuple[str, ...] = ()
    meetings: tuple[Meeting, ...] = ()
    dmarc: str = ""  # what the receiving provider found ("pass", "fail"); "" when it doesn't say


@dataclass(frozen=True, slots=True)
class Verdict:
    """The classifier's answer; evidence is the terms that weighed most, and their weight (positive: towards rejection)."""

    label: Label
    probability: float
    evidence: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whom the letter is addressed to; address None when nobody is there to read it. ``why`` is for the user."""

    address: str | None
    why: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in an application; what no mail shows is ""."""

    name: str
    address: str = ""
    title: str = ""
    phone: str = ""
    linkedin: str = ""  # address of the profile


@dataclass(frozen=True, slots=True)
class Step:
    """A message of an application as the history keeps it: no text."""

    identity: str
    kind: Kind
    date: datetime | None  # aware
    message_id: str | None
    answers: tuple[str, ...]  # message ids: In-Reply-To and References
    author: Address | None
    is_own: bool = False
    addressees: tuple[Address, ...] = ()  # To and Cc, less the user
    organisations: tuple[str, ...] = ()  # registrable domains of the other side; no mail provider's, no system's
    company: str | None = None
    role: str | None = None
    requisition: str | None = None
    signer: Person | None = None  # the person who wrote, if a person did
    talk: Stage | None = None  # what it invites to, confirms or thanks for
    days: tuple[Day, ...] = ()  # on which it sets or tells of a talk
    meetings: tuple[Meeting, ...] = ()
    calls_off: bool = False
    letter: str | None = None  # key of the letter that was planned for it
    thanks: bool = False  # the user's own thanks for a talk
    voices: tuple[str, ...] = ()  # that speak in that letter


@dataclass(frozen=True, slots=True)
class Process:
    """The application that a rejection ends, as far as the history knows it."""

    applied: tuple[Day, ...] = ()  # every application to this company, the last one is the one that ended
    rounds: int = 0  # talks that took place
    met: tuple[str, ...] = ()  # names of those talked with
    is_answered: bool = False  # the user has written since the rejection
    told_before: Step | None = None  # an earlier message with the same no
    last_talk: Day | None = None
    is_tested: bool = False
    is_thanked: bool = False  # the user has thanked for the talk, before the no
    heard: frozenset[str] = frozenset()  # voices of letters to this company


@dataclass(frozen=True, slots=True)
class Offered:
    """What a rejection says beside the no."""

    keeps: bool = False  # the application, on file
    pool: bool = False  # they keep the user in mind for later
    closed: bool = False  # the position is gone
    again: int | None = None  # months after which they invite a new application
    praise: str = ""  # a strength of the user, in their words
    familiar: bool = False  # they call the user du, tu, ty …
    is_personal: bool = False  # a founder or an acquaintance wrote it, to this one applicant


@dataclass(frozen=True, slots=True)
class Rejection:
    """What a rejection tells. Unknown is None, never a guess."""

    company: str | None
    role: str | None
    contact: Person | None
    recipient: Recipient
    stage: Stage
    language: str  # ISO 639-1
    requisition: str | None = None
    agency: str | None = None  # that told it, where that isn't the company
    process: Process = Process()
    offered: Offered = Offered()


class Purpose(StrEnum):
    """What a reminder is for."""

    CONNECT = "connect"
    CHECK_IN = "check_in"
    STAY_IN_TOUCH = "stay_in_touch"
    STAY_IN_TOUCH_AGAIN = "stay_in_touch_again"


@dataclass(frozen=True, slots=True)
class SaveDraft:
    """Save a letter in Drafts. ``text`` is the letter without the quoted original."""

    key: str
    at: datetime
    octets: bytes
    text: str
    sink: str = "drafts"
    reminder: str | None = None  # key of the reminder that it comes with; None for the letter of thanks
    voices: tuple[str, ...] = ()  # that speak in it


@dataclass(frozen=True, slots=True)
class AddReminder:
    """Put a reminder into a sink: ``octets`` is its form there, a note to oneself, a calendar, a line of a list."""

    key: str
    reminder: str  # the key of the reminder, whatever sinks hold it
    purpose: Purpose
    sink: str
    at: datetime  # when it is put there
    due: datetime  # the day that it is for
    summary: str
    text: str
    octets: bytes


Action = SaveDraft | AddReminder


@dataclass(frozen=True, slots=True)
class Plan:
    """The whole decision on one message."""

    origin: Origin
    reason: Reason
    identity: str
    envelope: Envelope = Envelope()
    verdict: Verdict | None = None
    language: str | None = None
    rejection: Rejection | None = None
    actions: tuple[Action, ...] = ()
    error: str | None = None
    step: Step | None = None  # what the history keeps of it
    replaces: str | None = None  # key of the letter to an earlier message with the same no


@dataclass(frozen=True, slots=True)
class Profile:
    """The user, as the letters need them."""

    name: str = ""
    signature: str = ""
    strengths: str = ""  # in whatever language
    strengths_in: tuple[tuple[str, str], ...] = ()  # ISO 639-1 code and the sentence in that language
    linkedin: str = ""
