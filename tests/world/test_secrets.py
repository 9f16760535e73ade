"""Where a password comes from, in which order, and that no error ever holds it."""

import shlex
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import keyring.errors
import pytest
from keyring.backend import KeyringBackend

from unburnt.errors import ConfigurationProblem
from unburnt.world import secrets
from unburnt.world.secrets import password

SECRET = "grüner Tee 7"


class Filled(KeyringBackend):
    """A keyring that has the password of the account "personal"; for all others it fails, with the password in its mouth."""

    priority = 0.1

    def get_password(self, service: str, username: str) -> str | None:
        if username == "broken":
            raise ValueError(f"{SECRET} is what I would say")
        if username == "locked":
            raise keyring.errors.KeyringLocked(f"{SECRET} is locked")
        return {("unburnt", "personal"): "from the keyring", ("unburnt", "blank"): ""}.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        raise NotImplementedError

    def delete_password(self, service: str, username: str) -> None:
        raise NotImplementedError


@pytest.fixture
def use_keyring(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Have keyring choose its backend anew, by the environment."""

    def choose(backend: str) -> None:
        monkeypatch.setenv("PYTHON_KEYRING_BACKEND", backend)
        monkeypatch.setattr("keyring.core._keyring_backend", None)

    choose("keyring.backends.fail.Keyring")
    return choose


@pytest.fixture(autouse=True)
def credentials(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, use_keyring: Callable[[str], None]) -> Path:
    """systemd's directory of credentials, empty."""
    (folder := tmp_path / "credentials").mkdir()
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(folder))
    return folder


def printing(octets: bytes, then: str = "") -> str:
    """A command that prints exactly that."""
    return shlex.join(
        [sys.executable, "-c", f"import sys, time; sys.stdout.buffer.write({octets!r}); sys.stdout.flush(); {then}"]
    )


def refused(account: str, command: str) -> ConfigurationProblem:
    with pytest.raises(ConfigurationProblem) as caught:
        password(account, command)
    return caught.value


def all_said(error: BaseException | None) -> Iterator[str]:
    """Everything an error and those it came from could tell a log."""
    while error is not None:
        yield f"{error} {error!r} {error.args!r} {getattr(error, '__notes__', '')}"
        error = error.__cause__ or error.__context__


def test_the_configuration_comes_before_the_credential_and_the_credential_before_the_keyring(
    credentials: Path, use_keyring: Callable[[str], None]
) -> None:
    """The order of issue 2: what is nearer to the user's hand wins."""
    use_keyring(f"{__name__}.Filled")
    found = [password("personal", "")]
    (credentials / "unburnt.personal").write_text("from systemd", encoding="utf-8")
    found.append(password("personal", ""))
    found.append(password("personal", "echo from the command"))

    assert found == ["from the keyring", "from systemd", "from the command"]


def test_a_credential_is_of_its_own_account_only(credentials: Path) -> None:
    """Two accounts may share a unit."""
    (credentials / "unburnt.work").write_text("of work", encoding="utf-8")

    assert password("work", "") == "of work"
    assert "unburnt.personal" in str(refused("personal", ""))


def test_a_command_is_split_as_a_shell_would_and_run_without_one(tmp_path: Path) -> None:
    """Quotes hold blanks together; nothing is expanded, piped or executed besides."""
    (odd := tmp_path / "a b 'c'").write_text(SECRET, encoding="utf-8")

    assert password("personal", f"cat {shlex.quote(str(odd))}") == SECRET
    assert password("personal", """printf '%s|' "$HOME" 'a  b' ; a|b `id` > /nonexistent/x""") == (
        "$HOME|a  b|;|a|b|`id`|>|/nonexistent/x|"
    )


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        (b"secret", "secret"),
        (b"secret\n", "secret"),
        (b"secret\r\n", "secret"),
        (b"secret\n\n", "secret\n"),
        (b"secret \t\n", "secret \t"),
        (b" secret", " secret"),
        (b"secret\r", "secret\r"),
        ("grüner Tee\n".encode(), "grüner Tee"),
    ],
)
def test_one_line_end_is_dropped_and_no_more(credentials: Path, printed: bytes, expected: str) -> None:
    """It belongs to the tool that printed it; everything else may be the password."""
    (credentials / "unburnt.personal").write_bytes(printed)

    assert password("personal", printing(printed)) == expected
    assert password("personal", "") == expected


@pytest.mark.parametrize(
    ("account", "command", "says"),
    [
        pytest.param("personal", printing(SECRET.encode(), "sys.exit(3)"), "ended with exit code 3", id="it fails"),
        pytest.param("personal", "/nonexistent/pass x", "can't be run: No such file or directory", id="it isn't there"),
        pytest.param("personal", "/", "can't be run: Permission denied", id="it is a folder"),
        pytest.param("personal", "echo 'x", "quotes don't close", id="its quotes don't close"),
        pytest.param("personal", "''", "can't be run", id="it is empty"),
        pytest.param("personal", " ", "is no command", id="it is blank"),
        pytest.param("personal", "true", "gave an empty password", id="it says nothing"),
        pytest.param("personal", "echo", "gave an empty password", id="it says a line end"),
        pytest.param("personal", "printf '\\377'", "gave something that is not UTF-8 text", id="it says no text"),
    ],
)
def test_a_command_that_gives_no_password_is_a_problem_of_the_configuration(
    account: str, command: str, says: str
) -> None:
    """The next way is not tried: the user has chosen this one. The error tells which account's."""
    error = refused(account, command)

    assert str(error).startswith("accounts (personal).password_command ")
    assert says in str(error)


