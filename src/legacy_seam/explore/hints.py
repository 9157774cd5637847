"""Type hints as strategies: what a parameter is said to take, read from the source and never evaluated."""

from __future__ import annotations

import ast
import datetime
from dataclasses import dataclass
from typing import Any

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
_LISTS = frozenset({"list", "List", "Sequence", "Iterable", "Collection", "MutableSequence"})
_DICTS = frozenset({"dict", "Dict", "Mapping", "MutableMapping"})
_SETS = frozenset({"set", "Set", "AbstractSet", "MutableSet"})
_FROZEN_SETS = frozenset({"frozenset", "FrozenSet"})
_UNIONS = frozenset({"Union", "Optional"})
_MOST_ITEMS = 4


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a function, as its source says it.

    strategy: what values its hint, or else its default, speaks of; None where neither says anything.
    """

    name: str
    strategy: SearchStrategy[Any] | None


def parameters_of(function: ast.FunctionDef | ast.AsyncFunctionDef) -> dict[str, Parameter]:
    """The parameters of a function by name, those that take many (`*args`, `**kwargs`) left out."""
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
        hinted = None if one.annotation is None else strategy_of(one.annotation)
        found[one.arg] = Parameter(one.arg, hinted if hinted is not None else _as_default(defaults.get(one.arg)))
    return found


def strategy_of(hint: ast.expr) -> SearchStrategy[Any] | None:
    """What a type hint speaks of; None where it is no data that is known here.

    >>> strategy_of(ast.parse("list[int] | None", mode="eval").body) is None
    False
    """
    match hint:
        case ast.Constant(value=None):
            return st.none()
        case ast.Constant(value=str(written)):
            try:
                return strategy_of(ast.parse(written, mode="eval").body)
            except (SyntaxError, ValueError):
                return None
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return _bare(name)
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            return _either([strategy_of(left), strategy_of(right)])
        case ast.Subscript(value=ast.Name(id=name) | ast.Attribute(attr=name), slice=inside):
            return _subscripted(name, inside.elts if isinstance(inside, ast.Tuple) else [inside])
    return None


def _bare(name: str) -> SearchStrategy[Any] | None:
    if name in _PLAIN:
        return _PLAIN[name]
    anything = _PLAIN["int"] | _PLAIN["str"]
    if name in _LISTS:
        return st.lists(anything, max_size=_MOST_ITEMS)
    if name in _DICTS:
        return st.dictionaries(_PLAIN["str"], anything, max_size=_MOST_ITEMS)
    return None


def _subscripted(name: str, inside: list[ast.expr]) -> SearchStrategy[Any] | None:
    if name == "Literal":
        return st.sampled_from([one.value for one in inside if isinstance(one, ast.Constant)] or [None])
    if name == "Annotated":
        return strategy_of(inside[0])
    if name in ("tuple", "Tuple") and isinstance(inside[-1], ast.Constant) and inside[-1].value is Ellipsis:
        item = strategy_of(inside[0])
        return None if item is None else st.lists(item, max_size=_MOST_ITEMS).map(tuple)
    found = [strategy_of(one) for one in inside]
    if name in _UNIONS:
        return _either([*found, st.none()] if name == "Optional" else found)
    known = [one for one in found if one is not None]
    if len(known) < len(found) or not known:
        return None
    if name in ("tuple", "Tuple"):
        return st.tuples(*known)
    if name in _LISTS:
        return st.lists(known[0], max_size=_MOST_ITEMS)
    if name in _SETS:
        return st.sets(known[0], max_size=_MOST_ITEMS)
    if name in _FROZEN_SETS:
        return st.frozensets(known[0], max_size=_MOST_ITEMS)
    if name in _DICTS and len(known) == 2:
        return st.dictionaries(known[0], known[1], max_size=_MOST_ITEMS)
    return None


def _either(found: list[SearchStrategy[Any] | None]) -> SearchStrategy[Any] | None:
    known = [one for one in found if one is not None]
    return st.one_of(known) if known else None


def _as_default(default: ast.expr | None) -> SearchStrategy[Any] | None:
    """What is of the type of a default that is written out."""
    if not isinstance(default, ast.Constant):
        return None
    return _PLAIN.get("None" if default.value is None else type(default.value).__name__)
