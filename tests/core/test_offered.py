"""What a rejection itself says and offers, in ten languages, and what only looks like it."""

from dataclasses import replace

import pytest

from unburnt.core.language import pack_for
from unburnt.core.model import Address, Envelope, Mail, Offered, Person
from unburnt.core.offered import offered, signed_as, thanks_for_talk
from unburnt.core.personal import is_personal
from unburnt.world import packs

PACKS = packs.load()


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "We will keep your résumé on file for future openings."),
        ("en", "Your application will stay on file for 6 months."),
        ("de", "Gern behalten wir Ihre Unterlagen für künftige Stellen bei uns."),
        ("fr", "Nous conservons votre candidature afin de vous recontacter."),
        ("es", "Conservaremos su currículum para futuros procesos."),
        ("it", "Il Suo curriculum resterà nei nostri archivi per 12 mesi."),
        ("nl", "We bewaren je cv graag nog een jaar in onze portefeuille."),
        ("pt", "Guardaremos seu currículo por seis meses."),
        ("pl", "Zachowamy Pani zgłoszenie na potrzeby przyszłych rekrutacji."),
        ("sv", "Vi sparar gärna dina uppgifter inför kommande tjänster."),
        ("tr", "Özgeçmişiniz ileride açılacak pozisyonlar için veri tabanımızda saklanacaktır."),
    ],
)
def test_keeps(language: str, text: str) -> None:
    """They state that the application stays with them."""
    assert offered(text, language, PACKS).keeps


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "We will delete your data after six months."),
        ("en", "If you would like us to keep your CV on file, click here."),
        ("en", "May we keep your CV?"),
        ("en", "Your data is kept for 12 months and then deleted, as required by law."),
        ("en", "We encourage you to keep your profile up to date."),
        ("de", "Ihre Bewerbungsdaten werden gemäß § 15 AGG nach sechs Monaten gelöscht."),
        ("de", "Wir nehmen Bezug auf Ihre Bewerbung als Serviceberater."),
        ("de", "Mit Ihrem Einverständnis behalten wir Ihre Unterlagen."),
        ("fr", "Vos données seront supprimées au bout de deux ans."),
        ("es", "Sus datos serán suprimidos a los 24 meses."),
        ("it", "Tutte le candidature in corso vengono archiviate."),
        ("nl", "We bewaren je gegevens maximaal 4 weken."),
        ("pt", "A tua candidatura fica por aqui."),
        ("pl", "Pana dokumenty usuniemy do końca miesiąca, chyba że poprosi Pan o ich zachowanie."),
        ("sv", "Dina personuppgifter lagras i 24 månader och raderas därefter."),
        ("tr", "Kişisel verileriniz iki yıl saklanacak ve süre sonunda imha edilecektir."),
    ],
)
def test_a_duty_or_an_offer_keeps_nothing(language: str, text: str) -> None:
    """Data protection, a question and a condition are no statement."""
    assert not offered(text, language, PACKS).keeps


@pytest.mark.parametrize(
    ("language", "text", "wants"),
    [
        ("en", "I have added you to our talent network for data management.", True),
        ("en", "This is not a no, but not yet.", True),
        ("en", "Please apply again and keep an eye on our careers page.", False),
        ("en", "Having reviewed the whole talent pool, we chose others.", False),
        ("en", "You receive this because you joined the Acme Talent Community.", False),
        ("de", "Dürfen wir dich in unseren Talentpool aufnehmen?", True),
        ("de", "Bitte behalten Sie unsere Karriereseite im Blick.", False),
        ("fr", "Votre CV rejoindra notre vivier pendant deux ans.", True),
        ("fr", "N'hésitez pas à postuler de nouveau.", False),
        ("es", "Queremos invitarte a nuestra Red de Talento.", True),
        ("es", "La puntuación mínima para integrar la bolsa ha quedado fijada en 46 puntos.", False),
        ("it", "La abbiamo inserita nel nostro Talent Pool.", True),
        ("it", "Acme S.p.A. · Cancellati dalla talent community", False),
        ("nl", "Mogen we je in ons talentennetwerk houden?", True),
        ("nl", "U bent niet geslaagd en wordt niet opgenomen in de wervingsreserve.", False),
        ("pt", "Seu currículo permanece ativo em nosso banco de talentos.", True),
        ("pt", "Continue acompanhando nossas redes!", False),
        ("pl", "Wrzucamy Cię do naszej „szuflady talentów”.", True),
        ("pl", "Nie dodamy Pani do bazy talentów.", False),
        ("sv", "Får vi spara dig i vår talangbank?", True),
        ("sv", "Vi hoppas att du söker igen.", False),
        ("tr", "Seni aday havuzumuza ekledik.", True),
        ("tr", "Havuzdan çıkmak isterseniz yanıtlayın.", False),
    ],
)
def test_pool(language: str, text: str, wants: bool) -> None:
    """They put the user in a pool or ask to; to look at their openings is no such thing."""
    assert offered(text, language, PACKS).pool is wants


