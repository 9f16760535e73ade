"""Names of companies and people as they stand in mail, cleaned of what mail puts around them. Unknown is ""."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from unburnt.core.language import LanguagePack

_LONGEST = 70  # characters of a company's name
_MOST_WORDS = 8

# Letters that NFKD leaves whole but an address spells otherwise.
_SPELLED = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "ß": "ss", "þ": "th", "ð": "d"})
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"})

_LEGAL_FORMS = (
    r"inc|incorporated|llc|l\.l\.c|llp|lp|ltd|limited|plc|corp|corporation|pty|pte|pvt|private limited|co|company limited|"
    r"gmbh|mbh|ag|kg|kgaa|ohg|ug|se|gbr|e\.?\s?v|e\.?\s?g|ggmbh|gesmbh|ges\.?\s?m\.?\s?b\.?\s?h|betriebsges\.?\s?m\.?\s?b\.?\s?h|"
    r"sa|s\.a|sas|s\.a\.s|sarl|s\.à\.r\.l|sàrl|sasu|scop|"
    r"sl|s\.l|slu|s\.l\.u|sau|"
    r"spa|s\.p\.a|srl|s\.r\.l|snc|s\.n\.c|sapa|"
    r"bv|b\.v|nv|n\.v|vzw|cv|vof|cvba|"
    r"ltda|eireli|s/a|lda|unipessoal|"
    r"sp\.?\s?z\s?o\.?\s?o|sp\.?\s?j|sp\.?\s?k|"
    r"ab|hb|kb|oy|oyj|aps|a/s|as|asa|"
    r"a\.\s?ş|aş|t\.\s?a\.\s?ş|ltd\.?\s?şti|şti|"
    r"kft|zrt|s\.r\.o|d\.o\.o|k\.k"
)
_SENTENCE = re.compile(
    r"\b(?:you|your|our|we|this|if|please|visit|thanks?|unfortunately|regards|e-?mail|application|message|click|page|website|privacy|unsubscribe|cookies?|"
    r"wir|unsere?|ihre?|sie|bitte|vous|nous|votre|notre|usted|nuestr[oa]|questa?|nostr[oa]|deze|onze|você|nossa|prosimy|denna|bu e-posta)\b",
    re.IGNORECASE,
)
_COUNTRIES = r"uk|usa|us|deutschland|germany|france|españa|spain|italia|italy|nederland|polska|sverige|türkiye|brasil|portugal|österreich|schweiz"
_LEGAL = re.compile(rf"(?:,?\s+(?:{_COUNTRIES}))?(?:,?\s+(?:&\s+)?\(?(?:{_LEGAL_FORMS})\.?\)?)+$", re.IGNORECASE)
_NO_NAME = re.compile(r"\d{4}|,.*\d|\d.*,")  # a year, a requisition, a street
_BRACKETS = re.compile(r"\s*[(\[{][^)\]}]{0,60}[)\]}]?")
_SEPARATOR = re.compile(r"\s+[-–—|/·•:~]+\s+|\s*[|·•:]\s+|\s*//\s*|\s*<>\s*")
_EDGES = " \t\r\n,;:.!?-–—|/·•*_~'\"“”„«»‹›`´()[]{}<>&+@#="
_VIA = re.compile(r"\s+(?:via|through|über|par|@)\s+\S.*$|\s*@\s*icims$", re.IGNORECASE)
_JOINING = re.compile(
    r"^(?:at|of|from|for|with|by|bei|von|vom|der|die|chez|de|des|du|d['’]|en|em|da|do|di|del|della|dell['’]|van|z|ze|w|"
    r"i|på|från|hos|and|und|et|y|e|och|&|the)\b\s*|\s+(?:at|of|from|for|with|by|de|di|da|van|von|z|på|and|the|&)$",
    re.IGNORECASE,
)
_ARTICLE = re.compile(r"^the\s+(?=\S+$)", re.IGNORECASE)
_JOINT = frozenset({"and", "und", "et", "y", "e", "och", "i", "en", "ve", "the"})

# Words that say "this is an organisation" in a name that could as well be a person's.
_ORGANISATION = frozenset(
    "academy agency airlines airways albergo apotheke architects arts assicurazioni associates association atelier "
    "authority autohaus automotive ayuntamiento azienda bageri bakery bakkerij banca banco bank banka bankası barbers "
    "basisschool belediyesi bistro boats boulangerie brouwerij bufete builders bureau bäckerei cabinet cafe caffè "
    "café capital care cargo center centre centrum charity charters church city clinic clinica clinique club clínica "
    "colegio college colégio commerce commission commune communications community compagnie companies company comune "
    "concepts conseil consulting cooperative corp corporation council county crèche cycles câmara dairy dental "
    "department design digital district dynamics education eetcafé electric electronics energie energy engineering "
    "enterprises entertainment escola escuela events express farm farms federal federation festival finance financial "
    "firma fitness fondazione foods forno foundation freight förskola förskolan fırın garage gardens gasthaus "
    "gemeente gemeinde global gmina group groupe grup gruppe handwerk hastanesi health healthcare holding holdings "
    "homes hospital hotel hotell housing hurtownia industries infrastructure initiative innovation innovations "
    "institute instytut insurance interactive international joinery kancelaria kanzlei kitchen klinik kliniken "
    "klinikum kolej koleji kommun krogen lab laboratories labs landkreis logistics lokanta magistrat mairie "
    "management manufacturing maritime market marketing materials mağaza media medical menuiserie mercado metzgerei "
    "mining ministerio ministry mobility motors municipal museet museum mutual nation national negozio network "
    "networks nursery officina oficina okul online otel outdoor packaging padaria panadería parish partners pharma "
    "pharmaceuticals piekarnia pizzeria police power praktijk praxis prefeitura press productions products properties "
    "property przychodnia public publishing pâtisserie rail railways recruitment regional research resort resorts "
    "resources restaurant restaurante retail ristorante robotics royal school schools schreinerei schule science "
    "sciences search security semiconductor service services shop sjukhus sklep sklepy skola slagerij social society "
    "société software solar solutions spedition spółka stadt stadtwerke stichting stores studio studios supermercado "
    "supply surgery systems taller talleres teatro tech technologies technology telecom theatre therapeutics tienda "
    "tischlerei toitures tours trade transit translations transport trattoria travel trust union universidad "
    "universitario university università universität université uniwersytet urząd vakfı ventures verein verkstad vets "
    "ville volunteers warsztat water waterschap wellness wind works yachts zakład ziekenhuis zorggroep åkeri école "
    "éditions étude üniversitesi".split()
)
# What a signature may hold instead of a person.
_DEPARTMENT = frozenset(
    "office administration management board committee department secretariat registrar editorial governors trustees everyone everybody "
    "volunteering volunteers selection panel faculty fellowships admissions apply application candidate manager director officer head "
    "coordinator kommission komisja comité comitato comissão jury styrelsen kurul müdürlük geschäftsführung vorstand leitung redaktion".split()
)
_PARTICLES = frozenset(
    "von van der den de del della di da dos das do du la le el al bin binti ibn ben ter ten te zu zur af av y e i of mac".split()
)
_HONORIFICS = re.compile(
    r"^(?:(?:i\.\s?a\.|i\.\s?v\.|ppa\.|gez\.|/-/|im auftrag|mr|mrs|ms|miss|mx|dr|prof|professor|revd?|sir|dame|captain|herr|frau|hr|fr|"
    r"dipl\.?-?\w{0,8}|mag|ing|hab|med|mme|mlle|monsieur|madame|sr|sra|srta|don|doña|d|dª|dott|dott\.ssa|dottor|dottoressa|ssa|sig|"
    r"sig\.ra|avv|mw|mevr|dhr|drs|ir|dra|pani|pan|mgr|inż|sayın|bay|bayan|/)\.?(?=[\s/]|(?<=[./])\w)\s*)+",
    re.IGNORECASE,
)
_AFTER_NAME = re.compile(
    r"\s*(?:\((?:she|he|they|sie|er|elle|il|ella|él|hon|han|hen|zij|hij|ela|ele|ona|on)\b[^)]{0,20}\)|,.*|\s[|·•/–—]\s?.*|\s-\s.*|\t.*)$",
    re.IGNORECASE,
)


def fold(name: str) -> str:
    """The letters and digits of a name, without case and accents: what two spellings share."""
    plain = unicodedata.normalize("NFKD", name.casefold().translate(_SPELLED))
    return "".join(c for c in plain if c.isalnum())


def spellings(name: str) -> frozenset[str]:
    """The folded forms under which an address may carry the name: halden-rowe, haldenandrowe, hr."""
    name = name.casefold()
    words = re.findall(r"[^\W_]+|&|\+", name.replace("'", "").replace("’", ""))
    solid = [word for word in words if word not in _JOINT and word not in {"&", "+"}]
    forms = {fold(name), fold(name.translate(_UMLAUTS)), fold("".join(solid)), fold(name.replace("&", " and "))}
    if len(solid) > 2:
        forms.add("".join(fold(word)[:1] for word in solid))
    return frozenset(form for form in forms if form)


def agree(one: str, other: str) -> bool:
    """Whether two names are the same, or one is the other's initials or beginning: Fjordlyst, Fjordlyst Media."""
    if fold(one) in spellings(other) or fold(other) in spellings(one):
        return True
    short, long = sorted((one.split(), other.split()), key=len)
    return len(short) < len(long) and len(fold(" ".join(short))) > 2 and fold("".join(short)) == fold("".join(long[: len(short)]))


