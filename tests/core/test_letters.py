"""The words of the letters: every language, situation, tone and gap in knowledge gives a letter to be sent as it is."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import product

import pytest

from unburnt.core import facts, letter, proofread
from unburnt.core.compose import Writer
from unburnt.core.language import LanguagePack
from unburnt.core.letter import FAMILIAR, TONES, Style
from unburnt.core.model import (
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
from unburnt.core.policy import Policy
from unburnt.core.situation import Situation, situation
from unburnt.matrix import facts_for_proof, samples
from unburnt.world.packs import load

PACKS = load()
LANGUAGES = tuple(sorted(pack.code for pack in PACKS))
SENT = datetime(2026, 11, 3, 9, 30, tzinfo=UTC)
MAIL = Mail(Envelope("<1@greyharbour.example>", SENT), "identity", "We went with somebody else.", "")
PRIYA = Person("Priya Natarajan", "priya@greyharbour.example")
INTERVIEWED = Rejection(
    "Greyharbour", "Data Analyst", PRIYA, Recipient(PRIYA.address, "she wrote it", PRIYA.name), Stage.INTERVIEW, "en"
)
SAM = Profile("Sam Doe")
SENTENCE = "I turn scattered data into reports that people trust and act on"


BARE = Policy(quote=False)


def written(
    rejection: Rejection, profile: Profile = SAM, policy: Policy = BARE, days: int = 1, mail: Mail = MAIL
) -> str:
    """The letter to it, some days after it came."""
    at = SENT + timedelta(days=days)
    return Writer(profile, policy, PACKS).letter(mail, rejection, due=at, now=at).text


def with_words(rejection: Rejection, profile: Profile = SAM) -> Iterator[str]:
    """Letters in all voices."""
    for number in range(12):
        yield written(rejection, profile, mail=replace(MAIL, identity=str(number)))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_letter_that_the_words_can_give_may_be_sent(language: str) -> None:
    """All situations and tones, all gaps in what is known: no seam, no doubled word, 60 to 160 words, no reproach."""
    words = letter.words_of(language, PACKS)
    found = list(proofread.proofread(words, facts_for_proof(words, language), keys=2))
    assert not found, "\n\n".join(map(str, found[:3]))


def _is_joined(word: str, templates: str) -> bool:
    """Whether it is two pieces of our templates, a stem and an ending that a condition parts."""
    return any(word[:n] in templates and word[n:] in templates for n in range(2, len(word)))


@pytest.mark.parametrize("tone", TONES)
def test_nothing_in_a_letter_is_invented(tone: str) -> None:
    """Every name, date, number and role stands in its facts: what is left without them is in our templates' words."""
    for sample in samples(PACKS, tone):
        words = letter.words_of(sample.language, PACKS)
        templates = " ".join(text for _, text in proofread.templates(words)).casefold()
        joined = re.sub("{%.*?%}|{{.*?}}", "", templates)
        said = [value for value in sample.facts.values() if isinstance(value, str)]
        theirs = set(re.findall(r"[^\W\d_]+", " ".join(said).casefold()))
        used = set(re.findall(r"[^\W\d_]+", sample.text.casefold()))

        strange = {each for each in used - theirs if each not in templates and each not in joined}
        assert not {each for each in strange if not _is_joined(each, templates)}, (sample, strange)
        numbers = set(re.findall(r"\d+", sample.text))
        assert numbers <= set(re.findall(r"\d+", " ".join(said))), sample


@pytest.mark.parametrize("language", LANGUAGES)
def test_role_and_company_stand_in_every_letter_that_knows_them(language: str) -> None:
    for sample in samples(PACKS, "plain", (language,)):
        for name in ("company", "role"):
            assert (known := sample.facts.get(name)) is None or known in sample.text, sample


@pytest.mark.parametrize("language", LANGUAGES)
def test_situations_tones_and_voices_differ(language: str) -> None:
    """No two letters of a language are alike, and each tone has its own words for each move."""
    texts = [sample.text for tone in TONES for sample in samples(PACKS, tone, (language,))]
    assert len(set(texts)) == len(texts) == 2 * len(Situation) * len(TONES)

    words = letter.words_of(language, PACKS)
    for move, here in product(letter.MOVES, Situation):
        if move in letter.moves_in(letter.layout_of(here, words)):
            voices = [letter.voices_of(move, here, words, Style(tone))[1] for tone in TONES]
            assert all(len(set(each)) == len(each) >= 2 for each in voices), (move, here)
            assert len({each for several in voices for each in several}) == sum(map(len, voices)), (move, here)


