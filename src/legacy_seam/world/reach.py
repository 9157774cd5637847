"""Which code and which state a piece of code can get at, judged by names alone.

The judgement errs on the side of too much: any function of the project that bears a name which the code uses counts
as reached, and so does any module or class attribute. It looks at compiled code only, and runs nothing.
"""

from __future__ import annotations

import opcode
import sys
import types
from collections.abc import Iterable, Iterator

_STORES = frozenset(opcode.opmap[name] for name in ("STORE_GLOBAL", "DELETE_GLOBAL"))
_LOAD, _STORE_ATTRIBUTE = opcode.opmap["LOAD_GLOBAL"], opcode.opmap["STORE_ATTR"]
_LOAD_ATTRIBUTE, _SHIFT_OF_ATTRIBUTES = opcode.opmap["LOAD_ATTR"], int(sys.version_info >= (3, 12))
_EXTENDED, _CACHE = opcode.EXTENDED_ARG, opcode.opmap["CACHE"]


def codes_within(code: types.CodeType) -> Iterator[types.CodeType]:
    """`code` and all code written inside it (inner functions, comprehensions, class bodies)."""
    waiting = [code]
    while waiting:
        current = waiting.pop()
        yield current
        waiting.extend(c for c in current.co_consts if isinstance(c, types.CodeType))


def names_used(code: types.CodeType) -> frozenset[str]:
    """All names of globals and attributes in `code`, and strings in it that could be names (`getattr(x, 'y')`)."""
    names: set[str] = set()
    for part in codes_within(code):
        names.update(part.co_names)
        names.update(c for c in part.co_consts if isinstance(c, str) and len(c) < 80 and c.isidentifier())
    return frozenset(names)


def globals_stored(code: types.CodeType) -> frozenset[str]:
    """Names that `code` declares `global` and assigns or deletes.

    >>> def count():
    ...     global calls
    ...     calls = 1
    >>> sorted(globals_stored(count.__code__))
    ['calls']
    """
    return frozenset(
        part.co_names[argument]
        for part in codes_within(code)
        for operation, argument in _instructions(part)
        if operation in _STORES and argument < len(part.co_names)
    )


def attributes_stored(code: types.CodeType) -> frozenset[tuple[str, str]]:
    """Name of a global, with the attributes on the way, and attribute of it that `code` assigns.

    >>> def count():
    ...     count.calls = 1
    ...     json.decoder.STRICT = True
    >>> sorted(attributes_stored(count.__code__))
    [('count', 'calls'), ('json.decoder', 'STRICT')]
    """
    found: set[tuple[str, str]] = set()
    for part in codes_within(code):
        loaded: str | None = None
        for operation, argument in _instructions(part):
            if operation == _STORE_ATTRIBUTE and loaded is not None:
                found.add((loaded, part.co_names[argument]))
            if operation == _LOAD:
                loaded = part.co_names[argument >> 1]
            elif operation == _LOAD_ATTRIBUTE and loaded is not None:
                loaded = f"{loaded}.{part.co_names[argument >> _SHIFT_OF_ATTRIBUTES]}"
            else:
                loaded = None
    return frozenset(found)


def _instructions(code: types.CodeType) -> Iterator[tuple[int, int]]:
    argument = 0
    units = code.co_code
    for at in range(0, len(units), 2):
        operation = units[at]
        if operation == _CACHE:
            continue
        argument = argument << 8 | units[at + 1]
        if operation != _EXTENDED:
            yield operation, argument
            argument = 0


class CodeIndex:
    """All functions of the project by their bare names, to follow names from code to code.

    >>> index = CodeIndex()
    >>> def helper(): return TABLE
    >>> def caller(): return helper()
    >>> index.add_function("helper", helper.__code__)
    >>> sorted(index.names_reached([caller.__code__]))
    ['TABLE', 'caller', 'helper']
    """

    def __init__(self) -> None:
        self._by_name: dict[str, list[types.CodeType]] = {}
        self._always: dict[types.CodeType, None] = {}
        self._names: dict[types.CodeType, frozenset[str]] = {}

    def add_function(self, name: str, code: types.CodeType) -> None:
        """A function or method that is reached wherever its bare name is used; special methods always are."""
        if name.startswith("__") and name.endswith("__"):
            self._always[code] = None
        self._by_name.setdefault(name, []).append(code)

    def names_reached(self, codes: Iterable[types.CodeType]) -> frozenset[str]:
        """The names of `codes`, and all names used by them and by all code that is reached from there."""
        codes = list(codes)
        waiting = [*codes, *self._always]
        seen, names = set[int](), {code.co_name for code in codes}
        while waiting:
            code = waiting.pop()
            if id(code) in seen:
                continue
            seen.add(id(code))
            for name in self._used(code):
                if name not in names:
                    names.add(name)
                    waiting.extend(self._by_name.get(name, ()))
        return frozenset(names)

    def _used(self, code: types.CodeType) -> frozenset[str]:
        used = self._names.get(code)
        if used is None:
            used = self._names[code] = names_used(code)
        return used
