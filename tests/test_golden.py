"""Whole decisions on whole messages: golden/<name>.eml in, golden/<name>.plan.toml out.

The expected plan is what is right, read off the mail by a person, not what the program says; where that isn't plain,
golden/<name>.why.md says why. ``pytest --update-golden`` rewrites the plans: read the diff before you keep it.
"""

import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import NOW
from unburnt import reports
from unburnt.core.classify import Classifier
from unburnt.core.model import Action, Origin, Plan, Profile, RawMessage, Rejection, SaveDraft, Stage
from unburnt.core.planner import Planner
from unburnt.core.policy import Policy
from unburnt.core.reason import Reason
from unburnt.world import models, packs

GOLDEN = Path(__file__).parent / "golden"
NAMES = sorted(path.name.removesuffix(".eml") for path in GOLDEN.glob("*.eml"))
ALICE = Policy("alice@mail.example", ("alice@mail.example",), other_addresses=("alice@studio.example",))

# What the program gets wrong, and in which fields: it has to be wrong exactly there, so a case that comes right leaves.
KNOWN_WRONG = {
    # a no that is told as a story: held back as unsure, or not seen
    "freemail-of-a-small-shop": "label",
    # a room refused as employers refuse a post
    "flat-refusal": "label",
    # a fellowship's no, sent to all applicants through a list: by turns just found and just held back as unsure
    "mailing-list-of-applicants": "label",
}

PROSE = {"recipient.why", "error"}  # of these the golden value is a word or phrase of the whole
BY_HISTORY = {
    Reason.DUPLICATE,
    Reason.UNFETCHABLE,
    Reason.VOTED_OTHER,
    Reason.SAME_PROCESS,
}  # decided by what is known besides the message
NEVER_RIGHT = {Reason.UNSURE}
BY_POLICY = {Reason.TOO_EARLY, Reason.QUIET_COMPANY}


@dataclass(frozen=True, slots=True)
class Golden:
    """A plan.toml: the plan, by dotted keys, and what the mail store would tell besides the octets."""

    plan: dict[str, Any]
    flags: tuple[str, ...] = ()
    internal_date: datetime | None = None


@pytest.fixture(scope="module")
def planner() -> Planner:
    """As the daemon makes it, with the shipped model."""
    fitted, _ = models.load_or_fit()
    return Planner(Classifier(fitted), packs.load(), Profile("Alice Doe", "Alice Doe"), ALICE)


@pytest.mark.parametrize("name", NAMES)
def test_plan_is_the_golden_one(name: str, planner: Planner, request: pytest.FixtureRequest) -> None:
    found = told(planned(name, planner))
    wrong = set(KNOWN_WRONG.get(name, "").split())
    if request.config.getoption("--update-golden"):
        update(name, found, wrong)
    golden = read(name).plan

    differing = differences(golden, found)
    both = "".join(f"\n  {key}: {golden.get(key)!r} is right, not {found.get(key)!r}" for key in sorted(differing))
    assert differing == wrong, f"{name}.eml{both}\n  known to be wrong: {sorted(wrong) or 'nothing'}"


@pytest.mark.parametrize("name", NAMES)
def test_line_ends_make_no_difference(name: str, planner: Planner) -> None:
    """The files end lines with LF, as a Maildir does; IMAP gives CRLF."""
    with_lf, with_crlf = planned(name, planner), planned(name, planner, line_end=b"\r\n")

    assert told(with_crlf) == told(with_lf)
    assert with_crlf.identity == with_lf.identity or with_lf.reason is Reason.UNPARSABLE


def test_golden_files_belong_together() -> None:
    """No plan or reason without its mail, and none known to be wrong that isn't there."""
    assert {path.name.partition(".")[0] for path in GOLDEN.iterdir()} == set(NAMES)
    assert KNOWN_WRONG.keys() <= set(NAMES)


def test_every_language_and_every_reason_has_a_case() -> None:
    plans = [read(name).plan for name in NAMES]

    languages = {plan.get("language") for plan in plans if plan.get("label") == "rejection"}
    assert {pack.code for pack in packs.load()} - languages == set()
    assert set(Reason) - {Reason(plan["reason"]) for plan in plans} == BY_HISTORY | NEVER_RIGHT | BY_POLICY


@pytest.mark.parametrize(
    ("policy", "reason", "purposes"),
    [
        (ALICE, Reason.PLANNED, ["thanks", "check_in", "connect", "check_in"]),
        (replace(ALICE, min_stage=Stage.INTERVIEW), Reason.TOO_EARLY, ["connect", "check_in"]),
        (replace(ALICE, quiet_companies=("Harrow Mill", "stavely bakeries ltd")), Reason.QUIET_COMPANY, []),
        (replace(ALICE, quiet_companies=("adp.com",)), Reason.QUIET_COMPANY, []),
        (replace(ALICE, quiet_companies=("dp.com",)), Reason.PLANNED, ["thanks", "check_in", "connect", "check_in"]),
        (replace(ALICE, without_recipient="skip"), Reason.PLANNED, ["connect", "check_in"]),
        (replace(ALICE, reminder_sinks=()), Reason.PLANNED, ["thanks"]),
        (
            replace(ALICE, stay_in_touch=timedelta(days=180), reminder_sinks=("ics",)),
            Reason.PLANNED,
            ["thanks", "check_in", "connect", "check_in", "stay_in_touch", "stay_in_touch_again"],
        ),
    ],
)
def test_the_users_policy_decides_what_is_written(
    policy: Policy, reason: Reason, purposes: list[str], planner: Planner
) -> None:
    """An application to Stavely Bakeries, turned down by a machine."""
    plan = planned("adp-hr-address", replace(planner, policy=policy))
    assert (plan.reason, [reports.purpose_of(action) for action in plan.actions]) == (reason, purposes)


