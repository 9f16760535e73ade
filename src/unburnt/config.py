"""The configuration, declared once: names, meaning, defaults and checks. Reading it is the only thing done here."""

import difflib
import ipaddress
import os
import re
import tomllib
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo

import platformdirs
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, ValidationError, model_validator

from unburnt.errors import ConfigurationProblem

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def duration(text: object) -> timedelta:
    """``"90d"``, ``"2m"``, ``"36h"``, ``"1w 2d"`` or ``"0"`` as a timedelta; ValueError says what is accepted."""
    if isinstance(text, timedelta):
        return text
    words = str(text).split()
    found = [re.fullmatch(r"(\d{1,5})([smhdw])", word) for word in words]
    if words == ["0"]:
        return timedelta()
    if not words or not all(found):
        raise ValueError("a time span is a number and s, m, h, d or w, such as \"2m\" or \"90d\"")
    return sum((timedelta(**{_UNITS[m[2]]: int(m[1])}) for m in found if m), timedelta())


def spoken(span: timedelta) -> str:
    """The inverse of duration(), in its largest fitting unit."""
    seconds = int(span.total_seconds())
    for unit, size in (("d", 86400), ("h", 3600), ("m", 60)):
        if seconds and seconds % size == 0:
            return f"{seconds // size}{unit}"
    return f"{seconds}s" if seconds else "0"


Duration = Annotated[timedelta, BeforeValidator(duration), PlainSerializer(spoken)]
_SHORT = Field(ge=timedelta(seconds=1))

PROVIDERS: dict[str, tuple[str, int, Literal["tls", "starttls", "none"]]] = {
    "gmail": ("imap.gmail.com", 993, "tls"),
    "icloud": ("imap.mail.me.com", 993, "tls"),
    "yahoo": ("imap.mail.yahoo.com", 993, "tls"),
    "aol": ("imap.aol.com", 993, "tls"),
    "fastmail": ("imap.fastmail.com", 993, "tls"),
    "gmx": ("imap.gmx.net", 993, "tls"),
    "web.de": ("imap.web.de", 993, "tls"),
    "posteo": ("posteo.de", 993, "tls"),
    "mailbox.org": ("imap.mailbox.org", 993, "tls"),
}


