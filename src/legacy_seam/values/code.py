"""Code objects by name: the body of a function that stands inside others, or in no namespace at all.

Such a body is named by its module, its qualified name (`outer.<locals>.inner`, `<lambda>`), and its number among
those of that name in the order of the source. The numbers are taken from the code of the whole module where its
loader has it; the code object itself from the live functions where one of them holds it, so that a function which
was exchanged since is found as it is now.
"""

from __future__ import annotations

import functools
import types
from collections.abc import Callable, Iterable, Iterator, Mapping
from importlib.machinery import SourceFileLoader, SourcelessFileLoader
from itertools import chain
from operator import is_
from typing import Any

from legacy_seam.plaindata import dataclass
from legacy_seam.values.anatomy import derives, module_called, namespace_of

_GET_CODE: dict[type, Callable[[Any, str], types.CodeType | None]] = {
    SourceFileLoader: SourceFileLoader.get_code,
    SourcelessFileLoader: SourcelessFileLoader.get_code,
}
"""Bound when this module is loaded: whoever records puts something else in their place."""

_LARGEST_TABLE = 200
"""Tables of functions are looked through up to this many entries; longer ones are taken for data."""


def find_code(module: str, qualname: str, index: int = 0) -> types.CodeType | None:
    """The code object of that name in a loaded module, or None where there is none.

    Args:
        module: name of the module.
        qualname: the qualified name of the function, `<locals>` included.
        index: its number among those of the same name, in the order of the source.

    >>> find_code("functools", "singledispatch.<locals>.dispatch").co_name
    'dispatch'
    """
    namespace = module_called(module)
    if namespace is None:
        return None
    live = [code for code in _live_codes(namespace, qualname) if code.co_qualname == qualname]
    written = _written_codes(module, namespace).get(qualname)
    if written is None:
        return live[index] if 0 <= index < len(live) else None
    if not 0 <= index < len(written):
        return None
    wanted = written[index]
    others = written[:index] + written[index + 1 :]
    exchanged = [code for code in live if code.co_firstlineno == wanted.co_firstlineno and code not in others]
    return exchanged[0] if len(exchanged) == 1 else wanted


def index_of(module: str, code: types.CodeType) -> int | None:
    """The number of a code object among those of its name in its module, or None where it is none of them."""
    known = _indices.get(id(code))
    if known is not None and known[0] == module:
        return known[2]
    index = _find_index(module, code)
    if len(_indices) >= _MOST_INDICES:
        _indices.clear()
    _indices[id(code)] = module, code, index
    return index


_indices: dict[int, tuple[str, types.CodeType, int | None]] = {}
_MOST_INDICES = 4096


def _find_index(module: str, code: types.CodeType) -> int | None:
    namespace = module_called(module)
    if namespace is None:
        return None
    codes = _written_codes(module, namespace).get(code.co_qualname)
    if codes is None:
        codes = [one for one in _live_codes(namespace, code.co_qualname) if one.co_qualname == code.co_qualname]
    if code in codes:
        return codes.index(code)
    return next((index for index, one in enumerate(codes) if _look_alike(one, code)), None)


def _look_alike(one: types.CodeType, other: types.CodeType) -> bool:
    """Same place and same variables: one of the two may have been instrumented."""
    return one.co_firstlineno == other.co_firstlineno and one.co_freevars == other.co_freevars


def _written_codes(module: str, namespace: dict[str, Any]) -> dict[str, list[types.CodeType]]:
    """All code of a module by qualified name, in the order of the source; empty where its loader has none."""
    loader = namespace.get("__loader__")
    known = _written.get(module)
    if known is not None and known[0] is loader:
        return known[1]
    by_name: dict[str, list[types.CodeType]] = {}
    for code in _nested([_code_from(loader)]):
        by_name.setdefault(code.co_qualname, []).append(code)
    for codes in by_name.values():
        codes.sort(key=lambda code: code.co_firstlineno)
    _written[module] = loader, by_name
    return by_name


_written: dict[str, tuple[object, dict[str, list[types.CodeType]]]] = {}


