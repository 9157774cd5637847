"""The built-in types: those with literals, and their close kin."""

from __future__ import annotations

import gc
from collections import OrderedDict
from itertools import chain
from typing import Any

from legacy_seam.values.anatomy import derives
from legacy_seam.values.kinds.kind import Kind, Written, call
from legacy_seam.values.layout import FROZENSET, LIST, PAIRS, SET, TUPLE, Draft
from legacy_seam.values.notation import integer, string

_ALL = slice(None)


def pairs_of(mapping: Any) -> list[tuple[Any, Any]]:
    """The items of a dict or of an instance of any class built on it, in its order. No key is looked up by its hash."""
    items = list(dict.items(mapping))
    if not derives(type(mapping), OrderedDict):
        return items
    by_identity = {id(key): (key, item) for key, item in items}
    return [by_identity[id(key)] for key in OrderedDict.__iter__(mapping)]


def dict_draft(mapping: Any) -> Draft:
    """`{key: value}` of a dict or of an instance of any class built on it."""
    return Draft(PAIRS, list(chain.from_iterable(pairs_of(mapping))))


def _dict(value: Any) -> Draft:
    return Draft(PAIRS, list(chain.from_iterable(dict.items(value))))


def _set(value: Any) -> Written:
    return Draft(SET, list(set.__iter__(value))) if set.__len__(value) else call("set")


def _frozenset(value: Any) -> Written:
    return Draft(FROZENSET, list(frozenset.__iter__(value))) if frozenset.__len__(value) else "frozenset()"


def _slice(value: Any) -> Draft:
    return call("slice", value.start, value.stop, value.step)


def _memoryview(value: memoryview) -> Draft:
    """What it shows; the copy is a view of bytes of its own."""
    if value.format == "B" and value.ndim == 1:
        return call("memoryview", value.tobytes())
    return call("memoryview", value.tobytes(), value.format, value.shape)


def _make_memoryview(content: object, form: str = "B", shape: tuple[int, ...] | None = None) -> memoryview:
    if type(content) is not bytes:
        raise ValueError("a memoryview is made of bytes")
    view = memoryview(content)
    return view if shape is None else view.cast(form, shape)  # type: ignore[call-overload, no-any-return]


def _view(name: str) -> Kind:
    """Views of a dict are written as a list of what they show; the rest of the dict behind them is not."""

    def take(value: Any) -> Draft:
        pairs = pairs_of(gc.get_referents(value)[0])
        shown: dict[str, list[Any]] = {"dict_keys": [key for key, _ in pairs], "dict_values": [v for _, v in pairs]}
        return call(name, Draft(LIST, shown.get(name, pairs)))

    def make(shown: list[Any]) -> object:
        if name == "dict_items":
            return dict(shown).items()
        return dict.fromkeys(shown).keys() if name == "dict_keys" else dict(enumerate(shown)).values()

    return Kind((f"builtins:{name}", f"builtins:o{name}"), take, name, make, has_identity=True)


KINDS = (
    Kind(("builtins:NoneType",), lambda value: "None"),
    Kind(("builtins:ellipsis",), lambda value: "Ellipsis"),
    Kind(("builtins:NotImplementedType",), lambda value: "NotImplemented"),
    Kind(("builtins:bool",), lambda value: "True" if value is True else "False"),
    Kind(("builtins:int",), lambda value: integer(int.__int__(value)), adopt=int.__new__),
    Kind(("builtins:float",), lambda value: float.__repr__(value), adopt=float.__new__),
    Kind(
        ("builtins:complex",),
        lambda value: f"complex({complex.real.__get__(value)!r}, {complex.imag.__get__(value)!r})",  # type: ignore[attr-defined]
        adopt=complex.__new__,
    ),
    Kind(("builtins:str",), lambda value: string(str.__str__(value)), adopt=str.__new__),
    Kind(("builtins:bytes",), lambda value: bytes.__repr__(value), adopt=bytes.__new__),
    Kind(
        ("builtins:bytearray",),
        lambda value: call("bytearray", bytes(bytearray.__getitem__(value, _ALL))),
        blank=bytearray.__new__,
        pour=bytearray.extend,
        has_identity=True,
    ),
    Kind(
        ("builtins:list",),
        lambda value: Draft(LIST, list.copy(value)),
        blank=list.__new__,
        pour=list.extend,
        has_identity=True,
    ),
    Kind(("builtins:tuple",), lambda value: Draft(TUPLE, tuple.__getitem__(value, _ALL)), adopt=tuple.__new__),
    Kind(("builtins:dict",), _dict, blank=dict.__new__, pour=dict.update, has_identity=True),
    Kind(("builtins:set",), _set, blank=set.__new__, pour=set.update, has_identity=True),
    Kind(("builtins:frozenset",), _frozenset, adopt=frozenset.__new__),
    Kind(("builtins:range",), lambda value: f"range({value.start}, {value.stop}, {value.step})"),
    Kind(("builtins:slice",), _slice, "slice", lambda *parts: slice(*parts)),
    Kind(("builtins:memoryview",), _memoryview, "memoryview", _make_memoryview, has_identity=True),
    _view("dict_keys"),
    _view("dict_values"),
    _view("dict_items"),
)
