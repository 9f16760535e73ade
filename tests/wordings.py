"""Three employers who say no in words of their own, and a players' guild that turns people down in the usual ones.

What a user teaches by votes. Forty mails each, no two alike: every mail takes another role, name and date, and one
sentence of each row. The first half are votes, the second half stays unseen.
"""

from dataclasses import dataclass

from unburnt.core.model import Label, Mail, Origin, RawMessage
from unburnt.core.parse import parse

_NAMES = "Alma Bruno Cleo Dario Edda Fritz Greta Hanno Ines Jonas Kaja Linus Mira Nils Olga Paul Ronja Sven Tilda Ulf".split()


@dataclass(frozen=True, slots=True)
class Wording:
    """How one sender puts it; ``rows`` are the paragraphs, each in several versions."""

    name: str
    language: str
    label: Label
    author: str
    subjects: tuple[str, ...]
    roles: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def mail(self, number: int) -> bytes:
        """The message with this number, of forty."""
        role = self.roles[number % len(self.roles)]
        picked = [row[(number * (place + 1) + number // len(row)) % len(row)] for place, row in enumerate(self.rows)]
        text = "\n\n".join(picked).format(name=_NAMES[number % len(_NAMES)], role=role, day=1 + number % 28)
        header = (
            f"From: {self.author}\nTo: you@mail.example\nSubject: {self.subjects[number % len(self.subjects)]}\n"
            f"Date: {1 + number % 28:02} Oct 2026 09:{number:02}:00 +0000\n"
            f"Message-ID: <{self.name}.{number}@mail.example>\nContent-Type: text/plain; charset=utf-8\n\n"
        )
        return f"{header.format(role=role)}{text}\n".encode()

    def mails(self, numbers: range) -> list[Mail]:
        return [parse(RawMessage(Origin(f"{self.name} {number}"), self.mail(number))) for number in numbers]


VOTED, UNSEEN = range(20), range(20, 40)

THEATRE = Wording(
    "theatre",
    "en",
    Label.REJECTION,
    "Larkmoor Playhouse <stagedoor@larkmoor.example>",
    ("Your evening with us", "Larkmoor Playhouse", "Notes after the audition: {role}"),
    (
        "Stage Manager",
        "Wardrobe Assistant",
        "Lighting Operator",
        "Front of House",
        "Dramaturg",
        "Carpenter",
        "Prompter",
        "Sound Designer",
        "Scenic Painter",
        "Props Maker",
        "Assistant Producer",
        "Box Office Assistant",
        "Choreographer",
        "Fly Operator",
        "Wig Maker",
        "Costume Cutter",
        "Production Manager",
        "Voice Coach",
        "Usher",
        "Followspot Operator",
        "Set Builder",
        "Repetiteur",
        "Casting Director",
        "Fight Director",
        "Understudy",
        "Stage Door Keeper",
        "Armourer",
        "Dresser",
        "Puppeteer",
        "Milliner",
        "Rigger",
        "Music Director",
        "Marketing Assistant",
        "Script Reader",
        "Literary Manager",
        "Technical Director",
        "Bar Supervisor",
        "Ticket Clerk",
        "House Manager",
        "Pyrotechnician",
    ),
    (
        ("Dear {name},", "Dearest {name},", "Hello {name},"),
        (
            "You walked onto our boards on the {day}th and the whole row of us sat up.",
            "What a pleasure it was to have you under our lamps on the {day}th.",
            "The smell of sawdust suited you, and the company still speaks of your entrance.",
        ),
        (
            "With this note we close the curtain on your audition as {role}.",
            "For the part of {role} the curtain comes down here, and the house lights go up.",
            "So the curtain closes on this audition: the bill for {role} is printed and another name stands on it.",
        ),
        (
            "Every season has its own bill, and there is always a door at the back.",
            "Come and sit in the stalls on us; there is a ticket under your name at the till.",
            "Break a leg on other stages.",
        ),
        ("Exeunt,\nThe Larkmoor company", "From the wings,\nOrla at Larkmoor", "Yours behind the curtain,\nLarkmoor"),
    ),
)

NURSERY = Wording(
    "nursery",
    "de",
    Label.REJECTION,
    "Gärtnerei Rankenhof <post@rankenhof.example>",
    ("Post aus dem Gewächshaus", "Dein Brief an den Rankenhof", "{role} im Rankenhof"),
    ("Gärtnerin", "Florist", "Baumpfleger", "Verkäuferin", "Fahrer", "Landschaftsgärtner", "Hofhelfer"),
    (
        ("Hallo {name},", "Moin {name},", "Servus {name},"),
        (
            "dein Brief lag am {day}. zwischen den Saatkisten und wir haben ihn am Ofen gelesen.",
            "zwischen Geranien und Gießkannen haben wir am {day}. über dich gesprochen.",
            "am {day}. hast du mit uns durch die Folie in den Regen geschaut, das war schön.",
        ),
        (
            "Das Beet, in dem du als {role} wachsen wolltest, ist für dieses Jahr bepflanzt.",
            "Im Beet von {role} steht seit Montag ein Apfelbaum, und er heißt Ruben.",
            "Das Beet {role} haben sich in diesem Frühjahr die Stare ausgesucht.",
        ),
        (
            "Manche Samen gehen eben auf einem anderen Acker auf.",
            "Behalte deine Samentüte trocken, der nächste Frühling kommt.",
            "Nimm dir am Tor einen Topf Minze mit, der steht dort für dich.",
        ),
        ("Grüne Grüße\nder Rankenhof", "Mit Erde an den Händen\nWiebke vom Rankenhof", "Bis zur Apfelblüte\nRankenhof"),
    ),
)

FERRY = Wording(
    "ferry",
    "en",
    Label.REJECTION,
    "Skerry Line <purser@skerryline.example>",
    ("Word from the quay", "Your passage with Skerry Line", "{role}, the {role} berth"),
    ("Deckhand", "Purser", "Marine Engineer", "Galley Cook", "Ticket Clerk", "Bosun", "Radio Officer"),
    (
        ("Ahoy {name},", "{name},", "Good morning {name},"),
        (
            "your letter came in on the tide of the {day}th and went round the mess table.",
            "we read your papers on the bridge on the {day}th, with the kettle on.",
            "thanks for climbing our gangway on the {day}th in that wind.",
        ),
        (
            "The gangway is up now and she sails with her crew; on the hook of the {role} hangs a mug with letters on it.",
            "We have cast off without you this time; there are boots under the hammock of the {role}.",
            "At high water the mate rang the bell for the {role}, and a pair of feet came running up the gangway.",
        ),
        (
            "There is many a harbour, and many a hull looking for hands.",
            "May you have a fair wind and a dry bunk elsewhere.",
            "Wave when we pass the lighthouse.",
        ),
        ("Fair winds,\nthe Skerry Line", "From the quarterdeck,\nCaptain Rendle", "Bell and anchor,\nSkerry Line"),
    ),
)

GUILD = Wording(
    "guild",
    "en",
    Label.OTHER,
    "Guild of the Amber Keep <heralds@amberkeep.example>",
    ("Your application to the Amber Keep", "Your application as {role}", "An answer from the heralds"),
    ("Paladin", "Healer", "Beastmaster", "Necromancer", "Quartermaster", "Rune Smith", "Warden"),
    (
        ("Dear {name},", "Greetings {name},", "Hail {name},"),
        (
            "Thank you for your application for the position of {role} in our raiding guild.",
            "Thank you for applying as {role} for our raids on the {day}th.",
            "Thank you for your interest in joining our raid team as {role}.",
        ),
        (
            "Unfortunately we have decided to move forward with other candidates for this raid.",
            "We regret to inform you that you have not been selected for the raid; another player was chosen.",
            "After careful consideration we will not be moving forward with your application to the guild.",
        ),
        (
            "Level up your gear in the arena and try again next season.",
            "Your character stays on our server, and the daily quests are open to everybody.",
            "Spend your gold at the market and watch the raids on our stream.",
        ),
        ("For the Keep,\nthe heralds", "May your loot be rare,\nthe heralds", "See you in the arena,\nthe heralds"),
    ),
)

EMPLOYERS = (THEATRE, NURSERY, FERRY)
