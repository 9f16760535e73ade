"""The user's models on disk: whatever happens to them, one speaks, and it is never one that isn't theirs."""

import errno
import json
import os
import random
import stat
import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import pytest

from tests.voter import CURTAIN, Voter
from unburnt.core.classify import Fitted
from unburnt.core.model import Label
from unburnt.errors import TryAgain
from unburnt.world.fitting import Result

_LINE = CURTAIN.format("Bosun")


@pytest.fixture
def voter(tmp_path: Path) -> Voter:
    return Voter(tmp_path)


@pytest.fixture
def twice(voter: Voter) -> Voter:
    """Two versions, the second in force."""
    voter.vote_curtains(range(3))
    voter.train()
    voter.vote_curtains(range(3, 5))
    assert voter.train().in_force == 2
    return voter


def _flip(octets: bytes) -> bytes:
    at = len(octets) // 2
    return octets[:at] + bytes([octets[at] ^ 1]) + octets[at + 1 :]


SPOILED: dict[str, Callable[[bytes], bytes]] = {
    "one bit": _flip,
    "cut short": lambda octets: octets[:-9],
    "empty": lambda _octets: b"",
    "another's": lambda octets: octets[32:],
}


@pytest.mark.parametrize("how", SPOILED)
def test_a_damaged_model_is_set_aside_and_the_one_before_speaks(twice: Voter, how: str) -> None:
    """Then the shipped one; the next training makes up for it (field notes I4)."""
    models = twice.state / "models"
    spoiled = SPOILED[how]((models / "2.skops").read_bytes())
    (models / "2.skops").write_bytes(spoiled)
    assert twice.versions.told()["waiting"]
    assert (twice.speaks(), (models / "2.bad").read_bytes()) == (1, spoiled)
    (models / "1.skops").write_bytes(SPOILED[how]((models / "1.skops").read_bytes()))
    assert twice.speaks() == 0
    assert twice.train().in_force == 3


@pytest.mark.parametrize("how", [*SPOILED, "edited", "no list", "deep"])
def test_a_damaged_list_is_set_aside_and_the_shipped_model_speaks(twice: Voter, how: str) -> None:
    """Which model was in force can't be known any more, so none is guessed; the next training brings it back."""
    path = twice.state / "models" / "versions.json"
    octets = path.read_bytes()
    edited = {
        "edited": octets.replace(b'"current": 2', b'"current": 1'),
        "no list": b'{"hmac": "00", "versions": 7}',
        "deep": b"[" * 100_000,
    }
    spoiled = edited[how] if how in edited else SPOILED[how](octets)
    assert spoiled != octets
    path.write_bytes(spoiled)
    assert twice.speaks() == 0
    assert path.with_suffix(".bad").read_bytes() == spoiled
    outcome = twice.train()
    assert (outcome.result, outcome.in_force) == (Result.ADOPTED, 3)
    assert twice.judges(_LINE) is Label.REJECTION


def test_a_signed_list_in_another_shape_is_set_aside(twice: Voter) -> None:
    """A fault of ours, then; still no reason to stop."""
    from unburnt.world import model_file, models, versions

    said = {"current": "x", "versions": [], "shipped": {}}
    secret = models.key(twice.state) or b""
    signed = model_file.signature(secret, versions._PURPOSE + versions._canonical(said)).hex()
    (twice.state / "models" / "versions.json").write_text(json.dumps({"hmac": signed} | said))
    assert twice.speaks() == 0


def test_an_own_model_in_the_place_of_another_is_not_taken_for_it(twice: Voter) -> None:
    """Its signature is good, but the list says what belongs there."""
    models = twice.state / "models"
    (models / "2.skops").write_bytes((models / "1.skops").read_bytes())
    assert twice.speaks() == 1
    assert (models / "2.bad").exists()


def test_without_the_key_nothing_is_believed(twice: Voter) -> None:
    """Another user's files, or ours after the key was lost."""
    (twice.state / "model.key").write_bytes(bytes(32))
    assert twice.speaks() == 0
    assert twice.train().result is Result.ADOPTED


