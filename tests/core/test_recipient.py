"""Whom to thank, and what is no rejection by a person or employer at all."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from unburnt.core.model import Address, Envelope, Mail, Person
from unburnt.core.people import Involved
from unburnt.core.recipient import is_automatic, recipient
from unburnt.core.senders import is_machine, organisation, well_formed

OWN = ("sam@mail.example",)
JANE = Address("Jane Roe", "jane.roe@acme.example")


def mail(author: str | Address | None, *reply_to: str | Address, text: str = "We chose somebody else.") -> Mail:
    first, *rest = (Address("", a) if isinstance(a, str) else a for a in (author, *reply_to))
    return Mail(
        Envelope("<1@acme.example>", None, first, "Your application"),
        "1",
        text,
        "",
        reply_to=tuple(a for a in rest if a),
    )


@pytest.mark.parametrize(
    ("author", "reply_to", "person", "address"),
    [
        # the author
        (JANE, (), "Jane Roe", "jane.roe@acme.example"),
        ("jane.roe@acme.example", (), "", "jane.roe@acme.example"),
        ("careers@acme.example", (), "Jane Roe", "careers@acme.example"),
        ("careers@acme.example", (), "", None),
        ("graduate.recruitment@acme.example", (), "", None),
        ("crew@acme.example", (), "", None),
        (Address("Night Shift", "night.shift@acme.example"), (), "", None),
        ("kettle@acme.example", (), "", None),
        ("garage.rousseau@gmail.com", (), "Luc Rousseau", "garage.rousseau@gmail.com"),
        (None, (), "Jane Roe", None),
        # Reply-To within the organisation
        (JANE, ("j.roe@mail.acme.example",), "Jane Roe", "j.roe@mail.acme.example"),
        ("noreply@acme.example", ("jane.roe@acme.example",), "Jane Roe", "jane.roe@acme.example"),
        ("noreply@acme.example", ("people@acme.example",), "", None),
        (JANE, ("noreply@acme.example",), "Jane Roe", None),
        (JANE, (JANE, "JANE.ROE@acme.example"), "Jane Roe", "JANE.ROE@acme.example"),
        (JANE, (JANE, "hr@acme.example"), "Jane Roe", None),
        # Reply-To elsewhere
        (JANE, ("jane.roe@evil.example",), "Jane Roe", None),
        (JANE, ("jane.roe@acme.co.example",), "Jane Roe", None),
        ("jane@acme.co.uk", ("jane@other.co.uk",), "Jane Roe", None),
        (JANE, ("jane.roe@gmail.com",), "Jane Roe", None),
        ("jane@gmail.com", ("someone.else@gmail.com",), "Jane Roe", None),
        (JANE, ("Sam+jobs@mail.example",), "Jane Roe", None),
        # systems that send for employers
        ("no-reply@ashbyhq.com", ("jane.roe@acme.example",), "Jane Roe", "jane.roe@acme.example"),
        ("no-reply@ashbyhq.com", ("jane.roe@gmail.com",), "Jane Roe", None),
        ("acme@myworkday.com", (), "Jane Roe", None),
        ("system@successfactors.eu", (), "Jane Roe", None),
        ("hr-acme@invalidemail.com", (), "Jane Roe", None),
        ("jobs@m.personio.com", (), "Jane Roe", None),
        ("conversations@message.teamtailor.com", (), "Jane Roe", None),
        # … and pass answers on
        ("acme+email+7h2k-d9q4@talent.icims.com", (), "", "acme+email+7h2k-d9q4@talent.icims.com"),
        ("acme+autoreply@talent.icims.com", (), "", None),
        (JANE, ("jane.4f8c@inbound.workablemail.com",), "Jane Roe", "jane.4f8c@inbound.workablemail.com"),
        ("jane@acme.teamtailor-mail.com", (), "Jane", "jane@acme.teamtailor-mail.com"),
        ("no-reply@acme.teamtailor-mail.com", (), "Jane", None),
        ("jobs@m.personio.com", ("acme+a88310@m.personio.com",), "", "acme+a88310@m.personio.com"),
        ("jane.x71c.acme@recruitee-mailbox.com", (), "Jane", "jane.x71c.acme@recruitee-mailbox.com"),
        # doubtful
        (Address("jane@acme.example", "jane@evil.example"), (), "Jane Roe", None),
        ("jane..roe@acme.example", (), "Jane Roe", None),
        ("jane#3.19700=x@acme.example", (), "Jane Roe", None),
        ("jane@localhost", (), "Jane Roe", None),
        ("jane@[192.0.2.1]", (), "Jane Roe", None),
        ('"jane roe"@acme.example', (), "Jane Roe", None),
        ("jane@acme.example,eve@evil.example", (), "Jane Roe", None),
    ],
)
def test_letter_goes_to_a_person_or_to_nobody(
    author: str | Address | None, reply_to: tuple[str | Address, ...], person: str, address: str | None
) -> None:
    found = recipient(mail(author, *reply_to), person, OWN)

    assert found.address == address
    assert found.why
    assert found.name == (person if address else "")


def test_why_names_the_other_organisation() -> None:
    assert "evil.example" in recipient(mail(JANE, "jane.roe@evil.example"), "Jane Roe", OWN).why


@pytest.mark.parametrize(
    "local", ["noreply", "No-Reply", "no_reply", "no.reply+acme", "careers-noreply", "recruitment.noreply"]
)
def test_no_reply_in_any_spelling_is_a_machine(local: str) -> None:
    assert is_machine(f"{local}@acme.example")


@pytest.mark.parametrize(
    "local",
    [
        "do-not-reply", "donotreply", "nicht-antworten", "bitte.nicht.antworten", "keine-antwort", "ne-pas-repondre",
        "no-responder", "nao-responda", "non-rispondere", "niet-beantwoorden", "nie-odpowiadaj", "svara-inte",
        "yanitlamayin", "mailer-daemon", "postmaster", "bounce+17", "bounces", "notification", "notifications",
        "system", "systemmessage", "workday", "jobalerts", "newsletter", "auto-reply",
    ],
)  # fmt: skip
def test_no_letter_goes_to_a_machine_in_any_language(local: str) -> None:
    assert recipient(mail(f"{local}@acme.example"), "Jane Roe", OWN).address is None


@pytest.mark.parametrize(
    "host",
    ["no-reply.acme.example", "bounces.acme.example", "newsletter.acme.example", "acme.invalid", "invalidemail.com"],
)
def test_no_letter_goes_to_a_host_that_takes_none(host: str) -> None:
    assert recipient(mail(f"jane.roe@{host}"), "Jane Roe", OWN).address is None


@pytest.mark.parametrize(
    "local", ["joe.root", "norman.mailer", "nora.replyk", "alerta", "jane.sender", "systema", "s.bounceau"]
)
def test_a_person_may_be_called_so(local: str) -> None:
    assert not is_machine(f"{local}@acme.example")


@pytest.mark.parametrize(
    "text",
    [
        "Please do not reply to this email.",
        "Replies to this mailbox are not monitored.",
        "Please note that this\nis an automated message, please do not\nreply.",
        "This message was sent from an unattended mailbox.",
        "Replies to this message are undeliverable.",
        "This mailbox cannot receive replies.",
        "Bitte antworten Sie nicht auf diese Nachricht.",
        "Antworten an diese Adresse können nicht gelesen werden.",
        "Veuillez ne pas répondre à ce courriel.",
        "Por favor, no responda a este correo.",
        "Si prega di non rispondere a questa e-mail.",
        "Questa casella non è presidiata.",
        "Dit is een automatisch gegenereerd bericht, antwoorden komen niet aan.",
        "Por favor, não responda a este e-mail.",
        "Odpowiedzi na tę wiadomość nie są monitorowane.",
        "Prosimy nie odpowiadać na tę wiadomość.",
        "Detta mejl går inte att besvara.",
        "Bu e-posta otomatik olarak oluşturulmuştur, lütfen yanıtlamayınız.",
    ],
)
def test_a_text_that_says_nobody_reads_is_believed(text: str) -> None:
    assert recipient(mail(JANE, text=f"We chose somebody else.\n\n{text}"), "Jane Roe", OWN).address is None


@pytest.mark.parametrize(
    "text",
    [
        "No need to reply to this, I know it's no fun.",
        "If you have a question, answer this message and it reaches me.",
        "We could not reply to everybody in time.",
        "Decisions at this stage are made by automated means.",
        "Ich konnte Ihnen nicht früher antworten.",
        "Je ne pouvais pas vous écrire plus tôt.",
    ],
)
def test_other_words_about_answers_stop_no_letter(text: str) -> None:
    assert recipient(mail(JANE, text=text), "Jane Roe", OWN).address == JANE.address


def test_answer_never_goes_back_to_where_the_message_came() -> None:
    aliased = replace(mail(JANE, "sam.doe@acme.example"), to=(Address("", "sam.doe@acme.example"),))

    assert recipient(aliased, "Jane Roe", OWN).address is None
    assert recipient(replace(mail(JANE), to=(JANE,)), "Jane Roe", OWN).address == JANE.address  # the others in Bcc


def wrote(name: str, address: str, *, in_thread: bool = False) -> Involved:
    """Somebody who wrote earlier in this application."""
    at = datetime(2026, 3, 1, tzinfo=UTC)
    return Involved(Person(name, address), 2, at, at, in_thread)


ANA, BEN = wrote("Ana Roe", "ana@acme.example"), wrote("Ben Poe", "ben@acme.example", in_thread=True)
UNREAD = "Answers to this message are not read. Please do not reply to this email."


@pytest.mark.parametrize(
    ("author", "reply_to", "person", "known", "address"),
    [
        # nobody reads the mail's own address: one of this thread, else the most involved
        ("no-reply@acme.example", (), "", (ANA, BEN), "ben@acme.example"),
        ("no-reply@acme.example", (), "", (ANA,), "ana@acme.example"),
        ("no-reply@acme.example", (), "", (), None),
        ("acme@myworkday.com", (), "", (ANA,), "ana@acme.example"),
        ("careers@acme.example", (), "", (ANA,), "ana@acme.example"),
        # who signed, and nobody else
        ("no-reply@acme.example", (), "Ana", (BEN, ANA), "ana@acme.example"),
        ("no-reply@acme.example", (), "Jane Roe", (BEN, ANA), None),
        # a human's own address is whose the letter is
        (JANE, (), "Jane Roe", (ANA, BEN), JANE.address),
        # never somebody who can't be reached, however involved
        ("no-reply@acme.example", (), "", (wrote("Ana Roe", ""), wrote("Acme", "jobs@acme.example")), None),
        ("no-reply@acme.example", (), "", (wrote("Ana Roe", "ana@myworkday.com"), ANA), "ana@acme.example"),
        # a trick stays one, whoever is known
        (JANE, ("jane.roe@evil.example",), "Jane Roe", (ANA,), None),
        (JANE, ("Sam+jobs@mail.example",), "Jane Roe", (ANA,), None),
        # a Reply-To that bears its name is a person's without a signature
        ("jobs@m.personio.com", (Address("Ana Roe", "a.roe@acme.example"),), "", (), "a.roe@acme.example"),
        ("jobs@m.personio.com", (Address("Ana Roe", "desk7@acme.example"),), "", (), None),
    ],
)
def test_the_history_is_asked_where_nobody_reads_the_address(
    author: str | Address,
    reply_to: tuple[str | Address, ...],
    person: str,
    known: tuple[Involved, ...],
    address: str | None,
) -> None:
    found = recipient(mail(author, *reply_to), person, OWN, known)

    assert found.address == address
    assert found.why


def test_what_says_that_it_is_not_read_goes_to_somebody_of_before() -> None:
    assert recipient(mail(JANE, text=UNREAD), "", OWN, (ANA,)).address == "ana@acme.example"
    assert recipient(mail(JANE, text=UNREAD), "", OWN).address is None


def test_a_no_that_failed_dmarc_gets_no_letter_whoever_is_known() -> None:
    found = recipient(replace(mail(JANE), dmarc="fail"), "Jane Roe", OWN, (ANA,))

    assert found.address is None
    assert "DMARC" in found.why


@pytest.mark.parametrize(
    ("automatic", "fields"),
    [
        (True, {"auto_submitted": "auto-replied (vacation)"}),
        (True, {"list_post": "<mailto:all@lists.example>"}),
        (True, {"precedence": "list"}),
        (True, {"return_path": "", "attachments": ("message/delivery-status",)}),
        (False, {"auto_submitted": "auto-generated"}),
        (False, {"auto_submitted": "no"}),
        (False, {"list_unsubscribe": "<https://x.example/u>", "list_id": "<acme.x.example>"}),
        (False, {"precedence": "bulk"}),
        (False, {"list_post": "NO"}),
        (False, {"return_path": ""}),
        (False, {"attachments": ("message/rfc822",), "return_path": "bounce@acme.example"}),
        (False, {}),
    ],
)
def test_automatic_is_what_no_employer_decided(automatic: bool, fields: dict[str, object]) -> None:
    assert is_automatic(replace(mail(JANE), **fields)) is automatic  # type: ignore[arg-type]


@pytest.mark.parametrize(("return_path", "bounce"), [("", True), (None, True), ("jane@acme.example", False)])
def test_a_mailer_daemon_bounces_under_the_null_path(return_path: str | None, bounce: bool) -> None:
    assert is_automatic(replace(mail("MAILER-DAEMON@mx.example"), return_path=return_path)) is bounce


@pytest.mark.parametrize(
    ("domain", "registrable"),
    [
        ("careers.acme.co.uk", "acme.co.uk"),
        ("mail.acme.example", "acme.example"),
        ("acme.github.io", "acme.github.io"),
        ("co.uk", ""),
        ("localhost", ""),
        ("", ""),
    ],
)
def test_organisation_is_the_registrable_domain(domain: str, registrable: str) -> None:
    assert organisation(domain) == registrable


@pytest.mark.parametrize(
    "address", ["", "@", "a@b", "a@b..example", ".a@b.example", "a b@c.example", "a@b.example\n", "ä@b.example"]
)
def test_what_is_no_plain_address_is_no_recipient(address: str) -> None:
    assert not well_formed(address)
