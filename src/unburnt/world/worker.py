"""The planner in a child process that can be killed: mail that hangs it, crashes it or eats memory costs one plan.

The child can't outlive its parent (lifeline.py), and an idle one reads the end of its pipe. Children are started by one
thread of their own, which lives as long as the Worker.
"""

import logging
import os
import resource
import signal
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import Self

from unburnt.core.model import Label, Plan, RawMessage, Step
from unburnt.core.planner import unreadable
from unburnt.errors import TryAgain, UnburntError
from unburnt.world.lifeline import die_with
from unburnt.world.ports import Decider

_START_SECONDS = 900  # a model that has to be fitted first, on a slow machine
_EXIT_SECONDS = 10
_OUT_OF_MEMORY = 3  # exit code
_FROM_OUTSIDE = -signal.SIGKILL

Question = tuple[RawMessage, datetime, Label | None, tuple[Step, ...]]


@dataclass(frozen=True, slots=True)
class _Failed:
    """The child's answer when it has no plan."""

    why: str


@dataclass(frozen=True, slots=True)
class _Child:
    process: SpawnProcess
    pipe: Connection

    def kill(self) -> None:
        self.pipe.close()
        self.process.kill()
        self.process.join()
        self.process.close()


class Worker:
    """Plans like a planner, one message at a time. ``make`` is pickled and called once in each child."""

    def __init__(self, make: Callable[[], Decider], seconds: float = 20, memory: int = 2 * 2**30) -> None:
        self._make = make
        self._seconds = seconds
        self._memory = memory
        self._child: _Child | None = None
        self._lock = Lock()
        self._starter = ThreadPoolExecutor(max_workers=1, thread_name_prefix="worker-start")

    def plan(self, raw: RawMessage, now: datetime, told: Label | None = None, past: tuple[Step, ...] = ()) -> Plan:
        """The child's plan, or an unreadable one that says what happened to it.

        A child killed from outside, by the kernel for want of memory or by an operator, is asked again in a fresh one:
        that is no fault of the message, unless it happens twice.
        """
        with self._lock:
            answer, signalled = self._ask((raw, now, told, past))
            if signalled == _FROM_OUTSIDE:
                answer, _ = self._ask((raw, now, told, past))
        return answer if isinstance(answer, Plan) else unreadable(raw, answer.why)

    def renew(self) -> None:
        """The next message is read by a fresh child, with what has changed since: a model that was adopted."""
        with self._lock:
            self._end()

    def close(self) -> None:
        """Safe to call twice; a closed Worker can't be used again."""
        with self._lock:
            self._end()
            self._starter.shutdown()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _ask(self, question: Question) -> tuple[Plan | _Failed, int | None]:
        """The child's answer; from one that died also its exit code, which is a negative signal number."""
        child = self._child = self._child or self._start()
        try:
            child.pipe.send(question)
            if child.pipe.poll(self._seconds):
                return child.pipe.recv(), None
        except (EOFError, OSError):
            code = _exit_code(child.process)
            self._end()
            return _Failed(f"reading it {_cause(code)}"), code
        self._end()
        return _Failed(f"reading it took more than {self._seconds:g} s"), None

    def _start(self) -> _Child:
        """A child that is ready. That it can't get ready is no message's fault, and raised."""
        context = get_context("spawn")  # a fork would copy the locks that other threads hold
        ours, theirs = context.Pipe()
        process = context.Process(target=_serve, args=(theirs, self._make, self._memory, os.getpid()), daemon=True)
        self._starter.submit(process.start).result()
        theirs.close()  # or the end of the pipe would never show
        try:
            trouble = (
                ours.recv() if ours.poll(_START_SECONDS) else TryAgain("the process that reads mail does not get ready")
            )
        except (EOFError, OSError):
            trouble = TryAgain(f"starting the process that reads mail {_cause(_exit_code(process))}")
        child = _Child(process, ours)
        if trouble is not None:
            child.kill()
            raise trouble
        return child

    def _end(self) -> None:
        if self._child is not None:
            self._child.kill()
            self._child = None


def _exit_code(process: SpawnProcess) -> int | None:
    process.join(_EXIT_SECONDS)
    return process.exitcode


def _cause(code: int | None) -> str:
    """What became of a child, in words."""
    if code == _OUT_OF_MEMORY:
        return "took too much memory"
    if code is not None and code < 0:
        return f"ended in {signal.Signals(-code).name}"
    return f"ended unexpectedly (exit code {code})"


def _serve(pipe: Connection, make: Callable[[], Decider], memory: int, parent: int) -> None:
    """The child's life. Nothing of mail is printed: exceptions may quote it, and so may what libraries log."""
    _confine(memory, parent)
    try:
        decider = make()
    except UnburntError as error:
        pipe.send(error)
        return
    with suppress(EOFError, OSError):  # the parent is gone
        pipe.send(None)
        while True:
            pipe.send(_answer(decider, pipe.recv()))


def _answer(decider: Decider, question: Question) -> Plan | _Failed:
    try:
        return decider.plan(*question)
    except MemoryError:
        os._exit(_OUT_OF_MEMORY)
    except Exception as error:  # noqa: BLE001  # a bug of ours or of a library, met by one message: the others go on
        place = traceback.extract_tb(error.__traceback__)[-1]
        return _Failed(f"reading it failed: {type(error).__name__} in {Path(place.filename).name}, line {place.lineno}")


def _confine(memory: int, parent: int) -> None:
    die_with(parent)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(
            number, signal.SIG_IGN
        )  # Ctrl-C, and systemd's stop of the whole unit, are the parent's to answer
    logging.disable()
    os.environ["OPENBLAS_NUM_THREADS"] = "1"  # it takes memory for every core; on a big machine more than the limit
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # not RLIMIT_AS, which also counts what libraries only reserve
    _, most = resource.getrlimit(resource.RLIMIT_DATA)
    limit = memory if most == resource.RLIM_INFINITY else min(memory, most)
    resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