@pytest.mark.parametrize("package", ["scikit-learn", "numpy"])
def test_a_model_of_other_libraries_waits_for_training(
    twice: Voter, package: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The shipped one speaks meanwhile (field notes I2); nothing is set aside, and the old libraries find it again."""
    with monkeypatch.context() as other:
        other.setattr("unburnt.world.fingerprint.version", lambda name: "0" if name == package else version(name))
        told = twice.versions.told()
        assert (twice.speaks(), told["version"], told["chosen"], told["waiting"]) == (0, 0, 2, True)
    assert twice.speaks() == 2
    with monkeypatch.context() as other:
        other.setattr("unburnt.world.fingerprint.version", lambda name: "0" if name == package else version(name))
        assert twice.train().in_force == 3
        assert (twice.speaks(), twice.versions.told()["waiting"]) == (3, False)


def test_five_adopted_models_are_kept(voter: Voter) -> None:
    """And the list of all."""
    for number in range(7):
        voter.vote_curtains(range(number, number + 1))
        voter.train()
    kept = sorted(int(path.stem) for path in (voter.state / "models").glob("*.skops"))
    assert kept == [3, 4, 5, 6, 7]
    assert [each.number for each in voter.versions.history().versions] == [1, 2, 3, 4, 5, 6, 7]
    assert voter.versions.roll_back(3) == 3


def test_models_and_list_are_for_their_owner_alone(twice: Voter) -> None:
    """Mode 0600, in a directory of mode 0700: a model tells of what it learned."""
    models = twice.state / "models"
    assert stat.S_IMODE(models.stat().st_mode) == 0o700
    for path in models.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path


def test_history_leaves_no_trace_in_the_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Votes cast, taken back, changed and cast again, in any order: the same votes are the same model (H3)."""
    straight, winding = Voter(tmp_path / "a"), Voter(tmp_path / "b")
    straight.vote_curtains()
    straight.vote(Label.OTHER, 9, "The curtain of your shower is on its way.")
    straight.train()
    listed = Path.iterdir
    monkeypatch.setattr(Path, "iterdir", lambda directory: reversed(list(listed(directory))))
    for path in winding.vote_curtains(range(3, 6)):
        winding.train()
        path.unlink()
    winding.vote(Label.REJECTION, 9, "The curtain of your shower is on its way.").unlink()
    winding.vote(Label.OTHER, 9, "The curtain of your shower is on its way.")
    winding.train()
    numbers = list(range(4))
    random.Random(3).shuffle(numbers)
    for number in numbers:
        winding.vote_curtains(range(number, number + 1))
    assert winding.train().result is Result.ADOPTED
    one, other = (each.versions.in_force()[1] for each in (straight, winding))
    assert _weights(one) == _weights(other)
    assert straight.versions.votes().digest == winding.versions.votes().digest


def _weights(fitted: Fitted) -> bytes:
    weights: bytes = fitted.estimators.whole.named_steps["decide"].coef_.tobytes()
    return weights


_KILLED = """
import os, shutil, signal, sys
from pathlib import Path
from tests.voter import CURTAIN, Voter
from unburnt.world.versions import Versions

root, fits, fit = Path(sys.argv[1]), {}, Versions.fit


def fitted_once(versions, votes, progress):
    names = tuple(vote.name for vote in votes)
    if names not in fits:
        fits[names] = fit(versions, votes, progress)
    return fits[names]


def killed_at(step):
    left = [step]
    def counted(real):
        def call(*args, **kwargs):
            left[0] -= 1
            if left[0] == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return real(*args, **kwargs)
        return call
    for name in ("replace", "fsync", "unlink", "open", "mkdir"):
        setattr(os, name, counted(getattr(os, name)))


Versions.fit = fitted_once
before = Voter(root / "before")
before.vote_curtains(range(2))
before.train()
before.vote_curtains(range(2, 5))
fitted_once(before.versions, before.versions.votes().examples()[0], lambda *_: None)
for step in range(1, 100):
    shutil.copytree(before.state, root / str(step))
    voter = before.at(root / str(step))
    sys.stdout.flush()
    if os.fork() == 0:
        killed_at(step)
        voter.train()
        os._exit(0)
    if os.waitstatus_to_exitcode(os.wait()[1]) == 0:
        break
    old_or_new = voter.speaks()
    assert voter.judges(CURTAIN.format("Bosun")) == "rejection"
    assert voter.train().in_force >= 2
    assert not list((voter.state / "models").glob(".*"))
    print(old_or_new, file=sys.stderr)
else:
    sys.exit("never came to an end")
"""


def test_a_kill_at_any_step_leaves_the_old_model_or_the_new(tmp_path: Path) -> None:
    """SIGKILL before each system call that changes a file; the next training works, and clears up."""
    command = [sys.executable, "-c", _KILLED, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=Path(__file__).parents[2])
    assert done.returncode == 0, done.stderr
    spoke = done.stderr.split()
    assert len(spoke) >= 8
    assert set(spoke) == {"1", "2"}


@pytest.mark.parametrize("full", ["1.skops", "2.skops", "versions.json"])
def test_a_full_disk_leaves_the_old_model(voter: Voter, full: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """ENOSPC while a file is written: what is there stays, the error says where, and nothing is left behind."""
    voter.vote_curtains(range(2))
    if full != "1.skops":
        voter.train()
    voter.vote_curtains(range(2, 4))
    before = voter.speaks()
    sync = os.fsync

    def no_space(descriptor: int) -> None:
        if f"/models/.{full}-" in str(Path(f"/proc/self/fd/{descriptor}").readlink()):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        sync(descriptor)

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", no_space)
        with pytest.raises(TryAgain, match=rf"{full}: can't be written: No space left.*stays"):
            voter.train()
    assert voter.speaks() == before
    assert not list((voter.state / "models").glob(".*"))
    assert voter.train().result is Result.ADOPTED


def test_a_place_that_can_not_be_written_is_told(voter: Voter) -> None:
    """A file in the place of the directory stops root as well."""
    voter.vote_curtains()
    (voter.state / "models").write_text("in the way")
    with pytest.raises(TryAgain, match=r"train\.lock"):
        voter.train()
    assert voter.speaks() == 0
