"""Files that the program has opened: by name and mode, and where one stands in them.

The position is worked out, never asked for in a way that would write out what is waiting to be written. What waits
in a buffer of C cannot be seen; how much it is, shows in the position.
"""

from __future__ import annotations

import io
import os
from gc import get_referents
from typing import Any, NoReturn

from legacy_seam.values.anatomy import attributes_of, getter
from legacy_seam.values.held import Opening, is_replayed, keep, name_of_file, opener
from legacy_seam.values.kinds.kind import Kind, Unreadable, call
from legacy_seam.values.kinds.loops import position_in_loop
from legacy_seam.values.layout import Draft

_getcwd, _readlink = os.getcwd, os.readlink  # bound before a replay tells the program otherwise
_LARGEST = 16 * 1024 * 1024
_LIMIT_TOLD = "more than is kept"
_LINE_ENDS = ("", "\n", "\r", "\r\n")
_BUFFERED: tuple[type, ...] = (io.BufferedReader, io.BufferedWriter, io.BufferedRandom)


def written(value: Any, *, with_position: bool = True) -> Draft:
    """An open file as the call that would open it so.

    Args:
        value: a text file, a buffered or an unbuffered binary one, of the types of `io` or built on them.
        with_position: tell where it stands; otherwise it is opened again at its start.

    Raises:
        Unreadable: where it cannot be opened so again.
    """
    text, buffer, raw = _layers(value)
    name = attributes_of(raw).get("name")
    if getter(io.FileIO, "closed")(raw):
        spelled = os.path.basename(name) if type(name) is str else ""
        return call("open", spelled, _mode(value, text, raw), closed=True)
    told = name_of_file(value, lambda: _path(raw, name))
    position = _position(text, buffer, raw) if with_position else 0
    keep(told, lambda: _content(raw, name))
    how: dict[str, object] = {} if text is None else _manner(text)
    if buffer is None:
        how["buffering"] = 0
    if position:
        how["position"] = position
    return call("open", told, _mode(value, text, raw), **how)


def _layers(value: Any) -> tuple[Any, Any, Any]:
    """The text, the buffer and the bytes of an open file on disk."""
    text = buffer = None
    raw = value
    if isinstance(value, io.TextIOWrapper):
        text, raw = value, _detached(getter(io.TextIOWrapper, "buffer"), value)
    if type(raw) in _BUFFERED or isinstance(raw, _BUFFERED):
        buffer, raw = raw, _detached(getter(type(raw), "raw"), raw)
    if type(raw) is not io.FileIO:
        raise Unreadable("an open file that is not one of the disk")
    return text, buffer, raw


def _detached(get: Any, value: Any) -> Any:
    try:
        return get(value)
    except ValueError:
        raise Unreadable("a file of which the layers were taken apart") from None


def _path(raw: Any, name: object) -> str:
    """Where the file lies, if it still lies there."""
    if type(name) not in (str, bytes):
        raise Unreadable("an open file without a name")
    path = os.path.normpath(os.path.join(_getcwd(), os.fsdecode(name)))  # type: ignore[arg-type]
    if is_replayed():
        path = _place_of(raw, path)
    try:
        mine, there = os.fstat(io.FileIO.fileno(raw)), os.stat(path)
    except OSError:
        _refuse_moved(path)
    if (mine.st_dev, mine.st_ino) != (there.st_dev, there.st_ino):
        _refuse_moved(path)
    if not os.path.isfile(path):
        raise Unreadable(f"an open device: {path}")
    if mine.st_size > _LARGEST:
        raise Unreadable(f"an open file of {mine.st_size} bytes: {_LIMIT_TOLD}")
    return path


def _place_of(raw: Any, path: str) -> str:
    """Where a file lies that the program knows by another path: in a replay that leads into a private directory."""
    try:
        place = _readlink(f"/proc/self/fd/{io.FileIO.fileno(raw)}")
    except OSError:  # another system than Linux
        return path
    return place if os.path.basename(place) == os.path.basename(path) else path


def _refuse_moved(path: str) -> NoReturn:
    raise Unreadable(f"an open file that was moved or removed: {os.path.basename(path)}")


def _mode(value: Any, text: Any, raw: Any) -> str:
    said = attributes_of(value).get("mode") if text is not None else None
    mode = getter(io.FileIO, "mode")(raw)
    if text is None:
        return str(mode)
    return said if type(said) is str and "b" not in said else str(mode).replace("b", "")


