"""The days that a sentence names: "Thursday, 12 March", "12.03.", "2026-03-12", "next Tuesday", "tomorrow", "yesterday"."""

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import date, timedelta
from functools import lru_cache
from itertools import islice

from unburnt.core.language import LanguagePack

_SEARCHED = 2000
_MOST = 6
_AHEAD, _BEHIND = 120, 40  # days from the message's own date: farther ones are birthdays and founding years
_ISO = re.compile(r"\b(20\d\d)-(\d\d)-(\d\d)\b")
_NUMBERS = re.compile(
    r"\b(\d{1,2})([./-])(\d{1,2})(?:\2((?:19|20)?\d\d))?\b(?!\s?(?:%|€|\$|uhr|uur|h\b|am\b|pm\b)|\.\d)", re.IGNORECASE
)
_CLOCK = re.compile(
    r"\b\d{1,2} ?[:h] ?\d\d\b|\b\d{1,2}\.\d\d ?(?:uhr|uur|h|am|pm|hrs)\b"
    r"|\b\d{1,2} ?(?:uhr|uur|h|u|am|pm|a\. ?m|p\. ?m|a\.m|p\.m|heures|horas)\b"
    r"|\b(?:at|um|à|a las?|alle|às|ore|om|kl\.?|saat|godz\.?|koło|vers|gegen|around|after|ab|nach) \d{1,2}(?:[.:]\d\d)?\b(?![./-]\d)",
    re.IGNORECASE,
)


def ahead(text: str, written: date, packs: Sequence[LanguagePack]) -> tuple[date, ...]:
    """The days from ``written`` on that the text names, in its order."""
    text = text[:_SEARCHED]
    found = tuple(_dated(text, written, packs)) or tuple(_coming(_CLOCK.sub(" ", text), written, packs))
    return tuple(dict.fromkeys(day for day in found if 0 <= (day - written).days <= _AHEAD))[:_MOST]


def behind(text: str, written: date, packs: Sequence[LanguagePack]) -> tuple[date, ...]:
    """The days up to ``written`` that the text names."""
    text = text[:_SEARCHED]
    found = tuple(_dated(text, written, packs)) or tuple(_past(_CLOCK.sub(" ", text), written, packs))
    return tuple(dict.fromkeys(day for day in found if 0 <= (written - day).days <= _BEHIND))[:_MOST]


def of_yesterday(text: str, written: date, packs: Sequence[LanguagePack]) -> tuple[date, ...]:
    """Yesterday, if the text speaks of it."""
    return (written - timedelta(days=1),) if any(_said(pack, "yesterday", text) for pack in packs) else ()


def names_past(text: str, packs: Sequence[LanguagePack]) -> bool:
    """Whether a word says that something is over, by its day: yesterday, this morning, last week."""
    return any(_said(pack, word, text) for pack in packs for word in ("yesterday", "today", "lately"))


def names_clock(text: str, packs: Sequence[LanguagePack]) -> bool:
    """Whether the text names a time of day."""
    words = (pattern for pack in packs for pattern in pack.talks.get("clock", ()))
    return _CLOCK.search(text) is not None or any(pattern.search(text) for pattern in words)


def _dated(text: str, written: date, packs: Sequence[LanguagePack]) -> Iterator[date]:
    """Days with their month."""
    for pack in packs:
        months = tuple(pack.letters.get("months", ()))
        for pattern in _months(months) if months else ():
            for match in pattern.finditer(text):
                yield from _near(written, _number(match["month"], months), int(match["day"]), match["year"])
    yield from _numeric(text, written)


@lru_cache(maxsize=16)
def _months(months: tuple[str, ...]) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """ "12 March", "12. März", "12 de marzo"; and "March 12th". Names are cut to four or three letters, too."""
    forms = {re.escape(form) for name in months for form in (name, name[:4], name[:3])}
    name = rf"(?P<month>(?:{'|'.join(sorted(forms, key=len, reverse=True))}))"
    year = r"(?:\w{0,6},? (?:de |del )?(?P<year>(?:19|20)\d\d)\b)?"
    return (
        re.compile(rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th|er|º|\.)?(?: de| of)? {name}{year}", re.IGNORECASE),
        re.compile(rf"\b{name}\.? (?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b(?![:.]\d){year}", re.IGNORECASE),
    )


