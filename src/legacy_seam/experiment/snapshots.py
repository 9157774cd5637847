"""A copy of the arguments, taken before the legacy function can change them.

Only what could be changed is copied: numbers, texts and dates are shared. Instances are rebuilt from their state,
so that nothing of their own code runs, except where a class says itself how it is copied. What has a position or a
handle in it (generators, files, sockets, connections, locks) cannot be copied: that call is skipped, and counted.
"""

from __future__ import annotations

import sys
import types
import weakref
from typing import Any

_ATOMS: set[type] = {
    int, float, str, bool, bytes, complex, type(None), type(Ellipsis), type(NotImplemented), range, type,
    types.FunctionType, types.BuiltinFunctionType, types.ModuleType, types.MethodDescriptorType,
}  # fmt: skip
"""Types whose instances are shared: they cannot be changed, or are code."""

_ATOMS_BY_NAME = {
    ("datetime", "date"), ("datetime", "datetime"), ("datetime", "time"), ("datetime", "timedelta"),
    ("datetime", "timezone"), ("decimal", "Decimal"), ("fractions", "Fraction"), ("uuid", "UUID"),
    ("zoneinfo", "ZoneInfo"), ("pathlib", "PosixPath"), ("pathlib", "WindowsPath"), ("re", "Pattern"),
    ("pathlib._local", "PosixPath"), ("functools", "_lru_cache_wrapper"),
}  # fmt: skip
"""The same, of modules that may not have been imported."""

_LARGEST = 200_000
"""More containers than this are not copied: the copy would be felt."""

_COPIED_BY_THEMSELVES = ("__reduce__", "__reduce_ex__", "__getstate__", "__setstate__", "__deepcopy__", "__copy__")


class CannotSnapshot(Exception):
    """Something among the arguments cannot be copied; the message says what."""


def snapshot(value: Any) -> Any:
    """A copy that shares with the original only what cannot change.

    Raises:
        CannotSnapshot: Something in it cannot be copied.

    >>> before = {"rows": [1, 2]}
    >>> copy = snapshot(before)
    >>> before["rows"].append(3)
    >>> copy
    {'rows': [1, 2]}
    """
    kind = type(value)
    if kind in _ATOMS:
        return value
    return _Copier().copy(value)


def snapshot_of_call(arguments: tuple[Any, ...], named: dict[str, Any]) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """A copy of the arguments of one call; what they share, the copies share.

    The usual call, flat dictionaries and numbers, is copied without looking any deeper.

    Raises:
        CannotSnapshot: Something among them cannot be copied.
    """
    if len(arguments) + len(named) == 1:
        only = arguments[0] if arguments else next(iter(named.values()))
        if (
            type(only) is dict
            and _ATOMS.issuperset(map(type, only.values()))
            and _ATOMS.issuperset(map(type, only))
        ):
            flat = only.copy()
            return ((flat,), named) if arguments else ((), {next(iter(named)): flat})
    if _ATOMS.issuperset(map(type, arguments)) and _ATOMS.issuperset(map(type, named.values())):
        return arguments, named.copy()
    copier = _Copier()
    return tuple([copier.copy(one) for one in arguments]), {name: copier.copy(one) for name, one in named.items()}


