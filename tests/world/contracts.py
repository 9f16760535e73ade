"""What every source and every sink keeps, whatever is behind it. Each test class of an implementation takes one over."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Protocol

from tests.stand_in import SubjectDecider, message
from unburnt.core.model import Origin, RawMessage, SaveDraft, Unfetched
from unburnt.world.ports import ActionSink, MailSource

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


@dataclass
class Clock:
    """Time that goes on when told to."""

    now: datetime = NOON

    def __call__(self) -> datetime:
        return self.now

    def wait(self, **span: float) -> None:
        self.now += timedelta(**span)


@dataclass(frozen=True)
class Delivered:
    """A message as it lies in a store."""

    octets: bytes
    at: datetime = NOON
    flags: frozenset[str] = frozenset()


def delivered(number: int, subject: str = "hello") -> Delivered:
    return Delivered(message(subject, number, date=NOON), NOON - timedelta(hours=number))


ODD = (
    Delivered(message("rejected", 1, date=NOON), NOON - timedelta(days=400), frozenset({"\\Seen"})),
    Delivered(b"Subject: =?utf-8?q?no_body?=\r\n\r\n", NOON - timedelta(hours=3)),
    Delivered(
        "Subject: r\u00fcde\r\n\r\nGr\u00fc\u00dfe\r\n".encode("latin-1"), flags=frozenset({"\\Answered", "\\Flagged"})
    ),
    Delivered(
        b"Subject: lines\r\n\r\nFrom here on\r\n>From there\r\n.\r\n\r\n\r\n" + b"x" * 3000 + b"\r\n",
        flags=frozenset({"\\Draft"}),
    ),
    Delivered(message("rejected", 1, date=NOON), NOON + timedelta(seconds=1), frozenset({"\\Seen", "\\Answered"})),
)
LARGE = Delivered(message("rejected", 7, date=NOON) + b"0123456789abcdef" * 20000 + b"\r\n")


class Store(Protocol):
    """A place where messages lie, as a test sees it."""

    def deliver(self, what: Delivered) -> None: ...

    def source(self) -> MailSource: ...

    def state(self) -> object:
        """All that reading could change."""
        ...


class SourceContract:
    """A MailSource. The fixture ``store`` gives an empty Store; ``flags`` is whether it keeps any."""

    flags = True

    def test_all_messages_come_once_in_order_as_they_were_delivered(self, store: Store) -> None:
        """Octet by octet: what is 8-bit, begins lines with From or dots, or has no body too. Two copies are two."""
        for each in ODD:
            store.deliver(each)
        seen = messages(store.source())

        assert [raw.octets for raw in seen] == [each.octets for each in ODD]
        assert [raw.internal_date for raw in seen] == [each.at for each in ODD]
        expected = [each.flags if self.flags else frozenset() for each in ODD]
        assert [frozenset(raw.flags) - {"\\Recent"} for raw in seen] == expected
        assert all(raw.complete for raw in seen)
        assert len({raw.origin for raw in seen}) == len(ODD)

    def test_a_large_message_may_come_as_its_beginning_and_can_be_had_whole(self, store: Store) -> None:
        """What says it is complete is; full() leaves a complete one as it is."""
        store.deliver(LARGE)
        store.deliver(ODD[0])
        source, seen = store.source(), []
        for head in source.heads():
            assert isinstance(head, RawMessage)
            seen.append((head, source.full(head)))

        for (head, full), each in zip(seen, (LARGE, ODD[0]), strict=True):
            assert each.octets.startswith(head.octets)
            assert head.complete == (head.octets == each.octets)
            assert full == replace(head, octets=each.octets, complete=True)

    def test_reading_changes_nothing(self, store: Store) -> None:
        """Not a flag, not a name, not a time."""
        for each in (*ODD, LARGE):
            store.deliver(each)
        before = store.state()
        source = store.source()
        for head in source.heads():
            assert isinstance(head, RawMessage)
            source.full(head)

        assert store.state() == before

    def test_nothing_comes_of_nothing(self, store: Store) -> None:
        """An empty mailbox is no error."""
        assert list(store.source().heads()) == []


class SpoilableStore(Store, Protocol):
    def spoil(self, number: int) -> None:
        """Make the n-th message one that is listed and can't be read."""
        ...


