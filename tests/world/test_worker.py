"""The worker process: whatever a message does to it, there is an answer, and no process is left over."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from threading import Thread

import pytest

from tests.command import has_ended, until
from tests.conftest import NOW
from unburnt.core.model import Envelope, Label, Origin, Plan, RawMessage, Step
from unburnt.core.reason import Reason
from unburnt.errors import ConfigurationProblem, TryAgain
from unburnt.world.worker import Worker

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Obedient:
    """Does what the message says."""

    def plan(self, raw: RawMessage, now: datetime, told: Label | None = None, past: tuple[Step, ...] = ()) -> Plan:
        order, _, argument = raw.octets.decode().partition(" ")
        match order:
            case "hang":
                while True:
                    pass
            case "crash":
                os.kill(os.getpid(), signal.SIGSEGV)
            case "die-once" if not (seen := Path(argument)).exists():
                seen.touch()
                os.kill(os.getpid(), signal.SIGKILL)
            case "die":
                os.kill(os.getpid(), signal.SIGKILL)
            case "hog":
                return Plan(raw.origin, Reason.UNSURE, "x" * 2**30)
            case "raise":
                raise KeyError(argument)
            case "shout":
                import logging

                logging.getLogger("mailparser").error(argument)
        reason = Reason.VOTED_OTHER if told else Reason.NOT_A_REJECTION
        return Plan(raw.origin, reason, str(os.getpid()), Envelope(subject=argument, date=now))


class Unfit:
    def plan(self, raw: RawMessage, now: datetime, told: Label | None = None, past: tuple[Step, ...] = ()) -> Plan:
        raise NotImplementedError


def make_nothing() -> Unfit:
    raise ConfigurationProblem("letters.language: no such language")


def make_crash() -> Unfit:
    os.kill(os.getpid(), signal.SIGKILL)
    return Unfit()


def message(text: str) -> RawMessage:
    return RawMessage(Origin("test"), text.encode())


@pytest.fixture
def worker() -> Iterator[Worker]:
    with Worker(Obedient, seconds=2, memory=512 * 2**20) as worker:
        yield worker


def test_plans_like_what_it_holds_in_one_child_that_is_not_this_process(worker: Worker) -> None:
    first, second = worker.plan(message("greet Sam"), NOW), worker.plan(message("greet Ada"), NOW)

    assert (first.reason, first.envelope) == (Reason.NOT_A_REJECTION, Envelope(subject="Sam", date=NOW))
    assert second.envelope.subject == "Ada"
    assert first.identity == second.identity != str(os.getpid())


@pytest.mark.parametrize(
    ("order", "why"),
    [
        ("hang", "reading it took more than 2 s"),
        ("crash", "reading it ended in SIGSEGV"),
        ("die", "reading it ended in SIGKILL"),
        ("hog", "reading it took too much memory"),
    ],
)
def test_a_message_that_ends_the_child_gets_the_reason_and_the_next_a_fresh_child(
    worker: Worker, order: str, why: str
) -> None:
    before = worker.plan(message("greet"), NOW)
    plan = worker.plan(message(order), NOW)
    after = worker.plan(message("greet"), NOW)

    assert (plan.reason, plan.error) == (Reason.UNPARSABLE, why)
    assert after.reason is Reason.NOT_A_REJECTION
    assert after.identity != before.identity


def test_an_exception_is_told_by_type_and_place_never_by_its_text_which_may_quote_mail(worker: Worker) -> None:
    before = worker.plan(message("greet"), NOW)
    plan = worker.plan(message("raise Dear Sam, unfortunately"), NOW)

    assert plan.reason is Reason.UNPARSABLE
    assert str(plan.error).startswith("reading it failed: KeyError in test_worker.py, line ")
    assert "Sam" not in str(plan)
    assert worker.plan(message("greet"), NOW).identity == before.identity


def test_a_child_killed_from_outside_is_no_fault_of_the_message(worker: Worker, tmp_path: Path) -> None:
    """The kernel kills the largest process when memory is short."""
    plan = worker.plan(message(f"die-once {tmp_path / 'seen'}"), NOW)
    os.kill(int(plan.identity), signal.SIGKILL)
    later = worker.plan(message("greet"), NOW)

    assert plan.reason is later.reason is Reason.NOT_A_REJECTION
    assert plan.identity != later.identity


def test_a_stop_of_the_whole_unit_leaves_the_child_to_its_parent(worker: Worker) -> None:
    """systemd sends SIGTERM to every process of a service; the message in hand is finished all the same."""
    before = worker.plan(message("greet"), NOW)
    os.kill(int(before.identity), signal.SIGTERM)
    os.kill(int(before.identity), signal.SIGINT)

    assert worker.plan(message("greet"), NOW).identity == before.identity


def test_what_libraries_log_about_mail_is_not_heard(worker: Worker, capfd: pytest.CaptureFixture[str]) -> None:
    worker.plan(message("shout Dear Sam"), NOW)
    worker.plan(message("raise Dear Sam"), NOW)
    worker.plan(message("hog"), NOW)

    assert capfd.readouterr() == ("", "")


def test_trouble_in_making_the_planner_is_raised_and_blamed_on_no_message() -> None:
    with Worker(make_nothing) as worker, pytest.raises(ConfigurationProblem, match="no such language"):
        worker.plan(message("greet"), NOW)
    with Worker(make_crash) as worker, pytest.raises(TryAgain, match="SIGKILL"):
        worker.plan(message("greet"), NOW)


def test_threads_may_share_it_and_the_child_survives_the_thread_that_asked_first(worker: Worker) -> None:
    plans: list[Plan] = []
    threads = [Thread(target=lambda i=i: plans.append(worker.plan(message(f"greet {i}"), NOW))) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    plans.append(worker.plan(message("greet 4"), NOW))

    assert sorted(plan.envelope.subject for plan in plans) == ["0", "1", "2", "3", "4"]
    assert len({plan.identity for plan in plans}) == 1


def test_a_closed_worker_has_no_child(worker: Worker) -> None:
    child = int(worker.plan(message("greet"), NOW).identity)
    worker.close()

    assert not Path(f"/proc/{child}").exists()


PARENT = """
import sys
from tests.conftest import NOW
from tests.world.test_worker import Obedient, message
from unburnt.world.worker import Worker

if __name__ == "__main__":
    worker = Worker(Obedient, seconds=100)
    print(worker.plan(message("greet"), NOW).identity, flush=True)
    worker.plan(message(sys.argv[1]), NOW)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="PR_SET_PDEATHSIG is Linux's")
def test_kill_9_of_the_parent_leaves_no_child_not_even_one_that_hangs(tmp_path: Path) -> None:
    parent, child = _start_parent(tmp_path, "hang")
    parent.kill()
    parent.wait()

    until(lambda: has_ended(child), "the child to end", 10)


def test_a_parent_that_forgets_to_close_ends_and_leaves_no_child(tmp_path: Path) -> None:
    parent, child = _start_parent(tmp_path, "greet")

    assert parent.wait(timeout=60) == 0
    until(lambda: has_ended(child), "the child to end", 10)


def _start_parent(directory: Path, order: str) -> tuple[subprocess.Popen[str], int]:
    script = directory / "parent.py"
    script.write_text(PARENT)
    search = os.pathsep.join([str(ROOT), *filter(None, sys.path)])
    parent = subprocess.Popen(
        [sys.executable, str(script), order],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": search},
    )
    assert parent.stdout is not None
    return parent, int(parent.stdout.readline())
