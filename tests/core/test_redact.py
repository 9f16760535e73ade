"""What leaves in an export names nobody, can still be read, and teaches a model the same."""

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from email.message import EmailMessage
from functools import cache
from random import Random

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.shipped import labelled
from unburnt.core import named
from unburnt.core.classify import Classifier
from unburnt.core.features import document
from unburnt.core.language import LanguagePack
from unburnt.core.model import Mail, Origin, RawMessage
from unburnt.core.names import fold
from unburnt.core.ordinary import Ordinary, ordinary
from unburnt.core.parse import parse
from unburnt.core.pieces import Kind, lines, plain
from unburnt.core.redact import redact
from unburnt.world import packs, vocabulary
from unburnt.world.corpus import Example
from unburnt.world.models import load_or_fit

_SAMPLE = 600  # of the shipped mail, taken evenly
_READABLE = 0.90
_READABLE_EACH = 0.78
_SAME = 0.95

pytestmark = pytest.mark.timeout(600)  # seconds: all of the labelled mail is read


@dataclass(frozen=True)
class Person:
    """Somebody in the header; ``forms`` are how prose may name them."""

    name: str
    address: str
    forms: tuple[str, ...]


PEOPLE = (
    Person(
        "Siobhán O’Rourke",
        "siobhan.orourke@kestrelmoor.example",
        ("siobhán", "Siobhán's", "O'Rourke", "SIOBHÁN", "teamkestrelmoor"),
    ),
    Person("Jürgen Weißhaupt", "j.weisshaupt@firma-x.example", ("Weißhaupts", "Weisshaupt", "jürgen", "Juergen")),
    Person("Paweł Kowalczewski", "pawel@kowalczewski.example", ("Pawła", "Kowalczewskiego", "kowalczewski", "Pawłowi")),
    Person("Ayşegül Yıldırımtürk", "aysegul@gmail.com", ("Ayşegül'ün", "Yıldırımtürk’e", "yıldırımtürk", "AYŞEGÜL")),
    Person("Nguyễn Thị Huệ", "hue.nguyen@phobien.example", ("Nguyễn", "Huệ", "nguyễn")),
    Person("Ødegård, Åse", "ase.odegard@fjordkraftig.example", ("Ødegård", "ødegårds", "Fjordkraftig")),
    Person("Ngozi Okonkwo-Adeyemi", "ngozi84@yahoo.com", ("Okonkwo-Adeyemi", "ngozi", "ngozę", "Ngozi84", "adeyemi")),
    Person("Ольга Пустовойтова", "pustovoitova@rabota.example", ("Пустовойтовой", "Ольгу", "Ольга")),
    Person("张伟明", "zhang.weiming@gongsi.example", ("张伟明", "张伟明先生", "Weiming", "weiming")),
    Person("محمد الحسيني", "alhusseini@sharika.example", ("محمد", "الحسيني", "Alhusseini")),
    Person("प्रियंका शर्मा", "priyankasharma@udyam.example", ("प्रियंका", "Priyankasharma", "priyankasharma")),
    Person("Γιώργος Παπαδόπουλος", "gpapadopoulos@etairia.example", ("Παπαδόπουλου", "Γιώργο", "gpapadopoulos")),
)

