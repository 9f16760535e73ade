"""Configurations of accounts on test servers, and what lies in their mailboxes."""

from datetime import datetime
from pathlib import Path
from typing import Protocol

from imapclient import IMAPClient

from tests.servers.dovecot import PASSWORD
from unburnt.config import Config


class Reachable(Protocol):
    """A server or a proxy before it."""

    host: str
    port: int


def config(server: Reachable, folder: Path, user: str = "alice", **account: object) -> Config:
    """One account on a server on this machine; its state lies below ``folder``."""
    secret = folder / f"{user}.password"
    secret.write_text(PASSWORD, encoding="utf-8")
    given = {
        "name": user,
        "address": f"{user}@mail.example",
        "username": user,
        "host": server.host,
        "port": server.port,
        "security": "none",
        "password_command": f"cat {secret}",
    }
    return Config.model_validate(
        {"profile": {"name": "Alice Doe"}, "accounts": [given | account], "state": {"directory": str(folder / "state")}}
    )


def deliver(
    client: IMAPClient, octets: bytes, mailbox: str = "INBOX", at: datetime | None = None, flags: tuple[bytes, ...] = ()
) -> None:
    client.append(mailbox, octets, flags, at)


def keys_in(client: IMAPClient, mailbox: str = "Drafts") -> list[str]:
    """The keys of the drafts of ours that lie there, each as often as it lies there."""
    client.select_folder(mailbox, readonly=True)
    item = "BODY.PEEK[HEADER.FIELDS (X-Draft-Key)]"
    rows = client.fetch(client.search("ALL"), [item])
    found = [next(value for name, value in row.items() if name.startswith(b"BODY[")).strip() for row in rows.values()]
    return sorted(header.partition(b":")[2].strip().decode() for header in found if header)


def flags_of(client: IMAPClient, mailbox: str = "INBOX") -> dict[int, tuple[bytes, ...]]:
    r"""Flags by UID, \Recent aside, which belongs to whoever looks first."""
    client.select_folder(mailbox, readonly=True)
    return {
        uid: tuple(sorted(flag for flag in flags if flag != b"\\Recent"))
        for uid, flags in client.get_flags(client.search("ALL")).items()
    }
