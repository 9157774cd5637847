"""Type hints as strategies: what a parameter is said to take, read from the source and never evaluated."""

from __future__ import annotations

import ast
import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

_PRINTABLE = st.characters(min_codepoint=32, max_codepoint=126)
_PLAIN: dict[str, SearchStrategy[Any]] = {
    "int": st.integers(-1000, 1000) | st.integers(),
    "float": st.floats(-1000, 1000) | st.floats(),
    "bool": st.booleans(),
    "str": st.text(_PRINTABLE, max_size=20) | st.text(max_size=8),
    "bytes": st.binary(max_size=12),
    "None": st.none(),
    "complex": st.complex_numbers(max_magnitude=1000),
    "Decimal": st.decimals(-1000, 1000, places=2) | st.decimals(),
    "date": st.dates(datetime.date(1900, 1, 1), datetime.date(2100, 1, 1)),
    "datetime": st.datetimes(datetime.datetime(1970, 1, 1), datetime.datetime(2100, 1, 1)),
    "timedelta": st.timedeltas(datetime.timedelta(-1000), datetime.timedelta(1000)),
    "time": st.times(),
}
_PLACES = st.none() | st.integers(-3, 5)
_PLAIN |= {
    "slice": st.just(slice(None)) | st.builds(slice, _PLACES, _PLACES),
    "range": st.builds(range, st.integers(-3, 5), st.integers(-3, 9)),
    "bytearray": st.binary(max_size=12).map(bytearray),
    "Number": _PLAIN["int"] | _PLAIN["float"],
    "Real": _PLAIN["int"] | _PLAIN["float"],
    "Integral": _PLAIN["int"],
    "NoneType": st.none(),
    "SupportsInt": _PLAIN["int"] | _PLAIN["float"],
    "SupportsFloat": _PLAIN["float"] | _PLAIN["int"],
}
STRANGERS = st.sampled_from([None, 7, "x", 0, 1.5, True, b"x", ["x"], (1, "x"), {"x": 1}, {2}, "", [], {}, False])
"""Of many types: what a parameter may be given that takes anything, or that tells its like from all others."""
_ANYTHING = frozenset({"Any", "object"})
_LISTS = frozenset({"list", "List", "MutableSequence"})
_SEVERAL = frozenset({"Sequence", "Iterable", "Collection", "Iterator", "Container"})
"""What may be a list, a tuple, or of some other type."""
_DICTS = frozenset({"dict", "Dict", "Mapping", "MutableMapping"})
_SETS = frozenset({"set", "Set", "AbstractSet", "MutableSet"})
_FROZEN_SETS = frozenset({"frozenset", "FrozenSet"})
_UNIONS = frozenset({"Union", "Optional"})
_MOST_ITEMS = 4
_MOST_ALIASES = 8
"""Names that stand for others may go round in a circle."""

Aliases: TypeAlias = Mapping[str, ast.expr]
"""What names of a module stand for."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a function, as its source says it.

    strategy: what values its hint, or else its default, speaks of; None where neither says anything.
    """

    name: str
    strategy: SearchStrategy[Any] | None


def aliases_of(module: ast.AST) -> Aliases:
    """What names stand for that a module assigns once, at its top.

    >>> list(aliases_of(ast.parse("Names = list[str]; n = 1; n = 2")))
    ['Names']
    """
    found: dict[str, ast.expr] = {}
    twice: set[str] = set()
    for statement in getattr(module, "body", ()):
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                pass
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                pass
            case _:
                continue
        if name in found:
            twice.add(name)
        found[name] = value
    return {name: value for name, value in found.items() if name not in twice}


def parameters_of(
    function: ast.FunctionDef | ast.AsyncFunctionDef, aliases: Aliases | None = None
) -> dict[str, Parameter]:
    """The parameters of a function by name, those that take many (`*args`, `**kwargs`) left out.

    Args:
        function: the function.
        aliases: what names of its module stand for.
    """
    arguments = function.args
    named = [*arguments.posonlyargs, *arguments.args]
    defaults: dict[str, ast.expr] = {
        one.arg: default
        for one, default in zip(named[len(named) - len(arguments.defaults) :], arguments.defaults, strict=True)
    }
    defaults |= {
        one.arg: default
        for one, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
        if default is not None
    }
    found: dict[str, Parameter] = {}
    for one in (*named, *arguments.kwonlyargs):
        hinted = None if one.annotation is None else strategy_of(one.annotation, aliases or {})
        found[one.arg] = Parameter(one.arg, hinted if hinted is not None else _as_default(defaults.get(one.arg)))
    return found


