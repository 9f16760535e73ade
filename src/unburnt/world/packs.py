"""Reads the language packs out of the installed package: languages/<code>.toml; talks/, offers/ and letters/ beside them."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from unburnt.core.language import LanguagePack, Patterns
from unburnt.core.model import Stage
from unburnt.world import own_letters

# Capitals by the Unicode table, since `re` has no \p{Lu}. Patterns ignore case, what a name looks like doesn't.
_CAPITAL = "(?-i:[" + "".join(c for c in map(chr, range(0x41, 0x530)) if c.isupper()) + "0-9])"
_REST = r"(?:[\w'’&+*/@·-]|\.(?=\w)|:(?=in(?:nen)?\b)|\((?:a|e|in|ne|trice|euse)\)){0,40}"
_WORD = rf"(?!(?-i:I [a-z]))(?>(?-i:St|Mt|Ft|Dr)\. )?(?:{_CAPITAL}{_REST}|(?-i:[a-z]{{1,2}}[A-Z]){_REST}|['’]t(?= ))"
_LINK = (
    r"(?: ?[&+] ?| and | of the | of | for the | the | de la | de los | de las | de | des | du | del | della | delle | dei | di | da "
    r"| do | dos | und | et | y | e | i | och | ve | van der | van de | van den | van | von der | von | der | den | för | w | z | )"
)
_NOT_A_NAME = r"(?!(?:your|our|this|that|these|my|we|i|you|it|all|any|if|in|on|at|as|dear|hi|hello|thank|thanks|please|unfortunately)\b)"
_COMPANY = rf"{_NOT_A_NAME}(?<!\w)(?P<company>(?>{_WORD}(?:{_LINK}{_WORD}){{0,6}}))"

_NAME = rf"{_NOT_A_NAME}(?<!\w)(?P<company>{_WORD}(?:{_LINK}{_WORD}){{0,6}}?)"

_JOIN = (
    r"(?:, |/| ?[–-] | ?& ?| \+ | of the | of | and | in the | in | for the | for | to the | to | de la | de | des | du | del | di | da "
    r"| do | dos | und | et | y | e | i | och | ve | van | von | für | im | en | pour | para | per | voor | ds\. | av | till | : | )"
)
_ASIDE = r"(?: ?\([^()\n]{1,40}\))"
_ROLE = rf"(?<!\w)(?P<role>(?>{_WORD}{_ASIDE}?(?:{_JOIN}{_WORD}{_ASIDE}?){{0,10}}))"

# A title in small letters needs words around it to end it; it holds none of these.
_NEVER_IN_TITLE = (
    "the|our|this|that|these|those|your|my|any|each|every|other|another|we|you|i|us|it|is|are|was|were|be|been|has|have|had|will|would|"
    "not|which|who|what|whether|about|apply|applying|applied|application|interest|interested|thank|thanks|role|position|"
    "unser|unsere|unseren|unserer|unserem|ihre|ihrer|ihr|ihren|diese|dieser|diesem|wir|sie|ist|sind|haben|hat|nicht|wurde|wird|leider|bereits|"
    "votre|notre|nos|vos|vous|nous|que|qui|cette|ce|ces|est|sont|avons|avez|auquel|laquelle|ne|pas|sera|"
    "su|tu|nuestra|nuestro|esta|este|estos|hemos|ha|usted|fue|está|sido|"
    "la sua|tua|nostra|nostro|questa|questo|abbiamo|che|non|sono|stat[ao]|"
    "onze|ons|jouw|uw|deze|dit|wij|we|je|hebben|heeft|niet|wordt|werd|al|"
    "sua|nossa|nosso|você|temos|foi|não|num|numa|"
    "nasza|naszej|nasze|twoja|twoje|państwa|jest|są|się|nie|został[ao]?|już|"
    "vår|vårt|din|ditt|denna|har|kommer|inte|är|blir|"
    "bir|bu|ve"
)
_TITLE_WORD = rf"(?!(?:{_NEVER_IN_TITLE})\b)[^\s\"«»“”„<>;:!?]{{1,30}}?(?<!\w\w\w\.)"
_TITLE = rf"(?<!\w)(?P<role>{_TITLE_WORD}(?: {_TITLE_WORD}){{0,9}}?)"

_PLAIN = r"(?:[^\n.,;:!?()…\"“”„«»{}|<>\[\]]|\.(?=\w))"  # what may be quoted in a letter

_PLACEHOLDERS = {
    "{company}": _COMPANY,  # as long as it goes
    "{name}": _NAME,  # as short as what follows allows: "the {name} hiring team"
    "{role}": _ROLE,
    "{title}": _TITLE,
    "{phrase}": _TITLE.replace("?P<role>", "?P<phrase>"),  # as a title, but it counts with a noun of work only
    "{proper}": _ROLE.replace("?P<role>", "?P<phrase>"),  # as a role, and so does it
    "{quoted}": r"(?P<role>[^\"«»“”„‚‘’\n]{3,100})",
    "{line}": r"(?P<role>[^\n]{3,100})",
    "{strength}": rf"(?P<praise>{_PLAIN}{{3,120}})",  # as far as the sentence goes
    "{short}": rf"(?P<praise>{_PLAIN}{{3,60}}?)",  # up to what follows
}


def load(own: Mapping[str, Mapping[str, Any]] | None = None) -> tuple[LanguagePack, ...]:
    """All packs, English first; ``own`` are the user's words for letters, by language."""
    core = files("unburnt.core")
    found = [entry for entry in core.joinpath("languages").iterdir() if entry.name.endswith(".toml")]
    beside = ("talks", "offers", "letters", "notes")
    packs = [_pack(entry, *(core.joinpath(each, entry.name) for each in beside)) for entry in found]
    packs = [replace(p, letters=own_letters.laid_over(p.letters, (own or {}).get(p.code, {}))) for p in packs]
    return tuple(sorted(packs, key=lambda pack: (pack.code != "en", pack.code)))


