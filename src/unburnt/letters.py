"""`unburnt letters`: what letters say, in whose words, and whether those words will do."""

import json as jsonlib
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from unburnt import reports, wiring
from unburnt.config import Config
from unburnt.core import proofread
from unburnt.core.language import LanguagePack
from unburnt.core.letter import ANY, FAMILIAR, MOVES, TONES, Words, words_of
from unburnt.core.model import Label, SaveDraft
from unburnt.core.situation import Situation
from unburnt.errors import ConfigurationProblem, UsageProblem
from unburnt.matrix import Sample, facts_for_proof, samples
from unburnt.world import packs
from unburnt.world.mailfiles import message_in

_A_DAY = timedelta(days=1)
_SHOWN = 12  # problems that are told in full
_BEGINNING = """# Your own words for letters in CODE. What stands here goes before what Unburnt brings, tone by tone; delete what you
# don't want to change. `unburnt letters check CODE` tells whether every letter that comes of it can be sent.
# A letter all of your own looks like this, without the "#":
#
# [layout]
# form = '''
# Thank you for your answer{% if role %} about {{ role }}{% endif %}. {{ value }}
#
# {{ door }} {{ radar }}
# '''
"""


def languages(config: Config | None, *, json: bool) -> None:
    """Which languages, situations and voices there are, and which are the user's own."""
    own = wiring.own_words(config) if config else {}
    rows = [_language(pack, sorted(own.get(pack.code, {}))) for pack in packs.load(own)]
    if json:
        _print_json(
            {
                "situations": list(Situation),
                "moves": MOVES,
                "tones": TONES,
                "languages": [asdict(row) for row in rows],
            }
        )
        return
    table = Table("language", "voices", "says du, tu, ty …", "your own", box=None)
    for row in rows:
        table.add_row(row.language, str(row.voices), "yes" if row.familiar else "", ", ".join(row.yours))
    console = reports.console()
    console.print(table)
    console.print(
        f"\nsituations: {', '.join(Situation)}\nmoves:      {', '.join(MOVES)}\ntones:      {', '.join(TONES)}"
    )
    if config:
        console.print(f"your words: {wiring.letters_folder(config)}", highlight=False)


@dataclass(frozen=True, slots=True)
class _Row:
    """A language of the list."""

    language: str
    voices: int
    familiar: bool
    yours: list[str]


def _language(pack: LanguagePack, yours: list[str]) -> _Row:
    voices = sum(1 for place, _ in proofread.templates(pack.letters) if place.split(".")[0] in MOVES)
    return _Row(pack.code, voices, FAMILIAR in pack.letters["greeting"], yours)


def show(code: str, situation: str | None, tone: str, config: Config | None) -> None:
    """The letter of a situation, as known and unknown; without one, all of this tone."""
    known, console = _packs(config), reports.console()
    _known(code, "language", {pack.code for pack in known})
    _known(tone, "tone", set(TONES))
    _known(situation or ANY, "situation", {*Situation, ANY})
    for sample in samples(known, tone, (code,)):
        if situation in (None, sample.situation):
            _print_letter(console, sample)


def edit(code: str, move: str | None, config: Config) -> None:
    """Open the user's own file in their editor, with our words for the move to begin with; then check it."""
    _known(code, "language", set(packs.shipped_letters()))
    _known(move or MOVES[0], "move", set(MOVES))
    path = wiring.letters_folder(config) / f"{code}.toml"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(_BEGINNING.replace("CODE", code), "utf-8")
    if move is not None and not re.search(rf"^\[{move}\.", path.read_text("utf-8"), re.MULTILINE):
        with path.open("a", encoding="utf-8") as file:
            file.write("\n" + packs.shipped_text(code, move))
    editor = shlex.split(os.environ.get("VISUAL") or os.environ.get("EDITOR") or "")
    if editor:
        subprocess.run([*editor, str(path)], check=False)  # noqa: S603  # the user's own editor
    reports.console().print(f"{path}: {'checked below' if editor else 'edit it, then `unburnt letters check`'}")
    if editor:
        check(code, config, shown=False)


