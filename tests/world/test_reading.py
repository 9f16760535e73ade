"""The labelled mail read on several processors: the same as on one, and nothing is left behind."""

import math
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.command import has_ended, until
from unburnt.core import kind
from unburnt.core.lessons import joined
from unburnt.world import reading
from unburnt.world.corpus import CorpusProblem, paths, shipped

SOME = paths(shipped())[::80]

READS_ON = """
import sys
from unburnt.world import corpus, reading
if __name__ == "__main__":
    for part in reading.parts(corpus.paths(corpus.shipped())):
        print(len(part.kinds.kinds), flush=True)
"""


def test_several_processes_read_what_one_does(monkeypatch: pytest.MonkeyPatch) -> None:
    """In the same order, to the last term."""
    alone = list(reading.parts(SOME))
    monkeypatch.setattr(reading, "_WORTH_IT", 0)
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    together = list(reading.parts(SOME))
    assert len(together) == len(alone) == math.ceil(len(SOME) / reading.AT_A_TIME) > 2

    one, other = (joined((part.counted for part in read), ()) for read in (alone, together))
    assert (one.families, one.written) == (other.families, other.written)
    kinds, others = (kind.joined([part.kinds for part in read]) for read in (alone, together))
    assert kinds.kinds == others.kinds
    assert (kinds.rows != others.rows).nnz == 0
    for name in ("truth", "unusual", "says_no", "ends", "is_subject"):
        assert np.array_equal(getattr(one, name), getattr(other, name)), name
    for name in ("whole", "sentences"):
        assert (getattr(one, name) != getattr(other, name)).nnz == 0, name


def test_what_is_no_labelled_mail_is_told_by_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An error of another process is the same error here."""
    (tmp_path / "other").mkdir()
    (stray := tmp_path / "other" / "misnamed.eml").write_bytes(b"From: a@b.example\n\nNo.\n")
    monkeypatch.setattr(reading, "_WORTH_IT", 0)
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    with pytest.raises(CorpusProblem, match=r"misnamed\.eml"):
        list(reading.parts((stray,)))


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends a process with its parent")
@pytest.mark.skipif((os.cpu_count() or 1) == 1, reason="on one processor there are no readers")
def test_readers_end_with_a_process_that_is_killed(tmp_path: Path) -> None:
    """kill -9 in the middle of a fit: no reader goes on for nobody."""
    (script := tmp_path / "reads_on.py").write_text(READS_ON, "utf-8")
    fitting = subprocess.Popen([sys.executable, script], stdout=subprocess.PIPE)
    assert fitting.stdout is not None
    assert fitting.stdout.readline().strip()
    readers = [
        child for child in _children(fitting.pid) if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes()
    ]
    assert readers
    fitting.kill()
    fitting.wait()
    until(lambda: all(map(has_ended, readers)), "the readers to end", 10)


def _children(parent: int) -> list[int]:
    """Of all its threads."""
    listed = Path(f"/proc/{parent}/task").glob("*/children")
    return [int(child) for each in listed for child in each.read_text().split()]
