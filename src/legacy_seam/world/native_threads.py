"""Threads that the interpreter knows nothing of: those of linear algebra and OpenMP.

A fork copies the thread that calls it and none of the others, so that a library which has started some waits in the
copy for ever. How many it starts it reads from the environment of the process, which is not `os.environ`: that
stays as the program was recorded with it. With one thread, sums come out the same on any number of processors, too.
"""

from __future__ import annotations

import os
import threading

_NUMBERS_OF_THREADS = (
    "OMP_NUM_THREADS",
    "OMP_THREAD_LIMIT",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "BLIS_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
)


def keep_to_one_thread() -> None:
    """Let libraries that are loaded from now on start no threads."""
    for name in _NUMBERS_OF_THREADS:
        os.putenv(name, "1")


def others() -> int:
    """How many threads this process has beside the one that asks, the system's own count where it tells."""
    try:
        return len(os.listdir("/proc/self/task")) - 1
    except OSError:
        return threading.active_count() - 1
