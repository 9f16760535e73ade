"""What a letter must not have, whoever wrote its words: checked on every letter, with every gap in what is known.

Shapes can be told by a program: a doubled word, a gap, a letter that is too long. Whether a letter is worth sending can't.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from typing import Any

from jinja2 import TemplateError

from unburnt.core.letter import ANY, FAMILIAR, LONGEST, MOVES, TONES, Style, Words, layout_of, moves_in, write
from unburnt.core.situation import Situation
from unburnt.core.template import names_in

SHORTEST = 60  # words
_SEAMS = re.compile(r"  | [,.;:?](?!\.)|[,.;]{2}|\bNone\b|[{}<>\[\]]|\(\)|„“|«\s*»|\"\"|“”|\n{3}| \n")
_TWICE_IS_RIGHT = frozenset({"nous", "vous", "die", "der", "das", "que", "att", "en", "si", "se"})
_PHRASE = 5  # words that stand in a letter once
_NEVER = re.compile(
    r"\b(?:why|reconsider|i beg|mistake|unfair|unfortunately|warum|weshalb|wieso|leider|überdenken|unfair|pourquoi|"
    r"malheureusement|reconsidérer|injuste|por qué|lamentablemente|desgraciadamente|reconsiderar|perché|purtroppo|"
    r"riconsiderare|waarom|helaas|heroverwegen|por ?que motivo|infelizmente|dlaczego|niestety|rozważcie ponownie|varför|"
    r"tyvärr|ompröva|neden|niçin|maalesef|ne yazık ki)\b",
    re.IGNORECASE,
)
_GIVEN: Mapping[Situation, tuple[str, ...]] = {
    Situation.TEST: ("tested",),
    Situation.INTERVIEW: ("interviewed",),
    Situation.FINAL: ("interviewed", "final"),
    Situation.THANKED: ("interviewed",),
    Situation.AGENCY: ("agency",),
}
_OF_TALKS = ("interviewed", "final", "several", "day", "met")  # what only a talk can tell
_WITHOUT_TALKS = frozenset({Situation.FORM, Situation.TEST, Situation.PERSONAL, Situation.POOL})
FLAGS = ("interviewed", "tested", "final", "several", "keeps", "earlier", "feedback")
UNKNOWN: Mapping[str, Any] = dict.fromkeys(
    ("company", "at", "role", "person", "contact", "date", "day", "met", "again", "praise", "agency", "strengths"), ""
) | dict.fromkeys(FLAGS, False)
FACTS = frozenset(UNKNOWN)
_OF_ONE_STRING = {  # and what they may name beside the facts
    "date": {"day", "month", "year"},
    "full_date": {"day", "month", "year"},
    "attribution": {"author", "full_date"},
    "again": {"months"},
    "and": set(),
    "subject": set(),
    "check_in_subject": set(),
}
_TABLES = {"greeting", "closing", "connection", "at", "phrases", "layout"}
_LISTS = {"months", "small_words"}


def misshapen(name: str, value: Any, shipped: Words) -> Iterator[str]:
    """What a user's file has that no letter reads, or that isn't of the shape it should be."""
    if name in _OF_ONE_STRING or name in _LISTS:
        wanted = type(shipped[name])
        if not isinstance(value, wanted):
            yield f"{name}: should be {'a string in quotes' if wanted is str else 'a list of strings'}"
    elif name in _TABLES:
        if not isinstance(value, Mapping) or not all(isinstance(each, str) for each in value.values()):
            yield f"[{name}]: should be a table of strings"
        elif name == "layout":
            yield from (f"[layout]: there is no situation {each!r}" for each in value if each not in set(Situation))
    elif name in MOVES:
        yield from _misshapen_move(name, value)
    else:
        yield f"there is no {name!r}; known are {', '.join(sorted({*MOVES, *_TABLES, *_LISTS, *_OF_ONE_STRING}))}"


def _misshapen_move(move: str, table: Any) -> Iterator[str]:
    if not isinstance(table, Mapping):
        yield f"[{move}]: should have a table for each situation, such as [{move}.form]"
        return
    for situation, tones in table.items():
        if situation not in {*Situation, ANY}:
            yield f"[{move}.{situation}]: there is no such situation; there are {', '.join((*Situation, ANY))}"
        for tone, voices in tones.items() if isinstance(tones, Mapping) else [("", None)]:
            if tone not in {*TONES, FAMILIAR}:
                yield f"[{move}.{situation}]: there is no tone {tone!r}; there are {', '.join((*TONES, FAMILIAR))}"
            elif not voices or not isinstance(voices, list) or not all(isinstance(voice, str) for voice in voices):
                yield f"[{move}.{situation}] {tone}: should be a list of voices, each in quotes"


def templates(words: Words, place: str = "") -> Iterator[tuple[str, str]]:
    """(place, template) for every text in these words."""
    for name, value in words.items():
        here = f"{place}.{name}" if place else name
        if isinstance(value, Mapping):
            yield from templates(value, here)
        elif isinstance(value, str):
            yield here, value
        elif name not in _LISTS:
            yield from ((f"{here} {number}", voice) for number, voice in enumerate(value, 1))


def unknown_names(place: str, template: str, words: Words) -> list[str]:
    """The names in a template that nothing stands behind; TemplateSyntaxError when it is none."""
    known = {*FACTS, *words["phrases"], "name", "author"} | _OF_ONE_STRING.get(place, set())
    known |= set(MOVES) if place.startswith("layout") else set()
    return sorted(names_in(template) - known)


def problems(text: str, names: Iterable[str] = ()) -> Iterator[str]:
    """What is wrong with one letter, from greeting to signature. ``names`` are the facts in it: each is as one word."""
    count, lines = len(text.split()), text.split("\n")
    paragraphs = text.split("\n\n")[1:-1]
    if not SHORTEST <= count <= LONGEST:
        yield f"{count} words; a letter has {SHORTEST} to {LONGEST}"
    if found := _SEAMS.search(text):
        yield f"a seam: {text[max(0, found.start() - 20) : found.end() + 20]!r}"
    if "!" in text:
        yield "an exclamation mark"
    if found := _NEVER.search(text):
        yield f"a word that reproaches or pleads: {found.group()!r}"
    if not re.fullmatch(r"\w.*[,:]", lines[0]):
        yield f"a greeting that is none: {lines[0]!r}"
    yield from (f"a paragraph without an end: {each!r}" for each in paragraphs if not each.endswith((".", "?")))
    yield from (f"a paragraph in small letters: {each!r}" for each in paragraphs[1:] if each[:1].islower())
    yield from _repetitions(text, names)


def _repetitions(text: str, names: Iterable[str]) -> Iterator[str]:
    for name in sorted(filter(None, names), key=len, reverse=True):
        text = text.replace(name, re.sub(r"\W", "", name))
    words = re.findall(r"[\w’']+", text.casefold())
    yield from (f"a doubled word: {w!r}" for w, after in pairwise(words) if w == after and w not in _TWICE_IS_RIGHT)
    seen: set[tuple[str, ...]] = set()
    for start in range(len(words) - _PHRASE + 1):
        phrase = tuple(words[start : start + _PHRASE])
        if phrase in seen:
            yield f"a phrase twice: {' '.join(phrase)!r}"
        seen.add(phrase)


def gaps(situation: Situation, full: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The facts of this situation as they may be known: all, none but what it guarantees, each one alone, all but each."""
    given = set(_GIVEN.get(situation, ()))
    barred = set(_OF_TALKS) if situation in _WITHOUT_TALKS else set()
    if situation in {Situation.FORM, Situation.PERSONAL, Situation.POOL}:
        barred.add("tested")
    if situation is not Situation.AGENCY:
        barred.add("agency")
    free = [name for name in full if name not in given | barred | {"at", "contact"}]
    for known in ((), free, *((one,) for one in free), *([n for n in free if n != one] for one in free)):
        values = dict(UNKNOWN) | {name: full[name] for name in (*known, *given)}
        yield _consistent(values, full)


