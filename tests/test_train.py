"""Training on the user's votes: what they teach, what they leave alone, and when a new model is refused."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from tests.command import unburnt
from tests.voter import CURTAIN, RECEIPT, REJECTION, THINGS, Voter
from tests.wordings import THEATRE, UNSEEN, VOTED
from unburnt import versioning
from unburnt.core.classify import Fitted
from unburnt.core.model import Label
from unburnt.errors import TryAgain, UsageProblem
from unburnt.world.corpus import Example
from unburnt.world.fitting import Result
from unburnt.world.models import Progress
from unburnt.world.versions import Versions


@pytest.fixture
def voter(tmp_path: Path) -> Voter:
    return Voter(tmp_path)


pytestmark = pytest.mark.timeout(600)  # seconds: the first may have to fit all of the labelled mail


def test_votes_are_learned_once(voter: Voter) -> None:
    """A second training on the same votes does nothing, unless forced."""
    voter.vote_curtains()
    assert voter.judges(CURTAIN.format("Bosun")) is not Label.REJECTION
    assert voter.train().result is Result.ADOPTED
    assert voter.judges(CURTAIN.format("Bosun")) is Label.REJECTION
    assert voter.train().result is Result.NOTHING_NEW
    forced = voter.train(force=True)
    assert (forced.result, forced.in_force) == (Result.ADOPTED, 2)


def test_nothing_to_learn_from(voter: Voter) -> None:
    """No folder of labelled mail, an empty one, and one whose last vote was taken back."""
    assert voter.train().result is Result.NOTHING_NEW
    (vote,) = voter.vote_curtains(range(1))
    assert voter.train().in_force == 1
    vote.unlink()
    assert voter.versions.told()["waiting"]
    outcome = voter.train()
    assert (outcome.result, outcome.in_force, voter.speaks()) == (Result.NO_VOTES, 0, 0)
    assert not voter.versions.told()["waiting"]


@pytest.mark.parametrize("figure", ["average_precision", "precision", "recall"])
def test_a_model_that_loses_too_much_is_refused(voter: Voter, figure: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """0.005 of average precision, 0.05 of precision or recall at the threshold; just that much is borne."""
    bearable = {"average_precision": 0.005}.get(figure, 0.05)
    lost = iter((bearable, bearable + 0.0001))
    real = Versions.fit

    def worse(versions: Versions, votes: tuple[Example, ...], progress: Progress) -> Fitted:
        fitted = real(versions, votes, progress)
        return replace(fitted, **{figure: 1 - next(lost)})  # type: ignore[arg-type]  # one of the figures

    monkeypatch.setattr(Versions, "fit", worse)
    voter.vote_curtains()
    assert voter.train().result is Result.ADOPTED
    voter.versions.roll_back()
    outcome = voter.train(force=True)
    assert outcome.result is Result.REFUSED
    assert figure.replace("_", " ") in (outcome.why or "")


def test_votes_against_all_that_is_known_are_refused(voter: Voter) -> None:
    """Votes that contradict what is well known; the old model stays, and status is told."""
    voter.vote_curtains()
    voter.train()
    for number, thing in enumerate(THINGS):
        voter.vote(Label.OTHER, 100 + number, REJECTION.format(thing))
        voter.vote(Label.REJECTION, 200 + number, RECEIPT.format(thing))
    outcome = voter.train()
    assert (outcome.result, outcome.in_force, voter.speaks()) == (Result.REFUSED, 1, 1)
    assert outcome.why is not None
    assert "on mail it has not seen would fall" in outcome.why
    told = voter.versions.told()
    assert (told["version"], told["refused"]["why_not"], told["waiting"]) == (1, outcome.why, False)
    assert voter.train().result is Result.NOTHING_NEW
    assert [path.name for path in (voter.state / "models").glob("*.skops")] == ["1.skops"]


def test_small_losses_do_not_add_up(voter: Voter, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each version may lose 0.005 against the one before, and all together against the shipped one."""
    figures = iter((0.996, 0.992))
    real = Versions.fit

    def worse(versions: Versions, votes: tuple[Example, ...], progress: Progress) -> Fitted:
        return replace(real(versions, votes, progress), average_precision=next(figures))

    monkeypatch.setattr(Versions, "fit", worse)
    voter.vote_curtains(range(2))
    assert voter.train().result is Result.ADOPTED
    voter.vote_curtains(range(2, 4))
    assert voter.train().result is Result.REFUSED


def test_a_model_that_unlearns_a_vote_is_refused(voter: Voter) -> None:
    """The vote is named by its file, since what is told may enter a log."""
    (first,) = voter.vote_curtains(range(1))
    voter.train()
    assert voter.judges(CURTAIN.format("Prompter")) is Label.REJECTION
    for number in range(8):
        voter.vote(Label.OTHER, 100 + number, CURTAIN.format("Prompter") + f" {number}")
    outcome = voter.train()
    assert outcome.result is Result.REFUSED
    assert outcome.why is not None
    assert first.stem in outcome.why
    assert "Prompter" not in outcome.why
    assert voter.judges(CURTAIN.format("Prompter")) is Label.REJECTION


