"""Collecting the files of one call: which it opened or asked about, as they were just before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

from legacy_seam.calls import FileState

if TYPE_CHECKING:
    from legacy_seam.world.files import FileObserver

Asked: TypeAlias = Literal["links", "existence", "status", "content"]
"""What a program wants to know of a path: where links lead; is something there; when was it changed, and who may do
what; all."""


class Collector:
    """The files that were opened while it stood on the stack of the thread, in the order of first opening.

    `noted` has what else was noted then, by place, as text.

    >>> observer = FileObserver(blobs, root)                              # doctest: +SKIP
    >>> files = observer.collector()                                      # doctest: +SKIP
    >>> files.push(); target(); files.pop(); files.states()               # doctest: +SKIP
    """

    __slots__ = ("_first", "_frame", "_input", "_observer", "is_open", "noted")

    def __init__(self, observer: FileObserver) -> None:
        self._observer = observer
        self._first: dict[str, FileState] = {}
        self._frame: int | None = None
        self._input: list[str] = []
        self.is_open = False
        self.noted: dict[str, str] = {}

    def push(self) -> None:
        """From now on, files opened by this thread are noted here, too."""
        self.is_open = True
        self._observer.active().append(self)

    def follow(self, frame: int) -> None:
        """From now on, files are noted that are opened while a frame runs (it may rest, and go on elsewhere).

        Args:
            frame: its `id`.
        """
        self.is_open = True
        self._frame = frame
        self._observer.by_frame[frame] = self

    def pop(self) -> None:
        """No longer note files. Collectors pushed after this one and never popped go with it."""
        self.is_open = False
        if self._frame is not None:
            self._observer.by_frame.pop(self._frame, None)
            return
        active = self._observer.active()
        if self in active:
            place = active.index(self)
            for collector in active[place:]:
                collector.is_open = False
            del active[place:]

    def note(self, state: FileState) -> None:
        """Keep what was found at this path; of what is known of it already, only what was not asked before."""
        key = state.path.rstrip("/")
        known = self._first.setdefault(key, state)
        if known is not state and not known.is_missing and known.link is None:
            has_content = known.size is None
            self._first[key] = FileState(
                known.path,
                known.digest if has_content else state.digest,
                None if has_content or state.digest is not None else known.size,
                state.mode if known.mode is None else known.mode,
                state.modified if known.modified is None else known.modified,
            )

    def knows(self, path: str, asked: Asked) -> bool:
        """Is known of this path what is asked?"""
        known = self._first.get(path.rstrip("/"))
        if known is None or known.link is not None:
            return False
        return known.is_missing or not (
            (asked == "content" and known.size is not None) or (asked == "status" and known.modified is None)
        )

    def states(self) -> tuple[FileState, ...]:
        """The files as they were when they were first opened. A path that ends in `/` is an empty directory."""
        taken = self._observer.input_state("".join(self._input)) if self._input else None
        return (*self._first.values(), taken) if taken is not None else tuple(self._first.values())

    def note_input(self, text: str) -> None:
        """Keep what was read from standard input."""
        self._input.append(text)
