"""The user's own words for letters: ``letters/<code>.toml`` beside the configuration, laid over those we ship.

A table there replaces ours move by move, situation by situation, tone by tone; ``[layout]`` holds whole letters.
"""

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from jinja2 import TemplateSyntaxError

from unburnt.core import proofread
from unburnt.errors import ConfigurationProblem

FOLDER = "letters"  # in the configuration folder


def load(folder: Path, shipped: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """What the user has written, by language; every problem in all files is told at once."""
    own: dict[str, dict[str, Any]] = {}
    problems: list[str] = []
    for path in sorted(folder.glob("*.toml")):
        try:
            own[path.stem] = tomllib.loads(path.read_text("utf-8"))
        except OSError as error:
            problems.append(f"{path}: can't be read: {error.strerror}")
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            problems.append(f"{path}: is not TOML: {error}")
        else:
            problems += [f"{path}: {problem}" for problem in _problems(path.stem, own[path.stem], shipped)]
    if problems:
        raise ConfigurationProblem("\n".join(problems))
    return own


def laid_over(shipped: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """Ours, with the user's in its place wherever there is some."""
    merged = dict(shipped)
    for name, value in own.items():
        below = merged.get(name)
        merged[name] = laid_over(below, value) if isinstance(value, Mapping) and isinstance(below, Mapping) else value
    return merged


def _problems(code: str, own: Mapping[str, Any], shipped: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    if code not in shipped:
        yield f"there are no letters in {code!r}; there are in {', '.join(sorted(shipped))}"
        return
    words = laid_over(shipped[code], own)
    shapes = [problem for name, value in own.items() for problem in proofread.misshapen(name, value, shipped[code])]
    yield from shapes
    if shapes:
        return
    for place, template in proofread.templates(own):
        try:
            unknown = proofread.unknown_names(place, template, words)
        except TemplateSyntaxError as error:
            yield f"{place}: {error.message}"
        else:
            known = "" if not unknown else f"; known are {', '.join(sorted(proofread.FACTS))}"
            yield from (f"{place}: there is no fact {name!r}{known}" for name in unknown)
