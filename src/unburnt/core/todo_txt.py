"""A reminder as one line of todo.txt (github.com/todotxt/todo.txt): ``2026-11-22 text +unburnt due:2026-11-23 key:…``."""

import re
from datetime import date

_KEY = re.compile(r"(?:^|(?<= ))key:([0-9a-f]{32})(?= |$)")
_DUE = re.compile(r"(?:^|(?<= ))due:[^ ]{1,40}(?= |$)")
_PAIR = re.compile(r"(?<!\d):(?=[^\s/])|:(?=[^\d\s/])")  # but 10:30, and addresses of pages
_LONGEST = 300  # characters of a summary; it may come from a stranger's mail


def task(summary: str, key: str, created: date, due: date) -> str:
    """One line without its end. Nothing in the summary is read as a project, a context or a key:value pair."""
    words = "".join(letter if letter.isprintable() else " " for letter in summary)[:_LONGEST]
    text = " ".join(map(_as_text, _PAIR.sub(": ", words).split()))
    return " ".join(f"{created} {text} +unburnt due:{due} key:{key}".split())


def moved(line: str, due: date) -> str:
    """The same for another day, whatever else the user has added to it."""
    found = list(_DUE.finditer(line))
    if not found:
        return f"{line} due:{due}"
    last = found[-1]
    return f"{line[: last.start()]}due:{due}{line[last.end() :]}"


def completed(line: str, day: date) -> str:
    """Ticked off; a priority is no longer sorted by, so it becomes a word, as the format advises."""
    if is_completed(line):
        return line
    priority = re.match(r"\(([A-Z])\) ", line)
    return f"x {day} {line[4:]} pri:{priority[1]}" if priority else f"x {day} {line}"


def key_of(line: str) -> str | None:
    """The last one: the summary comes before it."""
    found = _KEY.findall(line)
    return found[-1] if found else None


def is_completed(line: str) -> bool:
    return line.startswith("x ")


def _as_text(word: str) -> str:
    """A word that no reader takes for a project or a context."""
    return word.lstrip("+@") or word[0]
