"""Servers and small values that many tests need."""

import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import settings
from imapclient import IMAPClient

from tests.servers.dovecot import PASSWORD, Dovecot

settings.register_profile("untimed", settings.default, deadline=None)  # how long an example takes is no matter of tests
settings.load_profile("untimed")

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)

LONGEST = (  # begun first: whichever ran last would hold up a machine whose other processors have nothing left to do
    "test_evaluate.py",
    "test_teaching.py",  # those that fork come before those that read all labelled mail: a fork copies the tables of its memory
    "test_exactly_once.py",
    "test_versions.py",
    "test_scan.py",
    "test_packaging.py",
    "test_watch.py",
    "test_label_and_review.py",
    "test_train.py",
    "test_learning.py",
    "test_models.py",
    "test_history.py",
    "test_wordings.py",
    "test_export.py",
    "test_redact.py",
    "test_corpus.py",
    "test_run.py",
    "test_evaluate_extraction.py",
    "test_following.py",
    "test_letters_command.py",
    "test_demo.py",
    "test_figures.py",
    "test_classify.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """With ``--dist=loadfile --no-loadscope-reorder`` files are handed out in this order."""
    ranks = {name: rank for rank, name in enumerate(LONGEST)}
    items.sort(key=lambda item: ranks.get(item.path.name, len(ranks)))


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reads the user's own configuration; the fitted model and its key are the user's, being a cache."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    for name in ("STATE_DIRECTORY", "CREDENTIALS_DIRECTORY", "NOTIFY_SOCKET"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="session")
def dovecot() -> Iterator[Dovecot]:
    """A real Dovecot with the users alice and bob."""
    if (why := Dovecot.available()) is not None:
        pytest.skip(why)
    # not pytest's own folder, which only its owner may enter: Dovecot's processes have other owners
    with tempfile.TemporaryDirectory(prefix="dovecot-") as home:
        server = Dovecot(Path(home))
        yield server
        server.stop()


@pytest.fixture
def alice(dovecot: Dovecot) -> Iterator[IMAPClient]:
    """A mail client logged in as alice, whose mailboxes are empty."""
    with IMAPClient(dovecot.host, port=dovecot.port, ssl=False, timeout=20) as client:
        client.login("alice", PASSWORD)
        for _, _, mailbox in client.list_folders(pattern="Unburnt/*"):
            client.delete_folder(mailbox)
        for mailbox in ("INBOX", "Drafts", "Sent", "Trash", "Archive"):
            client.select_folder(mailbox)
            if uids := client.search("ALL"):
                client.delete_messages(uids)
                client.expunge()
        client.unselect_folder()
        yield client


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden", action="store_true", help="rewrite tests/golden/*.plan.toml: read the diff then"
    )
