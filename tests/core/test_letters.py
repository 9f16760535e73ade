"""The words of the letters: every language, situation and gap in knowledge gives a letter to be sent as it is."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise, product

import pytest

from unburnt.core import letter
from unburnt.core.language import LanguagePack
from unburnt.core.model import Envelope, Mail, Person, Profile, Recipient, Rejection, Stage
from unburnt.world.packs import load

LANGUAGES = ("de", "en", "es", "fr", "it", "nl", "pl", "pt", "sv", "tr")
PACKS = load()
SENT = datetime(2026, 11, 3, 9, 30, tzinfo=UTC)
MAIL = Mail(Envelope("<1@greyharbour.example>", SENT), "identity", "We went with somebody else.", "")
PRIYA = Person("Priya Natarajan", "priya@greyharbour.example")
INTERVIEWED = Rejection(
    "Greyharbour", "Data Analyst", PRIYA, Recipient(PRIYA.address, "she wrote it", PRIYA.name), Stage.INTERVIEW, "en"
)
SAM = Profile("Sam Doe")
STRENGTHS = {
    "de": "Ich mache aus verstreuten Daten Berichte, denen die Fachleute vertrauen",
    "en": "I turn scattered data into reports that people trust and act on",
    "es": "Convierto datos dispersos en informes en los que la gente confía",
    "fr": "Je transforme des données éparses en rapports auxquels on se fie",
    "it": "Trasformo dati sparsi in rapporti di cui le persone si fidano",
    "nl": "Ik maak van verspreide gegevens rapporten die het vertrouwen van mensen hebben",
    "pl": "Zamieniam rozproszone dane na raporty, które są dla ludzi wiarygodne",
    "pt": "Transformo dados dispersos em relatórios em que as pessoas confiam",
    "sv": "Jag gör spridda data till rapporter som folk litar på och använder",
    "tr": "Verileri ekiplerin güvendiği ve her gün izlediği net özetlere dönüştürürüm",
}
WHY = {"why", "warum", "weshalb", "pourquoi", "perché", "waarom", "dlaczego", "varför", "neden", "niçin"}


def written(rejection: Rejection, profile: Profile = SAM, feedback: str = "after_interview", days: int = 1) -> str:
    """The letter in the rejection's language, some days after it came."""
    occasion = letter.Occasion(profile, feedback, SENT + timedelta(days=days))
    return letter.write(MAIL, rejection, occasion, letter.words_of(rejection.language, PACKS), PACKS)


def combinations(language: str) -> Iterator[tuple[Rejection, Profile, str, int]]:
    """Everything that can be known or unknown, for every stage, policy and age."""
    known = product(("Greyharbour", None), ("Data Analyst", None), (PRIYA, None), (PRIYA.address, None), Stage)
    for company, role, contact, address, stage in known:
        rejection = Rejection(company, role, contact, Recipient(address, "because"), stage, language)
        for strengths, feedback, days in product(
            ("", STRENGTHS[language]), ("never", "after_interview", "always"), (1, 30)
        ):
            yield rejection, Profile("Sam Doe", strengths=strengths), feedback, days


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_combination_is_a_letter_to_be_sent_as_it_is(language: str) -> None:
    for rejection, profile, feedback, days in combinations(language):
        text = written(rejection, profile, feedback, days)
        lines = text.split("\n")
        words = re.findall(r"[\w']+", text.lower())

        assert 60 <= len(text.split()) <= 160, text
        assert not re.search(r" {2}|[!{}<>\[\]]|\bNone\b| [,.]|[,.;:]{2}|\n{3}| \n", text), text
        assert not [word for word, following in pairwise(words) if word == following], text
        assert not WHY & set(words), text
        assert re.fullmatch(r"\w.*[,:]", lines[0]), text
        assert lines[-1] == "Sam Doe", text
        assert all(re.match(r"[A-ZÀ-ÖŚŞİ]", p) for p in text.split("\n\n")[2:]), text
        assert all(re.search(r"[.?]$", p) for p in text.split("\n\n")[1:-1]), text
        assert (rejection.role or "Data Analyst") in text or rejection.role is None, text
        assert ("Greyharbour" in text) == (rejection.company is not None), text
        assert (PRIYA.name in lines[0]) == (rejection.contact is not None and language != "pl"), text
        assert ("?" in text) == letter.may_ask(rejection, feedback), text
        assert (f"{STRENGTHS[language]}. " in text) == bool(profile.strengths), text


