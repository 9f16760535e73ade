"""Rejections whose answers are known → what the program finds in them, beside the answers."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from unburnt import wiring
from unburnt.core import senders
from unburnt.core.model import Address, Label
from unburnt.errors import UsageProblem
from unburnt.evaluate import answers
from unburnt.evaluate.answers import NOTHING, Facts, facts_of
from unburnt.evaluate.compared import Compared, wrong
from unburnt.evaluate.evaluation import Extraction
from unburnt.evaluate.extraction import row, rows
from unburnt.evaluate.judged import Unread, named, shown
from unburnt.evaluate.judging import Tell
from unburnt.evaluate.labelled import Labelled, labelled
from unburnt.world.ports import Decider

_WANTED = (
    f"a folder with rejection/ and {answers.ANSWERS}, or JSON lines whose rejections have "
    '"company", "role", "contact_name" or "contact_address"'
)


@dataclass(frozen=True, slots=True)
class Question:
    """A rejection, and what it tells."""

    name: str
    labelled: Labelled
    wanted: Facts


@dataclass(frozen=True, slots=True)
class Questions:
    """The rejections of a set that have an answer, and how many have none."""

    all: tuple[Question, ...]
    unanswered: int
    unread: tuple[Unread, ...]


def questions_of(path: Path) -> Questions:
    """A set's rejections with their answers. UsageProblem where there are none."""
    found = tuple(labelled(path))
    rejections = [each for each in found if isinstance(each, Labelled) and each.is_rejection]
    questions = _in_file(path, rejections) if path.is_dir() else _in_lines(rejections)
    if not questions:
        raise UsageProblem(f"{path}: no rejection there has an answer; wanted: {_WANTED}")
    unread = tuple(each for each in found if isinstance(each, Unread))
    return Questions(questions, len(rejections) - len(questions), unread)


def _in_file(path: Path, rejections: Sequence[Labelled]) -> tuple[Question, ...]:
    stems = [Path(each.raw.origin.source).stem for each in rejections]
    known = answers.read(path, frozenset(stems))
    pairs = zip(stems, rejections, strict=True)
    return tuple(Question(named(stem), each, known[stem]) for stem, each in pairs if stem in known)


def _in_lines(rejections: Sequence[Labelled]) -> tuple[Question, ...]:
    return tuple(Question(named(each.raw.origin.source), each, each.facts) for each in rejections if each.facts)


def compared_by(decider: Decider, questions: Sequence[Question], tell: Tell) -> Iterator[tuple[Compared, str | None]]:
    """Each read as on arrival, but for the classifier: what it would miss is measured elsewhere.

    With the error of one that can't be read: there nothing is found, and no letter written.
    """
    for done, question in enumerate(questions):
        tell("reading", done, len(questions))
        plan = decider.plan(question.labelled.raw, wiring.utc_now(), told=Label.REJECTION)
        compared = Compared(
            name=question.name,
            system=system(plan.envelope.author),
            language=question.labelled.language or plan.language or "",
            author=shown(plan.envelope.author),
            subject=plan.envelope.subject,
            wanted=question.wanted,
            found=facts_of(plan.rejection) if plan.rejection else NOTHING,
            why=plan.rejection.recipient.why if plan.rejection else "",
        )
        yield compared, None if plan.rejection else plan.error or plan.reason.meaning


def system(author: Address | None) -> str:
    """Whose system sent it: what decides where a mail names the employer."""
    if author is None:
        return "no author"
    if (known := senders.system_of(author.domain)) is not None:
        return known.brand
    return "mail provider" if senders.is_freemail(author.domain) else "own domain"


def extraction(source: str, questions: Questions, answered: Sequence[tuple[Compared, str | None]]) -> Extraction:
    """Everything there is to say of these; what was wrong has the misdirected letters first."""
    compared = [each for each, _ in answered]
    mistaken = [each for each in map(wrong, compared) if each.mistakes]
    unread = (Unread(each.name, error) for each, error in answered if error is not None)
    return Extraction(
        source=source,
        unanswered=questions.unanswered,
        total=row("all", compared),
        by_system=rows(compared, lambda each: each.system),
        by_language=rows(compared, lambda each: each.language),
        wrong=tuple(sorted(mistaken, key=lambda each: not each.is_misdirected)),
        unread=(*questions.unread, *unread),
    )
