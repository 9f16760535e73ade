"""Notifications as a sink, by way of apprise: to a telephone, a chat, or wherever its addresses lead."""

import contextlib
import logging
from collections.abc import Callable, Collection
from typing import TYPE_CHECKING

from unburnt.errors import CommandRefused, ConfigurationProblem
from unburnt.world.ports import Place

if TYPE_CHECKING:
    from apprise import Apprise

_TITLE = 250  # characters


class Notifications:
    """Sends a reminder's first line as the title and the rest as the text, and keeps nothing.

    Whether a notification was sent before a crash, nobody can tell: so find() never finds one and it is sent again.
    Between sending and its receipt in the journal lie milliseconds, and a reminder that comes twice is better than
    one that never comes.
    """

    def __init__(self, addresses: Callable[[], str]) -> None:
        """``addresses`` gives apprise's URLs, one a line. They are secrets: no error or log has one."""
        self._addresses = addresses

    def place(self) -> Place:
        return Place("notify")

    def find(self, key: str, since: Place) -> None:
        del key, since

    def put(self, key: str, octets: bytes) -> str:
        """Reaching one of several addresses is enough: to try again would be a nuisance at that one."""
        del key
        services = self._services()
        title, _, text = octets.decode("utf-8", "replace").partition("\n")
        reached = sum(_sent(service, title[:_TITLE].strip(), text.strip()) for service in services)
        if not reached:
            raise CommandRefused(f"reminders.notify: none of {len(services)} addresses could be reached")
        return f"notify: {reached} of {len(services)}"

    def withdraw(self, key: str, octets: bytes) -> str | None:
        del key, octets
        return "a notification can't be taken back"

    def complete(self, key: str, octets: bytes) -> None:
        """There is nothing to tick off."""
        del key, octets

    def completed(self, keys: Collection[str]) -> frozenset[str]:
        del keys
        return frozenset()

    def keys(self) -> frozenset[str]:
        return frozenset()

    def _services(self) -> list["Apprise"]:
        """One for each address. A wrong one is told by its line, since the rest of it is secret."""
        try:
            given = self._addresses()
        except ConfigurationProblem as error:
            raise CommandRefused(str(error)) from None
        lines = [(number, line.strip()) for number, line in enumerate(given.splitlines(), 1)]
        return [_service(number, line) for number, line in lines if line and not line.startswith("#")]


def _service(number: int, address: str) -> "Apprise":
    try:
        import apprise
    except ImportError:
        raise CommandRefused("reminders.notify: a library is missing: pip install 'unburnt[notify]'") from None
    if address.lower().startswith(("mailto:", "mailtos:")):
        raise CommandRefused(f"reminders.notify: line {number} would have mail sent, which Unburnt never does")
    for name in ("apprise", "urllib3"):  # they log addresses with their tokens
        logging.getLogger(name).setLevel(logging.CRITICAL)
    # nothing on disk, no threads of its own, no code from elsewhere
    asset = apprise.AppriseAsset(async_mode=False, storage_mode="memory", app_id="Unburnt", app_desc="Unburnt")
    service, accepted = apprise.Apprise(asset=asset), False
    with contextlib.suppress(Exception):  # plug-ins of many authors; what they raise may quote the address
        accepted = service.add(address)
    if not accepted:
        raise CommandRefused(f"reminders.notify: line {number} is no address that apprise knows")
    return service


def _sent(service: "Apprise", title: str, text: str) -> bool:
    try:
        return bool(service.notify(title=title, body=text or title, body_format="text", interpret_escapes=False))
    except Exception:  # noqa: BLE001  # the same
        return False
