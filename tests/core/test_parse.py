"""Parsing: real-life oddities, hostile messages, and what makes two messages the same."""

import base64
import quopri
from datetime import UTC, datetime, timedelta, timezone

import pytest

from unburnt.core.model import Address, Envelope, Mail, Origin, RawMessage
from unburnt.core.parse import Unparsable, identity, parse

HEAD = b"From: Ines Roth <ines@kelp.example>\r\nTo: sam@mail.example\r\nSubject: Your application\r\n"
DATE = b"Date: Tue, 17 Nov 2026 18:39:01 +0100\r\n"


def read(octets: bytes, *, complete: bool = True) -> Mail:
    return parse(RawMessage(Origin("test"), octets, complete=complete))


def with_header(*fields: bytes) -> Mail:
    return read(b"\r\n".join(fields) + b"\r\n\r\nHello Sam.\r\n")


def test_a_message_cut_off_anywhere_is_read_as_far_as_it_goes() -> None:
    """The first look fetches the beginning only."""
    text = "Dear Sam, we decided for somebody else. " * 4
    header = (
        HEAD
        + b'Content-Type: multipart/alternative; boundary="=_b"\r\n\r\n--=_b\r\n'
        + b"Content-Type: text/plain; charset=utf-8\r\n"
    )
    whole = header + b"Content-Transfer-Encoding: base64\r\n\r\n" + base64.encodebytes(text.encode())
    mails = [read(whole[:end], complete=False) for end in range(len(HEAD), len(whole))]
    lengths = [len(mail.text) for mail in mails[-220:]]

    assert {mail.envelope.subject for mail in mails} == {"Your application"}
    assert all(text.startswith(mail.text) for mail in mails[-220:])
    assert lengths == sorted(lengths)
    assert lengths[-1] >= len(text) - 3


@pytest.mark.parametrize(
    ("field", "author"),
    [
        (b'From: "a@b.example" <d@e.example>', Address("a@b.example", "d@e.example")),
        (b"From: a@b.example <d@e.example>", Address("a@b.example", "d@e.example")),
        (b"From: a@b.example, <d@e.example>", None),
        (b"From: a@b.example, d@e.example", None),
        (b"From: <a@b.example> <d@e.example>", None),
        (b"From: a@b.example\r\nFrom: d@e.example", None),
        (b"From: a@b@c.example", None),
        (b'From: "a b"@c.example', None),
        (b"From: Ines Roth", None),
        (b"From: =?utf-8?q?Ines_=3Cines=40kelp=2Eexample=3E?=", None),
        (b"From: undisclosed:;", None),
        (b"From: ines@kelp.example (Ines Roth)", Address("Ines Roth", "ines@kelp.example")),
        (b"From: =?iso-8859-1?q?Ren=E9e?= =?iso-8859-1?q?_Roth?= <ines@kelp.example>", Address("Renée Roth", "ines@kelp.example")),
        (b"From: Ren\xe9e <ines@kelp.example>", Address("Renée", "ines@kelp.example")),
        (b"From: Ren\xc3\xa9e <ines@kelp.example>", Address("Renée", "ines@kelp.example")),
        (b"From: =?x-klingon?q?Qapla?= <ines@kelp.example>", Address("Qapla", "ines@kelp.example")),
        (b'From: "=?utf-8?b?UmVuw4k=?=" <ines@kelp.example>', Address("RenÉ", "ines@kelp.example")),
        (b'From: "Roth, Ines\r\n (HR)" <ines@kelp.example>', Address("Roth, Ines (HR)", "ines@kelp.example")),
        (b"From: Ines <ines@kelp.exam\x00ple>", None),
        (b"From: " + b", ".join(b"a%d@b.example" % i for i in range(10_000)), None),
    ],
)  # fmt: skip
def test_the_author_is_one_certain_address_or_nobody(field: bytes, author: Address | None) -> None:
    """Field notes G6; CVE-2023-27043."""
    assert with_header(field, b"Subject: x").envelope.author == author


@pytest.mark.parametrize(
    ("field", "date"),
    [
        (b"Date: Tue, 17 Nov 2026 18:39:01 +0100", datetime(2026, 11, 17, 17, 39, 1, tzinfo=UTC)),
        (b"Date: Mon, 17 Nov 2026 18:39 -0000 (nonsense)", datetime(2026, 11, 17, 18, 39, tzinfo=UTC)),
        (b"Date: 17 Nov 26 18:39:01 EST", datetime(2026, 11, 17, 23, 39, 1, tzinfo=UTC)),
        (b"Date: Tue, 17 Nov 2026 18:39:01", None),
        (b"Date: Thu, 01 Jan 1970 00:00:00 +0000", None),
        (b"Date: Tue, 17 Nov 2126 18:39:01 +0000", None),
        (b"Date: 31 Dec 9999 23:59:59 -2359", None),
        (b"Date: 31 Feb 2026 10:00:00 +0000", None),
        (b"Date: 17 Nov " + b"9" * 5000 + b" 10:00:00 +0000", None),
    ],
)
def test_a_date_is_aware_and_plausible_or_none(field: bytes, date: datetime | None) -> None:
    assert with_header(b"Subject: x", field).envelope.date == date


