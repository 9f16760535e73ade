"""The text of a message: decoded, and chosen among its parts."""

import pytest

from tests.core.test_parse import HEAD, read
from unburnt.core.model import Mail

PLAIN = b"Content-Type: text/plain; charset=utf-8\r\n\r\n"
HTML = b"Content-Type: text/html; charset=utf-8\r\n\r\n"


def with_body(content: bytes, body: bytes) -> Mail:
    return read(HEAD + content + b"\r\n\r\n" + body)


def multipart(*parts: bytes, kind: bytes = b"mixed") -> Mail:
    body = b"".join(b"--=_b\r\n" + part + b"\r\n" for part in parts) + b"--=_b--\r\n"
    return with_body(b"Content-Type: multipart/" + kind + b'; boundary="=_b"', body)


@pytest.mark.parametrize(
    ("content", "body", "text"),
    [
        (b"Content-Type: text/plain; charset=x-klingon", "Grüße".encode(), "Grüße"),
        (b"Content-Type: text/plain; charset=punycode", b"a-b", "a-b"),
        (b"Content-Type: text/plain; charset=rot13", b"Hello", "Hello"),
        (b"Content-Type: text/plain; charset=utf\x008", b"Hello", "Hello"),
        (b"Content-Type: text/plain; charset*=utf-8''utf%008", b"Hello", "Hello"),
        (b"Content-Type: text/plain; name*0*=utf-8''a; name*=b", b"Hello", "Hello"),
        (b"X-No: charset", "Grüße".encode("latin-1"), "Grüße"),
        (b"Content-Type: text/plain; charset=us-ascii", "Grüße".encode(), "Grüße"),
        (b"Content-Type: text/plain; charset=iso-8859-1", b"\x93Danke\x94 \x96 100 \x80", "“Danke” – 100 €"),
        (b"Content-Type: text/plain; charset=utf-8", "Grüße aus Köln".encode("latin-1"), "Grüße aus Köln"),
        (b"Content-Type: text/plain; charset=utf-8", "Grüße aus Köln ☕".encode()[:-1], "Grüße aus Köln"),
        (b"Content-Type: text/plain; charset*=utf-8''iso-8859-2", "Łódź".encode("iso-8859-2"), "Łódź"),
        (b"Content-Type: text/plain; charset=shift_jis", "選考結果".encode("shift_jis"), "選考結果"),
        (b"Content-Type: text/plain; charset=utf-8", b"caf" + "e\u0301 \ufeff\u200bSam\u00ad\u00a0Doe".encode(), "café Sam Doe"),
        (b"Content-Type: text/plain; charset=utf-7", b"a+2AA-b", "a?b"),
        (b"Content-Type: text/plain", b"a\x00b\x07c\x1b[31m", "a bc[31m"),
        (b"Content-Type: text/plain", b"one\rtwo\r\nthree\n\n\n\n\nfour   \n", "one\ntwo\nthree\n\nfour"),
        (b"Content-Type: text/plain", b"<!DOCTYPE html><p>Hi</p><p>Sam</p>", "Hi\n\nSam"),
        (b"Content-Type: multipart/mixed", b"no boundary", ""),
        (b"Content-Transfer-Encoding: base64", b"SGVsbG8s\r\nI*FNhbS4=\r\n-- \r\nlist footer", "Hello, Sam."),
        (b"Content-Transfer-Encoding: base64", b"SGVsbG8sIFNhbS4gRGVhciBTYW", "Hello, Sam. Dear Sa"),
        (b"Content-Transfer-Encoding: base64", b"SGVsbG8sIFNhbS4gR", "Hello, Sam. "[:-1]),
        (b"Content-Transfer-Encoding: quoted-printable", b"Gr=C3=BC=\r\n=C3=9Fe =ZZ =3", "Grüße =ZZ =3"),
        (b"Content-Transfer-Encoding: x-nonsense", b"Hello", "Hello"),
        (b"Content-Type: text/plain; format=flowed", b"Thank \r\nyou.\r\n From me\r\n-- \r\nInes", "Thank you.\nFrom me\n--\nInes"),
        (b"Content-Type: text/plain; format=flowed", b"Thank you \r\n-- \r\nInes", "Thank you\n--\nInes"),
        (b"Content-Type: text/plain; format=flowed; delsp=yes", b"Dan \r\nke\r\n", "Danke"),
    ],
)  # fmt: skip
def test_text_is_decoded_as_meant_not_as_declared(content: bytes, body: bytes, text: str) -> None:
    assert with_body(content, body).text == text


def test_quotes_of_a_flowed_text_are_joined_by_depth() -> None:
    """RFC 3676 section 4.5."""
    mail = with_body(b"Content-Type: text/plain; format=flowed", b"Yes.\r\n\r\n> one \r\n> two\r\n>> three\r\n")

    assert (mail.text, mail.quoted) == ("Yes.", "> one two\n>> three")


LONG_HTML = HTML + b"<p>Dear Sam,</p>" + b"<p>We decided for somebody else, and wish you well.</p>" * 20


@pytest.mark.parametrize(
    ("parts", "kind", "text"),
    [
        ([PLAIN + b"The plain text.", HTML + b"<p>The HTML text."], b"alternative", "The plain text."),
        ([PLAIN + b" \r\n", HTML + b"<p>The HTML text."], b"alternative", "The HTML text."),
        ([PLAIN + b"Please view this e-mail in a browser.", HTML + b"<p>We decided for somebody else."], b"alternative",
         "We decided for somebody else."),
        ([PLAIN + b"Your application", LONG_HTML], b"alternative", "Dear Sam,"),
        ([PLAIN + b"Hello.", PLAIN + b"Footer."], b"mixed", "Hello.\n\nFooter."),
        ([PLAIN + b"Hello.", HTML + b"<p>Hello."], b"mixed", "Hello."),
        ([HTML + b"<p>Hello.", PLAIN + b"Disclaimer."], b"mixed", "Hello.\n\nDisclaimer."),
        ([PLAIN + b"Hello.", b"Content-Type: text/plain\r\nContent-Disposition: attachment\r\n\r\nCV"], b"mixed", "Hello."),
        ([PLAIN + b"Hello.", b"Content-Type: text/plain; name=cv.txt\r\n\r\nCV"], b"mixed", "Hello."),
        ([PLAIN + b"Hello.", b"Content-Type: message/rfc822\r\n\r\n" + HEAD + b"\r\nOld."], b"mixed", "Hello."),
        ([b"Content-Type: text/calendar\r\n\r\nBEGIN:VCALENDAR", PLAIN + b"Hello."], b"mixed", "Hello."),
    ],
)  # fmt: skip
def test_the_text_is_what_a_person_would_read(parts: list[bytes], kind: bytes, text: str) -> None:
    assert (
        multipart(*parts, kind=kind).text.removesuffix("\n\nWe decided for somebody else, and wish you well." * 20)
        == text
    )


def test_attachments_are_content_types() -> None:
    pdf = (
        b"Content-Type: application/PDF; name*=utf-8''L%C3%A9a.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\nJVBERi0="
    )
    mail = multipart(PLAIN + b"Hello.", pdf, b"Content-Type: message/rfc822\r\n\r\nSubject: x\r\n\r\ny")

    assert mail.attachments == ("application/pdf", "message/rfc822")
