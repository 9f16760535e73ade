"""How a planner is made: a value that travels to the process that reads mail, which loads little besides."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from unburnt.core.classify import Classifier
from unburnt.core.model import Profile
from unburnt.core.planner import Planner
from unburnt.core.policy import Policy
from unburnt.world import models, packs, versions


@dataclass(frozen=True, slots=True)
class PlannerRecipe:
    """All a planner is made from, as a value that travels to a worker process."""

    profile: Profile
    policy: Policy
    threshold: float | None = None
    unsure: float | None = None
    state: Path | None = None  # whose model decides; without one it is the shipped model
    letters: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)  # the user's own words, by language

    def __call__(self) -> Planner:
        fitted = versions.load(self.state, Told()) if self.state else models.load_or_fit(Told())[0]
        return Planner(
            Classifier(fitted, self.threshold, self.unsure), packs.load(self.letters), self.profile, self.policy
        )


class Told:
    """Says once, on standard error, that the model has to be fitted first."""

    def __init__(self) -> None:
        self._told = False

    def __call__(self, what: str, done: int, of: int) -> None:
        del what, done
        if not self._told:
            sys.stderr.write(f"unburnt: fitting the classifier from {of} labelled messages, once (some minutes)\n")
            self._told = True
