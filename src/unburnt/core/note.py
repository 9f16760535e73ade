"""What a reminder says to the user: whom to connect with after a rejection, and when to check in again.

Notes are in the language the user set, where its words have them, else in English; only the text to paste into a
LinkedIn invitation is in the language of the letter.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from unburnt.core.language import LanguagePack
from unburnt.core.letter import clean, known, language, render, spoken_date, words_of
from unburnt.core.model import Mail, Person, Profile, Purpose, Recipient, Rejection, Stage

_INVITATION = 200  # characters a LinkedIn invitation holds without a paid account
_LONGEST_NAME = 60
_SEARCH = "https://www.linkedin.com/search/results/people/?keywords="


@dataclass(frozen=True, slots=True)
class Note:
    """A message to oneself: its subject, its text with \\n line ends, and the link it carries, or ""."""

    subject: str
    text: str
    link: str


def write(
    purpose: Purpose,
    mail: Mail,
    rejection: Rejection,
    profile: Profile,
    *,
    packs: tuple[LanguagePack, ...],
    setting: str,
) -> Note:
    """The note for this purpose."""
    words = _words(packs, setting)
    values = known(rejection, words)
    contact = rejection.contact or Person("")
    link = clean(contact.linkedin) or search_link(values["contact"], values["company"])
    values |= spoken_date(mail.envelope.date, words) | {
        "link": link,
        "work": ", ".join(filter(None, (clean(contact.title), clean(contact.phone)))) if values["contact"] else "",
        "recipient": _recipient(rejection.recipient),
        "why": clean(rejection.recipient.why),
        "interviewed": rejection.stage in {Stage.INTERVIEW, Stage.FINAL},
        "about": _about(values, mail),
        "connection": connection(rejection, profile, words_of(language(setting, rejection.language, packs), packs)),
    }
    text = re.sub(r"\n{3,}", "\n\n", render(words["notes"][purpose], values)).strip()
    return Note(render(words["notes"][f"{purpose}_subject"], values), text, link)


def search_link(contact: str, company: str) -> str:
    """A people search on LinkedIn for the contact, else for recruiters of the company; "" when neither is known."""
    wanted = f"{contact} {company}".strip() if contact else f"{company} recruiter"
    return _SEARCH + quote(wanted, safe="") if contact or company else ""


def connection(rejection: Rejection, profile: Profile, words: Mapping[str, Any]) -> str:
    """The text for an invitation, with as much of what is known as fits."""
    values = known(rejection, words) | {"name": clean(profile.name, _LONGEST_NAME)}
    for left_out in ((), ("role",), ("role", "at", "company"), ("role", "at", "company", "contact")):
        text = render(words["connection"], values | dict.fromkeys(left_out, "")).strip()
        if len(text) < _INVITATION:
            break
    return text


def _words(packs: tuple[LanguagePack, ...], setting: str) -> Mapping[str, Any]:
    words = words_of(language(setting, "en", packs), packs)
    return words if "notes" in words else words_of("en", packs)


def _recipient(recipient: Recipient) -> str:
    address, name = clean(recipient.address or ""), clean(recipient.name)
    return f"{name} <{address}>" if name and address else address


def _about(values: Mapping[str, Any], mail: Mail) -> str:
    """What the note is about in a few words, from the parts that are known."""
    who, role = ", ".join(filter(None, (values["contact"], values["company"]))), values["role"]
    return f"{who} ({role})" if who and role else who or role or clean(mail.envelope.subject, _INVITATION) or "?"
