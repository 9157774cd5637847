"""Messages between the replayer and its workers: JSON, each with its length before it."""

from __future__ import annotations

import json
import os
import struct
from collections.abc import Iterator
from typing import Any

_LENGTH = struct.Struct("!I")
_ENCODE = json.JSONEncoder(separators=(",", ":"), check_circular=False).encode
_LONGEST = 1 << 30


def pack(message: Any) -> bytes:
    """One message as bytes.

    >>> pack(["end"])[4:]
    b'["end"]'
    """
    body = _ENCODE(message).encode("ascii")
    return _LENGTH.pack(len(body)) + body


def send(descriptor: int, message: Any) -> None:
    """Write one message, all of it."""
    rest = memoryview(pack(message))
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def receive(descriptor: int) -> Any | None:
    """Read one message, waiting for it; None at the end of the stream."""
    head = _exactly(descriptor, _LENGTH.size)
    if head is None:
        return None
    body = _exactly(descriptor, _LENGTH.unpack(head)[0])
    return None if body is None else json.loads(body)


def _exactly(descriptor: int, count: int) -> bytes | None:
    parts: list[bytes] = []
    while count:
        part = os.read(descriptor, min(count, 1 << 20))
        if not part:
            return None
        parts.append(part)
        count -= len(part)
    return b"".join(parts)


class Inbox:
    """Messages out of bytes that come in pieces. What is cut off or no message ends the stream."""

    def __init__(self) -> None:
        self._held = bytearray()

    def add(self, piece: bytes) -> None:
        """Take a piece of the stream."""
        self._held += piece

    def messages(self) -> Iterator[Any]:
        """The messages that are complete.

        Raises:
            ValueError: for what is no message.
        """
        while len(self._held) >= _LENGTH.size:
            length = _LENGTH.unpack_from(self._held)[0]
            if length > _LONGEST:
                raise ValueError("no message")
            end = _LENGTH.size + length
            if len(self._held) < end:
                return
            body = bytes(self._held[_LENGTH.size : end])
            del self._held[:end]
            yield json.loads(body)
