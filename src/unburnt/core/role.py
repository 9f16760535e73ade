"""Which position was applied for, as the mail writes it, without the employer's book-keeping."""

import re
from collections.abc import Iterator, Mapping

from unburnt.core.clues import Clues, matches
from unburnt.core.names import agree, fold

_ENOUGH = 1.5
_BY_PATTERN = 2.0
_RANK = 0.03  # what a pattern loses for each one before it: the last ones count only with a noun of work in them
_BY_NOUN = 0.5
_LONGEST = 90
_MOST_WORDS = 13
_EDGES = " \t,;:.!?-–—|/·•*_~'\"“”„«»‹›‘’`´&+#"
_NUMBER = re.compile(
    r"[\[(]?\s*(?<![\w$€£])(?:(?:job|req(?:uisition)?|ref(?:erence)?|id|nr|no|kennz(?:iffer|eichen)?|réf|rif|dossier|vacaturenummer|posting)\b"
    r"[.:]?\s?(?:id|no|nr|number|code)?[.:#]?\s?#?)?(?:#\s?\d[\w/-]{0,20}|(?:[A-Z]{1,6}[-_/]?)?(?!(?:19|20)\d\d(?![\w/-]))\d{3,}[\w/-]{0,20}|[A-Z]{1,5}[-/]\d[\w/-]{0,20})"
    r"\s*[\])]?(?:\s?[-–:|]\s)?",
    re.IGNORECASE,
)
_GENDERS = re.compile(
    r"[\[(]?\s*(?<![\w/])(?:[mwfdxhiv](?:\s?[/|,]\s?[mwfdxhivag]){1,4}|all genders?|gn|alle geschlechter|mwd|k/m|m/k)(?![\w/])\s*[\])]?", re.IGNORECASE
)
_ASIDE = re.compile(r"\s*[(\[]([^()\[\]]{0,60})[)\]]?\s*$")
_PLACE = re.compile(
    r"^(?:[^\W\d_][\w.'’-]*|[^,()]{2,30},\s?[^()]{2,30})$|remote|hybrid|on-?site|télétravail|teletrabajo|smart working|home ?office|\d|%|full[- ]time|part[- ]time"
    r"|contract|temporary|permanent|vollzeit|teilzeit|befristet|cdi|cdd|fixed[- ]term",
    re.IGNORECASE,
)
_BEFORE = re.compile(
    r"^.{0,80}\b(?:the|our|your|this|that|unsere[rsmn]?|ihre[rsmn]?|votre|notre|su|tu|nuestr[oa]|sua|tua|nossa|nosso|jouw|uw|onze|din|ditt|vår)\s+|"
    r"^\d{1,3}\s+(?=\D)|^(?:proceso (?:de selección|selectivo)|notificación|resultado|curriculum|cv|candidature|candidatura|sollicitatie|bewerbung|ansökan|application|"
    r"entrevista|recruitment|posting|notice of results|notice|outcome of sift|outcome|urzędnicze|vacancy|vacature|update)\b[\s:–-]+|^(?:an?|as|als|de|d['’]|du|per|voor|för|som|di|del|para|na|to|of|for|open|vacant|role|position|post|job|poste|puesto|vaga|stelle|vacature|stanowisko)\s+",
    re.IGNORECASE,
)
_AFTER = re.compile(
    r"\s+(?:role|position|post|job|vacancy|opening|opportunity|internship position|application|appointment|competition|search|outcome|recruitment|stelle|funktion|vacature|functie|tjänst|tjänsten|rol|rolle|"
    r"pozisyonu|(?-i:at|with|in|for|and|or|the|of|to|de|en|und|y|e|i|och|w|bei|bij|hos|på|chez|presso))$",
    re.IGNORECASE,
)
_TERMS = re.compile(r"(?:,\s|\s[-–|]\s)(?:remote|hybrid|on-?site|télétravail|teletrabajo|home ?office|full[- ]time|part[- ]time|vollzeit|teilzeit|contract|temporary)\b.*$", re.IGNORECASE)
_AT = re.compile(r"\s(?:at|@|bei|chez|bij|hos|presso)\s.*$", re.IGNORECASE)
_PARTS = re.compile(r"\s[-–—|/:·]+\s|[|:]\s|\s//\s")
_PARTS_AND_COMMAS = re.compile(r"\s[-–—|/:·]+\s|[|:]\s|\s//\s|,\s")
_DATE = re.compile(r"^\d{1,2}\.? ?(?:jan|feb|m[aä]r|apr|ma[iy]|jun|jul|aug|sep|o[ck]t|nov|de[cz])[a-z]{0,6}\b", re.IGNORECASE)
_IN_BRACKETS = re.compile(r"\(([^()]{4,80})\)")
_SENTENCE = re.compile(
    r"\b(?:you|your|we|our|thanks?|applying|applied|appl(?:y|ication)s?|interest(?:ed)?|regarding|update|status|following|will|have|has|is|are|was|not|"
    r"wir|sie|uns|ihre?|vous|nous|votre|notre|usted|hemos|gracias|grazie|abbiamo|bedankt|jouw|uw|obrigad[oa]|temos|dziękujemy|tack|din|teşekkürler)\b",
    re.IGNORECASE,
)
_NOUN = re.compile(
    r"\b(?:accountant|administrator|advis[eo]r|agent|ambassador|analyst|apprentice(?:ship)?|architect|artist|assistant|associate|attendant|attorney|auditor|barista|"
    r"bookkeeper|buyer|carer|cashier|chef|clerk|coach|consultant|controller|cook|co-?ordinator|counsel|counsellor|crew|dentist|designer|developer|director|dispatcher|"
    r"driver|economist|editor|electrician|engineer(?:ing)?|estimator|executive|fellow(?:ship)?|fitter|framer|guide|handler|head of|illustrator|inspector|instructor|intern(?:ship)?|"
    r"journalist|lawyer|lead|leader|lecturer|librarian|machinist|manager|marketer|mechanic|merchandiser|midwife|nurse|officer|operator|optician|paralegal|partner|"
    r"pharmacist|ph\.?d|physicist|physiotherapist|pilot|planner|plumber|porter|postdoc(?:toral)?|producer|professor|programmer|recruiter|receptionist|reporter|representative|"
    r"researcher|sales|scientist|secretary|sonographer|specialist|strategist|supervisor|support|surveyor|teacher|technician|technologist|therapist|trader|trainee|trainer|"
    r"actor|actuary|aide|animator|archivist|baker|banker|barber|bartender|biologist|broker|caretaker|carpenter|chaplain|chemist|cleaner|concierge|constable|"
    r"copywriter|curator|deckhand|ecologist|florist|foreman|gardener|geologist|hairdresser|host|hostess|housekeep\w+|joiner|labourer|lifeguard|mason|musician|"
    r"painter|paramedic|phlebotomist|photographer|programme|program|psychologist|radiographer|ranger|roofer|statistician|stylist|teller|trustee|warden|"
    r"translator|tutor|underwriter|vet|waiter|waitress|warehouse|welder|worker|writer|"
    r"\w*(?:ingenieur|entwickler|leiter|leitung|bearbeiter|referent|berater|assistenz|assistent|fachkraft|kaufmann|kauffrau|verkäufer|techniker|lehrer|fahrer|pfleger|schweißer)(?:/?-?\*?:?in(?:nen)?)?|"
    r"werkstudent|praktik\w*|azubi|ausbildung|analyste|chargée?|chef(?:fe)? de|développeu\w+|ingénieure?|responsable|conseill\w+|assistante?|technicien\w*|infirmi\w+|vendeu\w+|"
    r"alternan\w+|stag(?:e|iaire)|analista|desarrollador\w*|ingeniero|ingeniera|técnico|técnica|gerente|asesor\w*|auxiliar|coordinador\w*|enfermer\w+|dependient\w+|"
    r"sviluppat\w+|ingegnere|addett\w+|impiegat\w+|responsabile|tecnico|tirocini\w+|commess\w+|ontwikkelaar|medewerker|adviseur|verpleegkundige|docent|monteur|chauffeur|"
    r"desenvolvedor\w*|engenheir\w+|analista|estagi\w+|programista|inżynier\w*|specjalist\w+|kierowni\w+|asystent\w*|doradc\w+|utvecklare|ingenjör|handläggare|"
    r"projektledare|sjuksköterska|säljare|ekonom|uzman\w*|mühendis\w*|geliştirici\w*|müdür\w*|asistan\w*|stajyer)\b",
    re.IGNORECASE,
)
_NOT_A_ROLE = re.compile(
    r"^(?:applications?|applying|candidates?|candidacy|positions?|roles?|jobs?|vacanc(?:y|ies)|openings?|opportunit(?:y|ies)|updates?|status|next steps?|teams?|interest|"
    r"interviews?|future|other|others|similar|open|further|future opportunities|thank you|thanks|important|news|information|message|notification|response|outcome|decision|"
    r"result|feedback|recruitment|recruiting|careers?|hiring|employment|company|organi[sz]ation|regarding|consideration|time|stage|process|bewerbung|stelle|absage|candidature|"
    r"poste|entretien|candidatura|solicitud|puesto|proceso|posizione|selezione|sollicitatie|vacature|vaga|rekrutacja|stanowisko|ansökan|tjänst|başvuru|pozisyon|"
    r"above|above-captioned|advertised|first|second|next|new|such|particular|same|right|us|you|me|it|this|that|here|today|linkedin|indeed|workday)\b(?:\W+(?:update|status|process|team|outcome|of|result|notification|opportunities|applicants?)\b.*)?$",
    re.IGNORECASE,
)


