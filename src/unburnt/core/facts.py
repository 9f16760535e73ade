"""What may be said with what is known: the facts of a rejection as text for sentences, "" where nothing sure is known."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from unburnt.core import printable
from unburnt.core.language import LanguagePack
from unburnt.core.model import Mail, Profile, Rejection, Stage
from unburnt.core.names import fold
from unburnt.core.offered import signed_as
from unburnt.core.printable import clean
from unburnt.core.situation import is_met
from unburnt.core.template import render

_LATE = timedelta(days=21)  # from here on, an answer that doesn't mention the delay reads oddly
_MET = {Stage.ASSESSMENT, Stage.INTERVIEW, Stage.FINAL}
_FOR_ALL = re.compile(  # "(m/w/d)", "(H/F)": an advertisement must say it, a letter needn't
    r"\s*\((?:[mwfdxhiv]|all genders|gn)(?:\s*[/|,*]\s*(?:[mwfdxhiv]|gn)){0,4}\)", re.IGNORECASE
)
_MOST_MET = 3  # names in a sentence; of more, none: a list reads like an address book


def of_rejection(mail: Mail, rejection: Rejection, words: Mapping[str, Any]) -> dict[str, Any]:
    """All that a letter may say of the rejection and of the application that it ends."""
    process, said = rejection.process, rejection.offered
    met = is_met(rejection)
    values = known(rejection, words)
    values["person"] = signed_as(mail.text, addressee) if (addressee := _addressee(rejection)) else ""
    values |= {
        "date": spoken_date(mail.envelope.date, words)["date"],
        "day": spoken_date(process.last_talk, words)["date"] if met else "",
        "met": listed(_met(rejection, addressee), words["and"]) if met else "",
        "interviewed": met,
        "tested": process.is_tested or rejection.stage is Stage.ASSESSMENT,
        "final": rejection.stage is Stage.FINAL,
        "several": met and process.rounds > 1,
        "keeps": said.keeps or said.pool,
        "again": render(words["again"], {"months": said.again}) if said.again else "",
        "praise": clean(said.praise),
        "earlier": len(process.applied) > 1,
        "agency": printable.name(rejection.agency),
    }
    return values


def known(rejection: Rejection, words: Mapping[str, Any]) -> dict[str, Any]:
    """Who it was, and for what."""
    company = printable.name(rejection.company)
    return {
        "company": company,
        "role": _FOR_ALL.sub("", printable.name(rejection.role)),
        "contact": printable.person(rejection.contact.name if rejection.contact else None),
        "at": placed(company, words["at"]),
    }


def spoken_date(day: date | None, words: Mapping[str, Any]) -> dict[str, Any]:
    """The date in this language's words, without and with its year, and the number of the day."""
    if day is None:
        return {"date": "", "full_date": "", "day": 0}
    values = {"day": day.day, "month": words["months"][day.month - 1], "year": day.year}
    return {name: render(words[name], values) for name in ("date", "full_date")} | {"day": day.day}


def is_late(mail: Mail, written: datetime) -> bool:
    """Whether the rejection is so old that the letter should say so."""
    return mail.envelope.date is not None and written - mail.envelope.date > _LATE


def may_ask(rejection: Rejection, policy: str) -> bool:
    """Whether feedback may be asked for: never of a machine, and by default only of people who met the user."""
    if rejection.recipient.address is None:
        return False
    return policy == "always" or (policy == "after_interview" and rejection.stage in _MET)


def strengths(profile: Profile, code: str, packs: Sequence[LanguagePack]) -> str:
    """The user's own sentence in the language of the letter; "" where there is none in it."""
    said = clean(dict(profile.strengths_in).get(code, "")).rstrip(" .!")
    if not said and _is_in(code, profile.strengths, packs):
        said = clean(profile.strengths).rstrip(" .!")
    return f"{said[0].upper()}{said[1:]}." if said else ""


def _is_in(code: str, text: str, packs: Sequence[LanguagePack]) -> bool:
    """Whether no other language has more of its small words in the text."""
    tokens = re.findall(r"[^\W\d_]+", text.lower())
    counts = {pack.code: sum(t in pack.letters["small_words"] for t in tokens) for pack in packs if pack.letters}
    return counts[code] == max(counts.values())


def _addressee(rejection: Rejection) -> str:
    """Whom the letter greets: whoever it is addressed to, else the contact."""
    contact, to = rejection.contact, rejection.recipient
    name = printable.person(contact.name if contact else None)
    other = contact is None or (contact.address and contact.address.lower() != (to.address or "").lower())
    return (printable.person(to.name) or name) if to.address and other else name


def _met(rejection: Rejection, addressee: str) -> tuple[str, ...]:
    """People talked with, without the addressee: "thank you for the talk with Priya" isn't said to Priya."""
    names = dict.fromkeys(filter(None, map(printable.person, rejection.process.met)))
    others = tuple(each for each in names if fold(each) != fold(addressee))
    return others if len(others) <= _MOST_MET else ()


def listed(names: Sequence[str], last: str) -> str:
    return last.join(filter(None, (", ".join(names[:-1]), *names[-1:])))


def placed(company: str, table: Mapping[str, str]) -> str:
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
