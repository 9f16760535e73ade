"""What is known about senders (senders.toml): systems that send for employers, addresses that no person reads.

The table is part of the program as code is, so it is read here once, as the language identifier's model and the public
suffix list are; it doesn't change while the program runs.
"""

import re
import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from unburnt.core.model import Address
from unburnt.core.names import fold

# RFC 5322 section 3.4.1, less what is rare in a person's address and common in tricks and in those of machines: quoted
# strings, literals, comments (CVE-2023-27043), and "=", "#" and the like (return paths, tracking).
_ADDR_SPEC = re.compile(
    r"(?=.{6,254}\Z)[A-Za-z0-9'&+_-]{1,64}(?:\.[A-Za-z0-9'&+_-]{1,64}){0,8}"
    r"@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.){1,9}[A-Za-z][A-Za-z0-9-]{1,62}\Z"
)
_SEPARATORS = re.compile(r"[._+\-\d]+")


@dataclass(frozen=True, slots=True)
class System:
    """An applicant-tracking system or job site, and where it puts the employer's name, the best field first."""

    brand: str
    domains: tuple[str, ...]
    employer: tuple[str, ...]
    tenant: re.Pattern[str] | None
    tracked: re.Pattern[str] | None


@dataclass(frozen=True, slots=True)
class Senders:
    """senders.toml, compiled."""

    systems: tuple[System, ...]
    freemail: frozenset[str]
    never_employer: frozenset[str]  # folded
    machine_anywhere: tuple[str, ...]
    machine_words: frozenset[str]
    machine_whole: frozenset[str]
    machine_hosts: tuple[str, ...]
    machine_labels: frozenset[str]
    shared_words: frozenset[str]
    unread: tuple[re.Pattern[str], ...]


@cache
def known() -> Senders:
    """The table."""
    data = tomllib.loads(files("unburnt.core").joinpath("senders.toml").read_text("utf-8"))
    systems = tuple(_system(entry) for entry in data["system"])
    brands = [system.brand for system in systems] + data["never_employer"]
    machine = data["machine"]
    return Senders(
        systems=systems,
        freemail=frozenset(data["freemail"]),
        never_employer=frozenset(map(fold, brands)),
        machine_anywhere=tuple(machine["anywhere"]),
        machine_words=frozenset(machine["words"]),
        machine_whole=frozenset(machine["whole"]),
        machine_hosts=tuple(machine["hosts"]),
        machine_labels=frozenset(machine["labels"]),
        shared_words=frozenset(data["shared"]["words"]),
        unread=tuple(re.compile(phrase, re.IGNORECASE) for phrase in map(_joined, data["unread"]["phrases"])),
    )


def _system(entry: dict[str, Any]) -> System:
    tenant, tracked = (re.compile(entry[key]) if key in entry else None for key in ("tenant", "tracked"))
    return System(entry["brand"], tuple(entry["domains"]), tuple(entry["employer"]), tenant, tracked)


def _joined(phrase: str) -> str:
    """A phrase may be written over several lines; the breaks and the blanks beside them are no part of it."""
    return "".join(line.strip() for line in phrase.splitlines())


def well_formed(address: str) -> bool:
    """Whether it is a plain addr-spec of one mailbox on the Internet. In doubt it isn't."""
    return _ADDR_SPEC.match(address) is not None


def mailbox(address: str) -> str:
    """Without the tag of sam+jobs@mail.example, and in lower case: the same mailbox."""
    local, _, domain = address.lower().rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"


def system_of(domain: str) -> System | None:
    """The system that sends from this domain."""
    return next((system for system in known().systems if any(_below(domain, own) for own in system.domains)), None)


def is_tracked(address: str) -> bool:
    """Whether a system passes answers to this address on to the person who wrote."""
    system = system_of(address.rpartition("@")[2].lower())
    return system is not None and system.tracked is not None and system.tracked.fullmatch(address.lower()) is not None


def is_freemail(domain: str) -> bool:
    """Whether the domain belongs to a mail provider, so that it tells nothing of an employer."""
    return domain.lower() in known().freemail


def is_machine(address: str) -> bool:
    """Whether no person reads what is sent there, by the look of it."""
    local, _, domain = address.lower().rpartition("@")
    if any(_below(domain, host) for host in known().machine_hosts) or local in known().machine_whole:
        return True
    squeezed = _SEPARATORS.sub("", local)
    return (
        any(word in squeezed for word in known().machine_anywhere)
        or bool(known().machine_words.intersection(_SEPARATORS.split(local)))
        or bool(known().machine_labels.intersection(domain.replace("-", "").split(".")))
    )


def is_shared(address: str) -> bool:
    """Whether several people read the mailbox, by the look of it."""
    local = address.lower().rpartition("@")[0]
    words = [fold(word) for word in _SEPARATORS.split(local) if word]
    return bool(known().shared_words.intersection(words)) or fold(local) in known().shared_words


def says_unread(paragraphs: str) -> bool:
    """Whether the text says that answers aren't read, or that no person wrote it."""
    return any(phrase.search(paragraphs) for phrase in known().unread)


@lru_cache(maxsize=4096)
def organisation(domain: str) -> str:
    """The registrable domain; the last two labels where the list of public suffixes has no rule (its own default)."""
    domain = domain.lower().strip(".")
    found = _suffixes()(domain)
    if found.suffix:
        return f"{found.domain}.{found.suffix}" if found.domain else ""
    return ".".join(domain.split(".")[-2:]) if "." in domain else ""


def label(domain: str) -> str:
    """The part of a registrable domain that its owner chose."""
    return organisation(domain).partition(".")[0]


def same_organisation(one: Address, other: Address) -> bool:
    """Whether both addresses are of one registrable domain."""
    return bool(organisation(one.domain)) and organisation(one.domain) == organisation(other.domain)


def _below(domain: str, parent: str) -> bool:
    return domain == parent or domain.endswith("." + parent)


@cache
def _suffixes() -> Any:
    """The snapshot inside the package: no network, no files of its own (a daemon must not phone home)."""
    from tldextract import TLDExtract

    return TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True)
