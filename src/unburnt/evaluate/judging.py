"""Labelled mail → judged mail: by estimators that have not seen its family, or by the model in force."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from unburnt import wiring
from unburnt.config import Config
from unburnt.core import kind
from unburnt.core.classify import Classifier, Fitted
from unburnt.core.features import document
from unburnt.core.groundwork import Groundwork
from unburnt.core.model import Kind, Label, Plan, Verdict
from unburnt.core.sentences import language_of
from unburnt.evaluate.judged import Judged, Unread, named, shown, system
from unburnt.evaluate.labelled import Labelled
from unburnt.recipe import PlannerRecipe
from unburnt.world import models, versions
from unburnt.world.corpus import Example
from unburnt.world.ports import Decider

Tell = Callable[[str, int, int], None]


def cross_validated(
    examples: Sequence[Example], fitted: Fitted, ground: Groundwork, tell: Tell
) -> tuple[list[Judged], list[tuple[Kind, Kind]]]:
    """Each judged by an estimator that has seen no mail of its family, with the calibration of the one fitted to all.

    And for mail that teaches kinds what it is, and what an estimator says that has seen none of its family. The
    groundwork was made of the examples.
    """
    folded = ((held, Classifier(replace(fitted, estimators=estimators))) for held, estimators in ground.folds)
    judges = {i: judge for held, judge in folded for i in held}
    judged = []
    for done, (example, decision) in enumerate(zip(examples, ground.decisions(()), strict=True)):
        tell("judging out of family", done, len(examples))
        judged.append(_of_example(example, _verdict(example, judges[done], decision)))
    if ground.kinds is None:
        return judged, []
    families = [example.family for example in examples if example.teaches is not None]
    return judged, list(zip(ground.kinds.kinds, kind.out_of_family(ground.kinds, families), strict=True))


def _verdict(example: Example, judge: Classifier, decision: float) -> Verdict:
    """Where it is wrong people want to know why; other mail isn't read once more."""
    verdict = judge.verdict_on(decision, language_of(example.mail.envelope.subject, example.mail.text))
    return verdict if verdict.label is example.label else judge.judge(document(example.mail))


def _of_example(example: Example, verdict: Verdict) -> Judged:
    envelope = example.mail.envelope
    return Judged(
        name=example.name,
        is_rejection=example.label is Label.REJECTION,
        kind=example.kind,
        language=example.language,
        system=system(envelope.author),
        family=example.family,
        author=shown(envelope.author),
        subject=envelope.subject,
        verdict=verdict,
    )


def in_force(config: Config | None, tell: Tell) -> tuple[PlannerRecipe, float, float]:
    """What decides for this user, and from which probabilities it answers rejection and unsure."""
    recipe = wiring.recipe(config)
    fitted = versions.load(recipe.state, tell) if recipe.state else models.load_or_fit(tell)[0]
    threshold = fitted.threshold if recipe.threshold is None else recipe.threshold
    return recipe, threshold, min(threshold, fitted.unsure if recipe.unsure is None else recipe.unsure)


def judged_by(decider: Decider, labelled: Sequence[Labelled], tell: Tell) -> Iterator[Judged | Unread]:
    """Each judged as it would be on arrival."""
    for done, each in enumerate(labelled):
        tell("judging", done, len(labelled))
        plan = decider.plan(each.raw, wiring.utc_now())
        if plan.verdict is None:
            yield Unread(named(each.raw.origin.source), plan.error or plan.reason.meaning)
        else:
            yield _of_plan(each, plan, plan.verdict)


def _of_plan(labelled: Labelled, plan: Plan, verdict: Verdict) -> Judged:
    return Judged(
        name=named(labelled.raw.origin.source),
        is_rejection=labelled.is_rejection,
        kind=labelled.kind,
        language=labelled.language or plan.language or "",
        system=system(plan.envelope.author),
        family=labelled.family or named(labelled.raw.origin.source),
        author=shown(plan.envelope.author),
        subject=plan.envelope.subject,
        verdict=verdict,
    )
