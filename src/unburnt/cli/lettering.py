"""Commands about letters: their words, yours and ours."""

from pathlib import Path
from typing import Annotated

import typer

from unburnt.cli.options import CODES, ConfigOption, JsonOption, config_if_any, needed_config

app = typer.Typer(no_args_is_help=True, help="See, try and change what the letters say.")

_Language = Annotated[str, typer.Argument(metavar="LANGUAGE", help="Two letters, such as en.")]
_Tone = Annotated[str, typer.Option("--tone", help="warm, plain or formal.")]


@app.command("list", epilog=CODES)
def languages(*, json: JsonOption = False, config: ConfigOption = None) -> None:
    """Show the languages, the situations that have letters of their own, and what you have changed."""
    from unburnt import letters

    letters.languages(config_if_any(config), json=json)


@app.command(epilog=CODES)
def show(
    language: _Language,
    situation: Annotated[
        str | None, typer.Argument(metavar="[SITUATION]", help="Default: all of them, see `unburnt letters list`.")
    ] = None,
    *,
    tone: _Tone = "warm",
    config: ConfigOption = None,
) -> None:
    """Show letters to sample rejections: with all that such a rejection may tell, and with nothing known."""
    from unburnt import letters

    letters.show(language, situation, tone, config_if_any(config))


@app.command(epilog=CODES)
def edit(
    language: _Language,
    move: Annotated[
        str | None,
        typer.Argument(metavar="[MOVE]", help="Our words for it are put into your file first, to be changed."),
    ] = None,
    *,
    config: ConfigOption = None,
) -> None:
    """Open your own words for a language in $VISUAL or $EDITOR, and check them afterwards.

    They lie beside your configuration in letters/LANGUAGE.toml and go before ours, move by move and tone by tone. A daemon reads
    them when it starts.
    """
    from unburnt import letters

    letters.edit(language, move, needed_config(config))


@app.command(epilog=CODES)
def preview(
    file: Annotated[str, typer.Argument(metavar="FILE.eml|-", help="A rejection; - for standard input.")],
    *,
    tone: Annotated[str | None, typer.Option("--tone", help="warm, plain or formal; default: as configured.")] = None,
    config: ConfigOption = None,
) -> None:
    """Show the letters that a rejection would get."""
    from unburnt import letters

    letters.preview(file, tone, config_if_any(config))


@app.command(epilog=CODES)
def check(
    language: Annotated[
        str | None, typer.Argument(metavar="[LANGUAGE]", help="Default: those you have words of your own in.")
    ] = None,
    *,
    config: ConfigOption = None,
) -> None:
    """Proofread: show twenty letters, and find faults in all that the words can give, whatever is known or not.

    Told are unknown facts, gaps where a value is missing, letters under 60 or over 160 words, reproach and pleading, "why",
    exclamation marks, placeholders, and anything said twice.
    """
    from unburnt import letters

    letters.check(language, config_if_any(config))


@app.command(epilog=CODES)
def matrix(
    *,
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Where to write them; made if missing.")],
    json: Annotated[bool, typer.Option("--json", help="Print the facts that each letter was given.")] = False,
    config: ConfigOption = None,
) -> None:
    """Write every letter: each situation, language and tone, with all and with nothing known, as LANGUAGE.SITUATION.TONE.KNOWN.txt."""
    from unburnt import letters

    letters.matrix(out, config_if_any(config), json=json)
