"""The configuration, declared once: names, meaning, defaults and checks. Reading it is the only thing done here."""

import difflib
import ipaddress
import os
import re
import tomllib
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Literal, Self, get_args
from zoneinfo import ZoneInfo

import platformdirs
import pydantic
from pydantic import AfterValidator, ConfigDict, Field, ValidationInfo

from unburnt.durations import Duration
from unburnt.errors import ConfigurationProblem
from unburnt.providers import PROVIDERS


def _is(test: Callable[[Any], object] | str, wanted: str) -> AfterValidator:
    """Refuse what fails a test or a pattern. The error says what would be right, never what it found."""

    def check(value: Any) -> Any:
        if not (re.fullmatch(test, value) if isinstance(test, str) else test(value)):
            raise ValueError(wanted)
        return value

    return AfterValidator(check)


_Poll = Annotated[Duration, _is(bool, "should be at least 1s")]
_SOME = _is(bool, "should not be empty")
_ONE_LINE = _is(r"[^\x00-\x1f\x7f\x85\u2028\u2029]*", "should be one line of text")
_NOT_THE_INBOX = r"(?i:(?!inbox$).*)"
_Line = Annotated[str, _ONE_LINE]
_Mailbox = Annotated[str, pydantic.StringConstraints(strip_whitespace=False), _ONE_LINE]
_TrainingMailbox = Annotated[_Mailbox, _SOME, _is(_NOT_THE_INBOX, "should be a mailbox of its own, not the inbox")]
_Mailboxes = Annotated[tuple[Annotated[_Mailbox, _SOME], ...], _SOME]
_Name = Annotated[str, _is("[A-Za-z0-9][A-Za-z0-9._-]{0,63}", "should be of letters, digits, '.', '_' and '-'")]
_AddrSpec = Annotated[_Line, _is(r"[^@\s<>,;]+@[^@\s<>,;]+", "should be an address, such as sam@example.org")]
_HOST = r"[^\s/@:]*|[0-9A-Fa-f]*:[0-9A-Fa-f]*:[0-9A-Fa-f:.]*"  # a colon is for IPv6 addresses
_Host = Annotated[_Line, _is(_HOST, "should be the name or address of a server only")]
_Provider = Annotated[str, _is(PROVIDERS.__contains__, f"should be one of {', '.join(PROVIDERS)}; else give host")]
_Language = Annotated[str, _is("auto|[a-z]{2}", 'should be "auto" or two letters, such as "en"')]
_Path = Annotated[Path, AfterValidator(lambda path: Path(os.path.expanduser(path)))]  # noqa: PTH111  # never raises


def is_loopback(host: str) -> bool:
    """Whether a host is this machine by its name or address, without asking a resolver."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost"


class _Section(pydantic.BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True, hide_input_in_errors=True)


class ProfileSection(_Section):
    """``[profile]``: you, as the letters need you."""

    name: Annotated[_Line, _SOME] = Field(description="Your name, as you sign.")
    signature: str = Field("", description="What stands under your letters; default: the name.")
    strengths: str = Field("", max_length=160, description="One sentence on what you bring, for the letters.")
    linkedin: _Line = Field("", description="The address of your LinkedIn profile.")


class AccountSection(_Section):
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
    history_mailboxes: tuple[Annotated[_Mailbox, _SOME], ...] = Field(
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


class ClassifierSection(_Section):
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


class LettersSection(_Section):
    """``[letters]``: what is written, and when."""

    language: _Language = Field("auto", description="auto: the language of the rejection.")
    feedback: Literal["never", "after_interview", "always"] = Field("after_interview", description="When to ask.")
    cool_off: Duration = Field(timedelta(), description="How long after the rejection the draft appears.")
    max_age: Duration = Field(timedelta(days=60), description="Older rejections get a reminder only.")
    daily_limit: int = Field(20, ge=1, description="Letters in 24 hours; more are held and shown.")
    without_recipient: Literal["save", "skip"] = Field("save", description="A letter that nobody would read.")


class RemindersSection(_Section):
    """``[reminders]``: where they go, and when."""

    to: tuple[Literal["drafts"], ...] = Field(("drafts",), description="The sinks.")
    connect_after: Duration = Field(timedelta(), description="When to remind of LinkedIn.")
    check_in_after: Duration = Field(timedelta(days=90), description="When to remind to check back.")


class TrainingSection(_Section):
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


class StateSection(_Section):
    """``[state]``: where the journal lies."""

    directory: _Path | None = Field(None, description="Default: $STATE_DIRECTORY, else $XDG_STATE_HOME/unburnt.")


class Config(_Section):
    """The whole file."""

    profile: ProfileSection
    accounts: Annotated[tuple[AccountSection, ...], _SOME]
    classifier: ClassifierSection = ClassifierSection()
    letters: LettersSection = LettersSection()
    reminders: RemindersSection = RemindersSection()
    training: TrainingSection = TrainingSection()
    state: StateSection = StateSection()
    _source: Path | None = pydantic.PrivateAttr(default=None)

    @pydantic.field_validator("accounts")
    @classmethod
    def _distinct(cls, accounts: tuple[AccountSection, ...]) -> tuple[AccountSection, ...]:
        names = [account.name for account in accounts]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"should each have a name of its own; there is more than one {', '.join(twice)}")
        return accounts

    def account(self, name: str) -> AccountSection | None:
        return next((account for account in self.accounts if account.name == name), None)

    @property
    def source(self) -> Path | None:
        """The file it was read from, for processes that need it too."""
        return self._source

    @property
    def state_directory(self) -> Path:
        return self.state.directory or default_state_directory()


def default_state_directory() -> Path:
    """systemd's StateDirectory= where there is one (a colon separates several), else the XDG state home."""
    given = os.environ.get("STATE_DIRECTORY", "").split(":")[0]
    return Path(given) if given else platformdirs.user_state_path("unburnt")


