"""Output: what a replayed call prints, logs and warns of.

The standard streams are replaced before the program's modules are imported, so that a handler which took
`sys.stderr` then is captured, too. What goes to the file descriptors below them is captured as well. Log records
are taken where loggers hand them on, whatever handlers there are; warnings where Python shows them.
"""

from __future__ import annotations

import contextlib
import io
import logging
import os
import sys
import types
import warnings
from collections.abc import Callable
from operator import is_
from typing import Any

from legacy_seam.values import encode
from legacy_seam.world.calm import Calm
from legacy_seam.world.sites import Sites

_HIDDEN_BY_DEFAULT = (DeprecationWarning, PendingDeprecationWarning)
_EVERYTHING = 1
"""The level of logging where no import sets one: what a script sets from its main block is not known, and a message
that it hides is behaviour of the program all the same. What is heard for that reason goes to no handler."""
_lseek = os.lseek
_OF_EVERY_RECORD = frozenset([*vars(logging.makeLogRecord({})), "message", "asctime"])


class Stream(io.BytesIO):
    """The bytes behind a standard stream. It survives being closed, as the process's own would be missed."""

    def __init__(self, name: str, descriptor: int) -> None:
        super().__init__()
        self.name = name
        self._descriptor = descriptor

    def close(self) -> None:
        """Stay open: programs close `sys.stdout`, or drop a wrapper around it, and go on."""

    def size_below(self) -> int:
        """How many bytes went to the file descriptor since the last time, past this stream."""
        return _lseek(self._descriptor, 0, os.SEEK_CUR)

    def take(self) -> bytes:
        """All that was written since the last time; what went to the file descriptor comes after it."""
        written = b""
        if self.tell():
            written = self.getvalue()
            self.seek(0)
            self.truncate()
        size = _lseek(self._descriptor, 0, os.SEEK_CUR)
        if size:
            written += os.pread(self._descriptor, size, 0)
            os.ftruncate(self._descriptor, 0)
            _lseek(self._descriptor, 0, os.SEEK_SET)
        return written


class Output:
    """Captures the output of a process, call by call.

    Args:
        descriptors: file descriptors 1 and 2 of the process; they must be files of their own.
        sites: tells which code is the project's.
        calm: is told where something is logged, or warned of.

    `logged` and `warned` hold texts in the notation of `legacy_seam.values`.
    """

    def __init__(self, sites: Sites, descriptors: tuple[int, int] = (1, 2), calm: Calm | None = None) -> None:
        self._stir = (calm or Calm()).stir
        self.logged: list[str] = []
        self.warned: list[str] = []
        self.active = False
        self._sites = sites
        self._streams = (Stream("<stdout>", descriptors[0]), Stream("<stderr>", descriptors[1]))
        self._ours: tuple[Any, Any] = (None, None)
        self._at_import: tuple[Any, Any] = (None, None)
        self._are_ours = False
        self._filters: list[Any] = []

    def start(self, started: float) -> None:
        """Replace the streams of this process, for good, and listen to logging and warnings.

        Args:
            started: seconds since the epoch at which the program began (log records count from there).
        """
        sys.stdout = sys.__stdout__ = _text(self._streams[0], "strict")  # type: ignore[misc]
        sys.stderr = sys.__stderr__ = _text(self._streams[1], "backslashreplace")  # type: ignore[misc]
        self._ours = (sys.stdout, sys.stderr)
        self._listen_to_logging(started)
        self._listen_to_warnings()

    def baseline(self) -> None:
        """Take the streams, filters and logging configuration as they are now for those of every call."""
        self._at_import = (sys.stdout, sys.stderr)
        self._are_ours = all(map(is_, self._at_import, self._ours))
        self._filters = list(warnings.filters)
        self._levels = _logging_state()

    def begin(self) -> None:
        """Forget all output, and put streams, filters and the configuration of logging back."""
        self.printed()
        self.logged.clear()
        self.warned.clear()
        if warnings.filters != self._filters:
            warnings.filters[:] = self._filters  # type: ignore[index]
        warnings._filters_mutated() if hasattr(warnings, "_filters_mutated") else _forget_shown_warnings()
        sys.stdout, sys.stderr = self._at_import
        if self._are_ours:
            for stream in self._ours:
                _hold_nothing_back(stream)
        if not _is_logging_as(self._levels):
            _restore_logging(self._levels)

    def is_untouched(self) -> bool:
        """Was nothing printed since `begin`, and is all as it was put? (Of what is logged, `calm` is told.)"""
        return warnings.filters == self._filters and self._nothing_was_printed() and _is_logging_as(self._levels)

    def printed(self) -> tuple[str, str]:
        """What was printed to stdout and to stderr since the last time."""
        if self._nothing_was_printed():
            return "", ""
        self._flush()
        out, err = self._streams
        return _decoded(out.take()), _decoded(err.take())

    def _nothing_was_printed(self) -> bool:
        """Are the streams ours, and empty, and hold nothing back?"""
        out, err = self._ours
        behind_out, behind_err = self._streams
        return bool(
            self._are_ours
            and out.write_through
            and err.write_through
            and out is sys.stdout
            and err is sys.stderr
            and not behind_out.tell()
            and not behind_err.tell()
            and not behind_out.size_below()
            and not behind_err.size_below()
        )

    def _flush(self) -> None:
        """Have the streams that the program put in place of ours, or changed, write out what they hold back."""
        for stream in dict.fromkeys((sys.stdout, sys.stderr, *self._at_import)):
            try:
                stream.flush()
            except Exception:
                continue

    def _listen_to_logging(self, started: float) -> None:
        precise = isinstance(logging._startTime, int)  # type: ignore[attr-defined]
        logging._startTime = int(started * 1e9) if precise else started  # type: ignore[attr-defined]
        original = logging.Logger.handle
        if logging.root.level == logging.WARNING:
            logging.root.setLevel(_EVERYTHING)

        def handle(logger: logging.Logger, record: logging.LogRecord) -> None:
            self._stir()
            if record.levelno < logging.WARNING and logger.getEffectiveLevel() == _EVERYTHING:
                if self.active and not logger.disabled and self._sites.relative(record.pathname) is not None:
                    self.logged.append(_text_of_record(record))
                return
            if self.active and not logger.disabled:
                self.logged.append(_text_of_record(record))
            original(logger, record)

        type.__setattr__(logging.Logger, "handle", handle)

    def _listen_to_warnings(self) -> None:
        # Deprecations are hidden from users by default, but they are behaviour of the code under test.
        warnings.filters[:] = [  # type: ignore[index]
            one for one in warnings.filters if not (one[0] == "ignore" and one[2] in _HIDDEN_BY_DEFAULT)
        ]
        show_nowhere: Callable[[Any], None] = warnings._showwarnmsg_impl  # type: ignore[attr-defined]
        default_show = warnings.showwarning

        def show(message: Any) -> None:
            self._stir()
            if warnings._showwarnmsg_impl is not show_nowhere:  # type: ignore[attr-defined]
                warnings._showwarnmsg_impl(message)  # type: ignore[attr-defined]
                return
            if self.active and self._is_of_the_program(message, sys._getframe(1)):
                self.warned.append(encode(message.message))
            if warnings.showwarning is not default_show:
                warnings.showwarning(message.message, message.category, message.filename, message.lineno)

        warnings._showwarnmsg = show  # type: ignore[attr-defined]

    def _is_of_the_program(self, message: Any, frame: types.FrameType) -> bool:
        """Not what the interpreter itself says of its own features: that changes from one version to the next."""
        if issubclass(message.category, ResourceWarning):
            return False
        if not issubclass(message.category, _HIDDEN_BY_DEFAULT):
            return True
        code = frame.f_code
        return self._sites.relative(code.co_filename) is not None and any("warn" in name for name in code.co_names)


