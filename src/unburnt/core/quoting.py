"""What the author wrote now, and the history quoted with it."""

import re

_SEARCHED = 64 * 2**10
_ATTRIBUTION_LINES = 3
_ATTRIBUTION_LENGTH = 400
_BLOCK_LINES = 12

# Languages that end in the verb, and those that end in the name.
_VERB_LAST = (
    r"wrote|writes|écrit|escribió|ha scritto|escreveu|pisze|napisał(?:\(a\)|a)?|yazd\u0131|napsal(?:\(a\)|a)?|kirjoitti"
    r"|a scris|пишет|написал(?:\(\u0430\)|\u0430)?|写道"
)
_NAME_LAST = r"ezt írta|schrieb|schreef|skrev"
_WROTE = re.compile(rf"(?:{_VERB_LAST}|\b(?:{_NAME_LAST})\b.{{0,250}})\s?[:\uff1a]", re.IGNORECASE)
_WROTE_ANYHOW = re.compile(rf".{{0,200}}\b(?:{_VERB_LAST}|{_NAME_LAST})\b.{{0,100}}[:\uff1a]", re.IGNORECASE)
_OPENING = re.compile(r"(?:On|Am|Le|El|Il|Op|Em|W dniu|Dnia|Den|På|Dne|Pe|Ma)\s", re.IGNORECASE)
_WHEN = re.compile(r"\b(?:19|20)\d\d\b|\b\d{1,2}[:.h]\d\d\b|\b\d{1,2}[./-]\d{1,2}[./-]")
_DATE_AND_ADDRESS = re.compile(r"(?:19|20)\d\d-\d\d-\d\d .{0,120}<[^<>\s]{3,254}>\s?:")

_SEPARATOR = re.compile(
    r"[-_*=\s]{0,40}(?:Original (?:Message|Appointment)|Ursprüngliche Nachricht|Originalnachricht|Message d'origine"
    r"|Message original|Mensaje original|Messaggio originale|Oorspronkelijk bericht|Mensagem original"
    r"|Wiadomość oryginalna|Oryginalna wiadomość|Ursprungligt meddelande|Oprindelig meddelelse"
    r"|Opprinnelig melding|Alkuperäinen viesti|Původní zpráva|Orijinal İleti)[-_*=\s]{0,40}",
    re.IGNORECASE,
)
_FORWARD = re.compile(
    r"[-_*=\s]{0,40}(?:(?:Begin )?Forwarded message|Weitergeleitete Nachricht|Anfang der weitergeleiteten \w{4,12}"
    r"|Message transféré|Début du message (?:réexpédié|transféré)|(?:Inicio del )?mensaje reenviado"
    r"|(?:Inizio )?messaggio inoltrato|(?:Begin )?doorgestuurd bericht|(?:Início da )?mensagem (?:re)?encaminhada"
    r"|Wiadomość przekazana|Przekazana wiadomość|Vidarebefordrat \w{4,12}"
    r"|Videresendt \w{4,12}|Välitetty viesti|Přeposlaná zpráva|İletilen ileti|Yönlendirilen ileti)"
    r"(?: from .{1,80})?[-_*=:\s]{0,40}",
    re.IGNORECASE,
)


def _field(names: str) -> re.Pattern[str]:
    return re.compile(rf"[>*_\s]{{0,9}}(?:{names})[*_]{{0,2}}[ \xa0]?:(?:[*_\s]|$)", re.IGNORECASE)


_FROM = _field("From|Von|De|Da|Van|Från|Fra|Od|Kimden|Lähettäjä|Gönderen|Expéditeur|Absender|Mittente|Remitente")
_SENT = _field(
    "Sent|Date|Gesendet|Datum|Envoyé(?: le)?|Enviad[oa](?: el| em)?|Inviato|Data|Verzonden|Skickat|Sendt|Wysłano|Fecha"
    "|Dato|Odesláno|Gönderildi|Tarih"
)
_TO = _field("To|An|À|Para|A|Aan|Till|Til|Do|Komu|Kime|Vastaanottaja|Destinataire|Empfänger")
_SUBJECT = _field("Subject|Betreff|Objet|Asunto|Oggetto|Onderwerp|Assunto|Ämne|Emne|Temat|Předmět|Konu|Aihe")
_QUOTE = re.compile(r">(?!From )")  # mbox writes >From for a line that begins with From
_RULE = re.compile(r"[-_=*\s]{0,200}")