class _Copier:
    """One copy of a whole, in which what was shared is shared, and cycles are cycles."""

    def __init__(self) -> None:
        self.known: dict[int, Any] = {}
        self._kept: list[Any] = []
        self._left = _LARGEST

    def copy(self, value: Any) -> Any:
        kind = type(value)
        if kind in _ATOMS:
            return value
        found = self.known.get(id(value))
        if found is not None:
            return found
        self._left -= 1
        if self._left < 0:
            raise CannotSnapshot(f"more than {_LARGEST:,} containers")
        if kind is dict:
            return self._dict(value)
        if kind is list:
            made: list[Any] = []
            self._know(value, made)
            copy = self.copy
            made.extend([copy(item) for item in value])
            return made
        if kind is tuple:
            return self._tuple(value)
        if kind is set or kind is frozenset:
            return self._know(value, kind([self.copy(item) for item in value]))
        return self._other(value, kind)

    def _know(self, value: Any, made: Any) -> Any:
        self.known[id(value)] = made
        self._kept.append(value)  # so that its identity stays its own
        return made

    def _dict(self, value: dict[Any, Any]) -> dict[Any, Any]:
        if _ATOMS.issuperset(map(type, value.values())) and _ATOMS.issuperset(map(type, value)):
            flat: dict[Any, Any] = self._know(value, value.copy())
            return flat
        made: dict[Any, Any] = {}
        self._know(value, made)
        for key, item in value.items():
            made[self.copy(key)] = self.copy(item)
        return made

    def _tuple(self, value: tuple[Any, ...]) -> tuple[Any, ...]:
        made = tuple([self.copy(item) for item in value])
        if id(value) in self.known:  # a cycle through it, which has made it meanwhile
            again: tuple[Any, ...] = self.known[id(value)]
            return again
        if all(map(_is, made, value)):
            return value
        kept: tuple[Any, ...] = self._know(value, made)
        return kept

    def _other(self, value: Any, kind: type) -> Any:
        if isinstance(value, (type, types.ModuleType, types.FunctionType)):
            return value
        if _is_atom_by_name(kind):
            _ATOMS.add(kind)
            return value
        if isinstance(value, types.MethodType):
            return types.MethodType(value.__func__, self.copy(value.__self__))
        if kind.__module__ == "builtins" and kind is not bytearray and kind is not slice and kind is not object:
            if isinstance(value, BaseException):
                return self._by_itself(value)
            raise CannotSnapshot(_name_of(kind))
        if kind.__module__.partition(".")[0] in ("numpy", "pandas", "polars") and hasattr(value, "copy"):
            return self._table(value)
        if _rebuildable(value, kind):
            return self._instance(value, kind)
        return self._by_itself(value)

    def _table(self, value: Any) -> Any:
        if getattr(getattr(value, "dtype", None), "kind", "") == "O":
            return self._by_itself(value)
        return self._know(value, value.copy())

    def _instance(self, value: Any, kind: type) -> Any:
        made = self._know(value, object.__new__(kind))
        for name, item in vars(value).items() if hasattr(value, "__dict__") else ():
            made.__dict__[name] = self.copy(item)
        for slot in _slots_of(kind):
            try:
                item = slot.__get__(value, kind)
            except AttributeError:
                continue
            slot.__set__(made, self.copy(item))
        return made

    def _by_itself(self, value: Any) -> Any:
        """As `copy.deepcopy` does it, which asks the class."""
        import copy

        try:
            return self._know(value, copy.deepcopy(value, self.known))
        except Exception as error:
            raise CannotSnapshot(f"{_name_of(type(value))}: {type(error).__name__}") from error


def _is(one: object, other: object) -> bool:
    return one is other


def _is_atom_by_name(kind: type) -> bool:
    """Whether instances are shared though the type is not at hand: dates, decimals, members of an enumeration."""
    if (kind.__module__, kind.__name__) in _ATOMS_BY_NAME:
        return True
    enum: Any = sys.modules.get("enum")
    return enum is not None and issubclass(kind, enum.Enum)


def _rebuildable(value: Any, kind: type) -> bool:
    """Whether an instance is no more than its dictionary and its slots, so that none of its own code need run."""
    known = _known_rebuildable.get(kind)
    if known is None:
        known = _known_rebuildable[kind] = _is_plain(value, kind)
    return known


_known_rebuildable: weakref.WeakKeyDictionary[type, bool] = weakref.WeakKeyDictionary()


def _is_plain(value: Any, kind: type) -> bool:
    if any(getattr(kind, name, None) is not getattr(object, name, None) for name in _COPIED_BY_THEMSELVES):
        return False
    try:
        state = object.__reduce_ex__(value, 2)  # refuses what holds anything in C
    except Exception:
        return False
    return len(state) < 4 or (state[3] is None and (len(state) < 5 or state[4] is None))  # no list, no dictionary


def _slots_of(kind: type) -> list[Any]:
    return [
        member
        for base in kind.__mro__
        for member in vars(base).values()
        if type(member) is types.MemberDescriptorType
    ]


def _name_of(kind: type) -> str:
    return kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"


__all__ = ["CannotSnapshot", "snapshot", "snapshot_of_call"]
