"""What a message says of talks: which it looks back on, which it sets, and for when."""

from datetime import date

import pytest

from unburnt.core.mentions import Mentions, mentions
from unburnt.core.model import Stage
from unburnt.world import packs

PACKS = {pack.code: pack for pack in packs.load()}
WRITTEN = date(2026, 3, 11)  # a Wednesday
YESTERDAY, TODAY = date(2026, 3, 10), WRITTEN


def said(code: str, text: str, subject: str = "", *, sets: bool = True) -> Mentions:
    return mentions(subject, text, WRITTEN, tuple({code: PACKS[code], "en": PACKS["en"]}.values()), sets=sets)


@pytest.mark.parametrize(
    ("code", "text", "day"),
    [
        ("en", "I enjoyed our talk this morning. I am passing my notes on.", TODAY),
        ("en", "Thanks for yesterday, that was fun.", YESTERDAY),
        ("en", "It was lovely to meet you on Monday.", date(2026, 3, 9)),
        ("en", "Thank you for coming to the shelter last Friday.", date(2026, 3, 6)),
        ("en", "Kwabena's feedback from the interview on 4 March was very good.", date(2026, 3, 4)),
        ("en", "Thank you for taking the time to speak with us.", TODAY),
        ("de", "danke für das gute Gespräch gestern.", YESTERDAY),
        ("de", "schön, dass wir gestern telefonieren konnten.", YESTERDAY),
        ("de", "vielen Dank, dass Sie am 6. März bei uns waren und für das offene Gespräch.", date(2026, 3, 6)),
        ("de", "danke für das Gespräch heute Morgen.", TODAY),
        ("es", "Gracias por la charla de esta mañana.", TODAY),
        ("de", "Es hat mich gefreut, Sie kennenzulernen.", TODAY),
        ("fr", "Merci pour notre échange de ce matin.", TODAY),
        ("fr", "Ravi de vous avoir rencontrée hier.", YESTERDAY),
        ("fr", "Je vous remercie pour l'entretien du 6 mars.", date(2026, 3, 6)),
        ("es", "Gracias por la charla de ayer.", YESTERDAY),
        ("es", "Fue un placer conocerte el lunes.", date(2026, 3, 9)),
        ("es", "Gracias por venir a la entrevista.", TODAY),
        ("it", "grazie per la telefonata di ieri.", YESTERDAY),
        ("it", "È stato un piacere incontrarLa lunedì.", date(2026, 3, 9)),
        ("it", "La ringrazio per il colloquio del 6 marzo.", date(2026, 3, 6)),
        ("nl", "Bedankt voor het prettige gesprek van gisteren.", YESTERDAY),
        ("nl", "Leuk je net gesproken te hebben!", TODAY),
        ("nl", "Fijn dat je maandag langs bent gekomen voor een kennismaking.", date(2026, 3, 9)),
        ("pl", "Dziękuję za wczorajszą rozmowę.", YESTERDAY),
        ("pl", "Miło było Panią poznać w poniedziałek.", date(2026, 3, 9)),
        ("pl", "Dziękujemy za udział w rozmowie kwalifikacyjnej.", TODAY),
        ("pt", "Obrigada pelo papo de ontem!", YESTERDAY),
        ("pt", "Foi um prazer conhecer você na segunda-feira.", date(2026, 3, 9)),
        ("pt", "Agradeço a visita do dia 6 de março.", date(2026, 3, 6)),
        ("sv", "tack för ett trevligt samtal i går.", YESTERDAY),
        ("sv", "Det var roligt att träffa dig i måndags.", date(2026, 3, 9)),
        ("sv", "Tack för att du kom på intervju.", TODAY),
        ("tr", "Dünkü görüşmemiz için teşekkür ederim.", YESTERDAY),
        ("tr", "Bugünkü mülakat için teşekkürler.", TODAY),
        ("tr", "Sizinle tanıştığımıza memnun olduk.", TODAY),
    ],
)
def test_thanks_look_back_on_a_talk(code: str, text: str, day: date) -> None:
    assert said(code, text).days == (day,)


