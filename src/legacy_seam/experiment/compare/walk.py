"""Two values compared piece by piece: the structure here, the numbers by a rule that is handed in.

Data libraries are looked up among what the program has imported already, and never imported for the purpose.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from legacy_seam.experiment.compare.matching import pairing
from legacy_seam.experiment.compare.numbers import Nearness, is_number, native
from legacy_seam.experiment.compare.verdict import INFINITY, SAME, Verdict, departs, shown, worst

Override = Callable[[str], Callable[[object, object], Verdict] | None]
"""Which other comparator, if any, is responsible for a path."""

_PLAIN = (str, bytes, bytearray, bool, type(None), range, type, type(Ellipsis))


class Walk:
    """One comparison.

    Args:
        nearness: When two numbers are the same.
        strict: Whether types count: 1, 1.0, True and numpy's 1 are then four different things.
        override: Who compares a certain path instead.
    """

    def __init__(self, nearness: Nearness, strict: bool, override: Override | None = None) -> None:
        self.nearness, self.strict, self._override = nearness, strict, override
        self._under_way: set[tuple[int, int]] = set()

    def compare(self, one: Any, other: Any, path: str = "") -> Verdict:
        """The verdict on two values at `path`."""
        if self._override is not None:
            other_comparator = self._override(path)
            if other_comparator is not None:
                return _moved(other_comparator(one, other), path)
        if one is other:
            return SAME
        if is_number(one) and is_number(other):
            return self._numbers(one, other, path)
        if not self.strict:
            one, other = native(one), native(other)
        if type(one) is not type(other) and (self.strict or not _alike(one, other)):
            return departs(path, _types_told(one, other))
        if isinstance(one, _PLAIN):
            return SAME if one == other else departs(path, f"{shown(one)} is not {shown(other)}")
        return self._containers(one, other, path)

    def _numbers(self, one: Any, other: Any, path: str) -> Verdict:
        if self.strict and type(one) is not type(other):
            return departs(path, _types_told(one, other))
        near, distance = self.nearness.allows(one, other)
        if near:
            return SAME if not distance else Verdict(match=True, distance=distance, path=path)
        return departs(path, f"{shown(one)} is not {shown(other)}", distance)

    def _containers(self, one: Any, other: Any, path: str) -> Verdict:
        pair = (id(one), id(other))
        if pair in self._under_way:
            return SAME  # round a cycle: decided where it began
        self._under_way.add(pair)
        try:
            if isinstance(one, Mapping):
                return self._mappings(one, other, path)
            if isinstance(one, (list, tuple)):
                return self._sequences(one, other, path)
            if isinstance(one, (set, frozenset)):
                return self.unordered(list(one), list(other), path)
            return self._objects(one, other, path)
        finally:
            self._under_way.discard(pair)

    def _mappings(self, one: Mapping[Any, Any], other: Mapping[Any, Any], path: str) -> Verdict:
        return self._named(
            {_Key(key): value for key, value in one.items()},
            {_Key(key): value for key, value in other.items()},
            lambda key: _key_path(path, key.key),
        )

    def _named(self, one: dict[Any, Any], other: dict[Any, Any], path_to: Callable[[Any], str]) -> Verdict:
        verdicts = (
            departs(path_to(key), "only one of the two has it")
            if key not in one or key not in other
            else self.compare(one[key], other[key], path_to(key))
            for key in [*one, *(key for key in other if key not in one)]
            if not (key not in one or key not in other) or not self._ignores(path_to(key))
        )
        return worst(verdicts)

    def _ignores(self, path: str) -> bool:
        comparator = self._override(path) if self._override is not None else None
        return bool(getattr(comparator, "ignores", False))

    def _sequences(self, one: Any, other: Any, path: str) -> Verdict:
        if len(one) != len(other):
            return departs(path, f"{len(one)} items are not {len(other)}")
        return worst(
            self.compare(*pair, f"{path}[{index}]") for index, pair in enumerate(zip(one, other, strict=True))
        )

    def unordered(self, one: list[Any], other: list[Any], path: str) -> Verdict:
        """The verdict on two collections whose order means nothing."""
        if len(one) != len(other):
            return departs(path, f"{len(one)} items are not {len(other)}")
        partners = pairing(one, other, lambda left, right: self.compare(left, right).match)
        lonely = [item for item, partner in zip(one, partners, strict=True) if partner is None]
        if lonely:
            return departs(path, f"nothing matches {shown(lonely[0])}")
        return worst(
            self.compare(item, other[partner], path)
            for item, partner in zip(one, partners, strict=True)
            if partner is not None
        )

    def _objects(self, one: Any, other: Any, path: str) -> Verdict:
        if type(one).__module__.partition(".")[0] in ("numpy", "pandas", "polars"):
            from legacy_seam.experiment.compare.tables import compare_tables

            verdict = compare_tables(self, one, other, path)
            if verdict is not None:
                return verdict
        if isinstance(one, BaseException):
            return self.compare(one.args, other.args, f"{path}.args" if path else "args")
        if isinstance(one, Iterator):
            return departs(path, "what an iterator yields cannot be compared without consuming it")
        kind = type(one)
        if _says_itself_what_is_equal(kind):
            return SAME if bool(one == other) else departs(path, f"{shown(one)} is not {shown(other)}")
        mine, theirs = attributes(one), attributes(other)
        if not mine and not theirs and kind.__module__ == "builtins":
            return departs(path, f"{shown(one)} is not {shown(other)}")  # functions and the like: one and the same
        return self._named(mine, theirs, lambda name: f"{path}.{name}" if path else str(name))


def _says_itself_what_is_equal(kind: type) -> bool:
    """Whether a class has an `__eq__` that somebody wrote; that of a dataclass does not know NaN."""
    return not hasattr(kind, "__dataclass_fields__") and any("__eq__" in vars(base) for base in kind.__mro__[:-1])


class _Key:
    """A dictionary's key, by which True, 1 and 1.0 are told apart, and NaN is found again."""

    __slots__ = ("key",)

    def __init__(self, key: Any) -> None:
        self.key = native(key)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, _Key):
            return NotImplemented
        one, two = self.key, other.key
        return type(one) is type(two) and bool(one is two or one == two or (one != one and two != two))

    def __hash__(self) -> int:
        return hash("NaN") if self.key != self.key else hash(self.key)


