"""What a reminder says to the user: whom to connect with after a rejection, when to check in, how to stay in touch.

Notes are in the language the user set, where there are notes in it, else in English; only the text to paste into a
LinkedIn invitation is in the language of the letter. Links are for the user to follow: nothing is asked of LinkedIn.
"""

import calendar as months_of
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import quote

from unburnt.core import facts, printable
from unburnt.core.language import LanguagePack
from unburnt.core.letter import FAMILIAR, Words, language, words_of
from unburnt.core.model import Mail, Person, Profile, Purpose, Recipient, Rejection, Stage
from unburnt.core.printable import clean
from unburnt.core.template import render

_INVITATION = 200  # characters a LinkedIn invitation holds without a paid account
_LONGEST_NAME = 60
_PEOPLE = "https://www.linkedin.com/search/results/people/?keywords="
_POSTS = "https://www.linkedin.com/search/results/content/?keywords="
_NOW_AND_THEN = 4  # one note in so many speaks of the user's own profile


@dataclass(frozen=True, slots=True)
class Note:
    """A message to oneself: its subject, its text with \\n line ends, the link it carries, or "", and all in one line."""

    subject: str
    text: str
    link: str
    short: str
    with_calendar: bool


@dataclass(frozen=True, slots=True)
class Ahead:
    """What else will be done for this rejection, as far as a note tells."""

    start: datetime
    check_in: datetime
    letter: bool  # a letter to check in will lie in Drafts then


def write(
    purpose: Purpose,
    mail: Mail,
    rejection: Rejection,
    profile: Profile,
    ahead: Ahead,
    *,
    packs: tuple[LanguagePack, ...],
    setting: str,
) -> Note:
    """The note for this purpose."""
    code = _code(packs, setting)
    words, notes = words_of(code, packs), _notes(code, packs)
    values = _values(mail, rejection, profile, words) | {
        "connection": connection(rejection, profile, words_of(language(setting, rejection.language, packs), packs)),
        "letter": ahead.letter,
        "check_in": facts.spoken_date(ahead.check_in, words)["full_date"],
        "last": purpose is Purpose.STAY_IN_TOUCH_AGAIN,
    }
    kind = Purpose.STAY_IN_TOUCH if purpose is Purpose.STAY_IN_TOUCH_AGAIN else purpose
    text = re.sub(r"\n{3,}", "\n\n", render(notes[kind], values)).strip()
    short = render(notes["short"], values | {"what": notes[f"{purpose}_what"]})
    subject = render(notes[f"{purpose}_subject"], values)
    return Note(subject, text, values["link"], short, purpose is Purpose.CONNECT)


def search_link(contact: str, company: str) -> str:
    """A people search on LinkedIn for the contact, else for recruiters of the company; "" when neither is known."""
    wanted = f"{contact} {company}".strip() if contact else f"{company} recruiter"
    return _PEOPLE + quote(wanted, safe="") if contact or company else ""


def connection(rejection: Rejection, profile: Profile, words: Words) -> str:
    """The text for an invitation, with as much of what is known as fits."""
    template = words["connection"].get(FAMILIAR if rejection.offered.familiar else "", words["connection"]["polite"])
    values = facts.known(rejection, words)
    values |= {"person": values["contact"], "name": clean(profile.name, _LONGEST_NAME)}
    for left_out in ((), ("role",), ("role", "at", "company"), ("role", "at", "company", "person", "contact")):
        text = re.sub(r"\s+", " ", render(template, values | dict.fromkeys(left_out, ""))).strip()
        if len(text) < _INVITATION:
            break
    return text


def months_after(day: date, months: int) -> date:
    """The same day some months later, or the last of that month."""
    years, month = divmod(day.month - 1 + months, 12)
    last = months_of.monthrange(day.year + years, month + 1)[1]
    return date(day.year + years, month + 1, min(day.day, last))


def _values(mail: Mail, rejection: Rejection, profile: Profile, words: Words) -> dict[str, Any]:
    values = facts.known(rejection, words)
    contact, sent = rejection.contact or Person(""), mail.envelope.date
    again = months_after(sent.date(), rejection.offered.again) if sent and rejection.offered.again else None
    company, role = values["company"], values["role"]
    return values | {
        "full_date": facts.spoken_date(sent, words)["full_date"],
        "link": clean(contact.linkedin) or search_link(values["contact"], company),
        "work": ", ".join(filter(None, (clean(contact.title), clean(contact.phone)))) if values["contact"] else "",
        "met": ", ".join(each for each in map(printable.person, rejection.process.met) if each != values["contact"]),
        "recipient": _recipient(rejection.recipient),
        "why": clean(rejection.recipient.why),
        "interviewed": rejection.stage in {Stage.INTERVIEW, Stage.FINAL},
        "tested": rejection.stage is Stage.ASSESSMENT or rejection.process.is_tested,
        "leads": _PEOPLE + quote(f"{company} head of {role}" if role else f"{company} hiring manager")
        if company
        else "",
        "posts": _POSTS + quote(company) if company else "",
        "again": facts.spoken_date(again, words)["full_date"],
        "polish": sum(mail.identity.encode()) % _NOW_AND_THEN == 0,
        "linkedin": clean(profile.linkedin),
        "about": _about(values, mail),
    }


def _code(packs: tuple[LanguagePack, ...], setting: str) -> str:
    """The language of the notes."""
    return next((pack.code for pack in packs if pack.notes and pack.code == setting), "en")


def _notes(code: str, packs: tuple[LanguagePack, ...]) -> Mapping[str, str]:
    return next(pack.notes for pack in packs if pack.code == code)


def _recipient(recipient: Recipient) -> str:
    address, name = clean(recipient.address or ""), clean(recipient.name)
    return f"{name} <{address}>" if name and address else address


def _about(values: Mapping[str, Any], mail: Mail) -> str:
    """What the note is about in a few words, from the parts that are known."""
    who, role = ", ".join(filter(None, (values["contact"], values["company"]))), values["role"]
    return f"{who} ({role})" if who and role else who or role or clean(mail.envelope.subject, _INVITATION) or "?"
