"""Why a message was acted on, or why not."""

from enum import StrEnum


class Reason(StrEnum):
    """Why a message was acted on, or why not: one for every message."""

    PLANNED = "PLANNED"
    NOT_A_REJECTION = "NOT_A_REJECTION"
    UNSURE = "UNSURE"
    ALREADY_ANSWERED = "ALREADY_ANSWERED"
    DUPLICATE = "DUPLICATE"
    TOO_OLD = "TOO_OLD"
    OWN_MESSAGE = "OWN_MESSAGE"
    OTHER_ACCOUNT = "OTHER_ACCOUNT"
    AUTOMATIC = "AUTOMATIC"
    UNPARSABLE = "UNPARSABLE"
    UNFETCHABLE = "UNFETCHABLE"
    VOTED_OTHER = "VOTED_OTHER"
    SAME_PROCESS = "SAME_PROCESS"
    TOO_EARLY = "TOO_EARLY"
    QUIET_COMPANY = "QUIET_COMPANY"

    @property
    def meaning(self) -> str:
        """One line for people."""
        return _MEANING[self]


_MEANING = {
    Reason.PLANNED: "a rejection: a letter and reminders are planned",
    Reason.NOT_A_REJECTION: "the classifier says it is no job rejection",
    Reason.UNSURE: "it may be one; nothing is saved for it",
    Reason.ALREADY_ANSWERED: "you have already replied to it",
    Reason.DUPLICATE: "another copy of a message already seen",
    Reason.TOO_OLD: "a rejection older than letters.max_age: a reminder only",
    Reason.OWN_MESSAGE: "you wrote it yourself",
    Reason.OTHER_ACCOUNT: "sent to another configured account, which answers it",
    Reason.AUTOMATIC: "an auto-reply, a bounce or mailing-list traffic",
    Reason.UNPARSABLE: "it can't be read; set aside with its error",
    Reason.UNFETCHABLE: "the server can't deliver it; set aside with its error",
    Reason.VOTED_OTHER: "you said that it is no rejection",
    Reason.SAME_PROCESS: "the same no was told before, and its letter is planned",
    Reason.TOO_EARLY: "it ended before letters.min_stage: a reminder only",
    Reason.QUIET_COMPANY: "one of letters.quiet_companies: nothing is written",
}