def attributes(value: Any) -> dict[str, Any]:
    """All that an instance carries, in its dictionary and in its slots."""
    found: dict[str, Any] = {}
    for kind in reversed(type(value).__mro__):
        slots = vars(kind).get("__slots__", ())
        for name in (slots,) if isinstance(slots, str) else slots:
            if name in ("__dict__", "__weakref__"):
                continue
            private = f"_{kind.__name__.lstrip('_')}{name}" if name[:2] == "__" != name[-2:] else name
            if hasattr(value, private):
                found[private] = getattr(value, private)
    return found | getattr(value, "__dict__", {})


def _moved(verdict: Verdict, path: str) -> Verdict:
    """A verdict on a part of a value, told as one on the whole."""
    if not path or (verdict.match and not verdict.distance):
        return verdict
    inner = verdict.path
    joined = path + (inner if not inner or inner[0] == "[" else f".{inner}")
    return Verdict(verdict.match, verdict.distance, joined, verdict.reason)


def _key_path(path: str, key: object) -> str:
    if isinstance(key, str) and key.isidentifier():
        return f"{path}.{key}" if path else key
    return f"{path}[{shown(key)}]"


def _alike(one: object, other: object) -> bool:
    """Whether two values of different types may still be the same where types do not count."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return True
    numpy: Any = sys.modules.get("numpy")
    sequences: tuple[type, ...] = (list, tuple)
    if isinstance(one, sequences) and isinstance(other, sequences):
        return True
    if isinstance(one, (set, frozenset)) and isinstance(other, (set, frozenset)):
        return True
    return numpy is not None and isinstance(one, numpy.ndarray) and isinstance(other, numpy.ndarray)


def _types_told(one: object, other: object) -> str:
    return f"{_type_told(one)} is not {_type_told(other)}"


def _type_told(value: object) -> str:
    kind = type(value)
    home = "" if kind.__module__ == "builtins" else f"{kind.__module__}."
    return f"{home}{kind.__qualname__} {shown(value, 40)}"


__all__ = ["INFINITY", "Walk", "attributes", "worst"]
