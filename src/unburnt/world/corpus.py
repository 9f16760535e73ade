"""Labelled mail: ``<label>/<language>-<kind>-<family>--<nn>.eml``. The folder is the label, the name the rest."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from hashlib import sha256
from importlib.resources import files
from pathlib import Path

from unburnt.core.features import document
from unburnt.core.kind import OF_DATA
from unburnt.core.lessons import Lesson, Marks, Saying
from unburnt.core.likeness import group_of
from unburnt.core.model import Kind, Label, Mail, Origin, RawMessage
from unburnt.core.parse import Unparsable, parse
from unburnt.core.spoken import alone
from unburnt.errors import Exit, UnburntError

LABELS = (Label.OTHER, Label.REJECTION)

MARKS = "decisive.tsv"
_MARKS = ("no", "around", "none")  # "none": somebody looked, and no sentence says it by itself
SAYINGS = "sayings.tsv"
_SAID = ("no", "not")
_TABS = 2
_OWN = "own"  # the kind of mail that the user wrote
NAME = re.compile(r"(?P<language>[a-z]{2})-(?P<kind>[a-z]+)-(?P<family>[a-z0-9]+)--[0-9a-f]{2,64}")


UNUSUAL = frozenset(  # kinds of which the folder has more than a mailbox, to teach what misleads
    "academic advice charity code coldsale community contest dating family finance forwarded founder friends grant hiring "
    "housing insurance internal late mailinglist membership newsletter own paper paused personal pool public recruiter "
    "reference refund school screening spam tender thread visa volume work".split()
)


class CorpusProblem(UnburntError):
    """Labelled mail that can't be used; the text says which and why."""

    exit_code = Exit.CONFIGURATION


@dataclass(frozen=True, slots=True)
class Example:
    """One labelled mail. ``family`` names the voice it is written in: what cross-validation keeps on one side."""

    name: str
    label: Label
    kind: str
    language: str
    family: str
    mail: Mail
    marks: Marks | None = None

    def lesson(self) -> Lesson:
        """What the estimators are taught by it. CorpusProblem where a marked sentence isn't one of its own."""
        read, says_no = document(self.mail), self.label is Label.REJECTION
        if self.marks and (lost := (self.marks.no | self.marks.around) - {said.written for said in read.sentences}):
            raise CorpusProblem(f"{MARKS}: {self.name} has no sentence “{min(lost)}”")
        group = "" if says_no else group_of(self.kind)
        return Lesson(read, says_no, self.family, self.marks, self.kind in UNUSUAL, group)

    @property
    def teaches(self) -> Kind | None:
        """What the estimator of kinds is taught by it; None of a rejection, and of what the user wrote."""
        if self.label is Label.REJECTION or self.kind == _OWN:
            return None
        return OF_DATA.get(self.kind, Kind.OTHER)


def marks(directory: Path) -> dict[str, Marks]:
    """Which sentences of which rejections say no, from ``decisive.tsv``; by the names of the mails. It may be missing."""
    path = directory / MARKS
    sentences: defaultdict[str, dict[str, set[str]]] = defaultdict(lambda: {mark: set() for mark in _MARKS})
    for number, line in enumerate(path.read_text("utf-8").splitlines() if path.is_file() else (), 1):
        name, mark, sentence = (*line.split("\t"), "", "")[:3]
        if mark not in _MARKS or line.count("\t") != _TABS:
            raise CorpusProblem(f"{path}, line {number}: is not <name> TAB {' or '.join(_MARKS)} TAB <sentence>")
        sentences[name][mark].add(sentence)
    return {name: Marks(frozenset(found["no"]), frozenset(found["around"])) for name, found in sentences.items()}


def sayings(directory: Path) -> tuple[Saying, ...]:
    """The single sentences of ``sayings.tsv``, which may be missing."""
    path = directory / SAYINGS
    found = []
    for number, line in enumerate(path.read_text("utf-8").splitlines() if path.is_file() else (), 1):
        language, said, sentence = (*line.split("\t"), "", "")[:3]
        if said not in _SAID or line.count("\t") != _TABS:
            raise CorpusProblem(f"{path}, line {number}: is not <language> TAB {' or '.join(_SAID)} TAB <sentence>")
        found.append(Saying(alone(language, sentence), said == "no"))
    return tuple(found)