def _number(said: str, months: tuple[str, ...]) -> int:
    """Of the month; the longest beginning decides, since juin and juillet share three letters."""
    folded = said.casefold()
    fitting = [i for i, name in enumerate(months, 1) if name.casefold().startswith(folded)]
    return fitting[0] if fitting else 0


def _near(written: date, month: int, day: int, year: str | None = None) -> Iterator[date]:
    """The year isn't always said: the one that brings the day nearest."""
    options = []
    said = int(year) % 100 if year else None
    for near in (written.year - 1, written.year, written.year + 1):
        if said is None or (near % 100 == said and not (year or "").startswith("19")):
            with suppress(ValueError):
                options.append(date(near, month, day))
    if options:
        yield min(options, key=lambda option: abs((option - written).days))


def _numeric(text: str, written: date) -> Iterator[date]:
    for year, month, day in _ISO.findall(text):
        yield from _near(written, int(month), int(day), year)
    for first, _, second, year in _NUMBERS.findall(_ISO.sub(" ", text)):
        for day, month in ((int(first), int(second)), (int(second), int(first))):
            if 1 <= month <= 12 and 1 <= day <= 31:
                yield from _near(written, month, day, year)
                break


def _coming(text: str, written: date, packs: Sequence[LanguagePack]) -> Iterator[date]:
    for pack in packs:
        for number, of_month in _weekdays(text, pack):
            nearest = written + timedelta(days=(number - written.weekday()) % 7 or 7)
            yield from _on(nearest, of_month, 7)
        if _said(pack, "tomorrow", text):
            yield written + timedelta(days=1)
        if _said(pack, "today", text):
            yield written


def _past(text: str, written: date, packs: Sequence[LanguagePack]) -> Iterator[date]:
    for pack in packs:
        for word, ago in (("today", 0), ("yesterday", 1)):
            if _said(pack, word, text):
                yield written - timedelta(days=ago)
        for number, of_month in _weekdays(text, pack):
            nearest = written - timedelta(days=(written.weekday() - number) % 7 or 7)
            yield from _on(nearest, of_month, -7)


def _weekdays(text: str, pack: LanguagePack) -> Iterator[tuple[int, int | None]]:
    """Each weekday that is named, Monday as 0, with the day of the month beside it."""
    names = tuple(pack.days.get("weekdays", ()))
    for match in islice(_any_weekday(names).finditer(text), _MOST) if names else ():
        said = match["name"].casefold()
        number = next(i for i, name in enumerate(names) if name.casefold() == said)
        yield number, int(match["day"]) if match["day"] else None


@lru_cache(maxsize=16)
def _any_weekday(names: tuple[str, ...]) -> re.Pattern[str]:
    name = "|".join(map(re.escape, sorted(names, key=len, reverse=True)))
    article = "(?:the |dia |día |le |den |der |dem |el |il )?"
    return re.compile(rf"\b(?P<name>{name})(?:[\w-]{{0,6}},? {article}(?P<day>\d{{1,2}})\b)?", re.IGNORECASE)


def _on(nearest: date, of_month: int | None, step: int) -> Iterator[date]:
    """The nearest such weekday; where the day of the month is said too, the one that has it."""
    weeks = [nearest + timedelta(days=step * count) for count in range(6)]
    yield next((day for day in weeks if day.day == of_month), nearest)


def _said(pack: LanguagePack, word: str, text: str) -> bool:
    said = pack.days.get(word)
    return bool(said) and _word(said).search(text) is not None


@lru_cache(maxsize=64)
def _word(said: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{said})\b", re.IGNORECASE)
