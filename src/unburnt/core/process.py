"""Which messages of the history belong to the application that a rejection ends.

By thread first, then by company, then by role; and since people apply again, nothing from before an earlier no that a
new application followed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from unburnt.core import senders
from unburnt.core.model import Kind, Step
from unburnt.core.names import agree, fold, names_organisation, supports

APPLIED = frozenset({Kind.APPLICATION, Kind.ACKNOWLEDGEMENT})
_ANSWERING = frozenset({Kind.ACKNOWLEDGEMENT, Kind.STATUS})
_NAMING = APPLIED | {Kind.STATUS}  # these name a position as it was advertised
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
_ONE_APPLICATION = timedelta(days=30)  # between an application and what acknowledges it
FORGOTTEN = timedelta(days=75)  # silence after which a new application begins a new process
_GROUPS = frozenset({"group", "holding", "holdings", "gruppe", "groupe", "grupo", "gruppo", "groep", "grup", "hr"})
_MOST = 400  # steps of a company that are compared, the latest ones
_SHORTEST = 4  # letters of a role that is found inside another


@dataclass(frozen=True, slots=True)
class Course:
    """The steps of one application before its end, and those of all applications to the company, oldest first."""

    steps: tuple[Step, ...]
    of_company: tuple[Step, ...]
    thread: frozenset[str]  # identities of the steps in the rejection's own thread
    after: tuple[Step, ...] = ()  # of this application, since
    since: tuple[Step, ...] = ()  # of all applications to the company, since

    @property
    def company(self) -> str | None:
        """The company as most of the thread calls it, else as the rest does."""
        return _commonest(s.company for s in self.steps if s.identity in self.thread) or _commonest(
            s.company for s in self.steps
        )

    @property
    def role(self) -> str | None:
        """The role, if the steps name only one."""
        roles: list[str] = []
        for name in (step.role for step in self.steps if step.role):
            if not any(same_role(name, other) for other in roles):
                roles.append(name)
        return max((s.role for s in self.steps if s.role), key=len, default=None) if len(roles) == 1 else None

    @property
    def requisition(self) -> str | None:
        found = {step.requisition for step in self.steps if step.requisition}
        return next(iter(found)) if len(found) == 1 else None

    @property
    def applied(self) -> tuple[date, ...]:
        """The days of all applications to the company: the user's own, and those that only an acknowledgement tells of."""
        found: list[Step] = []
        for step in self.of_company:
            since = [known for known in found if not self._ended_between(known, step)]
            if begins(step) and not any(_tells_of(step, known) for known in since):
                found.append(step)
        if not found:  # the user's own opening, however it was worded, or what they answered to a recruiter
            asked = any(step.kind is Kind.OUTREACH for step in self.of_company)
            found = [step for step in self.of_company if step.is_own and (asked or not step.answers)][:1]
        return tuple(when(step).date() for step in found)

    def _ended_between(self, known: Step, step: Step) -> bool:
        noes = (when(each) for each in self.of_company if each.kind is Kind.REJECTION)
        return any(when(known) < no < when(step) for no in noes)


def course(ended: Step, past: Iterable[Step]) -> Course:
    """The course of the application that ``ended`` rejects."""
    others = sorted((step for step in past if step.identity != ended.identity), key=when)
    thread = _thread(ended, others)
    trusted = _written_to(others)
    ended = _completed(ended, [each for each in others if each.identity in thread and _is_known(each, ended, trusted)])
    known = {step.identity for step in others if of_same_company(step, ended)} | _of_same_role(others, ended)
    of_company = _with_threads(known | thread, others)[-_MOST:]
    before = [step for step in of_company if when(step) <= when(ended)]
    mine = [
        step
        for step in before
        if (step.identity in known or _is_known(step, ended, trusted))
        and (step.identity in thread or _about(step, ended, before))
    ]
    return Course(
        tuple(_since_it_began(mine, thread)),
        tuple(before),
        thread,
        tuple(step for step in of_company if when(step) > when(ended) and _about(step, ended, of_company)),
        tuple(step for step in of_company if when(step) > when(ended)),
    )


