"""Reaching a server: certificates, passwords and refusals, and that the password is told to nobody but the server."""

import base64
import logging
import re
import socket
import ssl
import threading
from pathlib import Path

import pytest

from tests.accounts import config
from tests.servers.dovecot import PASSWORD, Dovecot, free_port
from tests.servers.odd import OddServer
from tests.servers.scripted import Conversation, ScriptedServer, Talk
from tests.test_exactly_once import one_pass
from unburnt import events
from unburnt.errors import ConfigurationProblem, Exit, LoginRefused, ServerUnavailable, TryAgain
from unburnt.sections import is_loopback
from unburnt.world.imap import Connection, Server

WRONG = "wr0ng-päss"


def at(dovecot: Dovecot, security: str, ca_file: Path | None = None, host: str = "localhost") -> Server:
    port = dovecot.tls_port if security == "tls" else dovecot.port
    return Server("alice", host, port, security, "alice", ca_file=ca_file)  # type: ignore[arg-type]


def to(talk: Talk) -> Server:
    """An account on a server that plays ``talk``."""
    server = ScriptedServer(talk)
    return Server("odd", server.host, server.port, "none", "sam")


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_with_the_right_certificate_it_logs_in(dovecot: Dovecot, security: str) -> None:
    """ca_file is what makes a private authority trusted."""
    connection = Connection(at(dovecot, security, dovecot.ca_file))
    connection.login(PASSWORD)

    assert connection.drafts == "Drafts"
    assert isinstance(connection._client.wire.sock, ssl.SSLSocket)
    connection.close()


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_certificate_that_can_not_be_verified_is_refused(dovecot: Dovecot, security: str) -> None:
    """Field notes E11: before any password is said, and there is no setting to go on regardless."""
    with pytest.raises(ServerUnavailable, match="its certificate can't be verified: self-signed certificate"):
        Connection(at(dovecot, security))
    with pytest.raises(ServerUnavailable, match="its certificate can't be verified: Hostname mismatch"):
        Connection(at(dovecot, security, dovecot.ca_file, host="127.1"))


def test_a_ca_file_that_can_not_be_read_is_a_problem_of_the_configuration(dovecot: Dovecot, tmp_path: Path) -> None:
    """Absent, or without a certificate in it."""
    (empty := tmp_path / "empty.pem").write_bytes(b"")
    for path in (tmp_path / "absent.pem", empty):
        with pytest.raises(ConfigurationProblem, match=f"ca_file {path} can't be read"):
            Connection(at(dovecot, "tls", path))


@pytest.mark.parametrize("status", [b"BAD what?", b"NO not today"])
def test_a_server_without_starttls_gets_no_password(status: bytes) -> None:
    """Field notes E11: somebody in between may have taken the offer out."""
    said: list[bytes] = []

    def deny(conversation: Conversation) -> None:
        conversation.heard = said
        conversation.answer(status=status)
        conversation.hear()

    server = ScriptedServer(deny)
    with pytest.raises(ServerUnavailable, match="STARTTLS"):
        Connection(Server("odd", server.host, server.port, "starttls", "sam"))

    assert [line.split()[1] for line in said if line] == [b"STARTTLS"]


def upgraded(dovecot: Dovecot, talk: Talk, *capabilities: bytes) -> Connection:
    """To a server that offers these after STARTTLS; before it, in clear, somebody slips in an answer of their own."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(dovecot.home / "cert.pem", dovecot.home / "key.pem")

    def upgrade(conversation: Conversation) -> None:
        tag = conversation.hear().split()[0]
        following = re.sub(rb"\d+$", lambda number: b"%d" % (int(number[0]) + 1), tag)
        conversation.say(tag + b" OK begin\r\n* CAPABILITY IMAP4rev1 LOGINDISABLED\r\n" + following + b" OK done\r\n")
        secured = Conversation(context.wrap_socket(conversation._sock, server_side=True))
        secured.answer(b" ".join((b"* CAPABILITY IMAP4rev1", *capabilities)))
        talk(secured)

    server = ScriptedServer(upgrade)
    return Connection(Server("odd", "localhost", server.port, "starttls", "sam", ca_file=dovecot.ca_file))


def test_what_was_said_in_clear_counts_for_nothing_after_starttls(dovecot: Dovecot) -> None:
    """Capabilities are asked for anew (RFC 9051 section 6.2.1), and lines slipped in behind the OK are thrown away."""
    connection = upgraded(dovecot, OddServer())
    connection.login("secret")

    assert connection.drafts == "Drafts"
    connection.close()


def test_a_server_that_allows_no_login_gets_no_password(dovecot: Dovecot) -> None:
    """LOGINDISABLED (RFC 9051 section 6.2.3)."""
    connection = upgraded(dovecot, odd := OddServer(), b"LOGINDISABLED")
    with pytest.raises(LoginRefused, match="the server allows no login over this connection"):
        connection.login("secret")

    assert [command for command in odd.heard if b"secret" in command or b"AUTH" in command] == []
    connection.close()


def everything(error: BaseException | None) -> str:
    """All that an error and those behind it could tell a log."""
    told = ""
    while error is not None:
        told += f"{error} {error!r} {error.args!r} {getattr(error, 'object', '')!r}\n"
        error = error.__cause__ or error.__context__
    return told


def echoing(command: bytes, answer: bytes) -> bytes:
    """A server that repeats what it didn't like."""
    return b"<tag> BAD I don't like " + command + b"\r\n" if command.startswith(b"LOGIN") else answer