def shipped_letters() -> dict[str, Mapping[str, Any]]:
    """Our words for letters, by language."""
    folder = files("unburnt.core").joinpath("letters")
    return {
        entry.name.removesuffix(".toml"): _read(entry) for entry in folder.iterdir() if entry.name.endswith(".toml")
    }


def shipped_text(code: str, move: str) -> str:
    """Our words for a move as they stand in the file, comments and all."""
    text = files("unburnt.core").joinpath("letters", f"{code}.toml").read_text("utf-8")
    tables = re.split(r"(?m)^(?=\[)", text)
    return "".join(table for table in tables if table.startswith(f"[{move}."))


def _pack(
    phrases: Traversable, talks: Traversable, offers: Traversable, letters: Traversable, notes: Traversable
) -> LanguagePack:
    data, spoken, offered = _read(phrases), _read(talks), _read(offers)
    return LanguagePack(
        code=phrases.name.removesuffix(".toml"),
        subject=_patterns(data["subject"]),
        body=_patterns(data["body"]),
        stages={Stage(stage): _patterns(patterns) for stage, patterns in data["stages"].items()},
        talks={talk: _patterns(patterns) for talk, patterns in spoken.items() if talk != "days"},
        days=spoken["days"],
        signoffs=tuple(data["signoffs"]),
        team_words=tuple(data["team_words"]),
        offers={about: _patterns(patterns) for about, patterns in offered.items() if about != "numbers"},
        numbers=offered["numbers"],
        letters=_read(letters) if letters.is_file() else {},
        notes=_read(notes) if notes.is_file() else {},
    )


def _read(entry: Traversable) -> dict[str, Any]:
    return tomllib.loads(entry.read_text("utf-8"))


def _patterns(written: list[str]) -> Patterns:
    """Patterns with {company}, {role}, {title}, {quoted} and {line} filled in, blind to case but for the names."""
    return Patterns(tuple(map(_filled, written)), re.IGNORECASE | re.MULTILINE)


def _filled(pattern: str) -> str:
    """A pattern may be written over several lines; the breaks and the blanks beside them are no part of it."""
    pattern = "".join(line.strip() for line in pattern.splitlines())
    for placeholder, expression in _PLACEHOLDERS.items():
        pattern = pattern.replace(placeholder, expression)
    return pattern
