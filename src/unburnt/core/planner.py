"""plan(): the whole decision on one message, from its octets and the time to a Plan. Nothing is done here."""

from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256

from unburnt.core import chronicle, parse
from unburnt.core.answer import Answerer
from unburnt.core.classify import Classifier
from unburnt.core.extract import extract
from unburnt.core.features import Document, document
from unburnt.core.language import LanguagePack, choose
from unburnt.core.model import (
    Address,
    Label,
    Mail,
    Plan,
    Profile,
    RawMessage,
    Step,
    Verdict,
)
from unburnt.core.policy import Policy
from unburnt.core.reason import Reason
from unburnt.core.recipient import is_auto_submitted, is_automatic


@dataclass(frozen=True, slots=True)
class Planner:
    """Decides, given everything it needs to know as values."""

    classifier: Classifier
    packs: tuple[LanguagePack, ...]
    profile: Profile
    policy: Policy

    def plan(self, raw: RawMessage, now: datetime, told: Label | None = None, past: tuple[Step, ...] = ()) -> Plan:
        """The plan for one message. An unreadable one gets a plan too, with its error.

        ``told`` is what the user says that it is: then the classifier isn't asked. ``past`` is what is known of
        applications, of which a rejection is one's end.
        """
        try:
            mail = parse.parse(raw)
        except parse.Unparsable as error:
            return unreadable(raw, str(error))
        read = document(mail)
        if is_own(mail.envelope.author, self.policy.addresses) and is_auto_submitted(mail):
            thread = replace(mail.envelope, in_reply_to=())  # a note of ours in the inbox is no reply of the user's
            return Plan(raw.origin, Reason.OWN_MESSAGE, mail.identity, thread)
        if raw.origin.own:
            step = self._step(mail, read, Verdict(Label.OTHER, 0.0), wrote=True)
            return Plan(raw.origin, Reason.OWN_MESSAGE, mail.identity, mail.envelope, step=step)
        verdict = Verdict(told, float(told is Label.REJECTION)) if told else self.classifier.judge(read)
        language = choose(mail)
        step = self._step(mail, read, verdict, wrote=is_own(mail.envelope.author, self.policy.addresses))
        plan = Plan(raw.origin, Reason.PLANNED, mail.identity, mail.envelope, verdict, language, step=step)
        if verdict.label is Label.REJECTION:
            plan = replace(plan, rejection=extract(mail, language, self.packs, self.policy.addresses, step, past))
        if told is Label.OTHER and not is_own(mail.envelope.author, self.policy.addresses):
            return replace(plan, reason=Reason.VOTED_OTHER)
        return self._decide(plan, mail, raw, now, asked=told is not None)

    def _decide(self, plan: Plan, mail: Mail, raw: RawMessage, now: datetime, *, asked: bool) -> Plan:
        """The decision table, first row that fits."""
        if is_own(mail.envelope.author, self.policy.addresses):
            return replace(plan, reason=Reason.OWN_MESSAGE)
        if (refusal := _refusal(plan.verdict)) is not None or plan.rejection is None:
            return replace(plan, reason=refusal or Reason.NOT_A_REJECTION)
        if is_automatic(mail) and not asked:
            return replace(plan, reason=Reason.AUTOMATIC)
        if self._for_another_account(mail) and not asked:
            return replace(plan, reason=Reason.OTHER_ACCOUNT)
        if self.policy.is_quiet(plan.rejection, _domains(mail)) and not asked:
            return replace(plan, reason=Reason.QUIET_COMPANY)
        if "\\answered" in (flag.lower() for flag in mail.flags) or plan.rejection.process.is_answered:
            return replace(plan, reason=Reason.ALREADY_ANSWERED)
        received = min(mail.envelope.date or raw.internal_date or now, now)  # a Date in the future delays nothing
        to_person = _by_person(plan) and plan.rejection.recipient.address is not None
        answerer = Answerer(self.packs, self.profile, self.policy)
        return answerer.answered(plan, mail, received, now, to_person=to_person)

    def _step(self, mail: Mail, read: Document, verdict: Verdict, *, wrote: bool) -> Step | None:
        """What the history keeps of it."""
        kinds = self.classifier.kinds
        return chronicle.step(mail, read, verdict, kinds, self.packs, self.policy.addresses, wrote=wrote)

    def _for_another_account(self, mail: Mail) -> bool:
        addressed = {address.address.lower() for address in (*mail.to, *mail.cc)} | {
            a.lower() for a in mail.delivered_to
        }
        mine = {address.lower() for address in self.policy.addresses}
        others = {address.lower() for address in self.policy.other_addresses}
        return bool(addressed & others) and not addressed & mine


def reconsider(plan: Plan, *, duplicate: bool, answered: bool) -> Plan:
    """The plan, once it is known what was here before."""
    if duplicate:
        return replace(plan, reason=Reason.DUPLICATE, actions=())
    if answered and plan.actions:
        return replace(plan, reason=Reason.ALREADY_ANSWERED, actions=())
    return plan


def unreadable(raw: RawMessage, error: str) -> Plan:
    """The plan for octets that are no message: set aside, with the reason."""
    return Plan(raw.origin, Reason.UNPARSABLE, "?" + sha256(raw.octets).hexdigest(), error=error)


def is_own(author: Address | None, addresses: tuple[str, ...]) -> bool:
    """Whether the user wrote it, by its From."""
    return author is not None and author.address.lower() in {address.lower() for address in addresses}


def _domains(mail: Mail) -> frozenset[str]:
    """The author's domain and those above it."""
    labels = mail.envelope.author.domain.split(".") if mail.envelope.author else []
    return frozenset(".".join(labels[start:]) for start in range(len(labels)))


def _by_person(plan: Plan) -> bool:
    """Whether a person wrote it, from an address of their own."""
    return plan.step is not None and plan.step.signer is not None and bool(plan.step.signer.address)


def _refusal(verdict: Verdict | None) -> Reason | None:
    match verdict.label if verdict else Label.OTHER:
        case Label.REJECTION:
            return None
        case Label.UNSURE:
            return Reason.UNSURE
        case _:
            return Reason.NOT_A_REJECTION
