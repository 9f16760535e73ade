"""Whom to thank. A letter to nobody is a small loss, one to a machine or a stranger isn't: in doubt, nobody."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from unburnt.core import senders
from unburnt.core.clues import paragraphs
from unburnt.core.model import Address, Mail, Recipient

_SEARCHED = 64 * 1024
_BOUNCES = ("multipart/report", "message/delivery-status", "message/disposition-notification")


def is_automatic(mail: Mail) -> bool:
    """Auto-replies, bounces and mailing-list traffic: nobody is to be thanked for them.

    Auto-Submitted: auto-generated, List-Unsubscribe, List-Id and Precedence: bulk are no sign: genuine rejections from
    applicant-tracking systems carry them. List-Post: NO says that nobody may post (RFC 2369 section 3.4): no discussion.
    """
    keyword = re.split(r"[;\s(]", mail.auto_submitted.strip().lower(), maxsplit=1)[0]  # RFC 3834 section 5
    posts = mail.list_post.strip().lower()
    return (
        keyword == "auto-replied"
        or (bool(posts) and not posts.startswith("no"))
        or mail.precedence.strip().lower() == "list"
        or _is_bounce(mail)
    )


def _is_bounce(mail: Mail) -> bool:
    """RFC 3464: a report under the null path. Some stores drop Return-Path, so the daemon's name is enough without it."""
    local = mail.envelope.author.address.partition("@")[0].lower() if mail.envelope.author else ""
    if local == "mailer-daemon":
        return not mail.return_path
    report = any(kind.lower().startswith(_BOUNCES) for kind in mail.attachments)
    return mail.return_path == "" and (report or local == "postmaster")


@dataclass(frozen=True, slots=True)
class _Case:
    """An address that a letter might go to, and what is known of it."""

    mail: Mail
    author: Address
    target: Address
    person: str
    own: frozenset[str]

    @property
    def redirected(self) -> bool:
        return self.target.address.lower() != self.author.address.lower()

    @property
    def system(self) -> senders.System | None:
        return senders.system_of(self.target.domain)


@dataclass(frozen=True, slots=True)
class _Row:
    """If ``holds``, the letter goes to the address, or to nobody."""

    holds: Callable[[_Case], bool]
    goes: bool
    why: str


def recipient(mail: Mail, person: str, own: tuple[str, ...]) -> Recipient:
    """The address an answer should go to, by the first row of the table that fits; ``person`` signed the mail, if any."""
    author = mail.envelope.author
    if author is None:
        return Recipient(None, "the message doesn't name one author")
    targets = {address.address.lower(): address for address in mail.reply_to}
    if len(targets) > 1:
        return Recipient(None, "answers would go to several addresses")
    target = next(iter(targets.values()), author)
    case = _Case(mail, author, target, person, frozenset(map(_plain, own)))
    row = next(row for row in _TABLE if row.holds(case))
    why = row.why.format(
        target=target.address, author=senders.organisation(author.domain), other=senders.organisation(target.domain)
    )
    return Recipient(target.address, why, person or target.name) if row.goes else Recipient(None, why)


def _leads_elsewhere(case: _Case) -> bool:
    """A Reply-To of another organisation than From's, unless From's is a system that sends for employers."""
    return (
        case.redirected
        and not senders.same_organisation(case.target, case.author)
        and not senders.system_of(case.author.domain)
    )


def _is_doubtful(case: _Case) -> bool:
    """Not a plain address, or a display name that shows another one."""
    shown = re.findall(r"[^\s<>()\"']+@[^\s<>()\"']+", case.target.name)
    return not senders.well_formed(case.target.address) or any(s.lower() != case.target.address.lower() for s in shown)


# Read from the top: the first row that holds decides.
_TABLE = (
    _Row(lambda case: _is_doubtful(case), goes=False, why="the address is malformed or shows another one"),
    _Row(lambda case: _plain(case.target.address) in case.own, goes=False, why="answers would come back to you"),
    _Row(
        lambda case: senders.is_machine(case.target.address), goes=False, why="{target} is a machine: nobody reads it"
    ),
    _Row(
        lambda case: senders.says_unread(paragraphs(case.mail.text[:_SEARCHED])),
        goes=False,
        why="the message says that nobody reads the answers",
    ),
    _Row(lambda case: bool(case.mail.list_post), goes=False, why="it came through a mailing list"),
    _Row(
        lambda case: senders.is_tracked(case.target.address),
        goes=True,
        why="the recruiting system passes answers to this address on",
    ),
    _Row(
        lambda case: case.system is not None,
        goes=False,
        why="{other} is a recruiting system, and this address leads to no person",
    ),
    _Row(
        _leads_elsewhere,
        goes=False,
        why="answers would go to another organisation ({other}) than the author's ({author})",
    ),
    _Row(
        lambda case: (
            case.redirected
            and senders.is_freemail(case.target.domain)
            and not senders.same_organisation(case.target, case.author)
        ),
        goes=False,
        why="answers would go to a private mailbox behind a recruiting system",
    ),
    _Row(
        lambda case: senders.is_shared(case.target.address) and not case.person,
        goes=False,
        why="{target} is a shared mailbox and nobody signed",
    ),
    _Row(
        lambda case: not case.person and not _names_a_person(case.target),
        goes=False,
        why="no person signed, and the address names none",
    ),
    _Row(lambda case: case.redirected, goes=True, why="the author asks for answers to this address"),
    _Row(lambda case: True, goes=True, why="the author wrote from this address"),
)


def _names_a_person(address: Address) -> bool:
    """jane.doe@ without a display name that says otherwise: two words of letters, none of them a department's."""
    words = [word for word in re.split(r"[._-]", address.address.partition("@")[0]) if word]
    return (
        not address.name and len(words) == 2 and all(map(str.isalpha, words)) and not senders.is_shared(address.address)
    )


def _plain(address: str) -> str:
    """Without the tag of sam+jobs@mail.example, and in lower case: the same mailbox."""
    local, _, domain = address.lower().rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"
