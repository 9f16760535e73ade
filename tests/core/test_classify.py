"""The classifier on mail that isn't in the labelled mail: the hard cases, by name, and what a verdict is like."""

import math
from functools import cache

import pytest

from tests.shipped import some_of
from unburnt.core.classify import Classifier, Fitted, fit
from unburnt.core.features import document
from unburnt.core.lessons import Lesson
from unburnt.core.model import Label, Mail, Origin, RawMessage, Verdict
from unburnt.core.parse import parse
from unburnt.world.models import load_or_fit


def _mail(text: str, subject: str = "", author: str = "Jobs <no-reply@merle.example>", more: str = "") -> Mail:
    header = f"From: {author}\nTo: you@mail.example\nSubject: {subject}\nMessage-ID: <t@merle.example>\n{more}"
    octets = f"{header}Content-Type: text/plain; charset=utf-8\n\n{text}\n".encode()
    return parse(RawMessage(Origin("test"), octets))


@cache
def _fitted() -> Fitted:
    return load_or_fit()[0]


@cache
def _classifier() -> Classifier:
    return Classifier(_fitted())


def _verdict(text: str, subject: str = "", **header: str) -> Verdict:
    return _classifier().classify(_mail(text, subject, **header))


REJECTIONS = {
    "one line": ("Unfortunately we won't be taking your application for the clerk position any further.", ""),
    "no cue word": (
        "Hi Sal,\n\nthe position went to one of the other candidates in the end. Thanks for coming in twice.\n\nMo",
        "Shop manager",
    ),
    "late in a polite letter": (
        (
            "Dear Ms Orlov,\n\nThank you for your interest in Merle and for the time that you gave us in both interviews. "
            "The team enjoyed hearing about your work in Porto, and your questions made us think.\n\n"
            "We had a very strong field for this role, with more than ninety applications.\n\n"
            "After careful consideration, we have decided to move forward with another candidate whose experience "
            "is closer to what the team needs this year.\n\nWe wish you every success.\n\nKind regards,\nAda Merle"
        ),
        "Your interview with Merle",
    ),
    "role cancelled": (
        (
            "Dear applicant,\n\nthe position of Data Engineer that you applied for has been cancelled and will not be "
            "filled. Thank you for your interest in Merle."
        ),
        "Your application",
    ),
    "filled": (
        (
            "Thank you for your application. The vacancy has now been filled by another applicant. "
            "We will keep your CV on file for future openings."
        ),
        "Warehouse operative",
    ),
    "not shortlisted": (
        (
            "Dear applicant,\n\nThank you for applying for the above post. I regret to inform you that you have not been "
            "shortlisted for interview on this occasion.\n\nHuman Resources"
        ),
        "Finance officer",
    ),
    "German": (
        (
            "Sehr geehrter Herr Aydin,\n\nvielen Dank für Ihre Bewerbung. Leider müssen wir Ihnen mitteilen, dass wir uns "
            "für einen anderen Bewerber entschieden haben. Für Ihren weiteren Weg wünschen wir Ihnen alles Gute."
        ),
        "Ihre Bewerbung als Buchhalter",
    ),
    "French": (
        (
            "Bonjour Madame,\n\nNous vous remercions de votre candidature. Malheureusement, nous ne pouvons pas y donner une "
            "suite favorable. Nous vous souhaitons bonne chance dans vos recherches."
        ),
        "Votre candidature",
    ),
    "Spanish": (
        (
            "Hola, Irene:\n\nGracias por tu interés en la vacante. Lamentablemente hemos decidido continuar con otros "
            "candidatos. Te deseamos mucha suerte en tu búsqueda."
        ),
        "Tu candidatura",
    ),
    "Italian": (
        (
            "Gentile Paolo,\n\nLa ringraziamo per la Sua candidatura. Purtroppo abbiamo deciso di proseguire con altri "
            "candidati più in linea con il ruolo. Le auguriamo il meglio."
        ),
        "La Sua candidatura",
    ),
    "Dutch": (
        (
            "Beste Sanne,\n\nBedankt voor je sollicitatie. Helaas hebben we besloten om verder te gaan met andere "
            "kandidaten. We wensen je veel succes met je zoektocht."
        ),
        "Je sollicitatie",
    ),
    "Portuguese": (
        (
            "Olá Marina,\n\nAgradecemos a sua candidatura. Infelizmente, decidimos avançar com outros candidatos. "
            "Desejamos-lhe muito sucesso."
        ),
        "A sua candidatura",
    ),
    "Polish": (
        (
            "Dzień dobry,\n\ndziękujemy za udział w rekrutacji. Niestety zdecydowaliśmy się kontynuować proces z innymi "
            "kandydatami. Życzymy powodzenia w dalszych poszukiwaniach."
        ),
        "Twoja aplikacja",
    ),
    "Swedish": (
        (
            "Hej Maja,\n\nTack för din ansökan. Tyvärr har vi valt att gå vidare med andra kandidater som bättre matchar "
            "profilen. Vi önskar dig lycka till."
        ),
        "Din ansökan",
    ),
    "Turkish": (
        (
            "Merhaba Ece Hanım,\n\nBaşvurunuz için teşekkür ederiz. Maalesef bu pozisyon için başka bir adayla ilerlemeye "
            "karar verdik. Kariyerinizde başarılar dileriz."
        ),
        "Başvurunuz hakkında",
    ),
}

