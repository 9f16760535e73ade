"""The sections of the configuration: names, meaning, defaults and checks, each declared once."""

import ipaddress
import os
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

import pydantic
from pydantic import AfterValidator, ConfigDict, Field, ValidationInfo

from unburnt.core.model import Stage
from unburnt.durations import Duration, duration, spoken
from unburnt.providers import PROVIDERS


def _is(test: Callable[[Any], object] | str, wanted: str) -> AfterValidator:
    """Refuse what fails a test or a pattern. The error says what would be right, never what it found."""

    def check(value: Any) -> Any:
        if not (re.fullmatch(test, value) if isinstance(test, str) else test(value)):
            raise ValueError(wanted)
        return value

    return AfterValidator(check)


_Poll = Annotated[Duration, _is(bool, "should be at least 1s")]
SOME = _is(bool, "should not be empty")
_ONE_LINE = _is(r"[^\x00-\x1f\x7f\x85\u2028\u2029]*", "should be one line of text")
_NOT_THE_INBOX = r"(?i:(?!inbox$).*)"
_Line = Annotated[str, _ONE_LINE]
_Mailbox = Annotated[str, pydantic.StringConstraints(strip_whitespace=False), _ONE_LINE]
_TrainingMailbox = Annotated[_Mailbox, SOME, _is(_NOT_THE_INBOX, "should be a mailbox of its own, not the inbox")]
_Mailboxes = Annotated[tuple[Annotated[_Mailbox, SOME], ...], SOME]
_Name = Annotated[str, _is("[A-Za-z0-9][A-Za-z0-9._-]{0,63}", "should be of letters, digits, '.', '_' and '-'")]
_AddrSpec = Annotated[_Line, _is(r"[^@\s<>,;]+@[^@\s<>,;]+", "should be an address, such as sam@example.org")]
_HOST = r"[^\s/@:]*|[0-9A-Fa-f]*:[0-9A-Fa-f]*:[0-9A-Fa-f:.]*"  # a colon is for IPv6 addresses
_Host = Annotated[_Line, _is(_HOST, "should be the name or address of a server only")]
_Provider = Annotated[str, _is(PROVIDERS.__contains__, f"should be one of {', '.join(PROVIDERS)}; else give host")]
_Language = Annotated[str, _is("auto|[a-z]{2}", 'should be "auto" or two letters, such as "en"')]
_Code = Annotated[str, _is("[a-z]{2}", 'should be two letters, such as "en"')]
_Path = Annotated[Path, AfterValidator(lambda path: Path(os.path.expanduser(path)))]  # noqa: PTH111  # never raises