def user_zone() -> ZoneInfo | None:
    """The zone dates are shown in; None is the system's own."""
    name = os.environ.get("TZ", "").lstrip(":")
    try:
        return ZoneInfo(name) if name else None
    except (ValueError, OSError):
        return None


def candidates() -> tuple[Path, ...]:
    """Where a configuration is looked for, first match wins."""
    return (platformdirs.user_config_path("unburnt") / "config.toml", Path("/etc/unburnt/config.toml"))


def find() -> Path | None:
    """The configuration in force when none is named."""
    return next((path for path in candidates() if path.is_file()), None)


def load(path: Path) -> Config:
    """Read and check a configuration; every problem is told at once, with the place and what would be right."""
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigurationProblem(f"{path}: can't be read: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigurationProblem(f"{path}: is not TOML: {error}") from None  # its repr may hold the whole text
    try:
        config = Config.model_validate(given)
    except pydantic.ValidationError as error:
        lines = [_line(problem, given) for problem in error.errors(include_url=False, include_context=False)]
        raise ConfigurationProblem("\n".join(f"{path}: {line}" for line in lines)) from None
    config._source = path  # noqa: SLF001  # ours
    return config


def _line(problem: Any, given: dict[str, Any]) -> str:
    where = _where(problem["loc"], given)
    if problem["type"] == "extra_forbidden":
        known = _known(problem["loc"])
        near = difflib.get_close_matches(str(problem["loc"][-1]), known, 1, 0.5)
        hint = f"did you mean {near[0]!r}?" if near else f"known here: {', '.join(known)}"
        return f"{where}: there is no such setting; {hint}"
    wanted = _WANTED.get(problem["type"], problem["msg"].removeprefix("Value error, ").removeprefix("Input "))
    return f"{where}: {wanted}"


_WANTED = {
    "missing": "is required",
    "tuple_type": 'should be a list: [[accounts]], or ["…"]',
    "model_type": "should be a table",
    "path_type": "should be a path, in quotes",
}


def _where(loc: tuple[Any, ...], given: dict[str, Any]) -> str:
    """``accounts[0] (personal).poll``: the place as a reader of the file would call it, on one line."""
    place = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in loc)[1:]
    if loc[0] == "accounts" and len(loc) > 1:
        row = given["accounts"][loc[1]]
        if isinstance(row, dict) and isinstance(name := row.get("name"), str):
            place = place.replace("]", f"] ({name})", 1)
    return " ".join(place.split())


def _known(loc: tuple[Any, ...]) -> list[str]:
    """The settings that exist beside the unknown one."""
    section: Any = Config.model_fields[loc[0]].annotation if len(loc) > 1 else Config
    fields = (get_args(section) or (section,))[0].model_fields
    return [field.alias or name for name, field in fields.items()]
