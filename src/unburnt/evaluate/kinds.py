"""Kinds of other mail, in the two groups that a mailbox is reckoned from: what is near a rejection, and the rest."""

HARD = frozenset(
    # about jobs
    "account acknowledgement advice alert assessment community forwarded hiring incomplete interview list offer onboarding "
    "outreach own pending reference reschedule status viewed withdrawal "
    # refusals of other things, and what borrows their words
    "code coldsale contest dating finance grant housing insurance legal membership paper refund school tender visa "
    "hard".split()
)
GENERAL = frozenset(
    "autoreply bounce calendar cancelled charity condolence course digest family friends mailinglist medical minutes newsletter "
    "receipt security shipping spam statement support survey travel update work "
    "general".split()
)
SHARES = {"rejections": 0.05, "hard": 0.15, "general": 0.80}  # of the mailbox that figures are reckoned for
