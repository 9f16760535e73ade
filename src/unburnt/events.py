"""One function per event worth a line to the operator. Never a body, never a secret; subjects at debug level only."""

import logging
import sys
from datetime import datetime

import structlog

from unburnt.core.model import Label, Plan
from unburnt.world.ports import ActionState

_log = structlog.stdlib.get_logger("unburnt")
_QUIET = "apprise apscheduler caldav imapclient keyring mailparser niquests py3langid tldextract urllib3".split()


def quiet() -> None:
    """Commands for people print what they have to say; events are for the daemon's log."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    _hush()


def _hush() -> None:
    """imapclient logs every protocol line, passwords included, at debug level (field notes J5)."""
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.CRITICAL)


def configure(*, verbose: bool, json: bool) -> None:
    """Lines to standard error: key=value for people and the journal, JSON for machines; colour only on a terminal."""
    renderer: structlog.typing.Processor = structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty() and not json)
    if json:
        renderer = structlog.processors.JSONRenderer()
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=json),
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.DEBUG if verbose else logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    _hush()


def starting(version: str, accounts: list[str]) -> None:
    _log.info("starting", version=version, accounts=accounts)


def stopping(signal: str) -> None:
    _log.info("stopping", signal=signal)


def model_ready(examples: int, seconds: float, *, fitted: bool) -> None:
    _log.info("model fitted" if fitted else "model loaded", examples=examples, seconds=round(seconds, 2))


def connected(account: str, host: str, capabilities: list[str]) -> None:
    _log.info("connected", account=account, host=host, capabilities=" ".join(capabilities))


def connection_lost(account: str, error: str, retry_seconds: float) -> None:
    _log.warning("connection lost", account=account, error=error, retry_in=f"{retry_seconds:.0f}s")


def given_up(account: str, error: str) -> None:
    _log.error(
        "given up", account=account, error=error, then="no further try until this is mended and the service restarted"
    )


def decided(account: str, plan: Plan) -> None:
    """A line at info level for what may matter to the user, at debug level for the rest."""
    verdict, rejection = plan.verdict, plan.rejection
    fields = {
        "account": account,
        "source": plan.origin.source,
        "reason": str(plan.reason),
        "probability": round(verdict.probability, 3) if verdict else None,
        "company": rejection.company if rejection else None,
        "recipient": rejection.recipient.why if rejection else None,
        "error": plan.error,
    }
    shown = {key: value for key, value in fields.items() if value is not None}
    if plan.error or (verdict and verdict.label is not Label.OTHER):
        _log.info("decided", **shown)
    else:
        _log.debug("decided", **shown, subject=plan.envelope.subject)


def acted(account: str, kind: str, state: ActionState, company: str | None, error: str | None) -> None:
    log = _log.warning if state in (ActionState.FAILED, ActionState.HELD) else _log.info
    log("action", account=account, kind=kind, state=str(state), company=company, **({"error": error} if error else {}))


def reminder_moved(account: str, purpose: str, why: str, due: datetime) -> None:
    _log.info("reminder moved", account=account, purpose=str(purpose), why=why, due=due.date().isoformat())


def reminder_dropped(account: str, purpose: str, why: str) -> None:
    _log.info("reminder dropped", account=account, purpose=str(purpose), why=why)


def reminder_done(account: str, sink: str) -> None:
    _log.info("reminder done", account=account, ticked_off_in=sink)


def sink_trouble(account: str, sink: str, error: str) -> None:
    _log.warning("sink not read", account=account, sink=sink, error=error)


def voted(account: str, source: str, label: Label) -> None:
    _log.info("learned", account=account, source=source, label=str(label))


def no_vote(account: str, source: str, why: str) -> None:
    _log.warning("not learned", account=account, source=source, why=why)


def training() -> None:
    _log.info("training", why="there are votes to learn from")


def trained(code: int) -> None:
    if code:
        _log.error("training failed", code=code, then="the classifier stays as it was; `unburnt train` tells more")
    else:
        _log.info("trained", then="`unburnt model` tells what it came to")


def given_back(account: str, source: str, mailbox: str) -> None:
    _log.info("moved back", account=account, source=source, mailbox=mailbox)


def mailbox_made(account: str, mailbox: str) -> None:
    _log.info("mailbox made", account=account, mailbox=mailbox)


def server_says(account: str, text: str) -> None:
    _log.warning("server says", account=account, text=text)


def journal_lost(account: str) -> None:
    _log.warning(
        "drafts of an earlier journal found",
        account=account,
        then="what can't be told apart is held; see `unburnt status`",
    )


def mailbox_restarted(account: str, mailbox: str) -> None:
    _log.warning(
        "mailbox has a new UIDVALIDITY",
        account=account,
        mailbox=mailbox,
        then="read again; known messages are recognised",
    )


def waiting(account: str, until: datetime | None, *, idle: bool) -> None:
    _log.debug("waiting", account=account, idle=idle, next_due=until.isoformat() if until else None)


def surprise(account: str, error: BaseException) -> None:
    """A bug: its type and place, not its text, which may quote mail."""
    frames = []
    trace = error.__traceback__
    while trace is not None:
        frames.append(f"{trace.tb_frame.f_code.co_filename.rpartition('/')[2]}:{trace.tb_lineno}")
        trace = trace.tb_next
    _log.error("unexpected error", account=account, type=type(error).__name__, at=" ".join(frames[-4:]))
