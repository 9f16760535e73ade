"""Figures of `unburnt evaluate`: against values worked out by hand, against scikit-learn, and at their edges."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.shipped import some_of
from unburnt.core import kind
from unburnt.core.classify import prepare
from unburnt.core.estimators import folds, learn
from unburnt.core.features import Document
from unburnt.core.kind import KindLessons
from unburnt.core.lessons import Lesson, count
from unburnt.core.model import Kind, Label, Verdict
from unburnt.core.terms import Term
from unburnt.errors import UsageProblem
from unburnt.evaluate import floors, plots
from unburnt.evaluate.course import kind_figures
from unburnt.evaluate.curve import Curve, learning_curve
from unburnt.evaluate.figures import Figures, figures, mailbox, recall_at
from unburnt.evaluate.intervals import at_most, average_precision, bootstrapped, wilson
from unburnt.evaluate.judged import Judged
from unburnt.evaluate.judging import cross_validated
from unburnt.evaluate.kinds import GENERAL, HARD, SHARES
from unburnt.world.corpus import paths, sayings, shipped

CLOSE = 5e-5


def judged(probability: float, *, rejection: bool, kind: str = "", language: str = "en", family: str = "") -> Judged:
    label = Label.REJECTION if probability >= 0.7 else Label.UNSURE if probability >= 0.35 else Label.OTHER
    name = family or f"{kind}-{probability}-{rejection}"
    return Judged(name, rejection, kind, language, "a person", name, "", "", Verdict(label, probability))


def lesson(number: int, *terms: Term) -> Lesson:
    """Odd ones are rejections; each is a family of its own."""
    return Lesson(Document("en", terms, ()), bool(number % 2), str(number))


EIGHT = (
    judged(0.95, rejection=True, kind="form"),
    judged(0.85, rejection=True, kind="form", language="de"),
    judged(0.75, rejection=False, kind="grant"),
    judged(0.55, rejection=True, kind="personal"),
    judged(0.45, rejection=False, kind="offer", language="de"),
    judged(0.15, rejection=False, kind="receipt"),
    judged(0.15, rejection=False, kind="travel"),
    judged(0.05, rejection=True, kind="personal"),
)


@pytest.mark.parametrize(
    ("count", "of", "low", "high"),
    [(8, 10, 0.49016, 0.94332), (0, 10, 0.0, 0.27753), (10, 10, 0.72247, 1.0), (50, 100, 0.40383, 0.59617)],
)
def test_a_share_has_wilson_s_interval(count: int, of: int, low: float, high: float) -> None:
    """Values as published tables have them."""
    share = wilson(count, of)

    assert (share.value, share.low, share.high) == pytest.approx((count / of, low, high), abs=CLOSE)


def test_a_share_of_nothing_is_unknown() -> None:
    """Rather than 0 or 1."""
    assert wilson(0, 0).value is wilson(0, 0).low is None


@pytest.mark.parametrize(
    ("count", "of", "bound"),
    [(0, 100, 1 - 0.05 ** (1 / 100)), (0, 3000, 0.000998), (1, 10, 0.39416), (5, 5, 1.0), (0, 0, 1.0)],
)
def test_the_upper_bound_is_exact(count: int, of: int, bound: float) -> None:
    """Clopper and Pearson's, which for none is the rule of three."""
    assert at_most(count, of) == pytest.approx(bound, abs=CLOSE)


def test_average_precision_by_hand() -> None:
    """One false mail between two right ones; and a tie, whose mails count together."""
    assert average_precision([1, 0, 1, 0], [0.9, 0.8, 0.7, 0.6]) == pytest.approx((1 + 2 / 3) / 2)
    assert average_precision([1, 0], [0.5, 0.5]) == pytest.approx(0.5)


def test_recall_at_a_precision_by_hand() -> None:
    """The most that a threshold gives: a later one may be precise again. A tie can't be cut."""
    answers = zip([0.9, 0.8, 0.7, 0.6, 0.5, 0.4], [1, 0, 1, 1, 0, 1], strict=True)
    six = [judged(probability, rejection=bool(answer)) for probability, answer in answers]
    tie = [judged(0.5, rejection=True), judged(0.5, rejection=False)]
    assert [recall_at(precise, six) for precise in (1.0, 0.75, 0.7, 0.5)] == [0.25, 0.75, 0.75, 1.0]
    assert recall_at(0.6, tie) == 0.0
    assert recall_at(0.5, [judged(0.5, rejection=True), judged(0.6, rejection=True)]) is None


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 5), st.integers(0, 3)), min_size=2, max_size=40))
def test_average_precision_is_scikit_learn_s(rows: list[tuple[bool, int, int]]) -> None:
    """With ties; and a weight is as many copies of the mail."""
    from sklearn.metrics import average_precision_score

    rows = [(True, 3, 1), (False, 3, 1), *rows]
    truth, scores, weights = [int(row[0]) for row in rows], [float(row[1]) for row in rows], [row[2] for row in rows]
    copies = [row for row in rows for _ in range(row[2])]

    assert average_precision(truth, scores) == pytest.approx(average_precision_score(truth, scores))
    assert average_precision(truth, scores, [weights])[0] == pytest.approx(
        average_precision_score([row[0] for row in copies], [row[1] for row in copies])
    )


