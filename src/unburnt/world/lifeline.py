"""A child process ends with its parent, even one that is killed: the kernel kills it then (PR_SET_PDEATHSIG).

That signal comes when the *thread* that started the child ends (prctl(2)): such a thread has to live as long as the child.
"""

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1


def die_with(parent: int) -> None:
    """Called in the child; ``parent`` is the process id that started it."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:  # it was gone before prctl
        os._exit(0)
