"""Commands about the classifier: how good it is, and making it better."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from unburnt.cli.options import CODES, ConfigOption, JsonOption, config_if_any, needed_config
from unburnt.core.model import Label
from unburnt.evaluate.about import ABOUT

app = typer.Typer()


class Taught(StrEnum):
    """What a message may be said to be."""

    REJECTION = "rejection"
    OTHER = "other"


@app.command(epilog=f"{ABOUT}\n\n{CODES}")
def evaluate(
    *,
    on: Annotated[
        Path | None,
        typer.Option("--on", metavar="PATH", help="A labelled set, judged by the model in force; see below."),
    ] = None,
    extraction: Annotated[
        bool,
        typer.Option(
            "--extraction", help="Instead of the classifier: company, role, contact and recipient, per sender."
        ),
    ] = False,
    report: Annotated[
        Path | None, typer.Option("--report", metavar="FILE.html", help="Write it all as one page, with plots.")
    ] = None,
    learning_curve: Annotated[
        bool, typer.Option("--learning-curve", help="Also learn from 1/8, 1/4, 1/2, 3/4 and all: would more mail help?")
    ] = False,
    errors: Annotated[bool, typer.Option("--errors", help="List what is wrong, with the evidence.")] = False,
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

    wish = command.Wish(
        on, report, floors, extraction=extraction, learning_curve=learning_curve, errors=errors, json=json
    )
    command.evaluate(wish, config_if_any(config))


@app.command(epilog=CODES)
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

    training.train(needed_config(config), json=json, background=background, force=force)


model = typer.Typer(help="Show the versions of your model, or go back to an earlier one.", epilog=CODES)
app.add_typer(model, name="model")


@model.callback(invoke_without_command=True)
def show_model(context: typer.Context, *, json: JsonOption = False, config: ConfigOption = None) -> None:
    """Show the versions of your model, or go back to an earlier one."""
    from unburnt import versioning

    context.obj = config
    if context.invoked_subcommand is None:
        versioning.model(needed_config(config), json=json)


@model.command(epilog=CODES)
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

    versioning.rollback(needed_config(config or context.obj), number)


@app.command(epilog=CODES)
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

    labelling.label(needed_config(config), Label(said), tuple(files or ()), message_id)


@app.command(epilog=CODES)
def review(
    *,
    limit: Annotated[int, typer.Option("--limit", min=1, metavar="N", help="At most so many.")] = 50,
    config: ConfigOption = None,
) -> None:
    """Decide about the messages that the classifier is least sure of, one key each. Leave when you like; it is all kept."""
    from unburnt import review as reviewing

    reviewing.review(needed_config(config), limit)


@app.command(epilog=CODES)
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

    export.export_labels(directory, needed_config(config), redacted=redact, json=json)