def test_the_bootstrap_draws_families() -> None:
    """Copies of few families make no narrow interval; the same mail gives the same interval."""
    truth = [1, 0, 1, 1, 0, 1, 0, 0] * 20
    scores = [0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2] * 20
    alone = bootstrapped(truth, scores, [str(n) for n in range(160)])
    together = bootstrapped(truth, scores, [str(n % 8) for n in range(160)])

    assert alone is not None
    assert together is not None
    assert alone.low < alone.value < alone.high
    assert together.high - together.low > 2 * (alone.high - alone.low)
    assert alone == bootstrapped(truth, scores, [str(n) for n in range(160)])
    assert bootstrapped([1, 1], [0.5, 0.6], ["a", "b"]) is None


def test_eight_mails_by_hand() -> None:
    """Three drafts of which two are right; four rejections of which two are drafted."""
    said = figures(EIGHT, 0.7, 0.35)

    assert (said.mails, said.rejections, said.others, said.families) == (8, 4, 4, 8)
    assert (said.precision.count, said.precision.of, said.recall.count, said.recall.of) == (2, 3, 2, 4)
    assert (said.unsure.count, said.unsure.of) == (2, 8)
    assert said.average_precision is not None
    assert said.average_precision.value == pytest.approx((1 + 1 + 3 / 4 + 4 / 8) / 4)
    assert said.recall_at_95 == 0.5
    squares = (0.05**2 + 0.15**2 + 0.75**2 + 0.45**2) + (0.45**2 + 0.15**2 + 0.15**2 + 0.95**2)
    assert said.brier == pytest.approx(squares / 8)
    off = 0.05 + 0.15 + 0.75 + 0.45 + 0.45 + 2 * 0.15 + 0.95
    assert said.calibration_error == pytest.approx(off / 8)
    assert [(point.probability, point.precision, point.recall) for point in said.precision_recall] == [
        (0.95, 1.0, 0.25),
        (0.85, 1.0, 0.5),
        (0.55, 0.75, 0.75),
        (0.05, 0.5, 1.0),
    ]
    assert (sum(yes for yes, _ in said.histogram), sum(no for _, no in said.histogram)) == (4, 4)


def test_confusion_by_group() -> None:
    """The largest first; what nobody said has a name; a side without mail is None."""
    said = figures([*EIGHT, judged(0.9, rejection=True)], 0.7, 0.35)
    kinds = {group.name: group for group in said.by_kind}
    personal, grant = kinds["personal"].rejections, kinds["grant"].others

    assert [group.name for group in said.by_kind][:2] == ["form", "personal"]
    assert "not said" in kinds
    assert personal is not None
    assert (personal.mails, personal.rejection, personal.unsure, personal.other) == (2, 0, 1, 1)
    assert grant is not None
    assert (grant.rejection, grant.drafted.value, kinds["grant"].rejections) == (1, 1.0, None)
    assert [(group.name, group.average_precision is not None) for group in said.by_language] == [
        ("en", True),
        ("de", True),
    ]
    assert said.not_english == replace(said.by_language[1], name="all but en")


def test_a_mailbox_is_reckoned_from_three_groups() -> None:
    """recall 2/4, one of two hard others drafted, none of two general mails."""
    said = mailbox([*EIGHT, judged(0.9, rejection=False, kind="nobody-s-kind")])
    right = SHARES["rejections"] * 0.5

    assert said is not None
    assert said.precision == pytest.approx(right / (right + SHARES["hard"] * 0.5))
    assert said.general_at_most == pytest.approx(1 - 0.05**0.5)
    assert 0 < said.at_least < (said.precision or 0)
    assert said.left_out == 1
    assert mailbox([each for each in EIGHT if each.kind not in GENERAL]) is None


