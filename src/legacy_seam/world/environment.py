"""Environment variables: which ones a program reads, and the same ones again for a replay."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from types import FrameType
from typing import Any

_READ_UNSEEN = ("LANG", "LANGUAGE", "LC_ALL", "LC_CTYPE", "LC_COLLATE", "LC_MONETARY", "LC_NUMERIC", "LC_TIME")
"""What the C library reads for itself: taken to have been read where it is set."""

_FARTHEST = 4
"""So many calls lie between who reads the environment and the dictionary behind it."""
_KEPT_FROM_HERE = ("PATH", "SYSTEMROOT")


class EnvironmentObserver:
    """Notes each environment variable that the program reads, with its value at the first reading.

    It stands in place of the dictionary behind `os.environ` and `os.environb`, so that every way of reading is
    seen (`os.getenv`, `in`, `.get`, iteration, `os.environb`), no frame appears in a traceback of the program,
    and no exception changes. A variable that the program set itself was not taken from its surroundings: it is
    left out.

    >>> observer = EnvironmentObserver()
    >>> observer.start()
    >>> os.environ.get("NO_SUCH_VARIABLE_HERE")
    >>> observer.stop()
    >>> observer.reads["NO_SUCH_VARIABLE_HERE"] is None
    True
    """

    def __init__(self) -> None:
        self._noted = _NotingDict()
        self._read_unseen: dict[str, str | None] = {}

    @property
    def reads(self) -> dict[str, str | None]:
        """Name -> value when it was first read, None where it was not set."""
        decode_name, decode_value = os.environ.decodekey, os.environ.decodevalue
        reads = dict(self._read_unseen)
        for name, value in list(self._noted.first_reads.items()):
            try:
                readable = decode_name(name)
                reads[readable] = None if value is None else decode_value(value)
            except (UnicodeError, TypeError, AttributeError):
                continue
        return reads

    def start(self) -> None:
        """Begin to note readings."""
        self._read_unseen = {name: os.environ[name] for name in _READ_UNSEEN if name in os.environ}
        _put_behind_environ(self._noted.filled_from(_behind_environ()))

    def stop(self) -> None:
        """Put a plain dictionary back; `reads` stays."""
        if _behind_environ() is self._noted:
            _put_behind_environ(dict(self._noted.quiet_items()))


def for_replay(recorded: Mapping[str, str | None], directory: str, timezone: str) -> dict[str, str]:
    """The whole environment of a replayed call: what the program read then, and the little every program needs.

    Args:
        recorded: the variables which the program read while it was recorded.
        directory: the private directory of the replay: it is the home directory, and temporary files go there.
        timezone: the value of TZ.
    """
    environment = {name: os.environ[name] for name in _KEPT_FROM_HERE if name in os.environ}
    environment |= {name: value for name, value in recorded.items() if value is not None}
    for name in [name for name, value in recorded.items() if value is None]:
        environment.pop(name, None)
    return environment | {"HOME": directory, "TMPDIR": directory, "TZ": timezone}


class _NotingDict(dict[Any, Any]):
    """The dictionary behind `os.environ` (encoded names and values) that notes who asks for what."""

    def __init__(self) -> None:
        super().__init__()
        self.first_reads: dict[Any, Any] = {}
        self._own: set[Any] = set()

    def filled_from(self, plain: Mapping[Any, Any]) -> _NotingDict:
        dict.clear(self)
        dict.update(self, plain)
        return self

    def quiet_items(self) -> list[tuple[Any, Any]]:
        return list(dict.items(self))

    def __getitem__(self, name: Any) -> Any:
        if name not in self.first_reads and name not in self._own and not _is_copied(sys._getframe(1)):
            self.first_reads[name] = dict.get(self, name)
        return dict.__getitem__(self, name)

    def __contains__(self, name: object) -> bool:
        if name not in self.first_reads and name not in self._own:
            self.first_reads[name] = dict.get(self, name)
        return dict.__contains__(self, name)

    def __setitem__(self, name: Any, value: Any) -> None:
        if name not in self.first_reads:
            self._own.add(name)
        dict.__setitem__(self, name, value)

    def __delitem__(self, name: Any) -> None:
        if name not in self.first_reads:
            if name not in self._own:
                self.first_reads[name] = dict.get(self, name)
            self._own.add(name)
        dict.__delitem__(self, name)

    def __iter__(self) -> Iterator[Any]:
        return dict.__iter__(self)


def _is_copied(frame: FrameType | None) -> bool:
    """Is it `wsgiref` that copies the whole environment when it is imported? (A server hands the copy on.)"""
    for _ in range(_FARTHEST):
        if frame is None:
            return False
        if frame.f_code.co_name == "read_environ" and frame.f_globals.get("__name__") == "wsgiref.handlers":
            return True
        frame = frame.f_back
    return False


def _behind_environ() -> dict[Any, Any]:
    behind: dict[Any, Any] = os.environ._data  # type: ignore[attr-defined]
    return behind


def _put_behind_environ(data: dict[Any, Any]) -> None:
    os.environ._data = data  # type: ignore[attr-defined]
    if hasattr(os, "environb"):
        os.environb._data = data  # type: ignore[attr-defined]