@pytest.mark.parametrize(
    ("field", "subject"),
    [
        (b"Subject: =?utf-8?q?Deine_Bewerbung?=\r\n =?utf-8?b?IGJlaSBVbnM=?=", "Deine Bewerbung bei Uns"),
        (b"Subject: Your\r\n\tapplication", "Your application"),
        (b"Subject: =?utf-8?q?a=0D=0ABcc:_x=40y=00z?=", "a Bcc: x@y z"),
        (b"Subject: caf\xe9", "café"),
        (b"Subject: =?utf-8?b?w6TDt?= =?utf-8?B?vMO2?= =?utf-8", "äüö =?utf-8"),
        (b"Subject: =?utf-8?b?w6Q=?= =?punycode*en?q?a=FC?= =?utf-8?q?a b?=", "äaüa b"),
        (b"Subject: " + b"x" * 2000, "x" * 998),
        (b"Subject: " + b"x" * 40_000, ""),
    ],
)
def test_a_subject_is_one_decoded_line(field: bytes, subject: str) -> None:
    assert with_header(b"From: a@b.example", field).envelope.subject == subject


def test_ids_have_their_brackets_and_no_blanks_and_come_once() -> None:
    mail = with_header(
        b"Message-ID: <a.\r\n b@c.example>",
        b"In-Reply-To: <2@c.example> (Sam's message) <2@c.example>",
        b"References: <1@c.example>\r\n\t<2@c.example><3@c.example> <unfinished",
    )

    assert mail.envelope.message_id == "<a.b@c.example>"
    assert mail.envelope.in_reply_to == ("<2@c.example>", "<1@c.example>", "<3@c.example>")
    assert mail.references == ("<1@c.example>", "<2@c.example>", "<3@c.example>")
    assert with_header(b"Subject: x", b"Message-ID: 1@c.example").envelope.message_id == "<1@c.example>"
    assert with_header(b"Subject: x", b"Message-ID: <" + b"a" * 997 + b">").envelope.message_id is None
    assert with_header(b"Subject: x", b"Message-ID: <" + "ä".encode() * 600 + b">").envelope.message_id is None
    many = b"References: " + b" ".join(b"<%d@c.example>" % i for i in range(500))
    assert len(with_header(b"Subject: x", many).envelope.in_reply_to) == 100


def test_the_fields_for_machines() -> None:
    mail = with_header(
        b"Return-Path: <>",
        b"Delivered-To: sam@mail.example",
        b"X-Original-To: jobs@mail.example",
        b"From: a@b.example",
        b"Sender: Mailer <m@b.example>",
        b"Reply-To: Ada <ada@b.example>, c@b.example",
        b"Cc: x@y.example",
        b"List-Id: The List <L.B.example>",
        b"List-Unsubscribe: <https://B.example/U>",
        b"Auto-Submitted: Auto-Replied",
        b"Precedence: BULK",
        b"X-Mailer: Kelp 1.0",
        b"X-LinkedIn-Template: email_jobs_application_rejected",
    )

    assert (mail.return_path, mail.delivered_to) == ("", ("sam@mail.example", "jobs@mail.example"))
    assert mail.sender == Address("Mailer", "m@b.example")
    assert mail.reply_to == (Address("Ada", "ada@b.example"), Address("", "c@b.example"))
    assert mail.cc == (Address("", "x@y.example"),)
    assert (mail.list_id, mail.list_unsubscribe) == ("the list <l.b.example>", "<https://b.example/u>")
    assert (mail.auto_submitted, mail.precedence) == ("auto-replied", "bulk")
    assert (mail.mailer, mail.template) == ("Kelp 1.0", "email_jobs_application_rejected")
    assert with_header(b"Subject: x").return_path is None


@pytest.mark.parametrize(
    ("octets", "reason"),
    [
        (b"", "it is empty"),
        (b" \r\n\r\n", "it is empty"),
        (b"just some words\r\n", "it has no header"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "it has no header"),
        (b"X-Only: this\r\n\r\n", "it has no author, no subject, no date and no text"),
        (
            HEAD
            + b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (i, i) for i in range(400)),
            "its parts are nested more than 20 deep",
        ),
        (HEAD + b"Content-Type: message/rfc822\r\n\r\n" * 400, "its parts are nested more than 20 deep"),
        (
            HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\nx\r\n" * 5000,
            "it has more than 500 parts",
        ),
    ],
)
def test_what_is_no_message_is_refused_with_a_reason(octets: bytes, reason: str) -> None:
    with pytest.raises(Unparsable) as refused:
        read(octets)

    assert str(refused.value) == reason