def strategy_of(hint: ast.expr, aliases: Aliases | None = None) -> SearchStrategy[Any] | None:
    """What a type hint speaks of; None where it is no data that is known here.

    Args:
        hint: the hint; aliases: what names of its module stand for.

    >>> strategy_of(ast.parse("list[int] | None", mode="eval").body) is None
    False
    """
    return _Hints(aliases or {}).strategy(hint)


@dataclass(slots=True)
class _Hints:
    aliases: Aliases
    _followed: int = 0

    def strategy(self, hint: ast.expr) -> SearchStrategy[Any] | None:
        match hint:
            case ast.Constant(value=None):
                return st.none()
            case ast.Constant(value=str(written)):
                try:
                    return self.strategy(ast.parse(written, mode="eval").body)
                except (SyntaxError, ValueError):
                    return None
            case ast.Name(id=name) | ast.Attribute(attr=name):
                return self._bare(name)
            case ast.BinOp(left=left, op=ast.BitOr(), right=right):
                return _either([self.strategy(left), self.strategy(right)])
            case ast.Subscript(value=ast.Name(id=name) | ast.Attribute(attr=name), slice=inside):
                return self._subscripted(name, inside.elts if isinstance(inside, ast.Tuple) else [inside])
            case ast.Call(func=ast.Name(id="TypeVar") | ast.Attribute(attr="TypeVar"), args=[_, *kinds]):
                return _either([self.strategy(one) for one in kinds]) if kinds else STRANGERS
            case ast.Call(func=ast.Name(id="NewType") | ast.Attribute(attr="NewType"), args=[_, kind]):
                return self.strategy(kind)
        return None

    def _bare(self, name: str) -> SearchStrategy[Any] | None:
        if name in _PLAIN:
            return _PLAIN[name]
        if name in _ANYTHING:
            return STRANGERS
        if name in self.aliases and self._followed < _MOST_ALIASES:
            self._followed += 1
            return self.strategy(self.aliases[name])
        if name in ("tuple", "Tuple"):
            return st.lists(_SCALARS, max_size=_MOST_ITEMS).map(tuple)
        if name in _DICTS:
            return st.dictionaries(_PLAIN["str"], _SCALARS, max_size=_MOST_ITEMS)
        return _collection(name, _SCALARS)

    def _subscripted(self, name: str, inside: list[ast.expr]) -> SearchStrategy[Any] | None:
        if name == "Literal":
            return st.sampled_from([one.value for one in inside if isinstance(one, ast.Constant)] or [None])
        if name == "Annotated":
            return self.strategy(inside[0])
        if name in ("tuple", "Tuple") and isinstance(inside[-1], ast.Constant) and inside[-1].value is Ellipsis:
            item = self.strategy(inside[0])
            return None if item is None else st.lists(item, max_size=_MOST_ITEMS).map(tuple)
        found = [self.strategy(one) for one in inside]
        if name in _UNIONS:
            return _either([*found, st.none()] if name == "Optional" else found)
        if name in self.aliases:
            return self._bare(name)
        known = [one for one in found if one is not None]
        if len(known) < len(found) or not known:
            return None
        if name in ("tuple", "Tuple"):
            return st.tuples(*known)
        if name in _DICTS and len(known) == 2:
            return st.dictionaries(known[0].filter(_is_hashable), known[1], max_size=_MOST_ITEMS)
        return _collection(name, known[0])


_SCALARS = _PLAIN["int"] | _PLAIN["str"]


def _collection(name: str, item: SearchStrategy[Any]) -> SearchStrategy[Any] | None:
    """Of several items, of a type of this name."""
    if name in _LISTS:
        return st.lists(item, max_size=_MOST_ITEMS)
    if name in _SEVERAL:
        return st.lists(item, max_size=_MOST_ITEMS) | st.lists(item, max_size=_MOST_ITEMS).map(tuple)
    if name in _SETS:
        return st.sets(item.filter(_is_hashable), max_size=_MOST_ITEMS)
    if name in _FROZEN_SETS:
        return st.frozensets(item.filter(_is_hashable), max_size=_MOST_ITEMS)
    return None


def _is_hashable(value: object) -> bool:
    try:
        hash(value)
    except TypeError:
        return False
    return True


def _either(found: list[SearchStrategy[Any] | None]) -> SearchStrategy[Any] | None:
    known = [one for one in found if one is not None]
    return st.one_of(known) if known else None


def _as_default(default: ast.expr | None) -> SearchStrategy[Any] | None:
    """What is of the type of a default that is written out."""
    if not isinstance(default, ast.Constant):
        return None
    return _PLAIN.get("None" if default.value is None else type(default.value).__name__)