@pytest.mark.parametrize(
    ("language", "text", "gone"),
    [
        ("en", "The position has been cancelled by the business.", True),
        ("en", "All hiring in the field team is on hold.", True),
        ("en", "The vacancy has been filled internally.", True),
        ("en", "We have decided not to fill this role.", True),
        ("en", "The position has been filled.", False),
        ("en", "Applications for this role are closed.", False),
        ("en", "Your application has been withdrawn.", False),
        ("de", "Die Stelle wird nicht besetzt.", True),
        ("de", "Wir haben einen Einstellungsstopp.", True),
        ("de", "Die Stelle ist bereits besetzt.", False),
        ("fr", "Le recrutement est suspendu jusqu'à nouvel ordre.", True),
        ("fr", "Le poste est pourvu depuis lundi.", False),
        ("es", "La plaza se declara desierta.", True),
        ("es", "El puesto ya está cubierto desde ayer.", False),
        ("it", "La ricerca è stata sospesa.", True),
        ("it", "La posizione è già stata coperta.", False),
        ("nl", "De vacature is ingetrokken.", True),
        ("nl", "De vacature is inmiddels vervuld.", False),
        ("pt", "A vaga foi cancelada por corte de gastos.", True),
        ("pt", "A vaga já foi preenchida.", False),
        ("pl", "Rekrutacja została odwołana.", True),
        ("pl", "Odwołanie nie przysługuje.", False),
        ("sv", "Rekryteringen har avbrutits.", True),
        ("sv", "Tjänsten är tillsatt.", False),
        ("tr", "Bu pozisyon iptal edildi.", True),
        ("tr", "Pozisyon bir adayın kabulüyle kapatılmıştır.", False),
    ],
)
def test_closed(language: str, text: str, gone: bool) -> None:
    """The position is gone, or one of theirs has it; filled by somebody else it isn't."""
    assert offered(text, language, PACKS).closed is gone


@pytest.mark.parametrize(
    ("language", "text", "months"),
    [
        ("en", "Feel free to re-apply in six months.", 6),
        ("en", "You may reapply after 90 days.", 3),
        ("en", "We'd be happy to see you apply again in half a year.", 6),
        ("en", "Do apply again next year.", 12),
        ("en", "You may apply again two years after the date of this letter.", 24),
        ("en", "We keep your data for six months.", None),
        ("en", "Please apply again.", None),
        ("en", "You may reapply in 900 months.", None),
        ("de", "Eine erneute Bewerbung ist nach Ablauf von 12 Monaten möglich.", 12),
        ("de", "Ihre Daten löschen wir nach sechs Monaten.", None),
        ("fr", "Vous pourrez postuler à nouveau dans six mois.", 6),
        ("es", "A partir de seis meses puedes volver a postularte.", 6),
        ("it", "Può ricandidarsi dopo dodici mesi.", 12),
        ("nl", "Over een half jaar mag je opnieuw solliciteren.", 6),
        ("pt", "Você pode tentar de novo daqui a 90 dias.", 3),
        ("pl", "Można aplikować ponownie po sześciu miesiącach.", 6),
        ("sv", "Du är välkommen att söka igen om ett år.", 12),
        ("tr", "Aynı pozisyona altı ay sonra yeniden başvurabilirsiniz.", 6),
    ],
)
def test_again(language: str, text: str, months: int | None) -> None:
    """A time for a new application, not that for which data is kept."""
    assert offered(text, language, PACKS).again == months


