"""The values that flow, one type a step: RawMessage → Mail → Verdict → Rejection → Plan(actions)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from unburnt.core.reason import Reason


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


@dataclass(frozen=True, slots=True)
class Address:
    """A mailbox of RFC 5322 section 3.4: display name ("" when absent) and addr-spec, as written."""

    name: str
    address: str

    @property
    def domain(self) -> str:
        return self.address.rpartition("@")[2].lower()


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
class Rejection:
    """What a rejection tells. Unknown is None, never a guess."""

    company: str | None
    role: str | None
    contact: Address | None
    recipient: Recipient
    stage: Stage
    language: str  # ISO 639-1


@dataclass(frozen=True, slots=True)
class SaveDraft:
    """Save the letter in Drafts. ``text`` is the letter without the quoted original."""

    key: str
    due: datetime
    octets: bytes
    text: str
    sink: str = "drafts"


class Purpose(StrEnum):
    """What a reminder is for."""

    CONNECT = "connect"
    CHECK_IN = "check_in"


@dataclass(frozen=True, slots=True)
class AddReminder:
    """Remind the user; ``octets`` is the reminder as a note to oneself, for sinks that keep messages."""

    key: str
    due: datetime
    purpose: Purpose
    summary: str
    text: str
    octets: bytes
    sink: str = "drafts"


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


@dataclass(frozen=True, slots=True)
class Profile:
    """The user, as the letters need them."""

    name: str = ""
    signature: str = ""
    strengths: str = ""
    linkedin: str = ""
