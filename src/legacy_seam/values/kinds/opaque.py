"""What cannot be held: handles of the operating system, things in progress. Their type and the reason are told."""

from __future__ import annotations

from typing import Any

from legacy_seam.values.kinds.iterators import USED_UP
from legacy_seam.values.kinds.kind import Kind, Unreadable, Written

_REASONS = {
    "builtins:generator": "a generator: it stands in the middle of its code",
    "builtins:coroutine": "a coroutine: it stands in the middle of its code",
    "builtins:async_generator": "an asynchronous generator: it stands in the middle of its code",
    "builtins:frame": "a frame of the running program",
    "builtins:traceback": "a traceback",
    "builtins:code": "a code object",
    "builtins:property": "a property",
    "builtins:staticmethod": "a static method",
    "builtins:classmethod": "a class method",
    "builtins:getset_descriptor": "an attribute of a class",
    "builtins:member_descriptor": "a slot of a class",
    "builtins:memory_iterator": USED_UP,
    "itertools:pairwise": USED_UP,
    "itertools:batched": USED_UP,
    "weakref:ProxyType": "a weak reference",
    "weakref:CallableProxyType": "a weak reference",
    "weakref:finalize": "what is done when an object is gone",
    "_thread:_localdummy": "variables of a thread",
    "_queue:SimpleQueue": "a queue: looking into it would empty it",
    "_contextvars:Context": "the variables of a context",
    "_contextvars:Token": "a mark to which a context variable can be set back",
    "tempfile:SpooledTemporaryFile": "a temporary file",
    "tempfile:TemporaryDirectory": "a temporary directory",
    "zlib:Compress": "a compressor in the middle of its work",
    "zlib:Decompress": "a decompressor in the middle of its work",
    "subprocess:Popen": "a running process",
    "_socket:socket": "a socket",
    "_ssl:_SSLSocket": "a socket",
    "select:poll": "a handle of the operating system",
    "select:epoll": "a handle of the operating system",
    "mmap:mmap": "memory that is mapped to a file",
    "sqlite3:Blob": "a value of a database that is open",
}


def _told(name: str, reason: str) -> Kind:
    def take(value: Any) -> Written:
        raise Unreadable(reason)

    return Kind((name,), take)


KINDS = tuple(_told(name, reason) for name, reason in _REASONS.items())
