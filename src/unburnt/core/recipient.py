"""Whom to thank. A letter to nobody is a small loss, one to a machine or a stranger isn't: in doubt, nobody."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from unburnt.core import senders
from unburnt.core.clues import paragraphs
from unburnt.core.model import Address, Mail, Person, Recipient
from unburnt.core.names import fold
from unburnt.core.people import Involved, bears, is_reachable, is_same

_SEARCHED = 64 * 1024
_BOUNCES = ("multipart/report", "message/delivery-status", "message/disposition-notification")


def is_auto_submitted(mail: Mail) -> bool:
    """Whether it says that a program sent it by itself, for whatever cause."""
    return _submitted(mail) not in {"", "no"}


def _submitted(mail: Mail) -> str:
    """The keyword of Auto-Submitted (RFC 3834 section 5)."""
    return re.split(r"[;\s(]", mail.auto_submitted.strip().lower(), maxsplit=1)[0]


def is_automatic(mail: Mail) -> bool:
    """Auto-replies, bounces and mailing-list traffic: nobody is to be thanked for them.

    Auto-Submitted: auto-generated, List-Unsubscribe, List-Id and Precedence: bulk are no sign: genuine rejections from
    applicant-tracking systems carry them. List-Post: NO says that nobody may post (RFC 2369 section 3.4): no discussion.
    """
    return (
        _submitted(mail) == "auto-replied"
        or _is_discussion(mail)
        or mail.precedence.strip().lower() == "list"
        or _is_bounce(mail)
    )


def _is_discussion(mail: Mail) -> bool:
    posting = mail.list_post.strip().lower()
    return bool(posting) and not posting.startswith("no")


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
    """If ``holds``, the letter goes to the address, or to nobody; or somebody of earlier mail may be found for it."""

    holds: Callable[[_Case], bool]
    goes: bool
    why: str
    others: bool = False  # nobody reads the address, but it is no trick: somebody else may


def recipient(mail: Mail, person: str, own: tuple[str, ...], known: Sequence[Involved] = ()) -> Recipient:
    """The address an answer should go to, by the first row of the table that fits; ``person`` signed the mail, if any.

    ``known`` are the people of this application, the most involved first: where nobody reads the mail's own address,
    the letter goes to the one who signed, else to one who wrote in this thread, else to one who wrote before.
    """
    author = mail.envelope.author
    if author is None:
        return Recipient(None, "the message doesn't name one author")
    if mail.dmarc == "fail":
        return Recipient(
            None, f"your provider found that it may not be from {senders.organisation(author.domain)} (DMARC)"
        )
    targets = {address.address.lower(): address for address in mail.reply_to} or {"": author}
    if len(targets) > 1:
        return Recipient(None, "answers would go to several addresses")
    case = _Case(mail, author, next(iter(targets.values())), person, frozenset(map(senders.mailbox, own)))
    row = next(row for row in _TABLE if row.holds(case))
    of_target, of_author = senders.organisation(case.target.domain), senders.organisation(author.domain)
    why = row.why.format(address=case.target.address, target=of_target, author=of_author)
    if row.goes:
        return Recipient(case.target.address, why, person)
    return (_of_earlier_mail(person, known, why) if row.others else None) or Recipient(None, why)


def _of_earlier_mail(person: str, known: Sequence[Involved], why: str) -> Recipient | None:
    """Somebody who wrote before: who signed now, else one of this thread, else the most involved."""
    reachable = [each for each in known if is_reachable(each.person.address)]
    signed = [each for each in reachable if person and is_same(each.person, Person(person))]
    thread = [each for each in reachable if each.in_thread]
    if signed or person:  # a name without an address is still whom the letter is to
        chosen, how = signed[:1], "signed it, and wrote from this address before"
    else:
        chosen, how = (
            (thread or reachable)[:1],
            "wrote in this thread" if thread else "wrote to you about this application",
        )
    return next(
        (Recipient(each.person.address, f"{each.person.name} {how}; {why}", each.person.name) for each in chosen), None
    )


def _is_doubtful(case: _Case) -> bool:
    """Not a plain address, or a display name that shows another one."""
    shown = re.findall(r"[^\s<>()\"']+@[^\s<>()\"']+", case.target.name)
    return not senders.well_formed(case.target.address) or any(s.lower() != case.target.address.lower() for s in shown)


def _comes_back(case: _Case) -> bool:
    """One of the user's own addresses, or the one the message was sent to."""
    own = case.own | (frozenset(senders.mailbox(to.address) for to in case.mail.to) if case.redirected else frozenset())
    return senders.mailbox(case.target.address) in own


def _says_unread(case: _Case) -> bool:
    return senders.says_unread(paragraphs(case.mail.text[:_SEARCHED]))


def _leads_elsewhere(case: _Case) -> bool:
    """A Reply-To of another organisation than From's, unless one of them is a system that sends for employers."""
    same = senders.same_organisation(case.target, case.author)
    return case.redirected and not same and not senders.system_of(case.author.domain) and case.system is None


def _names_nobody(case: _Case) -> bool:
    """No person signed, and it isn't plainly one's own address: jane.doe@, without a display name that says otherwise."""
    if case.redirected and bears(case.target):
        return False
    words = [word for word in re.split(r"[._-]", case.target.address.partition("@")[0]) if word]
    return not case.person and (bool(case.target.name) or len(words) != 2 or not all(map(str.isalpha, words)))


def _is_desk(case: _Case) -> bool:
    """An address of a system without a token or a name: conversations@, jobs@; no person signed."""
    return not case.person and fold(case.target.address.partition("@")[0]) in senders.known().shared_words


def _always(_case: _Case) -> bool:
    return True


# Read from the top: the first row that holds decides.
_TABLE = (
    _Row(_is_doubtful, goes=False, why="the address is malformed, or its name shows another one"),
    _Row(_comes_back, goes=False, why="answers would come back to you"),
    _Row(lambda case: _is_discussion(case.mail), goes=False, why="it came through a mailing list"),
    _Row(
        lambda case: senders.is_machine(case.target.address),
        goes=False,
        why="nobody reads {address}: it is a machine's",
        others=True,
    ),
    _Row(
        _leads_elsewhere,
        goes=False,
        why="answers would go to {target}, another organisation than the author's, {author}",
    ),
    _Row(_says_unread, goes=False, why="the message says that answers are not read", others=True),
    _Row(
        lambda case: senders.is_tracked(case.target.address) and not _is_desk(case),
        goes=True,
        why="the recruiting system passes answers on",
    ),
    _Row(
        lambda case: case.system is not None,
        goes=False,
        why="{target} is a recruiting system; nobody reads this address",
        others=True,
    ),
    _Row(
        lambda case: case.redirected and senders.is_freemail(case.target.domain),
        goes=False,
        why="answers would go to a private mailbox",
    ),
    _Row(
        lambda case: not case.person and senders.is_shared(case.target.address),
        goes=False,
        why="{address} is shared, and no person signed",
        others=True,
    ),
    _Row(_names_nobody, goes=False, why="no person signed, and the address names none", others=True),
    _Row(lambda case: case.redirected, goes=True, why="the author asks for answers to this address"),
    _Row(_always, goes=True, why="the author wrote from this address"),
)
