"""A calendar server as a sink (RFC 4791): one to-do for each reminder, found by its UID, never written over unseen."""

import re
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from unburnt.core import calendar, calendar_file
from unburnt.errors import CommandRefused, ConfigurationProblem
from unburnt.world.ics_sink import touched
from unburnt.world.ports import Place

NAME = "Follow-ups"
_SECONDS = 10  # for any one answer
_CALENDAR = "{urn:ietf:params:xml:ns:caldav}calendar"
_KEY = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class _Lying:
    """What the server has under a key, in which version."""

    url: str
    octets: bytes
    condition: dict[str, str]  # If-Match (RFC 9110): what the user changes meanwhile is not lost


class CaldavCalendar:
    """The calendar at a URL, or the one called "Follow-ups" among those there. Nothing is asked of it before it must."""

    def __init__(self, url: str, username: str, secret: Callable[[], str], clock: Callable[[], datetime]) -> None:
        self._url, self._username, self._secret, self._clock = url, username, secret, clock
        self._opened: Any = None

    def place(self) -> Place:
        return Place(self._url)

    def find(self, key: str, since: Place) -> str | None:
        del since
        with self._troubles():
            there = self._lying(key)
        return there.url if there else None

    def put(self, key: str, octets: bytes) -> str:
        with self._troubles():
            there = self._lying(key)
            if there is not None and calendar.is_completed(there.octets):
                return there.url
            url = there.url if there else self._url_of(key)
            self._store(url, octets, there.condition if there else {"If-None-Match": "*"})
        return url

    def withdraw(self, key: str, octets: bytes) -> str | None:
        with self._troubles():
            if (there := self._lying(key)) is None:
                return None
            if (why := touched(there.octets, octets)) is not None:
                return why
            _expect(self._client.delete(there.url, there.condition).status, 200, 202, 204, 404)
        return None

    def complete(self, key: str, octets: bytes) -> str | None:
        """Ticked off as it is now; what isn't there any more needs no tick."""
        del octets
        with self._troubles():
            there = self._lying(key)
            if there is not None and not calendar.is_completed(there.octets):
                self._store(there.url, calendar.completed(there.octets, self._clock()), there.condition)
        return None

    def completed(self, keys: Collection[str]) -> frozenset[str]:
        wanted = frozenset(keys)
        with self._troubles():
            ours = [(found, octets) for _, octets in self._todos() if (found := _keys(octets) & wanted)]
        return frozenset(key for found, octets in ours if calendar.is_completed(octets) for key in found)

    def keys(self) -> frozenset[str]:
        with self._troubles():
            return frozenset(key for _, octets in self._todos() for key in _keys(octets))

    def _lying(self, key: str) -> _Lying | None:
        """By the address we gave it; where a server or another program chose its own, by looking through all."""
        if (there := self._fetched(self._url_of(key))) is not None:
            return there
        url = next((url for url, octets in self._todos() if key in _keys(octets)), None)
        return self._fetched(url) if url else None

    def _fetched(self, url: str) -> _Lying | None:
        response = self._client.request(url)
        if response.status in (404, 410):
            return None
        _expect(response.status, 200)
        etag = response.headers.get("ETag")
        text = response.raw
        octets = text.encode() if isinstance(text, str) else bytes(text)
        return _Lying(url, octets, {"If-Match": etag} if etag else {})

    def _store(self, url: str, octets: bytes, condition: dict[str, str]) -> None:
        header = {"Content-Type": "text/calendar; charset=utf-8", **condition}
        _expect(self._client.put(url, octets.decode(), header).status, 200, 201, 204)

    def _todos(self) -> Iterator[tuple[str, bytes]]:
        for todo in self._calendar.get_todos(include_completed=True):
            yield str(todo.url), str(todo.data).encode()

    def _url_of(self, key: str) -> str:
        return f"{str(self._calendar.url).rstrip('/')}/{key}.ics"

    @property
    def _client(self) -> Any:
        return self._calendar.client

    @property
    def _calendar(self) -> Any:
        """The library's object; its types are those of two clients at once, and say little about either."""
        if self._opened is None:
            self._opened = self._open()
        return self._opened

    def _open(self) -> Any:
        """The URL's own calendar, else ours by its name; made where it is missing."""
        from caldav.davclient import DAVClient
        from caldav.elements import dav

        client: Any = DAVClient(
            self._url,
            username=self._username,
            password=self._secret(),
            timeout=_SECONDS,
            enable_rfc6764=False,
            rate_limit_handle=False,
        )
        if self._url.startswith("https:"):
            client.session.adapters.pop("http://")  # a server's redirection into the clear leads nowhere
        given = client.calendar(url=self._url)
        if _CALENDAR in given.get_properties([dav.ResourceType()]).get("{DAV:}resourcetype", ()):
            return given
        principal = client.get_principal()
        for each in principal.get_calendars():
            if each.get_display_name() == NAME:
                return each
        return principal.make_calendar(NAME, cal_id="follow-ups", supported_calendar_component_set=["VTODO"])

    @contextmanager
    def _troubles(self) -> Iterator[None]:
        """Whatever goes wrong concerns this action alone; the library's own words may hold what nobody should log."""
        try:
            yield
        except CommandRefused as error:
            raise CommandRefused(f"reminders.caldav: {error}") from None
        except ConfigurationProblem as error:
            raise CommandRefused(str(error)) from None
        except Exception as error:  # noqa: BLE001  # the library and its many parts raise what they like
            self._opened = None
            raise CommandRefused(f"reminders.caldav: {_words(error)}") from None


def _words(error: Exception) -> str:
    """By the names of classes, so that the library needn't be imported to ask."""
    match type(error).__name__, getattr(error, "status", None):
        case "AuthorizationError", 403:
            return "the server doesn't allow it to this user"
        case "AuthorizationError", _:
            return "the server refuses the user name or the password"
        case "NotFoundError", _:
            return "the server knows no calendar at this url"
        case "MkcalendarError", _:
            return f'the server makes no calendar "{NAME}"; give the url of one that exists'
        case "RateLimitError", _:
            return "the server asks for patience"
    if isinstance(error, ImportError):
        return "a library is missing: pip install 'unburnt[caldav]'"
    if isinstance(error, OSError):
        return f"the server can't be reached: {type(error).__name__}"
    return f"the server says what can't be understood: {type(error).__name__}"


def _expect(status: int, *good: int) -> None:
    if status == 412:
        raise CommandRefused("somebody else has just changed the entry")
    if status not in good:
        raise CommandRefused(f"the server answers with status {status}")


def _keys(octets: bytes) -> frozenset[str]:
    """None of an entry that can't be read: it isn't ours."""
    try:
        return calendar_file.keys_in(octets)
    except ValueError:
        return frozenset()