@pytest.mark.parametrize(
    ("language", "text", "praise"),
    [
        (
            "en",
            "We were impressed by your experience in distributed systems, but chose another.",
            "experience in distributed systems",
        ),
        ("en", "We were impressed by your background.", ""),
        ("en", "We were impressed with your skills and experience.", ""),
        ("en", "We really appreciated your interest in Acme.", ""),
        ("en", "We enjoyed your conversation with Tom Hill.", ""),
        ("en", "We were struck by your work on {{ job }} tools.", ""),
        ("en", "We liked your work with Anna Nowak.", ""),
        (
            "de",
            "Überzeugt haben uns Ihre Kenntnisse in der Verzahnungsauslegung.",
            "Kenntnisse in der Verzahnungsauslegung",
        ),
        ("de", "Ihr Profil hat uns überzeugt.", ""),
        (
            "fr",
            "Nous avons apprécié votre exposé sur le projet de vie des résidents.",
            "exposé sur le projet de vie des résidents",
        ),
        ("fr", "Nous avons apprécié votre parcours.", ""),
        ("es", "Nos gustó tu manejo de las herencias.", "manejo de las herencias"),
        ("es", "Nos gustó tu perfil.", ""),
        ("it", "Abbiamo apprezzato la Sua conoscenza del territorio alpino.", "conoscenza del territorio alpino"),
        ("it", "Abbiamo apprezzato la Sua disponibilità.", ""),
        ("nl", "We waren onder de indruk van je ervaring in de hartbewaking.", "ervaring in de hartbewaking"),
        ("nl", "We waarderen je interesse enorm.", ""),
        ("pt", "Gostei muito da sua apresentação sobre recifes de ostras.", "apresentação sobre recifes de ostras"),
        ("pt", "Gostámos do seu currículo.", ""),
        (
            "pl",
            "Spodobało nam się Pani doświadczenie w sieciach dyskontowych.",
            "doświadczenie w sieciach dyskontowych",
        ),
        ("pl", "Doceniamy Twoje zaangażowanie.", ""),
        ("sv", "Vi uppskattade verkligen din erfarenhet av gränsdragning.", "erfarenhet av gränsdragning"),
        ("sv", "Vi uppskattade ditt personliga brev.", ""),
        (
            "tr",
            "Dağıtık sistemler konusundaki deneyiminizden etkilendik.",
            "Dağıtık sistemler konusundaki deneyim",
        ),
        ("tr", "Deneyiminizden etkilendik.", ""),
    ],
)
def test_praise(language: str, text: str, praise: str) -> None:
    """A strength by its name, as it may be quoted; what is said to everybody is none."""
    assert offered(text, language, PACKS).praise == praise


@pytest.mark.parametrize(
    "text", ["We liked your " + "very " * 30 + "long talks.", "We liked your calm\nand skill {% x %}."]
)
def test_praise_stands_on_one_line(text: str) -> None:
    """Short, without a line break or what a template would read."""
    praise = offered(text, "en", PACKS).praise
    assert len(praise) <= 60
    assert not set(praise) & set('{}%\n"')