class UnreadableContract:
    """A MailSource over messages of which one can't be read."""

    def test_one_that_can_not_be_read_is_told_in_its_place_and_the_rest_goes_on(self, store: SpoilableStore) -> None:
        """Told as Unfetched, with a reason and where it is; never as an empty message, never by an exception."""
        for number in range(5):
            store.deliver(delivered(number))
        store.spoil(2)
        seen = list(store.source().heads())

        assert [isinstance(item, Unfetched) for item in seen] == [False, False, True, False, False]
        bad = seen[2]
        assert isinstance(bad, Unfetched)
        assert bad.error
        assert bad.origin.source
        good = [item.octets for item in seen if isinstance(item, RawMessage)]
        assert good == [delivered(number).octets for number in (0, 1, 3, 4)]


class Outbox(Protocol):
    """A place where drafts go, as a test sees it."""

    def sink(self) -> ActionSink: ...

    def held(self) -> Collection[bytes]:
        """The octets of everything that lies there."""
        ...


class SinkContract:
    """An ActionSink. The fixture ``outbox`` gives an empty Outbox."""

    def test_what_was_put_is_found_by_its_key_and_whole(self, outbox: Outbox) -> None:
        """By another connection too: put() returns when it is stored."""
        first, second = letters(2)
        sink = outbox.sink()
        place = sink.place()
        assert sink.find(first.key, place) is None
        assert sink.keys() == frozenset()
        receipt = sink.put(first.key, first.octets)

        assert receipt
        again = outbox.sink()
        assert again.find(first.key, place)
        assert again.find(second.key, place) is None
        assert again.keys() == {first.key}
        assert list(outbox.held()) == [first.octets]

    def test_each_key_is_found_among_others(self, outbox: Outbox) -> None:
        """And among mail that isn't ours."""
        drafts, sink = letters(5), outbox.sink()
        place = sink.place()
        for each in drafts:
            sink.put(each.key, each.octets)

        receipts = {each.key: sink.find(each.key, place) for each in drafts}
        assert None not in receipts.values()
        assert len(set(receipts.values())) == 5
        assert sink.keys() == {each.key for each in drafts}
        assert sorted(outbox.held()) == sorted(each.octets for each in drafts)

    def test_a_key_that_is_there_already_can_be_seen(self, outbox: Outbox) -> None:
        """So that whoever is about to put it a second time needn't."""
        first, sink = letters(1)[0], outbox.sink()
        place = sink.place()
        sink.put(first.key, first.octets)
        sink.put(first.key, first.octets)

        assert sink.find(first.key, place)
        assert sink.keys() == {first.key}

    def test_a_place_says_where(self, outbox: Outbox) -> None:
        """It survives in the journal as three columns."""
        place = outbox.sink().place()

        assert place.mailbox
        assert isinstance(place.uidvalidity, int | None)
        assert isinstance(place.uidnext, int | None)


def letters(count: int) -> list[SaveDraft]:
    """Drafts as the planner makes them."""
    made: list[SaveDraft] = []
    for number in range(count):
        plan = SubjectDecider().plan(RawMessage(Origin("x"), message("rejected", number, date=NOON)), NOON)
        made += [action for action in plan.actions if isinstance(action, SaveDraft)]
    return made


def messages(source: MailSource) -> list[RawMessage]:
    """What a source yields, when all of it can be read."""
    return list(_read(source))


def _read(source: MailSource) -> Iterator[RawMessage]:
    for item in source.heads():
        assert isinstance(item, RawMessage), item
        yield item