def test_what_can_not_be_read_stops_nothing(voter: Voter) -> None:
    """Damaged, misnamed, and on both sides: passed over and told; what isn't mail at all isn't even looked at."""
    voter.vote_curtains()
    voter.vote(Label.REJECTION, 50, "").write_bytes(b"")
    voter.vote(Label.REJECTION, 51, REJECTION)
    voter.vote(Label.OTHER, 51, REJECTION)
    side = voter.state / "labelled" / "rejection"
    (side / "mine.eml").write_bytes(b"From: a@b.example\n\nhello")
    (side / "en-vote-s1--0a.eml").mkdir()
    (side / ".half-written.eml").write_bytes(b"From")
    (side / "notes.txt").write_text("mine")
    outcome = voter.train()
    assert outcome.result is Result.ADOPTED
    names = sorted(Path(why.split(": ")[0]).name for why in outcome.passed_over)
    both = "en-vote-s0a1b2c3d--0000000000000033.eml"
    assert names == sorted([both, both, "en-vote-s0a1b2c3d--0000000000000032.eml", "en-vote-s1--0a.eml", "mine.eml"])


def test_a_vote_that_vanishes_while_it_is_read_is_none(voter: Voter, monkeypatch: pytest.MonkeyPatch) -> None:
    """The daemon may move it meanwhile."""
    gone, *_ = voter.vote_curtains()
    listed = Path.iterdir

    def remove_then_list(directory: Path) -> list[Path]:
        found = list(listed(directory))
        gone.unlink(missing_ok=True)
        return found

    monkeypatch.setattr(Path, "iterdir", remove_then_list)
    assert voter.versions.votes().count(Label.REJECTION) == 3


def test_too_little_labelled_mail_keeps_the_model(voter: Voter) -> None:
    """Fewer than two families of a label can't be cross-validated (field notes H5)."""
    for path in sorted((voter.data / "rejection").iterdir())[1:]:
        path.unlink()
    voter.vote_curtains()
    outcome = voter.train()
    assert outcome.result is Result.TOO_LITTLE
    assert "two families" in (outcome.why or "")


def test_what_was_rolled_back_is_not_adopted_again_by_itself(voter: Voter) -> None:
    """Until the votes change; then all count again."""
    voter.vote_curtains(range(2))
    voter.train()
    voter.vote_curtains(range(2, 4))
    assert voter.train().in_force == 2
    assert voter.versions.roll_back() == 1
    assert (voter.speaks(), voter.versions.told()["waiting"], voter.versions.told()["rolled_back"]) == (1, False, True)
    assert voter.train().result is Result.NOTHING_NEW
    voter.vote_curtains(range(4, 5))
    assert voter.versions.told()["waiting"]
    assert voter.train().in_force == 3
    assert voter.versions.roll_back() == 1, "not to the one that was not wanted"


def test_rolling_back_needs_a_place_to_go(voter: Voter) -> None:
    """No version before, none of that number, a refused one."""
    with pytest.raises(UsageProblem, match="nothing before"):
        voter.versions.roll_back()
    voter.vote_curtains(range(2))
    voter.train()
    with pytest.raises(UsageProblem, match=r"no version 7.*there are: 0, 1"):
        voter.versions.roll_back(7)
    assert voter.versions.roll_back() == 0
    assert voter.versions.roll_back(1) == 1
    assert not voter.versions.told()["rolled_back"]


def test_one_training_at_a_time(voter: Voter) -> None:
    """Nor a roll-back meanwhile."""
    voter.vote_curtains()
    with voter.versions.lock():
        with pytest.raises(TryAgain, match="another unburnt"):
            voter.train()
        with pytest.raises(TryAgain, match="another unburnt"):
            voter.versions.roll_back(0)
    assert voter.train().result is Result.ADOPTED


def test_the_versions_are_shown(voter: Voter, capsys: pytest.CaptureFixture[str]) -> None:
    """Each with its figures and what became of it; the one in force is marked."""
    voter.vote_curtains()
    voter.train()
    for number, thing in enumerate(THINGS):
        voter.vote(Label.OTHER, 100 + number, REJECTION.format(thing))
        voter.vote(Label.REJECTION, 200 + number, RECEIPT.format(thing))
    voter.train()
    capsys.readouterr()
    versioning.model(voter.configuration, json=False, data=voter.data, cache=voter.cache)
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    rows = {cells[1] if cells[0] == "→" else cells[0]: cells for cells in lines if cells}
    assert rows["1"][0] == "→"
    assert rows["0"][1] == "shipped"
    assert "refused:" in rows["2"]


def test_the_commands(tmp_path: Path) -> None:
    """`train`, `model` and `model rollback` on the shipped mail, and the daemon's planner has the model."""
    voter = Voter(tmp_path)
    for number in VOTED:
        path = voter.state / "labelled" / "rejection" / f"en-vote-s0a1b2c3d--{number:016x}.eml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(THEATRE.mail(number))
    config = tmp_path / "config.toml"
    config.write_text(
        f'profile = {{name = "Sam"}}\nstate = {{directory = "{voter.state}"}}\n'
        'accounts = [{name = "a", address = "sam@mail.example", host = "localhost"}]\n'
    )

    def run(*words: str) -> str:
        done = unburnt(*words, "--config", config)
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout.decode()

    adopted = json.loads(run("train", "--background"))
    assert (adopted["result"], adopted["in_force"], adopted["version"]["votes"]) == (
        "adopted",
        1,
        {"rejection": 20, "other": 0},
    )
    unseen = tmp_path / "unseen.eml"
    unseen.write_bytes(THEATRE.mail(UNSEEN[4]))  # which the shipped model is unsure of
    assert '"label": "rejection"' in run("explain", "--json", str(unseen))
    assert "nothing new" in run("train")
    assert json.loads(run("model", "--json"))["version"] == 1
    assert "the shipped model is in force now" in run("model", "rollback")
    assert '"label": "rejection"' not in run("explain", "--json", str(unseen))
    assert run("model").count("rolled back") == 1
