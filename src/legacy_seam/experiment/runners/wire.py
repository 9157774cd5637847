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


def receive(descriptor: int, deadline: float | None = None) -> bytes:
    """Read one frame.

    Args:
        descriptor: Where from.
        deadline: Until when, by `time.monotonic`; None to wait for ever.

    Raises:
        Gone: Nobody writes any more.
        TooLate: It is past the deadline.
    """
    length = int.from_bytes(_read(descriptor, _HEAD, deadline), "little")
    return _read(descriptor, length, deadline)


def _read(descriptor: int, count: int, deadline: float | None) -> bytes:
    parts: list[bytes] = []
    while count:
        if deadline is not None:
            poll = select.poll()
            poll.register(descriptor, select.POLLIN)
            if not poll.poll(max(0.0, deadline - monotonic()) * 1000):
                raise TooLate
        try:
            part = os.read(descriptor, min(count, 1 << 20))
        except OSError as error:
            raise Gone(str(error)) from error
        if not part:
            raise Gone("end of file")
        parts.append(part)
        count -= len(part)
    return b"".join(parts)


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
    try:
        sent = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
    except Exception:
        sent = b""
    text = "" if _plain(value) else shown(value, 200)
    return pickle.dumps((ended, sent, _name_of(type(value)), text, took, denied), pickle.HIGHEST_PROTOCOL)


def ran_from(answer: bytes) -> Ran:
    """How a candidate ended, from what was written down; in the legacy process."""
    ended, sent, kind, text, took, denied = pickle.loads(answer)
    if ended is not None:
        reason, raised_type, message, detail = ended
        return Ran(Outcome(raised=Raised(raised_type, message), nanoseconds=took), reason, detail, denied)
    try:
        value = _Reader(io.BytesIO(sent)).load() if sent else Foreign(kind, text)
    except Exception:
        value = Foreign(kind, text)
    return Ran(Outcome(value, None, took), "", "", denied)


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
