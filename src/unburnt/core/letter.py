"""The text of a letter: which words, in which language, and what may be said with what is known.

The words are templates in letters/<code>.toml. A template sees facts only: text that is known, or "".
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from jinja2 import StrictUndefined, Template
from jinja2.sandbox import SandboxedEnvironment

from unburnt.core.language import LanguagePack
from unburnt.core.model import Mail, Profile, Rejection, Stage

_LATE = timedelta(days=21)  # from here on, an answer that doesn't mention the delay reads oddly
_LONGEST_NAME = 100  # a longer company, role or name was not read rightly
_ENVIRONMENT = SandboxedEnvironment(undefined=StrictUndefined, autoescape=False)  # plain text, never HTML
_MET = {Stage.ASSESSMENT, Stage.INTERVIEW, Stage.FINAL}
_BLANK = re.compile(r"[ \t\n]+")  # not the no-break space that French sets before a colon
_PLACEHOLDER = re.compile(r"[{}<>%]|://|^\[.*\]$")  # what a mail merge leaves behind: "{{job_title}}", "[Company]"
_NO_PERSON = re.compile(r"[@/\\()\[\]|,;:\"\d]")


@dataclass(frozen=True, slots=True)
class Occasion:
    """What a letter depends on besides the rejection itself."""

    profile: Profile
    feedback: str  # the user's policy: never, after_interview, always
    written: datetime


def write(
    mail: Mail, rejection: Rejection, occasion: Occasion, words: Mapping[str, Any], packs: tuple[LanguagePack, ...]
) -> str:
    """The whole letter from greeting to signature, with \\n line ends."""
    values = known(rejection, words) | spoken_date(mail.envelope.date, words)
    values["strengths"] = _strengths(occasion.profile.strengths, words, packs)
    values["late"] = is_late(mail, occasion.written)
    values["feedback"] = may_ask(rejection, occasion.feedback)
    values["final"] = rejection.stage is Stage.FINAL
    for name, phrase in words["phrases"].items():
        values[name] = render(phrase, values)
    said = render(_text_for(rejection.stage, words), values).split("\n\n")
    paragraphs = filter(None, (_BLANK.sub(" ", paragraph).strip() for paragraph in said))
    closing = "\n".join(filter(None, (words["closing"], signature(occasion.profile))))
    return "\n\n".join((render(words["greeting"], values), *paragraphs, closing))


def language(setting: str, found: str, packs: tuple[LanguagePack, ...]) -> str:
    """The language to write in: the user's, else the rejection's, else English."""
    available = {pack.code for pack in packs if pack.letters}
    return next((code for code in (setting, found) if code in available), "en")


def words_of(code: str, packs: tuple[LanguagePack, ...]) -> Mapping[str, Any]:
    """The words for letters in this language."""
    return next(pack.letters for pack in packs if pack.code == code)


def known(rejection: Rejection, words: Mapping[str, Any]) -> dict[str, Any]:
    """The facts of a rejection as text that may stand in a sentence; "" where nothing sure is known."""
    company = _name(rejection.company)
    return {
        "company": company,
        "role": _name(rejection.role),
        "contact": _person(rejection.contact.name if rejection.contact else None),
        "at": _at(company, words["at"]),
    }


def spoken_date(date: datetime | None, words: Mapping[str, Any]) -> dict[str, Any]:
    """The date in this language's words, without and with its year, and the number of the day."""
    if date is None:
        return {"date": "", "full_date": "", "day": 0}
    values = {"day": date.day, "month": words["months"][date.month - 1], "year": date.year}
    return {name: render(words[name], values) for name in ("date", "full_date")} | {"day": date.day}


def is_late(mail: Mail, written: datetime) -> bool:
    """Whether the rejection is so old that the letter should say so."""
    return mail.envelope.date is not None and written - mail.envelope.date > _LATE


def may_ask(rejection: Rejection, policy: str) -> bool:
    """Whether feedback may be asked for: never of a machine, and by default only of people who met the user."""
    if rejection.recipient.address is None:
        return False
    return policy == "always" or (policy == "after_interview" and rejection.stage in _MET)


def signature(profile: Profile) -> str:
    """What the user wants below the letter: line by line as given, else the name."""
    return "\n".join(clean(line) for line in (profile.signature or profile.name).strip().splitlines())


def clean(text: str, longest: int = 1000) -> str:
    """One line with single spaces, of characters that can neither end a line nor a header field, nor hide."""
    return " ".join(printable(text[:longest]).split())


def printable(text: str) -> str:
    """The text without format characters and lone surrogates, control characters as spaces."""
    kinds = ((c, unicodedata.category(c)) for c in unicodedata.normalize("NFC", text))
    return "".join(" " if kind in {"Cc", "Zl", "Zp"} else c for c, kind in kinds if kind not in {"Cf", "Cs"})


def render(template: str, values: Mapping[str, Any]) -> str:
    """A template with its values; an unknown name is an error, since a gap in a letter is worse than no letter."""
    return _compiled(template).render(values)


@lru_cache(maxsize=1024)
def _compiled(template: str) -> Template:
    return _ENVIRONMENT.from_string(template)


def _text_for(stage: Stage, words: Mapping[str, Any]) -> str:
    """The first letter for this stage; several for one stage are voices, which nobody chooses between yet."""
    letters = words["letter"]
    return str(next((each["text"] for each in letters if stage in each["stages"]), letters[0]["text"]))


def _name(text: str | None) -> str:
    name = clean(text or "")
    sound = len(name) <= _LONGEST_NAME and any(c.isalpha() for c in name) and not _PLACEHOLDER.search(name)
    return name if sound else ""


def _person(text: str | None) -> str:
    """A person's full name, else "": what isn't shaped like one belongs to a department or a machine."""
    name = _name(text)
    return "" if _NO_PERSON.search(name) else name


def _at(company: str, table: Mapping[str, str]) -> str:
    """The company with its preposition and article, by how it begins or ends: "chez …", "à l'…", "bei der …"."""
    if not company:
        return ""
    name = company.casefold()
    fitting = (
        pattern
        for pattern in table
        if name.startswith(pattern.partition("…")[0]) and name.endswith(pattern.partition("…")[2])
    )
    return table[max(fitting, key=len)].replace("…", company)


def _strengths(text: str, words: Mapping[str, Any], packs: tuple[LanguagePack, ...]) -> str:
    """The user's own words as a sentence among ours; "" when they are in another language than the letter."""
    said = clean(text).rstrip(" .!")
    tokens = re.findall(r"[^\W\d_]+", said.lower())
    counts = [sum(token in pack.letters["small_words"] for token in tokens) for pack in packs if pack.letters]
    foreign = sum(token in words["small_words"] for token in tokens) < max(counts)
    return f"{said[0].upper()}{said[1:]}." if said and not foreign else ""