def _code_from(loader: Any) -> types.CodeType | None:
    """The code of a module from its loader, if that is one of Python's own: others may do anything."""
    try:
        if (
            type(loader) is SourceFileLoader and loader.name == "__main__"
        ):  # its code is not cached, and shall not be
            return compile(loader.get_data(loader.path), loader.path, "exec", dont_inherit=True)
        if type(loader) in _GET_CODE:
            return _GET_CODE[type(loader)](loader, loader.name)
    except (OSError, ImportError, SyntaxError, ValueError):  # the file has gone, or is broken by now
        pass
    return None


def _live_codes(namespace: dict[str, Any], qualname: str) -> list[types.CodeType]:
    """The code, in the order of the source, of all functions that a module leads to and that may have one of that
    name inside."""
    codes = [function.__code__ for function in _live_functions(namespace)]
    outer = [code for code in codes if f"{qualname}.".startswith(f"{code.co_qualname}.")]
    return sorted(_nested(outer), key=lambda code: code.co_firstlineno)


@dataclass(slots=True)
class _Live:
    """The functions that a module leads to.

    namespaces: its own, and those of its classes; values: all that these held then.
    """

    namespaces: list[Mapping[str, object]]
    values: list[object]
    functions: list[types.FunctionType]

    def is_of(self, namespace: dict[str, Any]) -> bool:
        """Are they those of this module still? (A table that has another function by now is not looked at.)"""
        if self.namespaces[0] is not namespace:
            return False
        now = _held(self.namespaces)
        return len(now) == len(self.values) and all(map(is_, now, self.values))


_live: dict[int, _Live] = {}
_MOST_LIVE = 256


def _live_functions(namespace: dict[str, Any]) -> list[types.FunctionType]:
    known = _live.get(id(namespace))
    if known is None or not known.is_of(namespace):
        if len(_live) >= _MOST_LIVE:
            _live.clear()
        namespaces, functions = _functions_from(namespace)
        known = _live[id(namespace)] = _Live(namespaces, _held(namespaces), functions)
    return known.functions


def _held(namespaces: list[Mapping[str, object]]) -> list[object]:
    return [*chain.from_iterable([one.values() for one in namespaces])]


def _functions_from(namespace: dict[str, Any]) -> tuple[list[Mapping[str, object]], list[types.FunctionType]]:
    module = namespace.get("__name__")
    namespaces: list[Mapping[str, object]] = [namespace]
    functions: list[types.FunctionType] = []
    waiting, seen = list(namespace.values())[::-1], set[int]()
    while waiting:
        thing = waiting.pop()
        if id(thing) in seen:
            continue
        seen.add(id(thing))
        kind = type(thing)
        if kind is types.FunctionType and thing.__globals__ is namespace:
            functions.append(thing)
        if derives(kind, type):
            if namespace_of(thing).get("__module__") == module:
                namespaces.append(namespace_of(thing))
                waiting.extend(reversed(list(namespace_of(thing).values())))
        elif kind in _WITHIN:
            waiting.extend(_WITHIN[kind](thing))
    return namespaces, functions


def _behind(function: types.FunctionType) -> list[object]:
    found: list[object] = [vars(function).get("__wrapped__")]
    for cell in function.__closure__ or ():
        try:
            found.append(cell.cell_contents)
        except ValueError:  # not filled yet
            continue
    return found


_WITHIN: dict[type, Any] = {
    types.FunctionType: _behind,
    types.MethodType: lambda thing: [thing.__func__],
    staticmethod: lambda thing: [thing.__func__],
    classmethod: lambda thing: [thing.__func__],
    property: lambda thing: [thing.fget, thing.fset, thing.fdel],
    functools.partial: lambda thing: [thing.func],
    functools.partialmethod: lambda thing: [thing.func],
    functools.cached_property: lambda thing: [thing.func],
    functools._lru_cache_wrapper: lambda thing: [thing.__wrapped__],
    list: lambda table: table if len(table) <= _LARGEST_TABLE else [],
    tuple: lambda table: table if len(table) <= _LARGEST_TABLE else [],
    dict: lambda table: list(table.values()) if len(table) <= _LARGEST_TABLE else [],
}


def _nested(codes: Iterable[types.CodeType | None]) -> Iterator[types.CodeType]:
    """Code objects and all those inside them, each once."""
    waiting, seen = [code for code in codes if code is not None][::-1], set[int]()
    while waiting:
        code = waiting.pop()
        if id(code) in seen:
            continue
        seen.add(id(code))
        yield code
        waiting.extend(reversed([one for one in code.co_consts if type(one) is types.CodeType]))
