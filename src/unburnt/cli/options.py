"""What the commands share: options, where the configuration comes from, exit codes in words."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from unburnt import config
from unburnt.errors import ConfigurationProblem

CODES = """Exit codes: 0 done · 64 wrong usage · 69 server unavailable · 75 try again (another unburnt is at work, the state
directory can't be written) · 77 login refused · 78 configuration."""


ConfigOption = Annotated[
    Path | None,
    typer.Option(
        "--config",
        metavar="FILE",
        help="The configuration; default: config.toml in ~/.config/unburnt, then /etc/unburnt.",
    ),
]


JsonOption = Annotated[bool, typer.Option("--json", help="For machines.")]


def moment(text: str) -> datetime:
    """ISO 8601; without a zone it is the user's own."""
    try:
        return datetime.fromisoformat(text).astimezone()
    except ValueError as error:
        raise typer.BadParameter(f"{text!r} is no time; write 2026-11-20 or 2026-11-20T09:30:00Z") from error


def config_if_any(path: Path | None) -> config.Config | None:
    found = path or config.find()
    return config.load(found) if found else None


def needed_config(path: Path | None) -> config.Config:
    loaded = config_if_any(path)
    if loaded is None:
        places = " or ".join(str(place) for place in config.candidates())
        raise ConfigurationProblem(f"There is no configuration yet. Write one to {places}, or name it with --config.")
    return loaded
