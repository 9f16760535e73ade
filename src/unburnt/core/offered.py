"""What a rejection itself says and offers: what the letter may take up, so that it is sure rather than complete.

Sentence by sentence: one that makes an offer of it, or tells of a duty to keep data, states nothing.
"""

import re
from collections.abc import Iterator, Sequence

from unburnt.core.clues import paragraphs
from unburnt.core.language import LanguagePack
from unburnt.core.model import Offered

_SEARCHED = 16 * 1024
_MOST_SENTENCES = 120
_LONGEST_SENTENCE = 400
_LONGEST_PRAISE = 60
_SHORTEST_PRAISE = 4
_LAST_LINES = 12
_DAYS = 30
_LONGEST_WAIT = 60  # months; more is no invitation
_FAMILIAR = 2  # times as often as the polite words: boilerplate may have some
_END = re.compile(  # not after "24." or "Dr."
    r"(?:(?<=[^\W\d_]{3}[.])|(?<=[)\"”»0-9][.!?])|(?<=[^\W_][!?…]))\s+(?=[^\Wa-zß-ÿ\d]|[¿¡])|\n+"
)
_BROKEN = frozenset('"“”„«»{}|<>[](')  # where what is praised goes on with what may not be quoted
_WORD = re.compile(r"[^\W_][\w'’+#.-]*")
_NAMES = re.compile(r"(?:\b(?:Mr|Mrs|Ms|Dr|Prof|Herrn?|Frau|Mme|Sra?|Sig)\b|[A-ZÀ-ÞĀ-Ž][a-zß-ž]+ [A-ZÀ-ÞĀ-Ž][a-zß-ž]+)")


def offered(text: str, language: str | None, packs: Sequence[LanguagePack]) -> Offered:
    """What a text says, read in its own language; nothing where that is none of ours."""
    pack = next((each for each in packs if each.code == language), None)
    if pack is None:
        return Offered()
    said = _sentences(text)
    return Offered(
        keeps=any(_keeps(each, pack) for each in said),
        pool=any(_states("pool", each, pack) for each in said),
        closed=any(_states("closed", each, pack) for each in said),
        again=next((months for each in said if (months := _again(each, pack))), None),
        praise=next((praise for each in said for praise in _praises(each, pack)), ""),
        familiar=_is_familiar(text[:_SEARCHED], pack),
    )


def thanks_for_talk(text: str, pack: LanguagePack) -> bool:
    """Whether the user's own mail thanks for a talk that took place."""
    return any(not each.endswith("?") and _states("thanks", each, pack) for each in _sentences(text))


def signed_as(text: str, contact_name: str) -> str:
    """The given name alone where somebody signed with no more, else the whole name."""
    words = contact_name.split()
    lines = [line.strip(" \t,.!-–—*").casefold() for line in text[-_SEARCHED:].split("\n") if line.strip()]
    full = contact_name.casefold()
    signed = (
        next((line for line in lines[1:][-_LAST_LINES:] if line in {words[0].casefold(), full}), full)
        if words
        else full
    )
    return contact_name if signed == full else words[0]


def _sentences(text: str) -> tuple[str, ...]:
    found = (each.strip()[:_LONGEST_SENTENCE] for each in _END.split(paragraphs(text[:_SEARCHED])))
    return tuple(each for each in found if each)[:_MOST_SENTENCES]


def _keeps(sentence: str, pack: LanguagePack) -> bool:
    if _finds("asks", sentence, pack):
        return False
    future = _finds("future", sentence, pack)
    if _finds("keeps", sentence, pack):
        return future or not _finds("retention", sentence, pack)
    return future and _finds("stores", sentence, pack) and not _finds("retention", sentence, pack)


def _again(sentence: str, pack: LanguagePack) -> int | None:
    if not _states("again", sentence, pack):
        return None
    return next((months for match in _all("time", sentence, pack) if (months := _months(match, pack))), None)


def _months(match: re.Match[str], pack: LanguagePack) -> int | None:
    """The number of months of a span of time, which the pattern's groups name by its unit."""
    named = {unit.rstrip("2"): value for unit, value in match.groupdict().items() if value}
    if "half" in named:
        return 6
    unit, said = next(iter(named.items()), ("", ""))
    number = int(said) if said.isdecimal() else pack.numbers.get(said.casefold(), 0)
    months = {"months": number, "years": 12 * number, "days": round(number / _DAYS)}.get(unit, 0)
    return months if 0 < months <= _LONGEST_WAIT else None


def _praises(sentence: str, pack: LanguagePack) -> Iterator[str]:
    """What they name, if it says more than that there is a career, and nothing that reads wrongly from the other side."""
    for match in _all("praise", sentence, pack):
        named = match["praise"]
        if sentence[match.end("praise") : match.end("praise") + 1] in _BROKEN:
            continue
        end = min((cut.start() for cut in _all("ends", named, pack)), default=len(named))
        phrase = " ".join(named[:end].split()).strip(" -–—'’/&")
        words = [word.casefold().strip(".'’") for word in _WORD.findall(phrase)]
        fits = _SHORTEST_PRAISE <= len(phrase) <= _LONGEST_PRAISE and not _NAMES.search(phrase)
        says = not all(_is("bland", word, pack) for word in words)
        if fits and says and not any(_is("never", word, pack) for word in words):
            yield phrase


def _is_familiar(text: str, pack: LanguagePack) -> bool:
    familiar = sum(1 for _ in _all("familiar", text, pack))
    return familiar > 0 and familiar >= _FAMILIAR * sum(1 for _ in _all("formal", text, pack))


def _states(about: str, sentence: str, pack: LanguagePack) -> bool:
    return _finds(about, sentence, pack) and not _finds(f"not_{about}", sentence, pack)


def _finds(about: str, text: str, pack: LanguagePack) -> bool:
    return next(_all(about, text, pack), None) is not None


def _is(about: str, word: str, pack: LanguagePack) -> bool:
    return any(pattern.fullmatch(word) for pattern in pack.offers.get(about, ()))


def _all(about: str, text: str, pack: LanguagePack) -> Iterator[re.Match[str]]:
    return (match for pattern in pack.offers.get(about, ()) for match in pattern.finditer(text))
