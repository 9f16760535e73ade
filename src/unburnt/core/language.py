"""Language packs, and which language a mail is written in."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any, overload

from unburnt.core.model import Mail, Stage

_ENOUGH_LETTERS = 24  # below that any guess is noise
_LOOKED_AT = 4000


class Patterns(Sequence[re.Pattern[str]]):
    """Regular expressions, compiled when they are first looked at: of ten languages a mail wants two."""

    def __init__(self, expressions: Sequence[str], flags: re.RegexFlag) -> None:
        self._expressions, self._flags = expressions, flags

    @cached_property
    def _compiled(self) -> tuple[re.Pattern[str], ...]:
        return tuple(re.compile(expression, self._flags) for expression in self._expressions)

    @overload
    def __getitem__(self, at: int) -> re.Pattern[str]: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[re.Pattern[str]]: ...
    def __getitem__(self, at: int | slice) -> re.Pattern[str] | Sequence[re.Pattern[str]]:
        return self._compiled[at]

    def __iter__(self) -> Iterator[re.Pattern[str]]:
        return iter(self._compiled)

    def __len__(self) -> int:
        return len(self._expressions)


@dataclass(frozen=True, slots=True)
class LanguagePack:
    """All that depends on a language: phrases to read mail by (languages/, talks/, offers/) and words to write letters with (letters/)."""

    code: str  # ISO 639-1
    subject: Sequence[re.Pattern[str]] = ()  # named groups company and role, either or both, as everywhere below
    body: Sequence[re.Pattern[str]] = ()
    stages: Mapping[Stage, Sequence[re.Pattern[str]]] = field(default_factory=dict)
    talks: Mapping[str, Sequence[re.Pattern[str]]] = field(default_factory=dict)  # stage, "off" or "applied" → patterns
    days: Mapping[str, Any] = field(default_factory=dict)  # "weekdays", Monday first, "today", "tomorrow"
    signoffs: tuple[str, ...] = ()  # lower case: "kind regards"
    team_words: tuple[str, ...] = ()  # lower case: "hiring team", stripped from names
    letters: Mapping[str, Any] = field(default_factory=dict)
    offers: Mapping[str, Sequence[re.Pattern[str]]] = field(default_factory=dict)  # what a rejection says and offers
    numbers: Mapping[str, int] = field(default_factory=dict)  # as they are said with months and years, lower case
    notes: Mapping[str, str] = field(default_factory=dict)  # reminders, in some languages only


def choose(mail: Mail) -> str | None:
    """The ISO 639-1 code of the mail's language, known to us or not; None when there is too little to tell."""
    text = f"{mail.envelope.subject}\n{mail.text}"[:_LOOKED_AT]
    if sum(c.isalpha() for c in text) < _ENOUGH_LETTERS:
        return None
    code, _score = _identifier().classify(text)
    return str(code)


def pack_for(code: str | None, packs: tuple[LanguagePack, ...]) -> LanguagePack:
    """The pack of a language, else English, else the first."""
    by_code = {pack.code: pack for pack in packs}
    return by_code.get(code or "") or by_code.get("en") or packs[0]


def packs_for(code: str | None, packs: Sequence[LanguagePack]) -> tuple[LanguagePack, ...]:
    """The pack of a language, then English, which is always tried: senders' systems mix the two."""
    known = tuple(packs)
    return tuple({pack.code: pack for pack in (pack_for(code, known), pack_for("en", known))}.values())


@cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE)
