"""`unburnt evaluate`, start to end: read, judge, count, tell."""

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from unburnt import reports, wiring
from unburnt.config import Config
from unburnt.errors import UsageProblem
from unburnt.evaluate import finding, judging, page, scoreboard, screen
from unburnt.evaluate import floors as flooring
from unburnt.evaluate.course import kind_figures
from unburnt.evaluate.curve import Curve, learning_curve
from unburnt.evaluate.evaluation import SHIPPED, Evaluation, Extraction
from unburnt.evaluate.figures import figures
from unburnt.evaluate.judged import Judged, Unread, named
from unburnt.evaluate.labelled import labelled
from unburnt.world import corpus, models
from unburnt.world.corpus import Example

_DIGITS = 5


@dataclass(frozen=True, slots=True)
class Wish:
    """What the user asked for."""

    on: Path | None = None
    report: Path | None = None
    floors: Path | None = None
    extraction: bool = False
    learning_curve: bool = False
    errors: bool = False
    json: bool = False


def evaluate(wish: Wish, config: Config | None) -> None:
    """Measure, then tell; FloorFallen at the very end, so that all is told."""
    if wish.extraction:
        _evaluate_extraction(wish, config)
        return
    if wish.on is not None and wish.learning_curve:
        raise UsageProblem("--learning-curve is about the mail that the classifier learns from; leave out --on")
    if wish.report is not None:
        page.writable(wish.report)
    floors = flooring.read(wish.floors) if wish.floors else None
    with screen.progress() as tell:
        measured = _on(wish.on, config, tell) if wish.on else _shipped(tell, curve=wish.learning_curve)
    if floors is not None:
        measured = measured.with_floors(flooring.check(floors, measured.figures, measured.kinds))
    if wish.report is not None:
        page.write(measured, wish.report)
    if wish.json:
        _write(measured)
    else:
        screen.show(reports.console(), measured, errors=wish.errors)
    _hold(measured, wish.floors)


def _evaluate_extraction(wish: Wish, config: Config | None) -> None:
    if wish.learning_curve or wish.report is not None:
        raise UsageProblem("--learning-curve and --report are about the classifier; leave them out with --extraction")
    floors = flooring.read(wish.floors) if wish.floors else None
    if floors is not None and not floors.extraction.model_fields_set:
        raise UsageProblem(f"{wish.floors}: has no floor in a table [extraction]")
    with screen.progress() as tell:
        measured = _extracted(wish.on, config, tell)
    if floors is not None:
        measured = measured.with_floors(flooring.check_extraction(floors, measured.total))
    if wish.json:
        _write(measured)
    else:
        scoreboard.show(reports.console(), measured, errors=wish.errors)
    _hold(measured, wish.floors)


def _extracted(on: Path | None, config: Config | None, tell: judging.Tell) -> Extraction:
    """Without a set of theirs no setting of the user's counts."""
    questions = finding.questions_of(on or corpus.shipped())
    recipe, _, _ = judging.in_force(config if on else None, tell)
    with wiring.decider(recipe) as decider:
        answered = list(finding.compared_by(decider, questions.all, tell))
    return finding.extraction(named(str(on)) if on else SHIPPED, questions, answered)


def _write(measured: Evaluation | Extraction) -> None:
    sys.stdout.write(json.dumps(as_json(measured), ensure_ascii=False, indent=2) + "\n")


def _hold(measured: Evaluation | Extraction, floors: Path | None) -> None:
    if fallen := [checked.name for checked in measured.floors if not checked.holds]:
        raise flooring.FloorFallen(f"{floors}: {len(fallen)} fell below its floor: {'; '.join(fallen)}")


def _shipped(tell: judging.Tell, *, curve: bool) -> Evaluation:
    fitted, ground = models.load_or_prepare(tell)
    examples = tuple(corpus.examples(corpus.shipped()))
    judged, told = judging.cross_validated(examples, fitted, ground, tell)
    drawn = _curve(examples, tell) if curve else None
    return Evaluation(
        measured="cross-validation that keeps a family on one side",
        source=SHIPPED,
        figures=figures(judged, fitted.threshold, fitted.unsure),
        kinds=kind_figures(told),
        wrong=_wrong(judged),
        learning_curve=drawn,
    )


def _curve(examples: Sequence[Example], tell: judging.Tell) -> Curve:
    return learning_curve((each.lesson() for each in examples), corpus.sayings(corpus.shipped()), tell)


def _on(path: Path, config: Config | None, tell: judging.Tell) -> Evaluation:
    found = tuple(labelled(path))
    readable = [each for each in found if not isinstance(each, Unread)]
    recipe, threshold, unsure_from = judging.in_force(config, tell)
    with wiring.decider(recipe) as decider:
        answers = list(judging.judged_by(decider, readable, tell))
    judged = [each for each in answers if isinstance(each, Judged)]
    if not judged:
        raise UsageProblem(f"{path}: has no message that can be judged")
    return Evaluation(
        measured="the model in force",
        source=named(str(path)),
        figures=figures(judged, threshold, unsure_from),
        wrong=_wrong(judged),
        unread=tuple(each for each in (*found, *answers) if isinstance(each, Unread)),
    )


def _wrong(judged: Sequence[Judged]) -> tuple[Judged, ...]:
    """False drafts, the surest first; then what was missed, the surest first."""
    false = sorted((each for each in judged if each.is_false_draft), key=lambda each: -each.verdict.probability)
    missed = sorted((each for each in judged if each.is_missed), key=lambda each: each.verdict.probability)
    return (*false, *missed)


def as_json(measured: Evaluation | Extraction) -> dict[str, Any]:
    """The object of `evaluate --json`; its keys are a promise."""
    said: dict[str, Any] = _rounded(asdict(measured))
    for floor, checked in zip(said["floors"], measured.floors, strict=True):
        floor["holds"] = checked.holds
    if isinstance(measured, Evaluation) and measured.learning_curve is not None:
        said["learning_curve"]["is_flat"] = measured.learning_curve.is_flat
    return said


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, _DIGITS)
    if isinstance(value, dict):
        return {key: _rounded(part) for key, part in value.items()}
    return [_rounded(part) for part in value] if isinstance(value, list | tuple) else value
