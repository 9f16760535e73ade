"""Commands about mail: looking through it, watching it, and what was done about it."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from unburnt import events
from unburnt.cli.options import CODES, ConfigOption, JsonOption, config_if_any, moment, needed_config
from unburnt.core.reason import Reason

app = typer.Typer()

_REASONS = "\n\n".join(f"{reason}: {reason.meaning}" for reason in Reason)


@app.command(epilog=f"The reasons, one for every message:\n\n{_REASONS}\n\n{CODES}")
def scan(
    sources: Annotated[
        list[str],
        typer.Argument(
            metavar="SOURCE",
            help="A Maildir, an mbox, an .eml file or a folder of them, - for standard input, or the name of a configured account.",
        ),
    ],
    *,
    apply: Annotated[
        bool, typer.Option("--apply", help="Save the drafts and reminders; without it nothing is written anywhere.")
    ] = False,
    into: Annotated[
        Path | None,
        typer.Option(
            "--into", metavar="MAILDIR", help="With --apply on files: where to save. Default: .Drafts in a Maildir."
        ),
    ] = None,
    json: JsonOption = False,
    with_text: Annotated[bool, typer.Option("--with-text", help="With --json: the letters and reminders too.")] = False,
    since: Annotated[
        datetime | None,
        typer.Option("--since", parser=moment, metavar="TIME", help="Only messages from then on, by their Date."),
    ] = None,
    limit: Annotated[
        int | None, typer.Option("--limit", min=1, metavar="N", help="Only the first N messages of each source.")
    ] = None,
    now: Annotated[
        datetime | None,
        typer.Option("--now", parser=moment, metavar="TIME", help="Fix the time, to repeat a run."),
    ] = None,
    config: ConfigOption = None,
) -> None:
    """Look through mail once and tell what would be done: a dry run, unless --apply."""
    from unburnt import scan as scanning

    wish = scanning.Wish(tuple(sources), apply=apply, into=into, since=since, limit=limit, now=now)
    scanning.scan(wish, config_if_any(config), scanning.report(json=json, with_text=with_text))


@app.command(epilog=CODES)
def history(
    company: Annotated[
        str | None, typer.Argument(metavar="COMPANY", help="Only applications to it; a part of the name will do.")
    ] = None,
    *,
    json: JsonOption = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="For a spreadsheet.")] = False,
    config: ConfigOption = None,
) -> None:
    """Show the applications that your mail tells of: how far each went, with whom, and what became of it."""
    from unburnt.history import history as run

    run(company, needed_config(config), json=json, as_csv=as_csv)


@app.command(epilog=CODES)
def watch(
    *,
    once: Annotated[bool, typer.Option("--once", help="One pass over every account, then leave.")] = False,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="A line for every message, with its subject.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Log lines as JSON.")] = False,
    config: ConfigOption = None,
) -> None:
    """Watch the configured accounts: the daemon."""
    from unburnt.reports import Log
    from unburnt.service import Service
    from unburnt.wiring import utc_now

    events.configure(verbose=verbose, json=json)
    service = Service(needed_config(config), lambda account: Log(account.name), utc_now)
    service.once() if once else service.run()


@app.command(epilog=CODES)
def explain(
    file: Annotated[str, typer.Argument(metavar="FILE|-", help="An .eml file, or - for standard input.")],
    *,
    json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """Show how one message is read, judged and answered, and why."""
    from unburnt import explain as explaining

    explaining.explain(file, config_if_any(config), json=json)


@app.command(epilog=CODES)
def status(*, json: JsonOption = False, config: ConfigOption = None) -> None:
    """Show each account's health, what was decided, and what is pending, held or failed."""
    from unburnt import status as stating

    stating.status(needed_config(config), json=json)


@app.command(epilog=CODES)
def release(
    accounts: Annotated[list[str] | None, typer.Argument(metavar="[ACCOUNT…]", help="Default: all.")] = None,
    *,
    config: ConfigOption = None,
) -> None:
    """Let held and failed actions go now. The daemon, or the next watch, does them."""
    from unburnt import status as stating

    stating.release(needed_config(config), tuple(accounts or ()))


@app.command(epilog=CODES)
def demo(
    *,
    keep: Annotated[
        bool, typer.Option("--keep", help="Leave the server up afterwards, to open the mailbox in a mail client.")
    ] = False,
    config: Annotated[
        Path | None, typer.Option("--config", metavar="FILE", help="Accepted as everywhere; the demo has its own.")
    ] = None,
) -> None:
    """See the whole job done on a mailbox made for the purpose, on this machine alone."""
    from unburnt import demo as showing

    del config
    showing.demo(keep=keep)


@app.command(epilog=CODES)
def init(*, config: ConfigOption = None) -> None:
    """Make the mailboxes in which you teach the classifier, in every account, and tell what each server can do."""
    from unburnt import init as initialising

    initialising.init(needed_config(config))


@app.command(hidden=True)
def prepare() -> None:
    """Fit the shipped model into the cache, once; part of the set-up."""
    from unburnt.reports import fitting
    from unburnt.world.models import load_or_fit

    with fitting() as progress:
        load_or_fit(progress)
