"""`unburnt init`: make the training mailboxes of every account, and tell what each account's server can do."""

from rich.markup import escape

from unburnt import reports, wiring
from unburnt.config import Config
from unburnt.errors import UnburntError
from unburnt.sections import AccountSection
from unburnt.world.database import Database


def init(config: Config) -> None:
    """All accounts; the first trouble is raised after all had their turn."""
    console = reports.console()
    database = Database(None)
    troubles: list[UnburntError] = []
    try:
        for account in config.accounts:
            try:
                for line in _prepare(config, account, database):
                    console.print(f"{escape(account.name)}: {escape(line)}", highlight=False)
            except UnburntError as error:
                troubles.append(error)
    finally:
        database.close()
    if troubles:
        raise troubles[0]


def _prepare(config: Config, account: AccountSection, database: Database) -> list[str]:
    connection = wiring.connect(account, config.training)
    try:
        said = [f"drafts go to {connection.drafts}"]
        for mailbox in wiring.training(connection, config.training, database):
            made = mailbox.create()
            said.append(
                f"{mailbox.name} {'made' if made else 'is there'}: what you put there is {_meant[mailbox.label]}"
            )
        if not connection.has("MOVE"):
            said.append("the server has no MOVE (RFC 6851): after a vote against, delete its drafts by hand")
        return said
    finally:
        connection.close()


_meant = {"rejection": "a rejection", "other": "no rejection"}