def _of_same_role(others: Sequence[Step], ended: Step) -> set[str]:
    """Where the no names no company: what is about a position of this very name, if only one company has offered it."""
    if ended.company is not None or ended.role is None:
        return set()
    found = [step for step in others if step.role is not None and fold(step.role) == fold(ended.role)]
    firms = {each for step in (*found, ended) for each in step.organisations}
    unknown = {fold(step.company) for step in found if step.company and not step.organisations and not step.is_own}
    one = len(firms) <= 1 and len(unknown) <= 1
    return {step.identity for step in found} if one else set()


def _written_to(steps: Sequence[Step]) -> frozenset[str]:
    """Those whom the user has written to."""
    return frozenset(each.address.lower() for step in steps if step.is_own for each in step.addressees)


def _is_known(step: Step, ended: Step, trusted: frozenset[str]) -> bool:
    """Whether a message that only its thread joins is of somebody who belongs there: anybody can name a message id."""
    author = step.author.address.lower() if step.author else ""
    same = ended.author is not None and author == ended.author.address.lower()
    return step.is_own or same or author in trusted or not step.organisations or of_same_company(step, ended)


def begins(step: Step) -> bool:
    """Whether it is an application, or the first answer to one: what continues a thread is neither."""
    return step.kind is Kind.APPLICATION or (step.kind in _ANSWERING and not step.answers)


def _tells_of(step: Step, known: Step) -> bool:
    """Whether it acknowledges an application that is known, rather than being another's."""
    if step.kind is Kind.APPLICATION:
        return (
            step.role is not None and known.role is not None and same_role(step.role, known.role) and _soon(step, known)
        )
    differs = step.role is not None and known.role is not None and not same_role(step.role, known.role)
    return _soon(step, known) and not differs


def _soon(step: Step, known: Step) -> bool:
    return when(step) - when(known) <= _ONE_APPLICATION


def when(step: Step) -> datetime:
    return step.date or _LONG_AGO


def same_role(one: str, other: str) -> bool:
    """Whether two titles are one position's: equal, or one holds the other."""
    short, long = sorted((fold(one), fold(other)), key=len)
    return short == long or (len(short) >= _SHORTEST and short in long)


def of_same_company(step: Step, ended: Step) -> bool:
    """By name; by a domain that isn't an agency's, or hints at the name; by the address that a system gave the company."""
    if step.company and ended.company and agree(step.company, ended.company):
        return True
    shared = set(step.organisations) & set(ended.organisations)
    if (shared and not (step.company and ended.company)) or _same_tenant(step, ended):
        return True
    if ended.company is None:
        return any(_hints_at(each, step.company or "") for each in ended.organisations)
    return any(_hints_at(organisation, ended.company) for organisation in step.organisations)


def _same_tenant(step: Step, ended: Step) -> bool:
    """Whether a system sent both from the address that one employer has there."""
    if step.author is None or ended.author is None or step.author.address.lower() != ended.author.address.lower():
        return False
    system = senders.system_of(step.author.domain)
    return system is not None and system.tenant is not None and bool(system.tenant.search(step.author.address.lower()))


def _hints_at(organisation: str, company: str) -> bool:
    """Whether a domain is the company's or its group's: tamarackcoop and hexley-group, not cinaralti for Çınar."""
    label = organisation.partition(".")[0]
    names = [fold(word) for word in company.split() if fold(word)]
    if not names or supports(fold(label), company):
        return bool(names)
    first, _, rest = label.partition("-")
    of_group = fold(first) == names[0] and rest in _GROUPS and not names_organisation(names[0])
    return of_group or _made_of(fold(label), names)


def _made_of(label: str, names: Sequence[str]) -> bool:
    """Whether a label is the first word and some of the others, in their order."""
    if not label.startswith(names[0]):
        return False
    for name in names:
        label = label.removeprefix(name)
    return not label


