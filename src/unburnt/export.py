"""`unburnt export-labels --redact`: the user's labelled mail without names, for those who want to give it away."""

import json as jsonlib
import secrets
import sys
from collections import Counter
from dataclasses import dataclass
from hmac import digest
from pathlib import Path

from rich.markup import escape
from rich.table import Table

from unburnt import reports, wiring
from unburnt.config import Config
from unburnt.core.language import LanguagePack
from unburnt.core.model import Label, Origin, RawMessage
from unburnt.core.ordinary import Ordinary
from unburnt.core.parse import parse
from unburnt.core.redact import redact
from unburnt.errors import TryAgain, UsageProblem
from unburnt.world import corpus, packs, vocabulary
from unburnt.world.durably import write_durably
from unburnt.world.ports import Decider

_WARNING = "Read these before you send them; a program can miss a name."
_UNKNOWN_LANGUAGE = "xx"
_FAMILY_DIGITS = 10


@dataclass(frozen=True, slots=True)
class _Knowledge:
    """What redaction knows of languages."""

    packs: tuple[LanguagePack, ...]
    ordinary: Ordinary


def export_labels(directory: Path, config: Config, *, redacted: bool, json: bool) -> None:
    """Write what may be given away, and tell what was written."""
    labelled = config.state_directory / "labelled"
    if not redacted:
        raise UsageProblem(
            "without --redact your mail would leave as it is, with the names and addresses of those who wrote it; "
            f"if you want that, copy {labelled} yourself"
        )
    found = corpus.voted(labelled).files
    if not found:
        raise UsageProblem(f"{labelled}: there is no labelled mail yet")
    _prepare(directory)
    loaded = packs.load()
    knowledge = _Knowledge(loaded, vocabulary.load(loaded))
    # the labels are known, so the classifier isn't asked; what is asked is whether a message can be read
    with wiring.decider(wiring.recipe(None)) as decider:
        written, unread = _write(directory, found, decider, knowledge)
    _tell(directory, written, unread, json=json)


def _prepare(directory: Path) -> None:
    """Nothing else may lie there: what is given away should be what was read."""
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        strange = next(directory.iterdir(), None)
    except OSError as error:
        raise UsageProblem(f"{directory}: no folder can be made there: {error.strerror}") from error
    if strange is not None:
        raise UsageProblem(f"{directory}: is not empty; name a new folder")


def _write(
    directory: Path, found: tuple[tuple[Path, bytes], ...], decider: Decider, knowledge: _Knowledge
) -> tuple[list[Path], list[str]]:
    salt = secrets.token_bytes(32)
    numbers: Counter[str] = Counter()
    written, unread = [], []
    for path, octets in found:
        raw, label = RawMessage(Origin(str(path)), octets), Label(path.parent.name)
        plan = decider.plan(
            raw, wiring.utc_now(), Label.REJECTION
        )  # as one, so that its names are looked for there too
        if plan.error:
            unread.append(f"{path}: {plan.error}")
            continue
        # the worker has shown that this message neither hangs nor crashes the parser and the extraction
        left = redact(parse(raw), knowledge.packs, knowledge.ordinary)
        voice = f"{plan.language or _UNKNOWN_LANGUAGE}-given-{_family(path, salt)}"
        numbers[voice] += 1
        target = directory / label / f"{voice}--{numbers[voice]:02}.eml"
        _save(target, left.octets())
        written.append(target)
    return written, unread


def _family(path: Path, salt: bytes) -> str:
    """One for one sender, as in the name of the labelled file, and telling nothing of them: the salt is forgotten."""
    sender = path.stem.partition("--")[0].rpartition("-")[2]
    return "g" + digest(salt, sender.encode(), "sha256").hex()[:_FAMILY_DIGITS]


def _save(target: Path, octets: bytes) -> None:
    try:
        target.parent.mkdir(mode=0o700, exist_ok=True)
        write_durably(target, octets)
    except OSError as error:
        raise TryAgain(f"{target}: can't be written: {error.strerror}") from error


def _tell(directory: Path, written: list[Path], unread: list[str], *, json: bool) -> None:
    counted = Counter(path.parent.name for path in written)
    if json:
        counts = {label.value: counted[label.value] for label in corpus.LABELS}
        names = [str(path.relative_to(directory)) for path in written]
        said = {"directory": str(directory), "counts": counts, "files": names, "unread": unread, "warning": _WARNING}
        sys.stdout.write(jsonlib.dumps(said, ensure_ascii=False, indent=2) + "\n")
        return
    console = reports.console()
    table = Table("label", "language", "messages", box=None)
    for (label, language), count in sorted(Counter((path.parent.name, path.name[:2]) for path in written).items()):
        table.add_row(label, language, str(count))
    console.print(table)
    for line in unread:
        console.print(f"left out: {escape(line)}", highlight=False)
    console.print(f"{len(written)} written to {escape(str(directory))}", highlight=False, soft_wrap=True)
    console.print(f"[bold]{_WARNING}[/bold]", highlight=False)