# secret → what of it must not be found again
IDENTIFIERS = {
    "tom.brannigan@corp.brannigan.example": ("brannigan",),
    "<Tom.Brannigan+jobs@Brannigan.example>,": ("Brannigan", "brannigan"),
    "müller@bücher.example": ("müller", "bücher"),
    "jane[at]zzyzx.example": ("zzyzx",),
    "DE89 3704 0044 0532 0130 00": ("3704", "0532", "DE89"),
    "GB29NWBK60161331926819": ("NWBK", "60161331926819"),
    "PL61109010140000071219812874": ("PL61", "1090101"),
    "+49 (0)171 5557733": ("171", "5557733"),
    "020 7946 0958": ("7946", "0958"),
    "(212) 555-0147": ("212", "555", "0147"),
    "01 44 55 67 89": ("44", "55", "67"),
    "+48 601-234-567": ("601", "234", "567"),
    "0532 123 45 67": ("0532", "123", "45"),
    "\u0660\u0665\u0663\u0662": ("\u0665", "\u0663"),
    "14 Fenwickham Lane, SW1A 2AB": ("14", "Fenwickham", "SW1A", "2AB"),
    "Hauffstraße 27b, 70825 Korntal": ("27", "70825", "Hauff", "Korntal"),
    "https://www.linkedin.com/in/jane-zimmerli-4711": ("zimmerli", "4711", "linkedin"),
    "linkedin.com/in/janezimmerli": ("zimmerli",),
    "(www.zimmerli.example/cv?id=9b2f)": ("zimmerli", "9b2f"),
    "mailto:jane@zimmerli.example": ("zimmerli",),
    "@janezimmerli": ("zimmerli",),
    "REQ-2024-00123": ("2024", "00123"),
    "JR1004711": ("JR1", "4711"),
    "cv_jane_zimmerli": ("zimmerli",),
    "cv_jane_zimmerli_2025.pdf": ("zimmerli", "2025"),
    "d2f9c0aab81e44f0": ("d2f9", "b81e"),
    "deadbeefcafe": ("deadbeef",),
    "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9": ("eyJh", "UzI1"),
    "=?utf-8?b?WmltbWVybGk=?=": ("=?", "WmltbWVybGk"),
    "\U0001d419\U0001d422\U0001d426\U0001d426\U0001d41e\U0001d42b\U0001d425\U0001d422": (
        "Zimmerli",
        "zimmerli",
        "\U0001d419",
    ),
    "Zim\u2060merli": ("Zimmerli", "merli"),
    "Quillfeather & Sons": ("Quillfeather",),
}

PROSE = (
    "Dear candidate,", "thank you for applying for the role of", "Unfortunately we have decided not to go ahead with", "we met",
    "last Monday.", "The position was filled by", "please call me on", "or write to", "at our office in", "Your application",
    "leider können wir Ihnen keine Zusage geben", "Sehr geehrte Damen und Herren,", "niestety nie możemy", "maalesef", "\n", "\n\n", ". ",
    "Kind regards,\n", "Mit freundlichen Grüßen\n", "regards", "sent from my phone", "re:", "(", ")", "–", "- ", "/", ":",
)  # fmt: skip


@cache
def _packs() -> tuple[LanguagePack, ...]:
    return packs.load()


@cache
def _ordinary() -> Ordinary:
    """As the program has it: counted by whoever asks first, and kept."""
    return vocabulary.load(_packs())