def _text(stream: Stream, errors: str) -> io.TextIOWrapper:
    return io.TextIOWrapper(stream, encoding="utf-8", errors=errors, newline="\n", write_through=True)


def _hold_nothing_back(stream: io.TextIOWrapper) -> None:
    if not stream.write_through:
        with contextlib.suppress(ValueError):  # it was detached from its bytes
            stream.reconfigure(write_through=True)


def _decoded(written: bytes) -> str:
    return written.decode("utf-8", "backslashreplace") if written else ""


def _text_of_record(record: logging.LogRecord) -> str:
    """Logger, level, template, then arguments, exception and what was given as `extra`, where there are any."""
    told: list[object] = [record.name, record.levelname, record.msg]
    failure = record.exc_info[1] if record.exc_info else None
    extra = {name: value for name, value in vars(record).items() if name not in _OF_EVERY_RECORD}
    if record.args or failure is not None or extra:
        told.append(record.args or ())
    if failure is not None or extra:
        told.append(failure)
    if extra:
        told.append(extra)
    return encode(tuple(told))


_LoggingState = tuple[Any, ...]


def _logging_state() -> _LoggingState:
    root = logging.root
    return (root.level, tuple(root.handlers), root.manager.disable, tuple(root.manager.loggerDict))


def _is_logging_as(state: _LoggingState) -> bool:
    """Is it as it was? (Loggers are made, and never go.)"""
    root = logging.root
    level, handlers, disable, names = state
    return (
        root.level == level
        and root.manager.disable == disable
        and len(root.manager.loggerDict) == len(names)
        and tuple(root.handlers) == handlers
    )


def _restore_logging(state: _LoggingState) -> None:
    root = logging.root
    root.setLevel(state[0])
    for handler in list(root.handlers):
        if handler not in state[1]:
            root.removeHandler(handler)
            handler.close()
    for handler in state[1]:
        if handler not in root.handlers:
            root.addHandler(handler)
    root.manager.disable = state[2]
    for name in [name for name in root.manager.loggerDict if name not in state[3]]:
        del root.manager.loggerDict[name]


def _forget_shown_warnings() -> None:
    for module in list(sys.modules.values()):
        registry = getattr(module, "__warningregistry__", None)
        if registry:
            registry.clear()
