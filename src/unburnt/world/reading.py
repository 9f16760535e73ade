"""The labelled mail, read and hashed on all processors: on one, that is two fifths of a first fit.

Where mail is little, or in a process that may have no children (worker.py), it is read where it is asked for.
"""

import os
import signal
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import cache
from multiprocessing import current_process, get_context
from pathlib import Path

from unburnt.core import kind
from unburnt.core.kind import KindLessons
from unburnt.core.lessons import Counted, Lesson, Marks, Pairs, count_some
from unburnt.core.model import Kind
from unburnt.errors import TryAgain
from unburnt.world import corpus, packs
from unburnt.world.lifeline import die_with

_MOST_PROCESSES = 4  # of some 200 MB each
AT_A_TIME = 50  # mails: how often progress is told, and for how much work Ctrl-C waits
_WORTH_IT = 1000  # mails; to start a process takes as long as to read some hundred


@dataclass(frozen=True, slots=True)
class Part:
    """Some of the labelled mail: what it teaches of rejections, and what of kinds."""

    counted: Counted
    kinds: KindLessons


def parts(labelled: Sequence[Path]) -> Iterator[Part]:
    """All of it, in its order. CorpusProblem where a file is no labelled mail; TryAgain where a reader was killed."""
    marked = corpus.marks(labelled[0].parents[1])
    some = [labelled[start : start + AT_A_TIME] for start in range(0, len(labelled), AT_A_TIME)]
    marks = [{path.stem: marked[path.stem] for path in each if path.stem in marked} for each in some]
    processes = min(_MOST_PROCESSES, os.cpu_count() or 1)
    if processes < 2 or len(labelled) < _WORTH_IT or current_process().daemon:
        yield from map(_part, some, marks)
        return
    fresh = get_context("spawn")  # a fork would copy the locks that other threads hold
    with ProcessPoolExecutor(processes, fresh, _begin, (os.getpid(),)) as pool:
        try:
            yield from pool.map(_part, some, marks)
        except BrokenProcessPool:  # killed from outside: by the kernel for want of memory, or by an operator
            raise TryAgain("a process that reads the labelled mail was killed") from None


def _begin(parent: int) -> None:
    die_with(parent)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to answer


def _part(paths: Sequence[Path], marked: Mapping[str, Marks]) -> Part:
    lessons: list[Lesson] = []
    kinds: list[tuple[Pairs, Kind]] = []
    for path in paths:
        example = corpus.example(path, marked)
        lesson = example.lesson()
        if (taught := example.teaches) is not None:
            kinds.append((kind.pairs(lesson.read, example.mail, _packs()), taught))
        lessons.append(lesson)
    return Part(count_some(lessons), kind.count_kinds(kinds))


_packs = cache(packs.load)