def _manner(text: Any) -> dict[str, object]:
    """How a text file reads and writes; what is usual is left out."""
    wrapper = io.TextIOWrapper
    manner: dict[str, object] = {"encoding": getter(wrapper, "encoding")(text)}
    errors = getter(wrapper, "errors")(text)
    if errors != "strict":
        manner["errors"] = errors
    newline = _newline(text)
    if newline is not None:
        manner["newline"] = newline
    if getter(wrapper, "line_buffering")(text):
        manner["buffering"] = 1
    return manner


def _newline(text: Any) -> str | None:
    """What `open` was told of the ends of lines."""
    newline = _strings(text)[0]
    return None if newline == "\n" and not getter(io.TextIOWrapper, "buffer")(text).readable() else newline


def _strings(text: Any) -> tuple[str | None, list[str]]:
    """What a text layer holds of strings: the end of lines, and what waits to be read or written.

    They stand between its encoding and what it does about errors. A line's end alone is taken for the setting.
    """
    _, *held, _ = [one for one in get_referents(text) if type(one) is str]
    return (held[0], held[1:]) if held and held[0] in _LINE_ENDS else (None, held)


def _position(text: Any, buffer: Any, raw: Any) -> int:
    if text is None:
        return _told_by(raw if buffer is None else buffer)
    if not io.FileIO.writable(raw) or any(type(one) is tuple for one in get_referents(text)):
        return _told(text, buffer, raw)
    return _told_by(buffer) + _waiting(text)


def _waiting(text: Any) -> int:
    """Bytes that the text layer has not handed down yet."""
    parts: list[str | bytes] = [*_strings(text)[1]]
    for one in get_referents(text):
        parts += one if type(one) is list else [one] if type(one) is bytes else []
    return sum(map(len, parts))


def _told(text: Any, buffer: Any, raw: Any) -> int:
    try:
        return int(io.TextIOWrapper.tell(text))
    except OSError:
        held = _strings(text)[1]
        decoded, handle = held[-1] if held else "", io.FileIO.fileno(raw)
        position = position_in_loop(text, decoded, handle, _told_by(buffer)) if io.FileIO.readable(raw) else None
        if position is None:
            raise Unreadable("an open file in the middle of a loop over its lines") from None
        return position


def _told_by(layer: Any) -> int:
    tell: Any = next(kind.tell for kind in (*_BUFFERED, io.FileIO) if isinstance(layer, kind))  # type: ignore[attr-defined]
    try:
        return int(tell(layer))
    except OSError:
        raise Unreadable("an open pipe or device") from None


def _content(raw: Any, name: Any) -> bytes:
    """What is on the disk; through the program's own handle where it may read."""
    handle = io.FileIO.fileno(raw)
    size = os.fstat(handle).st_size
    if size == 0:
        return b""
    if io.FileIO.readable(raw):
        parts, at = [], 0
        while part := os.pread(handle, size + 1 - at, at):
            parts.append(part)
            at += len(part)
            if at > size:
                break
        return b"".join(parts)
    if _has_locks(handle):
        raise Unreadable("an open file under a lock, which to read it would take away")
    with io.FileIO(name) as other:
        return other.readall()


def _has_locks(handle: int) -> bool:
    """Does this process hold a lock on the file that is lost when any of its handles is closed?"""
    try:
        with io.FileIO("/proc/locks") as table:
            locks = table.readall()
    except OSError:
        return True
    return f":{os.fstat(handle).st_ino} ".encode() in locks


def _opened(name: str, mode: str = "r", **how: object) -> object:
    return opener().open_file(Opening(name, {"mode": mode, **how}))


def _temporary(value: Any) -> Draft:
    """A file that goes when it is closed, as `NamedTemporaryFile` gives it."""
    held = attributes_of(value)
    closer = attributes_of(held.get("_closer"))  # since Python 3.12 it alone knows when
    delete = held.get("delete", closer.get("delete"))
    if "file" not in held or type(delete) is not bool:
        raise Unreadable("a temporary file that was taken apart")
    when = {"delete_on_close": False} if closer.get("delete_on_close") is False else {}
    return call("temporary", held["file"], delete=delete, **when)


def _made_temporary(file: Any, delete: bool, **when: bool) -> object:
    import tempfile

    return tempfile._TemporaryFileWrapper(file, file.name, delete, **when)


KINDS = (
    Kind(("tempfile:_TemporaryFileWrapper",), _temporary, "temporary", _made_temporary, has_identity=True),
    Kind(("_io:FileIO",), written, has_identity=True),
    Kind(("_io:BufferedWriter", "_io:BufferedRandom"), written, has_identity=True),
    Kind((), written, "open", _opened, has_identity=True),
)
