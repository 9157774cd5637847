"""What a candidate prints goes nowhere; what the legacy system prints meanwhile, in other threads, goes on.

While any candidate runs, a sieve stands in the place of `sys.stdout` and `sys.stderr`. It asks the context who
writes.
"""

from __future__ import annotations

import io
import sys
import threading
from typing import Any

from legacy_seam.experiment.forks import renew_after_fork
from legacy_seam.experiment.guard.notes import CANDIDATE


class _Sieve:
    """A stream that drops what candidates write, and is the real one to everybody else."""

    def __init__(self, real: Any) -> None:
        self.real = real

    def write(self, text: str) -> int:
        if CANDIDATE.get() is not None:
            return len(text)
        return int(self.real.write(text))

    def writelines(self, lines: Any) -> None:
        if CANDIDATE.get() is None:
            self.real.writelines(lines)

    def flush(self) -> None:
        if CANDIDATE.get() is None:
            self.real.flush()

    @property
    def buffer(self) -> Any:
        return self.real.buffer if CANDIDATE.get() is None else io.BytesIO()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.real, name)

    def __iter__(self) -> Any:
        return iter(self.real)


class _Streams:
    """How many candidates run, and whether the sieves are in place."""

    def __init__(self) -> None:
        self.after_fork()

    def after_fork(self) -> None:
        self._lock = threading.Lock()
        self._running = 0

    def shut(self) -> None:
        """Put the sieves in place, for one more candidate."""
        with self._lock:
            self._running += 1
            for name in ("stdout", "stderr"):
                stream = getattr(sys, name)
                if stream is not None and type(stream) is not _Sieve:
                    setattr(sys, name, _Sieve(stream))

    def open(self) -> None:
        """One candidate less; after the last one take the sieves away.

        A stream that somebody has put in the place of a sieve meanwhile stays, since that was the legacy system.
        """
        with self._lock:
            self._running -= 1
            if self._running:
                return
            for name in ("stdout", "stderr"):
                stream = getattr(sys, name)
                if type(stream) is _Sieve:
                    setattr(sys, name, stream.real)


STREAMS = _Streams()
renew_after_fork(STREAMS)