def test_a_command_that_hangs_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    """A password manager that waits for a key to be touched must not stop the service for ever."""
    monkeypatch.setattr(secrets, "_SECONDS", 0.3)

    assert "gave no answer within" in str(refused("personal", printing(SECRET.encode(), "time.sleep(30)")))


def test_an_unreadable_credential_is_told_and_nothing_else_is_tried(
    credentials: Path, use_keyring: Callable[[str], None]
) -> None:
    """systemd put something there for us: going on to the keyring would hide that it is broken."""
    use_keyring(f"{__name__}.Filled")
    (credentials / "unburnt.personal").mkdir()

    assert str(refused("personal", "")) == "the credential unburnt.personal can't be read: Is a directory"


@pytest.mark.parametrize(
    ("account", "backend", "why"),
    [
        ("personal", "keyring.backends.fail.Keyring", "there is no keyring on this machine"),
        ("personal", "keyring.backends.null.Keyring", "it is not in the keyring"),
        ("work", f"{__name__}.Filled", "it is not in the keyring"),
        ("blank", f"{__name__}.Filled", "it is not in the keyring"),
        ("locked", f"{__name__}.Filled", "the keyring is locked"),
        ("broken", f"{__name__}.Filled", "the keyring fails: ValueError"),
        ("personal", "nonexistent.Keyring", "the keyring fails: ModuleNotFoundError"),
    ],
)
def test_without_any_password_the_three_ways_are_named(
    use_keyring: Callable[[str], None], account: str, backend: str, why: str
) -> None:
    """Field notes J1: keyring raises on a machine without a desktop, and its backends raise what they like."""
    use_keyring(backend)
    text = str(refused(account, ""))

    assert f"no password found ({why})" in text
    assert f"`keyring set unburnt {account}`" in text
    assert f"systemd credential `unburnt.{account}`" in text
    assert "password_command" in text


def test_no_error_holds_a_secret(
    credentials: Path, monkeypatch: pytest.MonkeyPatch, use_keyring: Callable[[str], None]
) -> None:
    """Nor does an error it came from; tracebacks are printed and logged with all of them (field notes J5)."""
    monkeypatch.setattr(secrets, "_SECONDS", 0.3)
    use_keyring(f"{__name__}.Filled")
    (credentials / "unburnt.torn").write_bytes(SECRET.encode() + b"\xff")
    octets = SECRET.encode()
    errors = [
        refused("personal", printing(octets, "sys.exit(1)")),
        refused("personal", printing(octets + b"\xff")),
        refused("personal", printing(octets, "time.sleep(30)")),
        refused("personal", shlex.quote(SECRET)),
        refused("personal", f"'{SECRET}"),
        refused("torn", ""),
        refused("broken", ""),
        refused("locked", ""),
    ]

    said = [text for error in errors for text in all_said(error)]
    assert len(said) >= len(errors)
    assert [text for text in said if "Tee 7" in text] == []


def test_the_secrets_of_reminders_come_the_same_ways_and_are_called_by_their_own_settings(
    credentials: Path, use_keyring: Callable[[str], None]
) -> None:
    """Whoever reads the error must find the right line of the configuration."""
    use_keyring("keyring.backends.null.Keyring")
    told = {}
    for read in (secrets.caldav_password, secrets.notify_addresses):
        for command in ("", "false", "true"):
            with pytest.raises(ConfigurationProblem) as caught:
                read(command)
            told[read.__name__, command] = str(caught.value)
    (credentials / "unburnt.caldav").write_text("from systemd\n", encoding="utf-8")
    (credentials / "unburnt.notify").write_text("json://one\njson://two\n", encoding="utf-8")

    assert secrets.caldav_password("") == "from systemd"
    assert secrets.caldav_password("echo from the command") == "from the command"
    assert secrets.notify_addresses("") == "json://one\njson://two"
    assert told["caldav_password", "false"] == "reminders.caldav.password_command ended with exit code 1"
    assert told["notify_addresses", "false"] == "reminders.notify.command ended with exit code 1"
    assert told["notify_addresses", "true"] == "reminders.notify.command gave an empty list of addresses"
    assert told["caldav_password", ""].startswith("reminders.caldav: no password found (it is not in the keyring)")
    assert "`keyring set unburnt notify`; a systemd credential `unburnt.notify`" in told["notify_addresses", ""]
    assert 'command = "…" in the configuration' in told["notify_addresses", ""]