@pytest.mark.parametrize(
    "field",
    [
        b"Content-Type: text/plain; " + b'";' * 1_000_000,
        b"Content-Type: text/plain; charset=" + b"x" * 1_000_000,
        b"\r\n".join(b"X-%d: y" % i for i in range(2000)),
        b"To: " + b"(" * 100_000,
        b"References: " + b"<" * 100_000,
    ],
)
def test_a_header_can_be_of_any_length(field: bytes) -> None:
    """cpython#136063: parameters are split in quadratic time; the second of these lines took minutes."""
    mail = read(HEAD + field + b"\r\n\r\nHello Sam.\r\n")

    assert (mail.text, mail.to) == ("Hello Sam.", (Address("", "sam@mail.example"),))


def test_only_so_much_is_read() -> None:
    """2 MB of text, 4 MB of octets, 1,000 fields: far beyond what people write, and text comes before attachments."""
    long = read(HEAD + b"\r\n" + b"All work and no play.\r\n" * 150_000)
    part = b"--b\r\nContent-Type: %s\r\n\r\n%s\r\n"
    photo = part % (b"image/jpeg", b"x" * 5 * 2**20)
    parts = [part % (b"text/plain", b"Hello."), photo, part % (b"text/plain", b"Sent from my telephone")]
    wide = read(b"X: y\r\n" * 1000 + HEAD + b"\r\nHello Sam.\r\n")

    assert 1_900_000 < len(long.text) <= 2 * 2**20
    assert read(HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"".join(parts)).text == "Hello."
    assert (wide.text, wide.envelope.author) == ("Hello Sam.", None)


@pytest.mark.timeout(60)
def test_marks_without_end_can_not_buy_time() -> None:
    """To bring n combining marks into canonical order takes Python time by the square of n: 104 s for these."""
    assert len(read(HEAD + b"\r\n" + ("a" + "\u0300\u0327" * 200_000).encode()).text) >= 400_000


def test_what_a_library_fails_on_is_unparsable() -> None:
    """email.message compares None and a number here; the reason names the error, and does not quote the message."""
    with pytest.raises(Unparsable, match=r"^it can't be read \(TypeError\)$"):
        read(HEAD + b"Content-Type: multipart/mixed; boundary*0*=utf-8''a; boundary*=b\r\n\r\n--b\r\n")


def test_junk_before_the_header_is_no_body() -> None:
    assert read(b"\xef\xbb\xbf" + HEAD + b"\r\nHello.").text == read(b"\r\n\n" + HEAD + b"\r\nHello.").text == "Hello."


COPY = "Liebe Sam,\n\nwir haben uns für jemand anderen entschieden.\nGrüße\n".encode()


def test_copies_of_a_message_are_the_same_however_they_were_delivered() -> None:
    head = DATE + HEAD + b"Message-ID: <1@kelp.example>\r\nContent-Type: text/plain; charset=utf-8\r\n"
    copies = [
        head + b"\r\n" + COPY.replace(b"\n", b"\r\n"),
        (head + b"\r\n").replace(b"\r\n", b"\n") + COPY,
        b"Received: from mx by mx2\r\nX-Spam: no\r\nDelivered-To: sam@mail.example\r\n" + head + b"Status: RO\r\n\r\n" + COPY,
        head + b"\r\n" + COPY.replace(b"jemand ", b"jemand\r\n> "),
        head + b"Content-Transfer-Encoding: base64\r\n\r\n" + base64.encodebytes(COPY),
        head + b"Content-Transfer-Encoding: quoted-printable\r\n\r\n" + quopri.encodestring(COPY),
        head.replace(b"Ines Roth <ines@kelp", b"=?utf-8?q?Ines?= Roth <INES@kelp").replace(b"18:39:01 +0100", b"17:39:01 +0000")
        + b"\r\n" + COPY + b"\r\n\r\n",
    ]  # fmt: skip

    assert len({read(copy).identity for copy in copies}) == 1
    there = datetime(2026, 11, 17, 18, 39, tzinfo=timezone(timedelta(hours=1)))
    assert identity(Envelope(date=there), "x") == identity(Envelope(date=there.astimezone(UTC)), "x")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"<1@kelp", b"<2@kelp"),
        (b"Nov 2026", b"Nov 2025"),
        (b"ines@", b"ada@"),
        (b"Your app", b"My app"),
        (b"entsch", b"verabsch"),
    ],
)
def test_messages_that_differ_in_what_they_say_are_not_the_same(old: bytes, new: bytes) -> None:
    octets = DATE + HEAD + b"Message-ID: <1@kelp.example>\r\n\r\n" + COPY

    assert read(octets).identity != read(octets.replace(old, new)).identity
    assert read(octets.replace(b"Message-ID", b"X-Id")).identity != read(octets).identity
