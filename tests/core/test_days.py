"""The days that a sentence names, in ten languages."""

from datetime import date

import pytest

from unburnt.core.days import ahead, behind, names_clock
from unburnt.world import packs

PACKS = {pack.code: pack for pack in packs.load()}
WRITTEN = date(2026, 3, 11)  # a Wednesday


@pytest.mark.parametrize(
    ("code", "text", "day"),
    [
        ("en", "on Thursday, 12 March", date(2026, 3, 12)),
        ("en", "March 20th", date(2026, 3, 20)),
        ("en", "tomorrow at ten", date(2026, 3, 12)),
        ("en", "on 2026-04-01", date(2026, 4, 1)),
        ("en", "Friday at 10:30", date(2026, 3, 13)),
        ("de", "am 12. März", date(2026, 3, 12)),
        ("de", "Dienstag (17.3.) um 15 Uhr", date(2026, 3, 17)),
        ("de", "am 01.04.2026", date(2026, 4, 1)),
        ("fr", "mardi 17 mars à 9 h 30", date(2026, 3, 17)),
        ("es", "¿Jueves 19 a las 16:00?", date(2026, 3, 19)),
        ("it", "mercoledì 25 alle 17", date(2026, 3, 25)),
        ("nl", "vrijdag 13 maart", date(2026, 3, 13)),
        ("pl", "w poniedziałek 23 marca o 12:00", date(2026, 3, 23)),
        ("pt", "sexta-feira, dia 20", date(2026, 3, 20)),
        ("sv", "lördag den 14 mars kl 10", date(2026, 3, 14)),
        ("tr", "18 Mart Çarşamba saat 14.00'te", date(2026, 3, 18)),
    ],
)
def test_days_to_come(code: str, text: str, day: date) -> None:
    assert ahead(text, WRITTEN, (PACKS[code],)) == (day,)


@pytest.mark.parametrize(
    ("code", "text", "day"),
    [
        ("en", "yesterday", date(2026, 3, 10)),
        ("en", "on Monday", date(2026, 3, 9)),
        ("en", "last Wednesday", date(2026, 3, 4)),
        ("en", "on 4 March", date(2026, 3, 4)),
        ("en", "this morning", WRITTEN),
        ("de", "gestern", date(2026, 3, 10)),
        ("fr", "jeudi", date(2026, 3, 5)),
        ("pl", "wczorajszą", date(2026, 3, 10)),
        ("tr", "Dünkü", date(2026, 3, 10)),
        ("sv", "i måndags", date(2026, 3, 9)),
    ],
)
def test_days_past(code: str, text: str, day: date) -> None:
    assert behind(text, WRITTEN, (PACKS[code],)) == (day,)


@pytest.mark.parametrize(
    "text",
    ["12 March 1987", "12.03.1987", "12 March 2024", "on 30 February", "99.99.", "12 August", "at 10:30", "3.14.15.92"],
)
def test_what_is_no_day_nearby_is_none(text: str) -> None:
    assert ahead(text, WRITTEN, (PACKS["en"],)) == ()


def test_a_year_ends_between() -> None:
    assert ahead("on 8 January", date(2025, 12, 20), (PACKS["en"],)) == (date(2026, 1, 8),)
    assert behind("on 20 December", date(2026, 1, 8), (PACKS["en"],)) == (date(2025, 12, 20),)


@pytest.mark.parametrize(
    ("code", "text", "is_clock"),
    [
        ("en", "at 10:30", True), ("en", "9 AM", True), ("en", "at noon", True), ("en", "in 30 minutes", False),
        ("de", "um 14 Uhr", True), ("de", "am 14.", False), ("fr", "à 9 h 30", True), ("it", "alle 17", True),
        ("nl", "om 15.30 uur", True), ("pl", "o 10", True), ("pt", "às 15h00", True), ("sv", "kl 13.30", True),
        ("tr", "saat 14.00", True), ("en", "12 March", False),
    ],
)  # fmt: skip
def test_a_time_of_day(code: str, text: str, *, is_clock: bool) -> None:
    assert names_clock(text, (PACKS[code],)) is is_clock
