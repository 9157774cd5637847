"""Standard input: what a call reads of it is an input of that call, and is given to it again.

While recording, a reader stands in place of `sys.stdin` that reads as the original would, and notes what the
program takes, as it takes it; not a character more is read. A terminal is read by the interpreter itself: `input`
tells of that by an audit event. While replaying, the same characters are there, and then the end.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from legacy_seam.world.recorded_paths import STANDARD_INPUT

if TYPE_CHECKING:
    from legacy_seam.calls import FileState
    from legacy_seam.world.files import FileObserver

ANSWER_TO_GETPASS = "redacted"


class InputObserver:
    """Notes what is read from `sys.stdin` while calls are being recorded.

    Args:
        files: knows which calls the current thread is in the middle of.

    It stays in place once it was started: what it has read ahead nobody else could read again. After `stop` it
    notes nothing.
    """

    def __init__(self, files: FileObserver) -> None:
        self._files = files

    def start(self) -> None:
        """Put the reader in place, where standard input is what the interpreter has made of it."""
        original = sys.stdin
        if type(original) is not io.TextIOWrapper or original.closed:
            return
        global _observer
        _observer = self
        reader = _NotingReader(
            original.buffer,
            encoding=original.encoding,
            errors=original.errors,
            newline="\n",
            line_buffering=original.line_buffering,
        )
        vars(reader).update(vars(original))
        reader._replaced = original  # type: ignore[attr-defined]  # were it dropped, it would close the file
        if sys.__stdin__ is original:
            sys.__stdin__ = reader  # type: ignore[misc]
        sys.stdin = reader
        sys.addaudithook(_see)

    def stop(self) -> None:
        """Note no more."""
        global _observer
        if _observer is self:
            _observer = None

    def took(self, text: str) -> None:
        """The program has read this."""
        self._files.see_input(text)


_observer: InputObserver | None = None


def _see(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "builtins.input/result" and _observer is not None and _is_terminal():
        _observer.took(f"{arguments[0]}\n")


def _is_terminal() -> bool:
    """Does `input` read by itself, and not by `sys.stdin.readline`?"""
    try:
        return os.isatty(sys.stdin.fileno()) and os.isatty(sys.stdout.fileno())
    except (OSError, ValueError, AttributeError):
        return False


class _NotingReader(io.TextIOWrapper):
    """`sys.stdin`, noting what is read. (To iterate over it is to call `readline`.)"""

    def read(self, size: int | None = -1, /) -> str:
        return _noted(super().read(size))

    def readline(self, size: int = -1, /) -> str:  # type: ignore[override]
        return _noted(super().readline(size))


_NotingReader.__name__ = _NotingReader.__qualname__ = "TextIOWrapper"
_NotingReader.__module__ = "_io"


def _noted(text: str) -> str:
    if _observer is not None:
        _observer.took(text)
    return text


class StandardInput:
    """Standard input in a replay.

    Args:
        content_of: digest -> bytes (from the blobs).
    """

    def __init__(self, content_of: Callable[[str], bytes]) -> None:
        self._content_of = content_of
        self._source = _Source()
        self._reader = io.TextIOWrapper(self._source, encoding="utf-8", errors="surrogateescape", newline="\n")

    def start(self) -> None:
        """Replace the standard input of this process, for good. It is empty."""
        sys.stdin = sys.__stdin__ = self._reader  # type: ignore[misc]

    def begin(self, files: Iterable[FileState]) -> None:
        """Let what a call read in the wild be there to be read."""
        sys.stdin = self._reader
        if not (files or self._source.tell()):
            return
        digests = [state.digest for state in files if state.path == STANDARD_INPUT and state.digest is not None]
        content = self._content_of(digests[0]) if digests else b""
        if content or self._source.tell():
            self._reader.seek(0)
            self._source.fill(content)

    def is_untouched(self) -> bool:
        """Is it in its place, and was nothing read?"""
        return sys.stdin is self._reader and not self._source.tell()

    def replacements(self) -> list[tuple[Any, str, object]]:
        """What to put in place of what: (module, name in it, function)."""
        import getpass  # not before it is needed: it looks at the terminal

        return [(getpass, "getpass", _answer_to_getpass)]


class _Source(io.BytesIO):
    """The bytes behind it. It survives being closed: programs do that, and the next call reads again."""

    name = "<stdin>"

    def fill(self, content: bytes) -> None:
        self.seek(0)
        self.truncate()
        self.write(content)
        self.seek(0)

    def close(self) -> None:
        """Stay open."""


def _answer_to_getpass(prompt: str = "Password: ", stream: Any = None, **options: Any) -> str:
    """A password is never kept: the same word is the answer to all of them."""
    print(prompt, end="\n", file=stream or sys.stderr)
    return ANSWER_TO_GETPASS
