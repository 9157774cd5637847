"""A contract learnt from a recording: which types, ranges and categories inputs and answers were seen with.

Texts are read as trees; no value is made. Sequences are known by their type alone, and of texts only few different
ones are taken for categories, so that what is merely new (a name, an amount in between) breaks nothing.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from legacy_seam.experiment import Contract, Field
from legacy_seam.redaction.pseudonyms import is_pseudonym
from legacy_seam.values import Mark, Name, Node, NotationError, Reference, parse

_MOST_CATEGORIES = 20
_TIMES = 5
"""How often each category is to have been seen, on average: otherwise they are names, and more will come."""

_DEEPEST = 8
_NUMBERS = ("int", "float", "Decimal")


@dataclass(slots=True)
class _Seen:
    times: int = 0
    types: dict[str, None] = field(default_factory=dict)
    is_typed: bool = True
    low: Any = math.inf
    high: Any = -math.inf
    texts: dict[str, int] = field(default_factory=dict)

    def add(self, kind: str, value: Any) -> None:
        self.times += 1
        if not kind:
            self.is_typed = False
            return
        self.types[kind] = None
        if kind in _NUMBERS and value == value:
            self.low, self.high = min(self.low, value), max(self.high, value)
        elif kind == "str" and len(self.texts) <= _MOST_CATEGORIES:
            self.texts[value] = self.texts.get(value, 0) + 1

    def field(self, calls: int) -> Field:
        types = tuple(self.types) if self.is_typed else ()
        has_range = self.low <= self.high and all(map(math.isfinite, (self.low, self.high)))
        return Field(
            types,
            _bound(self.low, -math.inf) if has_range else None,
            _bound(self.high, math.inf) if has_range else None,
            self._categories(types),
            self.times < calls,
        )

    def _categories(self, types: tuple[str, ...]) -> tuple[Any, ...]:
        if not self.texts or not set(types) <= {"str", "NoneType"} or len(self.texts) > _MOST_CATEGORIES:
            return ()
        if sum(self.texts.values()) < _TIMES * len(self.texts) or any(map(is_pseudonym, self.texts)):
            return ()
        return (*sorted(self.texts), *((None,) if "NoneType" in types else ()))


class Learner:
    """Learns from calls, one after the other.

    Args:
        target: the function, as `module:name`.

    >>> learner = Learner("rules:score")
    >>> for days in range(20):
    ...     learner.add({"account": f"{{'days': {days}, 'region': 'HH'}}"}, str(700 - 3 * days))
    >>> contract = learner.contract()
    >>> contract.inputs["account.days"].high, contract.inputs["account.region"].categories
    (19, ('HH',))
    >>> contract.check_output(701)
    ('out_of_range', 'the result is 701, above 700')
    """

    def __init__(self, target: str) -> None:
        self._target = target
        self._inputs: dict[str, _Seen] = {}
        self._output: dict[str, _Seen] = {}
        self._calls = self._answers = 0

    def add(self, inputs: Mapping[str, str], answer: str | None) -> None:
        """Learn from a call.

        Args:
            inputs: its arguments, as texts.
            answer: what was returned, as text; None where nothing was.
        """
        self._calls += 1
        for name, text in inputs.items():
            self._note(self._inputs, name, text)
        if answer is not None:
            self._answers += 1
            self._note(self._output, "", answer)

    @staticmethod
    def _note(seen: dict[str, _Seen], path: str, text: str) -> None:
        try:
            tree = parse(text)
        except NotationError:
            return
        for place, kind, value in _places(path, tree, 0):
            seen.setdefault(place, _Seen()).add(kind, value)

    def contract(self, **learnt_from: Any) -> Contract:
        """What was learnt.

        Args:
            learnt_from: where from, for people.
        """
        return Contract(
            self._target,
            {path: seen.field(self._calls) for path, seen in self._inputs.items()},
            {path: seen.field(self._answers) for path, seen in self._output.items()},
            {"calls": self._calls, **learnt_from},
        )


def _places(path: str, tree: Any, depth: int) -> Iterator[tuple[str, str, Any]]:
    """The paths below a value, each with the name of its type (empty where it cannot be told) and its value."""
    if isinstance(tree, Mark):
        tree = tree.tree
    kind, value = _kind_of(tree)
    yield path, kind, value
    if depth >= _DEEPEST:
        return
    for name, item in _parts(tree):
        if isinstance(name, str) and name and "." not in name:
            yield from _places(f"{path}.{name}" if path else name, item, depth + 1)


def _kind_of(tree: Any) -> tuple[str, Any]:
    if isinstance(tree, (Name, Reference)):
        return "", None
    if not isinstance(tree, Node):
        return type(tree).__name__, tree
    if tree.name.startswith("numpy:") and len(tree.args) == 1 and isinstance(tree.args[0], (bool, int, float, str)):
        return type(tree.args[0]).__name__, tree.args[0]
    if tree.name == "Decimal" and len(tree.args) == 1:
        return "Decimal", _decimal(tree.args[0])
    return tree.name.rpartition(":")[2].rpartition(".")[2], None


def _decimal(text: Any) -> Decimal:
    """A decimal; NaN, which is in no range, where it is none that can be compared."""
    number = Decimal(text)
    return Decimal("NaN") if number.is_snan() else number


def _parts(tree: Any) -> Iterator[tuple[Any, Any]]:
    if isinstance(tree, Mapping):
        yield from tree.items()
    elif isinstance(tree, Node):
        for item in tree.args:
            if isinstance(item, Mapping):
                yield from item.items()
        yield from tree.attributes.items()


def _bound(number: Any, outwards: float) -> float:
    """A number as a bound in JSON: of a decimal that no float holds exactly, the next float outwards."""
    if not isinstance(number, Decimal):
        return number  # type: ignore[no-any-return]
    near = float(number)
    return near if Decimal(near) == number else math.nextafter(near, outwards)