def test_an_interview_with_everything_known_reads_like_this() -> None:
    text = written(INTERVIEWED, Profile("Sam Doe", "Sam Doe\n07700 900 123", STRENGTHS["en"]))

    assert text == (
        "Dear Priya Natarajan,\n\n"
        "Thank you for letting me know your decision on the role of Data Analyst at Greyharbour, and for the time you"
        " gave to interviewing me. I enjoyed getting to know the work and the people.\n\n"
        "I would have liked to join you, but I wish the person you choose, and the whole team, a very good start.\n\n"
        "I turn scattered data into reports that people trust and act on. That is what I had hoped to bring to the"
        " role. I remain interested in Greyharbour: if another opening comes up where I might fit, please keep me in"
        " mind. I would be glad to talk again.\n\n"
        "If you have a moment, I would value your advice: what would make me a stronger candidate for this kind of"
        " work?\n\nKind regards,\nSam Doe\n07700 900 123"
    )


def test_a_form_rejection_with_nothing_known_reads_like_this() -> None:
    text = written(Rejection(None, None, None, Recipient(None, "a machine"), Stage.APPLICATION, "de"))

    assert text == (
        "Guten Tag,\n\n"
        "vielen Dank für Ihre Rückmeldung zu meiner Bewerbung und für die Zeit, die Sie sich dafür genommen haben.\n\n"
        "Ich hatte auf ein anderes Ergebnis gehofft, wünsche aber dem Team und der Person, für die Sie sich"
        " entscheiden, einen guten Start.\n\n"
        "Genau solche Aufgaben suche ich. Mein Interesse an einer Zusammenarbeit besteht weiter:"
        " Wenn eine Stelle frei wird, die zu mir passen könnte, denken Sie bitte an mich. Über eine Nachricht freue ich"
        " mich.\n\nMit freundlichen Grüßen\nSam Doe"
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_situation_and_each_delay_has_its_own_letter(language: str) -> None:
    texts = {written(replace(INTERVIEWED, stage=stage, language=language), feedback="never") for stage in Stage}
    assert len(texts) == len(Stage) - 1  # a screening says no more than an application
    on_time, late = (written(replace(INTERVIEWED, language=language), days=days) for days in (21, 22))
    assert on_time != late


@pytest.mark.parametrize("pack", PACKS, ids=lambda pack: pack.code)
def test_every_language_has_the_same_words_and_a_letter_for_every_stage(pack: LanguagePack) -> None:
    english = letter.words_of("en", PACKS)
    assert {*pack.letters} | {"notes"} == {*english}
    assert {*pack.letters["phrases"]} == {*english["phrases"]}
    assert sorted(stage for each in pack.letters["letter"] for stage in each["stages"]) == sorted(Stage)


@pytest.mark.parametrize(
    ("policy", "stage", "address", "asked"),
    [
        ("never", Stage.FINAL, PRIYA.address, False),
        ("after_interview", Stage.APPLICATION, PRIYA.address, False),
        ("after_interview", Stage.SCREENING, PRIYA.address, False),
        ("after_interview", Stage.ASSESSMENT, PRIYA.address, True),
        ("after_interview", Stage.INTERVIEW, PRIYA.address, True),
        ("after_interview", Stage.FINAL, PRIYA.address, True),
        ("after_interview", Stage.FINAL, None, False),
        ("always", Stage.APPLICATION, PRIYA.address, True),
        ("always", Stage.APPLICATION, None, False),
    ],
)
def test_feedback_is_asked_by_policy_and_only_of_people(
    policy: str, stage: Stage, address: str | None, asked: bool
) -> None:
    rejection = replace(INTERVIEWED, stage=stage, recipient=Recipient(address, "because"))
    assert ("your advice" in written(rejection, feedback=policy)) == asked


@pytest.mark.parametrize(
    ("language", "company", "placed"),
    [
        ("en", "Greyharbour", "at Greyharbour"),
        ("en", "University of Leeds", "at the University of Leeds"),
        ("en", "University College London", "at University College London"),
        ("de", "Greyharbour", "bei Greyharbour"),
        ("de", "Lindenhof Energie GmbH", "bei der Lindenhof Energie GmbH"),
        ("de", "Klinikum Fulda", "beim Klinikum Fulda"),
        ("fr", "Atelier Novae", "chez Atelier Novae"),
        ("fr", "Université de Lyon", "à l'Université de Lyon"),
        ("fr", "Ville de Nantes", "à la Ville de Nantes"),
        ("es", "Banco Aurora", "en el Banco Aurora"),
        ("it", "Politecnico di Torino", "presso il Politecnico di Torino"),
        ("nl", "Gemeente Utrecht", "bij de Gemeente Utrecht"),
        ("pt", "Hospital de São João", "no Hospital de São João"),
        ("pt", "Greyharbour", "na Greyharbour"),
        ("sv", "Region Skåne", "hos Region Skåne"),
        ("tr", "Greyharbour", "Greyharbour bünyesindeki"),
    ],
)
def test_the_company_takes_the_preposition_and_article_it_needs(language: str, company: str, placed: str) -> None:
    assert f"{placed} " in re.sub("[.:,]", " ", written(replace(INTERVIEWED, language=language, company=company)))


@pytest.mark.parametrize(
    ("day", "said"), [(1, "del 1° ottobre"), (8, "dell'8 ottobre"), (11, "dell'11 ottobre"), (18, "del 18 ottobre")]
)
def test_an_italian_date_is_elided(day: int, said: str) -> None:
    mail = replace(MAIL, envelope=Envelope(date=SENT.replace(month=10, day=day)))
    occasion = letter.Occasion(Profile(), "never", SENT + timedelta(days=30))
    assert said in letter.write(mail, INTERVIEWED, occasion, letter.words_of("it", PACKS), PACKS)


@pytest.mark.parametrize(
    "left", ["{{job_title}}", "%ROLE%", "[Job title]", "https://x.example/job", "x" * 101, "\x00", "--"]
)
def test_what_a_mail_merge_left_behind_counts_as_unknown(left: str) -> None:
    assert written(replace(INTERVIEWED, role=left)) == written(replace(INTERVIEWED, role=None))
    assert written(replace(INTERVIEWED, company=left)) == written(replace(INTERVIEWED, company=None))


@pytest.mark.parametrize("name", ["careers@greyharbour.example", "Talent (HR)", "Team 7", "Natarajan, Priya"])
def test_what_has_not_the_shape_of_a_name_is_not_greeted(name: str) -> None:
    assert written(replace(INTERVIEWED, contact=Person(name, ""))).startswith("Dear Greyharbour hiring team,\n")


def test_values_stay_on_their_line() -> None:
    text = written(
        replace(INTERVIEWED, role="Data\r\n\r\nAnalyst\u2028\u202e", contact=Person("Priya\n\nNatarajan", ""))
    )
    assert text.startswith("Dear Priya Natarajan,\n\nThank you")
    assert "the role of Data Analyst at" in text


def test_strengths_in_another_language_than_the_letter_stay_out() -> None:
    profile = Profile("Sam Doe", strengths=STRENGTHS["en"])
    assert written(replace(INTERVIEWED, language="de"), profile) == written(replace(INTERVIEWED, language="de"))


def test_strengths_are_made_a_sentence() -> None:
    profile = Profile("Sam Doe", strengths="six years of Python and a calm head!")
    assert "Six years of Python and a calm head. That is what" in written(INTERVIEWED, profile)


@pytest.mark.parametrize(
    ("setting", "found", "chosen"),
    [("auto", "fr", "fr"), ("auto", "fi", "en"), ("sv", "fr", "sv"), ("fi", "fr", "fr"), ("fi", "ja", "en")],
)
def test_the_language_is_the_users_then_the_mails_then_english(setting: str, found: str, chosen: str) -> None:
    assert letter.language(setting, found, PACKS) == chosen
