"""The user's own labelled mail: what they said that a message is, and the message, kept for the model to learn from.

    <state>/labelled/<label>/<language>-vote-<family>--<identity>.eml

The files are what a model is fitted to, the table says which vote was the last. A file's name derives from the message,
so that doing it twice makes one file; a vote that changes moves the message to the other folder. Whatever order votes
came in, the last ones alone decide what lies there (field notes H2, H3).
"""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from unburnt.core.model import Label, Plan
from unburnt.core.reason import Reason
from unburnt.errors import TryAgain
from unburnt.world import schema as db
from unburnt.world.database import Database
from unburnt.world.durably import write_durably

NO_VOTE = (Reason.UNPARSABLE, Reason.OWN_MESSAGE)  # drafts and letters of the user's own teach nothing (field notes H7)

_UNKNOWN_LANGUAGE = "xx"
_IDENTITY_DIGITS = 16


@dataclass(frozen=True, slots=True)
class Vote:
    """What the user said of a message. ``path`` is its copy among the labelled mail."""

    identity: str
    label: Label
    path: Path
    account: str | None  # in whose mailbox it was cast; None for a file


class Votes:
    """All votes of a state directory."""

    def __init__(self, database: Database, state: Path) -> None:
        self._database = database
        self.directory = state / "labelled"

    def cast(self, plan: Plan, label: Label, octets: bytes, account: str | None, now: datetime) -> bool:
        """Count a vote, durably; False when it was known. A later one takes the place of an earlier one.

        The file comes before the row and the row before the removal of an older file: a kill in between leaves a vote
        that is cast anew, or a file that sweep() removes.
        """
        vote = Vote(plan.identity, label, self._path(plan, label), account)
        known = self._label(vote.identity)
        if known is label and vote.path.exists():
            return False
        try:
            vote.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_durably(vote.path, octets)
        except OSError as error:
            raise TryAgain(f"{vote.path}: labelled mail can't be kept: {error.strerror}") from error
        values = {"label": label, "name": vote.path.name, "account": account, "at": now.timestamp(), "settled": False}
        row = insert(db.votes).values(identity=vote.identity, **values)
        kept = row.on_conflict_do_update(index_elements=["identity"], set_=values)
        self._database.run(lambda connection: connection.execute(kept))
        self._other(vote).unlink(missing_ok=True)
        return True

    def sweep(self) -> None:
        """Remove what a crash left on the wrong side."""
        for vote in self._votes():
            self._other(vote).unlink(missing_ok=True)

    def unsettled(self, account: str) -> list[Vote]:
        """Votes whose consequences are still to be drawn for this account: those on messages it knows, and its own."""
        known = sa.select(db.messages.c.account).where(db.messages.c.identity == db.votes.c.identity).scalar_subquery()
        mine = sa.func.coalesce(known, db.votes.c.account) == account
        return self._votes(mine, sa.not_(db.votes.c.settled))

    def settle(self, vote: Vote) -> None:
        """Its consequences are in the journal."""
        done = sa.update(db.votes).where(db.votes.c.identity == vote.identity, db.votes.c.label == vote.label)
        self._database.run(lambda connection: connection.execute(done.values(settled=True)))

    def counts(self) -> dict[str, int]:
        """How many there are of each label."""
        query = sa.select(db.votes.c.label, sa.func.count().label("number")).group_by(db.votes.c.label)
        rows = self._database.run(lambda connection: connection.execute(query).all())
        counted = {row.label: row.number for row in rows}
        return {label.value: counted.get(label, 0) for label in (Label.REJECTION, Label.OTHER)}

    def _votes(self, *where: sa.ColumnElement[bool]) -> list[Vote]:
        query = sa.select(db.votes).where(*where).order_by(db.votes.c.at, db.votes.c.identity)
        rows = self._database.run(lambda connection: connection.execute(query).all())
        return [_vote(row, self.directory) for row in rows]

    def _label(self, identity: str) -> Label | None:
        query = sa.select(db.votes.c.label).where(db.votes.c.identity == identity)
        found = self._database.run(lambda connection: connection.execute(query).scalar())
        return None if found is None else Label(found)

    def _path(self, plan: Plan, label: Label) -> Path:
        author = plan.envelope.author
        family = sha256((author.domain if author else "").encode()).hexdigest()[:8]
        name = f"{plan.language or _UNKNOWN_LANGUAGE}-vote-s{family}--{plan.identity[:_IDENTITY_DIGITS]}.eml"
        return self.directory / label / name

    def _other(self, vote: Vote) -> Path:
        side = Label.OTHER if vote.label is Label.REJECTION else Label.REJECTION
        return self.directory / side / vote.path.name


def _vote(row: sa.Row[tuple[object, ...]], directory: Path) -> Vote:
    return Vote(row.identity, Label(row.label), directory / row.label / row.name, row.account)
