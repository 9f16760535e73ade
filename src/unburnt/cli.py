"""The command line: arguments → one call; errors → exit codes."""

import os
import sys
from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from unburnt import __version__, config, events
from unburnt.core.model import Label, Reason
from unburnt.errors import ConfigurationProblem, Exit, UnburntError
from unburnt.evaluate.about import ABOUT

_TYPER_USAGE = 2
_CODES = """Exit codes: 0 done · 64 wrong usage · 69 server unavailable · 75 try again (another unburnt is at work, the state
directory can't be written) · 77 login refused · 78 configuration."""

_REASONS = "\n\n".join(f"{reason}: {reason.meaning}" for reason in Reason)

app = typer.Typer(
    name="unburnt",
    help="Finds job rejections in a mailbox and saves a thank-you reply, and a reminder to stay in touch, in your own Drafts. "
    "It never sends, deletes or marks mail as read.",
    epilog=_CODES,
    no_args_is_help=True,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
    pretty_exceptions_enable=False,
)


def _moment(text: str) -> datetime:
    """ISO 8601; without a zone it is the user's own."""
    try:
        return datetime.fromisoformat(text).astimezone()
    except ValueError as error:
        raise typer.BadParameter(f"{text!r} is no time; write 2026-11-20 or 2026-11-20T09:30:00Z") from error


class Taught(StrEnum):
    """What a message may be said to be."""

    REJECTION = "rejection"
    OTHER = "other"


ConfigOption = Annotated[
    Path | None,
    typer.Option(
        "--config",
        metavar="FILE",
        help="The configuration; default: config.toml in ~/.config/unburnt, then /etc/unburnt.",
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="For machines.")]


def _version(wanted: bool) -> None:  # noqa: FBT001  # typer's way to call it
    if wanted:
        typer.echo(f"unburnt {__version__}")
        raise typer.Exit


@app.callback()
def root(
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and leave.")
    ] = False,
) -> None:
    """What all commands share."""


@app.command(epilog=f"The reasons, one for every message:\n\n{_REASONS}\n\n{_CODES}")
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
        typer.Option("--since", parser=_moment, metavar="TIME", help="Only messages from then on, by their Date."),
    ] = None,
    limit: Annotated[
        int | None, typer.Option("--limit", min=1, metavar="N", help="Only the first N messages of each source.")
    ] = None,
    now: Annotated[
        datetime | None,
        typer.Option("--now", parser=_moment, metavar="TIME", help="Fix the time, to repeat a run."),
    ] = None,
    config: ConfigOption = None,
) -> None:
    """Look through mail once and tell what would be done: a dry run, unless --apply."""
    from unburnt import scan as scanning

    wish = scanning.Wish(tuple(sources), apply=apply, into=into, since=since, limit=limit, now=now)
    scanning.scan(wish, _config_if_any(config), scanning.report(json=json, with_text=with_text))


@app.command(epilog=_CODES)
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
    service = Service(_config(config), lambda account: Log(account.name), utc_now)
    service.once() if once else service.run()


