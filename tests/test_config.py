"""The configuration: what the first schema accepts, and what it means."""

from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unburnt.config import Config, find, load
from unburnt.durations import duration, spoken
from unburnt.sections import is_loopback

FULL = r"""
[profile]
name = "Sam Doe"
signature = "Best wishes\nSam"
strengths = "I bake."
linkedin = "https://www.linkedin.com/in/sam"
[[accounts]]
name = "personal"
address = "sam@example.org"
aliases = ["s.doe@example.org", "jobs@doe.example"]
host = "imap.example.org"
port = 1993
security = "tls"
ca_file = "/etc/ssl/ours.pem"
username = "sam"
password_command = "pass show 'mail/sam'"
mailboxes = ["INBOX", "Jobs / “2026” [x]"]
drafts = "Drafts"
history_mailboxes = ["Sent", "Archive"]
history = "18 months"
poll = "90s"
first_run = "1w 2d"
connections_per_hour = 30
[[accounts]]
name = "work"
address = "sam@work.example"
provider = "gmail"
[classifier]
threshold = 0.6
unsure = 0.2
[letters]
language = "de"
tone = "formal"
quote = false
min_stage = "interview"
quiet_companies = ["Acme", "example.com"]
feedback = "never"
cool_off = "36h"
max_age = "90d"
daily_limit = 5
without_recipient = "skip"
[reminders]
to = ["drafts", "inbox", "ics", "caldav", "todo.txt", "notify"]
connect_after = "3d"
check_in_after = "26w"
stay_in_touch = "6 months"
ics = "/home/sam/calendars/"
todo_txt = "/home/sam/todo.txt"
[reminders.caldav]
url = "https://cal.example.org/dav/"
username = "sam"
password_command = "pass show calendar"
[reminders.notify]
command = "pass show notifications"
[training]
rejection = "Jobs/No"
other = "Jobs/Not a no"
create = true
return = true
[state]
directory = "/var/lib/somewhere"
"""

SHORTEST = """
[profile]
name = "Sam"
[[accounts]]
name = "personal"
address = "sam@example.org"
host = "imap.example.org"
"""


def loaded(folder: Path, text: str) -> Config:
    path = folder / "config.toml"
    path.write_text(text, encoding="utf-8")
    return load(path)


def test_every_setting_of_the_first_schema_is_read(tmp_path: Path) -> None:
    """Its names and values are a promise: later versions extend them and break none."""
    config = loaded(tmp_path, FULL)
    account = config.accounts[0]

    assert config.model_dump(mode="json", by_alias=True, exclude={"accounts"}) == {
        "profile": {
            "name": "Sam Doe",
            "signature": "Best wishes\nSam",
            "strengths": "I bake.",
            "linkedin": "https://www.linkedin.com/in/sam",
        },
        "classifier": {"threshold": 0.6, "unsure": 0.2},
        "letters": {
            "language": "de",
            "tone": "formal",
            "quote": False,
            "min_stage": "interview",
            "quiet_companies": ["Acme", "example.com"],
            "feedback": "never",
            "cool_off": "1d 12h",
            "max_age": "90d",
            "daily_limit": 5,
            "without_recipient": "skip",
        },
        "reminders": {
            "to": ["drafts", "inbox", "ics", "caldav", "todo.txt", "notify"],
            "connect_after": "3d",
            "check_in_after": "182d",
            "stay_in_touch": "180d",
            "ics": "/home/sam/calendars/",
            "todo_txt": "/home/sam/todo.txt",
            "caldav": {
                "url": "https://cal.example.org/dav/",
                "username": "sam",
                "password_command": "pass show calendar",
            },
            "notify": {"command": "pass show notifications"},
        },
        "training": {"rejection": "Jobs/No", "other": "Jobs/Not a no", "create": True, "return": True},
        "state": {"directory": "/var/lib/somewhere"},
    }
    assert account.model_dump() == {
        "name": "personal",
        "address": "sam@example.org",
        "aliases": ("s.doe@example.org", "jobs@doe.example"),
        "provider": None,
        "host": "imap.example.org",
        "port": 1993,
        "security": "tls",
        "ca_file": Path("/etc/ssl/ours.pem"),
        "username": "sam",
        "password_command": "pass show 'mail/sam'",
        "mailboxes": ("INBOX", "Jobs / “2026” [x]"),
        "drafts": "Drafts",
        "history_mailboxes": ("Sent", "Archive"),
        "history": "540d",
        "poll": "1m 30s",
        "first_run": "9d",
        "connections_per_hour": 30,
    }
    assert account.addresses == ("sam@example.org", "s.doe@example.org", "jobs@doe.example")
    assert config.account("work") == config.accounts[1]
    assert config.state_directory == Path("/var/lib/somewhere")


