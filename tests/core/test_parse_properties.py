"""Whatever the octets: a Mail within its bounds, or Unparsable. Nothing else leaves parse()."""

import re
from base64 import encodebytes
from contextlib import suppress
from random import Random

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from unburnt.core.model import Mail, Origin, RawMessage
from unburnt.core.parse import Unparsable, parse

WORDS = [
    b"From", b"Date", b"Subject", b"Message-ID", b"References", b"Content-Type", b"Content-Transfer-Encoding", b"Content-Disposition",
    b"Reply-To", b"Sender", b"List-Id", b"Return-Path", b": ", b";", b"\r\n", b"\n", b"\r", b"\r\n\r\n", b"\r\n ", b"\x00", b"\xff",
    b"multipart/mixed", b"multipart/alternative", b"multipart/digest", b"message/rfc822", b"message/delivery-status", b"text/plain",
    b"text/html", b"text/", b"boundary=b", b'boundary="', b"--b", b"--b--", b"charset=", b"utf-8", b"utf-16", b"idna", b"x-unknown",
    b"filename*0*=", b"name*=''", b"format=flowed", b"base64", b"quoted-printable", b"x-uuencode", b"begin 644 a", b"attachment", b"inline",
    b"=?utf-8?q?", b"=?x?b?", b"?=", b"=", b"=3D", b"<", b">", b"@", b",", b'"', b"(", b")", b"\\", b"a@b.example", b"Sam Doe", b"<1@b>",
    b"Tue, 17 Nov 2026 18:39:01 +0100", b"9999999999", b"<p>", b"<div hidden>", b"</div>", b"<blockquote type=cite>", b"&#0;", b"&nbsp;",
    b"<!--", b"-->", b"<style>", b"On 3 Nov 2026, Sam wrote:", b"-----Original Message-----", b"> ", b"\xe2\x80\x8b", b"\xed\xa0\x80",
]  # fmt: skip

REAL = b"\r\n".join(
    [
        b"Return-Path: <bounce@kelp.example>",
        b"From: =?utf-8?q?In=C3=A9s?= Roth <ines@kelp.example>",
        b"To: Sam Doe <sam@mail.example>, x@y.example",
        b"Subject: =?utf-8?b?SWhyZSBCZXdlcmJ1bmc=?=",
        b"Date: Tue, 17 Nov 2026 18:39:01 +0100",
        b"Message-ID: <1@kelp.example>",
        b"References: <0@kelp.example> <2@mail.example>",
        b"MIME-Version: 1.0",
        b'Content-Type: multipart/mixed; boundary="=_1"',
        b"",
        b"--=_1",
        b'Content-Type: multipart/alternative; boundary="=_2"',
        b"",
        b"--=_2",
        b"Content-Type: text/plain; charset=utf-8; format=flowed",
        b"Content-Transfer-Encoding: quoted-printable",
        b"",
        b"Dear Sam, thank you, =E2=80=93 but no.",
        b"",
        b"On 3 Nov 2026 at 11:20, Sam Doe wrote:",
        b"> Hello",
        b"--=_2",
        b"Content-Type: text/html; charset=iso-8859-1",
        b"Content-Transfer-Encoding: base64",
        b"",
        encodebytes("<p style='font-size:0'><b>Dear Sam</b>,<br>thank you – but no.</p>".encode("cp1252")).strip(),
        b"--=_2--",
        b"--=_1",
        b"Content-Type: application/pdf; name*0*=utf-8''L%C3%A9; name*1=a.pdf",
        b"Content-Disposition: attachment",
        b"",
        b"JVBERi0=",
        b"--=_1--",
        b"",
    ]
)


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """A real-looking message with pieces cut, doubled, swapped and overwritten."""
    random = Random(draw(st.integers(0, 2**32)))
    message = bytearray(REAL)
    for _ in range(draw(st.integers(1, 12))):
        start = random.randrange(len(message) + 1)
        end = min(len(message), start + random.choice([0, 1, 2, 8, 60, 300]))
        piece = random.choice(
            [b"", bytes(message[start:end]) * 2, random.choice(WORDS), random.randbytes(3), bytes(message[end:start])]
        )
        message[start:end] = piece
    return bytes(message)


def check(octets: bytes) -> None:
    with suppress(Unparsable):
        assert_bounded(parse(RawMessage(Origin("test"), octets)))


def assert_bounded(mail: Mail) -> None:
    envelope = mail.envelope
    addresses = [*mail.to, *mail.cc, *mail.reply_to, *filter(None, (mail.sender, envelope.author))]
    lines = [
        envelope.subject, envelope.message_id or "", *envelope.in_reply_to, *mail.references, mail.list_id, mail.list_post,
        mail.list_unsubscribe, mail.auto_submitted, mail.precedence, mail.mailer, mail.template, mail.return_path or "",
        *mail.delivered_to, *mail.attachments, *(a.name for a in addresses), *(a.address for a in addresses),
    ]  # fmt: skip

    assert not re.search(
        r"[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff]", mail.text.replace("\t", "") + mail.quoted.replace("\t", "")
    )
    assert not any(re.search(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]", line) for line in lines)
    assert len(mail.text) + len(mail.quoted) <= 3 * 2**20
    assert all(len(line.encode()) <= 4 * 998 for line in lines)
    assert all(
        re.fullmatch(r"<[^<>\s]+>", i) for i in (envelope.message_id or "<x>", *envelope.in_reply_to, *mail.references)
    )
    assert all(re.fullmatch(r"[^@\s]+@[^@\s]+", a.address) for a in addresses)
    assert envelope.date is None or (envelope.date.tzinfo and 1980 <= envelope.date.year <= 2100)
    assert re.fullmatch(r"[0-9a-f]{32}", mail.identity)


@given(st.binary(max_size=4000))
@example(b"")
@example(REAL)
def test_any_octets_are_a_mail_or_unparsable(octets: bytes) -> None:
    check(octets)


@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from(WORDS) | st.binary(max_size=8), max_size=80).map(b"".join))
def test_any_words_of_the_trade_are_a_mail_or_unparsable(octets: bytes) -> None:
    check(octets)
    check(b"From: a@b.example\r\n" + octets)


@settings(max_examples=500, suppress_health_check=[HealthCheck.too_slow])
@given(mutated())
def test_a_damaged_message_is_a_mail_or_unparsable(octets: bytes) -> None:
    check(octets)


@given(st.integers(0, len(REAL)))
def test_the_beginning_of_a_message_has_the_same_envelope(end: int) -> None:
    """The first look and the whole message agree on what they saw."""
    header = REAL.index(b"\r\n\r\n")
    whole, beginning = (parse(RawMessage(Origin("test"), octets)) for octets in (REAL, REAL[: max(header, end)]))

    assert beginning.envelope == whole.envelope
