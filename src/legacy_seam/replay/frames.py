"""Messages between the replayer and its workers: JSON, each with its length before it.

What a worker says begins with a *seal*, random bytes that the replayer told it: a program that writes into all the
descriptors it finds does not know it. (One that reads the memory of its own process does. Legacy code does not.)
"""

from __future__ import annotations

import json
import os
import struct
from collections.abc import Iterator
from typing import Any

_LENGTH = struct.Struct("!I")
_ENCODE = json.JSONEncoder(separators=(",", ":"), check_circular=False).encode
_LONGEST = 1 << 30


def pack(message: Any, seal: bytes = b"") -> bytes:
    """One message as bytes.

    >>> pack(["end"], b"seal")
    b'seal\\x00\\x00\\x00\\x07["end"]'
    """
    body = _ENCODE(message).encode("ascii")
    return seal + _LENGTH.pack(len(body)) + body


def send(descriptor: int, message: Any, seal: bytes = b"") -> None:
    """Write one message, all of it."""
    write(descriptor, memoryview(pack(message, seal)))


def write(descriptor: int, rest: memoryview) -> None:
    """Write bytes, all of them."""
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def receive(descriptor: int) -> Any | None:
    """Read one message, waiting for it; None at the end of the stream."""
    body = receive_unread(descriptor)
    return None if body is None else json.loads(body)


def receive_unread(descriptor: int) -> bytes | None:
    """The same, as the bytes that stand for the message."""
    head = _exactly(descriptor, _LENGTH.size)
    return None if head is None else _exactly(descriptor, _LENGTH.unpack(head)[0])


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
    """Messages out of bytes that come in pieces. What is cut off or no message ends the stream.

    Args:
        seal: what each message begins with.
    """

    def __init__(self, seal: bytes = b"") -> None:
        self._held = bytearray()
        self._seal = seal

    def add(self, piece: bytes) -> None:
        """Take a piece of the stream."""
        self._held += piece

    def messages(self) -> Iterator[Any]:
        """The messages that are complete.

        Raises:
            ValueError: for what is no message.
        """
        head = len(self._seal) + _LENGTH.size
        while self._held:
            if not self._held.startswith(self._seal[: len(self._held)]):
                raise ValueError("no message")
            if len(self._held) < head:
                return
            length = _LENGTH.unpack_from(self._held, len(self._seal))[0]
            if length > _LONGEST:
                raise ValueError("no message")
            end = head + length
            if len(self._held) < end:
                return
            body = bytes(self._held[head:end])
            del self._held[:end]
            yield json.loads(body)
