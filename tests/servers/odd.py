"""A small IMAP server with one user, for what real servers do seldom: it leaves things out, refuses, hangs up."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from tests.servers.scripted import Conversation

_FETCH = re.compile(rb"UID FETCH ([\d,]+) \((.*)\)$")
_DATE = b'INTERNALDATE "20-Nov-2026 09:00:00 +0000"'


@dataclass
class OddServer:
    """Talk for a ScriptedServer. ``faults`` says by UID what happens to a FETCH that asks for it, see _fetch()."""

    messages: dict[int, bytes] = field(default_factory=dict)
    faults: dict[int, str] = field(default_factory=dict)
    examined: Sequence[bytes] = (b"OK [UIDVALIDITY 7] so", b"OK [UIDNEXT 1000] so")
    listed: Sequence[bytes] = (b'(\\Drafts) "/" Drafts', b'() "/" INBOX')
    rewrite: Callable[[bytes, bytes], bytes] = lambda _command, answer: answer  # the last word on every answer
    heard: list[bytes] = field(default_factory=list)

    def __call__(self, conversation: Conversation) -> None:
        while line := conversation.hear():
            tag, _, command = line.rstrip(b"\r\n").partition(b" ")
            self.heard.append(command)
            conversation.say(self.rewrite(command, self._answer(command)).replace(b"<tag>", tag))

    def _answer(self, command: bytes) -> bytes:
        said: list[bytes] | bytes = []
        match command.split(b" ")[0]:
            case b"CAPABILITY":
                said = [b"CAPABILITY IMAP4rev1"]
            case b"LIST":
                said = [b"LIST " + row for row in self.listed]
            case b"EXAMINE":
                said = [b"%d EXISTS" % len(self.messages), *self.examined]
            case b"UID":
                said = self._uid(command)
        if isinstance(said, bytes):
            return b"<tag> " + said + b"\r\n"
        return b"".join(b"* " + row + b"\r\n" for row in said) + b"<tag> OK done\r\n"

    def _uid(self, command: bytes) -> list[bytes] | bytes:
        if match := _FETCH.match(command):
            return self._fetch([int(uid) for uid in match[1].split(b",")], match[2])
        wanted = command.rpartition(b" ")[2]
        first = int(wanted[:-2]) if wanted.endswith(b":*") else 0
        listed = {int(uid) for uid in wanted.split(b",")} if re.fullmatch(rb"[\d,]+", wanted) else None
        there = [uid for uid in sorted(self.messages) if uid >= first and (listed is None or uid in listed)]
        return [b"SEARCH " + b" ".join(b"%d" % uid for uid in there)]

    def _fetch(self, uids: list[int], items: bytes) -> list[bytes] | bytes:
        faults = {self.faults.get(uid, "") for uid in uids}
        bodies = b"BODY" in items
        rows = [self._row(uid, items) for uid in uids if uid in self.messages and self.faults.get(uid) != "absent"]
        if "refused" in faults and bodies:
            return b"NO [SERVERBUG] not this one"
        if "unavailable" in faults and bodies:
            return b"NO [UNAVAILABLE] UID FETCH Server error - Please try again later"
        if "other news" in faults:  # flags of the message that is third, whatever its UID
            rows += [b"3 FETCH (FLAGS (\\Answered))"]
        return rows

    def _row(self, uid: int, items: bytes) -> bytes:
        octets, number = self.messages[uid], sorted(self.messages).index(uid) + 1
        if b"BODY" not in items:
            return b"%d FETCH (UID %d RFC822.SIZE %d %s FLAGS (\\Seen))" % (number, uid, len(octets), _DATE)
        if self.faults.get(uid) == "hollow" or (self.faults.get(uid) == "no beginning" and b"<0." in items):
            return b"%d FETCH (UID %d BODY[] NIL)" % (number, uid)
        if self.faults.get(uid) == "garbled":
            return b'%d FETCH (UID %d BODY[] "no end)' % (number, uid)
        part = b"BODY[]<0>" if b"<0." in items else b"BODY[]"
        octets = octets[:131072] if b"<0." in items else octets
        return b"%d FETCH (UID %d %s {%d}\r\n%s)" % (number, uid, part, len(octets), octets)
