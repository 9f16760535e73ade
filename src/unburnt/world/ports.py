"""What drain() needs of the world, in its own words: few methods, each Protocol with real implementations."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from unburnt.core.model import Label, Plan, RawMessage, Step, Unfetched


@dataclass(frozen=True, slots=True)
class Cursor:
    """What is finished of one mailbox: every UID up to ``high`` but those ``pending``, under this UIDVALIDITY.

    The complement of a low-water mark with a finished set above it, since a source yields UIDs in ascending order:
    equally safe (field notes A2) and a handful of rows instead of thousands.
    """

    uidvalidity: int | None = None
    high: int = 0
    pending: tuple[int, ...] = ()
    horizon: datetime | None = None  # mail older than this by INTERNALDATE is passed over


class MailSource(Protocol):
    """Where messages come from. ``heads`` is the cheap look at everything new, ``full`` the whole of one message."""

    def heads(self) -> Iterator[RawMessage | Unfetched]: ...

    def full(self, raw: RawMessage) -> RawMessage: ...


class Decider(Protocol):
    """core.planner.Planner, in this process or in a worker."""

    def plan(self, raw: RawMessage, now: datetime, told: Label | None = None, past: tuple[Step, ...] = ()) -> Plan: ...


GONE = "it isn't there any more"  # what was put: the user has moved, sent or deleted it


@dataclass(frozen=True, slots=True)
class Place:
    """The state of a store before an APPEND: only UIDs from ``uidnext`` on can be ours after a crash (isync's rule)."""

    mailbox: str
    uidvalidity: int | None = None
    uidnext: int | None = None


class ActionState(StrEnum):
    """The life of an action in the journal."""

    PENDING = "pending"  # due now or later
    INTENDED = "intended"  # an APPEND may have happened: look before doing it again
    DONE = "done"
    HELD = "held"  # a brake stopped it; `unburnt release` lets it go
    FAILED = "failed"  # refused by the sink; tried again later, with its error shown
    DROPPED = "dropped"  # no longer wanted, e.g. answered in the meantime
    RECALLED = "recalled"  # done, and no longer wanted: to be taken back
    WITHDRAWING = "withdrawing"  # a move to Trash may have happened: what is gone was taken by us
    TICKED = "ticked"  # its reminder is done: to be ticked off, or its note taken away
    WITHDRAWN = "withdrawn"  # taken back, or ticked off
    LEFT = "left"  # no longer wanted, but not ours to touch any more


class ReminderState(StrEnum):
    """The life of a reminder, whatever sinks hold it."""

    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"


class ActionSink(Protocol):
    """Where an action ends: Drafts over IMAP, a Maildir, a calendar, a list. Keys make every operation repeatable."""

    def place(self) -> Place: ...

    def find(self, key: str, since: Place) -> str | None:
        """The receipt of an earlier put of this key that was intended for this place."""
        ...

    def put(self, key: str, octets: bytes) -> str:
        """Store it, durably; the receipt says where. An entry of that key in a calendar or a list is replaced, unless
        the user has ticked it off.
        """
        ...

    def withdraw(self, key: str, octets: bytes) -> str | None:
        """Take it back if it still is what was put; None when that is done, else why it was left, such as GONE."""
        ...

    def complete(self, key: str, octets: bytes) -> str | None:
        """The user has done it: tick it off, or take the note away; None when that is so, else why it was left."""
        ...

    def completed(self, keys: Collection[str]) -> frozenset[str]:
        """Of these, those that are ticked off there."""
        ...

    def keys(self) -> frozenset[str]:
        """Everything it holds of ours, for a journal that was lost or restored."""
        ...
