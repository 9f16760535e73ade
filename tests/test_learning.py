"""From "it got this wrong" to "it won't again" without a terminal: the daemon, a real Dovecot, the real classifier."""

import json
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
from imapclient import IMAPClient

from tests import mail
from tests.accounts import deliver, keys_in
from tests.command import daemon, unburnt, until
from tests.servers.dovecot import Dovecot
from tests.test_watch import written
from tests.wordings import THEATRE
from unburnt.errors import Exit

TRAINING = 300.0  # seconds that reading and fitting all of the labelled mail may take on a slow machine


def of_today(number: int) -> bytes:
    """A mail of the theatre's, as if it had come just now."""
    made = message_from_bytes(THEATRE.mail(number), policy=policy.SMTP)
    del made["Date"], made["To"]
    made["Date"], made["To"] = format_datetime(datetime.now(UTC)), "alice@mail.example"
    return made.as_bytes()


def model(config: Path) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(unburnt("model", "--json", "--config", config).stdout)
    return said


def told(config: Path) -> dict[str, Any]:
    """What `status` says of the model."""
    said: dict[str, Any] = json.loads(unburnt("status", "--json", "--config", config).stdout)["model"]
    return said


@pytest.mark.timeout(600)
def test_twenty_moves_in_the_mail_client_and_the_next_one_is_known(
    dovecot: Dovecot, alice: IMAPClient, tmp_path: Path
) -> None:
    """Passed over at first; moved; learned in the background while mail is answered; then drafted by itself; and back."""
    config = written(dovecot, tmp_path)
    with config.open("a", encoding="utf-8") as file:
        file.write("[letters]\ndaily_limit = 100\n")
    unburnt("init", "--config", config)
    for number in (*range(20), 21):  # 21 and 30 are such as the shipped model passes over
        deliver(alice, of_today(number))
    with daemon(config):
        until(lambda: b"NOT_A_REJECTION" in unburnt("status", "--config", config).stdout, "a first pass")
        before = len(keys_in(alice))
        alice.select_folder("INBOX")
        alice.move(alice.search("1:20"), "Unburnt/Rejection")
        alice.unselect_folder()
        until(lambda: b"training" in config.with_suffix(".log").read_bytes(), "a training")
        deliver(alice, mail.rejection(1, datetime.now(UTC)))
        until(lambda: len(keys_in(alice)) == 42, "mail that is answered meanwhile (field notes H9)")
        assert model(config)["version"] == 0
        until(lambda: model(config)["version"], "a version of the user's own", TRAINING)
        knows = {
            "rejection": 20,
            "other": 0,
        }  # a training that began amid the votes knows fewer, and is followed by another
        until(
            lambda: told(config)["knows"] == knows and not told(config)["waiting"], "all votes to be learned", TRAINING
        )
        until(lambda: b"trained" in config.with_suffix(".log").read_bytes(), "the daemon to take it up")
        voted = len(keys_in(alice))
        deliver(alice, of_today(30))
        until(lambda: len(keys_in(alice)) == voted + 2, "a letter and a note for a mail of that wording")
        assert before < voted == 42
        learned = model(config)["version"]

        assert unburnt("model", "rollback", "--config", config).returncode == Exit.OK
        assert (model(config)["version"], model(config)["rolled_back"]) == (learned - 1, True)
