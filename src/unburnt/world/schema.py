"""The journal's tables. ``user_version`` counts the schema; MIGRATIONS lead from each version to the next."""

import sqlalchemy as sa

metadata = sa.MetaData()

messages = sa.Table(
    "messages",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("identity", sa.Text, nullable=False, unique=True),  # parse.identity, or "?<origin>" when unreadable
    sa.Column("account", sa.Text, nullable=False, index=True),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("message_id", sa.Text, index=True),
    sa.Column("date", sa.Float),  # seconds since the epoch, UTC, as all times here
    sa.Column("author_name", sa.Text),
    sa.Column("author_address", sa.Text),
    sa.Column("subject", sa.Text),
    sa.Column("label", sa.Text),
    sa.Column("probability", sa.Float),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("language", sa.Text),
    sa.Column("company", sa.Text),
    sa.Column("role", sa.Text),
    sa.Column("contact_name", sa.Text),
    sa.Column("contact_address", sa.Text),
    sa.Column("recipient", sa.Text),
    sa.Column("recipient_why", sa.Text),
    sa.Column("stage", sa.Text),
    sa.Column("error", sa.Text),
    sa.Column("at", sa.Float, nullable=False),
)

names = sa.Table(  # further identities a server gives a message: X-GM-MSGID, EMAILID
    "names",
    metadata,
    sa.Column("account", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("message", sa.Integer, sa.ForeignKey("messages.id"), nullable=False),
)

replies = sa.Table(  # what the user's own messages answer: In-Reply-To and References of mail in Sent
    "replies",
    metadata,
    sa.Column("answered", sa.Text, primary_key=True),
    sa.Column("at", sa.Float, nullable=False),
)

actions = sa.Table(
    "actions",
    metadata,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("message", sa.Integer, sa.ForeignKey("messages.id"), nullable=False, index=True),
    sa.Column("account", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),  # draft, check_in_draft, or a reminder's purpose
    sa.Column("sink", sa.Text, nullable=False),
    sa.Column("due", sa.Float, nullable=False),
    sa.Column("state", sa.Text, nullable=False, index=True),
    sa.Column("summary", sa.Text, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("octets", sa.LargeBinary, nullable=False),
    sa.Column("mailbox", sa.Text),  # the intent: where, and from which UID on it can be
    sa.Column("uidvalidity", sa.Integer),
    sa.Column("uidnext", sa.Integer),
    sa.Column("receipt", sa.Text),
    sa.Column("error", sa.Text),
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("not_before", sa.Float),  # held or failed: when it is looked at again; NULL = when the user says so
    sa.Column("done_at", sa.Float),
    sa.Column("waits_for", sa.Text),  # the action that has to be taken back before this one is done
    sa.Column("reminder", sa.Text, index=True),  # that it is a form of, or comes with
)

reminders = sa.Table(  # what the user is reminded of, whatever sinks hold it
    "reminders",
    metadata,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("message", sa.Integer, sa.ForeignKey("messages.id"), nullable=False, index=True),
    sa.Column("account", sa.Text, nullable=False),
    sa.Column("purpose", sa.Text, nullable=False),
    sa.Column("due", sa.Float, nullable=False, index=True),
    sa.Column("state", sa.Text, nullable=False),  # open, done, dropped
    sa.Column("summary", sa.Text, nullable=False),
    sa.Column("why", sa.Text),  # it was moved, or dropped
)

cursors = sa.Table(
    "cursors",
    metadata,
    sa.Column("account", sa.Text, primary_key=True),
    sa.Column("mailbox", sa.Text, primary_key=True),
    sa.Column("uidvalidity", sa.Integer, nullable=False),
    sa.Column("high", sa.Integer, nullable=False),
    sa.Column("horizon", sa.Float),
    sa.Column("settled", sa.Boolean, nullable=False, server_default="0"),  # read through once under this UIDVALIDITY
)

unfetched = sa.Table(  # UIDs at or below the cursor that are not finished
    "unfetched",
    metadata,
    sa.Column("account", sa.Text, primary_key=True),
    sa.Column("mailbox", sa.Text, primary_key=True),
    sa.Column("uidvalidity", sa.Integer, primary_key=True),
    sa.Column("uid", sa.Integer, primary_key=True),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("error", sa.Text, nullable=False),
    sa.Column("not_before", sa.Float, nullable=False),
)

found = sa.Table(  # keys seen in Drafts that this journal never wrote: it was lost, or restored from a copy
    "found",
    metadata,
    sa.Column("account", sa.Text, primary_key=True),
    sa.Column("key", sa.Text, primary_key=True),
)

accounts = sa.Table(
    "accounts",
    metadata,
    sa.Column("account", sa.Text, primary_key=True),
    sa.Column("amnesia", sa.Boolean, nullable=False, server_default="0"),
    sa.Column("last_contact", sa.Float),
    sa.Column("health", sa.Text),
    sa.Column("error", sa.Text),
)

connections = sa.Table(
    "connections",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("account", sa.Text, nullable=False, index=True),
    sa.Column("at", sa.Float, nullable=False),
)

requests = sa.Table(  # what other commands ask of the daemon
    "requests",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("account", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("argument", sa.Text, nullable=False, server_default=""),
    sa.Column("asked_at", sa.Float, nullable=False),
)

votes = sa.Table(  # what the user said of a message, the last time they did
    "votes",
    metadata,
    sa.Column("identity", sa.Text, primary_key=True),
    sa.Column("label", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),  # of its file among the labelled mail
    sa.Column("account", sa.Text),
    sa.Column("at", sa.Float, nullable=False),
    sa.Column("settled", sa.Boolean, nullable=False),  # its consequences are drawn
)

sightings = sa.Table(  # what lies in the training mailboxes
    "sightings",
    metadata,
    sa.Column("account", sa.Text, primary_key=True),
    sa.Column("mailbox", sa.Text, primary_key=True),
    sa.Column("uidvalidity", sa.Integer, primary_key=True),
    sa.Column("uid", sa.Integer, primary_key=True),
    sa.Column("identity", sa.Text, nullable=False, index=True),
)

training = sa.Table(  # how a training mailbox was when all of it had been read
    "training",
    metadata,
    sa.Column("account", sa.Text, primary_key=True),
    sa.Column("mailbox", sa.Text, primary_key=True),
    sa.Column("state", sa.Text, nullable=False),
)

skipped = sa.Table(  # messages that `unburnt review` showed and the user left undecided
    "skipped",
    metadata,
    sa.Column("identity", sa.Text, primary_key=True),
    sa.Column("at", sa.Float, nullable=False),
)

steps = sa.Table(  # the history of applications; ``loose`` until it is known to belong to one
    "steps",
    metadata,
    sa.Column("identity", sa.Text, primary_key=True),
    sa.Column("account", sa.Text, nullable=False),
    sa.Column("at", sa.Float, nullable=False, index=True),
    sa.Column("loose", sa.Boolean, nullable=False),
    sa.Column("step", sa.Text, nullable=False),  # core.model.Step as JSON
)

traffic = sa.Table(  # octets fetched for the history, by day
    "traffic",
    metadata,
    sa.Column("account", sa.Text, primary_key=True),
    sa.Column("day", sa.Text, primary_key=True),
    sa.Column("octets", sa.Integer, nullable=False),
)

# MIGRATIONS[n] leads from version n to n + 1; version 0 is an empty file, 1 the tables as first released, 2 has votes, 3 the
# history, 4 reminders that are more than the notes that tell of them.
MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (),
    (),
    ("ALTER TABLE actions ADD COLUMN waits_for TEXT",),
    (
        "ALTER TABLE actions ADD COLUMN reminder TEXT",
        "CREATE INDEX ix_actions_reminder ON actions (reminder)",
        "UPDATE actions SET reminder = key WHERE kind != 'draft'",
        """CREATE TABLE reminders (key TEXT PRIMARY KEY NOT NULL, message INTEGER NOT NULL REFERENCES messages (id),
        account TEXT NOT NULL, purpose TEXT NOT NULL, due FLOAT NOT NULL, state TEXT NOT NULL, summary TEXT NOT NULL, why TEXT)""",
        "CREATE INDEX ix_reminders_message ON reminders (message)",
        "CREATE INDEX ix_reminders_due ON reminders (due)",
        """INSERT INTO reminders SELECT key, message, account, kind, due,
        CASE WHEN state IN ('dropped', 'recalled', 'withdrawn', 'left') THEN 'dropped' ELSE 'open' END,
        summary, NULL FROM actions WHERE kind != 'draft'""",
    ),
)
VERSION = len(MIGRATIONS)
