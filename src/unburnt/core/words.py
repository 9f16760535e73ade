"""The words around and inside names (words.toml), compiled once: part of the program, as the table of senders is."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class CompanyWords:
    """What stands around a company's name, and what tells one from a person's or a phrase."""

    legal_form: re.Pattern[str]  # at the end, with the country before it
    joining: re.Pattern[str]  # "at", "of": at either end, once a team is stripped there
    sentence: re.Pattern[str]
    department: re.Pattern[str]
    labelled: re.Pattern[str]  # what follows "Employer:" on a line
    joints: frozenset[str]
    organisation: frozenset[str]
    registered: re.Pattern[str]  # a legal form with what a register says behind it: "Acme SAS au capital de"
    unlike: re.Pattern[str]  # in what is written behind a name and is no part of it
    beginnings: tuple[str, ...]  # the same before it
    endings: tuple[str, ...]  # departments that stand behind a name and could begin another: "Office"


@dataclass(frozen=True, slots=True)
class PersonWords:
    """What stands around a person's name."""

    before: re.Pattern[str]
    particles: frozenset[str]
    department: frozenset[str]


@dataclass(frozen=True, slots=True)
class TitleWords:
    """What stands around the title of a position, and what makes a phrase one."""

    work: re.Pattern[str]
    trade: re.Pattern[str]  # work, and what is one in a title only
    never: re.Pattern[str]
    sentence: re.Pattern[str]
    before: re.Pattern[str]
    after: re.Pattern[str]
    terms: re.Pattern[str]  # and all behind them
    in_brackets: re.Pattern[str]  # terms or a place, which a title does without
    place: re.Pattern[str]
    employer: re.Pattern[str]  # "at Acme", and all behind it


@dataclass(frozen=True, slots=True)
class AgencyWords:
    """What tells that a recruiting agency wrote."""

    kind: re.Pattern[str]  # in its name, or beside it
    house: re.Pattern[str]  # in what it says of itself, and nobody else
    label: re.Pattern[str]  # in its domain
    consultant: re.Pattern[str]
    client: re.Pattern[str]  # the employer as an agency speaks of it


@cache
def company() -> CompanyWords:
    """The words around companies."""
    words = _words("company")
    forms, countries = _any(words["legal_forms"]), _any(words["countries"])
    return CompanyWords(
        legal_form=_pattern(rf"(?:,?\s+{countries})?(?:,?\s+(?:&\s+)?\(?{forms}\.?\)?)+$"),
        joining=_pattern(rf"^{_any(words['joining_before'])}(?!\w)\s*|\s+{_any(words['joining_after'])}$"),
        sentence=_pattern(rf"\b{_any(words['sentence'])}\b"),
        department=_pattern(rf"\b{_any(words['departments'])}\b"),
        labelled=re.compile(rf"(?im)^\W{{0,3}}{_any(words['labels'])}(?: name)? ?: ?(?P<company>[^\n]{{2,80}})$"),
        joints=frozenset(words["joints"]),
        organisation=frozenset(words["organisation"]),
        registered=_pattern(rf"(?P<company>[^,;:|]{{2,60}}?),?\s+{forms}\.?,?\s+{_any(words['registers'])}"),
        unlike=_pattern(rf"\b{_any(words['unlike'])}\b"),
        beginnings=tuple(words["beginnings"]),
        endings=tuple(words["endings"]),
    )


@cache
def person() -> PersonWords:
    """The words around people."""
    words = _words("person")
    return PersonWords(
        before=_pattern(rf"^(?:{_any(words['before'])}\.?(?=[\s/]|(?<=[./])\w)\s*)+"),
        particles=frozenset(words["particles"]),
        department=frozenset(words["department"]),
    )


@cache
def title() -> TitleWords:
    """The words around titles."""
    words = _words("title")
    terms = _any(words["terms"])
    followed = r"(?:\W+(?:update|status|process|team|outcome|of|result|notification|opportunities|applicants?)\b.*)?"
    before = (
        rf"^.{{0,80}}\b{_any(words['possessives'])}\s+|^(?:\d{{1,3}}|(?:19|20)\d\d)\s+(?=\D)|^d['’](?=\w)|^{_any(words['subjects'])}\b[\s:–-]+"
        rf"|^{_any(words['small_before'])}\s+"
    )
    return TitleWords(
        work=_pattern(rf"\b{_any(words['work'])}\b"),
        trade=_pattern(rf"\b(?:{_any(words['work'])}|{_any(words['trade'])})(?!\w)"),
        never=_pattern(rf"^{_any(words['never'])}\b{followed}$"),
        sentence=_pattern(rf"\b{_any(words['sentence'])}(?![\w-])"),  # not Non-ferrous
        before=_pattern(before),
        after=_pattern(rf"\s+(?:{_any(words['after'])}|(?-i:{_any(words['small_after'])}))$"),
        terms=_pattern(rf"(?:,\s|\s[-–|]\s){terms}\b.*$"),
        in_brackets=_pattern(
            rf"(?<!\w){_any(words['places'])}(?!\w)|^(?:[^,()]{{2,30}},\s?[^()]{{2,30}})$|{terms}|^via\b|%|^\d|\d{{3}}|\d[.,]\d"
            r"|^[a-z]{2,5}\.? \d(?<!year \d)|^(?:cat|h/f|nights?|evenings?)\b"
        ),
        place=_pattern(rf"^(?:[\w'’-]{{1,20}} )?{_any(words['places'])}(?: [\w'’-]{{1,20}})?$"),
        employer=_pattern(rf"\s{_any(words['at'])}\s.*$"),
    )


@cache
def agency() -> AgencyWords:
    """The words of recruiting agencies."""
    words = _words("agency")
    return AgencyWords(
        kind=_pattern(rf"\b{_any(words['kinds'])}\b"),
        house=_pattern(rf"(?<![\w/]){_any(words['houses'])}(?!\w)"),
        label=_pattern(_any(words["labels"])),
        consultant=_pattern(rf"\b{_any(words['consultants'])}\b"),
        client=_pattern(rf"\b{_any(words['clients'])}(?!\w)"),
    )


@cache
def _words(section: str) -> dict[str, list[str]]:
    loaded: dict[str, dict[str, list[str]]] = tomllib.loads(
        files("unburnt.core").joinpath("words.toml").read_text("utf-8")
    )
    return loaded[section]


def _any(alternatives: list[str]) -> str:
    return "(?:" + "|".join(alternatives) + ")"


def _pattern(expression: str) -> re.Pattern[str]:
    return re.compile(expression, re.IGNORECASE)
