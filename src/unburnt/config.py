"""The configuration: finding it, reading it, and telling every problem in it. Its sections are in `sections`."""

import difflib
import os
import tomllib
from contextlib import suppress
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Annotated, Any, Self, get_args
from zoneinfo import ZoneInfo

import platformdirs
import pydantic
import tzlocal

from unburnt.errors import ConfigurationProblem
from unburnt.sections import (
    SOME,
    AccountSection,
    ClassifierSection,
    LettersSection,
    ProfileSection,
    RemindersSection,
    Section,
    StateSection,
    TrainingSection,
)


class Config(Section):
    """The whole file."""

    profile: ProfileSection
    accounts: Annotated[tuple[AccountSection, ...], SOME]
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

    @pydantic.model_validator(mode="after")
    def _no_secret_for_two(self) -> Self:
        """An account of such a name would send its password to the calendar's server."""
        if both := [each.name for each in self.accounts if each.name in {"caldav", "notify"} & set(self.reminders.to)]:
            raise ValueError(f"{both[0]} is the name of a secret of reminders; it should be another")
        return self

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


def user_zone() -> tzinfo:
    """The user's zone by its name, since it travels to the worker; where the system tells none, its present offset."""
    with suppress(LookupError, ValueError, OSError):
        return ZoneInfo(tzlocal.get_localzone_name() or "")
    return datetime.now().astimezone().tzinfo or UTC


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
    if not loc:  # a check of the whole, which has no place of its own
        return "accounts.name"
    place = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in loc)[1:]
    if loc[0] == "accounts" and len(loc) > 1:
        row = given["accounts"][loc[1]]
        if isinstance(row, dict) and isinstance(name := row.get("name"), str):
            place = place.replace("]", f"] ({name})", 1)
    return " ".join(place.split())


def _known(loc: tuple[Any, ...]) -> list[str]:
    """The settings that exist beside the unknown one."""
    section: Any = Config
    for step in loc[:-1]:
        if not isinstance(step, int):
            kind = section.model_fields[step].annotation
            section = (get_args(kind) or (kind,))[0]
    return [field.alias or name for name, field in section.model_fields.items()]