def preview(file: str, tone: str | None, config: Config | None) -> None:
    """The letters to one message, taken for a rejection that came yesterday."""
    recipe = wiring.recipe(config)
    if tone is not None:
        _known(tone, "tone", set(TONES))
        recipe = replace(recipe, policy=replace(recipe.policy, tone=tone))
    with wiring.decider(recipe) as worker:
        raw, now = message_in(file), wiring.utc_now()
        plan = worker.plan(raw, now, Label.REJECTION)
        if plan.envelope.date is not None:
            plan = worker.plan(raw, min(now, plan.envelope.date + _A_DAY), Label.REJECTION)
    if plan.error:
        raise UsageProblem(f"{file}: {plan.error}")
    letters = [action for action in plan.actions if isinstance(action, SaveDraft)]
    console = reports.console()
    if not letters:
        console.print(f"no letter: {plan.reason.meaning}")
    for letter in letters:
        console.rule("to send now" if letter.reminder is None else f"to check in, {letter.at.astimezone():%d %b %Y}")
        console.print(escape(letter.text), highlight=False)


def check(code: str | None, config: Config | None, *, shown: bool = True) -> None:
    """Proofread every letter that these words can give, and show twenty of them. Raises when there is a fault."""
    own = wiring.own_words(config) if config else {}
    known = packs.load(own)
    codes = (code,) if code else tuple(sorted(own)) or ("en",)
    console, faults = reports.console(), 0
    for each in codes:
        _known(each, "language", {pack.code for pack in known})
        if shown:
            for sample in samples(known, config.letters.tone if config else "warm", (each,)):
                if sample.situation is not Situation.CHECK_IN:
                    _print_letter(console, sample)
        found = list(_faults(words_of(each, known), each))
        faults += len(found)
        console.print(
            f"[bold]{each}[/bold]: {len(found) or 'no'} fault{'' if len(found) == 1 else 's'}", highlight=False
        )
        for place, problem in found[:_SHOWN]:
            console.print(f"  {place}: {escape(problem)}", highlight=False)
    if faults:
        raise ConfigurationProblem(
            "letters that shouldn't be sent so; mend the words above, see `unburnt letters edit`"
        )


def matrix(out: Path, config: Config | None, *, json: bool) -> None:
    """Every situation, language and tone, with all and with nothing known: one file a letter."""
    out.mkdir(parents=True, exist_ok=True)
    known, told = _packs(config), []
    for tone in TONES:
        for sample in samples(known, tone):
            name = f"{sample.language}.{sample.situation}.{tone}.{'known' if sample.is_known else 'unknown'}.txt"
            (out / name).write_text(sample.text + "\n", "utf-8")
            told.append({"file": name, "facts": sample.facts})
    if json:
        _print_json(told)
    else:
        reports.console().print(f"{len(told)} letters in {out}", highlight=False)


def _packs(config: Config | None) -> tuple[LanguagePack, ...]:
    return packs.load(wiring.own_words(config) if config else {})


def _faults(words: Words, code: str) -> Iterator[tuple[str, str]]:
    """Each fault once, wherever it shows first."""
    seen = set()
    for place, problem, _ in proofread.proofread(words, facts_for_proof(words, code), keys=3):
        if problem not in seen:
            seen.add(problem)
            yield place, problem


def _print_letter(console: Console, sample: Sample) -> None:
    console.rule(
        f"{sample.situation}, {'all known' if sample.is_known else 'nothing known'}: {len(sample.text.split())} words"
    )
    console.print(escape(sample.text), highlight=False)


def _known(value: str, what: str, known: set[str]) -> None:
    if value not in known:
        raise UsageProblem(f"there is no {what} {value!r}; there are {', '.join(sorted(known))}")


def _print_json(said: Any) -> None:
    sys.stdout.write(jsonlib.dumps(said, ensure_ascii=False, indent=2) + "\n")