@pytest.mark.parametrize(
    ("code", "text", "stage", "day"),
    [
        ("en", "Could you do 30 minutes by phone this Friday, March 13, at 10:00?", Stage.SCREENING, date(2026, 3, 13)),
        ("en", "Come by the store on Thursday at 9:30 AM, we'll walk the floor.", None, date(2026, 3, 12)),
        ("en", "The final round is with our director on Monday 16 March, 14:00.", Stage.FINAL, date(2026, 3, 16)),
        ("en", "Please complete the coding test before 20 March.", Stage.ASSESSMENT, date(2026, 3, 20)),
        ("de", "Passt Ihnen Montag, der 16. März, um 14 Uhr für ein Telefonat?", Stage.SCREENING, date(2026, 3, 16)),
        ("de", "Kommen Sie doch Dienstag (17.3.) um 15 Uhr in die Werkstatt.", None, date(2026, 3, 17)),
        ("de", "Zum Vorstellungsgespräch laden wir Sie am 19.03. ein.", Stage.INTERVIEW, date(2026, 3, 19)),
        ("fr", "Je vous propose un entretien le mardi 17 mars à 9 h 30.", Stage.INTERVIEW, date(2026, 3, 17)),
        ("fr", "Êtes-vous libre demain à 11 h pour un échange téléphonique ?", Stage.SCREENING, date(2026, 3, 12)),
        ("es", "¿Te viene bien que te llame el martes a las 10:00?", Stage.SCREENING, date(2026, 3, 17)),
        ("es", "La entrevista final será el 20 de marzo.", Stage.FINAL, date(2026, 3, 20)),
        ("it", "Può venire da noi venerdì 13 marzo alle 14.30?", None, date(2026, 3, 13)),
        ("it", "La prova pratica va consegnata entro il 20 marzo.", Stage.ASSESSMENT, date(2026, 3, 20)),
        ("nl", "Zullen we vrijdag 13 maart om 15.30 uur even bellen?", Stage.SCREENING, date(2026, 3, 13)),
        ("nl", "Het tweede gesprek plannen we graag op 19 maart.", Stage.INTERVIEW, date(2026, 3, 19)),
        ("pl", "Zapraszamy na rozmowę kwalifikacyjną w piątek 13 marca o 12:00.", Stage.INTERVIEW, date(2026, 3, 13)),
        ("pl", "Czy mogę zadzwonić jutro o 10?", Stage.SCREENING, date(2026, 3, 12)),
        ("pt", "Podemos fazer a entrevista na sexta-feira, às 15h00?", Stage.INTERVIEW, date(2026, 3, 13)),
        ("pt", "Gostava de o conhecer na fábrica, sexta-feira, dia 20, às 10h30.", None, date(2026, 3, 20)),
        ("sv", "Du är välkommen på intervju måndag 16 mars kl 13.30.", Stage.INTERVIEW, date(2026, 3, 16)),
        ("sv", "Kan jag ringa dig i morgon kl 10?", Stage.SCREENING, date(2026, 3, 12)),
        ("tr", "20 Mart Cuma saat 14.00'te ofisimize bekliyoruz.", None, date(2026, 3, 20)),
        ("tr", "Mülakat yarın saat 10:00'da olacak.", Stage.INTERVIEW, date(2026, 3, 12)),
    ],
)
def test_a_day_to_come_sets_a_talk(code: str, text: str, stage: Stage | None, day: date) -> None:
    found = said(code, text)

    assert found.days == (day,)
    assert found.talk is stage or (stage is None and found.talk is Stage.INTERVIEW)


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("en", "Your file landed on my desk this morning and I would love to hear more."),
        ("en", "Thank you for the invitation to the interview, I shall be there."),
        ("en", "Thank you for applying. We will get back to you by 20 March."),
        ("en", "We look forward to meeting you."),
        ("en", "It would be great to talk some day."),
        ("en", "Nice to e-meet you!"),
        ("de", "Vielen Dank für Ihre Bewerbung von gestern."),
        ("de", "Ich freue mich auf unser Gespräch."),
        ("de", "Wir melden uns bis zum 20. März."),
        ("fr", "Merci pour votre candidature du 6 mars."),
        ("fr", "Au plaisir de vous rencontrer."),
        ("es", "Gracias por tu candidatura."),
        ("es", "Espero conocerte pronto."),
        ("it", "grazie per la candidatura inviata ieri."),
        ("nl", "Bedankt voor je sollicitatie."),
        ("nl", "We zouden je graag spreken."),
        ("pl", "Dziękujemy za przesłanie aplikacji."),
        ("pt", "Obrigado pela sua candidatura."),
        ("sv", "Tack för din ansökan."),
        ("tr", "Başvurunuz için teşekkür ederiz."),
    ],
)
def test_not_every_thanks_and_not_every_day_is_a_talks(code: str, text: str) -> None:
    assert said(code, text).days == ()


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("en", "I have to cancel tomorrow's interview altogether."),
        ("de", "unser Gespräch morgen muss ich leider absagen."),
        ("fr", "Je dois annuler notre rendez-vous de demain."),
        ("es", "me toca cancelar la entrevista de mañana."),
        ("it", "purtroppo devo annullare l'appuntamento di domani."),
        ("nl", "het geplande gesprek gaat niet door."),
        ("pl", "Niestety muszę odwołać jutrzejsze spotkanie."),
        ("pt", "Tenho de desmarcar a entrevista de amanhã."),
        ("sv", "Jag måste tyvärr ställa in intervjun i morgon."),
        ("tr", "Yarınki görüşmeyi iptal etmek zorundayız."),
    ],
)
def test_a_talk_is_called_off(code: str, text: str) -> None:
    found = said(code, text)

    assert found.calls_off
    assert found.days == ()


def test_one_message_looks_back_and_sets_the_next() -> None:
    text = "Thanks for the phone screen this morning. I'd like you to meet our lead on Teams: Monday 16 March, 13:00."

    assert said("en", text) == Mentions(None, (TODAY, date(2026, 3, 16))) or said("en", text).talk is Stage.INTERVIEW
    assert said("en", text).days == (TODAY, date(2026, 3, 16))


def test_a_test_after_a_call_is_the_tests_stage() -> None:
    found = said("es", "Gracias por la charla de hoy. Te paso el challenge; tenés hasta el miércoles.")

    assert (found.talk, found.days) == (Stage.ASSESSMENT, (TODAY,))


def test_what_may_set_nothing_looks_back_only() -> None:
    found = said("en", "Thanks for the chat yesterday. See you on Friday at 10:00.", sets=False)

    assert found.days == (YESTERDAY,)


def test_the_subject_tells_the_stage_before_the_text() -> None:
    found = said("en", "We would like to meet you on Friday at 10:00.", "Final round: Product Manager")

    assert found.talk is Stage.FINAL


def test_thanks_for_an_hour_to_come_look_back_on_nothing() -> None:
    assert said("en", "With pleasure, a call at 10:00 is good.", sets=False).days == ()


def test_a_long_text_is_cut() -> None:
    assert said("en", f"{'x ' * 100}\n" * 20 + "Thanks for the call yesterday.").days == ()
