"""Letters to sample rejections, as they would be sent: what `letters matrix`, `show` and `check` show."""

import tomllib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from unburnt.core import facts
from unburnt.core.compose import Writer
from unburnt.core.language import LanguagePack
from unburnt.core.letter import Words, words_of
from unburnt.core.policy import Policy
from unburnt.core.proofread import FLAGS
from unburnt.core.situation import Situation
from unburnt.core.specimen import Specimen, specimens
from unburnt.core.template import render

_MONTHS = 6


@dataclass(frozen=True, slots=True)
class Sample:
    """A letter, and what it was written from."""

    language: str
    situation: Situation
    is_known: bool
    text: str
    facts: dict[str, Any]


def samples(packs: tuple[LanguagePack, ...], tone: str, codes: Collection[str] = ()) -> Iterator[Sample]:
    """A letter to every specimen, in each of these languages, or in all."""
    for code in codes or [pack.code for pack in packs]:
        for specimen in specimens(code, _given()[code]):
            yield _sample(specimen, code, tone, packs)


def _sample(specimen: Specimen, code: str, tone: str, packs: tuple[LanguagePack, ...]) -> Sample:
    writer = Writer(specimen.profile, Policy(tone=tone, quote=False), packs)
    mail, rejection, at = specimen.mail, specimen.rejection, specimen.answered
    if specimen.situation is Situation.CHECK_IN:
        letter = writer.check_in_letter(mail, rejection, due=at, heard=())
    else:
        letter = writer.letter(mail, rejection, due=at, now=at)
    known = facts.of_rejection(mail, rejection, words_of(code, packs))
    profile = {"name": specimen.profile.name, "strengths": facts.strengths(specimen.profile, code, packs)}
    told = {name: value for name, value in (known | profile).items() if value}
    return Sample(code, specimen.situation, specimen.is_known, letter.text, told | {"stage": rejection.stage})


def facts_for_proof(words: Words, code: str) -> dict[str, Any]:
    """All facts at once, for proofread(), which leaves out some."""
    given = _given()[code]
    company, day = given["company"], {"day": 27, "month": words["months"][9], "year": 2026}
    said = {name: given[name] for name in ("company", "role", "agency", "praise", "strengths")}
    return said | {
        "at": facts.placed(company, words["at"]),
        "person": given["contact"],
        "contact": given["contact"],
        "date": render(words["date"], day),
        "day": render(words["date"], day),
        "met": facts.listed(given["met"], words["and"]),
        "again": render(words["again"], {"months": _MONTHS}),
        **dict.fromkeys(FLAGS, True),
    }


@cache
def _given() -> Mapping[str, Any]:
    """The invented applications, by language."""
    return tomllib.loads(files("unburnt.core").joinpath("specimens.toml").read_text("utf-8"))
