"""Which position was applied for, as the mail writes it, without the employer's book-keeping."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice

from unburnt.core import words
from unburnt.core.clues import Clues, matches
from unburnt.core.headline import framed, names_work, parts, places_in, without_place
from unburnt.core.names import agree, fold, plain

_ENOUGH = 1.5  # weight below which a title would be a guess
_BY_PATTERN = 2.0
_BY_PHRASE = 1.2  # a pattern that finds other things too: it counts with a noun of work only
_RANK = 0.02  # what a pattern loses for each one before it
_BY_NOUN = 0.5
_BY_PART = 2.6  # of a subject, with a noun of work in it
_BY_FRAME = 1.5  # all that a subject has but words about applying
_BY_WORDS = 0.3  # without one
_BY_BOTH = 1.5  # subject and text
_CONFIRMED_IN = 8000  # characters of the text
_LONGEST = 90
_MOST_WORDS = 13
_SOLID = 6
_MORE = 2  # words behind a title that are still of it
_EDGES = " \t,;:.!?-–—|/·•*_~'\"“”„«»‹›‘’`´&+#"

_LABEL = (
    r"(?:job|req(?:uisition)?|ref(?:erence)?|id|nr|no|kennz(?:iffer|eichen)?|réf|rif|dossier|vacaturenummer|posting)\b"
    r"[.:]?\s?(?:id|no|nr|number|code)?[.:#]?\s?#?"
)
_YEAR = r"(?:19|20)\d\d(?![\w/-])"
_NUMBER = re.compile(
    rf"[\[(]?\s*(?<![\w$€£])(?:{_LABEL})?(?:\d{{2,3}}(?:\s?[-–]\s?\d{{2,3}})?\s?%|#\s?\d[\w/-]{{0,20}}"
    rf"|(?:[A-Z]{{1,6}}[-_/]?)?(?!{_YEAR})\d{{3,}}[\w/-]{{0,20}}|[A-Z]{{1,5}}[-/]\d[\w/-]{{0,20}})"
    r"\s*[\])]?(?:\s?[-–:|]\s)?",
    re.IGNORECASE,
)
# A requisition is told by the word before it, by its own form, or in a subject or brackets by being a number at all.
_WRITTEN = (
    r"(?P<number>(?:[A-Z]{2,6}[-–/][A-Z]{1,4}[ -])?#?(?=[\w./–-]{0,20}\d)[A-Z0-9](?:[\w./–-]{1,20}(?<![./–-])))"
    r"(?![\w%€$£]|[.,:/]\d)"
)
_NAMED = (
    r"(?:job|id|req(?:uisition)?|vacanc(?:y|ies)|posting|position|ref(?:erence)?|kennziffer|kennzeichen|stellen|referenz"
    r"|annonce|offre|réf(?:érence)?|dossier|rif(?:erimento)?|annuncio|codice|vacante|oferta|referencia|vacature|vacaturenummer|vaga"
    r"|referência|ogłoszenie|ogłoszenia|rekrutacji|rekrutacja|ref|dnr|diarienummer|referensnummer|annonsnr|ilan|referans"
    r"|processo de selec?ção|application|bewerbung|competition|konkurs\w*|concorso|plaza)"
)
_MARK = r"(?:[\s-]?(?:id|no|nr|num(?:ber|mer|éro|ero)?|code|kod|número|numer|n[°º]|nº|kodu)\b)?[.:#]{0,2}\s?[:#]?\s?"
_FORM = r"(?:(?i:JR|REQ|RQ|REF)|R|J|P)[-_]?\d{3,12}[A-Z]{0,2}(?![\w-])"
_CODE = (
    r"(?<![\w/.-])(?:[A-Z]{2,6}[-/ ]){0,2}(?:[A-Z]{1,6}[-/]\d{2,8}(?:[-/][A-Z0-9]{1,6}){0,3}|\d{2,4}[-/][A-Z]{1,6}[-/]\d{2,6}"
    r"|(?:19|20)\d\d[-/–]\d{2,6}|\d{4,8}(?:BR|IRC)|\d{2}/[A-Z]{2,6}/\d{4})(?![\w/-]|[.,]\d)"
)
_IN_TEXT = (
    re.compile(rf"(?<!\w)(?i:{_NAMED})(?i:{_MARK})(?<=[\s.:#°º])[(\[]?{_WRITTEN}"),
    re.compile(rf"(?<![\w/-])(?P<number>{_FORM})"),
    re.compile(rf"[(\[]\s?(?i:{_NAMED}{_MARK})?(?P<number>{_CODE}|[A-Z]{{0,4}}\d{{4,10}}[A-Z]{{0,2}})\s?[)\]]"),
)
_IN_SUBJECT = (
    *_IN_TEXT,
    re.compile(rf"(?P<number>{_CODE})"),
    re.compile(
        r"(?<![\w/.,:+€$£-])#?(?P<number>[A-Z]{0,3}\d{4,10}[A-Z]{0,2})(?![\w/%€$£-]|[.,:]\d|\s?(?:€|EUR|USD|GBP|PLN|SEK|TL|kr)\b)"
    ),
)
# A year or two of them, a date, a time, a standard, a postcode, a law.
_NO_NUMBER = re.compile(
    r"(?:19|20)\d\d(?:[-/–](?:19|20)?\d\d)?|(?:\d{1,4}[-/.]){2}\d{1,4}|\d{1,2}/(?:19|20)\d\d|0\d+|2016/679|[+(]?\d{1,3}"
    r"|[DFIS]-\d{5}|[ABL]-\d{4}|(?:CH|NL|PL|SE|FR|DE|AT|BE|LU)-\d{4,5}"
    r"|(?:ISO|IEC|DIN|EN|COVID|ICD|RFC|GPT|[HQ]\d|FY|CVE|BS|IP|SARS)[-/ ]?\d.*|[HQ][1-4]/\d+",
    re.IGNORECASE,
)
_LINK = re.compile(r"(?:https?:|www\.)\S+|(?<!\S)[^\s@]{1,100}@\S+|\+\d[\d ().-]{6,}")
_GENDERS = re.compile(
    r"[\[(]?\s*(?<![\w/])(?:[mwfdxhiv](?:\s?[/|,]\s?[mwfdxhivag]){1,4}"
    r"|all genders?|gn|alle geschlechter|mwd|k/m|m/k)(?![\w/])\s*[\])]?",
    re.IGNORECASE,
)
_WORKLOAD = re.compile(r"\s(?:[3-9]0|100)$")  # of "80-100%", where a pattern ended at the dash
_ASIDE = re.compile(r"\s*[(\[]([^()\[\]]{0,60})[)\]]?\s*$")
_UNCLOSED = re.compile(r"\s*\([^)]*$|\)")
_WITH_COMPANY = re.compile(r"(,\s|\s(?:[-–—|]|en|in|na|no|em|w|à|på|of)\s|\s?:\s|\s\(|\))")
_UNBROKEN = re.compile(r"(?!.*\s-\s)[^,:–—]*")
_MARKS = re.compile("[\u0300-\u036f]")
_WORDS = re.compile(r"[^\W_]+")
_DATE = re.compile(
    r"^\d{1,2}\.? ?(?:jan|feb|m[aä]r|apr|ma[iy]|jun|jul|aug|sep|o[ck]t|nov|de[cz])[a-z]{0,6}\b", re.IGNORECASE
)


def titles(clues: Clues) -> dict[str, float]:
    """What may be the position applied for, and how much speaks for each."""
    places = places_in(clues.paragraphs)
    english = clues.packs[0].code == "en"
    found: dict[str, float] = {}
    for title, trust in (*_stated(clues), *_in_subject(clues.subject, places)):
        name = without_place(clean(title), places, english=english)
        if name and fold(name) not in clues.vocabulary.team_only | clues.applicant:
            found[name] = max(found.get(name, 0.0), trust)
    subject, text = _spaced(clues.subject), _spaced(clues.paragraphs[:_CONFIRMED_IN])
    stated = tuple(found)
    return {
        name: trust + (_confirmed(name, subject, text) or _inflected(name, subject, stated))
        for name, trust in found.items()
    }


def role(weights: Mapping[str, float], company: str | None) -> str | None:
    """The title that subject and text state best; None when neither states one. It isn't the ``company``."""
    names = [name for name in weights if not company or not (agree(name, company) or fold(name) in fold(company))]
    best = max(names, key=weights.__getitem__, default="")
    if not best or weights[best] < _ENOUGH:
        return None
    best = _fullest(best, {name: weights[name] for name in names})
    best = max((name for name in names if fold(name) == fold(best)), key=_capitals)
    return (clean(_without_company(best, company)) or best) if company else best


