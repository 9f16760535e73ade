"""What a message says of talks and tests: the one it sets, with its day, and those it looks back on.

Sentence by sentence: one that is glad of a talk ("thanks for the call yesterday") looks back, one with a day to come
and a time, or with the word for a talk, sets one.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from unburnt.core import days
from unburnt.core.language import LanguagePack
from unburnt.core.model import Stage
from unburnt.core.signature import is_contact_line

_SEARCHED = 3000
_MOST_SENTENCES = 60
_LONGEST_SENTENCE = 400
_NEAR = 25  # characters between two patterns that match one phrase
_APART = 60  # characters between what pleased and what is meant
_SPECIFIC_FIRST = (Stage.FINAL, Stage.ASSESSMENT, Stage.SCREENING, Stage.INTERVIEW)
_END = re.compile(  # not after "24." or "Dr."
    r"(?:(?<=[^\W\d_]{3}[.])|(?<=[)\"”»0-9][!?])|(?<=[^\W_][!?…]))\s+(?=[^\Wa-zß-ÿ\d]|[¿¡])|\n+"
)


@dataclass(frozen=True, slots=True)
class Mentions:
    """Days up to the message's own are those of talks that it looks back on, later ones of the talk that it sets."""

    talk: Stage | None = None
    days: tuple[date, ...] = ()
    calls_off: bool = False


def mentions(
    subject: str, text: str, written: date, packs: Sequence[LanguagePack], *, sets: bool, invites: bool = False
) -> Mentions:
    """What it says; ``subject`` is "" for an answer's, which is an earlier message's.

    ``sets`` where it may set a talk; ``invites`` where a calendar file sets one.
    """
    sentences = [each[:_LONGEST_SENTENCE] for each in _END.split(text[:_SEARCHED]) if each.strip()][:_MOST_SENTENCES]
    back = [each for each in sentences if _looks_back(each, packs)]
    rest = [each for each in sentences if each not in back]
    off = any(_finds("off", each, packs) for each in (subject, *rest))
    past = [day for each in back for day in (days.behind(each, written, packs) or (written,))[:1]]
    past += [day for each in rest for day in _beside(each, written, packs)]
    if off or not sets:
        return Mentions(_test(rest, packs) or _stage(back, packs), tuple(dict.fromkeys(past)), off)
    dated = [(each, ahead) for each in (*rest, subject) if (ahead := days.ahead(each, written, packs))]
    fixed = [pair for pair in dated if _fixes(pair[0], packs)]
    coming = fixed[0][1][:1] if fixed else ()
    if fixed or invites or not past:
        others = [each for each in rest if not is_contact_line(each)]
        stage = _stage([subject, *(each for each, _ in fixed), *others], packs)
    else:
        stage = _test([subject, *rest], packs) or _stage(back, packs)
    return Mentions(stage, tuple(dict.fromkeys((*past, *coming))), off)


def _test(sentences: Sequence[str], packs: Sequence[LanguagePack]) -> Stage | None:
    tests = any(_finds(word, each, packs) for each in sentences for word in (Stage.ASSESSMENT, "test"))
    return Stage.ASSESSMENT if tests else None


def _beside(sentence: str, written: date, packs: Sequence[LanguagePack]) -> tuple[date, ...]:
    """The day of a talk that a sentence is glad of while it sets another, or a test: "after yesterday's call, Tuesday at nine"."""
    both = _finds("talked", sentence, packs) and (days.ahead(sentence, written, packs) or _test([sentence], packs))
    return days.of_yesterday(sentence, written, packs) if both else ()


def _fixes(sentence: str, packs: Sequence[LanguagePack]) -> bool:
    """Whether a sentence that names a day to come sets a talk for it, or a test."""
    return days.names_clock(sentence, packs) or any(_finds(stage, sentence, packs) for stage in _SPECIFIC_FIRST)


def _looks_back(sentence: str, packs: Sequence[LanguagePack]) -> bool:
    """Whether it speaks of a talk that is over."""
    if sentence.rstrip().endswith("?") or _finds("yet", sentence, packs) or _test([sentence], packs):
        return False
    past = days.names_past(sentence, packs)
    if not past and days.names_clock(sentence, packs):
        return False
    about = _finds("talked", sentence, packs)
    if past and about:
        return True
    if _finds("no", sentence, packs):
        return False
    pleased = [match.start() for match in _all("glad", sentence, packs)]
    if past:
        return bool(pleased)
    ends = [match.start() for match in _all("talked", sentence, packs)]
    return any(0 < abs(end - start) <= _APART for start in pleased for end in ends)


def _stage(sentences: Sequence[str], packs: Sequence[LanguagePack]) -> Stage | None:
    """Of the first sentence that has a word for a talk or test, the one that is named first."""
    for sentence in sentences:
        starts = {stage: at for stage in _SPECIFIC_FIRST if (at := _first(sentence, stage, packs)) is not None}
        if starts:
            earliest = min(starts.values())
            return next(stage for stage, at in starts.items() if at <= earliest + _NEAR)
        if _finds("phone", sentence, packs):
            return Stage.SCREENING
    return None


def _first(text: str, stage: Stage, packs: Sequence[LanguagePack]) -> int | None:
    words = (stage, "test") if stage is Stage.ASSESSMENT else (stage,)
    return min((match.start() for word in words for match in _all(word, text, packs)), default=None)


def _finds(words: str, text: str, packs: Sequence[LanguagePack]) -> bool:
    return next(_all(words, text, packs), None) is not None


def _all(words: str, text: str, packs: Sequence[LanguagePack]) -> Iterator[re.Match[str]]:
    return (match for pack in packs for pattern in pack.talks.get(words, ()) for match in pattern.finditer(text))
