"""Title, telephone number and profile of somebody, as a signature shows them."""

import pytest

from unburnt.core.clues import gather
from unburnt.core.details import details
from unburnt.core.model import Address, Envelope, Mail, Person
from unburnt.world import packs

PACKS = packs.load()


def shown(signature: str, name: str = "Naomi Beck", company: str | None = "Harbour & Pike") -> Person:
    text = (
        f"Dear Robin,\n\nWe chose somebody else for the post, as you may have guessed.\n\nKind regards,\n\n{signature}"
    )
    author = Address(name, "naomi.beck@harbourpike.example")
    mail = Mail(Envelope("<1@x.example>", None, author, "Your application"), "1", text, "")
    return details(gather(mail, "en", PACKS), name, author.address, company)


@pytest.mark.parametrize(
    ("signature", "title"),
    [
        ("Naomi Beck\nHead of Logistics", "Head of Logistics"),
        ("Naomi Beck\nHead of Logistics | Harbour & Pike", "Head of Logistics"),
        ("Naomi Beck | Head of Logistics | Harbour & Pike", "Head of Logistics"),
        ("Naomi Beck, Head of Logistics", "Head of Logistics"),
        ("Naomi Beck\nHarbour & Pike\nHead of Logistics", "Head of Logistics"),
        ("Naomi Beck\nRecruiter at Harbour & Pike", "Recruiter"),
        ("Naomi Beck\nRecruiter, Harbour & Pike", "Recruiter"),
        ("Naomi Beck\nSenior Recruiter, APAC", "Senior Recruiter, APAC"),
        ("Naomi Beck\nHead, Out-grower Scheme", "Head, Out-grower Scheme"),
        ("Naomi Beck (she/her)\nPeople Lead", "People Lead"),
        ("Naomi Beck\nwłaścicielka", "właścicielka"),
        ("Naomi Beck\nCaporedattrice, 0300-555 014", "Caporedattrice"),
        ("Naomi Beck\nHead of Logistics\nhttps://www.linkedin.com/in/naomibeck", "Head of Logistics"),
        ("Naomi Beck\nHiring Team", ""),
        ("Naomi Beck", ""),
        ("Naomi Beck\nHarbour & Pike", ""),
        ("Naomi Beck\n+1 555-0142\nnaomi@harbourpike.example", ""),
        ("Naomi Beck\nHarbour & Pike\nDock Road 5, 12345 Port", ""),
        ("Naomi Beck\nPlease consider the environment before printing this message today.", ""),
        ("The Hiring Team\nHead of Logistics", ""),
    ],
)
def test_title(signature: str, title: str) -> None:
    assert shown(signature).title == title


@pytest.mark.parametrize(
    ("line", "phone"),
    [
        ("+1 555-0142", "+1 555-0142"), ("T: 01632 960 142", "01632 960 142"), ("Tel. (504) 555-0117", "(504) 555-0117"),
        ("VAT 12", ""), ("Req 12345", ""), ("https://x.example/555-0142-0142", ""),
    ],
)  # fmt: skip
def test_phone(line: str, phone: str) -> None:
    assert shown(f"Naomi Beck\n{line}").phone == phone


@pytest.mark.parametrize(
    ("line", "profile"),
    [
        ("https://www.linkedin.com/in/naomibeck", "https://www.linkedin.com/in/naomibeck"),
        ("linkedin.com/in/naomibeck", "https://linkedin.com/in/naomibeck"),
        ("https://www.linkedin.com/company/harbourpike", ""),
        ("https://evil.example/linkedin.com.evil/in/x", ""),
    ],
)
def test_profile(line: str, profile: str) -> None:
    assert shown(f"Naomi Beck\n{line}").linkedin == profile


def test_the_full_form_of_a_name_in_the_signature_is_found() -> None:
    assert shown("Beck Naomi Ruth (call me Naomi)\nHead of Logistics", "Naomi Beck").title == "Head of Logistics"