def requisition(clues: Clues) -> str | None:
    """The vacancy's number as the mail writes it, R-2231; None when nothing is plainly one."""
    text = _LINK.sub(" ", clues.paragraphs[:_CONFIRMED_IN])
    for patterns, searched in ((_IN_SUBJECT, clues.subject), (_IN_TEXT, text)):
        for pattern in patterns:
            found = (match["number"].lstrip("#") for match in islice(pattern.finditer(searched), _MOST_WORDS))
            if number := next((n for n in found if not _NO_NUMBER.fullmatch(n)), ""):
                return number
    return None


def _capitals(name: str) -> int:
    """Of two spellings the one with capitals is meant as a title; one of capitals only is shouted."""
    return 0 if name.isupper() else sum(c.isupper() for c in name)


def _fullest(title: str, weights: Mapping[str, float]) -> str:
    """ "Curriculum Editor" for "Editor", "Claims Handler (Motor)" for "Claims Handler", where the longer one is well stated."""
    fuller = (other for other, weight in weights.items() if weight >= _ENOUGH and _is_fuller(other, weight, title))
    return max((title, *fuller), key=len)


def _is_fuller(other: str, weight: float, title: str) -> bool:
    other, title = other.casefold(), title.casefold()
    if other.endswith(f" {title}"):
        return len(other.split()) < _SOLID and _UNBROKEN.fullmatch(other) is not None
    rest = other[len(title) :] if other.startswith(title) else ""
    if rest.startswith((" (", ", ", " - ", " – ", " / ")):
        return weight >= _BY_PART
    solid = rest.startswith(" ") and _UNBROKEN.fullmatch(other) is not None
    return solid and len(rest.split()) <= _MORE and weight >= _BY_PATTERN