def shipped() -> Path:
    """The labelled mail that comes with the program: in the package, or in the checkout it is run from."""
    installed = Path(str(files("unburnt"))) / "classifier_data"
    return installed if installed.is_dir() else Path(__file__).parents[3] / "classifier_data"


@dataclass(frozen=True, slots=True)
class Voted:
    """The user's own labelled mail as it lies there now; ``digest`` tells whether it is the same another time."""

    files: tuple[tuple[Path, bytes], ...]

    @property
    def digest(self) -> str:
        """Empty without votes. The order in which they came, and the time, say nothing."""
        return digest_of(self.files) if self.files else ""

    def count(self, label: Label) -> int:
        return sum(path.parent.name == label for path, _ in self.files)

    def examples(self) -> tuple[tuple[Example, ...], tuple[str, ...]]:
        """What can be learned from, and what was passed over, and why."""
        sides = Counter(path.name for path, _ in self.files)
        found, over = [], []
        for path, octets in self.files:
            if sides[path.name] > 1:
                over.append(f"{path}: lies on both sides")
                continue
            try:
                found.append(_example(path, octets))
            except CorpusProblem as problem:
                over.append(str(problem))
        return tuple(found), tuple(over)


def digest_of(labelled: Iterable[tuple[Path, bytes]]) -> str:
    """Of labels, names and octets of labelled mail, in this order."""
    digest = sha256()
    for path, octets in labelled:
        digest.update(f"{path.parent.name}/{path.name}\n".encode() + sha256(octets).digest())
    return digest.hexdigest()


def voted(directory: Path) -> Voted:
    """The votes under a directory, sorted; others may add and remove some meanwhile."""
    listed: list[Path] = []
    for label in LABELS:
        with suppress(OSError):  # a side without votes need not exist
            listed += (path for path in (directory / label).iterdir() if not path.name.startswith("."))
    files = []
    for path in sorted(path for path in listed if path.suffix == ".eml"):
        try:
            files.append((path, path.read_bytes()))
        except FileNotFoundError:
            continue
        except OSError:  # teaches as little as an empty one, and is told as one
            files.append((path, b""))
    return Voted(tuple(files))


def paths(directory: Path) -> tuple[Path, ...]:
    """The files of labelled mail under a directory, sorted; anything else there but notes is a mistake."""
    sides = [directory / label for label in LABELS] if _has_labels(directory) else []
    found = [side / name for side in sides for name in sorted(path.name for path in side.iterdir())]
    if not found:
        raise CorpusProblem(f"{directory}: has no labelled mail in other/ and rejection/")
    folders = (path for path in directory.iterdir() if path.is_dir() and path.name not in LABELS)
    for stray in (*folders, *(path for path in found if not path.name.endswith(".eml"))):
        raise CorpusProblem(f"{stray}: is no labelled mail; labelled mail is an .eml file in other/ or rejection/")
    return tuple(found)


def examples(directory: Path) -> Iterator[Example]:
    """The labelled mail under a directory, in a fixed order."""
    marked = marks(directory)
    for path in paths(directory):
        yield example(path, marked)


def example(path: Path, marked: Mapping[str, Marks] | None = None) -> Example:
    """One labelled mail, from its file."""
    found = _example(path, path.read_bytes())
    return replace(found, marks=(marked or {}).get(found.name))


def _example(path: Path, octets: bytes) -> Example:
    named = NAME.fullmatch(path.stem)
    if named is None:
        raise CorpusProblem(
            f"{path}: the name is not <language>-<kind>-<family>--<nn>.eml, as in en-form-greyharbour--01.eml"
        )
    try:
        mail = parse(RawMessage(Origin(str(path)), octets))
    except Unparsable as error:
        raise CorpusProblem(f"{path}: {error}") from None
    return Example(
        path.stem, Label(path.parent.name), named["kind"], named["language"], path.stem.rpartition("--")[0], mail
    )


def _has_labels(directory: Path) -> bool:
    return all((directory / label).is_dir() for label in LABELS)
