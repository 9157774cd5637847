"""Cells of arrays and tables: in rows that can be read, or as lines of their bytes where there are many.

The bytes stand in lines of their own, each of which spells a few whole elements: one element that changes is one
line that changes. Whoever compares two texts takes the bytes apart again, without the library they come from.
"""

from __future__ import annotations

import binascii
import re
import struct
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from legacy_seam.values.layout import Block, Draft, Piece, Shape

MOST_READABLE = 200
"""Elements up to which numbers are written as numbers; more of them are written as bytes."""

MOST_CELLS = 1000
"""Cells up to which a table is written row by row."""

HEAD = 6
"""Elements shown to the reader where the rest is bytes."""

_LINE = 72
"""Bytes in a line: whole elements of every usual size, and no padding at its end."""

_SIMPLE = re.compile(
    r"[<>=|]?(bool|u?int\d+|float\d+|complex\d+|datetime64\[\d*\w+\]|timedelta64\[\d*\w+\]|[ibufcmM]\d+)"
)
_CODES = {
    "bool": "?",
    "int8": "b", "int16": "h", "int32": "i", "int64": "q",
    "uint8": "B", "uint16": "H", "uint32": "I", "uint64": "Q",
    "float16": "e", "float32": "f", "float64": "d",
    "complex64": "ff", "complex128": "dd",
    "datetime64": "q", "timedelta64": "q",
}  # fmt: skip
_LETTERS = {
    "b": "bool",
    "i": "int",
    "u": "uint",
    "f": "float",
    "c": "complex",
    "m": "timedelta64",
    "M": "datetime64",
}
_OTHER_NAMES = {
    "Boolean": "bool",
    **{f"{sort}{size}": f"{sort.lower()}{size}" for sort in ("Int", "UInt", "Float") for size in (8, 16, 32, 64)},
}
"""Names that polars has for types of elements."""

_NOT_A_TIME = -(2**63)
_UNITS = {"D": (86_400, 0), "h": (3600, 0), "m": (60, 0), "s": (1, 0), "ms": (1, 3), "us": (1, 6), "ns": (1, 9)}
"""Unit of a moment -> its seconds, or the decimal places of them that it counts."""


class Grid(Shape):
    """Cells in rows, which may be in rows again; a row that is too long for one line is filled into several.

    shape: how many there are along each axis.
    """

    __slots__ = ("_shape",)

    def __init__(self, shape: Sequence[int]) -> None:
        self._shape = tuple(shape)

    def seal(self, parts: list[Piece], lead: str, is_broken: bool, width: int) -> Piece:
        """See `Shape`."""
        if not self._shape:
            return parts[0]
        rows = parts
        for size in self._shape[:0:-1]:
            rows = [_row(rows[at : at + size], width) for at in range(0, len(rows), size)] if size else []
        return _row(rows, width)


def _row(cells: list[Piece], width: int) -> Piece:
    if any(isinstance(cell, Block) for cell in cells):
        return Block("[", cells, "]", is_broken=True)
    line = f"[{', '.join(cells)}]"  # type: ignore[arg-type]
    if len(line) <= width or not cells:
        return line
    if all(cell[:1] in "[(" for cell in cells):  # type: ignore[index]
        return Block("[", cells, "]")
    return Block("[", list(_filled(cells, width)), "]")  # type: ignore[arg-type]


def _filled(cells: Iterable[str], width: int) -> Iterable[str]:
    """Lines with as many cells as go on each."""
    line: list[str] = []
    length = 0
    for cell in cells:
        if line and length + len(cell) > width:
            yield ", ".join(line)
            line, length = [], 0
        line.append(cell)
        length += len(cell) + 2
    yield ", ".join(line)


class Record(Shape):
    """The cells of one row of a table, filled into several lines where it is long."""

    __slots__ = ()

    def seal(self, parts: list[Piece], lead: str, is_broken: bool, width: int) -> Piece:
        """See `Shape`."""
        if is_broken:
            return Block("(", parts, ")", is_broken=True)
        line = f"({', '.join(parts)}{',' if len(parts) == 1 else ''})"  # type: ignore[arg-type]
        if len(line) <= width:
            return line
        return Block("(", list(_filled(parts, width)), ")", lonely="," if len(parts) == 1 else "")  # type: ignore[arg-type]


