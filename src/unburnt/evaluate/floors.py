"""Figures against floors: what has fallen below, in the layout of classifier_data/quality.toml."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from unburnt.errors import Exit, UnburntError, UsageProblem
from unburnt.evaluate.course import KindFigures
from unburnt.evaluate.extraction import Row
from unburnt.evaluate.figures import Figures, Group


class FloorFallen(UnburntError):
    """A figure is worse than its floor allows."""

    exit_code = Exit.FLOOR


class _AtThreshold(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)
    precision: float | None = Field(None, ge=0, le=1)
    recall: float | None = Field(None, ge=0, le=1)


class _Extraction(BaseModel):
    """Shares, and the most letters that may go astray."""

    model_config = ConfigDict(extra="forbid", strict=True)
    company_answered: float | None = Field(None, ge=0, le=1)
    company_right_when_answered: float | None = Field(None, ge=0, le=1)
    company_right_of_all: float | None = Field(None, ge=0, le=1)
    role_right_of_all: float | None = Field(None, ge=0, le=1)
    contact_right_of_all: float | None = Field(None, ge=0, le=1)
    recipient_right_of_all: float | None = Field(None, ge=0, le=1)
    wrong_recipients: int | None = Field(None, ge=0)
    letters_to_machines: int | None = Field(None, ge=0)


class Floors(BaseModel):
    """quality.toml."""

    model_config = ConfigDict(extra="forbid", strict=True)
    slack: float = Field(0.0, ge=0, le=1)
    calibration_error: float | None = Field(None, ge=0, le=1)
    kinds_accuracy: float | None = Field(None, ge=0, le=1)
    average_precision: dict[str, float] = Field(default_factory=dict)
    recall_at_95: dict[str, float] = Field(default_factory=dict)
    at_threshold: _AtThreshold = Field(default_factory=_AtThreshold)
    extraction: _Extraction = Field(default_factory=_Extraction)


@dataclass(frozen=True, slots=True)
class Checked:
    """A floor and its figure; for an error the floor is a ceiling. A floor without a figure doesn't hold."""

    name: str
    floor: float
    figure: float | None
    slack: float
    is_ceiling: bool = False

    @property
    def holds(self) -> bool:
        if self.figure is None:
            return False
        return self.figure <= self.floor + self.slack if self.is_ceiling else self.figure >= self.floor - self.slack


def read(path: Path) -> Floors:
    """UsageProblem names the entry that is wrong."""
    try:
        return Floors.model_validate(tomllib.loads(path.read_text("utf-8")))
    except OSError as error:
        raise UsageProblem(f"{path}: can't be read: {error.strerror}") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise UsageProblem(f"{path}: {place}: {first['msg']}; classifier_data/quality.toml shows the layout") from error
    except ValueError as error:  # no TOML, no UTF-8
        raise UsageProblem(f"{path}: is no TOML: {error}") from error


def check(floors: Floors, figures: Figures, kinds: KindFigures | None = None) -> tuple[Checked, ...]:
    """Every floor, in the file's order."""
    named = {group.name: group for group in (*figures.by_language, figures.not_english) if group} | {"all": figures}
    checked = [
        Checked(f"average precision, {name}", floor, _area(named.get(name)), floors.slack)
        for name, floor in floors.average_precision.items()
    ]
    for name, least in floors.recall_at_95.items():
        reached = found.recall_at_95 if (found := named.get(name)) else None
        checked.append(Checked(f"recall at a precision of 0.95, {name}", least, reached, floors.slack))
    for name, at_threshold, share in (
        ("precision at the threshold", floors.at_threshold.precision, figures.precision),
        ("recall at the threshold", floors.at_threshold.recall, figures.recall),
    ):
        if at_threshold is not None:
            checked.append(Checked(name, at_threshold, share.value, floors.slack))
    if (ceiling := floors.calibration_error) is not None:
        checked.append(Checked("calibration error", ceiling, figures.calibration_error, floors.slack, is_ceiling=True))
    if (floor := floors.kinds_accuracy) is not None:
        checked.append(Checked("accuracy of kinds", floor, kinds.accuracy.value if kinds else None, floors.slack))
    return tuple(checked)


def _area(of: Figures | Group | None) -> float | None:
    return of.average_precision.value if of and of.average_precision else None


def check_extraction(floors: Floors, total: Row) -> tuple[Checked, ...]:
    """Every floor of the table ``extraction``. Letters are counted, so that no slack excuses one."""
    company, recipient = total.company, total.recipient
    shares = {
        "company_answered": company.answered,
        "company_right_when_answered": company.right_when_answered,
        "company_right_of_all": company.right,
        "role_right_of_all": total.role.right,
        "contact_right_of_all": total.contact.right,
        "recipient_right_of_all": recipient.right,
    }
    counts = {"wrong_recipients": recipient.wrong_address, "letters_to_machines": recipient.to_a_machine}
    wanted = floors.extraction.model_dump(exclude_none=True)
    return (
        *(
            Checked(_said(name), wanted[name], share.value, floors.slack)
            for name, share in shares.items()
            if name in wanted
        ),
        *(Checked(_said(name), wanted[name], n, 0, is_ceiling=True) for name, n in counts.items() if name in wanted),
    )


def _said(name: str) -> str:
    return name.replace("_", " ")
