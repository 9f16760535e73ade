"""Whether a rejection is a note that one person wrote to this one applicant, as a founder or an acquaintance does.

The table is read once, as senders.toml is. In doubt it is no such note: a letter that answers a form as if it were one
reads oddly, the other way round it only is a little reserved.
"""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from unburnt.core import senders
from unburnt.core.model import Mail, Person
from unburnt.core.people import is_reachable
from unburnt.core.recipient import is_auto_submitted

_SEARCHED = 16 * 1024
_OPENING = 300
_LONGEST_TITLE = 80


@dataclass(frozen=True, slots=True)
class Signs:
    """personal.toml, compiled."""

    owner: re.Pattern[str]
    not_owner: re.Pattern[str]
    everybody: re.Pattern[str]
    acquainted: re.Pattern[str]
    of_own_firm: re.Pattern[str]
    staff: re.Pattern[str]
    footer: re.Pattern[str]


@cache
def _signs() -> Signs:
    data = tomllib.loads(files("unburnt.core").joinpath("personal.toml").read_text("utf-8"))
    joined = {name: "|".join(_one_line(each) for each in listed) for name, listed in data.items()}
    return Signs(**{name: re.compile(text, re.IGNORECASE | re.MULTILINE) for name, text in joined.items()})


def _one_line(pattern: str) -> str:
    return "".join(line.strip() for line in pattern.splitlines())


def is_personal(mail: Mail, contact: Person | None) -> bool:
    """Whether somebody wrote it for the user alone: whose firm it is, from a private mailbox, or who knows the user."""
    author = mail.envelope.author
    if contact is None or not contact.name or author is None or not is_reachable(author.address):
        return False
    if _is_sent_by_system(mail) or _is_to_many(mail):
        return False
    if _is_owners(contact.title) or senders.is_freemail(author.domain):
        return True
    text = mail.text[:_SEARCHED]
    says = _signs().acquainted.search(text) or _signs().of_own_firm.search(text)
    return says is not None and _signs().staff.search(contact.title) is None


def _is_owners(title: str) -> bool:
    return (
        len(title) <= _LONGEST_TITLE
        and ":" not in title  # what law demands at the foot of a firm's mail: "Geschäftsführer: …"
        and _signs().owner.search(title) is not None
        and _signs().not_owner.search(title) is None
    )


def _is_sent_by_system(mail: Mail) -> bool:
    listed = mail.list_id or mail.list_post or mail.list_unsubscribe or mail.template
    automatic = is_auto_submitted(mail) or mail.precedence.strip().lower() not in {"", "first-class"}
    passed_on = any(not is_reachable(each.address) for each in mail.reply_to)
    text = mail.text[:_SEARCHED]
    return bool(listed or automatic or passed_on or _signs().footer.search(text) or senders.says_unread(text))


def _is_to_many(mail: Mail) -> bool:
    return len(mail.to) != 1 or _signs().everybody.search(mail.text[:_OPENING]) is not None
