"""Files that were open when a call began, opened again as they were, where they stood."""

from __future__ import annotations

import io
import os
from typing import Any

from legacy_seam.values.held import Opening

FILLING = b"\0"
"""Stands for what was waiting to be written when the call began, which nobody could see."""

_open = os.open
_LAYERS: tuple[type, ...] = (io.TextIOWrapper, io.BufferedReader, io.BufferedWriter, io.BufferedRandom, io.FileIO)


def reopen(place: str, opening: Opening) -> Any:
    """Open a file as it was open.

    Args:
        place: where its content lies; nothing of that is lost, whatever the mode.
        opening: name and mode, and the rest.

    Returns:
        the file.

    Raises:
        ValueError: where it cannot be opened so.
    """
    how = dict(opening.how)
    mode, position, is_closed = how.pop("mode"), how.pop("position", 0), how.pop("closed", False)
    raw = io.FileIO(_open(place, _flags(mode), 0o644), mode.replace("b", "").replace("t", ""))
    raw.name = opening.name
    made: Any = raw
    if how.get("buffering") != 0:
        made = _buffered(raw, mode)
        if "b" not in mode:
            made = _as_text(made, mode, how)
    _go_to(made, raw, position)
    if is_closed:
        made.close()
    return made


def layers_of(file: Any) -> list[Any]:
    """A file and what it is made of, the outermost first."""
    found = [file]
    if isinstance(file, io.TextIOWrapper):
        found.append(file.buffer)
    if not isinstance(found[-1], io.FileIO):
        found.append(found[-1].raw)
    return found


def flush(file: Any) -> None:
    """Write out what waits, unless the file is closed."""
    if not file.closed:
        _own(file).flush(file)


def close(file: Any) -> None:
    """Close a file, past whatever the program's class does then."""
    _own(file).close(file)


def added_to(content: bytes, start: int) -> dict[str, object]:
    """What stands behind a place of a file, where nobody knows what stood before it.

    >>> added_to(b"....total 12", 4)
    {'from': 4, 'added': 'total 12'}
    """
    added = content[start:]
    try:
        return {"from": start, "added": added.decode("utf-8")}
    except UnicodeDecodeError:
        return {"from": start, "added": added}


def _own(file: Any) -> Any:
    return next(layer for layer in _LAYERS if isinstance(file, layer))


def _flags(mode: str) -> int:
    reads, writes = "r" in mode or "+" in mode, "r" not in mode or "+" in mode
    flags = os.O_RDWR if reads and writes else os.O_WRONLY if writes else os.O_RDONLY
    return flags | (os.O_CREAT if writes else 0) | (os.O_APPEND if "a" in mode else 0) | os.O_CLOEXEC


def _buffered(raw: io.FileIO, mode: str) -> Any:
    if "+" in mode:
        return io.BufferedRandom(raw)
    return io.BufferedReader(raw) if "r" in mode else io.BufferedWriter(raw)


def _as_text(buffer: Any, mode: str, how: dict[str, Any]) -> Any:
    text: Any = io.TextIOWrapper(
        buffer,
        how.get("encoding", "utf-8"),
        how.get("errors", "strict"),
        how.get("newline"),
        line_buffering=how.get("buffering") == 1,
    )
    text.mode = mode
    return text


def _go_to(made: Any, raw: io.FileIO, position: int) -> None:
    """Go to a place, which may lie behind what the file holds: the rest was waiting to be written."""
    size = os.fstat(raw.fileno()).st_size
    if raw.writable() and position > size and not isinstance(made, io.FileIO):
        buffer = made.buffer if isinstance(made, io.TextIOWrapper) else made
        buffer.seek(size)
        buffer.write(FILLING * (position - size))
    elif position:
        made.seek(position)
