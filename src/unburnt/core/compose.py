"""What is put into Drafts, calendars and lists for a rejection: letters and reminders, octet by octet."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256

from unburnt.core import calendar, facts, letter, message, note, todo_txt
from unburnt.core.language import LanguagePack
from unburnt.core.letter import Style
from unburnt.core.model import AddReminder, Mail, Profile, Purpose, Rejection, SaveDraft
from unburnt.core.policy import Policy
from unburnt.core.printable import clean
from unburnt.core.situation import Situation, situation
from unburnt.core.template import render

_TOMORROW = timedelta(days=1)
CALENDARS = frozenset({"ics", "caldav", "todo.txt"})  # these hold a reminder from the start, with its day


def key(identity: str, kind: str, sink: str = "drafts") -> str:
    """What an action is known by, for ever: the message it answers, what it is, and where it goes."""
    parts = (identity, kind) if sink == "drafts" else (identity, kind, sink)
    return sha256("\0".join(parts).encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes for one account and one user. The same mail gives the same octets, at any time but for a late opening."""

    profile: Profile
    policy: Policy
    packs: tuple[LanguagePack, ...]

    def letter(self, mail: Mail, rejection: Rejection, *, due: datetime, now: datetime) -> SaveDraft:
        """The letter of thanks, addressed only where somebody reads it, with the rejection quoted below."""
        late = facts.is_late(mail, max(due, now))
        return self._draft(key(mail.identity, "letter"), situation(rejection, late=late), mail, rejection, due)

    def check_in_letter(self, mail: Mail, rejection: Rejection, *, due: datetime, heard: tuple[str, ...]) -> SaveDraft:
        """The letter of some months later, in the same thread, in other words than those ``heard`` before."""
        process = replace(rejection.process, heard=rejection.process.heard | set(heard))
        known = replace(rejection, process=process)
        draft = self._draft(key(mail.identity, "check_in_letter"), Situation.CHECK_IN, mail, known, due)
        return replace(draft, reminder=key(mail.identity, Purpose.CHECK_IN))

    def reminder(
        self, purpose: Purpose, mail: Mail, rejection: Rejection, ahead: note.Ahead, *, due: datetime, sink: str
    ) -> AddReminder:
        """The reminder as its sink keeps it. A calendar gets it from the start, and it waits there for its day."""
        made = key(mail.identity, purpose, sink)
        setting, start = self.policy.language, ahead.start
        said = note.write(purpose, mail, rejection, self.profile, ahead, packs=self.packs, setting=setting)
        at = start if sink in CALENDARS else due
        octets = self._in_form(sink, made, mail, said, due, at)
        return AddReminder(made, key(mail.identity, purpose), purpose, sink, at, due, said.subject, said.text, octets)

    def _draft(self, made: str, to_say: Situation, mail: Mail, rejection: Rejection, due: datetime) -> SaveDraft:
        code = letter.language(self.policy.language, rejection.language, self.packs)
        words = letter.words_of(code, self.packs)
        values = facts.of_rejection(mail, rejection, words) | {
            "strengths": facts.strengths(self.profile, code, self.packs),
            "feedback": facts.may_ask(rejection, self.policy.feedback),
        }
        familiar = rejection.offered.familiar and code == rejection.language
        style = Style(self.policy.tone, familiar, made, rejection.process.heard)
        written = letter.write(to_say, values, words, style, letter.signature(self.profile))
        body = message.body(written.text, mail, words, quoted=self.policy.quote)
        octets = message.draft(
            self._letter_fields(made, mail, rejection, due, _subject(to_say, mail, values, words)), body
        )
        return SaveDraft(made, due, octets, written.text, voices=written.voices)

    def _letter_fields(
        self, made: str, mail: Mail, rejection: Rejection, due: datetime, subject: str
    ) -> tuple[str, ...]:
        return self._fields(
            made,
            mail,
            due,
            author=message.mailbox(self.profile.name, self._addressee(mail)),
            to=message.mailbox(rejection.recipient.name, rejection.recipient.address or ""),
            subject=subject,
        )

    def _in_form(self, sink: str, made: str, mail: Mail, said: note.Note, due: datetime, at: datetime) -> bytes:
        """A reminder as an entry of a calendar, a line of a list, a notification, or a message to oneself."""
        uid = f"{made}@{self._domain()}"
        match sink:
            case "ics" | "caldav":
                return calendar.reminder(
                    uid, stamp=at, due=due, summary=said.subject, text=said.text, link=said.link, event=sink == "ics"
                )
            case "todo.txt":
                days = (moment.astimezone(self.policy.zone).date() for moment in (at, due))
                return todo_txt.task(said.subject, made, *days).encode()
            case "notify":
                return said.short.encode()
        oneself = message.mailbox(self.profile.name, self.policy.address)
        header = self._fields(made, mail, at, author=oneself, to=oneself, subject=said.subject)
        header = (
            *header,
            "Auto-Submitted: auto-generated",
        )  # RFC 3834: no letter of the user's, where mail is read back
        if not said.with_calendar:
            return message.note(header, said.text)
        tomorrow = due + _TOMORROW
        event = calendar.reminder(
            uid, stamp=due, due=tomorrow, summary=said.subject, text=said.text, link=said.link, event=True
        )
        return message.note_with_calendar(header, said.text, event, made)

    def _fields(self, made: str, mail: Mail, date: datetime, *, author: str, to: str, subject: str) -> tuple[str, ...]:
        thread = message.references(mail)
        return message.fields(made, date, self._domain(), thread, author=author, to=to, subject=subject)

    def _addressee(self, mail: Mail) -> str:
        """The user's address that the rejection was sent to, else the account's."""
        own = {address.lower(): address for address in self.policy.addresses}
        sent_to = (*(each.address for each in (*mail.to, *mail.cc)), *mail.delivered_to)
        return next((own[each.lower()] for each in sent_to if each.lower() in own), self.policy.address)

    def _domain(self) -> str:
        return message.domain_of(self.policy.address)


def _subject(to_say: Situation, mail: Mail, values: dict[str, object], words: letter.Words) -> str:
    """That of a reply; of its own where there is no mail to reply to."""
    if mail.envelope.message_id or clean(mail.envelope.subject):
        return message.reply_subject(mail.envelope.subject)
    return clean(render(words["check_in_subject" if to_say is Situation.CHECK_IN else "subject"], values))


def moved(sink: str, octets: bytes, *, due: datetime, stamp: datetime) -> bytes:
    """What a sink holds of a reminder, or will, for another day: ``due`` is in the user's zone, whose day a list has."""
    match sink:
        case "ics" | "caldav":
            return calendar.moved(octets, due, stamp)
        case "todo.txt":
            return todo_txt.moved(octets.decode(), due.date()).encode()
        case "notify":
            return octets
    return message.redated(octets, due)


def anew(made: str, octets: bytes, due: datetime) -> tuple[str, bytes]:
    """A note that is put once more: another key, so that it is never taken for the one before."""
    fresh = key(made, due.isoformat())
    return fresh, message.redated(octets.replace(made.encode(), fresh.encode()), due)
