"""The built-in types: those with literals, and their close kin."""

from __future__ import annotations

import gc
from collections import OrderedDict
from collections.abc import Sequence
from functools import lru_cache
from itertools import chain
from typing import Any

from legacy_seam.values.anatomy import derives, getter
from legacy_seam.values.kinds.kind import Kind, Written, call
from legacy_seam.values.kinds.threads import names_thread
from legacy_seam.values.layout import FROZENSET, LIST, PAIRS, SET, TUPLE, Draft, Labelled
from legacy_seam.values.notation import integer, string

_ALL = slice(None)
_real, _imaginary = getter(complex, "real"), getter(complex, "imag")
_MOST_KEYS = 40
_FEW = 24
_SHORT = 80
_LITERALS = frozenset(map(id, (list, tuple, dict)))
_STRING_ONLY = frozenset({id(str)})
ATOMS = frozenset(map(id, (type(None), bool, int, float, str, bytes)))
"""`id`s of the types whose values have no parts and no identity, and are written in a few characters."""


def pairs_of(mapping: Any) -> list[tuple[Any, Any]]:
    """The items of a dict, or of an instance of a class built on it, in order. No key is looked up by its hash."""
    items = list(dict.items(mapping))
    if not derives(type(mapping), OrderedDict):
        return items
    by_identity = {id(key): (key, item) for key, item in items}
    return [by_identity[id(key)] for key in OrderedDict.__iter__(mapping)]


def dict_draft(mapping: Any) -> Draft:
    """`{key: value}` of a dict or of an instance of any class built on it."""
    return Draft(PAIRS, list(chain.from_iterable(pairs_of(mapping))))


def _list(value: Any) -> Written:
    items = list.copy(value)
    return _short_text(value, items) or Draft(LIST, items)


def _tuple(value: Any) -> Written:
    items = tuple.__getitem__(value, _ALL)
    return _short_text(value, items) or Draft(TUPLE, items)


def _dict(value: Any) -> Written:
    keys = tuple(dict.__iter__(value))
    if len(keys) > _MOST_KEYS or not _STRING_ONLY.issuperset(map(id, map(type, keys))):
        return dict_draft(value)
    items = list(dict.values(value))
    if len(items) != len(keys):  # another thread was faster
        return dict_draft(value)
    return _short_text(value, items) or Draft(_dict_shape(keys), items)


def _short_text(value: object, items: Sequence[object]) -> str | None:
    """The text of a value that holds but a few atoms, where Python writes it just as we do."""
    if len(items) <= _FEW and id(type(value)) in _LITERALS and ATOMS.issuperset(map(id, map(type, items))):
        text = repr(value)
        if len(text) <= _SHORT and text.isascii() and "\\n" not in text and not names_thread(text):
            return text
    return None


@lru_cache(maxsize=4096)
def _dict_shape(keys: tuple[str, ...]) -> Labelled:
    """The shape of records: there are many with the same few keys."""
    return Labelled("{", [f"{string(key)}: " for key in keys], "}")


def _set(value: Any) -> Written:
    return Draft(SET, list(set.__iter__(value))) if set.__len__(value) else call("set")


def _frozenset(value: Any) -> Written:
    return Draft(FROZENSET, list(frozenset.__iter__(value))) if frozenset.__len__(value) else "frozenset()"


def _slice(value: Any) -> Draft:
    return call("slice", value.start, value.stop, value.step)


def _memoryview(value: memoryview) -> Draft:
    """What it shows; the copy is a view of bytes of its own, which can be changed where these can."""
    content: object = value.tobytes()
    if not value.readonly:
        content = call("bytearray", content)
    if value.format == "B" and value.ndim == 1:
        return call("memoryview", content)
    return call("memoryview", content, value.format, value.shape)


def _make_memoryview(content: object, form: str = "B", shape: tuple[int, ...] | None = None) -> memoryview:
    if type(content) is not bytes and type(content) is not bytearray:
        raise ValueError("a memoryview is made of bytes")
    view = memoryview(content)
    return view if shape is None else view.cast(form, shape)  # type: ignore[call-overload]


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
    Kind(("builtins:float",), float.__repr__, adopt=float.__new__),
    Kind(
        ("builtins:complex",),
        lambda value: f"complex({_real(value)!r}, {_imaginary(value)!r})",
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
        _list,
        blank=list.__new__,
        pour=list.extend,
        has_identity=True,
    ),
    Kind(("builtins:tuple",), _tuple, adopt=tuple.__new__),
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
