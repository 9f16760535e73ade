"""Which mailbox is Drafts: by special use, by its usual names, by the configuration; never by a guess."""

from collections.abc import Callable

import pytest

from tests.servers.odd import OddServer
from unburnt.errors import ConfigurationProblem
from unburnt.world.imap import Connection

Connect = Callable[..., Connection]


@pytest.mark.parametrize(
    ("listed", "drafts"),
    [
        pytest.param((b'(\\Drafts) "/" Entw&APw-rfe', b'() "/" Drafts'), "Entwürfe", id="special use before any name"),
        pytest.param(
            (b'(\\HasNoChildren \\drafts) "." INBOX.x', b'() "." INBOX'), "INBOX.x", id="in lower case, as Cyrus"
        ),
        pytest.param((b'() "/" INBOX', b'() "/" Drafts'), "Drafts", id="by its name"),
        pytest.param((b'() "." INBOX.Brouillons', b'() "." INBOX'), "INBOX.Brouillons", id="by its name, in French"),
        pytest.param((b'() "/" DRAFTS', b'() "/" Old/Drafts'), "DRAFTS", id="by its name, the one nearest to the top"),
        pytest.param((b'() "/" Old/Drafts', b'() "/" DRAFTS'), "DRAFTS", id="whatever their order"),
        pytest.param((b"() NIL Drafts", b'(\\Noselect) "/" ""'), "Drafts", id="without a delimiter"),
        pytest.param(
            (b'(\\NoSelect) "/" Drafts', b'() "/" Mail/Draft'), "Mail/Draft", id="not one that can't be opened"
        ),
        pytest.param((b'(\\Noselect \\Drafts) "/" x', b'() "/" Drafts'), "Drafts", id="nor by its special use"),
        pytest.param(
            (b'() "/" "R&D"', b'() "/" "&&-"', b'() "/" 2026', b'() "/" Drafts'),
            "Drafts",
            id="beside names that are wrong",
        ),
        pytest.param((b'() "/" {6}\r\nDrafts',), "Drafts", id="as a literal"),
    ],
)
def test_drafts_is_found(connected: Connect, listed: tuple[bytes, ...], drafts: str) -> None:
    """Field notes C11: by special use in any case of letters, else by its usual names."""
    assert connected(OddServer(listed=listed)).drafts == drafts


def test_the_configuration_decides_which_mailbox_is_drafts(connected: Connect) -> None:
    """Over special use; and without any sign of it nothing is guessed nor made."""
    listed = (b'(\\Drafts) "/" Drafts', b'() "/" "My &- Letters"')
    assert connected(OddServer(listed=listed), "My & Letters").drafts == "My & Letters"

    with pytest.raises(ConfigurationProblem, match=r'marks no mailbox as \\Drafts; name yours with drafts = "…"'):
        connected(OddServer(listed=(b'() "/" INBOX', b'() "/" Sent'))).drafts  # noqa: B018
    with pytest.raises(
        ConfigurationProblem, match="the mailbox 'Draft' does not exist; there are 'Drafts', 'My & Letters'"
    ):
        connected(OddServer(listed=listed), "Draft")