def _completed(ended: Step, thread: Sequence[Step]) -> Step:
    """With what only the thread tells."""
    return replace(
        ended,
        company=ended.company or _commonest(step.company for step in thread),
        role=ended.role or _commonest(step.role for step in thread),
        organisations=tuple(
            dict.fromkeys((*ended.organisations, *(each for step in thread for each in step.organisations)))
        ),
    )


def _thread(ended: Step, others: Sequence[Step]) -> frozenset[str]:
    """Identities of the steps that In-Reply-To and References join to it, over any number of steps."""
    by_id: dict[str, list[Step]] = {}
    for step in others:
        for each in ids_of(step):
            by_id.setdefault(each, []).append(step)
    joined: set[str] = set()
    waiting = [ended]
    while waiting:
        for each in ids_of(waiting.pop()):
            new = [step for step in by_id.pop(each, ()) if step.identity not in joined]
            joined.update(step.identity for step in new)
            waiting.extend(new)
    return frozenset(joined)


def ids_of(step: Step) -> set[str]:
    """The message ids that it has and answers: two steps that share one are of one thread."""
    return {each for each in (step.message_id, *step.answers) if each}


def _with_threads(known: set[str] | frozenset[str], others: Sequence[Step]) -> list[Step]:
    """With what answers them, or what they answer: "Thursday is fine" names no company."""
    ids = {each for step in others if step.identity in known for each in ids_of(step)}
    return [step for step in others if step.identity in known or ids & ids_of(step)]


def _about(step: Step, ended: Step, of_company: Sequence[Step]) -> bool:
    """Whether it is about the same position: not where it, or its thread, names another that was applied for.

    A title is told in many ways (FAE, Field Applications Engineer), so that one that nobody applied for says nothing.
    """
    if ended.role is None:
        return True
    others = [
        each for each in of_company if each.role and each.kind in _NAMING and not same_role(each.role, ended.role)
    ]
    if _applied_elsewhere(step, ended, of_company):
        return False
    role = step.role or _role_of_thread(step, of_company)
    if role is not None and same_role(role, ended.role):
        return True
    if role is not None:
        return not any(same_role(role, each.role or "") for each in others)
    return not any(abs(when(each) - when(step)) < FORGOTTEN for each in others)


def _applied_elsewhere(step: Step, ended: Step, of_company: Sequence[Step]) -> bool:
    """Whether its thread begins with another application than the rejection's thread does."""
    mine = {each for each in _thread(ended, of_company) if _is_application(each, of_company)}
    theirs = {each for each in (*_thread(step, of_company), step.identity) if _is_application(each, of_company)}
    return bool(mine) and bool(theirs) and not mine & theirs


def _is_application(identity: str, of_company: Sequence[Step]) -> bool:
    return any(step.identity == identity and step.kind is Kind.APPLICATION for step in of_company)


def _role_of_thread(step: Step, of_company: Sequence[Step]) -> str | None:
    thread = _thread(step, of_company)
    return next((other.role for other in of_company if other.identity in thread and other.role), None)


def _since_it_began(steps: Sequence[Step], thread: frozenset[str]) -> list[Step]:
    """Without an earlier process: one that was ended by a no, or forgotten, before a new application."""
    begun = [step for step in steps if step.kind in APPLIED]
    start = _LONG_AGO
    for new in begun:
        before = [step for step in steps if when(step) < when(new)]
        ended_before = any(step.kind is Kind.REJECTION and when(step) > start for step in before)
        forgotten = bool(before) and when(new) - when(before[-1]) > FORGOTTEN
        if ended_before or forgotten:
            start = when(new)
    return [step for step in steps if when(step) >= start or step.identity in thread]


def _commonest(names: Iterable[str | None]) -> str | None:
    counts: dict[str, int] = {}
    for name in names:
        if name:
            counts[name] = counts.get(name, 0) + 1
    return max(counts, key=lambda name: (counts[name], len(name)), default=None)
