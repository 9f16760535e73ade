"""A plan as rows of the journal's tables."""

from datetime import datetime

from unburnt.core.model import Action, AddReminder, Plan
from unburnt.world.ports import ReminderState

CHECK_IN_LETTER = "check_in_draft"  # the kind of the letter that comes with a reminder


def message(plan: Plan, account: str, now: datetime) -> dict[str, object]:
    """The columns by name; what isn't known is left out."""
    envelope, verdict, rejection = plan.envelope, plan.verdict, plan.rejection
    values: dict[str, object] = {
        "identity": plan.identity,
        "account": account,
        "source": plan.origin.source,
        "message_id": envelope.message_id,
        "date": envelope.date.timestamp() if envelope.date else None,
        "subject": envelope.subject,
        "reason": plan.reason,
        "language": plan.language,
        "error": plan.error,
        "at": now.timestamp(),
    }
    if envelope.author:
        values |= {"author_name": envelope.author.name, "author_address": envelope.author.address}
    if verdict:
        values |= {"label": verdict.label, "probability": verdict.probability}
    if rejection:
        contact = rejection.contact
        values |= {
            "company": rejection.company,
            "role": rejection.role,
            "contact_name": contact.name if contact else None,
            "contact_address": contact.address if contact else None,
            "recipient": rejection.recipient.address,
            "recipient_why": rejection.recipient.why,
            "stage": rejection.stage,
        }
    return values


def action(action: Action) -> dict[str, object]:
    """The columns that the action itself tells."""
    return {
        "key": action.key,
        "kind": _kind(action),
        "sink": action.sink,
        "due": action.at.timestamp(),
        "summary": action.summary if isinstance(action, AddReminder) else "",
        "text": action.text,
        "octets": action.octets,
        "reminder": action.reminder,
    }


def reminder(action: AddReminder) -> dict[str, object]:
    """The reminder that the action is a form of."""
    return {
        "key": action.reminder,
        "purpose": action.purpose,
        "due": action.due.timestamp(),
        "state": ReminderState.OPEN,
        "summary": action.summary,
    }


def _kind(action: Action) -> str:
    if isinstance(action, AddReminder):
        return action.purpose
    return CHECK_IN_LETTER if action.reminder else "draft"
