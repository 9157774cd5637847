"""What `os.scandir` gives in a replay: one entry after the other, each telling what `os.stat` tells of it."""

from __future__ import annotations

from collections.abc import Iterator

from legacy_seam.values.kinds.entries import Entry


class Entries:
    """What `os.scandir` gives back."""

    def __init__(self, entries: Iterator[Entry]) -> None:
        self._entries = entries

    def __iter__(self) -> Iterator[Entry]:
        return self

    def __next__(self) -> Entry:
        return next(self._entries)

    def close(self) -> None:
        """There are no more."""
        self._entries = iter(())

    def __enter__(self) -> Entries:
        return self

    def __exit__(self, *failure: object) -> None:
        self.close()
