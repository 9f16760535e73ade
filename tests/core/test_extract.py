"""What a rejection tells: company, role, contact and stage, from whatever places the sender put them."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unburnt.core.clues import gather
from unburnt.core.extract import extract
from unburnt.core.language import LanguagePack
from unburnt.core.model import Address, Envelope, Mail, Rejection, Stage
from unburnt.core.role import clean, requisition
from unburnt.world.packs import load

PACKS = load()
SORRY = "We have decided to go on with other applicants."


def told(
    author: str, subject: str, text: str, language: str | None = "en", *, reply_to: str = "", to: str = ""
) -> Rejection:
    """What is extracted from a mail; ``author`` and the others as in a header, "Name <address>"."""
    mail = Mail(
        Envelope("<1@x.example>", None, address(author), subject),
        identity="1",
        text=text,
        quoted="",
        reply_to=(address(reply_to),) if reply_to else (),
        to=(address(to),) if to else (),
    )
    return extract(mail, language, PACKS, ("sam@mail.example",))


def number_in(subject: str, text: str) -> str | None:
    """The requisition that a mail tells."""
    envelope = Envelope("<1@x.example>", None, address("<no-reply@ashbyhq.com>"), subject)
    return requisition(gather(Mail(envelope, identity="1", text=text, quoted=""), "en", PACKS))


def address(written: str) -> Address:
    name, _, addr_spec = written.rpartition("<")
    return Address(name.strip(), addr_spec.rstrip(">"))


@dataclass(frozen=True)
class Case:
    """A mail and the employer it is from."""

    fact: str
    author: str
    subject: str
    text: str
    company: str | None
    language: str = "en"


COMPANY = [
    Case(
        "Greenhouse leaves the display name empty: subject and text name the employer",
        "<no-reply@us.greenhouse-mail.io>",
        "Thank you for your interest in Larkmoor Systems",
        f"Hi Sam,\n\nThank you for applying to Larkmoor Systems. {SORRY}\n\nThe Larkmoor Talent Team",
        "Larkmoor Systems",
    ),
    Case(
        "Workday's tenant is spelled out by the text",
        "<haldenrowe@myworkday.com>",
        "Your application R-0009174",
        f"Dear Sam,\n\n{SORRY} Every year Halden & Rowe hires forty analysts.\n\nTalent Acquisition",
        "Halden & Rowe",
    ),
    Case(
        "Workday's display name ends in what it is",
        "Ostrava Steel Workday Notifications <ostst@myworkday.com>",
        "Update on JR1044",
        SORRY,
        "Ostrava Steel",
    ),
    Case(
        "Ashby's display name is the hiring team",
        "Loomcraft Hiring Team <no-reply@ashbyhq.com>",
        "Update",
        SORRY,
        "Loomcraft",
    ),
    Case(
        "iCIMS: the local part before the plus, and @ icims behind the name",
        "Dunmore Freight @ icims <dunmorefreight+autoreply@talent.icims.com>",
        "Driver (6620)",
        f"Dear Sam,\n{SORRY}",
        "Dunmore Freight",
    ),
    Case(
        "Taleo: the subject",
        "<hr-ravensmoor@invalidemail.com>",
        "Ravensmoor District Council - Digital Officer (RDC/0772)",
        "You have not been shortlisted.\n\nYours sincerely\n\nRecruitment Services\nRavensmoor District Council",
        "Ravensmoor District Council",
    ),
    Case(
        "Workable puts its own brand in the display name, which is never the employer",
        "Workable <noreply@candidates.workablemail.com>",
        "Tejo Labs | Regarding your application",
        f"Greetings from Tejo Labs! {SORRY}",
        "Tejo Labs",
    ),
    Case("a brand alone is no employer", "LinkedIn <jobs-noreply@linkedin.com>", "Your application", SORRY, None),
    Case(
        "Oracle has it nowhere in the header",
        "<hcxq.fa.sender@workflow.mail.us2.cloud.oracle.com>",
        "Job Requisition 300412",
        "The requisition was closed.\n\nRegards,\nBellwether Labs Talent Acquisition",
        "Bellwether Labs",
    ),
    Case(
        "LinkedIn's subject names role and employer",
        "LinkedIn <jobs-noreply@linkedin.com>",
        "Your application to Data Analyst at Brightwater Commerce",
        "Your update from Brightwater Commerce\n\nData Analyst",
        "Brightwater Commerce",
    ),
    Case(
        "a person who writes for a company is not the company",
        "Ingrid Solvang - Fjordkraft Media <ingrid.solvang@fjordkraft.teamtailor-mail.com>",
        "Your application",
        SORRY,
        "Fjordkraft Media",
    ),
    Case(
        "the domain is only a hint, the text has the spelling, less the legal form",
        "Jana Petrat <jana@nordlicht-optik.example>",
        "Bewerbung",
        "Liebe Frau Doe,\n\nleider nein.\n\nViele Grüße\nJana Petrat\nNordlicht Optik GmbH, Hafenstr. 4, 24103 Kiel",
        "Nordlicht Optik",
        "de",
    ),
    Case(
        "where nothing else is known the domain is the name",
        "Ama Deegan <ama@mothwing.example>",
        "hi",
        "It's a no. Ama",
        "Mothwing",
    ),
    Case("a mail provider's domain names nobody", "Ama Deegan <ama@gmail.com>", "hi", "It's a no.\n\nAma", None),
    Case(
        "an agency's consultant passes on the no of an employer",
        "Gareth Pugh - Finch Recruitment <gareth@finchrecruitment.example>",
        "Castellan Shipping - Chartering Clerk",
        "Heard back from Castellan Shipping just now, it's a no.\n\nRegards,\nGareth Pugh\nFinch Recruitment Ltd",
        "Castellan Shipping",
    ),
    Case(
        "the title applied for is not the company",
        "<no-reply@us.greenhouse-mail.io>",
        "Vantage Cove: Support Engineer",
        f"Thank you for your interest in the Support Engineer role. {SORRY}",
        "Vantage Cove",
    ),
    Case(
        "a name in passing is weaker than the author's own domain",
        "Nuria Vidal <nuria@pixelverde.example>",
        "Re: entrevista",
        "Hola Sam, buscamos a alguien que haya estado en Zentral, y no es tu caso.\n\nUn abrazo\nNuria",
        "Pixelverde",
        "es",
    ),
    Case(
        "French",
        "Service RH - Minoterie de l'Aubrac <recrutement@minoterie-aubrac.example>",
        "Votre candidature",
        "Monsieur,\n\nnous sommes au regret de ne pouvoir donner suite.",
        "Minoterie de l'Aubrac",
        "fr",
    ),
    Case(
        "Italian",
        "<no-reply@eu.greenhouse-mail.io>",
        "Aggiornamento sulla tua candidatura in Quadrantei",
        "Ciao Sam,\n\nci fermiamo qui.\n\nIl People Team di Quadrantei",
        "Quadrantei",
        "it",
    ),
    Case(
        "Dutch",
        "Werken bij Zorggroep De Wending <sollicitaties@zorggroepdewending.example>",
        "Uw sollicitatie",
        "Geachte mevrouw,\n\nU behoort niet tot de kandidaten die wij uitnodigen.",
        "Zorggroep De Wending",
        "nl",
    ),
    Case(
        "Portuguese",
        "<no-reply@gupy.com.br>",
        "Sua candidatura",
        "Olá! Agradecemos o seu interesse na Rede Jacarandá. Seguimos com outras pessoas.\n\nEquipe da Rede Jacarandá",
        "Rede Jacarandá",
        "pt",
    ),
    Case(
        "Polish",
        "Kolejówka Cargo S.A. - Rekrutacja <noreply@erecruiter.pl>",
        "Rekrutacja: Spedytor",
        "Uprzejmie informujemy, że zaprosiliśmy inne osoby.\n\nZ poważaniem,\nDział Personalny",
        "Kolejówka Cargo",
        "pl",
    ),
    Case(
        "Swedish",
        "<noreply@reachmee.com>",
        "Återkoppling",
        "Hej,\n\nDu är inte en av dem den här gången.\n\nHälsningar från rekryteringsteamet på Granbarr",
        "Granbarr",
        "sv",
    ),
    Case(
        "Turkish, where suffixes follow the name",
        "LinkedIn <jobs-noreply@linkedin.com>",
        "Mavi Karavan şirketindeki İçerik Editörü başvurunuz",
        "Mavi Karavan’den güncelleme\n\nMaalesef Mavi Karavan bu başvurunuzla ilerlemeyecek.",
        "Mavi Karavan",
        "tr",
    ),
    Case(
        "a domain of beginnings and initials points to a line of the signature",
        "Ruth Hollen <rhollen@oakstonevu.example>",
        "Teller, Elm St. branch",
        "We chose another.\n\nKind regards,\nRuth\nElm Street branch\nOakstone Verdant Umber",
        "Oakstone Verdant Umber",
    ),
    Case(
        "a portal lists the employer, whatever its own display name is",
        "TalentKabine <status@talentkabine.example>",
        "Statusänderung",
        "Ihr Status: abgelehnt\n\nPosition: Elektroniker\nArbeitgeber: Papierfabrik Niederau GmbH\n\nIhre TalentKabine",
        "Papierfabrik Niederau",
        "de",
    ),
    Case(
        "a department in the display name is none, the domain is",
        "Selection Unit <selection-unit@baltic-archives.example>",
        "Vacancy notice 04",
        f"Dear candidate,\n{SORRY}\n\nSecretariat of the Selection Committee",
        "Baltic Archives",
    ),
    Case(
        "a name of a person's shape that the domain bears, at the address of somebody else, is the employer's",
        "Sabbia Lunetta <eva@lunettasabbia.example>",
        "Modellista",
        "Abbiamo scelto un'altra persona.\n\nCordiali saluti,\nEva",
        "Sabbia Lunetta",
        "it",
    ),
    Case(
        "a display name goes on with a kind of organisation in small letters",
        "Elmbro kommun <noreply@elmbro.example>",
        "Besked",
        "Tjänsten är tillsatt.",
        "Elmbro kommun",
        "sv",
    ),
    Case(
        "what a campaign is called is no part of the name",
        "Bluegum Stores Christmas Team <noreply@bluegumstores.example>",
        "Christmas casuals",
        SORRY,
        "Bluegum Stores",
    ),
    Case(
        "Dutch names begin with an article",
        "De Witt & Zonnevylle Accountants <jobs@dewittzonnevylle.example>",
        "Sollicitatie",
        "We kiezen een ander.",
        "De Witt & Zonnevylle Accountants",
        "nl",
    ),
    Case(
        "a line of the signature that is a phrase is no company",
        "Toon Smoor <toon@example.com>",
        "Proefavond",
        "Het wordt een ander.\n\nGroeten,\nToon\nVerzonden vanaf mijn telefoon",
        None,
        "nl",
    ),
    Case(
        "Workday's tenant in the display name is no person",
        "Target <target@myworkday.com>",
        "Your application",
        f"{SORRY}\n\nTarget Talent Acquisition",
        "Target",
    ),
    Case(
        "emoji and shouting around a name",
        "🚀 Blastpoint CAREERS 🚀 <no-reply@ats.rippling.com>",
        "💔 An update",
        SORRY,
        "Blastpoint",
    ),
]


@pytest.mark.parametrize("case", COMPANY, ids=lambda case: case.fact)
def test_company_is_found_where_the_sender_put_it(case: Case) -> None:
    assert told(case.author, case.subject, case.text, case.language).company == case.company


@pytest.mark.parametrize(
    ("language", "subject", "text", "role"),
    [
        ("en", "Update", "Thank you for applying for the Data Analyst role at Acme.", "Data Analyst"),
        ("en", "Update", "about the analytics engineer role, they said no", "analytics engineer"),
        ("en", "Re: Senior Data Analyst, Pricing - your application", "Sorry.", "Senior Data Analyst, Pricing"),
        ("en", "Your application to Welding Supervisor at Lidell Forge", "No.", "Welding Supervisor"),
        ("en", "Regarding R-20418 Payroll Specialist", "No.", "Payroll Specialist"),
        (
            "en",
            "Route Setter",
            "The Belay Instructor role comes up in May. As Route Setter we chose others.",
            "Route Setter",
        ),
        (
            "en",
            "Closed",
            "Job title: Instrumentation Technician III\nStatus: Not selected",
            "Instrumentation Technician III",
        ),
        ("en", "Outcome", "For the above position we have chosen somebody else.", None),
        ("en", "Your application", "Got your application for site foreman. We took somebody else.", "site foreman"),
        ("en", "underkeeper", "Somebody from the estate will do it.", "underkeeper"),
        ("en", "Registered Nurse, Renal - your application", "No.", "Registered Nurse, Renal"),
        ("en", "Process engineer, Holstebro", "The works in Holstebro took somebody else.", "Process engineer"),
        ("en", "Finance Manager - Swansea", "No.", "Finance Manager"),
        ("en", "Claims Handler (Motor), Cork", "About the Claims Handler vacancy: no.", "Claims Handler (Motor)"),
        ("en", "Treasury Analyst interview", "He took somebody else for the analyst seat.", "Treasury Analyst"),
        ("en", "Receptionist / Administrator", "No.", "Receptionist / Administrator"),
        ("en", "SQL task", "The SQL task was not what we hoped for.", None),
        ("de", "Deine Bewerbung als Straßenbahnfahrer:in", "Leider nein.", "Straßenbahnfahrer:in"),
        ("de", "Absage", "Ihre Bewerbung um die Stelle der Pflegefachkraft hat uns gefreut.", "Pflegefachkraft"),
        ("fr", "Recrutement annulé", "le recrutement d'un assistant d'édition est annulé", "assistant d'édition"),
        ("es", "Tu inscripción como Gerocultor/a (Leganés)", "No.", "Gerocultor/a"),
        ("nl", "Uw sollicitatie", "uw sollicitatie als operator niet in behandeling te nemen", "operator"),
        ("en", "Your application", "We won't take it further.", None),
        ("de", "Ihre Bewerbung als WIG-Schweißer (m/w/d)", "Leider nein.", "WIG-Schweißer"),
        ("fr", "Votre candidature au poste de conducteur de ligne", "Non.", "conducteur de ligne"),
        ("es", "Tu candidatura a Product Designer en Cobre", "No.", "Product Designer"),
        (
            "it",
            "Esito",
            "la Sua candidatura per la posizione di Addetto alla logistica, purtroppo",
            "Addetto alla logistica",
        ),
        ("nl", "Uitslag", "je sollicitatie naar de functie van verpleegkundige op onze locatie", "verpleegkundige"),
        (
            "pt",
            "Atualização",
            "para a vaga de Analista de Dados (Recife) seguimos com outra pessoa",
            "Analista de Dados",
        ),
        (
            "pl",
            "Rekrutacja",
            "dziękuję za udział w rekrutacji na stanowisko Technolog zboża oraz za czas",
            "Technolog zboża",
        ),
        (
            "pl",
            "Lektor języka hiszpańskiego – wyniki",
            "rekrutacja na stanowisko lektora języka hiszpańskiego dobiegła końca",
            "Lektor języka hiszpańskiego",
        ),
        ("tr", "Pozisyon kapandı", "Başvurduğunuz şoför pozisyonu doldurulmuştur.", "şoför"),
        ("sv", "Besked", "Tack för visat intresse för tjänsten som Kantpressare.", "Kantpressare"),
        ("tr", "Sonuç", "Bütçe Uzmanı pozisyonu için yapmış olduğunuz başvuru", "Bütçe Uzmanı"),
    ],
)
def test_role_is_the_title_as_written(language: str, subject: str, text: str, role: str | None) -> None:
    assert told("<no-reply@ashbyhq.com>", subject, text, language).role == role


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("R-0009174 Senior Data Analyst, Pricing", "Senior Data Analyst, Pricing"),
        ("Battery Test Engineer, 56120BR", "Battery Test Engineer"),
        ("Haul Truck Trainer (Job Number: 2600881)", "Haul Truck Trainer"),
        ("the Data Analyst position", "Data Analyst"),
        ("Koch (m/w/d)", "Koch"),
        ("Kundenberater/in Privatkunden 80-100%", "Kundenberater/in Privatkunden"),
        ("Reporting Analyst (Remote)", "Reporting Analyst"),
        ("Receptionist (Leeds, UK)", "Receptionist"),
        ("Data Developer (Student Analytics)", "Data Developer (Student Analytics)"),
        ("Data Intern - Summer 2027", "Data Intern - Summer 2027"),
        ("Software Engineer I", "Software Engineer I"),
        ("C++ Developer", "C++ Developer"),
        ("your application", ""),
        ("12 May", ""),
    ],
)
def test_title_is_freed_of_the_employers_bookkeeping(written: str, title: str) -> None:
    assert clean(written) == title


@pytest.mark.parametrize(
    ("subject", "text", "number"),
    [
        ("JR-118204 Sterile Processing Technician", "", "JR-118204"),
        ("Production Planner (2024-118)", "", "2024-118"),
        ("Vacancy KDC/4471 Housing Officer", "", "KDC/4471"),
        ("Tjänsten är tillsatt (UFV-PA 2026/388)", "", "UFV-PA 2026/388"),
        ("Battery Test Engineer, 56120BR", "", "56120BR"),
        ("Ihre Bewerbung, Kennziffer 4471", "", "4471"),
        ("26-F-041 Selection committee", "", "26-F-041"),
        ("Update", "your application for Haul Truck Trainer (Job Number: 2600881)", "2600881"),
        ("Update", "au poste de Chargé de projet (REF4471K)", "REF4471K"),
        ("Update", "Requisition ID: R-2231", "R-2231"),
        ("Update", "the role JR10442 Clinical Associate is closed", "JR10442"),
        ("Update", "Apply for R-1 or call us on (020) 7946 0155 or +44 20 7946 0155.", None),
        ("Update 2026", "Since 2019, and in the season 2026/27, we hire in May. Application of 12/05/2026.", None),
        ("Ihre Bewerbung vom 05.11.2025", "am 2025-11-05 um 10:30", None),
        ("Salary", "The position pays 45000 EUR, £45,000 or 60-80% of it.", None),
        ("Update", "Acme, 10115 Berlin, D-10115, 75008 Paris, SW1A 1AA", None),
        ("Your ISO-9001 role", "(UE) 2016/679 (2016/679) (COVID-19) S/4HANA", None),
        ("Update", "https://jobs.acme.example/jobs/12345 and jane.roe-4471@acme.example", None),
    ],
)
def test_requisition_is_the_vacancys_number_as_written(subject: str, text: str, number: str | None) -> None:
    assert number_in(subject, text) == number


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "Our client has decided to see other people."),
        ("en", "The client felt that others were closer."),
        ("de", "Unser Mandant hat sich anders entschieden."),
        ("fr", "Notre client n'a pas retenu votre dossier."),
        ("es", "Nuestro cliente ha elegido a otra persona."),
        ("it", "Il nostro cliente ha scelto un altro profilo."),
        ("nl", "Onze opdrachtgever gaat verder met een ander."),
        ("pt", "O nosso cliente optou por outra pessoa."),
        ("pl", "Nasz klient wybrał inną osobę."),
        ("sv", "Vår uppdragsgivare har valt en annan."),
        ("tr", "Müşterimiz başka bir adayla ilerliyor."),
    ],
)
def test_agency_that_does_not_name_its_client_is_not_the_employer(language: str, said: str) -> None:
    text = f"{said}\n\nMarla Finch\nPrincipal Consultant\nFinch Marlowe\n020 7946 0155"
    found = told("Marla Finch <marla@finchmarlowe.example>", "Controller", text, language)

    assert (found.company, found.agency) == (None, "Finch Marlowe")


@pytest.mark.parametrize(
    ("author", "signature", "agency"),
    [
        (
            "Ada Rowe <ada@rowefinch.example>",
            "Ada Rowe\nRowe Finch Executive Search, Oslo",
            "Rowe Finch Executive Search",
        ),
        ("Ada Rowe <ada@lexbridgesearch.example>", "Ada", "Lexbridge Search"),
        ("Ewa Lis <ewa@kadrymost.example>", "Ewa Lis\nKadry Most | KRAZ 00000", "Kadry Most"),
    ],
)
def test_agency_is_told_by_its_trade_and_its_licence(author: str, signature: str, agency: str) -> None:
    """Whoever speaks of no client by that word says so in the signature or has it in the domain."""
    found = told(author, "Controller", f"They went for somebody else, I am afraid.\n\nRegards,\n{signature}")

    assert (found.company, found.agency) == (None, agency)


@pytest.mark.parametrize(
    ("text", "company", "agency"),
    [
        (
            "I have heard from Ann. Castellan Ferries liked you, but they have gone with somebody else.",
            "Castellan Ferries",
            "Finch Marlowe Recruitment",
        ),
        ("Thank you for applying to Finch Marlowe. Our clients need people who know the trade.", "Finch Marlowe", None),
    ],
)
def test_agency_is_told_from_its_client(text: str, company: str, agency: str | None) -> None:
    signature = "\n\nKind regards,\nMarla Roe\nFinch Marlowe Recruitment Ltd"
    found = told("Marla Roe <marla@finchmarlowe.example>", "Controller", text + signature)

    assert (found.company, found.agency) == (company, agency)


@pytest.mark.parametrize(
    ("author", "subject", "text", "company"),
    [
        (
            "ACME LOGISTICS <no-reply@hire.lever.co>",
            "No",
            "Thank you for applying to Acme Logistics.",
            "Acme Logistics",
        ),
        ("ACME LOGISTICS <no-reply@hire.lever.co>", "No", SORRY, "Acme Logistics"),
        ("IKEMA <no-reply@hire.lever.co>", "No", SORRY, "IKEMA"),
        ("Gemeente Oudemeer <p@oudemeer.example>", "Besluit", "Nee. Oudemeer kiest een ander.", "Gemeente Oudemeer"),
        (
            "<no-reply@us.greenhouse-mail.io>",
            "Your application to Indeed",
            "Thank you for applying to Indeed.",
            "Indeed",
        ),
        ("Indeed <indeedapply@indeed.com>", "Your application to Indeed", "Thank you for applying to Indeed.", None),
    ],
)
def test_company_is_spelt_as_it_spells_itself(author: str, subject: str, text: str, company: str | None) -> None:
    assert told(author, subject, text).company == company


@pytest.mark.parametrize(
    ("author", "text", "language", "contact"),
    [
        ("Benedikt Ahlgren <b.ahlgren@tolland.example>", "No.\n\nWarm regards,\nBenedikt", "en", "Benedikt Ahlgren"),
        ("Target <target@myworkday.com>", "No.\n\nTarget Talent Acquisition", "en", None),
        ("Regina Kolbe <kolbe@haus.example>", "Nein.\n\nHerzliche Grüße\nR. Kolbe\nLeitung", "de", "Regina Kolbe"),
        (
            "Acme <jobs@m.personio.com>",
            "Nein.\n\nMit freundlichen Grüßen\ni. A. Melanie Rothfuß\nPersonal",
            "de",
            "Melanie Rothfuß",
        ),
        (
            "Acme <recruiting@acme.example>",
            "No.\n\nBest,\nDr. Nguyễn Thị Hồng Ánh (she/her)",
            "en",
            "Nguyễn Thị Hồng Ánh",
        ),
        ("佐藤 美咲 <m-sato@kumogata.example>", "No.\n\nKind regards\n佐藤 美咲", "en", "佐藤 美咲"),
        ("Roe, Jane - Human Resources <jane.roe@acme.example>", "No.", "en", "Jane Roe"),
        ("Ana Ruiz <ana@acme.example>", "No.\n\nYours sincerely,\nPedro Gil\nDirector", "en", "Pedro Gil"),
        ("Ingrid Solvang (Fjordkraft) <ingrid@fjordkraft.example>", "No.", "en", "Ingrid Solvang"),
        (
            "Femke van Parcel Puffin <femke.x71c.parcelpuffin@recruitee-mailbox.com>",
            "Nee.\n\nGroetjes,\nFemke",
            "nl",
            "Femke",
        ),
        (
            "Dana Whitlock <noreply@candidates.workablemail.com>",
            "No.\n\nDana Whitlock\nTalent Lead",
            "en",
            "Dana Whitlock",
        ),
        ("Acme Hiring Team <no-reply@ashbyhq.com>", "No.\n\nBest,\nThe Acme Hiring Team", "en", None),
        ("Laiterie Berthier <noreply@smartrecruiters.com>", "Non.\n\nCordialement,\nLaiterie Berthier", "fr", None),
        ("Glint Robotics <careers@glintrobotics.example>", "No.\n\nKind regards\nGlint Robotics", "en", None),
        ("<no-reply@ashbyhq.com>", "Sam Doe,\n\nit's a no.\n\nThanks,\nSam Doe", "en", None),
    ],
)
def test_contact_is_a_person(author: str, text: str, language: str, contact: str | None) -> None:
    found = told(author, "Your application", text, language, to="Sam Doe <sam@mail.example>").contact
    assert (found.name if found else None) == contact


def test_contact_behind_a_machine_has_no_address() -> None:
    found = told("Marisol Quintero <notifications@app.bamboohr.com>", "No", "Sorry.\n\nBest,\nMarisol Quintero")

    assert found.contact is not None
    assert (found.contact.name, found.contact.address) == ("Marisol Quintero", "")


@pytest.mark.parametrize(
    ("language", "text", "stage"),
    [
        ("en", "We made our decision after the final round, and it was close.", Stage.FINAL),
        ("en", "We have invited other people to the final round.", Stage.APPLICATION),
        ("en", "Thank you for taking the time to interview with us.", Stage.INTERVIEW),
        ("en", "We will not be inviting you to an interview.", Stage.APPLICATION),
        ("en", "Your take-home was marked by two of us.", Stage.ASSESSMENT),
        ("en", "Following the phone screen we chose others.", Stage.SCREENING),
        ("en", "After the phone screen and your interview with Tom we chose others.", Stage.INTERVIEW),
        ("en", "Thank you for applying.", Stage.APPLICATION),
        ("de", "vielen Dank für das angenehme Gespräch am Montag", Stage.INTERVIEW),
        ("de", "leider können wir Sie nicht zu einem Gespräch einladen", Stage.APPLICATION),
        ("fr", "suite à notre entretien de mardi", Stage.INTERVIEW),
        ("es", "tras la entrevista del martes", Stage.INTERVIEW),
        ("it", "l'esito della prova scritta", Stage.ASSESSMENT),
        ("nl", "na ons gesprek van vorige week", Stage.INTERVIEW),
        ("pt", "após a entrevista de ontem", Stage.INTERVIEW),
        ("pl", "dziękuję za bardzo ciekawą rozmowę", Stage.INTERVIEW),
        ("sv", "tack för intervjun i tisdags", Stage.INTERVIEW),
        ("tr", "görüşmemizde anlattıklarınız için teşekkürler", Stage.INTERVIEW),
    ],
)
def test_stage_is_how_far_this_applicant_came(language: str, text: str, stage: Stage) -> None:
    assert told("<no-reply@ashbyhq.com>", "Update", text, language).stage is stage


def test_phrase_is_found_across_a_hard_wrap() -> None:
    text = "Dear Sam,\n\nthank you very much for all of the care that you put into your application to Quarry\nStone Audio. No."
    wrapped = text.replace("application to Quarry", "application that you sent to us for the position at Quarry")

    assert told("<no-reply@ashbyhq.com>", "Update", wrapped).company == "Quarry Stone Audio"


def test_unknown_language_is_read_with_english_phrases() -> None:
    found = told("<no-reply@ashbyhq.com>", "Besked", "Thank you for applying to Fjellvann.", None)

    assert (found.company, found.language) == ("Fjellvann", "en")
    assert told("<no-reply@ashbyhq.com>", "Besked", "Takk.", "nb").language == "nb"


def test_english_phrases_are_tried_on_every_mail() -> None:
    """Systems set their English frame around a German text."""
    assert told("<no-reply@ashbyhq.com>", "Update", "Thank you for applying to Fjellvann.", "de").company == "Fjellvann"


@given(st.text(max_size=200), st.text(max_size=300), st.text(max_size=2000), st.sampled_from([p.code for p in PACKS]))
def test_whatever_a_stranger_writes_gives_a_rejection(name: str, subject: str, text: str, language: str) -> None:
    found = told(f"{name} <{name}@x.example>", subject, text, language)

    assert found.company is None or found.company.strip()
    assert found.role is None or found.role.strip()


def test_every_pack_is_complete_and_english_is_first() -> None:
    assert PACKS[0].code == "en"
    assert {pack.code for pack in PACKS} == {"en", "de", "fr", "es", "it", "nl", "pt", "pl", "sv", "tr"}
    for pack in PACKS:
        assert {"company", "role"} <= groups(pack), pack.code
        assert set(pack.stages) == {Stage.FINAL, Stage.INTERVIEW, Stage.ASSESSMENT, Stage.SCREENING}, pack.code
        assert all(word == word.lower() for word in (*pack.signoffs, *pack.team_words)), pack.code


def groups(pack: LanguagePack) -> set[str]:
    return {group for pattern in (*pack.subject, *pack.body) for group in pattern.groupindex}
