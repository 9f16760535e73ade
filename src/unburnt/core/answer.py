"""What is written to a rejection, and when: letters and reminders as the user's policy wants them."""

from dataclasses import dataclass, replace
from datetime import datetime

from unburnt.core import compose, note, reported
from unburnt.core.language import LanguagePack
from unburnt.core.model import AddReminder, Mail, Origin, Plan, Profile, Purpose, Rejection, SaveDraft, Step
from unburnt.core.policy import Policy
from unburnt.core.reason import Reason
from unburnt.core.reported import Reported


@dataclass(frozen=True, slots=True)
class Answerer:
    """Answers rejections for one user."""

    packs: tuple[LanguagePack, ...]
    profile: Profile
    policy: Policy

    def answered(self, plan: Plan, mail: Mail, received: datetime, now: datetime, *, to_person: bool) -> Plan:
        """The plan with its actions: letters and reminders, or reminders only.

        ``to_person``: a person wrote, and would read an answer. The same no told again is answered only then.
        """
        if plan.rejection is None:
            return plan
        told_before, policy = plan.rejection.process.told_before, self.policy
        is_old = now - received > policy.max_age
        if told_before is not None and (is_old or not to_person):
            return replace(plan, reason=Reason.SAME_PROCESS)
        if is_old:
            reason, letter = Reason.TOO_OLD, False
        elif policy.is_early(plan.rejection.stage):
            reason, letter = Reason.TOO_EARLY, False
        else:
            reason = Reason.PLANNED
            letter = plan.rejection.recipient.address is not None or policy.without_recipient == "save"
        start = max(received, now - policy.max_age)
        drafts: tuple[SaveDraft, ...] = self._letters(mail, plan.rejection, start, now) if letter else ()
        reminders = self._reminders(mail, plan.rejection, start, letter=letter)
        written = drafts[0].key if drafts else None
        voices = tuple(voice for draft in drafts for voice in draft.voices)
        step = replace(plan.step, letter=written, voices=voices) if plan.step and drafts else plan.step
        replaces = told_before.letter if told_before and drafts else None
        return replace(plan, reason=reason, actions=(*drafts, *reminders), step=step, replaces=replaces)

    def plan_reported(self, given: Reported, now: datetime, past: tuple[Step, ...] = ()) -> Plan:
        """The plan for a rejection that no mail told, with the same letters and reminders."""
        mail = reported.mail(given)
        step = reported.step(given, mail.identity)
        rejection = reported.rejection(given, step, past, self.policy.addresses)
        origin = Origin(reported.SOURCE)
        plan = Plan(origin, Reason.PLANNED, mail.identity, mail.envelope, None, given.language, rejection, step=step)
        return self.answered(plan, mail, min(given.at, now), now, to_person=False)

    def _letters(self, mail: Mail, rejection: Rejection, start: datetime, now: datetime) -> tuple[SaveDraft, ...]:
        """Of thanks now, and of some months later."""
        writer, policy = self._writer(), self.policy
        thanks = writer.letter(mail, rejection, due=start + policy.cool_off, now=now)
        if not policy.reminder_sinks:  # nothing would tell what the later letter is for
            return (thanks,)
        later = writer.check_in_letter(mail, rejection, due=start + policy.check_in_after, heard=thanks.voices)
        return thanks, later

    def _reminders(self, mail: Mail, rejection: Rejection, start: datetime, *, letter: bool) -> tuple[AddReminder, ...]:
        policy, writer = self.policy, self._writer()
        check_in = start + policy.check_in_after
        ahead = note.Ahead(start, check_in.astimezone(policy.zone), letter)
        days = {Purpose.CONNECT: start + policy.connect_after, Purpose.CHECK_IN: check_in}
        if policy.stay_in_touch is not None:
            days[Purpose.STAY_IN_TOUCH] = check_in + policy.stay_in_touch
            days[Purpose.STAY_IN_TOUCH_AGAIN] = check_in + 2 * policy.stay_in_touch
        return tuple(
            writer.reminder(purpose, mail, rejection, ahead, due=due, sink=sink)
            for sink in policy.reminder_sinks
            for purpose, due in days.items()
        )

    def _writer(self) -> compose.Writer:
        return compose.Writer(self.profile, self.policy, self.packs)
