"""The history's index: the steps of applications, one row each, without any text.

Whether a message belongs to an application is often known only from others: "Thursday is fine" says nothing by itself.
So what might belong is kept loose at first, and sweep() keeps what a known step leads to, and forgets the rest.
"""

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa
from pydantic import TypeAdapter
from sqlalchemy.dialects.sqlite import insert

from unburnt.core.chronicle import is_firm
from unburnt.core.model import Address, Kind, Label, Plan, RawMessage, Step
from unburnt.core.process import ids_of
from unburnt.world import schema as db
from unburnt.world.database import Database
from unburnt.world.ports import Decider

_LOOSE = frozenset({Kind.OTHER, Kind.REPLY})
_MOST = 5000  # steps that a rejection is compared with, the latest ones
_STEP = TypeAdapter(Step)


class Index:
    """The steps of all accounts: they are one person's applications."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def steps(self) -> tuple[Step, ...]:
        """What is known, oldest first."""
        query = sa.select(db.steps.c.step).order_by(db.steps.c.at.desc()).limit(_MOST)
        rows = self._database.run(lambda connection: connection.execute(query).scalars().all())
        return tuple(_STEP.validate_json(row) for row in reversed(rows))

    def sweep(self) -> None:
        """Keep the loose steps that lead to known ones, over any number of them; forget the others."""
        self._database.run(_sweep)


def keep(connection: sa.Connection, account: str, step: Step) -> None:
    """Enter a step, or what is known better of it now."""
    values = {
        "account": account,
        "at": step.date.timestamp() if step.date else 0.0,
        "loose": step.kind in _LOOSE,
        "step": _STEP.dump_json(step).decode(),
    }
    row = insert(db.steps).values(identity=step.identity, **values)
    connection.execute(row.on_conflict_do_update(index_elements=["identity"], set_=values))


def _sweep(connection: sa.Connection) -> None:
    steps = db.steps.c
    rows = connection.execute(sa.select(steps.identity, steps.step).where(steps.loose)).all()
    loose = {row.identity: _STEP.validate_json(row.step) for row in rows}
    if not loose:  # as after most passes: the rest isn't read then
        return
    others = connection.execute(sa.select(steps.step).where(~steps.loose)).scalars()
    known = {trace for row in others for trace in _traces(_STEP.validate_json(row))}
    found: set[str] = set()
    while new := {i for i, step in loose.items() if i not in found and known & set(_traces(step))}:
        found |= new
        known |= {trace for i in new for trace in ids_of(loose[i])}
    connection.execute(sa.update(db.steps).where(db.steps.c.identity.in_(found)).values(loose=False))
    connection.execute(sa.delete(db.steps).where(db.steps.c.identity.in_(loose.keys() - found)))


def _traces(step: Step) -> Iterable[str]:
    """What a known step makes known: its thread, its people, their organisation."""
    yield from ids_of(step)
    yield from step.organisations
    yield from (each.address.lower() for each in _people(step) if not is_firm(each))


def _people(step: Step) -> Iterable[Address]:
    """The other side. A private mailbox counts as itself, not as its provider."""
    yield from step.addressees if step.is_own else filter(None, (step.author,))


class Informed:
    """A decider that is told, of every rejection, what is known of the application that it ends."""

    def __init__(self, decider: Decider, index: Index) -> None:
        self._decider = decider
        self._index = index

    def plan(self, raw: RawMessage, now: datetime, told: Label | None = None, past: tuple[Step, ...] = ()) -> Plan:
        """The plan; a rejection's is made anew with its history, once all of it is there."""
        plan = self._decider.plan(raw, now, told, past)
        if plan.rejection is None or not raw.complete or past:
            return plan
        known = self._index.steps()
        return self._decider.plan(raw, now, told, known) if known else plan