def is_loopback(host: str) -> bool:
    """Whether a host is this machine by its name or address, without asking a resolver."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost"


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True, hide_input_in_errors=True)


class ProfileSection(_Section):
    """``[profile]``: you, as the letters need you."""

    name: str = Field(min_length=1, description="Your name, as you sign.")
    signature: str = Field("", description="What stands under your letters; default: the name.")
    strengths: str = Field("", description="One sentence on what you bring, for the letters.")
    linkedin: str = Field("", description="The address of your LinkedIn profile.")


_Mailbox = Annotated[str, Field(min_length=1, pattern=r"^[^\x00\r\n]+$")]
_AddrSpec = Annotated[str, Field(pattern=r"^[^@\s<>,;]+@[^@\s<>,;]+$")]


class AccountSection(_Section):
    """``[[accounts]]``: a mailbox server to watch, and how to reach it."""

    name: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$", description="The key for secrets, state and logs.")
    address: _AddrSpec = Field(description="Your address there.")
    aliases: tuple[_AddrSpec, ...] = Field((), description="Further addresses of yours that arrive there.")
    provider: str | None = Field(None, description=f"Instead of host: {', '.join(PROVIDERS)}.")
    host: str = Field("", pattern=r"^[^\s/@]*$", description="The IMAP server.")
    port: int = Field(0, ge=0, le=65535, description="Default: 993 with tls, else 143.")
    security: Literal["tls", "starttls", "none"] = Field("tls", description="\"none\" only on this machine itself.")
    ca_file: Path | None = Field(None, description="Certificates to trust instead of the system's.")
    username: str = Field("", description="Default: the address.")
    password_command: str = Field("", description="Prints the password; run without a shell.")
    mailboxes: tuple[_Mailbox, ...] = Field(("INBOX",), min_length=1, description="What is watched.")
    drafts: str = Field("", pattern=r"^[^\x00\r\n]*$", description="Default: the mailbox with special use \\Drafts.")
    poll: Annotated[Duration, _SHORT] = Field(timedelta(minutes=2), description="How often to look, IDLE or not.")
    first_run: Duration = Field(timedelta(days=14), description="On the first run act only on mail this recent.")
    connections_per_hour: int | None = Field(None, ge=1, description="Default 60; this machine itself is exempt.")

    @model_validator(mode="before")
    @classmethod
    def _from_provider(cls, given: Any) -> Any:
        if not isinstance(given, dict):
            return given
        provider = given.get("provider")
        if provider is None and not given.get("host"):
            raise ValueError("needs host or provider")
        if provider is not None and given.get("host"):
            raise ValueError("has both host and provider; give one of them")
        if provider is None:
            return given
        if provider not in PROVIDERS:
            raise ValueError(f"provider {provider!r} is not known; known are {', '.join(PROVIDERS)}. Else give host.")
        host, port, security = PROVIDERS[provider]
        return {"port": port, "security": security, **given, "host": host}

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.security == "none" and not is_loopback(self.host):
            raise ValueError(f"security = \"none\" would send the password in clear to {self.host}; use \"tls\" or \"starttls\"")
        object.__setattr__(self, "port", self.port or (993 if self.security == "tls" else 143))
        object.__setattr__(self, "username", self.username or self.address)
        return self

    @property
    def addresses(self) -> tuple[str, ...]:
        return (self.address, *self.aliases)

    @property
    def connection_cap(self) -> int | None:
        """Connections an hour, None for no cap."""
        if self.connections_per_hour is None:
            return None if is_loopback(self.host) else 60
        return self.connections_per_hour


class ClassifierSection(_Section):
    """``[classifier]``: how sure is sure enough."""

    threshold: float | None = Field(None, gt=0, lt=1, description="Default: from the model's own calibration.")
    unsure: float | None = Field(None, gt=0, lt=1, description="From here to the threshold the answer is \"unsure\".")

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.threshold is not None and self.unsure is not None and self.unsure > self.threshold:
            raise ValueError("unsure must not be above threshold")
        return self


class LettersSection(_Section):
    """``[letters]``: what is written, and when."""

    language: str = Field("auto", pattern=r"^(auto|[a-z]{2})$", description="\"auto\": the rejection's own language.")
    feedback: Literal["never", "after_interview", "always"] = Field("after_interview", description="When to ask for it.")
    cool_off: Duration = Field(timedelta(), description="How long after the rejection the draft appears.")
    max_age: Duration = Field(timedelta(days=60), description="Older rejections get a reminder only.")
    daily_limit: int = Field(20, ge=1, description="Letters in 24 hours; more are held and shown.")
    without_recipient: Literal["save", "skip"] = Field("save", description="A letter that nobody would read.")


class RemindersSection(_Section):
    """``[reminders]``: where they go, and when."""

    to: tuple[Literal["drafts"], ...] = Field(("drafts",), description="The sinks.")
    connect_after: Duration = Field(timedelta(), description="When to remind of LinkedIn.")
    check_in_after: Duration = Field(timedelta(days=90), description="When to remind to check back.")


class StateSection(_Section):
    """``[state]``: where the journal lies."""

    directory: Path | None = Field(None, description="Default: $STATE_DIRECTORY, else $XDG_STATE_HOME/unburnt.")


class Config(_Section):
    """The whole file."""

    profile: ProfileSection
    accounts: tuple[AccountSection, ...] = Field(min_length=1)
    classifier: ClassifierSection = ClassifierSection()
    letters: LettersSection = LettersSection()
    reminders: RemindersSection = RemindersSection()
    state: StateSection = StateSection()

    @model_validator(mode="after")
    def _distinct(self) -> Self:
        names = [account.name for account in self.accounts]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"two accounts are named {', '.join(twice)}")
        return self

    def account(self, name: str) -> AccountSection | None:
        return next((account for account in self.accounts if account.name == name), None)

    @property
    def state_directory(self) -> Path:
        return (self.state.directory or default_state_directory()).expanduser()


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
        raise ConfigurationProblem(f"{path}: is not TOML: {error}") from error
    try:
        return Config.model_validate(given)
    except ValidationError as error:
        lines = [_line(problem, given) for problem in error.errors(include_url=False, include_context=False)]
        raise ConfigurationProblem("\n".join(f"{path}: {line}" for line in lines)) from None


def _line(problem: Any, given: dict[str, Any]) -> str:
    where = _where(problem["loc"], given)
    if problem["type"] == "extra_forbidden":
        known = _known(problem["loc"])
        near = difflib.get_close_matches(str(problem["loc"][-1]), known, 1, 0.5)
        hint = f"did you mean {near[0]!r}?" if near else f"known here: {', '.join(known)}"
        return f"{where}: there is no such setting; {hint}"
    if problem["type"] == "missing":
        return f"{where}: is required"
    return f"{where or 'accounts'}: {problem['msg'].removeprefix('Value error, ')}"


def _where(loc: tuple[Any, ...], given: dict[str, Any]) -> str:
    """``accounts[0] (personal).poll``: the place as a reader of the file would call it."""
    words: list[str] = []
    for step in loc:
        if isinstance(step, int) and words:
            rows = given.get(words[-1])
            row = rows[step] if isinstance(rows, list) and step < len(rows) else None
            name = row.get("name") if isinstance(row, dict) else None
            words[-1] += f"[{step}]" + (f" ({name})" if isinstance(name, str) else "")
        else:
            words.append(str(step))
    return ".".join(words)


def _known(loc: tuple[Any, ...]) -> list[str]:
    """The settings that exist beside the unknown one."""
    section: Any = Config
    for step in loc[:-1]:
        if isinstance(step, str):
            section = _SECTIONS.get(step, section)
    return list(section.model_fields)


_SECTIONS: dict[str, type[_Section]] = {
    "profile": ProfileSection,
    "accounts": AccountSection,
    "classifier": ClassifierSection,
    "letters": LettersSection,
    "reminders": RemindersSection,
    "state": StateSection,
}
