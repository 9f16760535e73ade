"""Names of companies and people as they stand in mail, cleaned of what mail puts around them. Unknown is ""."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from unburnt.core import words
from unburnt.core.language import LanguagePack

_LONGEST = 70  # characters of a company's name
_MOST_WORDS = 8

# Letters that NFKD leaves whole but an address spells otherwise.
_SPELLED = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "ß": "ss", "þ": "th", "ð": "d"})
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"})
_SILENT = re.compile(r"[\W_]+")

_NO_NAME = re.compile(r"\d{4}|,.*\d|\d.*,")  # a year, a requisition, a street
_BRACKETS = re.compile(r"\s*[(\[{][^)\]}]{0,60}[)\]}]?")
_SEPARATOR = re.compile(r"\s+[-–—|/·•:~]+\s+|\s*[|·•:]\s+|\s*//\s*|\s*<>\s*")
_LETTERS_AND_MARKS = re.compile(r"[ -\]_a-~À-ÖØ-öø-ɏ]*")  # what most lines are made of
_EDGES = " \t\r\n,;:.!?-–—|/·•*_~'\"“”„«»‹›`´()[]{}<>&+@#="
_NAME_EDGES = ' ,.;:!*_"“”-–—~/'
_SPELLED_WORDS = 6
_SPELLED_IN = 20_000
_WORD = re.compile(r"[^\W_][\w'’.+-]*|&")
_NEXT_WORDS = re.compile(r"(?: [^\W\d_a-zß-ÿ][\w'’-]*){1,3}")
_LINK = re.compile(r"(?<!\S)(?:(?:https?:|www\.)\S+|[^\s@]{1,100}@\S+|[^\s/]{1,100}/\S{12,})")
_VIA = re.compile(r"\s+(?:via|through|über|par|@)\s+\S.*$", re.IGNORECASE)
_ARTICLE = re.compile(r"^the\s+(?=\S+$)", re.IGNORECASE)
_AFTER_PERSON = re.compile(
    r"\s*(?:\((?:she|he|they|sie|er|elle|il|ella|él|hon|han|hen|zij|hij|ela|ele|ona|on)\b[^)]{0,20}\)"
    r"|,.*|\s[|·•/–—]\s?.*|\s-\s.*)$",
    re.IGNORECASE,
)


def fold(name: str) -> str:
    """The letters and digits of a name, without case and accents: what two spellings share."""
    return _SILENT.sub("", unicodedata.normalize("NFKD", name.casefold().translate(_SPELLED)))


@lru_cache(maxsize=2048)
def spellings(name: str) -> frozenset[str]:
    """The folded forms under which an address may carry the name: halden-rowe, haldenandrowe; initials from three on."""
    joints = words.company().joints
    name = name.casefold()
    solid = [word for word in re.findall(r"[^\W_]+", re.sub(r"['’]", "", name)) if word not in joints]
    forms = {fold(name), fold(name.translate(_UMLAUTS)), fold("".join(solid))}
    forms.update(fold(name.replace("&", joint)) for joint in joints if "&" in name)
    if len(solid) > 2:
        forms.add("".join(fold(word)[:1] for word in solid))
    return frozenset(form for form in forms if form)


@lru_cache(maxsize=4096)
def agree(one: str, other: str) -> bool:
    """Whether two names are the same, or one is the other's initials or beginning: Fjordlyst, Fjordlyst Media."""
    if fold(one) in spellings(other) or fold(other) in spellings(one):
        return True
    short, long = sorted((one.split(), other.split()), key=len)
    beginning = fold("".join(short))
    return len(short) < len(long) and len(beginning) > 2 and beginning == fold("".join(long[: len(short)]))


def supports(hint: str, name: str) -> bool:
    """Whether a hint out of an address (folded, solid) points to the name."""
    forms = spellings(name)
    long = (form for form in forms if len(form) > 3)
    return hint in forms or (len(hint) > 3 and any(form.startswith(hint) or hint.startswith(form) for form in long))