OTHERS = {
    "acknowledgement with 'if you are not selected'": (
        (
            "Dear Ms Orlov,\n\nThank you for applying for the clerk position. We have received your application and will "
            "review it in the coming weeks. If you are not selected for an interview, we will let you know by email."
        ),
        "We received your application",
    ),
    "only those who are shortlisted": (
        (
            "Thank you for your application, which is now under review. Only shortlisted candidates will be contacted. If "
            "you don't hear from us within four weeks, please consider your application unsuccessful."
        ),
        "Application received",
    ),
    "we wish you luck": (
        (
            "Thanks for applying! Our recruiters will read your application and get in touch if your profile is a match. "
            "We wish you the best of luck."
        ),
        "Thanks for applying to Merle",
    ),
    "a paper": (
        (
            "Dear Dr Orlov,\n\nThank you for submitting your manuscript to the Journal of Estuaries. After careful "
            "consideration we regret to inform you that it has not been accepted. The reviewers' comments are below."
        ),
        "Decision on your manuscript",
    ),
    "a loan": (
        (
            "Dear Mr Aydin,\n\nUnfortunately we are unable to approve your application for a personal loan. You may ask us "
            "for the information that the decision is based on.\n\nYour bank"
        ),
        "Your loan application",
    ),
    "a flat": (
        (
            "Hello,\n\nthanks for viewing the flat in Mill Lane. The landlord has decided to let it to another applicant. "
            "We have other apartments to rent."
        ),
        "Flat in Mill Lane",
    ),
    "a pull request": (
        (
            "Thank you for the patch. I've decided not to merge this pull request, since it changes the public API. Please "
            "open an issue first."
        ),
        "Re: [merle/tide] Faster parser (#81)",
    ),
    "an invitation": (
        (
            "Hi Sal,\n\nwe'd like to move forward with your application and invite you to an interview next week. Please "
            "choose a time. Unfortunately Friday is fully booked."
        ),
        "Interview with Merle",
    ),
    "an offer": ("Dear Sal, we are delighted to offer you the position of clerk. The contract is attached.", "Offer"),
    "the user withdraws": (
        (
            "Dear Ms Merle,\n\nthank you for your time. I have decided to withdraw my application, since I have accepted "
            "another position.\n\nSal"
        ),
        "My application",
    ),
    "job alert": (
        "12 new jobs for you: Clerk, Bookkeeper, Payroll Assistant. Apply now. Unsubscribe from this alert.",
        "New jobs in Porto",
    ),
    "receipt": ("Your order has been shipped and will arrive on Tuesday. Unfortunately one item is out of stock.", ""),
}


@pytest.mark.parametrize("name", REJECTIONS)
def test_a_rejection_is_found(name: str) -> None:
    """Drafted, however it is put."""
    verdict = _verdict(*REJECTIONS[name])
    assert verdict.label is Label.REJECTION, verdict


@pytest.mark.parametrize("name", OTHERS)
def test_what_looks_like_a_rejection_is_not_drafted(name: str) -> None:
    """Not the user's, not about a job, not decided, or simply something else."""
    verdict = _verdict(*OTHERS[name])
    assert verdict.label is not Label.REJECTION, verdict


def test_the_same_no_counts_more_stated_than_conditional() -> None:
    """'You are not selected' and 'if you are not selected' have the same words in another mood."""
    said = _verdict("Dear Sal, you have not been selected for the position of clerk.")
    conditional = _verdict("Dear Sal, if you have not been selected for the position of clerk, we will tell you.")
    assert said.probability > 0.5 > conditional.probability


@pytest.mark.parametrize(
    "text",
    [
        "Tak for din ansøgning. Vi har desværre valgt at gå videre med en anden kandidat, der passer bedre til os.",
        "Takk for søknaden din. Vi har dessverre valgt å gå videre med andre kandidater til denne stillingen.",
        "Kiitos hakemuksestasi. Valitettavasti et tullut valituksi tehtävään, koska hakijoita oli paljon. Se on ikävää.",
        "Děkujeme za váš zájem o pozici. Bohužel jsme se rozhodli pokračovat s jinými kandidáty a přejeme vám štěstí.",
        "К сожалению, мы решили продолжить с другими кандидатами. Спасибо за ваш интерес и за время, что вы уделили.",  # noqa: RUF001
        "Müraciətiniz üçün təşəkkür edirik. Təəssüf ki, bu vakansiya üçün başqa namizədlə davam etmək qərarına gəldik.",
        "ご応募ありがとうございました。今回は採用を見送らせていただくことになりました。",
    ],
)
def test_a_language_it_was_not_taught_is_never_drafted(text: str) -> None:
    """Not even a neighbour of one that it was, and whatever the probability."""
    certain = Classifier(_fitted(), threshold=0.0)
    assert certain.classify(_mail(text)).label is Label.UNSURE