def _sample() -> list[int]:
    return list(range(0, len(labelled()), len(labelled()) // _SAMPLE))


def _ordinary_elsewhere() -> Ordinary:
    """Without the sample, whose words are new then."""
    here = set(_sample())
    others = (each for at, each in enumerate(labelled()) if at not in here)
    return ordinary((vocabulary.words_of(each, _packs()) for each in others), _packs())


def _mail(person: Person, text: str, subject: str = "Your application", *, html: bool = False) -> Mail:
    made = EmailMessage()
    made["From"] = f'"{person.name}" <{person.address.partition("@")[0]}@{person.address.partition("@")[2]}>'
    made["To"], made["Subject"] = "sam.quibbleton@mail.example", " ".join(subject.split())
    made["Reply-To"], made["Message-ID"] = person.address, f"<1.{person.address}>"
    made["List-Unsubscribe"], made["Date"] = f"<mailto:{person.address}>", "Tue, 17 Nov 2026 18:39:01 +0100"
    made.set_content(text, charset="utf-8", subtype="html" if html else "plain")
    return parse(RawMessage(Origin("test"), made.as_bytes()))


def _given(mail: Mail) -> str:
    """All of what leaves, decoded, and the text as it is written too; the date aside."""
    octets = redact(mail, _packs(), _ordinary()).octets()
    read = parse(RawMessage(Origin("given"), octets))
    body = octets.partition(b"\n\n")[2].decode()
    header = f"{read.envelope.author} {read.reply_to} {read.to} {read.envelope.subject} {read.list_unsubscribe}"
    return plain(f"{header}\n{read.text}\n{body}")


def _tokens(person: Person) -> list[str]:
    """The words by which a person would be found, in all spellings."""
    words = re.findall(r"[^\W\d_]{3,}|[^\x00-\u04ff]{2,}", plain(f"{person.name} {person.address.partition('@')[0]}"))
    return [word for word in words if word not in {"example", "firma"}]


_planted = st.lists(st.sampled_from(sorted(IDENTIFIERS)), min_size=1, max_size=5)
_between = st.lists(st.sampled_from(PROSE), min_size=12, max_size=24)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(PEOPLE), _planted, _between, st.randoms(use_true_random=False), st.booleans())
@example(PEOPLE[1], ["REQ-2024-00123"], ["Weißhaupts"], Random(1), False)
def test_nothing_planted_survives(
    person: Person, secrets: list[str], prose: list[str], chance: Random, in_subject: bool
) -> None:
    """Neither what stands in the header, in any form and case, nor addresses, numbers, links and identifiers."""
    planted = [*secrets, *person.forms, *person.name.split(), person.name.lower()]
    parts = list(prose)
    for secret in planted:
        parts.insert(chance.randrange(len(parts) + 1), secret)
    text = " ".join(parts)
    given_away = _given(_mail(person, text, text if in_subject else "Your application"))
    folded = {fold(word) for word in re.findall(r"[^\W_]+", given_away)}
    for word in (*_tokens(person), *(w for form in person.forms for w in re.findall(r"[^\W\d_]{4,}", plain(form)))):
        assert fold(word) not in folded
    for trace in (trace for secret in secrets for trace in IDENTIFIERS[secret]):
        assert trace not in given_away
    assert not re.search(r"[1-9]", re.sub(r"https://link\.example/\d+", "", given_away))


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("hi quibbleton,\n\nnot this time.\n\ncheers\nbrannock", ("quibbleton", "brannock")),
        ("Dear Grace,\n\nGrace was a pleasure to meet.\n\nKind regards,\nMark Hill", ("Grace", "Mark", "Hill")),
        ("Liebe Frau Zollikofer,\n\nFrau Zollikofer, leider nein.\n\nViele Grüße\nDörte Plönske", ("Zollikofer", "Plönske")),
        ("Hello,\n\nwe met Dr. J. Vandersloot and his team.\n", ("Vandersloot", "J.")),
        ("Hello,\n\nthank you for coming. Joy will call you.\n", ("Joy",)),
        ("Hello,\n\nWe have told MARGUERITE so.\n", ("MARGUERITE",)),
    ],
)  # fmt: skip
def test_names_that_no_header_tells(text: str, names: tuple[str, ...]) -> None:
    """In greetings and signatures, where they may be written small or be common words, and wherever a capital tells."""
    given_away = _given(_mail(Person("", "no-reply@kestrelmoor.example", ()), text))
    assert [name for name in names if re.search(rf"\b{name}(?!\w)", given_away)] == []


def test_the_same_is_the_same_and_the_kind_of_sender_stays() -> None:
    """One stand-in for one person, in the header, in the text, in the address and in every case of it."""
    text = "Dear Sam,\n\nPriya's answer is no; ask Priyi.\n\nKind regards,\nPriya Natarajan\nCorvane\npriya.natarajan@corvane.example\n"
    left = redact(_mail(Person("Priya Natarajan", "priya.natarajan@corvane.example", ()), text), _packs(), _ordinary())
    assert left.author == ("Alex Moore", "alex.moore@northwind.example")
    assert "Alex's answer is no; ask Alex." in left.text
    assert left.text.endswith("Kind regards,\nAlex Moore\nNorthwind\nalex.moore@northwind.example")
    system = redact(
        _mail(Person("Corvane Careers", "no-reply@us.greenhouse-mail.io", ()), "No."), _packs(), _ordinary()
    )
    assert system.author == ("Northwind Careers", "no.reply@greenhouse-mail.io")


