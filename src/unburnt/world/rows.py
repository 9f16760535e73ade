"""A plan as a row of the table of messages."""

from datetime import datetime

from unburnt.core.model import Plan


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