def test_the_shortest_configuration_has_the_defaults_of_the_schema(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Required are profile.name and, per account, name, address, and host or provider."""
    monkeypatch.setenv("XDG_STATE_HOME", "/home/sam/state")
    config = loaded(tmp_path, SHORTEST)
    account = config.accounts[0]

    assert (account.port, account.security, account.username) == (993, "tls", "sam@example.org")
    assert (account.mailboxes, account.drafts, account.password_command) == (("INBOX",), "", "")
    assert (account.poll, account.first_run) == (timedelta(minutes=2), timedelta(days=14))
    assert (account.aliases, account.ca_file, account.connection_cap) == ((), None, 60)
    assert (config.classifier.threshold, config.classifier.unsure) == (None, None)
    assert (config.letters.language, config.letters.feedback) == ("auto", "after_interview")
    assert (config.letters.cool_off, config.letters.max_age) == (timedelta(), timedelta(days=60))
    assert (config.letters.daily_limit, config.letters.without_recipient) == (20, "save")
    assert (config.reminders.to, config.reminders.connect_after) == (("drafts",), timedelta())
    assert (config.reminders.check_in_after, config.reminders.stay_in_touch) == (timedelta(days=90), None)
    assert (config.reminders.ics, config.reminders.todo_txt, config.reminders.caldav.url) == ("", None, "")
    assert config.state_directory == Path("/home/sam/state/unburnt")


@pytest.mark.parametrize(
    ("settings", "host", "port"),
    [
        ('provider = "gmail"', "imap.gmail.com", 993),
        ('provider = "gmx"\nsecurity = "starttls"', "imap.gmx.net", 143),
        ('host = "mail.example"\nsecurity = "starttls"', "mail.example", 143),
        ('host = "mail.example"\nsecurity = "starttls"\nport = 10143', "mail.example", 10143),
        ('host = "localhost"\nsecurity = "none"', "localhost", 143),
        ('host = "::1"\nsecurity = "none"', "::1", 143),
        ('host = "127.0.0.2"\nsecurity = "none"', "127.0.0.2", 143),
    ],
)
def test_where_to_connect(tmp_path: Path, settings: str, host: str, port: int) -> None:
    """A provider stands for its host; the port follows from the security."""
    account = loaded(tmp_path, SHORTEST.replace('host = "imap.example.org"', settings)).accounts[0]

    assert (account.host, account.port) == (host, port)


@pytest.mark.parametrize(
    ("given", "cap"),
    [('host = "mail.example"', 60), ('host = "localhost"', None), ('host = "::1"\nconnections_per_hour = 3', 3)],
)
def test_this_machine_is_exempt_from_the_cap_of_connections(tmp_path: Path, given: str, cap: int | None) -> None:
    """Unless the cap is set."""
    assert loaded(tmp_path, SHORTEST.replace('host = "imap.example.org"', given)).accounts[0].connection_cap == cap


def test_blanks_belong_to_mailbox_names_only(tmp_path: Path) -> None:
    """RFC 9051 allows a mailbox to begin with one; around anything else they are typing."""
    config = loaded(tmp_path, SHORTEST.replace('"Sam"', '" Sam "') + 'mailboxes = [" Jobs "]\ndrafts = "Drafts "\n')

    assert config.profile.name == "Sam"
    assert (config.accounts[0].mailboxes, config.accounts[0].drafts) == ((" Jobs ",), "Drafts ")


def test_a_tilde_is_the_home_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """For every path in the file."""
    monkeypatch.setenv("HOME", "/home/sam")
    reminders = '[reminders]\nics = "~/calendars/"\ntodo_txt = "~/todo.txt"\n'
    config = loaded(tmp_path, SHORTEST + 'ca_file = "~/ca.pem"\n[state]\ndirectory = "~/state"\n' + reminders)

    assert (config.accounts[0].ca_file, config.state_directory) == (Path("/home/sam/ca.pem"), Path("/home/sam/state"))
    assert (config.reminders.ics, config.reminders.todo_txt) == ("/home/sam/calendars/", Path("/home/sam/todo.txt"))


def test_systemd_names_the_state_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """StateDirectory= may name several, separated by colons; the configuration comes before it."""
    monkeypatch.setenv("STATE_DIRECTORY", "/var/lib/unburnt:/var/lib/more")

    assert loaded(tmp_path, SHORTEST).state_directory == Path("/var/lib/unburnt")
    assert loaded(tmp_path, FULL).state_directory == Path("/var/lib/somewhere")


@pytest.mark.parametrize(
    ("host", "here"),
    [
        ("localhost", True),
        ("LocalHost", True),
        ("127.0.0.1", True),
        ("127.8.8.8", True),
        ("::1", True),
        ("localhost.example", False),
        ("127.0.0.1.example", False),
        ("0.0.0.0", False),
        ("imap.example.org", False),
        ("", False),
    ],
)
def test_what_counts_as_this_machine(host: str, here: bool) -> None:
    """By the name alone: a resolver could be lied to, and the password would go out in clear."""
    assert is_loopback(host) is here


@given(st.integers(0, 36500 * 86400))
def test_durations_come_back_from_their_words(seconds: int) -> None:
    """spoken() and duration() are inverse over everything a configuration may hold."""
    assert duration(spoken(timedelta(seconds=seconds))) == timedelta(seconds=seconds)


@given(st.text(max_size=12) | st.from_regex(r"\A(\d{0,6}[smhdwy ]? ?){0,3}\Z"))
def test_any_text_is_a_duration_or_refused(text: str) -> None:
    """With a ValueError, never anything else; and an accepted one can be taken from today's date."""
    try:
        span = duration(text)
    except ValueError:
        return
    assert timedelta() <= span <= timedelta(days=36500)


def test_the_users_own_configuration_comes_before_the_machines(tmp_path: Path) -> None:
    """$XDG_CONFIG_HOME/unburnt/config.toml is found without being named."""
    path = tmp_path / "config" / "unburnt" / "config.toml"
    path.parent.mkdir(parents=True)
    path.write_text(SHORTEST, encoding="utf-8")

    assert find() == path


@pytest.mark.parametrize("given", ['"never"', '"30d"', '"6 months"'])
def test_staying_in_touch_is_never_or_seldom(tmp_path: Path, given: str) -> None:
    """None is never."""
    config = loaded(tmp_path, SHORTEST + f"[reminders]\nstay_in_touch = {given}\n")

    assert (
        config.reminders.stay_in_touch == {'"never"': None, '"30d"': timedelta(30), '"6 months"': timedelta(180)}[given]
    )


@pytest.mark.parametrize("url", ["https://cal.example.org/dav/", "http://localhost:5232/", "http://127.0.0.1/sam/"])
def test_a_calendar_is_asked_over_https_or_on_this_machine(tmp_path: Path, url: str) -> None:
    """The rest is refused: see test_config_problems."""
    config = loaded(tmp_path, SHORTEST + f'[reminders]\nto = ["caldav"]\n[reminders.caldav]\nurl = "{url}"\n')

    assert config.reminders.caldav.url == url