def test_an_invented_name_is_nobodys_in_the_mail() -> None:
    """Who is called as a stand-in would be gets another."""
    left = redact(
        _mail(Person("Alex Moore", "alex.moore@northwind.example", ()), "Dear Robin,\n\nno.\n\nAlex"),
        _packs(),
        _ordinary(),
    )
    assert not {"alex", "moore", "northwind", "robin"} & set(re.findall(r"\w+", f"{left.author} {left.text}".lower()))


def test_what_is_written_reads_the_same() -> None:
    """HTML stays HTML with the same text, and a stranger's markup is text."""
    left = redact(
        _mail(Person("", "a@b.example", ()), "<p>we are<br>sorry &lt;b&gt;</p><p>not this time</p>", html=True),
        _packs(),
        _ordinary(),
    )
    read = parse(RawMessage(Origin("given"), left.octets()))
    assert (read.text, read.is_html) == ("we are\nsorry <b>\n\nnot this time", True)
    assert (read.list_unsubscribe != "", read.envelope.date and read.envelope.date.hour) == (True, 12)


@cache
def _redacted() -> tuple[tuple[Example, Mail], ...]:
    """Part of the shipped mail, with the words of the rest known only, and read again."""
    found, known = [], _ordinary_elsewhere()
    for one in (labelled()[at] for at in _sample()):
        octets = redact(one.mail, _packs(), known).octets()
        found.append((one, parse(RawMessage(Origin(one.name), octets))))
    return tuple(found)


def test_ordinary_words_stay() -> None:
    """Of the words that are not in the header, so that a person can read it and a model learn from it."""
    kept: dict[str, int] = defaultdict(int)
    of: dict[str, int] = defaultdict(int)
    for one, left in _redacted():
        header, there = named.header_words(one.mail), Counter(re.findall(r"[^\W\d_]+", plain(left.text)))
        for piece in (piece for line in lines(one.mail.text) for piece in line if piece.kind is Kind.WORD):
            if fold(piece.text) not in header:
                of[one.language] += 1
                kept[one.language] += there[piece.text] > 0
                there[piece.text] -= 1
    shares = {language: round(kept[language] / of[language], 3) for language in of}
    assert sum(kept.values()) / sum(of.values()) >= _READABLE
    assert {language: share for language, share in shares.items() if share < _READABLE_EACH} == {}


def test_nobody_who_wrote_the_shipped_mail_is_named() -> None:
    """No word of a display name survives with a capital but those for teams, systems and the like."""
    survivors = set()
    for one, left in _redacted():
        name = one.mail.envelope.author.name if one.mail.envelope.author else ""
        words = {word for word in re.findall(r"[^\W\d_]{2,}", plain(name)) if not word.islower()}
        there = set(re.findall(r"[^\W\d_]+", plain(f"{left.envelope.author} {left.envelope.subject} {left.text}")))
        survivors |= {(one.name, word) for word in words & there if not _ordinary().in_address(word)}
    assert survivors == set()


def test_the_classifier_sees_the_same() -> None:
    """Nearly all labels stay, and most terms."""
    classifier = Classifier(load_or_fit()[0], None, None)
    same = [classifier.classify(one.mail).label is classifier.classify(left).label for one, left in _redacted()]
    assert sum(same) / len(same) >= _SAME
    header = [
        {t.key for t in document(m).terms if t.key.startswith("h:")}
        for pair in _redacted()
        for m in (pair[0].mail, pair[1])
    ]
    lost = Counter(key for before, after in zip(header[::2], header[1::2], strict=True) for key in before ^ after)
    assert set(lost) <= {"h:quotes an earlier mail", "h:attachments"} | {
        key for key in lost if key.startswith("h:template")
    }
