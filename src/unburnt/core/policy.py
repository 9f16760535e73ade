"""What the user wants done, as values."""

from dataclasses import dataclass
from datetime import UTC, timedelta, tzinfo
from typing import Literal

from unburnt.core.model import Rejection, Stage
from unburnt.core.names import agree

_STAGES = tuple(Stage)


@dataclass(frozen=True, slots=True)
class Policy:
    """The user's settings, as far as they decide what is written and when."""

    address: str = ""  # the account's own; "" when there is no account
    addresses: tuple[str, ...] = ()  # all of this account's
    other_addresses: tuple[str, ...] = ()  # those of the other configured accounts
    language: str = "auto"
    tone: str = "warm"  # one of letter.TONES
    quote: bool = True  # the rejection below the letter
    feedback: Literal["never", "after_interview", "always"] = "after_interview"
    without_recipient: Literal["save", "skip"] = "save"
    cool_off: timedelta = timedelta()
    max_age: timedelta = timedelta(days=60)
    min_stage: Stage = Stage.APPLICATION
    quiet_companies: tuple[str, ...] = ()  # names, or domains
    connect_after: timedelta = timedelta()
    check_in_after: timedelta = timedelta(days=90)
    stay_in_touch: timedelta | None = None  # after the check-in, and once more after that
    reminder_sinks: tuple[str, ...] = ("drafts",)
    zone: tzinfo = UTC  # the user's, for days that they read

    def is_quiet(self, rejection: Rejection, domains: frozenset[str]) -> bool:
        """Whether the user wants nothing to do with this company any more."""
        company = rejection.company
        return any(
            each.lower() in domains or (company is not None and agree(each, company)) for each in self.quiet_companies
        )

    def is_early(self, stage: Stage) -> bool:
        """Whether the process ended before the stage from which on letters are wanted."""
        return _STAGES.index(stage) < _STAGES.index(self.min_stage)
