"""`unburnt label`: a vote from the terminal, on files or on a message of an account."""

import sys

from unburnt import wiring
from unburnt.config import Config
from unburnt.core.model import Label, RawMessage
from unburnt.errors import UsageProblem
from unburnt.world.database import Database
from unburnt.world.health import Health
from unburnt.world.lookup import by_message_id
from unburnt.world.mailfiles import message_in
from unburnt.world.ports import Decider
from unburnt.world.votes import NO_VOTE, Votes


def label(config: Config, said: Label, files: tuple[str, ...], message_id: str | None) -> None:
    """Count the votes; the daemon, or the next watch, draws their consequences and learns from them."""
    if bool(files) == (message_id is not None):
        raise UsageProblem("name files, or one message by --message-id")
    database = wiring.database(config)
    try:
        with wiring.decider(wiring.recipe(config)) as decider:
            voter = Voter(config, database, decider)
            refused = [voter.vote(said, raw, account) for raw, account in _messages(config, files, message_id)]
        ask_for_a_pass(config, database)
    finally:
        database.close()
    if troubles := [why for why in refused if why]:
        raise UsageProblem("\nunburnt: ".join(troubles))


class Voter:
    """Casts votes one by one, and says what became of each."""

    def __init__(self, config: Config, database: Database, decider: Decider) -> None:
        self._votes: Votes = wiring.votes(config, database)
        self._decider = decider

    def vote(self, said: Label, raw: RawMessage, account: str | None) -> str | None:
        """None when it counted or had counted before, else why not."""
        now = wiring.utc_now()
        plan = self._decider.plan(raw, now, said)
        if plan.reason in NO_VOTE:
            return f"{raw.origin.source}: {plan.error or plan.reason.meaning}"
        new = self._votes.cast(plan, said, raw.octets, account, now)
        sys.stdout.write(f"{raw.origin.source}: {said}{'' if new else ', as you had said before'}\n")
        return None


def ask_for_a_pass(config: Config, database: Database) -> None:
    """The daemon, if there is one, looks at the votes now."""
    for account in config.accounts:
        Health(database, account.name).ask("votes", wiring.utc_now())


def _messages(config: Config, files: tuple[str, ...], message_id: str | None) -> list[tuple[RawMessage, str | None]]:
    if message_id is None:
        return [(message_in(file), None) for file in files]
    for account in config.accounts:
        connection = wiring.connect(account)
        try:
            raw = by_message_id(connection, account.mailboxes, message_id)
        finally:
            connection.close()
        if raw is not None:
            return [(raw, account.name)]
    raise UsageProblem(f"{message_id}: no message with this Message-ID was found; is it in a watched mailbox?")