def split(body: str) -> tuple[str, str]:
    """The new text and the quoted history. A mail of nothing but quotes, with no word on whose, is all text."""
    lines, beyond = body[:_SEARCHED].split("\n"), body[_SEARCHED:]
    end, named = _history(lines)
    quoted = _quoted_lines(lines[:end])
    named = named or any(not _QUOTE.match(lines[i]) for i in quoted)
    text = "\n".join(line for i, line in enumerate(lines[:end]) if i not in quoted)
    history = "\n".join(line for i, line in enumerate(lines) if i >= end or i in quoted)
    if not named and not text.strip():
        return body.strip(), ""
    if end < len(lines):
        return _trimmed(text), _trimmed(history + beyond)
    return _trimmed(text + beyond), _trimmed(history)


def _trimmed(text: str) -> str:
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def _history(lines: list[str]) -> tuple[int, bool]:
    """The line from which all is history, and whether a header or separator says so; else the number of lines."""
    for i, line in enumerate(lines):
        if _QUOTE.match(line):
            continue
        if _SEPARATOR.fullmatch(line) or _FORWARD.fullmatch(line) or _is_outlook_block(lines[i : i + _BLOCK_LINES]):
            return _above_rules(lines, i), True
        length = _attribution(lines, i)
        if length and not _QUOTE.match(_next_line(lines, i + length)):
            return i, False
    return len(lines), False


def _above_rules(lines: list[str], i: int) -> int:
    """The line after the last one above i that is neither blank nor a rule of dashes or the like."""
    return next((above + 1 for above in range(i - 1, -1, -1) if not _RULE.fullmatch(lines[above])), 0)


def _is_outlook_block(block: list[str]) -> bool:
    """Whether From: and the other fields of a message header follow, as Outlook quotes them."""
    if not _FROM.match(block[0]):
        return False
    fields = block[1 : block.index("")] if "" in block else block[1:]
    return any(map(_SUBJECT.match, fields)) and any(_SENT.match(field) or _TO.match(field) for field in fields)


def _attribution(lines: list[str], i: int) -> int:
    """How many lines, from this one on, make up "On … wrote:"; 0 if it is none. Mailers wrap it."""
    if not _OPENING.match(lines[i]) and not _WHEN.search(lines[i]):
        return 0
    joined = ""
    for length, line in enumerate(lines[i : i + _ATTRIBUTION_LINES], start=1):
        joined = f"{joined} {line.strip()}".strip()
        if not line.strip() or len(joined) > _ATTRIBUTION_LENGTH or (length > 1 and _OPENING.match(line)):
            return 0
        if joined.endswith((":", "\uff1a")):
            return length if _is_attribution(joined) else 0
    return 0


def _is_attribution(line: str) -> bool:
    wrote = _WROTE.search(line)
    dated = _WHEN.search(line) or (_OPENING.match(line) and any(c.isdigit() for c in line))
    return bool(_DATE_AND_ADDRESS.fullmatch(line) or (wrote and wrote.end() == len(line) and dated))


def _next_line(lines: list[str], i: int) -> str:
    return next((line for line in lines[i : i + 4] if line.strip()), "")


def _quoted_lines(lines: list[str]) -> set[int]:
    """Lines that begin with ">", and the attributions above them, which may then be as short as "Sam wrote:"."""
    quoted = {i for i, line in enumerate(lines) if _QUOTE.match(line)}
    if not quoted:
        return quoted
    for i, line in enumerate(lines):
        if i not in quoted and (length := _attribution(lines, i)):
            quoted.update(range(i, i + length))
        elif _WROTE_ANYHOW.fullmatch(line) and _QUOTE.match(_next_line(lines, i + 1)):
            quoted.add(i)
    return quoted