def test_shipped_mail_is_of_one_group_each() -> None:
    """A new kind of other mail has to be put into one of them."""
    kinds = {path.name.split("-")[1] for path in paths(shipped()) if path.parent.name == "other"}

    assert kinds - HARD - GENERAL == set()
    assert HARD.isdisjoint(GENERAL)
    assert sum(SHARES.values()) == pytest.approx(1)


def test_folds_keep_a_family_on_one_side() -> None:
    """And hold every mail out once."""
    families = [f"f{n // 3}" for n in range(60)]
    dealt = list(folds([n // 3 % 2 == 1 for n in range(60)], families))

    assert sorted(i for _, held in dealt for i in held) == list(range(60))
    for seen, held in dealt:
        assert {families[i] for i in seen}.isdisjoint(families[i] for i in held)


def of_kinds(terms: Sequence[str]) -> KindLessons:
    """Mails of one term each, of two kinds by turns."""
    return kind.count_kinds(
        [([(term, 1.0)], Kind.OFFER if number % 2 else Kind.INTERVIEW) for number, term in enumerate(terms)]
    )


def test_kinds_are_told_by_estimators_that_have_not_seen_the_family() -> None:
    """A word that only the family uses tells nothing, so that a fold has one answer; one that others use tells all."""
    families = [f"family{n % 10}" for n in range(40)]
    alone, shared = of_kinds(families), of_kinds([f"word{n % 2}" for n in range(40)])

    told = [is_ == said for is_, said in zip(alone.kinds, kind.out_of_family(alone, families), strict=True)]
    assert told.count(True) == 20
    assert kind.out_of_family(shared, families) == list(shared.kinds)


def test_a_kind_of_one_family_can_not_be_held_out() -> None:
    """It is said rather than counted as wrong."""
    with pytest.raises(ValueError, match="two families of every kind"):
        kind.out_of_family(of_kinds(["word"] * 3), ["a", "b", "c"])


TOLD = (
    *[(Kind.OTHER, Kind.OTHER)] * 4,
    (Kind.OTHER, Kind.INTERVIEW),
    *[(Kind.INTERVIEW, Kind.INTERVIEW)] * 2,
    (Kind.INTERVIEW, Kind.STATUS),
    (Kind.OFFER, Kind.OTHER),
)


def test_nine_kinds_by_hand() -> None:
    """The commonest first; what was never said has no precision, and what never came no recall."""
    said = kind_figures(TOLD)

    assert (said.mails, said.accuracy) == (9, wilson(6, 9))
    assert [(row.kind, row.mails, row.precision, row.recall) for row in said.by_kind] == [
        (Kind.OTHER, 5, wilson(4, 5), wilson(4, 5)),
        (Kind.INTERVIEW, 3, wilson(2, 3), wilson(2, 3)),
        (Kind.OFFER, 1, wilson(0, 0), wilson(0, 1)),
        (Kind.STATUS, 0, wilson(0, 1), wilson(0, 0)),
    ]


def test_the_learning_curve_learns() -> None:
    """Words that half of the families share: more families, better figures; the last step has all that folds leave."""
    lessons = [
        lesson(n, Term(f"{'no' if n % 2 else 'yes'}{n // 2 % 8}", 1.0, ""), Term(f"name{n}", 1.0, ""))
        for n in range(80)
    ]
    curve = learning_curve(lessons, (), lambda *_: None, seeds=(1, 2))

    assert [step.share for step in curve.steps] == [1 / 8, 1 / 4, 1 / 2, 3 / 4, 1.0]
    assert [step.families for step in curve.steps] == [8, 16, 32, 48, 64]
    assert curve.steps[0].mean < curve.steps[-1].mean
    assert all(step.low <= step.mean <= step.high for step in curve.steps)
    assert curve.last_doubling == pytest.approx(curve.steps[-1].mean - curve.steps[2].mean)
    assert (replace(curve, last_doubling=0.01, chance=0.02).is_flat, replace(curve, chance=-1.0).is_flat) == (
        True,
        False,
    )


FLOORS = """
slack = 0.01
calibration_error = 0.3
[average_precision]
all = 0.82
de = 0.5
fr = 0.5
[recall_at_95]
all = 0.5
"all but en" = 0.5
fr = 0.5
[at_threshold]
precision = 0.7
recall = 0.515
"""


def test_floors_hold_within_their_slack(tmp_path: Path) -> None:
    """A ceiling is held from below; a floor without a figure doesn't hold."""
    path = tmp_path / "quality.toml"
    path.write_text(FLOORS, encoding="utf-8")
    checked = floors.check(floors.read(path), figures(EIGHT, 0.7, 0.35))

    assert {each.name: each.holds for each in checked} == {
        "average precision, all": True,  # 0.8125
        "average precision, de": True,
        "average precision, fr": False,
        "recall at a precision of 0.95, all": True,
        "recall at a precision of 0.95, all but en": True,
        "recall at a precision of 0.95, fr": False,
        "precision at the threshold": False,
        "recall at the threshold": False,  # 0.5
        "calibration error": False,
    }


@pytest.mark.parametrize(("floor", "holds"), [(0.6, True), (0.675, True), (0.68, False)])
def test_the_accuracy_of_kinds_has_a_floor(floor: float, *, holds: bool, tmp_path: Path) -> None:
    """Six of nine are right; where kinds were not measured it doesn't hold."""
    path = tmp_path / "quality.toml"
    path.write_text(f"slack = 0.01\nkinds_accuracy = {floor}\n", encoding="utf-8")
    wanted = floors.read(path)
    (checked,) = floors.check(wanted, figures(EIGHT, 0.7, 0.35), kind_figures(TOLD))
    (unmeasured,) = floors.check(wanted, figures(EIGHT, 0.7, 0.35))

    assert (checked.name, checked.figure, checked.holds) == ("accuracy of kinds", 6 / 9, holds)
    assert (unmeasured.figure, unmeasured.holds) == (None, False)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("slack = ", "no TOML"),
        ("slac = 0.1", "slac"),
        ("[average_precision]\nde = 'high'", "average_precision.de"),
        ("kinds_accuracy = 2.0", "kinds_accuracy"),
    ],
)
def test_floors_that_are_none_say_which_entry(tmp_path: Path, text: str, said: str) -> None:
    """Rather than holding everything."""
    path = tmp_path / "quality.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UsageProblem, match=said):
        floors.read(path)


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=30))
def test_plots_stay_in_their_frame(rows: list[tuple[float, bool]]) -> None:
    """Whatever the figures are: one mail, one label, all the same probability."""
    said: Figures = figures([judged(p, rejection=yes) for p, yes in rows], 0.7, 0.35)
    for plot in (plots.precision_recall(said), plots.reliability(said), plots.histogram(said)):
        for dot in plot.dots:
            assert (0 <= dot.x <= plots.WIDTH, 0 <= dot.y <= plots.HEIGHT) == (True, True)
        for bar in plot.bars:
            assert (bar.height >= 0, bar.y >= 0, bar.y + bar.height <= plots.HEIGHT) == (True, True, True)
        assert "nan" not in "".join(path.d for path in plot.paths)


