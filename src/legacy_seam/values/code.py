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
from itertools import chain, pairwise
from opcode import opmap
from operator import eq, is_
from typing import Any, TypeAlias

from legacy_seam.plaindata import dataclass
from legacy_seam.values.anatomy import derives, module_called, namespace_of

_GET_CODE: dict[type, Callable[[Any, str], types.CodeType | None]] = {
    SourceFileLoader: SourceFileLoader.get_code,
    SourcelessFileLoader: SourcelessFileLoader.get_code,
}
"""Bound when this module is loaded: whoever records puts something else in their place."""

_Span: TypeAlias = tuple[int, int, int, int]
_LOAD, _EXTENDED = opmap["LOAD_CONST"], opmap["EXTENDED_ARG"]

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
    live = [one.code for one in _live_codes(namespace, qualname) if one.code.co_qualname == qualname]
    written = _written_codes(module, namespace).get(qualname)
    if written is None:
        return live[index] if 0 <= index < len(live) else None
    if not 0 <= index < len(written):
        return None
    wanted = written[index].code
    others = [one.code for number, one in enumerate(written) if number != index]
    exchanged = [code for code in live if code.co_firstlineno == wanted.co_firstlineno and code not in others]
    if len(exchanged) > 1:
        exchanged = [code for code in exchanged if _number_among(written, code) == index]
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
        live = _live_codes(namespace, code.co_qualname)
        codes = [one for one in live if one.code.co_qualname == code.co_qualname]
    return _number_among(codes, code)


@dataclass(frozen=True, slots=True)
class _Placed:
    """A code object within a module.

    around: the code in which it stands; None where that is not known.
    """

    code: types.CodeType
    around: types.CodeType | None = None

    def span(self) -> _Span:
        """First line and column, last line and column of its definition; as far as it is known."""
        for code, span in () if self.around is None else _spans_within(self.around):
            if code is self.code:
                return span
        return (*_start(self.code), self.code.co_firstlineno, 0)


def _number_among(codes: list[_Placed], code: types.CodeType) -> int | None:
    """Which of some code objects of one name is this one, which may have been instrumented?"""
    for alike in (is_, eq, _look_alike):
        found = [number for number, one in enumerate(codes) if alike(one.code, code)]
        if len(found) > 1:  # several lambdas stand on one line
            start = _start(code)
            spans = {number: codes[number].span() for number in found}
            around = [number for number, span in spans.items() if span[:2] <= start <= span[2:]]
            found = sorted(around, key=spans.__getitem__, reverse=True) or found  # the innermost begins last
        if found:
            return found[0]
    return None


def _in_order(codes: Iterable[_Placed]) -> list[_Placed]:
    """Code objects of one name in the order of the source."""
    found = sorted(codes, key=lambda one: one.code.co_firstlineno)
    if any(one.code.co_firstlineno == other.code.co_firstlineno for one, other in pairwise(found)):
        found.sort(key=lambda one: (one.code.co_firstlineno, one.span()))
    return found


def _start(code: types.CodeType) -> tuple[int, int]:
    """Where the body of a function begins, as far as its instructions tell.

    What was woven in has no column; the instruction with which each function begins ends in column 0.
    """
    places = [(line, column) for line, _, column, end in code.co_positions() if end and line and column is not None]
    return min(places, default=(code.co_firstlineno, 0))


def _spans_within(code: types.CodeType) -> Iterator[tuple[types.CodeType, _Span]]:
    """The code objects that stand in another one, with the places of their definitions: where they are loaded."""
    extended = 0
    instructions = zip(code.co_code[::2], code.co_code[1::2], code.co_positions(), strict=True)
    for operation, low, (line, end_line, column, end_column) in instructions:
        argument = extended << 8 | low
        extended = argument if operation == _EXTENDED else 0
        if operation == _LOAD and type(code.co_consts[argument]) is types.CodeType:
            yield code.co_consts[argument], (line or 0, column or 0, end_line or 0, end_column or 0)


def _look_alike(one: types.CodeType, other: types.CodeType) -> bool:
    """Same place and same variables: one of the two may have been instrumented."""
    return one.co_firstlineno == other.co_firstlineno and one.co_freevars == other.co_freevars


def _written_codes(module: str, namespace: dict[str, Any]) -> dict[str, list[_Placed]]:
    """All code of a module by qualified name, in the order of the source; empty where its loader has none."""
    loader = namespace.get("__loader__")
    known = _written.get(module)
    if known is not None and known[0] is loader:
        return known[1]
    by_name: dict[str, list[_Placed]] = {}
    for one in _nested([_code_from(loader)]):
        by_name.setdefault(one.code.co_qualname, []).append(one)
    in_order = {name: _in_order(codes) for name, codes in by_name.items()}
    _written[module] = loader, in_order
    return in_order


_written: dict[str, tuple[object, dict[str, list[_Placed]]]] = {}


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


def _live_codes(namespace: dict[str, Any], qualname: str) -> list[_Placed]:
    """The code, in the order of the source, of all functions that a module leads to and that may have one of that
    name inside."""
    codes = [function.__code__ for function in _live_functions(namespace)]
    outer = [code for code in codes if f"{qualname}.".startswith(f"{code.co_qualname}.")]
    return _in_order(_nested(outer))


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


def _nested(codes: Iterable[types.CodeType | None]) -> Iterator[_Placed]:
    """Code objects and all those inside them, each once."""
    waiting, seen = [_Placed(code) for code in codes if code is not None][::-1], set[int]()
    while waiting:
        one = waiting.pop()
        if id(one.code) in seen:
            continue
        seen.add(id(one.code))
        yield one
        within = [_Placed(code, one.code) for code in one.code.co_consts if type(code) is types.CodeType]
        waiting.extend(reversed(within))