def test_evidence_is_short_readable_and_begins_with_what_decides() -> None:
    """Up to eight terms in words, the heaviest first; what tells of a no is among them, and before all others."""
    evidence = _verdict(*REJECTIONS["late in a polite letter"]).evidence
    weights = [abs(weight) for _, weight in evidence]
    assert 1 <= len(evidence) <= 8
    assert weights == sorted(weights, reverse=True)
    assert all(math.isfinite(weight) for weight in weights)
    assert all(shown.strip() and not set(shown) & set("^$_+>") for shown, _ in evidence)
    assert evidence[0][0].startswith("says no: “After careful consideration")
    assert evidence[0][1] > 0
    assert any("candidate" in shown for shown, weight in evidence if weight > 0)


def test_what_a_decision_rests_on_adds_up_to_it() -> None:
    """What each term weighs, the most decisive sentence, the second opinion, and what else it may be."""
    mail, estimators = _mail(*REJECTIONS["filled"]), _fitted().estimators
    read = document(mail)
    decision = estimators.decision(read)
    beside = sum(each.weight for each in (decision.said, decision.opinion, decision.like))
    shares = sum(estimators.shares(read, decision)) + estimators.whole.named_steps["decide"].intercept_[0]
    assert shares + beside == pytest.approx(decision.made)
    assert _classifier().classify(mail).probability == pytest.approx(_fitted().probability(decision.made))


@pytest.mark.parametrize(
    ("threshold", "unsure", "label"),
    [(0.0, None, Label.REJECTION), (1.0, 0.0, Label.UNSURE), (1.0, 1.0, Label.OTHER), (0.0, 1.0, Label.REJECTION)],
)
def test_the_users_thresholds_take_the_place_of_the_default(
    threshold: float, unsure: float | None, label: Label
) -> None:
    """At or above the threshold a rejection, at or above unsure that, else other."""
    assert Classifier(_fitted(), threshold, unsure).classify(_mail(*REJECTIONS["filled"])).label is label


def test_many_are_answered_as_each() -> None:
    """In their order."""
    mails = [_mail(*case) for case in (*REJECTIONS.values(), *OTHERS.values())]
    assert _classifier().classify_many(mails) == [_classifier().classify(mail) for mail in mails]


@pytest.mark.parametrize(
    "text",
    ["", "\n", "?" * 70_000, "no " * 30_000, "a," * 30_000, "a" + " " * 19_000 + "b", "\u017f\u0000İ\ud7ff" * 9000],
)
def test_hostile_text_gets_a_verdict(text: str) -> None:
    """Nothing a stranger writes raises."""
    verdict = _verdict(text, "x" * 500)
    assert 0 <= verdict.probability <= 1


def test_repeating_a_text_does_not_change_the_verdict() -> None:
    """Every term counts once: length and repetition tell nothing."""
    text, subject = REJECTIONS["filled"]
    once, often = _verdict(text, subject), _verdict("\n\n".join([text] * 10), subject)
    assert often.probability == pytest.approx(once.probability, abs=0.05)


def test_one_class_is_not_enough_to_learn_from() -> None:
    """An error that says what is missing, not a model that always says the same."""
    lessons = [Lesson(document(_mail(text)), True, str(n)) for n, (text, _) in enumerate(REJECTIONS.values())]
    with pytest.raises(ValueError, match="two families"):
        fit(lessons)


def test_fitting_twice_gives_the_same_model() -> None:
    """Fixed seeds, fixed order: no floor could be held otherwise."""
    few = [example.lesson() for example in some_of(200)]
    one, two = fit(few), fit(few)
    assert (one.slope, one.intercept, one.threshold) == (two.slope, two.intercept, two.threshold)
    assert one.estimators.decisions([each.read for each in few]) == two.estimators.decisions(
        [each.read for each in few]
    )


def test_the_decisive_sentence_is_evidence() -> None:
    """Quoted as it stands in the mail, where there is one."""
    said = _verdict(
        "Dear Sal, thanks for your time. Unfortunately we have decided not to move forward with your application. All the best."
    )
    none = _verdict("Dear Sal, thanks for your application. We will read it next week. All the best.")
    assert any("not to move forward with your application" in shown for shown, weight in said.evidence if weight > 0)
    assert any(shown == "no sentence says no" for shown, weight in none.evidence if weight < 0)


def test_one_sentence_among_many_is_heard() -> None:
    """A no in the middle of much that tells nothing."""
    idle = "The garden was warm and the bees were busy. We walked along the river until it was dark. " * 8
    no = "We have chosen another applicant for the position."
    assert _verdict(f"{idle}\n\n{no}\n\n{idle}").probability > _verdict(f"{idle}\n\n{idle}").probability + 0.2