@pytest.mark.parametrize(
    ("language", "text", "familiar"),
    [
        ("de", "Danke für deine Bewerbung, wir haben uns gegen dich entschieden.", True),
        ("de", "Wir danken Ihnen. Ihre Bewerbung haben wir geprüft, wir wünschen Ihnen alles Gute.", False),
        ("de", "Ihre Daten löschen wir. Danke für dein Interesse, wir wünschen dir alles Gute.", True),
        ("de", "Sehr geehrte Frau Roe, wir danken Ihnen. Folgen Sie uns auf deinjob.example, deine Jobbörse.", False),
        ("fr", "Merci pour ta candidature, nous ne te retenons pas.", True),
        ("fr", "Je vous remercie de votre candidature, je ne peux vous proposer ce poste. Il s'est tu.", False),
        ("es", "Gracias por tu interés, no seguimos con tu candidatura.", True),
        ("es", "Le agradecemos su interés; usted no ha sido seleccionado.", False),
        ("it", "Grazie per la tua candidatura, ti auguriamo il meglio.", True),
        ("it", "La ringraziamo per la Sua candidatura, Le auguriamo sei mesi sereni.", False),
        ("nl", "Bedankt voor je sollicitatie, we gaan niet met jou verder.", True),
        ("nl", "Wij danken u voor uw sollicitatie.", False),
        ("pl", "Dziękujemy za Twoje zgłoszenie, nie zaprosimy Cię dalej.", True),
        ("pl", "Dziękujemy Pani za zgłoszenie. Życzymy Państwu powodzenia.", False),
        ("tr", "Başvurun için teşekkürler, seninle devam edemiyoruz.", True),
        ("tr", "Başvurunuz için teşekkür ederiz, size başarılar dileriz.", False),
        ("en", "Thank you for your application.", False),
        ("sv", "Tack för din ansökan, vi går inte vidare med dig.", False),
        ("pt", "Obrigado pela tua candidatura, não seguimos contigo.", False),
    ],
)
def test_familiar(language: str, text: str, familiar: bool) -> None:
    """By the words for the reader; mixed boilerplate and what only looks like them don't count."""
    assert offered(text, language, PACKS).familiar is familiar


def test_another_language_says_nothing() -> None:
    """Patterns of one language say nothing of a text in another, or in none of ours."""
    assert offered("We will keep your CV on file.", "fi", PACKS) == Offered()
    assert offered("We will keep your CV on file.", None, PACKS) == Offered()


