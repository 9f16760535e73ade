"""`unburnt demo`: the daemon itself, on a mailbox made for the purpose, in a server on this machine."""

import shlex
import tempfile
import threading
import time
from collections.abc import Callable
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from rich.console import Console, Group
from rich.markup import escape
from rich.panel import Panel
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.text import Text

from unburnt import history, reports
from unburnt.config import Config
from unburnt.core.model import Label, Plan
from unburnt.demo import postman
from unburnt.demo.server import EmbeddedServer
from unburnt.errors import TryAgain
from unburnt.service import Service
from unburnt.wiring import utc_now
from unburnt.world.ledger import Entry
from unburnt.world.ports import ActionState

_USER, _PASSWORD = "sam@mail.example", "demo"  # of a server that lives for seconds, on loopback
_PASS_SECONDS = 120.0  # the first includes the fitting of the model, where there is none yet
_POLL_SECONDS = 30
_BETWEEN_ARRIVALS = 0.5
_APPLICATIONS = 12  # shown of the history
_SHOWN_HEADERS = ("From", "To", "Subject", "Date", "Message-ID", "In-Reply-To")


class Audience:
    """Remembers what the daemon tells, and moves the progress bar."""

    def __init__(self) -> None:
        self.plans: list[Plan] = []
        self.done: list[Entry] = []
        self.told = threading.Event()
        self.advance: Callable[[], object] = lambda: None

    def planned(self, plan: Plan) -> None:
        self.plans.append(plan)
        self.advance()

    def acted(self, entry: Entry, state: ActionState, error: str | None) -> None:
        del error
        if state is ActionState.DONE:
            self.done.append(entry)
        self.told.set()


def demo(*, keep: bool) -> None:
    """Fill a mailbox, let the daemon work through it, deliver some more while it watches, show what came of it."""
    console = reports.console()
    with EmbeddedServer(_USER, _PASSWORD) as server, tempfile.TemporaryDirectory(prefix="unburnt-demo-") as folder:
        with postman.Postman(server) as post:
            post.create("Drafts", "Sent", "Trash")
            arriving = _fill(console, server, post)
            audience = Audience()
            config = _config(server, Path(folder))
            service = Service(config, lambda _account: audience, utc_now)
            service.start()
            try:
                _backlog(console, service, audience)
                _arrivals(console, post, service, audience, arriving)
            finally:
                service.stop()
            _outcome(console, audience, post)
            console.rule("unburnt history: the search, as the mail tells it")
            history.show(console, history.known(config), most=_APPLICATIONS)
        if keep:
            _keep(console, server)


def _fill(console: Console, server: EmbeddedServer, post: postman.Postman) -> list[postman.Letter]:
    """Deliver the backlog; returns what is to arrive later."""
    received = postman.mail("INBOX")
    weeks = postman.weeks_until(utc_now(), received)
    for mailbox in ("INBOX", "Sent"):
        for letter in postman.moved(postman.mail(mailbox), weeks):
            post.deliver(mailbox, letter)
    console.print(
        f"An IMAP server on {server.host}:{server.port} holds the mailbox of Sam Doe: {len(received)} messages.",
        highlight=False,
    )
    return list(postman.moved(postman.mail("arriving"), weeks))


def _config(server: EmbeddedServer, folder: Path) -> Config:
    secret = folder / "password"
    secret.touch(mode=0o600)
    secret.write_text(_PASSWORD, encoding="utf-8")
    account = {
        "name": "demo",
        "address": _USER,
        "host": server.host,
        "port": server.port,
        "security": "none",
        "password_command": f"cat {shlex.quote(str(secret))}",
        "poll": f"{_POLL_SECONDS}s",
        "first_run": "120d",
    }
    profile = {
        "name": "Sam Doe",
        "strengths": "I turn messy product data into decisions that teams act on",
        "linkedin": "https://www.linkedin.com/in/sam-doe-example",
    }
    return Config.model_validate(
        {
            "profile": profile,
            "accounts": [account],
            "letters": {"daily_limit": 100},
            "state": {"directory": str(folder / "state")},
        }
    )


