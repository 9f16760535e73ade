"""The labelled mail that ships: enough of it, well named, varied, and nobody's personal data."""

import re
from collections import Counter, defaultdict
from email import message_from_bytes, policy
from functools import cache
from itertools import combinations
from pathlib import Path

import pytest

from tests.shipped import labelled
from unburnt.core import senders
from unburnt.core.model import Label
from unburnt.world.corpus import CorpusProblem, Example, example, marks, paths, shipped

_LANGUAGES = {"en", "de", "fr", "es", "it", "nl", "pt", "pl", "sv", "tr"}
_RESERVED = (".example", ".invalid", ".test", "example.com", "example.net", "example.org")  # RFC 2606
_SERVICES = (  # addresses of machines, and systems that senders.toml need not know
    "otp.workday.com",
    "calendar-notification@google.com",
    "@github.com",
    "@noreply.github.com",
    "@reply.github.com",
    "@groups.io",
    "@easychair.org",
    "@refline.ch",
    "@talentclue.com",
    "@talent-soft.com",
    "@taleez.com",
)
_NO_TELEPHONE = ("0077 4410 22",)  # the number of a loyalty card
_PICTURE = (".png", ".jpg", ".gif", ".svg")
_ADDRESS = re.compile(r"[\w.+-]{1,64}@(?:[a-z0-9-]{1,63}\.){1,5}[a-z]{2,24}", re.IGNORECASE)
_PHONE = re.compile(r"(?<![\w/.=-])(?:\+\d{1,3}|\(0?\d{2,5}\)|0\d{2,4})(?:[ ()/.-]{1,2}\d{2,5}){2,5}(?![\w/-])")
_FICTIONAL = re.compile(
    r"55+[ -]?\d?\d?[ -]?01\d\d|5550?1|555|0{4}|(\d)\1\1|1234|1632[ -]?960|7700[ -]?900|9\d{2}[ -]?01\d\d"
)


@cache
def _words(found: Example) -> tuple[str, ...]:
    return tuple(re.findall(r"\w+", found.mail.text.lower()))


def test_every_rejection_has_been_looked_at() -> None:
    """decisive.tsv says of each which sentences tell the applicant no. That they stand there is seen whenever it is read."""
    marked = marks(shipped())
    assert [each.name for each in labelled() if (each.label is Label.REJECTION) != (each.name in marked)] == []


def test_a_mark_without_its_sentence_is_told_by_its_mail(tmp_path: Path) -> None:
    """When a mail or the way sentences are told apart has changed."""
    (path := tmp_path / "rejection" / "en-form-quarry--01.eml").parent.mkdir()
    path.write_text("From: hr@quarry.example\n\nWe chose another. Good luck.\n", "utf-8")
    for mark, sentence in (("no", "We chose another"), ("around", "Good luck")):
        (tmp_path / "decisive.tsv").write_text(f"{path.stem}\t{mark}\t{sentence}\n", "utf-8")
        example(path, marks(tmp_path)).lesson()
        (tmp_path / "decisive.tsv").write_text(f"{path.stem}\t{mark}\t{sentence} indeed\n", "utf-8")
        with pytest.raises(CorpusProblem, match=f"{path.stem} has no sentence “{sentence} indeed”"):
            example(path, marks(tmp_path)).lesson()


def test_there_is_enough_of_it_in_ten_languages() -> None:
    """At least 150 rejections and 300 others, and both in every language of the product."""
    labels = Counter(found.label for found in labelled())
    assert labels[Label.REJECTION] >= 150
    assert labels[Label.OTHER] >= 300
    assert {found.language for found in labelled()} == _LANGUAGES
    both = {(found.language, found.label) for found in labelled()}
    assert len(both) == 2 * len(_LANGUAGES)


def test_every_mail_has_the_header_of_a_real_one_and_some_text() -> None:
    """RFC 5322 section 3.6 asks for From and Date; delivery and the reader add the rest."""
    for path, found in zip(paths(shipped()), labelled(), strict=True):
        octets = path.read_bytes()
        assert found.name == path.stem
        assert found.mail.envelope.author is not None, found.name
        assert found.mail.envelope.date is not None, found.name
        assert found.mail.envelope.message_id, found.name
        assert found.mail.to, found.name
        assert b"\nMIME-Version: 1.0" in octets.replace(b"\r\n", b"\n"), found.name
        assert found.mail.text.strip() or found.mail.quoted.strip(), found.name


