"""What is new in a reply and what is quoted."""

import pytest

from unburnt.core.quoting import split

NEW = "Thank you, Sam.\n\nBest,\nInes\nHead of Data"


@pytest.mark.parametrize(
    "attribution",
    [
        "On Tue, 3 Nov 2026 at 11:20, Sam Doe <sam@mail.example> wrote:",
        "On Tue, Nov 3, 2026 at 11:20 AM Sam Doe <sam@mail.example>\nwrote:",
        "On 3 Nov 2026, at 11:20, Sam Doe\n<sam.doe.with.a.long.address@mail.example>\nwrote:",
        "Am Di., 3. Nov. 2026 um 11:20 Uhr schrieb Sam Doe <sam@mail.example>:",
        "Am 03.11.26 um 11:20 schrieb Sam Doe:",
        "Le mar. 3 nov. 2026 à 11:20, Sam Doe <sam@mail.example> a écrit :",
        "El mar, 3 nov 2026 a las 11:20, Sam Doe (<sam@mail.example>) escribió:",
        "Il giorno mar 3 nov 2026 alle ore 11:20 Sam Doe <sam@mail.example> ha scritto:",
        "Op di 3 nov 2026 om 11:20 schreef Sam Doe <sam@mail.example>:",
        "Em ter., 3 de nov. de 2026 às 11:20, Sam Doe <sam@mail.example> escreveu:",
        "wt., 3 lis 2026 o 11:20 Sam Doe <sam@mail.example> napisał(a):",
        "W dniu 3.11.2026 o 11:20, Sam Doe pisze:",
        "Den tis 3 nov. 2026 kl 11:20 skrev Sam Doe <sam@mail.example>:",
        "Sam Doe <sam@mail.example>, 3 Kas 2026 Sal, 11:20 tarihinde şunu yazdı:",
        "Dne 3. 11. 2026 v 11:20 Sam Doe napsal(a):",
        "2026-11-03 11:20 GMT+01:00 Sam Doe <sam@mail.example>:",
    ],
)
def test_all_below_an_attribution_is_history_marked_or_not(attribution: str) -> None:
    for history in ("I look forward to it.\n\nSam", "> I look forward to it.\n>\n> Sam"):
        gap = "\n" if history.startswith(">") else "\n\n"
        assert split(f"{NEW}\n\n{attribution}\n\n{history}") == (NEW, f"{attribution}{gap}{history}")
    assert split(f"{NEW}\n{attribution}\n> Hi.") == (NEW, f"{attribution}\n> Hi.")


@pytest.mark.parametrize(
    "separator",
    [
        "-----Original Message-----\nFrom: Sam",
        "-----Ursprüngliche Nachricht-----\nVon: Sam",
        "-------- Message d'origine --------",
        "________________________________\nFrom: Sam Doe <sam@mail.example>\nSent: Tuesday\nTo: Ines\nSubject: Re: x",
        "*Von:* Sam Doe <sam@mail.example>\n*Gesendet:* Dienstag\n*An:* Ines\n*Betreff:* AW: x",
        "De : Sam Doe\nEnvoyé : mardi\nÀ : Ines\nObjet : Re: x",
        "De: Sam Doe\nEnviado el: martes\nPara: Ines\nAsunto: Re: x",
        "Da: Sam\nInviato: martedì\nA: Ines\nOggetto: R: x",
        "Van: Sam\nVerzonden: dinsdag\nAan: Ines\nOnderwerp: Re: x",
        "Från: Sam\nSkickat: tisdag\nTill: Ines\nÄmne: Re: x",
        "Od: Sam\nWysłano: wtorek\nDo: Ines\nTemat: Re: x",
        "---------- Forwarded message ---------\nFrom: Oak <no-reply@oak.example>",
        "Begin forwarded message:\n\nFrom: Oak",
        "-------- Weitergeleitete Nachricht --------\nBetreff: Absage",
        "---------- Messaggio inoltrato ---------\nDa: Oak",
    ],
)
def test_all_below_a_separator_or_a_quoted_header_is_history(separator: str) -> None:
    history = f"{separator}\n\nDear Sam,\nwe regret."

    assert split(f"{NEW}\n\n{history}") == (NEW, history)
    assert split(history) == ("", history), "a message forwarded without a word has no new text"


@pytest.mark.parametrize(
    ("body", "text", "quoted"),
    [
        ("> Can you come?\n\nYes.\n\n> At ten?\n\nNo.", "Yes.\n\nNo.", "> Can you come?\n> At ten?"),
        ("On 3 Nov 2026, Sam wrote:\n> Can you come?\n\nYes.", "Yes.", "On 3 Nov 2026, Sam wrote:\n> Can you come?"),
        ("On 3 Nov 2026, Sam wrote:\n> Can you come?", "", "On 3 Nov 2026, Sam wrote:\n> Can you come?"),
        ("> Dear Sam,\n> we regret.", "> Dear Sam,\n> we regret.", ""),
        (
            "On 3 Nov 2026, Sam wrote:\n\nCan you come?\n\nYes.",
            "On 3 Nov 2026, Sam wrote:\n\nCan you come?\n\nYes.",
            "",
        ),
        ("Here until 3.11.2026.\nOn 3 Nov, Sam wrote:\n> Hi", "Here until 3.11.2026.", "On 3 Nov, Sam wrote:\n> Hi"),
        ("Sam Doe wrote on 3/11:\n\n> Hi\n\nHello", "Hello", "Sam Doe wrote on 3/11:\n> Hi"),
        ("Sam,\n>From all of us, thank you.", "Sam,\n>From all of us, thank you.", ""),
        ("You asked what we wrote:\nnothing.", "You asked what we wrote:\nnothing.", ""),
        ("On 3 Nov you applied for:\nData Analyst", "On 3 Nov you applied for:\nData Analyst", ""),
        ("Interview\nFrom: 10:00\nTo: 11:00\nDate: Friday", "Interview\nFrom: 10:00\nTo: 11:00\nDate: Friday", ""),
        ("I told you in the original message.", "I told you in the original message.", ""),
        ("Reply.\n" + "x\n" * 40_000 + "> late quote", "Reply.\n" + "x\n" * 40_000 + "> late quote", ""),
        ("", "", ""),
    ],
)
def test_only_what_is_marked_as_quoted_is_history(body: str, text: str, quoted: str) -> None:
    assert split(body) == (text, quoted)