def _without_company(title: str, company: str) -> str:
    """ "Data Product Developer, Greyharbour" without the employer's name at either end."""
    parts = _WITH_COMPANY.split(title.rstrip(")"))
    if len(parts) > 1 and agree(parts[-1], company):
        return "".join(parts[:-2])
    return "".join(parts[2:]) if len(parts) > 1 and agree(parts[0], company) else title


def clean(raw: str) -> str:
    """A title without requisition number, "(m/f/d)", place in brackets, "role" and "position"; "" if nothing is left."""
    around = words.title()
    text = around.terms.sub("", around.employer.sub("", plain(raw)))
    text, before = _GENDERS.sub(" ", _NUMBER.sub(" ", text)).strip(_EDGES), None
    while before != text:
        before = text
        text = _without_place(around.after.sub("", around.before.sub("", text))).strip(_EDGES)
    text = _WORKLOAD.sub("", " ".join(text.split()).replace(" ,", ","))
    if text.startswith("(") and text.endswith(")"):
        text = text[1:-1]
    if text.count("(") != text.count(")"):
        text = _UNCLOSED.sub("", text).strip(_EDGES)
    return text if _is_role(text) and not _DATE.match(raw) else ""


def _without_place(text: str) -> str:
    aside = _ASIDE.search(text)
    return text[: aside.start()] if aside and words.title().in_brackets.search(aside[1].strip()) else text


def _is_role(text: str) -> bool:
    return (
        3 <= len(text) <= _LONGEST
        and len(re.findall(r"\w{2,}", text)) <= _MOST_WORDS
        and any(c.isalpha() for c in text)
        and "@" not in text
        and words.title().sentence.search(text) is None
        and words.title().never.match(text) is None
    )


def _stated(clues: Clues) -> Iterator[tuple[str, float]]:
    """What the patterns of the languages find, the more telling ones worth more."""
    for pack in clues.packs:
        for patterns, text in ((pack.subject, clues.subject), (pack.body, clues.paragraphs)):
            telling = tuple(pattern for pattern in patterns if "role" in pattern.groupindex)
            for rank, title in matches(telling, "role", text):
                yield title, _BY_PATTERN - _RANK * rank + _by_noun(title, pack.code)
            for _, title in matches(patterns, "phrase", text):
                if names_work(title):
                    yield title, _BY_PHRASE + _BY_NOUN


def _in_subject(subject: str, places: frozenset[str]) -> Iterator[tuple[str, float]]:
    """Parts of a subject, "Pebblegate - Product Analyst", that look like a title by themselves."""
    for part in parts(subject, places, clean):
        yield part, _BY_PART + len(part) / 1000 if names_work(part) else _BY_WORDS
    yield from ((part, _BY_FRAME) for part in framed(subject, clean))


def _by_noun(title: str, language: str) -> float:
    """What a noun of work adds; an English title in small letters without one is a phrase: "the above position"."""
    if names_work(title):
        return _BY_NOUN
    return -_BY_NOUN if language == "en" and (clean(title).islower() or title[0].isdigit()) else 0.0


def _confirmed(name: str, subject: str, text: str) -> float:
    """What it adds that subject and text (folded) both hold the title; more for a longer one."""
    both = _spaced(name) in subject and _spaced(name) in text
    return _BY_BOTH + len(name) / 100 if both and (" " in name or names_work(name)) else 0.0


def _spaced(text: str) -> str:
    """The folded words of a text, each with a blank on both sides, so that a word is found as a whole."""
    letters = _MARKS.sub("", unicodedata.normalize("NFKD", text.casefold()))
    return f" {' '.join(_WORDS.findall(letters))} "


def _inflected(name: str, subject: str, stated: Iterable[str]) -> float:
    """What it adds that the text has the subject's title in another case: Lektor, na stanowisko lektora."""
    if _spaced(name) not in subject:
        return 0.0
    own = [fold(word) for word in name.split()]
    found = any(_is_inflected(own, other.split()) for other in stated if other != name)
    return _BY_BOTH + len(name) / 100 if found else 0.0


def _is_inflected(one: list[str], other: list[str]) -> bool:
    pairs = zip(one, map(fold, other), strict=False)
    return len(one) == len(other) and all(a[: max(3, len(a) - 3)] == b[: max(3, len(a) - 3)] for a, b in pairs)
