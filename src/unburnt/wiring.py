"""From a configuration to the concrete parts: the only place that knows all class names."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from unburnt.config import AccountSection, Config, LettersSection, RemindersSection, TrainingSection
from unburnt.core.classify import Classifier
from unburnt.core.model import Label, Profile
from unburnt.core.planner import Planner, Policy
from unburnt.world import models, packs, secrets, versions
from unburnt.world.backlog import Backlog
from unburnt.world.database import JOURNAL, Database
from unburnt.world.imap import Connection, Server
from unburnt.world.imap_sink import ImapDrafts
from unburnt.world.imap_source import GLANCE, Cursors, ImapSource
from unburnt.world.index import Index, Informed
from unburnt.world.journal import Journal
from unburnt.world.ports import Decider
from unburnt.world.training import TrainingMailbox
from unburnt.world.votes import Votes
from unburnt.world.worker import Worker


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class PlannerRecipe:
    """All a planner is made from, as a value that travels to a worker process."""

    profile: Profile
    policy: Policy
    threshold: float | None = None
    unsure: float | None = None
    state: Path | None = None  # whose model decides; without one it is the shipped model

    def __call__(self) -> Planner:
        fitted = versions.load(self.state, Told()) if self.state else models.load_or_fit(Told())[0]
        return Planner(Classifier(fitted, self.threshold, self.unsure), packs.load(), self.profile, self.policy)


class Told:
    """Says once, on standard error, that the model has to be fitted first."""

    def __init__(self) -> None:
        self._told = False

    def __call__(self, what: str, done: int, of: int) -> None:
        del what, done
        if not self._told:
            sys.stderr.write(f"unburnt: fitting the classifier from {of} labelled messages, once (a minute or so)\n")
            self._told = True


def recipe(config: Config | None, account: AccountSection | None = None) -> PlannerRecipe:
    """The planner of an account; of nobody in particular, with an empty profile, without a configuration."""
    if config is None:
        return PlannerRecipe(Profile(), Policy())
    given = config.profile
    profile = Profile(given.name, given.signature or given.name, given.strengths, given.linkedin)
    policy = _policy(config.letters, config.reminders, config.accounts, account)
    return PlannerRecipe(profile, policy, config.classifier.threshold, config.classifier.unsure, config.state_directory)


def _policy(
    letters: LettersSection,
    reminders: RemindersSection,
    accounts: tuple[AccountSection, ...],
    account: AccountSection | None,
) -> Policy:
    """Without a certain account, all addresses of the user are their own."""
    mine = account.addresses if account else tuple(address for each in accounts for address in each.addresses)
    others = tuple(address for each in accounts for address in each.addresses if account and each.name != account.name)
    return Policy(
        address=account.address if account else accounts[0].address,
        addresses=mine,
        other_addresses=others,
        language=letters.language,
        feedback=letters.feedback,
        without_recipient=letters.without_recipient,
        cool_off=letters.cool_off,
        max_age=letters.max_age,
        connect_after=reminders.connect_after,
        check_in_after=reminders.check_in_after,
        reminder_sinks=reminders.to,
    )


def decider(made_from: PlannerRecipe) -> Worker:
    """The planner in a process of its own, where hostile mail can be stopped."""
    return Worker(made_from)


def database(config: Config) -> Database:
    return Database(config.state_directory / JOURNAL)


def journal(shared: Database, account: AccountSection, clock: Callable[[], datetime]) -> Journal:
    return Journal(shared, account.name, clock, account.first_run)


def connect(account: AccountSection, training: TrainingSection | None = None) -> Connection:
    """Connect and log in; every failure has its own error. Without ``training`` nothing is ever moved back or made."""
    password = secrets.password(account.name, account.password_command)
    server = Server(
        account.name,
        account.host,
        account.port,
        account.security,
        account.username,
        account.drafts,
        account.ca_file,
        training=(training.rejection, training.other) if training else (),
        returns_to=account.mailboxes if training and training.give_back else (),
    )
    connection = Connection(server)
    try:
        connection.login(password)
    except BaseException:
        connection.close()
        raise
    return connection


def informed(decider: Decider, shared: Database) -> Informed:
    """A decider that knows the history."""
    return Informed(decider, Index(shared))


def backlog(shared: Database, account: AccountSection, clock: Callable[[], datetime]) -> Backlog:
    return Backlog(Journal(shared, account.name, clock, account.history))


def history(connection: Connection, account: AccountSection, cursors: Backlog | None) -> tuple[ImapSource, ...]:
    """What the user wrote first, then what is kept; then the watched mailboxes, until they were read through once."""
    sent = connection.mailbox("sent")
    usual = (sent, connection.mailbox("all") or connection.mailbox("archive"))
    kept = account.history_mailboxes or tuple(filter(None, usual))
    watched = tuple(name for name in account.mailboxes if cursors is None or not cursors.is_read(name))
    others = tuple(name for name in dict.fromkeys((*kept, *watched)) if name != sent)
    source = partial(ImapSource, connection, cursors=cursors, look=GLANCE)
    return (*((source((sent,), own=True),) if sent else ()), source(others))


def votes(config: Config, shared: Database) -> Votes:
    return Votes(shared, config.state_directory)


def training(connection: Connection, section: TrainingSection, shared: Database) -> tuple[TrainingMailbox, ...]:
    """The mailboxes in which votes are cast. Rejections first: of two votes at once the second counts."""
    return (
        TrainingMailbox(connection, shared, section.rejection, Label.REJECTION),
        TrainingMailbox(connection, shared, section.other, Label.OTHER),
    )


def inbox(connection: Connection, account: AccountSection, cursors: Cursors | None) -> ImapSource:
    return ImapSource(connection, account.mailboxes, cursors)


def sinks(connection: Connection) -> dict[str, ImapDrafts]:
    return {"drafts": ImapDrafts(connection)}
