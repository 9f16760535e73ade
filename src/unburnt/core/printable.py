"""Text of strangers as it may stand in a letter, a note or a header field."""

import re
import unicodedata

_LONGEST_NAME = 100  # a longer company, role or name was not read rightly
_PLACEHOLDER = re.compile(r"[{}<>%]|://|^\[.*\]$")  # what a mail merge leaves behind: "{{job_title}}", "[Company]"
_NO_PERSON = re.compile(r"[@/\\()\[\]|,;:\"\d]")


def clean(text: str, longest: int = 1000) -> str:
    """One line with single spaces, of characters that can neither end a line nor a header field, nor hide."""
    return " ".join(printable(text[:longest]).split())


def printable(text: str) -> str:
    """The text without format characters and lone surrogates, control characters as spaces."""
    kinds = ((c, unicodedata.category(c)) for c in unicodedata.normalize("NFC", text))
    return "".join(" " if kind in {"Cc", "Zl", "Zp"} else c for c, kind in kinds if kind not in {"Cf", "Cs"})


def name(text: str | None) -> str:
    """A name as it may stand in a sentence; "" for what is none, or was not read rightly."""
    found = clean(text or "")
    sound = len(found) <= _LONGEST_NAME and any(c.isalpha() for c in found) and not _PLACEHOLDER.search(found)
    return found if sound else ""


def person(text: str | None) -> str:
    """A person's full name, else "": what isn't shaped like one belongs to a department or a machine."""
    found = name(text)
    return "" if _NO_PERSON.search(found) else found
