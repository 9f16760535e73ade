"""HTML as a reader sees it."""

import pytest

from unburnt.core.html import text_of


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>Dear Sam,<p>Thank you.<br>Ines", "Dear Sam,\n\nThank you.\nInes"),
        ("<div>one</div><div>two</div><div><br></div><div>three</div>", "one\ntwo\n\nthree"),
        ("a<br><br><br><br>b", "a\n\nb"),
        ("<p class=MsoNormal>Ines Roth</p><p class=MsoNormal>HR</p>", "Ines Roth\nHR"),
        ("<ul><li>SQL<li>Python</ul>after", "SQL\nPython\n\nafter"),
        ("<table><tr><td>Role</td><td>Analyst</td></tr><tr><th>Ref</th><td>7</td></tr></table>", "Role Analyst\nRef 7"),
        ("<pre>one\n  two\n\nthree</pre>", "one\ntwo\n\nthree"),
        ("one\n  two&nbsp;\tthree &amp; 3 < 4 &lt;b&gt;", "one two three & 3 < 4 <b>"),
        ('<a href="https://t.example/?a>b&c" title="x">Start</a> <img alt="logo" src=x>now', "Start now"),
        (
            "<title>T</title><style>p > a {}</style><script>if (a < b) {}</script><!-- <p>x</p> -->Hi<!doctype html>",
            "Hi",
        ),
        ("<!--[if mso]><p>Outlook</p><![endif]--><![if !mso]>others<![endif]>", "others"),
        ("<script>never closed <p>Hi", ""),
        ('<div style="display:none; max-height:0">preheader</div>Hi', "Hi"),
        ('<span style="VISIBILITY : hidden">x</span><p hidden>x</p><p style="max-height: 0px;">x</p>Hi', "Hi"),
        ('<div style="max-height:0.5em">shown</div>', "shown"),
        ('<div style="font-size:0px">gap<p style="font-size:14px">shown</p>gap</div>', "shown"),
        ("<blockquote type=cite><p>old</p>older</blockquote>new", "> old\n>\n> older\n>\nnew"),
        ('<blockquote class="gmail_quote">old</blockquote><blockquote>Alice said</blockquote>', "> old\n>\nAlice said"),
        ("<p title='unclosed>Hi", ""),
        ("<unknown-tag><b>bo</b>ld</unknown-tag>", "bold"),
        ("", ""),
    ],
)
def test_html_is_what_is_seen(html: str, text: str) -> None:
    assert text_of(html).strip() == text


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "unit", ["<div>", "<ul><li>", "<div><p>", "<b><p>", "<p ", "<p a='", "<", "<!--", " <br>", "<a><title>", "\n"]
)
def test_hostile_html_can_not_buy_time(unit: str) -> None:
    """A megabyte of open <div> takes lexbor 82 s."""
    assert text_of("<p>Hi</p><pre>" + unit * (2**20 // len(unit))).startswith("Hi")


@pytest.mark.timeout(60)
def test_a_tag_can_have_any_number_of_attributes() -> None:
    """300,000 of them take lexbor more than two minutes."""
    assert text_of("<p " + " ".join(f"a{i}" for i in range(300_000)) + ">Hi").strip() == "Hi"