def is_loopback(host: str) -> bool:
    """Whether a host is this machine by its name or address, without asking a resolver."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def _is_private(url: str) -> bool:
    """Whether it is https, or http within this machine; and holds no password, which would be logged and shown."""
    try:
        parts = urlsplit(url)
        host, scheme, user = parts.hostname or "", parts.scheme, parts.username
    except ValueError:
        return False
    return bool(host) and user is None and (scheme == "https" or (scheme == "http" and is_loopback(host)))


def _seldom_or_never(given: object) -> timedelta | None:
    """None is never; more often than each month would be a pest."""
    if given is None or given == "never":
        return None
    if (span := duration(given)) < timedelta(days=30):
        raise ValueError('should be "never" or at least 30d')
    return span


_WITHIN = "should be https://… (http:// only on this machine itself), without a user name or password in it"
_CaldavUrl = Annotated[_Line, _is(lambda url: not url or _is_private(url), _WITHIN)]
_Home = Annotated[_Line, AfterValidator(os.path.expanduser)]
_SeldomOrNever = Annotated[
    timedelta | None,
    pydantic.BeforeValidator(_seldom_or_never),
    pydantic.PlainSerializer(lambda span: "never" if span is None else spoken(span)),
]


class Section(pydantic.BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True, hide_input_in_errors=True)


class ProfileSection(Section):
    """``[profile]``: you, as the letters need you."""

    name: Annotated[_Line, SOME] = Field(description="Your name, as you sign.")
    signature: str = Field("", description="What stands under your letters; default: the name.")
    strengths: Annotated[str, Field(max_length=200)] | dict[_Code, Annotated[str, Field(max_length=200)]] = Field(
        "", description='One sentence on what you bring; or one for each language: { en = "…", de = "…" }.'
    )
    linkedin: _Line = Field("", description="The address of your LinkedIn profile.")


class AccountSection(Section):
    """``[[accounts]]``: a mailbox server to watch, and how to reach it."""

    name: _Name = Field(description="The key for secrets, state and logs.")
    address: _AddrSpec = Field(description="Your address there.")
    aliases: tuple[_AddrSpec, ...] = Field((), description="Further addresses of yours that arrive there.")
    provider: _Provider | None = Field(None, description=f"Instead of host: {', '.join(PROVIDERS)}.")
    host: _Host = Field("", validate_default=True, description="The IMAP server.")
    port: int = Field(0, ge=0, le=65535, description="Default: 993 with tls, else 143.")
    security: Literal["tls", "starttls", "none"] = Field("tls", description='"none" only on this machine itself.')
    ca_file: _Path | None = Field(None, description="Certificates to trust instead of the system's.")
    username: _Line = Field("", description="Default: the address.")
    password_command: str = Field("", description="Prints the password; run without a shell.")
    mailboxes: _Mailboxes = Field(("INBOX",), description="What is watched.")
    drafts: _Mailbox = Field("", description="Default: the mailbox with special use \\Drafts.")
    poll: _Poll = Field(timedelta(minutes=2), description="How often to look, IDLE or not.")
    first_run: Duration = Field(timedelta(days=14), description="On the first run act only on mail this recent.")
    history_mailboxes: tuple[Annotated[_Mailbox, SOME], ...] = Field(
        (),
        description="Read to understand a rejection, beside what is watched; default: Sent, and All Mail or Archive.",
    )
    history: Duration = Field(timedelta(days=540), description="How far back they are read on the first run.")
    connections_per_hour: int | None = Field(None, ge=1, description="Default 60; this machine itself is exempt.")

    @pydantic.field_validator("host")
    @classmethod
    def _of_provider(cls, host: str, before: ValidationInfo) -> str:
        provider = before.data.get("provider")
        if provider and host:
            raise ValueError("should not be given beside provider; give one of them")
        if not provider and not host and "provider" in before.data:
            raise ValueError(f"is required, or else provider: {', '.join(PROVIDERS)}")
        return PROVIDERS[provider] if provider else host

    @pydantic.field_validator("security")
    @classmethod
    def _never_in_clear(cls, security: str, before: ValidationInfo) -> str:
        if security == "none" and not is_loopback(before.data.get("host", "localhost")):
            raise ValueError('should be "tls" or "starttls"; "none" would send the password in clear over the network')
        return security

    @pydantic.model_validator(mode="after")
    def _complete(self) -> Self:
        object.__setattr__(self, "port", self.port or (993 if self.security == "tls" else 143))
        object.__setattr__(self, "username", self.username or self.address)
        return self

    @property
    def addresses(self) -> tuple[str, ...]:
        return (self.address, *self.aliases)

    @property
    def connection_cap(self) -> int | None:
        """Connections an hour, None for no cap."""
        return self.connections_per_hour or (None if is_loopback(self.host) else 60)


class ClassifierSection(Section):
    """``[classifier]``: how sure is sure enough."""

    threshold: float | None = Field(None, gt=0, lt=1, description="Default: from the model's own calibration.")
    unsure: float | None = Field(None, gt=0, lt=1, description="Between it and threshold it may be one.")

    @pydantic.field_validator("unsure")
    @classmethod
    def _ordered(cls, unsure: float | None, before: ValidationInfo) -> float | None:
        threshold = before.data.get("threshold")
        if unsure is not None and threshold is not None and unsure > threshold:
            raise ValueError("should not be above threshold")
        return unsure


class LettersSection(Section):
    """``[letters]``: what is written, and when."""

    language: _Language = Field("auto", description="auto: the language of the rejection.")
    tone: Literal["warm", "plain", "formal"] = Field("warm", description="How they speak.")
    quote: bool = Field(default=True, description="Quote the rejection below, as mail clients do.")
    feedback: Literal["never", "after_interview", "always"] = Field("after_interview", description="When to ask.")
    cool_off: Duration = Field(timedelta(), description="How long after the rejection the draft appears.")
    max_age: Duration = Field(timedelta(days=60), description="Older rejections get a reminder only.")
    min_stage: Stage = Field(Stage.APPLICATION, description="Processes that ended earlier get a reminder only.")
    quiet_companies: tuple[Annotated[_Line, SOME], ...] = Field(
        (), description="Companies, by name or domain, that get nothing."
    )
    daily_limit: int = Field(20, ge=1, description="Letters in 24 hours; more are held and shown.")
    without_recipient: Literal["save", "skip"] = Field("save", description="A letter that nobody would read.")


class CaldavSection(Section):
    """``[reminders.caldav]``: a calendar server."""

    url: _CaldavUrl = Field("", description="A calendar, or where the calendars are.")
    username: _Line = Field("", description="Who logs in.")
    password_command: str = Field("", description="Prints the password; run without a shell.")


class NotifySection(Section):
    """``[reminders.notify]``: apprise."""

    command: str = Field("", description="Prints apprise's addresses, one a line; run without a shell.")


class RemindersSection(Section):
    """``[reminders]``: where they go, and when."""

    to: tuple[Literal["drafts", "inbox", "ics", "caldav", "todo.txt", "notify"], ...] = Field(
        ("drafts",), description="The sinks."
    )
    connect_after: Duration = Field(timedelta(), description="When to remind of LinkedIn.")
    check_in_after: Duration = Field(timedelta(days=90), description="When to remind to check back.")
    stay_in_touch: _SeldomOrNever = Field(None, description="How often to remind to stay in touch after that.")
    ics: _Home = Field("", validate_default=True, description="A folder for calendar files, or one file.")
    todo_txt: _Path | None = Field(None, validate_default=True, description="The file of your tasks.")
    caldav: CaldavSection = Field(CaldavSection(), validate_default=True)
    notify: NotifySection = NotifySection()

    @pydantic.field_validator("to")
    @classmethod
    def _once(cls, to: tuple[str, ...]) -> tuple[str, ...]:
        if len(set(to)) < len(to):
            raise ValueError("should name each place once")
        return to

    @pydantic.field_validator("ics", "todo_txt", "caldav")
    @classmethod
    def _given(cls, value: Any, about: ValidationInfo) -> Any:
        """What a place of ``to`` needs."""
        sink = str(about.field_name).replace("_", ".")
        if sink in about.data.get("to", ()) and not (value.url if isinstance(value, CaldavSection) else value):
            raise ValueError(f'{"url " * (sink == "caldav")}is required for "{sink}" in reminders.to')
        return value


class TrainingSection(Section):
    """``[training]``: the mailboxes in which you teach the classifier."""

    rejection: _TrainingMailbox = Field("Unburnt/Rejection", description="What you put there is a rejection.")
    other: _TrainingMailbox = Field("Unburnt/Not a rejection", description="What you put there is none.")
    create: bool = Field(default=False, description="Make them where they are missing.")
    give_back: bool = Field(
        default=False, alias="return", description="Move what was learned back to where it came from."
    )

    @pydantic.field_validator("other")
    @classmethod
    def _two(cls, other: str, before: ValidationInfo) -> str:
        if other == before.data.get("rejection"):
            raise ValueError("should not be the mailbox for rejections too")
        return other


class StateSection(Section):
    """``[state]``: where the journal lies."""

    directory: _Path | None = Field(None, description="Default: $STATE_DIRECTORY, else $XDG_STATE_HOME/unburnt.")
