"""A subject as people and systems write it, "Acme: Site Manager, Kelso - your application", and which of its parts may be a title."""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache

from unburnt.core import words
from unburnt.core.names import fold

_SEARCHED = 8000  # characters of the text
_JOINTS = re.compile(r"(\s[-–—|/:·]+\s|[|:]\s|\s//\s|\s<>\s|,\s)")
_TOGETHER = re.compile(r",\s|\s/\s")  # "Registered Nurse, Renal"; behind most dashes is a place
_IN_BRACKETS = re.compile(r"\(([^()]{4,80})\)")
_LONGEST_TAIL = 4  # words
_FEW = 4
_SMALL = r"&|of|and|de|di|der|für|for"
_TITLE_CASE = re.compile(rf"(?:[^\W\d_a-zß-ÿ][\w'’-]*|{_SMALL})(?: (?:[^\W_a-zß-ÿ][\w'’-]*|{_SMALL})){{1,6}}")
_CAPITAL = r"[^\W\d_a-zß-ÿ][\w.'’-]{1,20}"
_AT = re.compile(
    rf"(?<!interest )(?<!believe )(?<!\w)(?:in|at|near|à|en|em|i|på|w|te|a|bei)\s(?P<place>{_CAPITAL}(?: {_CAPITAL}){{0,2}})"
)
_ASIDE = re.compile(rf"(?P<head>.*\S)\s?\((?P<name>[^\W\d_a-zß-ÿ]\w{{3,20}}(?: {_CAPITAL})?)\)")
_TAIL = re.compile(r"(?P<head>.*\S)(?:,\s|\s[-–—|/]\s|\s?\(|\s)(?P<tail>[^\W\d_a-zß-ÿ][^,(|/]{1,30}?)\)?$")


@lru_cache(maxsize=4096)
def names_work(text: str) -> bool:
    """Whether a noun of work is in it. Kept, since the pattern is long and the same words are asked about again and again."""
    return words.title().trade.search(text) is not None


def framed(subject: str, clean: Callable[[str], str]) -> Iterator[str]:
    """The one part of a subject that isn't about applying: "Cellar Hand (vintage 2026): your application"."""
    wholes = _JOINTS.split(subject)[::2]
    left = [(name, whole) for whole in wholes if (name := clean(whole))]
    if len(left) == 1 < len(wholes):
        name, whole = left[0]
        if 1 < len(name.split()) <= _FEW and fold(name) == fold(whole.partition(" (")[0]):
            yield name


def parts(subject: str, places: frozenset[str], clean: Callable[[str], str]) -> Iterator[str]:
    """What may be a title: parts with a noun of work, alone and with the next, the parts of few words, and what is in brackets."""
    pieces = _JOINTS.split(subject)
    wholes, joints = pieces[::2], pieces[1::2]
    names = [clean(whole) for whole in wholes]
    for at, name in enumerate(names):
        if name and (names_work(name) or _TITLE_CASE.fullmatch(name)):
            yield wholes[at]
        if name and at < len(joints) and _goes_on(wholes[at], name, joints[at], wholes[at + 1], names[at + 1], places):
            yield f"{wholes[at]}{joints[at]}{wholes[at + 1]}"
    yield from (part for part in _IN_BRACKETS.findall(subject) if names_work(part))


def _goes_on(title: str, named: str, joint: str, tail: str, cleaned: str, places: frozenset[str]) -> bool:
    """Whether what follows a title is more of it: neither a place nor what the mail is about."""
    return (
        _TOGETHER.fullmatch(joint) is not None
        and names_work(title)
        and fold(named) == fold(title)
        and fold(cleaned) in {fold(tail), fold(tail.partition(" (")[0])} - {""}
        and len(tail.split()) <= _LONGEST_TAIL
        and (not tail[:1].islower() or names_work(tail))
        and not is_place(tail, places)
    )


def places_in(text: str) -> frozenset[str]:
    """Names that the text says somebody is at or something is in, folded."""
    return frozenset(fold(match["place"]) for match in _AT.finditer(text[:_SEARCHED]))


def is_place(name: str, places: frozenset[str]) -> bool:
    return fold(name) in places or words.title().place.match(name.strip()) is not None


def without_place(title: str, places: frozenset[str], *, english: bool) -> str:
    """A title without the place it ends in, if one is left. In brackets English has fields of work, other languages places."""
    aside = None if english else _ASIDE.fullmatch(title)
    if aside and not names_work(aside["name"]):
        return aside["head"]
    found = _TAIL.fullmatch(title)
    if found is None or not is_place(found["tail"], places) or not names_work(found["head"]):
        return title
    return found["head"]
