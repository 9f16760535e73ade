"""The page of `unburnt evaluate --report`: hostile mail is only text on it, and in a browser it asks nobody."""

import json
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import closing
from html.parser import HTMLParser
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from tests.command import unburnt
from tests.mail import REJECTION_TEXT
from unburnt.core.model import Kind, Label, Verdict
from unburnt.evaluate import screen
from unburnt.evaluate.course import kind_figures
from unburnt.evaluate.evaluation import Evaluation
from unburnt.evaluate.figures import figures
from unburnt.evaluate.judged import Judged
from unburnt.evaluate.page import render

HOSTILE = '<script>document.title = "owned"</script>'
_BROWSER = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    """A server that nobody should connect to."""
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        server.setblocking(False)
        yield server


@pytest.fixture
def page(tmp_path: Path, listener: socket.socket) -> Path:
    """The report of a set whose every text is markup that runs a script and asks the listener."""
    lure = f"http://127.0.0.1:{listener.getsockname()[1]}/"
    markup = f'"><img src="{lure}a"><style>@import "{lure}b";</style><link rel=stylesheet href={lure}c>{HOSTILE}'
    body = f"{REJECTION_TEXT}\n{markup}\n" + "x" * 3000
    row = {"label": 0, "subject": markup, "from": f'"{HOSTILE}" <a@b.example>', "body": body}
    rows = [row | {"id": markup, "kind": markup, "lang": markup}, row | {"label": 1}]
    path = tmp_path / "hostile.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    report = tmp_path / "page.html"
    assert unburnt("evaluate", "--on", path, "--report", report).returncode == 0
    return report


class _Elements(HTMLParser):
    """The elements of a page and what they refer to."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.references: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        self.references.update(
            value or "" for name, value in attrs if name in {"src", "href", "srcset", "data", "action"}
        )


def test_mail_is_only_text_on_the_page(page: Path) -> None:
    """No element but our own, no reference but within the page, and a policy that would forbid the rest."""
    text = page.read_text("utf-8")
    found = _Elements()
    found.feed(text)

    assert found.names.isdisjoint({"script", "img", "link", "iframe", "object", "base", "form"})
    assert [reference for reference in found.references if not reference.startswith("#")] == []
    assert "default-src 'none'; style-src 'unsafe-inline'" in text
    assert "url(" not in text
    assert "&lt;script&gt;" in text
    assert page.stat().st_mode & 0o077 == 0


def test_kinds_are_told_on_the_page_and_on_the_terminal() -> None:
    """Each with its share and interval, "n/a" where there is nothing to count; without kinds nothing is said of them."""
    mail = Judged("a", True, "form", "en", "a person", "a", "", "", Verdict(Label.REJECTION, 0.9, (("no", 1.0),)))
    told = [*[(Kind.OFFER, Kind.OFFER)] * 9, (Kind.OFFER, Kind.STATUS)]
    with_kinds = Evaluation("", "", figures([mail], 0.7, 0.35), kind_figures(told))
    shown, plain = render(with_kinds), render(Evaluation("", "", with_kinds.figures))
    console = Console(width=120, record=True, file=StringIO())
    screen.show(console, with_kinds, errors=False)
    terminal = " ".join(console.export_text().split())

    summary = "he right kind for 90.0 % (59.6 – 98.2) of 10 mails that are no rejection"
    assert (summary in shown, summary in terminal, summary in plain) == (True, True, False)
    assert '<th scope="row">offer</th><td>10</td><td>100 %' in shown
    assert '<th scope="row">status</th><td>0</td><td>0 %' in shown
    assert "95 % interval 59.6 to 98.2 %" in shown
    assert "offer 10 100 % 70–100 90 % 60–98 status 0 0 % 0–79 n/a" in terminal
    assert ("#course" in shown, "#course" in plain) == (True, False)


def test_the_page_renders_in_a_browser_and_asks_nobody(page: Path, listener: socket.socket, tmp_path: Path) -> None:
    """The script in a subject shows as text, and nothing comes to the listener."""
    if _BROWSER is None:
        pytest.skip("chromium is not installed")
    quiet = (
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        f"--user-data-dir={tmp_path / 'profile'}",
        "--window-size=800,900",
    )
    picture = tmp_path / "page.png"
    dumped = subprocess.run(
        [_BROWSER, *quiet, "--dump-dom", page.as_uri()], capture_output=True, check=True, timeout=90
    ).stdout.decode()
    subprocess.run(
        [_BROWSER, *quiet, f"--screenshot={picture}", page.as_uri()], capture_output=True, check=True, timeout=90
    )

    assert "<title>Unburnt: how good is the classifier?</title>" in dumped
    assert "owned</title>" not in dumped
    assert dumped.count("<figure") == 3
    assert HOSTILE.replace("<", "&lt;").replace(">", "&gt;") in dumped
    assert picture.stat().st_size > 20_000
    with pytest.raises(BlockingIOError):
        listener.accept()