@app.command(epilog=_CODES)
def explain(
    file: Annotated[str, typer.Argument(metavar="FILE|-", help="An .eml file, or - for standard input.")],
    *,
    json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """Show how one message is read, judged and answered, and why."""
    from unburnt import explain as explaining

    explaining.explain(file, _config_if_any(config), json=json)


@app.command(epilog=f"{ABOUT}\n\n{_CODES}")
def evaluate(
    *,
    on: Annotated[
        Path | None,
        typer.Option("--on", metavar="PATH", help="A labelled set, judged by the model in force; see below."),
    ] = None,
    report: Annotated[
        Path | None, typer.Option("--report", metavar="FILE.html", help="Write it all as one page, with plots.")
    ] = None,
    learning_curve: Annotated[
        bool, typer.Option("--learning-curve", help="Also learn from 1/8, 1/4, 1/2, 3/4 and all: would more mail help?")
    ] = False,
    errors: Annotated[bool, typer.Option("--errors", help="List what is judged wrong, with the evidence.")] = False,
    floors: Annotated[
        Path | None,
        typer.Option(
            "--floors", metavar="FILE", help="Compare with a quality.toml; leave with 1 if a figure has fallen."
        ),
    ] = None,
    json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """Measure the classifier: by cross-validation that keeps a family on one side, or on a labelled set of yours."""
    from unburnt.evaluate import command

    wish = command.Wish(on=on, report=report, floors=floors, learning_curve=learning_curve, errors=errors, json=json)
    command.evaluate(wish, _config_if_any(config))


@app.command(epilog=_CODES)
def status(*, json: JsonOption = False, config: ConfigOption = None) -> None:
    """Show each account's health, what was decided, and what is pending, held or failed."""
    from unburnt import status as stating

    stating.status(_config(config), json=json)


@app.command(epilog=_CODES)
def release(
    accounts: Annotated[list[str] | None, typer.Argument(metavar="[ACCOUNT…]", help="Default: all.")] = None,
    *,
    config: ConfigOption = None,
) -> None:
    """Let held and failed actions go now. The daemon, or the next watch, does them."""
    from unburnt import status as stating

    stating.release(_config(config), tuple(accounts or ()))


@app.command(epilog=_CODES)
def train(
    *,
    json: JsonOption = False,
    background: Annotated[
        bool, typer.Option("--background", help="With low priority, and --json; how the daemon does it.")
    ] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Also on votes that were learned from or rolled back.")
    ] = False,
    config: ConfigOption = None,
) -> None:
    """Make a new version of your model from your votes. It is adopted unless it is worse than the one in force."""
    from unburnt import train as training

    training.train(_config(config), json=json, background=background, force=force)


model = typer.Typer(help="Show the versions of your model, or go back to an earlier one.", epilog=_CODES)
app.add_typer(model, name="model")


@model.callback(invoke_without_command=True)
def show_model(context: typer.Context, *, json: JsonOption = False, config: ConfigOption = None) -> None:
    """Show the versions of your model, or go back to an earlier one."""
    from unburnt import versioning

    context.obj = config
    if context.invoked_subcommand is None:
        versioning.model(_config(config), json=json)


@model.command(epilog=_CODES)
def rollback(
    context: typer.Context,
    number: Annotated[
        int | None, typer.Argument(metavar="[N]", min=0, help="Default: the adopted one before; 0 is the shipped one.")
    ] = None,
    *,
    config: ConfigOption = None,
) -> None:
    """Put an earlier version in force again."""
    from unburnt import versioning

    versioning.rollback(_config(config or context.obj), number)


@app.command(epilog=_CODES)
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


@app.command(epilog=_CODES)
def init(*, config: ConfigOption = None) -> None:
    """Make the mailboxes in which you teach the classifier, in every account, and tell what each server can do."""
    from unburnt import init as initialising

    initialising.init(_config(config))


@app.command(epilog=_CODES)
def label(
    said: Annotated[Taught, typer.Argument(metavar="rejection|other", help="What it is.")],
    files: Annotated[list[str] | None, typer.Argument(metavar="[FILE…]", help="Messages, as .eml files.")] = None,
    *,
    message_id: Annotated[
        str | None,
        typer.Option("--message-id", metavar="ID", help="Instead: a message of an account, by its Message-ID."),
    ] = None,
    config: ConfigOption = None,
) -> None:
    """Tell the classifier what a message is: the same vote as moving it into a training mailbox."""
    from unburnt import label as labelling

    labelling.label(_config(config), Label(said), tuple(files or ()), message_id)


@app.command(epilog=_CODES)
def review(
    *,
    limit: Annotated[int, typer.Option("--limit", min=1, metavar="N", help="At most so many.")] = 50,
    config: ConfigOption = None,
) -> None:
    """Decide about the messages that the classifier is least sure of, one key each. Leave when you like; it is all kept."""
    from unburnt import review as reviewing

    reviewing.review(_config(config), limit)


@app.command(epilog=_CODES)
def export_labels(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="A new or empty folder.")],
    *,
    redact: Annotated[
        bool, typer.Option("--redact", help="Replace names, addresses, numbers and links; nothing is written without.")
    ] = False,
    json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """Write the mail that you have labelled with nobody named in it, for those who want to give it to the project."""
    from unburnt import export

    export.export_labels(directory, _config(config), redacted=redact, json=json)


@app.command(hidden=True)
def prepare() -> None:
    """Fit the shipped model into the cache, once; part of the set-up."""
    from unburnt.reports import fitting
    from unburnt.world.models import load_or_fit

    with fitting() as progress:
        load_or_fit(progress)


def _config_if_any(path: Path | None) -> config.Config | None:
    found = path or config.find()
    return config.load(found) if found else None


def _config(path: Path | None) -> config.Config:
    loaded = _config_if_any(path)
    if loaded is None:
        places = " or ".join(str(place) for place in config.candidates())
        raise ConfigurationProblem(f"There is no configuration yet. Write one to {places}, or name it with --config.")
    return loaded


def _quietly_closed(run: Callable[[], int]) -> int:
    """A reader that has seen enough (`unburnt scan … | head`) is no error."""
    try:
        code = run()
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return code


def main() -> None:
    """The console script."""
    sys.exit(_quietly_closed(_run))


def _run() -> int:
    events.quiet()
    try:
        app()
    except SystemExit as error:  # typer ends every command so; 2 is its code for wrong usage
        return Exit.USAGE if error.code == _TYPER_USAGE else int(error.code or 0)
    except UnburntError as error:
        typer.echo(f"unburnt: {error}", err=True)
        return error.exit_code
    return Exit.OK
