"""plan(): the whole decision on one message, from its octets and the time to a Plan. Nothing is done here."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Literal

from unburnt.core import chronicle, compose, parse
from unburnt.core.classify import Classifier
from unburnt.core.extract import extract
from unburnt.core.features import Document, document
from unburnt.core.language import LanguagePack, choose
from unburnt.core.model import (
    Action,
    Address,
    Label,
    Mail,
    Plan,
    Profile,
    RawMessage,
    Rejection,
    SaveDraft,
    Step,
    Verdict,
)
from unburnt.core.reason import Reason
from unburnt.core.recipient import is_automatic


@dataclass(frozen=True, slots=True)
class Policy:
    """What the user wants done, as values."""

    address: str = ""  # the account's own; "" when there is no account
    addresses: tuple[str, ...] = ()  # all of this account's
    other_addresses: tuple[str, ...] = ()  # those of the other configured accounts
    language: str = "auto"
    feedback: Literal["never", "after_interview", "always"] = "after_interview"
    without_recipient: Literal["save", "skip"] = "save"
    cool_off: timedelta = timedelta()
    max_age: timedelta = timedelta(days=60)
    connect_after: timedelta = timedelta()
    check_in_after: timedelta = timedelta(days=90)
    reminder_sinks: tuple[str, ...] = ("drafts",)


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
        if "\\answered" in (flag.lower() for flag in mail.flags) or plan.rejection.process.is_answered:
            return replace(plan, reason=Reason.ALREADY_ANSWERED)
        received = min(mail.envelope.date or raw.internal_date or now, now)  # a Date in the future delays nothing
        if now - received > self.policy.max_age:
            return replace(
                plan, reason=Reason.TOO_OLD, actions=self._actions(mail, plan.rejection, received, now, letter=False)
            )
        told_before, recipient = plan.rejection.process.told_before, plan.rejection.recipient
        if told_before is not None and not (_by_person(plan) and recipient.address is not None):
            return replace(plan, reason=Reason.SAME_PROCESS)
        letter = recipient.address is not None or self.policy.without_recipient == "save"
        actions = self._actions(mail, plan.rejection, received, now, letter=letter)
        written = next((action.key for action in actions if isinstance(action, SaveDraft)), None)
        step = replace(plan.step, letter=written) if plan.step else None
        return replace(plan, actions=actions, step=step, replaces=told_before.letter if told_before else None)

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

    def _actions(
        self, mail: Mail, rejection: Rejection, received: datetime, now: datetime, *, letter: bool
    ) -> tuple[Action, ...]:
        policy = self.policy
        writer = compose.Writer(
            self.profile, policy.address, policy.addresses, self.packs, policy.language, policy.feedback
        )
        made: list[Action] = []
        start = max(received, now - self.policy.max_age)
        if letter:
            made.append(writer.letter(mail, rejection, due=start + self.policy.cool_off, now=now))
        for sink in self.policy.reminder_sinks:
            made.append(writer.connect(mail, rejection, due=start + self.policy.connect_after, sink=sink))
            made.append(writer.check_in(mail, rejection, due=start + self.policy.check_in_after, sink=sink))
        return tuple(made)


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