def supports(hint: str, name: str) -> bool:
    """Whether a hint out of an address (folded, solid) points to the name."""
    forms = spellings(name)
    return hint in forms or (len(hint) > 3 and any(len(f) > 3 and (f.startswith(hint) or hint.startswith(f)) for f in forms))


def words_of(label: str) -> str:
    """A domain's label as a name: pilchard-bistro and pilchardbistro are Pilchard Bistro."""
    kind = max((word for word in _ORGANISATION if label.endswith(word) and len(label) - len(word) > 2), key=len, default="")
    spaced = f"{label.removesuffix(kind)} {kind}" if kind else label
    return " ".join(word.capitalize() for word in spaced.replace("-", " ").split())


def names_organisation(text: str) -> bool:
    """Whether one of the words says what kind of organisation it is: Logistics, Council."""
    return any(word.casefold().strip(".,()") in _ORGANISATION or fold(word) in _ORGANISATION for word in text.split())


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words of all languages at hand that surround a name. An English display name on a German mail is common."""

    team: re.Pattern[str]
    team_only: frozenset[str]
    never: frozenset[str]

    @classmethod
    def of(cls, packs: Iterable[LanguagePack], never_employer: frozenset[str]) -> "Vocabulary":
        """The vocabulary of these packs; ``never_employer`` are folded names."""
        words = sorted({word for pack in packs for word in pack.team_words}, key=len, reverse=True)
        either = "|".join(re.escape(word) for word in words) or r"(?!)"
        pattern = rf"(?:^(?:the\s+)?(?:{either})(?![\w'’])|(?<![\w'’])(?:{either})$)[\s,:.\-–—|&@/]*"
        return cls(re.compile(pattern, re.IGNORECASE), frozenset(map(fold, words)), never_employer)

    def company(self, raw: str) -> str:
        """The company's name in a display name, a captured phrase or a line; "" when there is none."""
        text = _VIA.sub("", _plain(raw.replace("_", " ")))
        for part in (text, *_SEPARATOR.split(text)):
            if _SEPARATOR.search(part):
                continue
            name = self._strip(_BRACKETS.sub(" ", part))
            if self._is_company(name):
                return name
        return ""

    def _strip(self, text: str) -> str:
        text, before = text.strip(_EDGES), None
        stripped = False
        while before != text:
            before = text
            text = self.team.sub("", text).strip(_EDGES)
            stripped = stripped or before != text
            if stripped:
                text = _JOINING.sub("", text).strip(_EDGES)
        return " ".join(_ARTICLE.sub("", _LEGAL.sub("", text)).strip(_EDGES).split())

    def _is_company(self, name: str) -> bool:
        folded = fold(name)
        return (
            2 <= len(folded) <= _LONGEST
            and (name != name.lower() or len(name.split()) == 1)
            and _LEGAL.sub("", f" {name}") != ""
            and _NO_NAME.search(name) is None
            and _SENTENCE.search(name) is None
            and len(name.split()) <= _MOST_WORDS
            and not folded.isdigit()
            and "@" not in name
            and "://" not in name
            and folded not in self.never
            and _HONORIFICS.sub("", f"{name} ").strip(" .") != ""
            and folded not in self.team_only
        )

    def has_team_word(self, text: str) -> bool:
        """Whether a line speaks of a team or department at its beginning or end."""
        return self.team.search(_plain(text).strip(_EDGES)) is not None

    def has_legal_form(self, text: str) -> bool:
        """Whether a line ends like a registered company: GmbH, Inc."""
        return _LEGAL.search(_plain(text).strip(" ,;:")) is not None

    def person(self, raw: str) -> str:
        """The person's name in a display name or signature line; "" when it doesn't look like one."""
        text = _AFTER_NAME.sub("", _plain(raw).strip(" ,.;:!*_\"“”-–—~"))
        text = _HONORIFICS.sub("", text.strip()).strip(" ,.;:!*_\"“”-–—~/")
        return text if self._is_person(text) else ""

    def _is_person(self, name: str) -> bool:
        words = name.split()
        if not 1 <= len(words) <= 5 or not 2 <= len(name) <= 50 or self.has_team_word(name) or self.has_legal_form(name):
            return False
        if names_organisation(name) or any(word.casefold() in _DEPARTMENT or fold(word) in self.never for word in words):
            return False
        capitals = [word for word in words if word.casefold() not in _PARTICLES]
        return bool(capitals) and all(_is_name_word(word) for word in capitals)


def _is_name_word(word: str) -> bool:
    """A word of a person's name, in any script: letters, apostrophes, dashes, initials; a capital where there are any."""
    letters = re.sub(r"['’.\-‐]", "", word)
    return letters.isalpha() and (not letters[0].islower() or letters[0] == "ʻ")


def _plain(raw: str) -> str:
    """Bounded, without emoji, quotes and runs of white space."""
    kept = (c for c in raw[:200] if unicodedata.category(c) not in {"So", "Sk", "Cf", "Cc", "Co", "Cs"} or c in "\t ")
    return " ".join("".join(kept).replace('"', " ").split())
