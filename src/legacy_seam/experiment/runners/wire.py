"""What goes between the legacy process and the one that holds the candidate: frames of a length and a pickle.

Both ends are ours and nothing is kept, so a pickle it is. The legacy process imports nothing because of an answer:
what is made of types that it has not loaded arrives as a description.
"""

from __future__ import annotations

import io
import os
import pickle
import select
import sys
from time import monotonic
from typing import Any

from legacy_seam.experiment.compare.numbers import native
from legacy_seam.experiment.compare.verdict import shown
from legacy_seam.experiment.observation import Outcome, Raised
from legacy_seam.experiment.runners.running import Ran, failed
from legacy_seam.plaindata import dataclass

_HEAD = 4


@dataclass(frozen=True, slots=True)
class Foreign:
    """An answer of a type that this process has not loaded, or that cannot be sent."""

    type: str
    text: str


class Gone(Exception):
    """The other end is not there any more."""


class TooLate(Exception):
    """Nothing came before the deadline."""


def framed(payload: bytes) -> bytes:
    """A payload with its length before it."""
    return len(payload).to_bytes(_HEAD, "little") + payload


def send(descriptor: int, payload: bytes) -> None:
    """Write one frame.

    Raises:
        Gone: Nobody reads any more.
    """
    rest = memoryview(framed(payload))
    try:
        while rest:
            rest = rest[os.write(descriptor, rest) :]
    except OSError as error:
        raise Gone(str(error)) from error


class Incoming:
    """Frames that come from a descriptor, in as few calls of the system as may be."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._poll = select.poll()
        self._poll.register(descriptor, select.POLLIN)
        self._read = bytearray()

    def frame(self, deadline: float | None = None) -> bytes:
        """The next frame.

        Args:
            deadline: Until when, by `time.monotonic`; None to wait for ever.

        Raises:
            Gone: Nobody writes any more.
            TooLate: It is past the deadline.
        """
        read = self._read
        while len(read) < _HEAD:
            read += self._more(deadline)
        end = _HEAD + int.from_bytes(read[:_HEAD], "little")
        while len(read) < end:
            read += self._more(deadline)
        payload = bytes(read[_HEAD:end])
        del read[:end]
        return payload

    def _more(self, deadline: float | None) -> bytes:
        if deadline is not None and not self._poll.poll(max(0.0, deadline - monotonic()) * 1000):
            raise TooLate
        try:
            part = os.read(self._descriptor, 1 << 16)
        except OSError as error:
            raise Gone(str(error)) from error
        if not part:
            raise Gone("end of file")
        return part


def answer_of(work: Any, notes: Any) -> bytes:
    """Run a candidate and write down how it ended; in the process that holds it."""
    from time import perf_counter_ns

    begun = perf_counter_ns()
    try:
        value = native(work())
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        failure = failed(error, 0)
        raised = Raised.of(error)
        ended: Any = (failure.failure, raised.type, raised.message, failure.detail)
        value = None
    else:
        ended = None
    took = perf_counter_ns() - begun
    denied = tuple(notes.denied)
    return pickle.dumps((ended, _sent(value), took, denied), pickle.HIGHEST_PROTOCOL)


def _sent(value: Any) -> Any:
    """A plain value as it is; any other as bytes, empty if it cannot be sent, with what it is."""
    if _plain(value):
        return value
    try:
        sent = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
    except Exception:
        sent = b""
    return sent, _name_of(type(value)), shown(value, 200)


def ran_from(answer: bytes) -> Ran:
    """How a candidate ended, from what was written down; in the legacy process."""
    ended, sent, took, denied = pickle.loads(answer)
    if ended is not None:
        reason, raised_type, message, detail = ended
        return Ran(Outcome(raised=Raised(raised_type, message), nanoseconds=took), reason, detail, denied)
    return Ran(Outcome(_received(*sent) if type(sent) is tuple else sent, None, took), "", "", denied)


def _received(sent: bytes, kind: str, text: str) -> Any:
    try:
        return _Reader(io.BytesIO(sent)).load() if sent else Foreign(kind, text)
    except Exception:
        return Foreign(kind, text)


class _Reader(pickle.Unpickler):
    """Looks up only what is loaded here."""

    def find_class(self, module: str, name: str) -> Any:
        if module not in sys.modules:
            raise pickle.UnpicklingError(module)
        return super().find_class(module, name)


def _plain(value: Any) -> bool:
    return value is None or type(value) in (int, float, str, bool)


def _name_of(kind: type) -> str:
    return kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