def test_a_wrong_password_is_refused_and_never_told(
    dovecot: Dovecot, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    """Field notes J5: not by an exception, a log at debug level or imapclient's own, in clear or as base64."""
    caplog.set_level(logging.DEBUG)
    for name in ("imapclient", "imapclient.imaplib"):
        caplog.set_level(logging.DEBUG, logger=name)
    told = ""
    servers = [at(dovecot, "tls", dovecot.ca_file), to(OddServer(rewrite=echoing)), to(OddServer(rewrite=echoing))]
    for server, password in zip(servers, (WRONG, WRONG, WRONG.replace("ä", "a")), strict=True):
        connection = Connection(server)
        with pytest.raises(LoginRefused) as caught:
            connection.login(password)
        assert caught.value.exit_code == Exit.LOGIN_REFUSED
        assert str(caught.value).startswith(f"{server.host} refuses the login of {server.username}: ")
        told += everything(caught.value)
        connection.close()
    events.given_up("alice", told)

    said = told + caplog.text + "".join(capfd.readouterr())
    assert "wr0ng-" not in said
    for user in ("alice", "sam"):
        assert base64.b64encode(f"\0{user}\0{WRONG}".encode()).decode() not in said


def hang_up(conversation: Conversation) -> None:
    conversation.hear()
    conversation.hang_up()


def bye(conversation: Conversation) -> None:
    conversation.hear()
    conversation.say(b"* BYE restarting\r\n")
    conversation.hang_up()


@pytest.mark.parametrize("talk", [hang_up, bye], ids=lambda talk: str(talk.__name__))
@pytest.mark.parametrize("capability", [b"IDLE", b"AUTH=PLAIN"])
def test_a_connection_that_is_lost_in_login_is_no_refusal(dovecot: Dovecot, talk: Talk, capability: bytes) -> None:
    """imapclient reports both as LoginError; the daemon would give up for good on a server that restarts."""
    connection = upgraded(dovecot, talk, capability)
    with pytest.raises(ServerUnavailable):
        connection.login("secret")
    connection.close()


@pytest.mark.parametrize(
    "answer",
    [
        b"NO [UNAVAILABLE] Temporary authentication failure",
        b"NO [LIMIT] LOGIN Rate limit hit",
        b"NO [ALERT] Too many simultaneous connections. (Failure)",
    ],
)
def test_a_server_that_asks_to_come_back_is_no_refusal(answer: bytes) -> None:
    """RFC 5530; Gmail and Yahoo say it when they are asked too often."""
    odd = OddServer(rewrite=lambda command, usual: b"<tag> " + answer + b"\r\n" if command[:5] == b"LOGIN" else usual)
    connection = Connection(to(odd))
    with pytest.raises(TryAgain):
        connection.login("secret")
    connection.close()


def test_letters_beyond_ascii_need_sasl() -> None:
    """LOGIN has no encoding for them (RFC 9051 section 6.2.3); what is wrong is told, not the letters."""
    connection = Connection(to(odd := OddServer()))
    with pytest.raises(LoginRefused, match="it knows no way to send letters beyond ASCII"):
        connection.login(WRONG)

    assert not [command for command in odd.heard if command.startswith((b"LOGIN", b"AUTH"))]
    connection.close()


def test_names_and_passwords_are_quoted() -> None:
    """Where there is only LOGIN: quotes, backslashes and blanks are part of them, and nothing of them is a command."""
    odd = OddServer()
    server = ScriptedServer(odd)
    connection = Connection(Server("odd", server.host, server.port, "none", 'sam "the" doe'))
    connection.login('se"cr\\et {3}')

    assert odd.heard[0] == rb'LOGIN "sam \"the\" doe" "se\"cr\\et {3}"'
    connection.close()


@pytest.mark.parametrize(
    "greeting", [b"* BYE too many connections\r\n", b"HTTP/1.1 400 Bad Request\r\n", b"", b"\x15\x03\x01"]
)
def test_a_server_that_does_not_speak_imap_is_unavailable(greeting: bytes) -> None:
    """Whatever answers there: the user is told the host and the port."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]

        def serve() -> None:
            sock, _ = listener.accept()
            sock.sendall(greeting)
            sock.close()

        threading.Thread(target=serve, daemon=True).start()
        with pytest.raises(ServerUnavailable, match=f"127.0.0.1:{port}"):
            Connection(Server("odd", "127.0.0.1", port, "none", "sam"))


def test_nobody_there_is_unavailable() -> None:
    """Connection refused, and a name that doesn't exist."""
    port = free_port()
    with pytest.raises(ServerUnavailable, match=f"127.0.0.1:{port}: .*Connection refused"):
        Connection(Server("odd", "127.0.0.1", port, "none", "sam"))
    with pytest.raises(ServerUnavailable, match=r"nowhere\.invalid:993: "):
        Connection(Server("odd", "nowhere.invalid", 993, "tls", "sam"))


def test_connections_per_hour_hold_over_restarts(dovecot: Dovecot, tmp_path: Path) -> None:
    """Field notes E5: the daemon as a whole, started anew each time; refused without a connection."""
    given = config(dovecot, tmp_path, connections_per_hour=2)
    assert is_loopback(given.accounts[0].host)
    one_pass(given)
    one_pass(given)
    with pytest.raises(TryAgain, match=r"accounts \(alice\): connections_per_hour is used up until \d\d:\d\d UTC"):
        one_pass(given)
