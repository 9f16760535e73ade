"""Commands about the follow-through: reminders, and rejections that no mail told."""

from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer

from unburnt.cli.options import CODES, ConfigOption, JsonOption, moment, needed_config
from unburnt.core.model import Stage
from unburnt.durations import duration

app = typer.Typer()

_Keys = Annotated[
    list[str], typer.Argument(metavar="REMINDER…", help="As `unburnt reminders` calls it; its first letters will do.")
]


@app.command(epilog=CODES)
def reminders(
    *,
    everything: Annotated[bool, typer.Option("--all", help="All that was done or dropped, too.")] = False,
    json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """Show what you are reminded of: what is due, what is coming, what is done."""
    from unburnt import reminders as following

    following.show(needed_config(config), everything=everything, json=json)


@app.command(epilog=CODES)
def done(keys: _Keys, *, config: ConfigOption = None) -> None:
    """Tick reminders off, everywhere. A note in Drafts goes to Trash if you haven't changed it."""
    from unburnt import reminders as following

    following.done(tuple(keys), needed_config(config))


@app.command(epilog=CODES)
def drop(keys: _Keys, *, config: ConfigOption = None) -> None:
    """Give reminders up, with what was saved for them, if you haven't changed it."""
    from unburnt import reminders as following

    following.drop(tuple(keys), needed_config(config))


@app.command(epilog=CODES)
def snooze(
    key: Annotated[str, typer.Argument(metavar="REMINDER", help="As `unburnt reminders` calls it.")],
    until: Annotated[str, typer.Argument(metavar="SPAN|DAY", help='2w, 10d, "3 months", or a day: 2027-01-31.')],
    *,
    config: ConfigOption = None,
) -> None:
    """Put a reminder off."""
    from unburnt import reminders as following

    following.snooze(key, lambda now: _until(until, now), needed_config(config))


@app.command(epilog=CODES)
def add(
    company: Annotated[str, typer.Argument(metavar="COMPANY", help="Who turned you down.")],
    *,
    role: Annotated[str, typer.Option("--role", help="For what, as it was advertised.")] = "",
    person: Annotated[str, typer.Option("--person", help="Who told you.")] = "",
    address: Annotated[str, typer.Option("--address", help="Their e-mail address: the letter goes there.")] = "",
    on: Annotated[
        datetime | None, typer.Option("--on", parser=moment, metavar="DAY", help="When; default: now.")
    ] = None,
    stage: Annotated[
        Stage | None, typer.Option("--stage", help="How far it went; default: as your mail tells.")
    ] = None,
    language: Annotated[str, typer.Option("--language", help="Of the letter.")] = "en",
    account: Annotated[str | None, typer.Option("--account", help="Whose Drafts; needed with several.")] = None,
    json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """Enter a rejection that came by telephone or by letter: it gets the same letter and reminders."""
    from unburnt import reminders as following
    from unburnt.core.reported import Reported

    at = (on or datetime.now(UTC)).astimezone(UTC)
    no = Reported(company.strip(), at, role.strip(), person.strip(), address.strip(), stage, language)
    following.add(no, account, needed_config(config), json=json)


def _until(text: str, now: datetime) -> datetime:
    """A span from now, or a day of the user's zone."""
    try:
        span: timedelta = duration(text)
    except ValueError:
        return moment(text)
    return now + span