def test_a_note_in_the_inbox_is_no_reply_of_the_users(planner: Planner) -> None:
    """It stands in the rejection's thread, and comes from the user's own address; a real reply answers."""
    plan = planned("adp-hr-address", replace(planner, policy=replace(ALICE, reminder_sinks=("inbox",))))
    (note, _) = (action for action in plan.actions if not isinstance(action, SaveDraft))
    found = planner.plan(RawMessage(Origin("personal/INBOX/7"), note.octets), NOW)
    reply = planner.plan(RawMessage(Origin("x"), note.octets.replace(b"Auto-Submitted: auto-generated\r\n", b"")), NOW)

    assert (found.reason, found.envelope.in_reply_to, found.step) == (Reason.OWN_MESSAGE, (), None)
    assert reply.reason is Reason.OWN_MESSAGE
    assert reply.envelope.in_reply_to == (plan.envelope.message_id,)


def planned(name: str, planner: Planner, line_end: bytes = b"\n") -> Plan:
    golden = read(name)
    octets = (GOLDEN / f"{name}.eml").read_bytes().replace(b"\n", line_end)
    return planner.plan(RawMessage(Origin(f"{name}.eml"), octets, golden.internal_date, golden.flags), NOW)


def told(plan: Plan) -> dict[str, Any]:
    """What a plan.toml tells of a plan; what is unknown is left out, since TOML has no null."""
    found = {
        "label": plan.verdict.label.value if plan.verdict else None,
        "reason": plan.reason.value,
        "language": plan.language,
        "error": plan.error,
        **(_told_of(plan.rejection) if plan.rejection else {}),
        "actions": [_told_action(action) for action in plan.actions],
    }
    return {key: value for key, value in found.items() if value is not None}


def _told_of(rejection: Rejection) -> dict[str, Any]:
    return {
        "company": rejection.company,
        "role": rejection.role,
        "requisition": rejection.requisition,
        "agency": rejection.agency,
        "stage": rejection.stage.value,
        "contact.name": rejection.contact.name if rejection.contact else None,
        "contact.address": rejection.contact.address if rejection.contact else None,
        "recipient.address": rejection.recipient.address,
        "recipient.why": rejection.recipient.why,
    }


def _told_action(action: Action) -> dict[str, Any]:
    if isinstance(action, SaveDraft):
        return {"kind": "draft", "due": action.at.astimezone(UTC)}
    return {"kind": "reminder", "due": action.due.astimezone(UTC)}


def differences(golden: Mapping[str, Any], found: Mapping[str, Any]) -> set[str]:
    """The fields that aren't as they should be; of a wrong label nothing but that, since the rest follows from it."""
    differing = {key for key in {**golden, **found} if not agree(key, golden, found)}
    return {"label"} if "label" in differing else differing


def agree(key: str, golden: Mapping[str, Any], found: Mapping[str, Any]) -> bool:
    if key in PROSE and golden.get(key):
        return golden[key] in found.get(key, "")
    return golden.get(key) == found.get(key)


def read(name: str) -> Golden:
    """The golden plan; an empty one for a mail that has none yet."""
    path = GOLDEN / f"{name}.plan.toml"
    plan = tomllib.loads(path.read_text("utf-8")) if path.exists() else {}
    given = plan.pop("given", {})
    return Golden(dict(_flat(plan)), tuple(given.get("flags", ())), given.get("internal_date"))


def _flat(table: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield prefix + key, value


def update(name: str, found: Mapping[str, Any], wrong: set[str]) -> None:
    """Rewrite a plan; what is known to be wrong, and prose that still holds, stays as it is."""
    golden = read(name)
    keep = {key for key in {*golden.plan, *wrong} if key in wrong or (key in PROSE and agree(key, golden.plan, found))}
    merged = {key: golden.plan.get(key) if key in keep else found.get(key) for key in {**found, **golden.plan}}
    plan = {key: value for key, value in merged.items() if value is not None}
    (GOLDEN / f"{name}.plan.toml").write_text(written(Golden(plan, golden.flags, golden.internal_date)), "utf-8")


def written(golden: Golden) -> str:
    """As TOML."""
    lines = [f"{key} = {_value(value)}" for key, value in golden.plan.items()]
    given = {"flags": list(golden.flags), "internal_date": golden.internal_date}
    about = [f"{key} = {_value(value)}" for key, value in given.items() if value]
    return "\n".join([*lines, *(["", "[given]", *about] if about else [])]) + "\n"


def _value(value: object) -> str:
    match value:
        case datetime():
            return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
        case dict():
            return "{" + ", ".join(f"{key} = {_value(entry)}" for key, entry in value.items()) + "}"
        case [{}, *_]:
            return "[\n" + "".join(f"  {_value(entry)},\n" for entry in value) + "]"
        case list():
            return "[" + ", ".join(map(_value, value)) + "]"
        case _:
            return json.dumps(value, ensure_ascii=False)
