"""Arrays of numpy and the types of their elements, as one writes them: `np.array([1.0, nan], dtype='float64')`.

Numbers of which there are many are written as their bytes (see `cells`), everything else element by element. The
type, the shape and the order in memory are kept; that an array is a view of another one, or read-only, is not.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from importlib import import_module
from math import prod
from typing import Any

from legacy_seam.values.anatomy import attributes_of
from legacy_seam.values.kinds.cells import HEAD, MOST_READABLE, grid, packed, short_moment, unpacked
from legacy_seam.values.kinds.kind import Kind, call, call_of
from legacy_seam.values.layout import LIST, TUPLE, Draft

_PACKABLE = "biufcmM"
_NAMED = "biufcmMO"
_DTYPE = re.compile(r"[<>=|]?[A-Za-z?]\w*(\[\w+\])?")
_NANS = {
    2: (0x7C00, 0x7E00, 0x7FFF),
    4: (0x7F800000, 0x7FC00000, 0x7FFFFFFF),
    8: (0x7FF0000000000000, 0x7FF8000000000000, 0x7FFFFFFFFFFFFFFF),
}
"""Size of a float -> the bits of infinity, of the nan that is written as `nan`, and all bits but the sign. The sign
of a nan says nothing: it differs between processors."""
_NOT_A_TIME = -(2**63)


def library() -> Any:
    """The module numpy. It is loaded where its values are met; where they are made it may be needed first."""
    return import_module("numpy")


# ----------------------------------------------------------------------------------------------- types of elements


def spelled(dtype: Any) -> object:
    """The type of elements: its name, a list of its fields, or a dict where they do not stand side by side."""
    if dtype.kind == "T":
        return _string_dtype(dtype)
    if dtype.names is None:
        if dtype.subdtype is not None:
            return Draft(TUPLE, [spelled(dtype.base), dtype.shape])
        if dtype.kind in _NAMED and dtype.isnative:
            return str(dtype.name)
        return str(dtype.str).lstrip("|<" if sys.byteorder == "little" else "|>")
    fields = [dtype.fields[name] for name in dtype.names]
    formats = [spelled(field[0].base) for field in fields]
    if any(len(field) > 2 for field in fields) or dtype.itemsize != sum(field[0].itemsize for field in fields):
        return {
            "names": list(dtype.names),
            "formats": [
                Draft(TUPLE, [form, field[0].shape]) if field[0].shape else form
                for form, field in zip(formats, fields, strict=True)
            ],
            "offsets": [field[1] for field in fields],
            "itemsize": dtype.itemsize,
        }
    return Draft(
        LIST,
        [
            Draft(TUPLE, [name, form, *([field[0].shape] if field[0].shape else [])])
            for name, form, field in zip(dtype.names, formats, fields, strict=True)
        ],
    )


def _string_dtype(dtype: Any) -> Draft:
    missing = {"na_object": dtype.na_object} if hasattr(dtype, "na_object") else {}
    return call("np.StringDType", **missing, **({} if dtype.coerce else {"coerce": False}))


def make_dtype(spelling: Any) -> Any:
    """The inverse of `spelled`."""
    numpy = library()
    if isinstance(spelling, str):
        if not _DTYPE.fullmatch(spelling):
            raise ValueError(f"there is no type of elements {spelling!r}")
        return numpy.dtype(spelling)
    if isinstance(spelling, tuple):
        return numpy.dtype((make_dtype(spelling[0]), tuple(spelling[1])))
    if isinstance(spelling, list):
        return numpy.dtype([(field[0], make_dtype(field[1]), *field[2:]) for field in spelling])
    if isinstance(spelling, dict):
        return numpy.dtype({**spelling, "formats": list(map(make_dtype, spelling["formats"]))})
    return spelling


def _dtype(value: Any) -> Draft:
    return call("np.dtype", spelled(value))


# --------------------------------------------------------------------------------------------------- arrays


def array_parts(array: Any) -> tuple[list[object], dict[str, object]]:
    """What an array (of the type itself) is written as: its cells, unless they are bytes; the rest by name."""
    rest: dict[str, object] = {"dtype": spelled(array.dtype)}
    is_packed = _is_packable(array.dtype) and (array.size > MOST_READABLE or _has_payload(array))
    if is_packed or (array.ndim != 1 and (array.size == 0 or array.dtype.hasobject)):
        rest["shape"] = array.shape
    if array.flags.fnc:
        rest["order"] = "F"
    if not is_packed:
        return [grid(cells(array.reshape(-1)), array.shape if array.size else (0,))], rest
    row = library().atleast_1d(array)[(0,) * (array.ndim - 1)]
    rest["head"] = grid(cells(row[:HEAD]), (min(HEAD, len(row)),))
    rest["base64"] = packed(_little(array).tobytes())
    return [], rest


def _is_packable(dtype: Any) -> bool:
    if dtype.names is not None:
        return all(_is_packable(dtype.fields[name][0].base) for name in dtype.names)
    return dtype.kind in _PACKABLE and dtype.char not in "gG"


def _little(array: Any) -> Any:
    """The same elements side by side, in the order of bytes that is written where none is named."""
    numpy = library()
    dtype = array.dtype
    if dtype.names is not None and not isinstance(spelled(dtype), Draft):  # what is between the fields is anything
        together = numpy.empty(array.shape, [(name, dtype.fields[name][0]) for name in dtype.names])
        for name in dtype.names:
            together[name] = array[name]
        array = together
    return array if sys.byteorder == "little" else array.astype(array.dtype.newbyteorder())


def _has_payload(array: Any) -> bool:
    """Is there a nan with bits of its own? They are looked at as integers: arithmetic might warn of them."""
    if array.dtype.kind not in "fc" or array.dtype.char in "gG":
        return False
    numpy = library()
    size = array.dtype.itemsize // (2 if array.dtype.kind == "c" else 1)
    infinite, quiet, mask = _NANS[size]
    side_by_side = numpy.ascontiguousarray(array.reshape(-1))
    magnitude = side_by_side.view(numpy.dtype(f"u{size}").newbyteorder(array.dtype.byteorder)) & mask
    return bool(((magnitude > infinite) & (magnitude != quiet)).any())


def cells(flat: Any) -> list[object]:
    """The elements of an array of one axis, as values that are written: the shortest number that is the element."""
    numpy, dtype, kind = library(), flat.dtype, flat.dtype.kind
    if dtype.names is not None:
        columns = [_field(flat[name]) for name in dtype.names]
        return [Draft(TUPLE, list(record)) for record in zip(*columns, strict=True)]
    if dtype.char in "gG":
        return [_long(number) for number in flat]
    if kind == "f" and dtype.itemsize < 8:
        return list(_shortest(flat))
    if kind == "c" and dtype.itemsize < 16:
        return list(map(complex, _shortest(flat.real), _shortest(flat.imag)))
    if kind in "mM":
        flat = flat.astype(dtype.newbyteorder("="))
    if kind == "M" and numpy.datetime_data(dtype)[1] == 1 and numpy.datetime_data(dtype)[0] != "generic":
        return list(map(short_moment, numpy.datetime_as_string(flat).tolist()))
    if kind in "mM":
        counts = flat.view("i8").tolist()
        return ["NaT" if count == _NOT_A_TIME else count for count in counts]
    found: list[object] = flat.tolist()
    return found


def _field(column: Any) -> list[object]:
    """The elements of one field, which may be arrays themselves."""
    if column.ndim == 1:
        return cells(column)
    return [grid(cells(one.reshape(-1)), one.shape) for one in column]


def _shortest(flat: Any) -> Any:
    """Small floats as their shortest digits: 0.1, not 0.10000000149011612."""
    numpy = library()
    numbers = list(map(float, flat.astype("U32").tolist()))
    with numpy.errstate(all="ignore"):
        back = numpy.array(numbers, flat.dtype)
    is_exact = bool(((back == flat) | (flat != flat)).all())
    return numbers if is_exact else flat.tolist()


def _long(number: Any) -> object:
    numpy = library()
    if number.dtype.kind == "c":
        return _long(number.real), _long(number.imag)
    return str(numpy.format_float_scientific(number, unique=True, trim="0"))


def _array(value: Any) -> Draft:
    numpy = library()
    return call_of("np.array", *array_parts(numpy.ndarray.view(value, numpy.ndarray)))


def make_array(
    content: Any = None,
    *,
    dtype: Any,
    shape: tuple[int, ...] | None = None,
    order: str = "C",
    head: object = None,
    base64: str | None = None,
) -> Any:
    """The inverse of `array_parts`."""
    numpy, made_of = library(), make_dtype(dtype)
    if base64 is not None:
        if not _is_packable(made_of):
            raise ValueError("elements of that type are not written as bytes")
        made = _unpacked(unpacked(base64), made_of)
    else:
        shape = _shape_of(content, made_of) if shape is None else shape
        made = filled(_flat(content, len(shape)) if prod(shape) else [], made_of)
    made = made.reshape(shape)
    return numpy.asfortranarray(made) if order == "F" else made


def _unpacked(content: bytes, dtype: Any) -> Any:
    numpy = library()
    stored = dtype
    if dtype.names is not None and not isinstance(spelled(dtype), Draft):
        stored = numpy.dtype([(name, dtype.fields[name][0]) for name in dtype.names])
    if sys.byteorder != "little":
        stored = stored.newbyteorder()
    return numpy.frombuffer(content, stored).astype(dtype)


def _shape_of(content: Any, dtype: Any) -> tuple[int, ...]:
    """The shape of nested lists; a list among objects is an object."""
    shape: list[int] = []
    while isinstance(content, list) and not (shape and dtype.hasobject):
        shape.append(len(content))
        content = content[0] if content else None
    return tuple(shape)


def _flat(content: Any, axes: int) -> list[Any]:
    items = [content]
    for _ in range(axes):
        items = [item for row in items for item in row]
    return items


def filled(items: Sequence[Any], dtype: Any) -> Any:
    """An array of one axis with these elements; the inverse of `cells`."""
    numpy = library()
    made = numpy.zeros(len(items), dtype)
    if dtype.names is not None:
        for at, name in enumerate(dtype.names):
            column = [item[at] for item in items]
            part = dtype.fields[name][0]
            flat = filled([x for one in column for x in _flat(one, part.ndim)], part.base)
            made[name] = flat.reshape((len(items), *part.shape))
    elif dtype.char == "G":
        made.real, made.imag = (filled([item[at] for item in items], numpy.dtype("g")) for at in (0, 1))
    elif dtype.kind in "mM":
        made[:] = _times(items, dtype.newbyteorder("="))
    elif dtype.kind == "O":
        for at, item in enumerate(items):
            made[at] = item
    elif len(items):
        made[:] = numpy.array(items, dtype)
    return made


def _times(items: Sequence[Any], dtype: Any) -> Any:
    numpy = library()
    if all(isinstance(item, int) or item == "NaT" for item in items):
        return numpy.array([_NOT_A_TIME if item == "NaT" else item for item in items], "i8").view(dtype)
    return numpy.array(items, dtype)


def _masked(value: Any) -> Draft:
    """The data as they are, behind the mask as well; what the mask hides is not compared."""
    numpy = library()
    own = attributes_of(value)
    args, rest = array_parts(numpy.ndarray.view(value, numpy.ndarray))
    if type(own.get("_mask")) is numpy.ndarray:
        rest["mask"] = own["_mask"]
    fill = own.get("_fill_value")
    if type(fill) is numpy.ndarray and not _is_default(fill):
        rest["fill_value"] = fill
    if own.get("_hardmask"):
        rest["hard_mask"] = True
    return call_of("np.ma.array", args, rest)


def _is_default(fill: Any) -> bool:
    """Is this what fills masked cells where nothing was chosen? It is put there when it is first asked for."""
    numpy = library()
    if fill.dtype.names is not None or fill.dtype.hasobject:
        return False
    usual = numpy.zeros(1, fill.dtype)
    usual[:] = numpy.ma.default_fill_value(fill.dtype)
    return bool(usual.tobytes() == fill.tobytes())


def _make_masked(
    *args: Any, mask: Any = False, fill_value: Any = None, hard_mask: bool = False, **rest: Any
) -> Any:
    ma = library().ma
    made = ma.array(make_array(*args, **rest), mask=ma.nomask if mask is False else mask, hard_mask=hard_mask)
    if fill_value is not None:
        made.fill_value = fill_value
    return made


def content(value: Any) -> tuple[object, ...]:
    """For the fingerprint: everything that makes two arrays the same."""
    numpy = library()
    array = numpy.ndarray.view(value, numpy.ndarray)
    if array.dtype.hasobject or array.dtype.kind == "T":
        return str(array.dtype), array.shape, array.flags.fnc, array.reshape(-1).tolist()
    return str(array.dtype), array.shape, array.flags.fnc, _little(array).tobytes()


_DTYPES = [
    "Bool",
    "Int8",
    "Int16",
    "Int32",
    "Int64",
    "UInt8",
    "UInt16",
    "UInt32",
    "UInt64",
    "LongLong",
    "ULongLong",
    "Long",
    "ULong",
    "Int",
    "UInt",
    "Short",
    "UShort",
    "Byte",
    "UByte",
    "Float16",
    "Float32",
    "Float64",
    "LongDouble",
    "Complex64",
    "Complex128",
    "CLongDouble",
    "Object",
    "Bytes",
    "Str",
    "Void",
    "DateTime64",
    "TimeDelta64",
]

KINDS = (
    Kind(
        ("numpy:ndarray", "numpy:memmap", "numpy.core.memmap:memmap"),
        _array,
        "np.array",
        make_array,
        adopt=lambda cls, value: library().ndarray.view(value, cls),
        has_identity=True,
        content=content,
    ),
    Kind(
        ("numpy.ma:MaskedArray", "numpy.ma.core:MaskedArray"),
        _masked,
        "np.ma.array",
        _make_masked,
        has_identity=True,
    ),
    Kind(
        ("numpy.ma:MaskedConstant", "numpy.ma.core:MaskedConstant"),
        lambda value: "np.ma.masked",
        "np.ma.masked",
        lambda: library().ma.masked,
    ),
    Kind(
        ("numpy:dtype", *(f"numpy.dtypes:{name}DType" for name in _DTYPES)),
        _dtype,
        "np.dtype",
        make_dtype,
    ),
    Kind(
        ("numpy.dtypes:StringDType",),
        _string_dtype,
        "np.StringDType",
        lambda **how: library().dtypes.StringDType(**how),
    ),
)
