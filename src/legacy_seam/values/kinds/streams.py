"""Files in memory: what is in them, and where one stands in them. Those on disk: `open_files`."""

from __future__ import annotations

import io
from gc import get_referents
from typing import Any

from legacy_seam.values.anatomy import derives, getter
from legacy_seam.values.kinds import open_files
from legacy_seam.values.kinds.kind import Kind, Unreadable, call
from legacy_seam.values.layout import Draft

_STRING_IO: Any = io.StringIO
_BYTES_IO: Any = io.BytesIO
_raw, _buffer = getter(io.BufferedReader, "raw"), getter(io.TextIOWrapper, "buffer")
_DEFAULTS = {"errors": "strict", "newline": None, "line_buffering": False, "write_through": False}


def _string_io(value: Any) -> Draft:
    if getter(io.StringIO, "closed")(value):
        return call("StringIO", "", 0, closed=True)
    content, newline, position, _ = _STRING_IO.__getstate__(value)
    return call("StringIO", content, position, **({} if newline == "\n" else {"newline": newline}))


def _make_string_io(content: str, position: int, newline: str | None = "\n", closed: bool = False) -> io.StringIO:
    made = io.StringIO()
    made.__setstate__((content, newline, position, None))  # type: ignore[attr-defined]
    if closed:
        made.close()
    return made


def _bytes_io(value: Any) -> Draft:
    if getter(io.BytesIO, "closed")(value):
        return call("BytesIO", b"", 0, closed=True)
    content, position, _ = _BYTES_IO.__getstate__(value)
    return call("BytesIO", content, position)


def _make_bytes_io(content: bytes, position: int, closed: bool = False) -> io.BytesIO:
    made = io.BytesIO()
    made.__setstate__((content, position, None))  # type: ignore[attr-defined]
    if closed:
        made.close()
    return made


def _blank_io(cls: Any) -> Any:
    base = _STRING_IO if derives(cls, io.StringIO) else _BYTES_IO
    made = base.__new__(cls)
    base.__init__(made)
    return made


def _pour_io(blank: Any, value: Any) -> None:
    base: Any = type(value)
    if value.closed:
        base.close(blank)
        return
    *state, _ = base.__getstate__(value)
    base.__setstate__(blank, (*state, None))


# --- on top of others --------------------------------------------------------------------------------------------


def _text_layer(value: Any) -> Draft:
    """Text over bytes in memory, if none of it was read ahead and none is still to be written."""
    buffer = _buffer(value)
    if type(buffer) is not io.BytesIO or type(value) is not io.TextIOWrapper or value.closed:
        return open_files.written(value)
    held = get_referents(value)
    spelled = [one for one in held if type(one) is str and one is not value.encoding and one is not value.errors]
    translates = any(type(one) is io.IncrementalNewlineDecoder for one in held)
    newline = spelled.pop(0) if spelled and not (translates and spelled[0]) else None
    if spelled or any(type(one) in (tuple, list, bytes) for one in held):
        size, position = len(_BYTES_IO.getbuffer(buffer)), _BYTES_IO.tell(buffer)
        raise Unreadable(f"text over {size} bytes in memory, in the middle of its work at {position}")
    settings = {
        "errors": value.errors,
        "newline": newline,
        "line_buffering": value.line_buffering,
        "write_through": value.write_through,
    }
    more = {key: setting for key, setting in settings.items() if setting != _DEFAULTS[key]}
    return call("TextIOWrapper", buffer, value.encoding, **more)


def _make_text_layer(buffer: Any, encoding: str, **settings: Any) -> object:
    if type(buffer) is not io.BytesIO:
        raise ValueError("text is made of bytes in memory only")
    return io.TextIOWrapper(buffer, encoding, **settings)


def _read_buffer(value: Any) -> Draft:
    """A buffer over bytes in memory, with the place where it stands."""
    raw = _raw(value)
    if type(raw) is not io.BytesIO or raw.closed:
        return open_files.written(value)
    return call("BufferedReader", raw, io.BufferedReader.tell(value))


def _blank_read_buffer(cls: Any) -> object:
    return io.BufferedReader.__new__(cls)


def _pour_read_buffer(blank: Any, made: tuple[io.BytesIO, int]) -> None:
    raw, position = made
    if type(raw) is not io.BytesIO:
        raise ValueError("a buffer is made of bytes in memory only")
    has_read_ahead = raw.tell() != position
    raw.seek(position)
    io.BufferedReader.__init__(blank, raw)
    if has_read_ahead:
        blank.peek()


KINDS = (
    Kind(
        ("_io:StringIO",),
        _string_io,
        "StringIO",
        _make_string_io,
        blank=_blank_io,
        pour=_pour_io,
        has_identity=True,
    ),
    Kind(("_io:BytesIO",), _bytes_io, "BytesIO", _make_bytes_io, blank=_blank_io, pour=_pour_io, has_identity=True),
    Kind(("_io:TextIOWrapper",), _text_layer, "TextIOWrapper", _make_text_layer, has_identity=True),
    Kind(
        ("_io:BufferedReader",),
        _read_buffer,
        "BufferedReader",
        lambda raw, position: (raw, position),
        blank=_blank_read_buffer,
        pour=_pour_read_buffer,
        has_identity=True,
    ),
)
