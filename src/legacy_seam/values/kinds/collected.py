"""Containers of the standard library."""

from __future__ import annotations

import gc
import types
from collections import ChainMap, Counter, OrderedDict, defaultdict, deque
from typing import Any

from legacy_seam.values.anatomy import attributes_of, getter
from legacy_seam.values.kinds.kind import Kind, call, call_of
from legacy_seam.values.kinds.plain import dict_draft
from legacy_seam.values.layout import LIST, Draft

_longest = getter(deque, "maxlen")
_factory: Any = vars(defaultdict)["default_factory"]
_entries = getter(types.SimpleNamespace, "__dict__")


def _deque(value: Any) -> Draft:
    longest = _longest(value)
    items = Draft(LIST, list(deque.__iter__(value)))
    return call("deque", items) if longest is None else call("deque", items, maxlen=longest)


def _defaultdict(value: Any) -> Draft:
    return call("defaultdict", _factory.__get__(value), dict_draft(value))


def _make_counter(items: dict[Any, Any]) -> object:
    made: Counter[Any] = Counter()
    dict.update(made, items)
    return made


def _pour_defaultdict(blank: Any, value: Any) -> None:
    _factory.__set__(blank, value.default_factory)
    dict.update(blank, value)


def _proxy(value: Any) -> Draft:
    return call("MappingProxyType", gc.get_referents(value)[0])


def _chain_map(value: Any) -> Draft:
    return call("ChainMap", *attributes_of(value)["maps"])  # type: ignore[misc]


def _namespace(value: Any) -> Draft:
    return call_of("SimpleNamespace", (), dict(_entries(value)))


def _array(value: Any) -> Draft:
    from array import array

    items = Draft(LIST, array.tolist(value))
    return call("array", getter(array, "typecode")(value), items)


def _make_array(typecode: str, items: list[Any]) -> object:
    from array import array

    return array(typecode, items)


def _adopt_array(cls: Any, value: Any) -> object:
    from array import array

    return array.__new__(cls, value.typecode, value)


KINDS = (
    Kind(
        ("collections:deque",),
        _deque,
        "deque",
        deque,
        blank=deque.__new__,
        pour=lambda blank, value: deque.__init__(blank, value, value.maxlen),
        has_identity=True,
    ),
    Kind(
        ("collections:defaultdict",),
        _defaultdict,
        "defaultdict",
        defaultdict,
        blank=defaultdict.__new__,
        pour=_pour_defaultdict,
        has_identity=True,
    ),
    Kind(
        ("collections:OrderedDict",),
        lambda value: call("OrderedDict", dict_draft(value)),
        "OrderedDict",
        OrderedDict,
        blank=OrderedDict.__new__,
        pour=OrderedDict.update,
        has_identity=True,
    ),
    Kind(
        ("collections:Counter",),
        lambda value: call("Counter", dict_draft(value)),
        "Counter",
        _make_counter,
        blank=dict.__new__,
        pour=dict.update,
        has_identity=True,
    ),
    Kind(("collections:ChainMap",), _chain_map, "ChainMap", ChainMap, has_identity=True),
    Kind(("builtins:mappingproxy",), _proxy, "MappingProxyType", types.MappingProxyType, has_identity=True),
    Kind(
        ("types:SimpleNamespace",),
        _namespace,
        "SimpleNamespace",
        types.SimpleNamespace,
        blank=types.SimpleNamespace.__new__,
        pour=lambda blank, value: vars(blank).update(vars(value)),
        has_identity=True,
    ),
    Kind(("array:array",), _array, "array", _make_array, adopt=_adopt_array, has_identity=True),
)
