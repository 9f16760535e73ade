"""The text of a letter: which moves it makes, in which voice, with what is known.

A letter is a layout of moves; a move has words for each situation and tone, several voices of each. Which voice speaks
follows from the letter's key, among those that this company has not heard yet.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from unburnt.core.language import LanguagePack
from unburnt.core.model import Profile
from unburnt.core.printable import clean
from unburnt.core.situation import Situation
from unburnt.core.template import render

Words = Mapping[str, Any]  # of one language, as letters/<code>.toml has them
MOVES = ("thanks", "disappointment", "good_word", "value", "door", "radar", "feedback")
TONES = ("warm", "plain", "formal")
FAMILIAR = "familiar"  # takes the place of a tone where they call the user du, tu, ty …
ANY = "any"
_LAYOUT = """{{ thanks }}

{{ disappointment }} {{ good_word }}

{{ value }} {{ door }} {{ radar }}

{{ feedback }}"""
_LAYOUTS = {
    Situation.FORM: "{{ thanks }} {{ good_word }}\n\n{{ value }} {{ door }}\n\n{{ feedback }}",
    Situation.CHECK_IN: "{{ thanks }}\n\n{{ value }} {{ door }} {{ radar }}",
}
LONGEST = 160  # words of a letter
_LEAST = ("earlier", "keeps", "praise", "several", "day", "met", "again")  # what may be passed over, the first first
_BLANK = re.compile(r"[ \t\n]+")  # not the no-break space that French sets before a colon


@dataclass(frozen=True, slots=True)
class Style:
    """How a letter speaks."""

    tone: str = "warm"  # one of TONES
    familiar: bool = False
    key: str = ""  # what chooses the voices
    heard: frozenset[str] = field(default_factory=frozenset)  # voices in earlier letters to this company


@dataclass(frozen=True, slots=True)
class Letter:
    """The text from greeting to signature, with \\n line ends, and the voices that speak in it."""

    text: str
    voices: tuple[str, ...]


def write(situation: Situation, values: Mapping[str, Any], words: Words, style: Style, signature: str) -> Letter:
    """The letter with these facts: those of facts.of_rejection(), and ``strengths`` and ``feedback``.

    Where so much is known that it grows too long, what matters least is passed over.
    """
    spared: dict[str, Any] = {}
    written = _write(situation, values, words, style, signature)
    for fact in (fact for fact in _LEAST if values.get(fact)):
        if len(written.text.split()) <= LONGEST:
            break
        spared[fact] = type(values[fact])()  # "" or False: unknown
        written = _write(situation, dict(values) | spared, words, style, signature)
    return written


def _write(situation: Situation, values: Mapping[str, Any], words: Words, style: Style, signature: str) -> Letter:
    known, voices = dict(values), []
    for name, phrase in words["phrases"].items():
        known[name] = render(phrase, known)
    layout = layout_of(situation, words)
    for move in moves_in(layout):
        voice, template = _voice(move, situation, words, style)
        voices.append(voice)
        known[move] = render(template, known).strip()
    said = render(layout, known).strip().split("\n\n")
    paragraphs = filter(None, (_BLANK.sub(" ", paragraph).strip() for paragraph in said))
    tone = _tone(words["greeting"], style)
    greeting = _BLANK.sub(" ", render(words["greeting"][tone], known)).strip()
    closing = "\n".join(filter(None, (words["closing"][tone], signature)))
    return Letter("\n\n".join((greeting, *paragraphs, closing)), tuple(voices))


def layout_of(situation: Situation, words: Words) -> str:
    """The order of the moves: the user's own, else ours."""
    return str(words.get("layout", {}).get(situation) or _LAYOUTS.get(situation, _LAYOUT))


def moves_in(layout: str) -> tuple[str, ...]:
    """The moves that a layout names."""
    return tuple(move for move in MOVES if re.search(rf"\b{move}\b", layout))


def voices_of(move: str, situation: Situation, words: Words, style: Style) -> tuple[str, tuple[str, ...]]:
    """Where the words of a move stand ("thanks.form.warm"), and its voices."""
    of_move = words[move]
    place = situation if situation in of_move else ANY
    tone = _tone(of_move[place], style)
    return f"{move}.{place}.{tone}", tuple(of_move[place][tone])


def language(setting: str, found: str, packs: tuple[LanguagePack, ...]) -> str:
    """The language to write in: the user's, else the rejection's, else English."""
    available = {pack.code for pack in packs if pack.letters}
    return next((code for code in (setting, found) if code in available), "en")


def words_of(code: str, packs: tuple[LanguagePack, ...]) -> Mapping[str, Any]:
    """The words for letters in this language."""
    return next(pack.letters for pack in packs if pack.code == code)


def signature(profile: Profile) -> str:
    """What the user wants below the letter: line by line as given, else the name."""
    return "\n".join(clean(line) for line in (profile.signature or profile.name).strip().splitlines())


def _tone(table: Mapping[str, Any], style: Style) -> str:
    return FAMILIAR if style.familiar and FAMILIAR in table else style.tone


def _voice(move: str, situation: Situation, words: Words, style: Style) -> tuple[str, str]:
    place, voices = voices_of(move, situation, words, style)
    named = [(f"{place}.{number}", voice) for number, voice in enumerate(voices, 1)]
    new = [each for each in named if each[0] not in style.heard] or named
    number = int.from_bytes(sha256(f"{style.key} {place}".encode()).digest()[:8])
    return new[number % len(new)]
