"""The end of a mail: the closing phrase, and the lines under it that say who wrote."""

import re
from dataclasses import dataclass

from unburnt.core.language import LanguagePack

_LINES = 6  # of a block
_LONGEST_LINE = 90
_ENDING = 14  # lines from the end where a lone name is looked for when there is no closing phrase
_DELIMITER = re.compile(r"^(?:-- ?|--|—|_{3,})$")  # RFC 3676 section 4.3, and what is made of it
_AFTER_CLOSING = 40  # "Mit freundlichen Grüßen aus Leipzig"
_INLINE = re.compile(r"\s*[,;:.!/–—-]+\s*(.*)$")
_CONTACT_LINE = re.compile(r"@|https?:|www\.|\+?\d[\d ()/.-]{6,}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Signature:
    """The lines under the closing phrase, and those under a signature delimiter; without blank ones."""

    lines: tuple[str, ...]
    closed: bool  # there was a closing phrase or a delimiter: the first line is the writer, or whom they write for


def signature(text: str, packs: tuple[LanguagePack, ...]) -> Signature:
    """The signature of a text; without a closing phrase its last lines."""
    lines = [line.strip() for line in text.split("\n")]
    closings = {phrase for pack in packs for phrase in pack.signoffs}
    found: tuple[str, ...] = ()
    for at in range(len(lines) - 1, -1, -1):
        rest = _closing(lines[at], closings)
        if rest is not None and (block := _block(([rest] if rest else []) + lines[at + 1 :])):
            found = block
            break
    delimited = _delimited(lines)
    if found or delimited:
        return Signature((*found, *(line for line in delimited if line not in found)), closed=True)
    return Signature(tuple(line for line in lines if 0 < len(line) < _LONGEST_LINE)[-_ENDING:], closed=False)


def _closing(line: str, closings: set[str]) -> str | None:
    """What follows the closing phrase on its line ("Mvg, Jos"); None when the line is no closing."""
    folded = line.casefold()
    if not folded or len(folded) > _LONGEST_LINE:
        return None
    plain = folded.strip(" ,.;:!*_-–—")
    if plain in closings:
        return ""
    if folded.startswith("/") and len(folded) < _AFTER_CLOSING:
        return line[1:].strip()
    inline = _INLINE.search(line)
    if inline and line[: inline.start()].casefold().strip() in closings:
        return inline.group(1)
    words = plain.split()
    opening = (" ".join(words[:count]) for count in range(len(words) - 1, 0, -1))
    phrase = next((o for o in opening if o.strip(",.!") in closings), None)
    if phrase is None or len(plain) - len(phrase) > _AFTER_CLOSING:
        return None
    return _after(line, phrase, folded)


def _after(line: str, phrase: str, folded: str) -> str | None:
    """A phrase of several words may go on ("… aus Leipzig"); a single one ("Thanks for …") is no closing then."""
    if len(phrase.split()) > 1 and not phrase.startswith(("thank", "tack", "wishing")):
        return ""
    rest = line[folded.find(phrase) + len(phrase) :].strip(" ,.")
    abbreviated = len(phrase) <= 3 or phrase in {"gruß", "gruss", "groet", "groeten", "grüße", "pozdr"}
    return rest if abbreviated and rest[:1].isupper() else None


def _block(lines: list[str]) -> tuple[str, ...]:
    kept: list[str] = []
    for line in lines:
        if len(kept) == _LINES or len(line) > 2 * _LONGEST_LINE:
            break
        if line and not _DELIMITER.match(line):
            kept.append(line)
    return tuple(kept)


def _delimited(lines: list[str]) -> tuple[str, ...]:
    at = next((i for i in range(len(lines) - 1, -1, -1) if _DELIMITER.match(lines[i])), None)
    return _block(lines[at + 1 :]) if at is not None else ()


def is_contact_line(line: str) -> bool:
    """Whether a line holds an address, a link or a telephone number rather than a name."""
    return _CONTACT_LINE.search(line) is not None
