"""`unburnt train`: a new version of the user's model, from the votes there are."""

import contextlib
import json as jsonlib
import os
import sys
from contextlib import AbstractContextManager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.markup import escape
from rich.table import Table

from unburnt import reports, wiring
from unburnt.config import Config
from unburnt.core.classify import Classifier, Fitted
from unburnt.core.model import Label
from unburnt.world import fitting
from unburnt.world.fitting import Outcome, Result, figures
from unburnt.world.models import Progress
from unburnt.world.versions import Versions

_NICE = 15  # beside a daemon that has mail to answer (field notes H9)

_SAID = {
    Result.ADOPTED: "version {version} is in force now",
    Result.REFUSED: "version {version} was refused, and {in_force} stays in force: {why}",
    Result.NOTHING_NEW: "nothing new: {in_force} was made from these votes, or you rolled back what was",
    Result.NO_VOTES: "there are no votes: {in_force} is in force",
    Result.TOO_LITTLE: "there is too little labelled mail, and {in_force} stays in force: {why}",
}


def train(
    config: Config,
    *,
    json: bool = False,
    background: bool = False,
    force: bool = False,
    data: Path | None = None,
    cache: Path | None = None,
) -> Outcome:
    """Train, adopt or refuse, and tell. ``data`` and ``cache`` stand in for the shipped mail and its model's cache."""
    if background:
        os.nice(_NICE)
    versions = Versions(config.state_directory, data, cache)

    def judge(fitted: Fitted) -> Classifier:
        return Classifier(fitted, config.classifier.threshold, config.classifier.unsure)

    with versions.lock(), _progress(background or json) as progress:
        versions.clear_up()
        outcome = fitting.train(versions, judge, wiring.utc_now().isoformat(timespec="seconds"), progress, force=force)
    if json or background:
        sys.stdout.write(jsonlib.dumps(_as_json(outcome), ensure_ascii=False) + "\n")
    else:
        _show(outcome)
    return outcome


def _progress(silent: bool) -> AbstractContextManager[Progress]:  # noqa: FBT001
    if silent:
        return contextlib.nullcontext(lambda _what, _done, _of: None)
    return reports.fitting()


def called(number: int) -> str:
    return f"version {number}" if number else "the shipped model"


def _said(outcome: Outcome) -> str:
    version = outcome.version.number if outcome.version else ""
    return _SAID[outcome.result].format(version=version, in_force=called(outcome.in_force), why=outcome.why)


def _show(outcome: Outcome) -> None:
    console = reports.console()
    if outcome.version and outcome.before and outcome.after:
        counts = outcome.version.votes
        console.print(
            f"{counts[Label.REJECTION]} votes for a rejection, {counts[Label.OTHER]} for none", highlight=False
        )
        table = Table("out of family", "before", "after", box=None)
        after = figures(outcome.after)
        for name, value in figures(outcome.before).items():
            table.add_row(name.replace("_", " "), f"{value:.4f}", f"{after[name]:.4f}")
        console.print(table)
    for why in outcome.passed_over:
        console.print(f"passed over: {escape(why)}", highlight=False, soft_wrap=True)
    console.print(escape(_said(outcome)), highlight=False, soft_wrap=True)


def _as_json(outcome: Outcome) -> dict[str, Any]:
    return {
        "result": outcome.result,
        "in_force": outcome.in_force,
        "version": asdict(outcome.version) if outcome.version else None,
        "before": figures(outcome.before) if outcome.before else None,
        "why": outcome.why,
        "passed_over": list(outcome.passed_over),
    }