class _Packed(Shape):
    """Bytes in lines."""

    __slots__ = ("_content",)

    def __init__(self, content: bytes) -> None:
        self._content = content

    def seal(self, parts: list[Piece], lead: str, is_broken: bool, width: int) -> Piece:
        """See `Shape`."""
        text = binascii.b2a_base64(self._content, newline=False).decode("ascii")
        step = _LINE * 4 // 3
        if len(text) <= step:
            return f"'{text}'"
        return Block("(", [f"'{text[at : at + step]}'" for at in range(0, len(text), step)], ")", comma="")


def grid(parts: Sequence[object], shape: Sequence[int]) -> Draft:
    """A draft of cells (live values) in rows."""
    return Draft(Grid(shape), parts)


def packed(content: bytes) -> Draft:
    """A draft of bytes."""
    return Draft(_Packed(content), ())


def unpacked(text: str) -> bytes:
    """The bytes of a packed text.

    Raises:
        ValueError: it is none.
    """
    return binascii.a2b_base64(text, strict_mode=True)


def elements(dtype: Any, content: bytes) -> list[Any]:
    """The elements that bytes hold, as they would be written; pieces of bytes where their type is not a simple one.

    Args:
        dtype: the type of the elements as it is written: a name, or fields.
        content: the bytes of whole elements.

    Raises:
        ValueError: these are no whole elements of that type.

    >>> elements("int16", b"\\x01\\x00\\x02\\x00")
    [1, 2]
    """
    order, code, name = _code(dtype)
    if struct.calcsize(order + code) == 0 or len(content) % struct.calcsize(order + code):
        raise ValueError("there are no whole elements")
    if len(code) == 1:
        numbers: list[Any] = list(
            struct.unpack(f"{order}{len(content) // struct.calcsize(order + code)}{code}", content)
        )
        if name.startswith("datetime64"):
            return [moment(number, name[11:-1]) for number in numbers]
        if name.startswith("timedelta64"):
            return ["NaT" if number == _NOT_A_TIME else number for number in numbers]
        return numbers
    records = struct.iter_unpack(order + code, content)
    if name.startswith("complex"):
        return [complex(*record) for record in records]
    return list(records)


def code_of(dtype: Any) -> str | None:
    """The code of `struct` for a type of simple elements; None for all others."""
    try:
        return _code(dtype)[1] if isinstance(dtype, str) else None
    except ValueError:
        return None


def _code(dtype: Any) -> tuple[str, str, str]:
    """Order of bytes, code for `struct`, and full name of a type of elements."""
    if isinstance(dtype, list):
        codes = [_code(field[1]) for field in dtype if len(field) == 2]
        if len(codes) != len(dtype) or len({order for order, _, _ in codes}) != 1:
            raise ValueError("fields of several orders, or of several elements")
        return codes[0][0], "".join(code for _, code, _ in codes), "fields"
    dtype = _OTHER_NAMES.get(dtype, dtype) if isinstance(dtype, str) else dtype
    if not isinstance(dtype, str) or not _SIMPLE.fullmatch(dtype):
        raise ValueError("no simple type")
    order = ">" if dtype[0] == ">" else "<"
    name = dtype.lstrip("<>=|")
    if name[1:].isdecimal():
        size = int(name[1:])
        name = "bool" if name == "b1" else f"{_LETTERS[name[0]]}{size * 8}"
    code = _CODES.get(name.partition("[")[0])
    if code is None:
        raise ValueError("no simple type")
    return order, code, name


def moment(count: int, unit: str) -> object:
    """A moment since 1970 as it is written: to the unit in which it is counted."""
    if count == _NOT_A_TIME:
        return "NaT"
    if unit not in _UNITS:
        return count
    seconds, places = _UNITS[unit]
    whole, rest = divmod(count, 10**places)
    try:
        begin = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=whole * seconds)
    except OverflowError:
        return count
    text = begin.strftime("%Y-%m-%dT%H:%M:%S").zfill(19)[: {"D": 10, "h": 13, "m": 16}.get(unit, 19)]
    return short_moment(f"{text}.{rest:0{places}d}" if places else text)


def short_moment(text: str) -> str:
    """A moment without what is zero at its end.

    >>> short_moment("2024-01-31T10:00:00.500000000"), short_moment("2024-01-31T00:00:00.000")
    ('2024-01-31T10:00:00.5', '2024-01-31')
    """
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.removesuffix("T00:00:00")


def zoned_moment(text: str) -> str:
    """The same, for moments of UTC.

    >>> zoned_moment("2024-01-31"), zoned_moment("NaT")
    ('2024-01-31T00:00:00Z', 'NaT')
    """
    if text == "NaT":
        return text
    return f"{text}Z" if "T" in text else f"{text}T00:00:00Z"
