"""What recorded calls ask outside the program, noted for each of them (`legacy_seam.boundary`)."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from types import CodeType, FrameType
from typing import TYPE_CHECKING, Any

from legacy_seam.boundary.asking import Asking
from legacy_seam.boundary.call_sites import SiteHooks
from legacy_seam.boundary.rules import Rules
from legacy_seam.boundary.transcripts import Held, Transcript
from legacy_seam.record.holders import Holders
from legacy_seam.record.taken import Taken
from legacy_seam.record.workers import Workers
from legacy_seam.values import Allow
from legacy_seam.values.kinds import sql_functions
from legacy_seam.world.file_questions import questions

if TYPE_CHECKING:
    from legacy_seam.world.files import FileObserver


class Outside:
    """Knows which calls ask outside, and keeps what they are answered.

    Args:
        running: the calls that are looked at, by the `id` of their frame.
        declared: patterns of targets that the user declared to lie outside.
        modules: names of the modules of the program.
        workers: knows for which calls other threads and tasks work.
        files: sees which files are opened, and is told of those that are asked about.
    """

    def __init__(
        self,
        running: Mapping[int, Taken],
        declared: Iterable[str],
        modules: Callable[[], Collection[str]],
        workers: Workers,
        files: FileObserver | None = None,
    ) -> None:
        self._files = files
        self._workers = workers
        self._holders = Holders(self._is_own)
        if files is not None:
            files.database_opened = self._holders.opened
        self._running = running
        self._modules = modules
        self._held: Held = {}
        self._importing: dict[int, CodeType] = {}
        self.at_import = Transcript(Allow.for_modules(), self._held)
        self._asking = Asking(
            Rules(declared),
            self._transcripts,
            self._held,
            _place,
            self._crossed,
            self._asks_about_files,
            self._is_own,
        )

    def hooks(self) -> SiteHooks:
        """What call sites report to."""
        return self._asking.hooks()

    def runs_at_import(self, code: CodeType) -> None:
        """What this code of a module asks, and whoever it calls, is asked by an import."""
        self._importing[id(code)] = code

    def is_imported(self, file: object) -> None:
        """From now on, the modules of this file ask as those who call."""
        self._importing = {key: code for key, code in self._importing.items() if code.co_filename != file}

    def begun(self, taken: Taken) -> None:
        """A call has begun: what it was handed that lies outside is followed from here on."""
        if taken.held is not None and taken.held.outside and not taken.is_glance:
            self._transcript(taken).given(taken.held.outside)

    def left(self, frame: FrameType, error: BaseException | None) -> None:
        """An exception is leaving a body."""
        traceback = None if error is None else error.__traceback__
        line = frame.f_lineno if traceback is None else traceback.tb_lineno
        self._asking.failed(frame, error, _told(frame, line))

    def ended(self, frame: FrameType) -> None:
        """A body has ended."""
        self._asking.ended(frame)

    def begin_again(self) -> None:
        """After a fork: whatever led to it is answered in the parent."""
        self._asking.begin_again()

    def _transcripts(self, frame: FrameType | None) -> Iterator[Transcript]:
        """Of the call that a frame belongs to, and of those that led to it."""
        is_imported, seen = True, set[int]()
        while frame is not None:
            taken = self._running.get(id(frame))
            if taken is not None and not taken.is_glance:
                seen.add(id(frame))
                yield taken.transcript or self._transcript(taken)
            elif is_imported and id(frame.f_code) in self._importing:
                is_imported = False
                yield self.at_import
            frame = frame.f_back
        for key, taken in self._workers.calls().items():
            if key not in seen:
                yield taken.transcript or self._transcript(taken)

    def _asks_about_files(self, callee: Any, arguments: Sequence[Any], keywords: Mapping[str, Any]) -> bool:
        self._workers.is_given_work(callee)
        sql_functions.registered(callee, arguments, keywords)
        if self._files is None:
            return False
        held = self._holders.held_by(callee)
        found = (held, "content") if held else questions(callee, arguments, keywords)
        if found is None:
            return False
        self._files.asked(*found)
        return True

    def _is_own(self, module: str) -> bool:
        return module == "__main__" or module in self._modules()

    def _transcript(self, taken: Taken) -> Transcript:
        made = taken.transcript = Transcript(Allow.for_modules(*self._modules()), self._held)
        return made

    def _crossed(self, frame: FrameType) -> None:
        """A call site in this frame has asked something outside: it is listened to in every call."""
        taken = self._running.get(id(frame))
        if taken is not None:
            taken.site.asks_outside = True


def _place(frame: FrameType) -> str:
    return _told(frame, frame.f_lineno)


def _told(frame: FrameType, line: int) -> str:
    return f"{os.path.basename(frame.f_code.co_filename)}:{line}"