@lru_cache(maxsize=4096)
def carries(hint: str, name: str) -> bool:
    """Whether a hint out of an address is made of beginnings of the name's words, half of it of a whole one.

    univ-ostermark for Universität Ostermark, oakmontusd for Oakmont Unified School District, kucinski-okna for Okna Kuciński.
    """
    return any(_carries(hint, form) for form in {name, name.casefold().translate(_UMLAUTS)})


def _carries(hint: str, name: str) -> bool:
    parts = [fold(part) for part in re.findall(r"[^\W_]+", name)][:_MOST_WORDS]
    whole = max((part for part in parts if part in hint), key=len, default="")
    if len(whole) < 4 or 2 * len(whole) < len(hint):
        return False
    return any(_made_of(hint, order) for order in (parts, parts[::-1]))


def _made_of(hint: str, parts: list[str]) -> bool:
    ends = {0}
    for part in parts:
        ends |= {
            end + length for end in ends for length in range(1, len(part) + 1) if hint.startswith(part[:length], end)
        }
    return len(hint) in ends


def names_organisation(text: str) -> bool:
    """Whether one of the words says what kind of organisation it is: Logistics, Council."""
    kinds = words.company().organisation
    return any(word.casefold().strip(".,()") in kinds or fold(word) in kinds for word in text.split())


def words_of(label: str) -> str:
    """A domain's label as a name: pilchard-bistro and pilchardbistro are Pilchard Bistro."""
    kinds = (kind for kind in words.company().organisation if label.endswith(kind) and len(label) - len(kind) > 2)
    kind = max(kinds, key=len, default="")
    spaced = f"{label.removesuffix(kind)} {kind}" if kind else label
    return " ".join(word.capitalize() for word in spaced.replace("-", " ").split())


def spelled(hint: str, text: str) -> str:
    """The words of the text that make up the hint, "Halden & Rowe" for haldenrowe; one in capitals only if there is no other."""
    text = _LINK.sub(" ", text[:_SPELLED_IN])
    found = [(match.start(), match.end(), fold(match[0])) for match in _WORD.finditer(text)]
    shouted = ""
    for first, (start, _, opening) in enumerate(found):
        if not opening or not hint.startswith(opening) or text[start].islower():
            continue
        for end in _ends(hint, found[first : first + _SPELLED_WORDS]):
            if "\n" in text[start:end]:  # not "Stanisław Kuciński", and "Okna" under it
                continue
            name = text[start:end] + _organisation_after(text[end : end + 60])
            if not name.isupper() or len(name) < 5:
                return name
            shouted = shouted or name
    return shouted


def _ends(hint: str, run: list[tuple[int, int, str]]) -> Iterator[int]:
    """Where a run of words that makes up the hint ends; "&", "and" and the like may be missing in the address."""
    solid = sparse = ""
    for _, end, word in run:
        solid += word
        sparse += "" if word in {"and", "und", "et", "y", "og", "och"} else word
        if hint in {solid, sparse}:
            yield end