def _consistent(values: dict[str, Any], full: Mapping[str, Any]) -> dict[str, Any]:
    if not values["interviewed"]:
        values |= {name: UNKNOWN[name] for name in _OF_TALKS}
    values["at"] = full["at"] if values["company"] else ""
    values["contact"] = values["person"]
    return values


def proofread(words: Words, full: Mapping[str, Any], keys: int = 6) -> Iterator[tuple[str, str, str]]:
    """(place, problem, letter) for every letter that these words can give, in ``keys`` choices of voices."""
    yield from missing(words)
    for situation in Situation:
        tones = (*((tone, False) for tone in TONES), *([("warm", True)] if FAMILIAR in words["greeting"] else []))
        for tone, familiar in tones:
            place = f"{situation} {FAMILIAR if familiar else tone}"
            for values in gaps(situation, full):
                for number in range(keys):
                    style = Style(tone, familiar, key=str(number))
                    try:
                        text = write(situation, values, words, style, "Sam Doe").text
                    except (TemplateError, KeyError, TypeError) as error:
                        yield place, f"{type(error).__name__}: {error}", ""
                        continue
                    for problem in problems(text, map(str, values.values())):
                        yield place, problem, text


def missing(words: Words) -> Iterator[tuple[str, str, str]]:
    """Moves without words, tones without voices."""
    for situation in Situation:
        for move in moves_in(layout_of(situation, words)):
            table = words.get(move, {})
            of_it = table.get(situation) or table.get(ANY)
            lacking = [tone for tone in TONES if not (of_it or {}).get(tone)]
            if lacking:
                yield f"{situation} {', '.join(lacking)}", f"no words for {move}", ""
