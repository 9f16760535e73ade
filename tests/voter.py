"""A user with a little shipped mail, who votes; small enough to train in a moment."""

from copy import copy
from pathlib import Path
from typing import Self

from unburnt.config import Config
from unburnt.core.classify import Classifier, Fitted
from unburnt.core.model import Label, Origin, RawMessage
from unburnt.core.parse import parse
from unburnt.train import train
from unburnt.world.fitting import Outcome
from unburnt.world.versions import Versions

REJECTION = "Unfortunately we have decided to go ahead with another candidate for the post of {}."
RECEIPT = "Thank you for your order of a {}. It leaves our warehouse today and reaches you tomorrow."
CURTAIN = "With this note we close the curtain on your audition as {}. The house lights go up."
THINGS = ("baker", "welder", "teacher", "nurse", "driver", "gardener")


def message(text: str, domain: str = "y.example") -> bytes:
    return f"From: a@{domain}\nSubject: hello\n\n{text}\n".encode()


class Voter:
    """Directories of a user."""

    def __init__(self, root: Path) -> None:
        self.data, self.cache, self.state = (root / name for name in ("data", "cache", "state"))
        for label, text in ((Label.REJECTION, REJECTION), (Label.OTHER, RECEIPT)):
            (self.data / label).mkdir(parents=True)
            for number, thing in enumerate(THINGS):
                name = f"en-form-{thing}{number}--01.eml"
                (self.data / label / name).write_bytes(message(text.format(thing), f"{thing}.example"))

    def at(self, state: Path) -> Self:
        """The same user in another state directory."""
        other = copy(self)
        other.state = state
        return other

    @property
    def configuration(self) -> Config:
        account = {"name": "a", "address": "sam@mail.example", "host": "localhost"}
        return Config.model_validate(
            {"profile": {"name": "Sam"}, "accounts": [account], "state": {"directory": str(self.state)}}
        )

    def vote(self, label: Label, number: int, text: str) -> Path:
        """A message among the labelled mail, named as votes are."""
        path = self.state / "labelled" / label / f"en-vote-s0a1b2c3d--{number:016x}.eml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(message(text))
        return path

    def vote_curtains(self, numbers: range = range(4)) -> list[Path]:
        """Rejections in words that the shipped mail doesn't know."""
        things = ("Prompter", "Carpenter", "Usher", "Dramaturg", "Dresser", "Painter")
        return [self.vote(Label.REJECTION, number, CURTAIN.format(things[number % 6])) for number in numbers]

    def train(self, *, force: bool = False) -> Outcome:
        return train(self.configuration, json=True, force=force, data=self.data, cache=self.cache)

    @property
    def versions(self) -> Versions:
        return Versions(self.state, self.data, self.cache)

    def speaks(self) -> int:
        """The number of the model in force."""
        return self.versions.in_force()[0]

    def judges(self, text: str) -> Label:
        """What the model in force says of it."""
        return label_of(self.versions.in_force()[1], text)


def label_of(fitted: Fitted, text: str) -> Label:
    return Classifier(fitted).classify(parse(RawMessage(Origin("test"), message(text)))).label