def test_form_does_not_give_the_label_away() -> None:
    """HTML, plain text and both occur in each label, short and long mail too."""
    for label in (Label.REJECTION, Label.OTHER):
        of_label = [found for found in labelled() if found.label is label]
        html = sum(found.mail.is_html for found in of_label) / len(of_label)
        lengths = sorted(len(_words(found)) for found in of_label)
        assert 0.2 <= html <= 0.8, label
        assert lengths[len(lengths) // 10] <= 45, label
        assert lengths[-len(lengths) // 10] >= 130, label


def test_no_two_families_say_the_same() -> None:
    """Word 5-gram Jaccard of at most 0.5 between families."""
    grams: dict[str, set[tuple[str, ...]]] = defaultdict(set)
    for found in labelled():
        words = _words(found)
        grams[found.family].update(zip(*(words[i:] for i in range(5)), strict=False))
    holders: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for family, own in grams.items():
        for gram in own:
            holders[gram].append(family)
    shared = Counter(pair for families in holders.values() for pair in combinations(sorted(families), 2))
    alike = [pair for pair, common in shared.items() if common > 0.5 * len(grams[pair[0]] | grams[pair[1]])]
    assert alike == []


def test_no_sentence_is_a_template() -> None:
    """A sentence of eight words or more occurs in five families at most."""
    families: dict[str, set[str]] = defaultdict(set)
    for found in labelled():
        for sentence in re.split(r"(?<=[.!?])\s+|\n\n+", found.mail.text):
            words = re.findall(r"\w+", sentence.lower())
            if len(words) >= 8:
                families[" ".join(words)].add(found.family)
    assert [sentence for sentence, of in families.items() if len(of) > 5] == []


def test_no_address_belongs_to_anybody() -> None:
    """Every address is in a reserved domain or in that of a system that sends for employers."""
    strange = set()
    for path in paths(shipped()):
        for found in _ADDRESS.findall(_plain(path.read_bytes())):
            address = found.lower()
            nobody = address.endswith((*_RESERVED, *_SERVICES, *_PICTURE))
            if not nobody and senders.system_of(address.rpartition("@")[2]) is None:
                strange.add((path.stem, address))
    assert strange == set()


def test_no_telephone_number_belongs_to_anybody() -> None:
    """Numbers that look like a telephone's are from ranges kept for fiction, or plainly made up."""
    strange = {
        (found.name, number)
        for found in labelled()
        for number in _PHONE.findall(f"{found.mail.text}\n{found.mail.quoted}")
        if not _FICTIONAL.search(number) and number not in _NO_TELEPHONE
    }
    assert strange == set()


@pytest.mark.parametrize(
    "name",
    [
        "en-form-grey-harbour--01.eml",
        "en-form-greyharbour.eml",
        "english-form-x--01.eml",
        "en-form-x--1.eml",
        "EN-form-x--01.eml",
    ],
)
def test_a_misnamed_file_is_an_error_that_names_it(tmp_path: Path, name: str) -> None:
    """…and shows what a name looks like."""
    (tmp_path / "rejection").mkdir()
    path = tmp_path / "rejection" / name
    path.write_bytes(b"From: a@b.example\n\nNo.\n")
    with pytest.raises(CorpusProblem, match=re.escape(name)) as problem:
        example(path)
    assert "<language>-<kind>-<family>--<nn>.eml" in str(problem.value)


def test_a_stray_file_or_an_empty_directory_is_an_error(tmp_path: Path) -> None:
    """Nothing is passed over in silence: what lies among labelled mail is labelled mail."""
    with pytest.raises(CorpusProblem, match="no labelled mail"):
        paths(tmp_path)
    for label in ("rejection", "other"):
        (tmp_path / label).mkdir()
    stray = tmp_path / "other" / "notes.txt"
    stray.write_text("x")
    with pytest.raises(CorpusProblem, match=r"notes\.txt"):
        paths(tmp_path)


def _plain(octets: bytes) -> str:
    """Header and decoded text parts, without Message-IDs and other made-up identifiers."""
    message = message_from_bytes(octets, policy=policy.default)
    parts = [part.get_content() for part in message.walk() if part.get_content_maintype() == "text"]
    header = [
        f"{name}: {value}"
        for name, value in message.items()
        if name.lower() in ("from", "to", "cc", "reply-to", "sender", "subject")
    ]
    return "\n".join([*header, *parts])
