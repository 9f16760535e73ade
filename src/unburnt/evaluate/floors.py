"""Figures against floors: what has fallen below, in the layout of classifier_data/quality.toml."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from unburnt.errors import Exit, UnburntError, UsageProblem
from unburnt.evaluate.figures import Figures


class FloorFallen(UnburntError):
    """A figure is worse than its floor allows."""

    exit_code = Exit.FLOOR


class _AtThreshold(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)
    precision: float | None = Field(None, ge=0, le=1)
    recall: float | None = Field(None, ge=0, le=1)


class Floors(BaseModel):
    """quality.toml."""

    model_config = ConfigDict(extra="forbid", strict=True)
    slack: float = Field(0.0, ge=0, le=1)
    calibration_error: float | None = Field(None, ge=0, le=1)
    average_precision: dict[str, float] = Field(default_factory=dict)
    at_threshold: _AtThreshold = Field(default_factory=_AtThreshold)


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


def check(floors: Floors, figures: Figures) -> tuple[Checked, ...]:
    """Every floor, in the file's order."""
    areas = {group.name: group.average_precision for group in figures.by_language} | {"all": figures.average_precision}
    checked = [
        Checked(f"average precision, {name}", floor, found.value if (found := areas.get(name)) else None, floors.slack)
        for name, floor in floors.average_precision.items()
    ]
    for name, at_threshold, share in (
        ("precision at the threshold", floors.at_threshold.precision, figures.precision),
        ("recall at the threshold", floors.at_threshold.recall, figures.recall),
    ):
        if at_threshold is not None:
            checked.append(Checked(name, at_threshold, share.value, floors.slack))
    if (ceiling := floors.calibration_error) is not None:
        checked.append(Checked("calibration error", ceiling, figures.calibration_error, floors.slack, is_ceiling=True))
    return tuple(checked)
