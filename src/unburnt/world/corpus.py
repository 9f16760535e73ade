"""Labelled mail: ``<label>/<language>-<kind>-<family>--<nn>.eml``. The folder is the label, the name the rest."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from unburnt.core.model import Label, Mail, Origin, RawMessage
from unburnt.core.parse import Unparsable, parse
from unburnt.errors import Exit, UnburntError

LABELS = (Label.OTHER, Label.REJECTION)

_NAME = re.compile(r"(?P<language>[a-z]{2})-(?P<kind>[a-z]+)-(?P<family>[a-z0-9]+)--\d{2}")


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


def shipped() -> Path:
    """The labelled mail that comes with the program: in the package, or in the checkout it is run from."""
    installed = Path(str(files("unburnt"))) / "classifier_data"
    return installed if installed.is_dir() else Path(__file__).parents[3] / "classifier_data"


def paths(directory: Path) -> tuple[Path, ...]:
    """The files of labelled mail under a directory, sorted; anything else there but notes is a mistake."""
    found = [path for label in LABELS for path in (directory / label).iterdir()] if _has_labels(directory) else []
    strays = [path for path in directory.iterdir() if path.is_dir() and path.name not in LABELS] if found else []
    for path in [*strays, *found]:
        if path.suffix != ".eml" or path.parent == directory:
            raise CorpusProblem(f"{path}: is no labelled mail; labelled mail is an .eml file in other/ or rejection/")
    if not found:
        raise CorpusProblem(f"{directory}: has no labelled mail in other/ and rejection/")
    return tuple(sorted(found))


def examples(directory: Path) -> Iterator[Example]:
    """The labelled mail under a directory, in a fixed order."""
    for path in paths(directory):
        yield example(path)


def example(path: Path) -> Example:
    """One labelled mail, from its file."""
    named = _NAME.fullmatch(path.stem)
    if named is None:
        raise CorpusProblem(
            f"{path}: the name is not <language>-<kind>-<family>--<nn>.eml, as in en-form-greyharbour--01.eml"
        )
    try:
        mail = parse(RawMessage(Origin(str(path)), path.read_bytes()))
    except Unparsable as error:
        raise CorpusProblem(f"{path}: {error}") from None
    return Example(
        path.stem, Label(path.parent.name), named["kind"], named["language"], path.stem.rpartition("--")[0], mail
    )


def _has_labels(directory: Path) -> bool:
    return all((directory / label).is_dir() for label in LABELS)
