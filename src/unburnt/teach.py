"""Learning from the user's mail client: a message put into a training mailbox is a vote, and a vote has consequences.

Each step can be repeated: a kill anywhere leaves a vote that is counted, or one that is found anew.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

from unburnt import events
from unburnt.core.model import Label, Origin, Plan, RawMessage
from unburnt.drain import Clock, Report
from unburnt.world.journal import Journal
from unburnt.world.ports import Decider
from unburnt.world.training import Sighting, TrainingMailbox
from unburnt.world.votes import NO_VOTE, Vote, Votes


def learn(
    mailboxes: Sequence[TrainingMailbox],
    decider: Decider,
    votes: Votes,
    journal: Journal,
    clock: Clock,
    stop: Callable[[], bool],
) -> None:
    """Count what is new in the training mailboxes.

    Of a message that came into both since the last look the last mailbox counts: give "not a rejection" last, since a
    letter too few does less harm than one too many (H4). Of one that came into the other later, the later counts.
    """
    for mailbox in mailboxes:
        for sighting in mailbox.news():
            _look_at(sighting, mailbox, decider, votes, journal, clock())
            if stop():
                return


def _look_at(
    sighting: Sighting, mailbox: TrainingMailbox, decider: Decider, votes: Votes, journal: Journal, now: datetime
) -> None:
    plan = decider.plan(sighting.raw, now, sighting.label)
    account, source = journal.account, sighting.raw.origin.source
    if plan.reason in NO_VOTE:
        events.no_vote(account, source, plan.error or plan.reason.meaning)
    elif mailbox.is_new(plan.identity) and votes.cast(plan, sighting.label, sighting.raw.octets, account, now):
        events.voted(account, source, sighting.label)
    if plan.reason not in NO_VOTE:
        home = journal.mailbox_of(plan.identity)
        if home is not None and mailbox.give_back(sighting, home, plan.envelope.message_id):
            events.given_back(account, source, home)
    mailbox.seen(sighting, plan.identity)


def settle(votes: Votes, decider: Decider, journal: Journal, clock: Clock, report: Report) -> None:
    """Draw the consequences of votes: a letter for what was passed over, or what was planned taken back."""
    for vote in votes.unsettled(journal.account):
        if (plan := _planned(vote, decider, clock())) is not None:
            report.planned(journal.revise(plan, clock()))
        votes.settle(vote)


def _planned(vote: Vote, decider: Decider, now: datetime) -> Plan | None:
    try:
        octets = vote.path.read_bytes()
    except OSError:  # the user has removed it: no vote any more
        return None
    label = Label(vote.label)
    plan = decider.plan(RawMessage(Origin(str(vote.path)), octets), now, label)
    return None if plan.reason in NO_VOTE else plan