def test_an_empty_band_is_drawn_too() -> None:
    """A curve of one seed has no spread."""
    curve: Curve = learning_curve(
        [lesson(n, Term(f"w{n % 2}", 1.0, "")) for n in range(20)], (), lambda *_: None, seeds=(1,)
    )
    plot = plots.learning(curve, "flat")

    assert (curve.is_flat, {dot.y for dot in plot.dots}) == (True, {plots.learning(curve, "").dots[0].y})
    assert plot.says.endswith("Flat.")


def _sides(lessons: Sequence[Lesson]) -> tuple[list[bool], list[str]]:
    return [each.is_rejection for each in lessons], [each.family for each in lessons]


def test_probabilities_are_those_that_fit_calibrates() -> None:
    """Cross-validation here deals the folds as core.classify does: else neither threshold nor floors would fit."""
    few = some_of(200)
    lessons = [example.lesson() for example in few]
    sayings_ = sayings(shipped())[::30]
    fitted, ground = prepare(count(lessons, sayings_))
    decided = ground.decisions(())

    assert [
        each.verdict.probability for each in cross_validated(few, fitted, ground, lambda *_: None)[0]
    ] == pytest.approx(
        [fitted.probability(decision) for decision in decided], rel=1e-4
    )  # sums of 32 bits, of other rows at once
    for (seen, held), (_, learned) in zip(folds(*_sides(lessons)), ground.folds, strict=True):
        alone = learn(count([lessons[i] for i in seen], sayings_), range(len(seen)))
        bare = replace(learned, opinion=None, stack=None)
        reads = [lessons[i].read for i in held]
        assert learned.decisions(reads) == pytest.approx([decided[i] for i in held], rel=1e-3, abs=1e-3)
        assert alone.decisions(reads) == pytest.approx(bare.decisions(reads), rel=1e-4, abs=1e-4), (
            "nothing else was learned from"
        )