@pytest.mark.parametrize("pack", PACKS, ids=lambda pack: pack.code)
def test_who_is_called_du_answers_with_du(pack: LanguagePack) -> None:
    """In the languages that part the two, and whatever the tone; in no other language of the letter."""
    rejection = replace(INTERVIEWED, language=pack.code)
    friendly = replace(rejection, offered=Offered(familiar=True))
    parts = FAMILIAR in pack.letters["greeting"]

    assert (written(friendly) != written(rejection)) == parts
    assert written(friendly, policy=Policy(tone="formal", quote=False)) == written(
        friendly if parts else rejection, policy=Policy(tone="warm" if parts else "formal", quote=False)
    )
    if pack.code != "en":
        english = Policy(language="en", quote=False)
        assert written(friendly, policy=english) == written(rejection, policy=english)


def test_voices_are_chosen_by_the_key_among_those_the_company_has_not_heard() -> None:
    words, values = letter.words_of("en", PACKS), proofread.UNKNOWN
    first = letter.write(Situation.FORM, values, words, Style(key="a"), "Sam")
    again = letter.write(Situation.FORM, values, words, Style(key="a"), "Sam")
    later = letter.write(Situation.FORM, values, words, Style(key="a", heard=frozenset(first.voices)), "Sam")

    assert first == again
    assert not set(first.voices) & set(later.voices)
    every = {letter.write(Situation.FORM, values, words, Style(key=str(key)), "Sam").text for key in range(20)}
    assert len(every) > 5
    heard = frozenset(f"thanks.form.warm.{number}" for number in range(1, 9))
    assert letter.write(Situation.FORM, values, words, Style(key="a", heard=heard), "Sam").text, (
        "all heard: any will do"
    )


def test_the_check_in_letter_repeats_no_voice_of_the_letter_of_thanks() -> None:
    writer = Writer(SAM, Policy(), PACKS)
    thanks = writer.letter(MAIL, INTERVIEWED, due=SENT, now=SENT)
    later = writer.check_in_letter(MAIL, INTERVIEWED, due=SENT + timedelta(days=90), heard=thanks.voices)

    assert not set(thanks.voices) & set(later.voices)
    assert "3 November" in later.text
    assert thanks.key != later.key


FORM = replace(INTERVIEWED, stage=Stage.APPLICATION)
MET = Process(rounds=1)


@pytest.mark.parametrize(
    ("rejection", "late", "expected"),
    [
        (FORM, False, Situation.FORM),
        (replace(FORM, stage=Stage.SCREENING), False, Situation.FORM),
        (replace(FORM, stage=Stage.SCREENING, process=MET), False, Situation.INTERVIEW),
        (replace(FORM, stage=Stage.ASSESSMENT), False, Situation.TEST),
        (INTERVIEWED, False, Situation.INTERVIEW),
        (replace(INTERVIEWED, stage=Stage.FINAL), False, Situation.FINAL),
        (replace(FORM, offered=Offered(pool=True)), False, Situation.POOL),
        (replace(INTERVIEWED, offered=Offered(pool=True)), False, Situation.INTERVIEW),
        (replace(FORM, offered=Offered(is_personal=True)), False, Situation.PERSONAL),
        (replace(INTERVIEWED, offered=Offered(is_personal=True)), False, Situation.INTERVIEW),
        (replace(INTERVIEWED, offered=Offered(closed=True)), False, Situation.CLOSED),
        (replace(INTERVIEWED, agency="Lindqvist", offered=Offered(closed=True)), False, Situation.AGENCY),
        (replace(INTERVIEWED, process=Process(is_thanked=True)), False, Situation.THANKED),
        (replace(FORM, process=Process(is_thanked=True)), False, Situation.FORM),
        (replace(INTERVIEWED, process=Process(is_thanked=True)), True, Situation.LATE),
    ],
)
def test_the_situation_is_decided_by_the_first_row_that_fits(
    rejection: Rejection, late: bool, expected: Situation
) -> None:
    assert situation(rejection, late=late) is expected


def test_what_is_known_of_the_process_stands_in_the_letter() -> None:
    """The day of the only talk, the people met but for the addressee, what was praised, when to apply again."""
    process = Process(rounds=1, met=("Priya Natarajan", "Tom Hill"), last_talk=date(2026, 10, 27))
    praised = replace(INTERVIEWED, process=process, offered=Offered(praise="eye for odd figures", again=6))
    said = list(with_words(praised))

    assert all(text.startswith("Dear Priya Natarajan,\n") for text in said)
    assert all("Tom Hill" in text and "Priya" not in text.partition("\n")[2] for text in said)
    assert any("27 October" in text for text in said)
    assert all("in six months" in text for text in said)
    assert any("eye for odd figures" in text for text in said)
    thanked = replace(praised, process=replace(process, is_thanked=True))
    assert not any("interviewing" in text or "for the conversation" in text for text in with_words(thanked))


@pytest.mark.parametrize(
    ("role", "said"),
    [
        ("Datenanalyst (m/w/d)", "Datenanalyst"),
        ("Analyste (H/F) confirmé", "Analyste confirmé"),
        ("Clerk (f/m/x)", "Clerk"),
        ("Nurse (all genders)", "Nurse"),
        ("Engineer (C++)", "Engineer (C++)"),
        ("Manager (Data)", "Manager (Data)"),
    ],
)
def test_a_title_is_said_without_what_an_advertisement_must_add(role: str, said: str) -> None:
    assert facts.known(replace(INTERVIEWED, role=role), letter.words_of("en", PACKS))["role"] == said


