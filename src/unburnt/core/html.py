"""HTML to the text a reader would see."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser, LexborNode

_MAX_CHARACTERS = 2**20
_MAX_TAGS = 20_000  # lexbor's time grows with the square of the nesting: 200,000 open <div> take it 82 s
_MAX_STYLE = 1000
_MAX_CITED = 9

_BLOCK = re.compile(
    r"address|article|aside|blockquote|body|caption|center|d[dlt]|div|fieldset|footer|form|h[1-6r]|header|li|main|nav|ol|p|pre"
    r"|section|table|tbody|tfoot|thead|tr|ul"
)
_SPACED = re.compile(r"blockquote|dl|h[1-6r]|ol|p|pre|table|ul")  # shown with a blank line above and below
_CELL = re.compile(r"t[dh]")
_KEPT = re.compile(rf"{_BLOCK.pattern}|{_CELL.pattern}|a|b|big|br|em|font|i|s|small|span|strong|sub|sup|u")

# Tokens as in the HTML standard, section 13.2.5. Each alternative consumes all it has looked at, so time is linear.
_TOKEN = re.compile(
    r"<!--.*?(?:-->|\Z)"
    r"|<(?P<raw>script|style|title|textarea)\b.*?(?:</(?P=raw)\b[^>]*(?:>|\Z)|\Z)"
    r"|<[!?][^>]*(?:>|\Z)"
    r"|<(?P<end>/?)(?P<name>[a-z][^\s/>]*+)(?P<attributes>(?:=\s*\"[^\"]*+(?:\"|\Z)|=\s*'[^']*+(?:'|\Z)|[^>])*+)(?:>|\Z)"
    r"|<",
    re.IGNORECASE | re.DOTALL,
)
_BLANKS = re.compile(r"[ \t\r\n\f\xa0]+")
_STYLE = re.compile(r"\bstyle\s*=\s*(?:\"([^\"]*)|'([^']*)|([^\s\"'>]+))", re.IGNORECASE)
_HIDDEN = re.compile(r"(?:^|\s)hidden(?=[\s=/]|$)", re.IGNORECASE)
_HIDING = re.compile(r"(?:^|;)(?:display:none|visibility:hidden|(?:max-height|opacity):0*(?:\.0*)?(?![.\d]))")
_FONT_SIZE = re.compile(r"(?:^|;)font-size:(0*(?:\.0*)?(?![.\d]))?")
_TIGHT = re.compile(r"msonormal|margin:0", re.IGNORECASE)
_CITED = re.compile(r"\btype\s*=\s*[\"']?cite|\bgmail_quote\b", re.IGNORECASE)


def text_of(html: str) -> str:
    """The visible text: a line for every block and <br>, cited blocks marked with ">", of links their text only."""
    tree = LexborHTMLParser(_reduced(html)[:_MAX_CHARACTERS])
    page = _Page()
    if tree.body is not None:
        _write(tree.body, page)
    page.end_line()
    return "\n".join(page.lines)


@dataclass(slots=True)
class _Page:
    """Lines as they are written from top to bottom, and what surrounds the place of writing."""

    lines: list[str] = field(default_factory=list)
    line: list[str] = field(default_factory=list)
    sizes: list[str | None] = field(default_factory=list)
    cited: int = 0
    preformatted: int = 0

    def add(self, text: str) -> None:
        if self.sizes and self.sizes[-1] == "0":
            return
        if not self.preformatted:
            self.line.append(_BLANKS.sub(" ", text))
            return
        for i, line in enumerate(text.split("\n")):
            if i:
                self.new_line()
            self.line.append(line)

    def end_line(self) -> None:
        """A line with something on it ends here; without, there is none."""
        if text := _BLANKS.sub(" ", "".join(self.line)).strip():
            self.lines.append(self._marks() + text)
        self.line.clear()

    def new_line(self) -> None:
        """As <br> makes it: a second one leaves a line blank."""
        before = len(self.lines)
        self.end_line()
        if len(self.lines) == before:
            self.blank_line()

    def blank_line(self) -> None:
        if self.lines and self.lines[-1].strip("> "):
            self.lines.append(self._marks().rstrip())

    def _marks(self) -> str:
        return "> " * min(self.cited, _MAX_CITED)


def _write(body: LexborNode, page: _Page) -> None:
    """Walk in document order without recursion: hostile pages nest thousands deep."""
    node: LexborNode | None = body
    entering = True
    while node is not None:
        if entering and _enter(node, page) and node.child is not None:
            node = node.child
            continue
        _leave(node, page)
        if node.mem_id == body.mem_id:
            return
        entering = node.next is not None
        node = node.next or node.parent


def _enter(node: LexborNode, page: _Page) -> bool:
    """Whether to go on inside it."""
    if node.is_text_node:
        page.add(node.text_content or "")
        return False
    tag, facts = node.tag or "", node.attributes
    if tag == "br":
        page.new_line()
    elif _CELL.fullmatch(tag):
        page.add(" ")
    _end_block(tag, facts, page)
    page.cited += "cite" in facts
    page.preformatted += tag == "pre"
    if "size" in facts:
        page.sizes.append(facts["size"])
    return "hidden" not in facts


def _leave(node: LexborNode, page: _Page) -> None:
    if node.is_text_node:
        return
    tag, facts = node.tag or "", node.attributes
    if "size" in facts:
        page.sizes.pop()
    page.preformatted -= tag == "pre"
    _end_block(tag, facts, page)
    page.cited -= "cite" in facts


def _end_block(tag: str, facts: Mapping[str, str | None], page: _Page) -> None:
    """Blocks begin and end on lines of their own."""
    if _BLOCK.fullmatch(tag):
        page.end_line()
        if _SPACED.fullmatch(tag) and "tight" not in facts:
            page.blank_line()


def _reduced(html: str) -> str:
    """The same page with only the tags and facts that matter here, and no more of them than lexbor can take."""
    tags = 0

    def reduced(token: re.Match[str]) -> str:
        nonlocal tags
        if token["name"] is None:
            return "&lt;" if token.group() == "<" else ""
        name = token["name"].lower()
        if not _KEPT.fullmatch(name):
            return ""
        tags += 1
        if tags > _MAX_TAGS:
            return " "
        return f"</{name}>" if token["end"] else f"<{name}{_facts(name, token['attributes'])}>"

    return _TOKEN.sub(reduced, html)


def _facts(name: str, attributes: str) -> str:
    """What hides text (preheaders), and where it shows again: font size 0 holds until an inner one is set."""
    style = _STYLE.search(attributes)
    declared = re.sub(r"\s+", "", next(filter(None, style.groups()), "")[:_MAX_STYLE]).lower() if style else ""
    facts = ""
    if _HIDING.search(declared) or _HIDDEN.search(_STYLE.sub("", attributes)):
        facts += " hidden"
    if (size := _FONT_SIZE.search(declared)) is not None:
        facts += " size=0" if size[1] else " size=1"
    if name == "p" and (_TIGHT.search(declared) or _TIGHT.search(attributes)):
        facts += " tight"
    if name == "blockquote" and _CITED.search(attributes):
        facts += " cite"
    return facts