def titles(clues: Clues) -> dict[str, float]:
    """What may be the position applied for, and how much speaks for each."""
    found: dict[str, float] = {}
    for title, trust in _found(clues):
        name = clean(title)
        if name:
            found[name] = max(found.get(name, 0.0), trust)
    return {name: trust + _confirmed(name, clues) for name, trust in found.items()}


def role(weights: Mapping[str, float], company: str | None) -> str | None:
    """The title that subject and text state best; None when neither states one. It isn't the ``company``."""
    names = [name for name in weights if not company or not (agree(name, company) or fold(name) in fold(company))]
    best = max(names, key=weights.__getitem__, default="")
    if not best or weights[best] < _ENOUGH:
        return None
    return (clean(_without_company(best, company)) or best) if company else best


def _without_company(title: str, company: str) -> str:
    """ "Data Product Developer, Greyharbour" without the employer's name at either end."""
    parts = re.split(r"(,\s|\s[-–—|]\s|\s?:\s|\s\(|\))", title.rstrip(")"))
    if len(parts) > 1 and agree(parts[-1], company):
        return "".join(parts[:-2])
    return "".join(parts[2:]) if len(parts) > 1 and agree(parts[0], company) else title


def clean(raw: str) -> str:
    """A title without requisition number, "(m/f/d)", place in brackets, "role" and "position"; "" if nothing is left."""
    text, before = " ".join(raw.split()), None
    text = _GENDERS.sub(" ", _NUMBER.sub(" ", _TERMS.sub("", _AT.sub("", text)))).strip(_EDGES)
    while before != text:
        before = text
        text = _without_place(_AFTER.sub("", _BEFORE.sub("", text))).strip(_EDGES)
    text = " ".join(text.split()).replace(" ,", ",")
    if text.count("(") != text.count(")"):
        text = text.replace("(", "").replace(")", "")
    return text if _is_role(text) else ""