def test_a_signature_of_one_name_is_greeted_by_it() -> None:
    mail = replace(MAIL, text="Hi Sam,\n\nsorry, no.\n\nBest,\nPriya")
    assert written(INTERVIEWED, mail=mail).startswith("Dear Priya,\n")


def test_who_gets_the_letter_is_greeted() -> None:
    """Not the contact, if they are two."""
    to = Recipient("tom@greyharbour.example", "he invited you", "Tom Hill")
    assert written(replace(INTERVIEWED, recipient=to)).startswith("Dear Tom Hill,\n")


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
    assert facts.may_ask(rejection, policy) == asked


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
        ("sv", "Region Skåne", "i Region Skåne"),
    ],
)
def test_the_company_takes_the_preposition_and_article_it_needs(language: str, company: str, placed: str) -> None:
    assert facts.placed(company, letter.words_of(language, PACKS)["at"]) == placed


@pytest.mark.parametrize(
    "left", ["{{job_title}}", "%ROLE%", "[Job title]", "https://x.example/job", "x" * 101, "\x00", "--"]
)
def test_what_a_mail_merge_left_behind_counts_as_unknown(left: str) -> None:
    assert written(replace(INTERVIEWED, role=left)) == written(replace(INTERVIEWED, role=None))
    assert written(replace(INTERVIEWED, company=left)) == written(replace(INTERVIEWED, company=None))


@pytest.mark.parametrize("name", ["careers@greyharbour.example", "Talent (HR)", "Team 7", "Natarajan, Priya"])
def test_what_has_not_the_shape_of_a_name_is_not_greeted(name: str) -> None:
    rejection = replace(INTERVIEWED, contact=Person(name, ""), recipient=Recipient(PRIYA.address, "they wrote it"))
    assert written(rejection).startswith("Dear Greyharbour team,\n")


def test_values_stay_on_their_line() -> None:
    text = written(
        replace(INTERVIEWED, role="Data\r\n\r\nAnalyst\u2028\u202e", contact=Person("Priya\n\nNatarajan", ""))
    )
    assert text.startswith("Dear Priya Natarajan,\n\n")
    assert "the role of Data Analyst at" in text


def test_strengths_in_another_language_than_the_letter_stay_out() -> None:
    profile = Profile("Sam Doe", strengths=SENTENCE)
    assert written(replace(INTERVIEWED, language="de"), profile) == written(replace(INTERVIEWED, language="de"))
    both = Profile("Sam Doe", strengths=SENTENCE, strengths_in=(("de", "Ich ordne Daten"),))
    assert "Ich ordne Daten. " in written(replace(INTERVIEWED, language="de"), both)
    assert f"{SENTENCE}. " in written(INTERVIEWED, both)


def test_strengths_are_made_a_sentence() -> None:
    profile = Profile("Sam Doe", strengths="six years of Python and a calm head!")
    assert "Six years of Python and a calm head. " in written(INTERVIEWED, profile)


@pytest.mark.parametrize(
    ("setting", "found", "chosen"),
    [("auto", "fr", "fr"), ("auto", "fi", "en"), ("sv", "fr", "sv"), ("fi", "fr", "fr"), ("fi", "ja", "en")],
)
def test_the_language_is_the_users_then_the_mails_then_english(setting: str, found: str, chosen: str) -> None:
    assert letter.language(setting, found, PACKS) == chosen


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("Dear Sam,\n\n{}\n\nBest,\nSam", None),
        ("Dear ,\n\n{}\n\nBest,\nSam", "a seam"),
        ("Dear Sam,\n\nThe  role. {}\n\nBest,\nSam", "a seam"),
        ("Dear Sam,\n\nThank you!  {}\n\nBest,\nSam", "an exclamation mark"),
        ("Dear Sam,\n\nThank you for for it. {}\n\nBest,\nSam", "a doubled word"),
        ("Dear Sam,\n\nTell me why. {}\n\nBest,\nSam", "a word that reproaches"),
        ("Dear Sam,\n\n{} {}\n\nBest,\nSam", "a phrase twice"),
        ("Dear Sam,\n\n{} and so\n\nBest,\nSam", "a paragraph without an end"),
        ("Dear [name],\n\n{}\n\nBest,\nSam", "a seam"),
        ("Dear Sam,\n\nThank you.\n\nBest,\nSam", "words; a letter has"),
    ],
)
def test_the_proofreader_finds_it(text: str, fault: str | None) -> None:
    plain = " ".join(f"w{number}" for number in range(70)) + "."
    found = list(proofread.problems(text.replace("{}", plain)))
    assert (found == []) if fault is None else any(fault in each for each in found), found
