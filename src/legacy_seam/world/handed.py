"""What a call was handed that is a hold on something else: open files and connections, opened again in a replay.

They are opened in the private directory, with the content they had, and tell after the call what became of them.
To compare what changed, the inputs are made a second time, when nothing of the world may change any more: then such
a thing is only a likeness, which opens nothing of the program's.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from legacy_seam.calls import FileState
from legacy_seam.values.held import MEMORY, PLACE, Opening
from legacy_seam.world import open_files
from legacy_seam.world.calm import Calm
from legacy_seam.world.databases.connections import Connections
from legacy_seam.world.databases.reopening import begin_transaction, register, reopen
from legacy_seam.world.recorded_paths import inside, outside


class Handed:
    """The open files and connections of one call after the other.

    Args:
        directory: the private directory.
        elsewhere: the directory of files that lay elsewhere, under their full names.
        content_of: contents by digest.
        connections: knows the connections that calls find.
        control: has a connection use the controlled clocks of SQL, and report what is said to it.
        seen: an actual path as the program sees it.
        touched: is told of files that may be written without a further word.
        calm: is told where anything is handed.

    `lost` says what the call used that could not be made again; None where there is nothing.
    """

    def __init__(
        self,
        directory: str,
        elsewhere: str,
        content_of: Callable[[str], bytes],
        connections: Connections,
        control: Callable[[Any, str], None],
        seen: Callable[[str], str],
        touched: Callable[[str], None],
        calm: Calm,
    ) -> None:
        self._stir = calm.stir
        self.lost: str | None = None
        self._directory, self._elsewhere = directory, elsewhere
        self._content_of = content_of
        self._connections = connections
        self._control = control
        self._seen = seen
        self._touched = touched
        self._digests: Mapping[str, str | None] = {}
        self._files: list[tuple[Any, str, int]] = []
        self._names: dict[int, str] = {}
        self._openings: dict[int, Opening] = {}
        self._likenesses: list[tuple[Any, str | None]] = []
        self._is_over = False

    # --- for the stage ------------------------------------------------------------------------------------------

    def begin(self, files: Iterable[FileState]) -> None:
        """Another call begins, which was handed these."""
        self.lost = None
        self._digests = {state.path: state.digest for state in files}
        self._is_over = False

    def compare(self) -> None:
        """The call has ended: what is made from now on is a likeness."""
        self._stir()
        self._is_over = True

    def end(self) -> None:
        """Close everything."""
        self._connections.end()
        if not (self._files or self._likenesses or self._names or self._openings):
            return
        for file, _, _ in self._files:
            with contextlib.suppress(Exception):
                open_files.close(file)
        for thing, place in self._likenesses:
            with contextlib.suppress(Exception):
                thing.close()
            if place is not None:
                os.unlink(place)
        self._files.clear()
        self._likenesses.clear()
        self._names.clear()
        self._openings.clear()

    def are_any(self) -> bool:
        """Was the call handed any open files?"""
        return bool(self._files)

    def settle(self) -> None:
        """Have open files write out what waits in them, so that their content can be looked at."""
        for file, _, _ in self._files:
            with contextlib.suppress(OSError, ValueError):
                open_files.flush(file)

    def added(self) -> dict[str, dict[str, object] | None]:
        """What was added to files in which something was waiting to be written: only that can be told of them.

        None says that nothing was.
        """
        return dict(self._added())

    def _added(self) -> Iterable[tuple[str, dict[str, object] | None]]:
        for _, name, start in self._files:
            before = self._content(name) or b""
            whole = before + open_files.FILLING * (start - len(before))
            if start > len(before):
                with contextlib.suppress(OSError), open(self._place_of(name), "rb") as file:
                    content = file.read()
                    if content.startswith(whole):
                        yield name, open_files.added_to(content, start) if len(content) > start else None

    # --- for `values` -------------------------------------------------------------------------------------------

    def known_as(self, thing: object) -> str | None:
        """What a thing is called that was made here; None for all others."""
        return self._names.get(id(thing))

    def name_of(self, path: str) -> str:
        """What the program calls the file there."""
        if path.startswith(self._directory + "/"):
            return path[len(self._directory) + 1 :]
        return self._seen(path)

    def open_file(self, opening: Opening) -> object:
        """Open a file again, where it was."""
        self._stir()
        if self._is_over:
            place = self._likeness(opening.name)
            made = open_files.reopen(place, opening)
            self._likenesses.append((made, place))
        else:
            place = os.devnull if opening.how.get("closed") else self._place_of(opening.name)
            made = open_files.reopen(place, opening)
            if not made.closed and made.writable():
                self._touched(place)
            self._files.append((made, opening.name, opening.how.get("position", 0)))
        self._names.update(dict.fromkeys(map(id, open_files.layers_of(made)), opening.name))
        return made

    def connect(self, blank: Any, opening: Opening) -> None:
        """Make a connection of an instance that is none yet."""
        self._stir()
        self._names[id(blank)] = opening.name
        self._openings[id(blank)] = opening
        is_closed = bool(opening.how.get("closed"))
        if self._is_over or is_closed:
            self._likenesses.append((blank, None))
            reopen(blank, MEMORY, opening)
            committed = seen = b""
        else:
            committed, seen = self._reopened(blank, opening)
        if is_closed:
            return
        register(blank, opening, self._gone)
        if opening.how.get("in_transaction") and begin_transaction(blank, committed, seen):
            self._connections.look_again(blank)
        if not self._is_over:
            self._control(blank, opening.name)

    def take_over(self, blank: Any, made: Any) -> None:
        """Make an instance of the program's class a connection in the place of a plain one that was just made.

        Raises:
            ValueError: where that one was not made here.
        """
        opening = self._openings.get(id(made))
        if opening is None:
            raise ValueError("a connection is made of how it was opened")
        self._connections.drop(made)
        made.close()
        self.connect(blank, opening)

    def _reopened(self, blank: Any, opening: Opening) -> tuple[bytes, bytes]:
        """Connect to the private copy; gives what is committed, and what the connection is to see."""
        committed = self._content(opening.name) or b""
        seen = self._content(PLACE + opening.name) or committed
        if opening.name.startswith(MEMORY):
            reopen(blank, MEMORY, opening, committed := seen)
        else:
            place = self._place_of(opening.name)
            reopen(blank, place, opening)
            self._touched(place)
        self._connections.add(blank, opening.name, seen)
        return committed, seen

    def _gone(self, what: str) -> Callable[..., object]:
        def gone(*args: object) -> object:
            self._stir()
            self.lost = f"{what}, which the program had registered, is not in the recording"
            return 0

        return gone

    # --- where things are ---------------------------------------------------------------------------------------

    def _content(self, name: str) -> bytes | None:
        digest = self._digests.get(name)
        return None if digest is None else self._content_of(digest)

    def _likeness(self, name: str) -> str:
        place = os.path.join(os.path.dirname(self._directory), f"likeness-{len(self._likenesses)}")
        with open(place, "wb") as file:
            file.write(self._content(name) or b"")
        return place

    def _place_of(self, name: str) -> str:
        if outside(name):
            return self._elsewhere + name
        if not inside(name):
            raise ValueError(f"{name} lies where nothing is opened")
        return os.path.join(self._directory, name)
