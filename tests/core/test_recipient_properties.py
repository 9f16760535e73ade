"""Whatever a mail and the history say: a letter never goes to a machine, a list, the user, or whom a stranger chose."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import example, given
from hypothesis import strategies as st

from unburnt.core import senders
from unburnt.core.model import Address, Envelope, Kind, Mail, Person, Step
from unburnt.core.people import involved
from unburnt.core.recipient import recipient

OWN = ("sam@mail.example", "sam.doe@work.example")
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
HUMANS = ("jane.roe@acme.example", "t.krol@acme.example", "ada@foundry.example", "bo.lee@agency.example")
MACHINES = (
    "no-reply@acme.example",
    "noreply@us.greenhouse-mail.io",
    "ne-pas-repondre@acme.example",
    "acme+autoreply@talent.icims.com",
    "hr-acme@invalidemail.com",
    "MAILER-DAEMON@acme.example",
    "acme@myworkday.com",
    "nie.odpowiadaj@acme.example",
    "postmaster@foundry.example",
)
TRACKED = ("acme+email+7h2k-d9@talent.icims.com", "x.acme@recruitee-mailbox.com")
SHARED = ("jobs@acme.example", "hr@foundry.example")
ODD = ("", "@", "jane roe@acme.example", "jane@acme", '"a@b"@acme.example', "jane.roe@acme.example>,eve@evil.example")

addresses = st.sampled_from((*HUMANS, *MACHINES, *TRACKED, *SHARED, *OWN, *ODD, "eve@evil.example", "joe@gmail.com"))
names = st.sampled_from(("", "Jane Roe", "Acme Careers", "jane.roe@acme.example", "Tomasz Król"))
parties = st.builds(Address, names, addresses)
texts = st.sampled_from(
    ("We chose somebody else.\n\nJane Roe", "No.", "Please do not reply to this email. This mailbox is not monitored.")
)
mails = st.builds(
    Mail,
    st.builds(Envelope, st.just("<1@x.example>"), st.just(NOON), st.none() | parties, st.just("Your application")),
    st.just("1"),
    texts,
    st.just(""),
    to=st.just((Address("Sam", OWN[0]),)),
    reply_to=st.lists(parties, max_size=2).map(tuple),
    list_post=st.sampled_from(("", "<mailto:list@acme.example>", "NO")),
    dmarc=st.sampled_from(("", "pass", "fail")),
)
steps = st.builds(
    Step,
    st.uuids().map(str),
    st.sampled_from(Kind),
    st.integers(1, 60).map(lambda days: NOON - timedelta(days=days)),
    st.none() | st.sampled_from(("<2@x.example>", "<3@x.example>")),
    st.just(()),
    st.none() | parties,
    signer=st.none() | st.builds(Person, names, addresses),
)


@given(mails, st.lists(steps, max_size=4), st.sampled_from(("", "Jane Roe", "Tomasz Król")))
@example(  # the user's own mail, filed as somebody's: nobody to write to
    Mail(
        Envelope("<1@x.example>", NOON, Address("", "no-reply@acme.example"), "Your application"),
        "1",
        "No.",
        "",
        to=(Address("Sam", OWN[0]),),
    ),
    [Step("2", Kind.APPLICATION, NOON - timedelta(days=1), None, (), None, signer=Person("", "sam+2026@mail.example"))],
    "",
)
def test_a_letter_goes_to_a_person_or_to_nobody(mail: Mail, known: list[Step], person: str) -> None:
    people = involved(known, frozenset(), OWN)
    to = recipient(mail, person, OWN, people)

    assert to.why
    if to.address is None:
        return
    system = senders.system_of(to.address.rpartition("@")[2].lower())
    assert senders.well_formed(to.address)
    assert not senders.is_machine(to.address)
    assert senders.mailbox(to.address) not in OWN
    assert system is None or senders.is_tracked(to.address)
    assert mail.dmarc != "fail"
    assert not mail.list_post or mail.list_post == "NO"
    given_by_mail = {each.address for each in (mail.envelope.author, *mail.reply_to) if each}
    assert to.address in given_by_mail | {each.person.address for each in people}


@given(mails, st.lists(steps, max_size=4))
def test_who_answers_for_another_organisation_is_not_written_to(mail: Mail, known: list[Step]) -> None:
    """A Reply-To that leads away from the author's organisation, where that is no sending system."""
    author = Address("Jane Roe", "jane.roe@acme.example")
    strayed = replace(
        mail, envelope=replace(mail.envelope, author=author), reply_to=(Address("Jane Roe", "eve@evil.example"),)
    )

    assert recipient(strayed, "Jane Roe", OWN, involved(known, frozenset(), OWN)).address is None
