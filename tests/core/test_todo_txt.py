"""A reminder as a line of todo.txt, whatever a stranger has put into its summary."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unburnt.core.todo_txt import completed, is_completed, key_of, moved, task

KEY = "0123456789abcdef" * 2
CREATED, DUE, LATER = date(2026, 11, 22), date(2026, 11, 23), date(2026, 12, 6)
SUMMARIES = st.text(max_size=400) | st.lists(
    st.sampled_from(
        ["x", "key:" + "f" * 32, "due:1999-01-01", "+p", "@c", "(A)", "h:1", "\n", "\r", "\u2028", "::", "2026-01-01"]
    )
).map(" ".join)


@pytest.mark.parametrize(
    ("summary", "text"),
    [
        ("LinkedIn: Jo Roe, Acme (Baker)", "LinkedIn: Jo Roe, Acme (Baker)"),
        ("x done\nBcc:x", "x done Bcc: x"),
        ("+home @work a+b C++ @ Acme", "home work a+b C++ @ Acme"),
        ("at 10:30, https://x.example/a", "at 10:30, https://x.example/a"),
        ("due:1999-01-01 t:2 h:1 pri:A", "due: 1999-01-01 t: 2 h: 1 pri: A"),
        ("", ""),
    ],
)
def test_a_line_as_people_and_programs_read_it(summary: str, text: str) -> None:
    """The words stay; what programs would act on is taken apart."""
    assert task(summary, KEY, CREATED, DUE) == f"2026-11-22 {text} +unburnt due:2026-11-23 key:{KEY}".replace("  ", " ")


@given(SUMMARIES)
def test_any_summary_gives_one_line_that_reads_back(summary: str) -> None:
    """One line, open, with our key and day and no other pair, project or context."""
    line = task(summary, KEY, CREATED, DUE)
    words = line.split(" ")

    assert len(line.splitlines()) == 1
    assert line.isprintable()
    assert len(line) < 1100
    assert (key_of(line), is_completed(line)) == (KEY, False)
    assert [word for word in words if word[0] in "+@" and len(word) > 1] == ["+unburnt"]
    pairs = [word for word in words if re.fullmatch(r"[^:]*[^:\d][^:]*:[^:/].*", word)]
    assert pairs == ["due:2026-11-23", f"key:{KEY}"]


@given(SUMMARIES)
def test_putting_off_and_ticking_off_keep_the_rest(summary: str) -> None:
    """Also with what the user has added at either end."""
    line = f"(B) {task(summary, KEY, CREATED, DUE)} @phone"
    later = moved(line, LATER)
    done = completed(later, LATER)

    assert later == line.replace(" due:2026-11-23 ", " due:2026-12-06 ")
    assert done == f"x 2026-12-06 {later.removeprefix('(B) ')} pri:B"
    assert (is_completed(done), key_of(done)) == (True, KEY)
    assert completed(done, DUE) == done


def test_a_day_that_the_user_took_out_is_set_anew() -> None:
    """Putting it off says when."""
    assert moved(f"write to Jo key:{KEY}", LATER) == f"write to Jo key:{KEY} due:2026-12-06"


@pytest.mark.parametrize("line", ["", "x", "xylophone", "buy milk key:abc", "key:" + "g" * 32, "monkey:" + "0" * 32])
def test_a_line_of_the_users_own_has_no_key(line: str) -> None:
    """And is left to them."""
    assert key_of(line) is None
    assert not is_completed(line)
