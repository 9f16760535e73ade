"""From the shipped mail and the user's votes to a new version of the model, or to the reason why there is none."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from unburnt.core.classify import Classifier, Fitted
from unburnt.core.model import Label
from unburnt.world.corpus import Example, Voted
from unburnt.world.history import SHIPPED, Version
from unburnt.world.models import Progress
from unburnt.world.versions import Versions

_MOST_LOST = {  # of figures out of family; a vote may move all decisions alike, which average precision can't see
    "average_precision": 0.005,
    "precision": 0.05,
    "recall": 0.05,
}
_NAMED = 5
_ROUNDING = 1e-9


class Result(StrEnum):
    ADOPTED = "adopted"
    REFUSED = "refused"
    NOTHING_NEW = "nothing new"
    NO_VOTES = "no votes"
    TOO_LITTLE = "too little labelled mail"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a training. ``before`` and ``after`` are figures, ``passed_over`` files that taught nothing."""

    result: Result
    in_force: int
    version: Version | None = None
    before: Fitted | None = None
    after: Fitted | None = None
    why: str | None = None
    passed_over: tuple[str, ...] = ()


def train(
    versions: Versions,
    classifier: Callable[[Fitted], Classifier],
    made_at: str,
    progress: Progress,
    *,
    force: bool = False,
) -> Outcome:
    """Make a version of the votes there are now, and put it in force unless it is worse. Needs the lock.

    ``classifier`` makes of a model what judges the user's mail, with the user's own thresholds.
    """
    votes = versions.votes()
    standing = versions.standing()
    number = standing.number if standing else SHIPPED
    if versions.is_settled(votes.digest, in_force=standing) and not (force and votes.digest):
        return Outcome(Result.NOTHING_NEW, number)
    if not votes.digest:
        versions.back_to_shipped()
        return Outcome(Result.NO_VOTES, SHIPPED)
    learned, over = votes.examples()
    try:
        after = versions.fit(learned, progress)
    except ValueError as error:
        return Outcome(Result.TOO_LITTLE, number, why=str(error), passed_over=over)
    number, before = versions.in_force(progress)
    shipped = before if number == SHIPPED else versions.shipped(progress)
    why_not = _lost(before, shipped, after) or _turned(learned, classifier(before), classifier(after))
    version = _version(versions, votes, after, made_at, why_not)
    entered = versions.add(version, after, figures(shipped))
    result, speaking = (Result.REFUSED, number) if why_not else (Result.ADOPTED, entered.number)
    return Outcome(result, speaking, entered, before, after, why_not, over)


def figures(fitted: Fitted) -> dict[str, float]:
    return {name: getattr(fitted, name) for name in ("average_precision", "precision", "recall", "threshold")}


def _lost(before: Fitted, shipped: Fitted, after: Fitted) -> str | None:
    """Compared with the shipped model too, lest many small losses add up to one that would be refused."""
    for name, bearable in _MOST_LOST.items():
        best, now = max(getattr(before, name), getattr(shipped, name)), getattr(after, name)
        if best - now > bearable + _ROUNDING:
            figure = name.replace("_", " ")
            return f"{figure} on mail it has not seen would fall from {best:.4f} to {now:.4f}, by more than {bearable}"
    return None


def _turned(votes: Sequence[Example], before: Classifier, after: Classifier) -> str | None:
    turned = [vote.name for vote in votes if _is_right(before, vote) and not _is_right(after, vote)]
    if not turned:
        return None
    more = f" and {len(turned) - _NAMED} more" if len(turned) > _NAMED else ""
    return f"it would get wrong what is right now: {', '.join(turned[:_NAMED])}{more}"


def _is_right(classifier: Classifier, vote: Example) -> bool:
    return (classifier.classify(vote.mail).label is Label.REJECTION) == (vote.label is Label.REJECTION)


def _version(versions: Versions, votes: Voted, fitted: Fitted, made_at: str, why_not: str | None) -> Version:
    return Version(
        number=SHIPPED,
        made_at=made_at,
        votes={label.value: votes.count(label) for label in (Label.REJECTION, Label.OTHER)},
        votes_digest=votes.digest,
        fingerprint=versions.fingerprint,
        figures=figures(fitted),
        adopted=why_not is None,
        why_not=why_not,
    )