def _organisation_after(text: str) -> str:
    """ " Asset Management", where the name goes on with what kind of organisation it is."""
    following = _NEXT_WORDS.match(text)
    more = following[0].split() if following else []
    last = max((i + 1 for i, word in enumerate(more) if names_organisation(word)), default=0)
    return "".join(f" {word}" for word in more[:last])


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Tells names from what surrounds them, by the team words of all packs at hand and the names that are no employer's."""

    team: re.Pattern[str]  # at either end
    team_only: frozenset[str]  # folded, as the next
    never: frozenset[str]

    @classmethod
    def of(cls, packs: Iterable[LanguagePack], never_employer: frozenset[str]) -> "Vocabulary":
        """The vocabulary of these packs; ``never_employer`` are folded names."""
        team = frozenset(word for pack in packs for word in pack.team_words)
        return cls(*_team(team), never_employer)

    def company(self, raw: str) -> str:
        """The company's name in a display name, a captured phrase or a line; "" when there is none."""
        text = _VIA.sub("", plain(raw.replace("_", " ")))
        for part in _SEPARATOR.split(text):
            name = self._strip(_BRACKETS.sub(" ", part))
            if self._is_company(name):
                return name
        return ""

    def _strip(self, text: str) -> str:
        text, before, stripped = text.strip(_EDGES), None, False
        while before != text:
            before = text
            text = self.team.sub("", text).strip(_EDGES)
            stripped = stripped or before != text
            if stripped:
                text = words.company().joining.sub("", text).strip(_EDGES)
        short = words.company().legal_form.sub("", text)
        text = text if fold(short) in self.team_only else short  # Careers & Co
        return " ".join(_ARTICLE.sub("", text).strip(_EDGES).split())

    def _is_company(self, name: str) -> bool:
        folded = fold(name)
        return (
            2 <= len(folded) <= _LONGEST
            and len(name.split()) <= _MOST_WORDS
            and not folded.isdigit()
            and "@" not in name
            and "://" not in name
            and folded not in self.never | self.team_only
            and (name != name.lower() or " " not in name)
            and words.company().legal_form.sub("", f" {name}") != ""
            and words.person().before.sub("", f"{name} ").strip(" .") != ""
            and _NO_NAME.search(name) is None
            and words.company().sentence.search(name) is None
        )

    def has_team_word(self, text: str) -> bool:
        """Whether a line speaks of a team or department at its beginning or end."""
        return self.team.search(plain(text).strip(_EDGES)) is not None

    def has_legal_form(self, text: str) -> bool:
        """Whether a line ends like a registered company: GmbH, Inc."""
        return words.company().legal_form.search(plain(text).strip(" ,;:")) is not None

    def person(self, raw: str) -> str:
        """The person's name in a display name or signature line; "" when it doesn't look like one."""
        text = _AFTER_PERSON.sub("", plain(raw).strip(_NAME_EDGES)).strip()
        text = words.person().before.sub("", text).strip(_NAME_EDGES)
        return text if self._is_person(text) else ""

    def _is_person(self, name: str) -> bool:
        parts = name.split()
        if not 1 <= len(parts) <= 5 or not 2 <= len(name) <= 50:
            return False
        if self.has_team_word(name) or self.has_legal_form(name) or names_organisation(name):
            return False
        department = words.person().department
        if any(part.casefold() in department or fold(part) in self.never for part in parts):
            return False
        own = [part for part in parts if part.casefold() not in words.person().particles]
        return any(len(fold(part)) > 1 for part in own) and all(map(_is_name_word, own))


@lru_cache(maxsize=8)
def _team(team_words: frozenset[str]) -> tuple[re.Pattern[str], frozenset[str]]:
    longest_first = sorted(team_words, key=lambda word: (-len(word), word))
    either = "|".join(map(re.escape, longest_first)) or r"(?!)"
    beginning, ending = ("|".join(listed) for listed in (words.company().beginnings, words.company().endings))
    pattern = (
        rf"(?:^(?:the\s+)?(?:{either}|{beginning})(?![\w'’])(?!\s+(?:&|and)\s)|(?<![\w'’])(?:{either}|{ending})$)"
        r"[\s,:.\-–—|&@/]*"
    )
    return re.compile(pattern, re.IGNORECASE), frozenset(map(fold, team_words))


def _is_name_word(word: str) -> bool:
    """A word of a person's name, in any script: letters, apostrophes, dashes; a capital where there are any."""
    letters = re.sub(r"['’.‐-]", "", word)  # U+2010 stands in double names too
    return letters.isalpha() and not letters[0].islower()


def plain(raw: str) -> str:
    """Bounded, without emoji, quotes and runs of white space."""
    text = " ".join(raw[:200].split())
    if not _LETTERS_AND_MARKS.fullmatch(text):
        text = "".join(c for c in text if unicodedata.category(c) not in {"So", "Sk", "Cf", "Cc", "Co", "Cs"})
    return " ".join(text.replace('"', " ").split())