def _without_place(text: str) -> str:
    aside = _ASIDE.search(text)
    return text[: aside.start()] if aside and _PLACE.search(aside[1].strip()) else text


def _is_role(text: str) -> bool:
    return (
        3 <= len(text) <= _LONGEST
        and len(re.findall(r"\w{2,}", text)) <= _MOST_WORDS
        and any(c.isalpha() for c in text)
        and "@" not in text
        and _SENTENCE.search(text) is None
        and _NOT_A_ROLE.match(text) is None
        and _DATE.match(text) is None
    )


def _found(clues: Clues) -> Iterator[tuple[str, float]]:
    for pack in clues.packs:
        for rank, title in (*matches(pack.subject, "role", clues.subject), *matches(pack.body, "role", clues.paragraphs)):
            yield title, _BY_PATTERN - _RANK * rank + _noun(title, pack.code)
    for part in (clues.subject, *_PARTS.split(clues.subject), *_IN_BRACKETS.findall(clues.subject)):
        yield part, 1.5 if _NOUN.search(part) else 0.5 if " " in part else 0.0
    yield from ((part, 1.55) for part in _PARTS_AND_COMMAS.split(clues.subject) if _NOUN.search(part))


def _noun(title: str, language: str) -> float:
    """What a noun of work adds; an English title in small letters without one is a phrase: "the above position"."""
    if _NOUN.search(title):
        return _BY_NOUN
    return -_BY_NOUN if language == "en" and (clean(title).islower() or title[0].isdigit()) else 0.0


def _confirmed(name: str, clues: Clues) -> float:
    """What it adds that subject and text both hold the title."""
    folded = fold(name)
    both = folded in fold(clues.subject) and folded in fold(clues.paragraphs[:8000])
    return 1.5 + 0.01 * len(name) if both and (" " in name or _NOUN.search(name)) else 0.0
