"""What cannot be held: handles of the operating system, things in progress. Their type and the reason are told."""

from __future__ import annotations

import io
from typing import Any

from legacy_seam.values.anatomy import attributes_of, getter, is_one_of
from legacy_seam.values.kinds.kind import Kind, Unreadable, Written

_ITERATOR = "an iterator: reading it would use it up"

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
    "builtins:cell": "a variable of a closure",
    "builtins:map": _ITERATOR,
    "builtins:filter": _ITERATOR,
    "builtins:zip": _ITERATOR,
    "builtins:enumerate": _ITERATOR,
    "builtins:reversed": _ITERATOR,
    "builtins:callable_iterator": _ITERATOR,
    "builtins:weakref": "a weak reference",
    "builtins:ReferenceType": "a weak reference",
    "weakref:ReferenceType": "a weak reference",
    "weakref:ProxyType": "a weak reference",
    "_thread:_local": "variables of a thread",
    "_thread:_localdummy": "variables of a thread",
    "threading:Thread": "a thread",
    "subprocess:Popen": "a running process",
    "_socket:socket": "a socket",
    "_ssl:_SSLSocket": "a socket",
    "select:poll": "a handle of the operating system",
    "select:epoll": "a handle of the operating system",
    "mmap:mmap": "memory that is mapped to a file",
    "sqlite3:Connection": "a connection to a database",
    "sqlite3:Cursor": "a cursor of a database",
    "_io:FileIO": "an open file",
    "_io:BufferedReader": "an open file",
    "_io:BufferedWriter": "an open file",
    "_io:BufferedRandom": "an open file",
    "_io:TextIOWrapper": "an open file",
}
_BUFFERS: tuple[type, ...] = (io.BufferedReader, io.BufferedWriter, io.BufferedRandom)


def _told(name: str, reason: str) -> Kind:
    def take(value: Any) -> Written:
        file = _file_behind(value) if reason == "an open file" else None
        raise Unreadable(reason if file is None else f"{reason}: {file}")

    return Kind((name,), take)


def _file_behind(value: object) -> str | None:
    """The last part of the path of an open file: the rest of it belongs to the machine."""
    if type(value) is io.TextIOWrapper:
        value = getter(io.TextIOWrapper, "buffer")(value)
    if is_one_of(type(value), _BUFFERS):
        value = getter(type(value), "raw")(value)
    if type(value) is not io.FileIO:
        return None
    path = attributes_of(value).get("name")
    return path.replace("\\", "/").rpartition("/")[2] if type(path) is str else None


KINDS = tuple(_told(name, reason) for name, reason in _REASONS.items())
