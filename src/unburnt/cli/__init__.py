"""The command line: arguments → one call; errors → exit codes."""

import os
import sys
from collections.abc import Callable
from typing import Annotated

import typer

from unburnt import __version__, events
from unburnt.cli import following, lettering, mail, teaching
from unburnt.cli.options import CODES
from unburnt.errors import Exit, UnburntError

_TYPER_USAGE = 2


app = typer.Typer(
    name="unburnt",
    help="Finds job rejections in a mailbox and saves a thank-you reply, and a reminder to stay in touch, in your own Drafts. "
    "It never sends, deletes or marks mail as read.",
    epilog=CODES,
    no_args_is_help=True,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
    pretty_exceptions_enable=False,
)


def _version(wanted: bool) -> None:  # noqa: FBT001  # typer's way to call it
    if wanted:
        typer.echo(f"unburnt {__version__}")
        raise typer.Exit


app.add_typer(mail.app)
app.add_typer(following.app)
app.add_typer(lettering.app, name="letters")
app.add_typer(teaching.app)


@app.callback()
def root(
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and leave.")
    ] = False,
) -> None:
    """What all commands share."""


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
