"""Putting recorded arguments to the parameters which a function has today."""

from __future__ import annotations

import inspect
import types
from collections.abc import Collection, Mapping
from typing import Any

from legacy_seam.plaindata import dataclass
from legacy_seam.replay.batch import Refused
from legacy_seam.world.namespaces import function_defaults

_STARRED = inspect.CO_VARARGS
_DOUBLE_STARRED = inspect.CO_VARKEYWORDS


@dataclass(frozen=True, slots=True)
class Parameters:
    """The parameters of a function, read from its code (decorators and `__signature__` do not come into it)."""

    positional_only: tuple[str, ...]
    positional: tuple[str, ...]
    keyword_only: tuple[str, ...]
    star: str | None
    double_star: str | None
    with_default: frozenset[str]

    @classmethod
    def of(cls, function: types.FunctionType) -> Parameters:
        """The parameters of a function."""
        code = function.__code__
        names = code.co_varnames
        count, keywords = code.co_argcount, code.co_kwonlyargcount
        after = count + keywords
        star = names[after] if code.co_flags & _STARRED else None
        double_star = names[after + (star is not None)] if code.co_flags & _DOUBLE_STARRED else None
        defaults = names[count - len(function.__defaults__ or ()) : count] if function.__defaults__ else ()
        return cls(
            names[: code.co_posonlyargcount],
            names[code.co_posonlyargcount : count],
            names[count:after],
            star,
            double_star,
            frozenset(defaults) | frozenset(function.__kwdefaults__ or ()),
        )

    @property
    def ordered(self) -> tuple[str, ...]:
        """Those that can be given by position."""
        return self.positional_only + self.positional


@dataclass(frozen=True, slots=True)
class Binding:
    """How recorded arguments are given to a function: worked out once for all calls that look alike."""

    positions: tuple[str, ...]
    keywords: tuple[tuple[str, str], ...]
    star: str | None
    double_star: str | None
    defaults: Mapping[str, object]
    notes: tuple[str, ...]

    @property
    def is_by_position(self) -> bool:
        """Are all of them given by position, one for each name?"""
        return not self.keywords and self.star is None and self.double_star is None

    def spread(self, arguments: Mapping[str, Any]) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """Positional and keyword arguments, from values by their recorded names."""
        if self.is_by_position:
            return tuple(map(arguments.__getitem__, self.positions)), {}
        held = arguments if not self.defaults else {**self.defaults, **arguments}
        positional = tuple(held[name] for name in self.positions)
        keywords = {now: arguments[then] for now, then in self.keywords}
        if self.star is not None:
            positional += tuple(arguments[self.star])
        if self.double_star is not None:
            keywords.update(arguments[self.double_star])
        return positional, keywords


def bind(function: types.FunctionType, recorded: Collection[str], defaulted: Collection[str]) -> Binding:
    """Work out how to give recorded arguments to a function as it is today.

    Args:
        function: the function.
        recorded: names of the recorded arguments, in the order of the parameters then; `*args` and `**kwargs` are
            under their bare names.
        defaulted: parameters that were left to their defaults.

    Raises:
        Refused: where an argument has no parameter any more, or a parameter no argument.

    >>> def area(width, height=1): ...
    >>> bind(area, ["width"], ["height"]).spread({"width": 3})
    ((3,), {})
    """
    parameters = Parameters.of(function)
    then = [*recorded]
    known = {*parameters.ordered, *parameters.keyword_only}
    renamed, notes = _renamed(parameters, then, defaulted, known)
    source = renamed | {name: name for name in then if name in known}
    star = parameters.star if parameters.star in then and parameters.star not in source else None
    double_star = parameters.double_star if parameters.double_star in then else None
    left_over = [n for n in then if n not in source.values() and n not in (star, double_star)]
    if left_over:
        gone = ", ".join(left_over)
        raise Refused("signature", f"{function.__qualname__} no longer takes the recorded argument {gone}")
    missing = [
        name
        for name in (*parameters.ordered, *parameters.keyword_only)
        if name not in source and name not in parameters.with_default
    ]
    if missing:
        raise Refused(
            "signature", f"{function.__qualname__} now needs {', '.join(missing)}, which was not recorded"
        )
    added = [
        name
        for name in (*parameters.ordered, *parameters.keyword_only)
        if name not in source and name not in defaulted and name not in renamed
    ]
    notes += [f"parameter {name} was added since" for name in added]
    return _arranged(function, parameters, source, star, double_star, notes)


def _arranged(
    function: types.FunctionType,
    parameters: Parameters,
    source: Mapping[str, str],
    star: str | None,
    double_star: str | None,
    notes: list[str],
) -> Binding:
    """By position as long as there is no gap; the rest by keyword. What comes before `*args` is filled in."""
    defaults = function_defaults(function) if star is not None else {}
    positions: list[str] = []
    for name in parameters.ordered:
        if name not in source and name not in defaults:
            break
        positions.append(source.get(name, name))
    given = parameters.ordered[: len(positions)]
    late = [
        name for name in (*parameters.ordered, *parameters.keyword_only) if name in source and name not in given
    ]
    stuck = [name for name in late if name in parameters.positional_only]
    if stuck:
        raise Refused("signature", f"{stuck[0]} can only be given by position, and one before it was not recorded")
    keywords = tuple((name, source[name]) for name in late)
    return Binding(tuple(positions), keywords, star, double_star, defaults, tuple(notes))


def _renamed(
    parameters: Parameters, then: list[str], defaulted: Collection[str], known: set[str]
) -> tuple[dict[str, str], list[str]]:
    """Parameters of today that stand where a recorded one of another name stood: today's name -> then's."""
    gone = [name for name in then if name not in known and name not in (parameters.star, parameters.double_star)]
    new = [name for name in parameters.ordered if name not in then and name not in defaulted]
    renamed: dict[str, str] = {}
    for name in gone:
        at = then.index(name)
        if at < len(parameters.ordered) and parameters.ordered[at] in new:
            renamed[parameters.ordered[at]] = name
    return renamed, [f"parameter {old} is now called {now}" for now, old in renamed.items()]
