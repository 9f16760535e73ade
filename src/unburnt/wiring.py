"""From a configuration to the concrete parts: the only place that knows all class names."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from unburnt.config import Config, user_zone
from unburnt.core.answer import Answerer
from unburnt.core.model import Label, Profile
from unburnt.core.policy import Policy
from unburnt.recipe import PlannerRecipe
from unburnt.sections import AccountSection, LettersSection, ProfileSection, RemindersSection, TrainingSection
from unburnt.world import imap_sink, own_letters, packs, secrets
from unburnt.world.apprise_sink import Notifications
from unburnt.world.backlog import Backlog
from unburnt.world.caldav_sink import CaldavCalendar
from unburnt.world.database import JOURNAL, Database
from unburnt.world.ics_sink import CalendarFiles, Folder, OneFile
from unburnt.world.imap import Connection, Server
from unburnt.world.imap_source import GLANCE, Cursors, ImapSource
from unburnt.world.index import Index, Informed
from unburnt.world.journal import Journal
from unburnt.world.ports import ActionSink, Decider
from unburnt.world.todo_txt_sink import TodoTxt
from unburnt.world.training import TrainingMailbox
from unburnt.world.votes import Votes
from unburnt.world.worker import Worker


def utc_now() -> datetime:
    return datetime.now(UTC)


def recipe(config: Config | None, account: AccountSection | None = None) -> PlannerRecipe:
    """The planner of an account; of nobody in particular, with an empty profile, without a configuration."""
    if config is None:
        return PlannerRecipe(Profile(), Policy())
    given = config.profile
    policy = _policy(config.letters, config.reminders, config.accounts, account)
    judged = config.classifier
    return PlannerRecipe(
        profile(given), policy, judged.threshold, judged.unsure, config.state_directory, own_words(config)
    )


def profile(given: ProfileSection) -> Profile:
    """The user, as the letters need them."""
    said = given.strengths
    one, each = (said, ()) if isinstance(said, str) else ("", tuple(said.items()))
    return Profile(given.name, given.signature or given.name, one, each, given.linkedin)


def answerer(config: Config, account: AccountSection) -> Answerer:
    """What answers for an account where nothing has to be judged: without a model, in this process."""
    made = recipe(config, account)
    return Answerer(packs.load(made.letters), made.profile, made.policy)


def own_words(config: Config) -> Mapping[str, Mapping[str, Any]]:
    """The user's own words for letters, checked."""
    folder = letters_folder(config)
    return own_letters.load(folder, packs.shipped_letters()) if folder.is_dir() else {}


def letters_folder(config: Config) -> Path:
    """Where the user's own words for letters lie: beside the configuration."""
    return (config.source.parent if config.source else Path()) / own_letters.FOLDER


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
        tone=letters.tone,
        quote=letters.quote,
        feedback=letters.feedback,
        without_recipient=letters.without_recipient,
        cool_off=letters.cool_off,
        max_age=letters.max_age,
        min_stage=letters.min_stage,
        quiet_companies=letters.quiet_companies,
        connect_after=reminders.connect_after,
        check_in_after=reminders.check_in_after,
        stay_in_touch=reminders.stay_in_touch,
        zone=user_zone(),
        reminder_sinks=reminders.to,
    )


def decider(made_from: PlannerRecipe) -> Worker:
    """The planner in a process of its own, where hostile mail can be stopped."""
    return Worker(made_from)


def database(config: Config) -> Database:
    return Database(config.state_directory / JOURNAL)


def journal(shared: Database, account: AccountSection, clock: Callable[[], datetime]) -> Journal:
    return Journal(shared, account.name, clock, account.first_run)


def connect(
    account: AccountSection, training: TrainingSection | None = None, reminders: RemindersSection | None = None
) -> Connection:
    """Connect and log in; every failure has its own error. Without ``training`` nothing is ever moved back or made,
    without ``reminders`` nothing is put into the inbox.
    """
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
        notes=("INBOX",) if reminders and "inbox" in reminders.to else (),
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


def sinks(connection: Connection, config: Config) -> dict[str, ActionSink]:
    """All that are wanted, by name."""
    return mail_sinks(connection, config) | reminder_sinks(config)


def mail_sinks(connection: Connection, config: Config) -> dict[str, ActionSink]:
    """Those in the mailbox server; Drafts always, since letters go there."""
    found: dict[str, ActionSink] = {"drafts": imap_sink.drafts(connection)}
    if "inbox" in config.reminders.to:
        found["inbox"] = imap_sink.inbox(connection)
    return found


def reminder_sinks(config: Config | None) -> dict[str, ActionSink]:
    """Those that need no mail server. Nothing is asked of any before it is used: each fails for itself. To be made once:
    a calendar server stays open, and its password isn't asked for again.
    """
    if config is None:
        return {}
    given = config.reminders
    caldav, notify = given.caldav, given.notify
    made: dict[str, Callable[[], ActionSink]] = {
        "ics": lambda: CalendarFiles(_shelf(given.ics), utc_now),
        "todo.txt": lambda: TodoTxt(given.todo_txt or Path(), utc_now),
        "caldav": lambda: CaldavCalendar(
            caldav.url, caldav.username, partial(secrets.caldav_password, caldav.password_command), utc_now
        ),
        "notify": lambda: Notifications(partial(secrets.notify_addresses, notify.command)),
    }
    return {name: make() for name, make in made.items() if name in given.to}


def _shelf(given: str) -> Folder | OneFile:
    """A folder is named as one, or is one already."""
    path = Path(given)
    return Folder(path) if given.endswith("/") or path.is_dir() else OneFile(path)