@pytest.mark.parametrize("line", ["your ", "we keep ", "position ", "a" * 50, "tu ", "in six months ", ". A", "-ınız "])
def test_long_text_is_cut(line: str) -> None:
    """Nothing beyond 16 KB of text is looked at, whatever stands before."""
    text = line * (17_000 // len(line)) + "\nThe position has been cancelled. We will keep your CV on file.\n"
    assert not any((offered(text, "en", PACKS).closed, offered(text, "en", PACKS).keeps))


@pytest.mark.parametrize(
    ("text", "contact", "name"),
    [
        ("Dear Sam,\n\nno.\n\nBest,\nLena", "Lena Brandt", "Lena"),
        ("Cześć,\n\nnie.\n\nPozdrawiam\nŁucja\n", "Łucja Nowak", "Łucja"),
        ("no\n\nBest,\nLena Brandt\nAcme", "Lena Brandt", "Lena Brandt"),
        ("no\n\nBest,\nL. Brandt", "Lena Brandt", "Lena Brandt"),
        ("no\n\nBest,\nLena and Tom", "Lena Brandt", "Lena Brandt"),
        ("no\n\nBest,\nBrandt", "Lena Brandt", "Lena Brandt"),
        ("no\n\nBest,\nLena\n\n--\nLena Brandt\nAcme", "Lena Brandt", "Lena"),
        ("no\n\n王芳", "王芳", "王芳"),
        ("", "", ""),
    ],
)
def test_signed_as(text: str, contact: str, name: str) -> None:
    """The given name alone only where a line is exactly that."""
    assert signed_as(text, contact) == name


@pytest.mark.parametrize(
    ("language", "text", "thanks"),
    [
        ("en", "Thank you for the conversation yesterday.", True),
        ("en", "Thanks again for taking the time to meet me.", True),
        ("en", "Thank you for this morning, Padraig.", True),
        ("en", "Thank you for the invitation to interview.", False),
        ("en", "Thank you for your time and consideration.", False),
        ("en", "Thank you. I look forward to our conversation tomorrow.", False),
        ("de", "Vielen Dank für das nette Gespräch gestern.", True),
        ("de", "Vielen Dank für die Einladung zum Gespräch.", False),
        ("fr", "Merci pour notre échange d'hier.", True),
        ("fr", "Merci pour votre invitation à un entretien.", False),
        ("es", "Muchas gracias por la entrevista de ayer.", True),
        ("es", "Gracias por la propuesta de entrevista.", False),
        ("it", "Grazie per il colloquio di ieri.", True),
        ("it", "Grazie, confermo il colloquio.", False),
        ("nl", "Bedankt voor het prettige gesprek van gisteren.", True),
        ("nl", "Bedankt voor de uitnodiging voor een gesprek.", False),
        ("pt", "Obrigada pela conversa de ontem.", True),
        ("pt", "Obrigada pelo convite para a entrevista.", False),
        ("pl", "Dziękuję za wczorajszą rozmowę.", True),
        ("pl", "Dziękuję za zaproszenie na rozmowę.", False),
        ("sv", "Tack för samtalet i går.", True),
        ("sv", "Tack för inbjudan till intervju.", False),
        ("tr", "Dünkü görüşme için teşekkür ederim.", True),
        ("tr", "Görüşme daveti için teşekkür ederim.", False),
    ],
)
def test_thanks_for_talk(language: str, text: str, thanks: bool) -> None:
    """Of a talk that is over, not of the invitation to one."""
    assert thanks_for_talk(text, pack_for(language, PACKS)) is thanks


NOTE = Mail(
    Envelope(author=Address("Ana Roe", "ana@acme.example")),
    "0",
    "Dear Sam,\n\nI chose somebody else in the end.\n\nAna",
    "",
    to=(Address("Sam", "sam@mail.example"),),
)
TITLES = [
    "Founder & CEO", "Geschäftsführerin", "Gérante", "Directora General", "Titolare", "Zaakvoerder", "Sócia-gerente",
    "Właścicielka", "Grundare", "Kurucu ortak",
]  # fmt: skip


@pytest.mark.parametrize("title", TITLES)
def test_the_note_of_an_owner_is_personal(title: str) -> None:
    """By the title of who signed; with a list header, sent by a system or to many it is none."""
    ana = Person("Ana Roe", title=title)
    assert is_personal(NOTE, ana)
    for more in (
        {"list_unsubscribe": "<https://acme.example/u>"}, {"auto_submitted": "auto-generated"}, {"precedence": "bulk"},
        {"list_id": "jobs.acme.example"}, {"text": "Dear candidates,\n\nno.\n\nAna"},
        {"text": f"{NOTE.text}\n\nPowered by Greenhouse"},
        {"envelope": Envelope(author=Address("Ana Roe", "no-reply@acme.example"))},
        {"envelope": Envelope(author=Address("Ana Roe", "ana@us.greenhouse-mail.io"))},
    ):  # fmt: skip
        assert not is_personal(replace(NOTE, **more), ana)


@pytest.mark.parametrize(
    ("address", "title", "text", "personal"),
    [
        ("ana.roe@gmail.com", "", NOTE.text, True),
        ("jobs@gmail.com", "", NOTE.text, False),
        ("ana@acme.example", "", NOTE.text, False),
        ("ana@acme.example", "", "Sam, your dad will be cross. Give my love to him. Ana", True),
        ("ana@acme.example", "HR Business Partner", "Sam, give my love to your dad. Ana", False),
        ("ana@acme.example", "Talent Partner", NOTE.text, False),
        ("ana@acme.example", "Assistant to the CEO", NOTE.text, False),
        ("ana@acme.example", "Product Owner", NOTE.text, False),
        ("ana@acme.example", "Geschäftsführer: Max Roe", NOTE.text, False),
    ],
)
def test_the_note_of_an_acquaintance_is_personal(address: str, title: str, text: str, personal: bool) -> None:
    """From a private mailbox, or by what only acquaintances write; a recruiter's isn't."""
    mail = replace(NOTE, envelope=Envelope(author=Address("Ana Roe", address)), text=text)
    assert is_personal(mail, Person("Ana Roe", title=title)) is personal
    assert not is_personal(mail, None)
