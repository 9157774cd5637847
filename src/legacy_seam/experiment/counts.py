"""What became of the calls, so that none is dropped in silence."""

from __future__ import annotations

import threading
from collections import Counter


class Counts:
    """Numbers by name, counted from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._numbers: Counter[str] = Counter()

    def add(self, *names: str) -> None:
        """One more of each."""
        with self._lock:
            for name in names:
                self._numbers[name] += 1

    def as_dict(self) -> dict[str, int]:
        """All numbers that are not zero."""
        with self._lock:
            return dict(sorted(self._numbers.items()))

    def after_fork(self) -> None:
        """A child counts its own calls."""
        self._lock = threading.Lock()
        self._numbers = Counter()
