"""Notifications beyond the contract: what is sent, what counts as sent, and that addresses stay secret."""

import logging

import pytest

from tests.servers.listener import Listener
from tests.world.reminder_contract import KEY
from unburnt.errors import CommandRefused, ConfigurationProblem
from unburnt.world.apprise_sink import Notifications

TOKEN = "s3cr3t-token"


def address(listener: Listener) -> str:
    return f"json://{TOKEN}:{TOKEN}@127.0.0.1:{listener.port}/{TOKEN}?cto=2&rto=2"


def test_the_first_line_is_the_title_and_the_rest_the_text(listener: Listener) -> None:
    """As they are: apprise interprets nothing in them. A single line is title and text."""
    sink = Notifications(lambda: f"# mine\n\n{address(listener)}\n")
    sink.put(KEY, "Check in: Müller & Söhne <b>\\n{{x}}\nData Analyst\nMünchen".encode())
    sink.put(KEY, b"Connect")

    assert [(each["title"], each["message"]) for each in listener.heard] == [
        ("Check in: Müller & Söhne <b>\\n{{x}}", "Data Analyst\nMünchen"),
        ("Connect", "Connect"),
    ]


def test_one_of_two_addresses_is_enough(listener: Listener) -> None:
    """Else the one that works would hear of it every few minutes."""
    sink = Notifications(lambda: f"json://127.0.0.1:1/{TOKEN}?cto=1&rto=1\n{address(listener)}")

    assert sink.put(KEY, b"Check in") == "notify: 1 of 2"
    assert len(listener.heard) == 1


def test_no_error_and_no_log_has_an_address(
    listener: Listener, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    """apprise's addresses are secrets; at every level of every logger."""
    caplog.set_level(logging.DEBUG)
    listener.status = 500
    unfound = "ConfigurationProblem of the command"

    def no_command() -> str:
        raise ConfigurationProblem(unfound)

    cases = {
        "reminders.notify: none of 1 addresses could be reached": lambda: address(listener),
        "reminders.notify: line 2 is no address that apprise knows": lambda: f"{address(listener)}\nxyzzy://{TOKEN}",
        "reminders.notify: line 1 would have mail sent, which Unburnt never does": lambda: (
            f"MailTo://{TOKEN}@x.example"
        ),
        "reminders.notify: none of 0 addresses could be reached": lambda: "\n",
        unfound: no_command,
    }
    for words, addresses in cases.items():
        with pytest.raises(CommandRefused) as caught:
            Notifications(addresses).put(KEY, b"Check in")
        assert str(caught.value) == words
        assert caught.value.__suppress_context__ or caught.value.__context__ is None
    listener.status = 200
    Notifications(lambda: address(listener)).put(KEY, b"Check in")

    assert TOKEN not in caplog.text + "".join(capfd.readouterr())
    assert len(listener.heard) == 2
