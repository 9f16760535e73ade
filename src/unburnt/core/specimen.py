"""Rejections to try letters on: every situation, with all known that it may tell, and with nothing known."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from unburnt.core.model import (
    Address,
    Envelope,
    Mail,
    Offered,
    Person,
    Process,
    Profile,
    Recipient,
    Rejection,
    Stage,
)
from unburnt.core.situation import Situation

_SENT = datetime(2026, 11, 3, 9, 30, tzinfo=UTC)
_NEXT_DAY, _LATER = timedelta(days=1), timedelta(days=36)
_TALK = date(2026, 10, 27)
_STAGES = {
    Situation.TEST: Stage.ASSESSMENT,
    Situation.INTERVIEW: Stage.INTERVIEW,
    Situation.FINAL: Stage.FINAL,
    Situation.LATE: Stage.INTERVIEW,
    Situation.THANKED: Stage.INTERVIEW,
    Situation.CHECK_IN: Stage.INTERVIEW,
}


@dataclass(frozen=True, slots=True)
class Specimen:
    """A rejection to answer."""

    situation: Situation
    is_known: bool
    mail: Mail
    rejection: Rejection
    profile: Profile
    answered: datetime


def specimens(language: str, given: Mapping[str, Any]) -> Iterator[Specimen]:
    """Two for each situation; ``given`` is this language's part of specimens.toml."""
    profile = Profile(given["name"], strengths_in=((language, given["strengths"]),))
    for situation in Situation:
        answered = _SENT + (_LATER if situation is Situation.LATE else _NEXT_DAY)
        for is_known in (True, False):
            rejection = (_told if is_known else _bare)(situation, language, given)
            yield Specimen(situation, is_known, _mail(rejection), rejection, profile, answered)


def _mail(rejection: Rejection) -> Mail:
    to = rejection.recipient
    author = Address(to.name, to.address) if to.address else Address("", "no-reply@jobs.example")
    return Mail(Envelope("<specimen@mail.example>", _SENT, author), "5" * 64, "", "")


def _bare(situation: Situation, language: str, given: Mapping[str, Any]) -> Rejection:
    """Only what makes it this situation."""
    return Rejection(
        None,
        None,
        None,
        Recipient(None, "nobody would read it"),
        _STAGES.get(situation, Stage.APPLICATION),
        language,
        agency=given["agency"] if situation is Situation.AGENCY else None,
        process=Process(is_thanked=situation is Situation.THANKED),
        offered=_offered(situation),
    )


def _told(situation: Situation, language: str, given: Mapping[str, Any]) -> Rejection:
    """All that such a rejection may tell."""
    bare, address = _bare(situation, language, given), "contact@company.example"
    return replace(
        bare,
        company=given["company"],
        role=given["role"],
        contact=Person(given["contact"], address),
        recipient=Recipient(address, "they wrote it", given["contact"]),
        process=_process(bare, situation, given),
        offered=_offered(situation, given["praise"]),
    )


def _process(bare: Rejection, situation: Situation, given: Mapping[str, Any]) -> Process:
    if bare.stage not in {Stage.INTERVIEW, Stage.FINAL}:
        return bare.process
    is_final = situation is Situation.FINAL
    met = tuple(given["met"] if is_final else given["met"][:1])
    return replace(bare.process, rounds=3 if is_final else 1, met=met, last_talk=_TALK)


def _offered(situation: Situation, praise: str = "") -> Offered:
    is_told = bool(praise)
    return Offered(
        keeps=is_told and situation is Situation.FORM,
        pool=situation is Situation.POOL,
        closed=situation is Situation.CLOSED,
        again=6 if is_told and situation in {Situation.TEST, Situation.FORM} else None,
        praise=praise if situation in {Situation.INTERVIEW, Situation.PERSONAL} else "",
        is_personal=situation is Situation.PERSONAL,
    )
