"""A few real-looking messages that the shipped model is sure about."""

from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime

WHEN = datetime(2026, 11, 18, 9, 30, tzinfo=UTC)

REJECTION_TEXT = """\
Dear Alice,

thank you for applying for the position of Pastry Chef at Corvane and for coming to the interview with Tom and me.
Unfortunately, we have decided to go ahead with another candidate for this role.
We enjoyed meeting you and wish you every success in your search.

Kind regards,
Priya Natarajan
Head of Kitchen, Corvane
"""

# one for each number: the same no told twice is one process, another position is another
ROLES = ("Pastry Chef", "Sous Chef", "Night Baker", "Kitchen Porter", "Head Waiter", "Bar Manager", "Wine Buyer")

RECEIPT_TEXT = """\
Your order 4711 has been packed and leaves our warehouse today.

2 x strong white flour, 16 kg
1 x proofing basket, oval

You can follow the parcel with the number in your account. Thank you for shopping with us.
"""


def rejection(number: int = 1, date: datetime = WHEN) -> bytes:
    """Of a person, after an interview, from their own address."""
    role = ROLES[(number - 1) % len(ROLES)]
    author = "Priya Natarajan <priya.natarajan@corvane.example>"
    return _message(
        author,
        f"Your application for {role} at Corvane",
        f"<{number}@corvane.example>",
        date,
        REJECTION_TEXT.replace(ROLES[0], role),
    )


def receipt(number: int = 1, date: datetime = WHEN) -> bytes:
    """Of a shop."""
    return _message(
        "Millhouse <orders@millhouse.example>",
        "Your order is on its way",
        f"<{number}@millhouse.example>",
        date,
        RECEIPT_TEXT,
    )


def _message(author: str, subject: str, message_id: str, date: datetime, text: str) -> bytes:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = author, "alice@mail.example", subject
    made["Message-ID"], made["Date"] = message_id, format_datetime(date)
    made.set_content(text)
    return made.as_bytes().replace(b"\n", b"\r\n")
