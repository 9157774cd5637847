"""Single values of numpy (`np.float64(1.5)`), and its functions, which programs hand about like those of Python."""

from __future__ import annotations

from typing import Any

from legacy_seam.values.kinds.arrays import cells, filled, library, make_dtype, spelled
from legacy_seam.values.kinds.kind import Kind, Unreadable, Written, call

_PLAIN = [
    "bool",
    "int8",
    "int16",
    "int32",
    "int64",
    "uint8",
    "uint16",
    "uint32",
    "uint64",
    "float64",
    "complex128",
    "str_",
    "bytes_",
]
"""Scalars that Python has values for."""

_OTHERS = ["longlong", "ulonglong", "intc", "uintc", "float16", "float32", "longdouble", "complex64", "clongdouble"]
_UNSAFE = frozenset({"save", "savetxt", "savez", "savez_compressed"})
"""Functions of numpy that write files."""


def _plain(name: str) -> Kind:
    attribute = {"bool": "bool_"}.get(name, name)

    def take(value: Any) -> Written:
        return call(f"np.{name}", getattr(library(), attribute).item(value))

    def make(held: Any) -> object:
        return getattr(library(), attribute)(held)

    return Kind((f"numpy:{name}", f"numpy:{attribute}"), take, f"np.{name}", make, content=_content)


def _by_element(name: str) -> Kind:
    """Scalars that are written as elements of arrays are: by their shortest digits."""

    def take(value: Any) -> Written:
        return call(f"np.{name}", *cells(_alone(value)))

    def make(held: Any) -> object:
        return filled([held], library().dtype(name))[0]

    return Kind((f"numpy:{name}",), take, f"np.{name}", make, content=_content)


def _alone(value: Any) -> Any:
    """The scalar as an array of one."""
    numpy = library()
    made = numpy.empty(1, numpy.generic.dtype.__get__(value))
    made[0] = value
    return made


def _content(value: Any) -> tuple[object, ...]:
    generic = library().generic
    return str(generic.dtype.__get__(value)), generic.tobytes(value)


def _time(word: str) -> Kind:
    def take(value: Any) -> Written:
        alone = _alone(value)
        unit, count = library().datetime_data(alone.dtype)
        step = () if unit == "generic" else (unit,) if count == 1 else ((unit, count),)
        return call(f"np.{word}", *cells(alone), *step)

    def make(held: Any, *step: Any) -> object:
        return getattr(library(), word)(held, *step)

    return Kind((f"numpy:{word}",), take, f"np.{word}", make, content=_content)


def _void(value: Any) -> Written:
    alone = _alone(value)
    return call("np.void", *cells(alone), dtype=spelled(alone.dtype))


def _make_void(held: Any, *, dtype: Any) -> object:
    return filled([held], make_dtype(dtype))[0]


def _function(word: str, home: str) -> Kind:
    """A function in C that stands in numpy's own namespace under its name."""

    def take(value: Any) -> Written:
        name = value.__name__
        if getattr(library(), name, None) is not value:
            raise Unreadable("a function of numpy that does not stand under its name")
        return call(word, name)

    def make(name: str) -> object:
        found: Any = getattr(library(), name, None)
        if name in _UNSAFE or f"{type(found).__module__}:{type(found).__qualname__}" != home:
            raise ValueError(f"numpy has no such function {name!r}")
        return found

    return Kind((home,), take, word, make)


KINDS = (
    *map(_plain, _PLAIN),
    *map(_by_element, _OTHERS),
    _time("datetime64"),
    _time("timedelta64"),
    Kind(("numpy:void", "numpy:record"), _void, "np.void", _make_void),
    _function("np.ufunc", "numpy:ufunc"),
    _function("np.function", "numpy:_ArrayFunctionDispatcher"),
)
