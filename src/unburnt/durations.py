"""Lengths of time as people write them in a configuration."""

import re
from datetime import timedelta
from typing import Annotated

from pydantic import BeforeValidator, PlainSerializer

_UNITS = {"d": 86400, "h": 3600, "m": 60, "s": 1, "w": 604800}
_MONTH = 30 * _UNITS["d"]
_IN_WORDS = re.compile(r"([0-9]{1,5}) (day|week|month|year)s?")
_WORDS = {"day": _UNITS["d"], "week": _UNITS["w"], "month": _MONTH, "year": 365 * _UNITS["d"]}
_LONGEST = timedelta(days=36500)  # what can still be added to today


def duration(text: object) -> timedelta:
    """``"90d"``, ``"2m"``, ``"1w 2d"``, ``"18 months"`` or ``"0"`` as a timedelta; ValueError says what is accepted."""
    if isinstance(text, timedelta):
        return text
    if in_words := _IN_WORDS.fullmatch(str(text).strip()):
        return _bounded(int(in_words[1]) * _WORDS[in_words[2]])
    words = str(text).split()
    found = [re.fullmatch(r"([0-9]{1,5})([smhdw])", word) for word in words]
    if words == ["0"]:
        return timedelta()
    if not words or not all(found):
        raise ValueError('should be a number and s, m, h, d or w, such as "2m" or "90d", or "18 months"')
    return _bounded(sum(int(match[1]) * _UNITS[match[2]] for match in found if match))


def _bounded(seconds: int) -> timedelta:
    span = timedelta(seconds=seconds)
    if span > _LONGEST:
        raise ValueError(f"should be at most {spoken(_LONGEST)}")
    return span


def spoken(span: timedelta) -> str:
    """The inverse of duration()."""
    words, seconds = [], int(span.total_seconds())
    for unit in "dhms":
        count, seconds = divmod(seconds, _UNITS[unit])
        words += [f"{count}{unit}"] * bool(count)
    return " ".join(words) or "0"


Duration = Annotated[timedelta, BeforeValidator(duration), PlainSerializer(spoken)]