def _backlog(console: Console, service: Service, audience: Audience) -> None:
    columns = (TextColumn("reading the backlog"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    started = time.monotonic()
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("", total=len(postman.mail("INBOX")))
        audience.advance = lambda: progress.advance(task)
        _pass(service)
        audience.advance = lambda: None
    saved = len(audience.done)
    console.print(f"Read in {time.monotonic() - started:.1f} s; {saved} drafts and notes saved.", highlight=False)


def _arrivals(
    console: Console, post: postman.Postman, service: Service, audience: Audience, letters: list[postman.Letter]
) -> None:
    """Deliver while it watches. It polls every half minute; what is settled sooner was noticed by IDLE."""
    console.print("Now it watches, and mail arrives:")
    for letter in letters:
        time.sleep(_BETWEEN_ARRIVALS)
        before, started = len(audience.plans), time.monotonic()
        post.deliver("INBOX", letter)
        while len(audience.plans) == before:
            _pass(service)
        plan = audience.plans[-1]
        how = "by IDLE" if (seconds := time.monotonic() - started) < _POLL_SECONDS else "by polling"
        verdict = plan.verdict.label if plan.verdict else "unread"
        console.print(
            f"  noticed {how}, settled in {seconds:.2f} s, {verdict}: {escape(plan.envelope.subject)}", highlight=False
        )


def _pass(service: Service) -> None:
    """Wait for the end of the pass that is going on or comes next."""
    watch = service.watches[0]
    deadline = time.monotonic() + _PASS_SECONDS
    while not watch.passed.wait(0.2):
        if watch.ended_by is not None:
            raise watch.ended_by
        if time.monotonic() > deadline:
            raise TryAgain("the demo's daemon made no pass in time")
    watch.passed.clear()


def _outcome(console: Console, audience: Audience, post: postman.Postman) -> None:
    shown = [plan for plan in audience.plans if plan.verdict and plan.verdict.label is not Label.OTHER]
    others = len(audience.plans) - len(shown)
    console.print(reports.plans_table(shown))
    console.print(f"… and {others} other messages, for which nothing was saved.", highlight=False)
    drafts = [message_from_bytes(octets, policy=policy.default) for octets in post.read("Drafts")]
    letter = next(
        (draft for draft in reversed(drafts) if draft["To"] and str(draft["Subject"]).startswith("Re:")), None
    )
    if letter is None:
        return
    note = next(
        (draft for draft in drafts if draft["In-Reply-To"] == letter["In-Reply-To"] and draft is not letter), None
    )
    console.rule("one letter, and its reminder, as they lie in Drafts")
    for draft in (letter, note):
        if draft is not None:
            console.print(_panel(draft))


def _panel(draft: EmailMessage) -> Panel:
    header = Text("\n".join(f"{name}: {draft[name]}" for name in _SHOWN_HEADERS if draft[name]), style="dim")
    body = draft.get_body(("plain",))
    text = Text(body.get_content().rstrip() if body is not None else "")
    attached = [part.get_filename() or part.get_content_type() for part in draft.iter_attachments()]
    below = [Text(f"[attached: {', '.join(attached)}]", style="dim")] if attached else []
    return Panel(Group(header, Text(), text, *below))


def _keep(console: Console, server: EmbeddedServer) -> None:
    """Stay until Ctrl-C, and say how to look inside."""
    place, secret = f"{server.host}:{server.port}", f"imap_user={server.user} imap_pass={server.password}"
    console.print(
        f"\nThe mailbox stays open until Ctrl-C. In a mail client: IMAP server {server.host}, port {server.port}, "
        f"no encryption,\nuser {server.user}, password {server.password}. With mutt, for example:\n"
        f"  neomutt -n -e 'set {secret} ssl_starttls=no ssl_force_tls=no' -f imap://{place}/Drafts",
        highlight=False,
        soft_wrap=True,
    )
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        console.print("closed")
