"""The arguments of a call by the names of the parameters; positions, where there are no names."""

from __future__ import annotations

from typing import Any

from legacy_seam.experiment.guard.reach import functions_in

_VARARGS = 0x04


class Parameters:
    """The parameters of one function.

    >>> def score(account, today, *, scale=1): ...
    >>> Parameters(score).named(({"days": 3},), {"today": "2026-11-27"})
    {'account': {'days': 3}, 'today': '2026-11-27', 'scale': 1}
    """

    def __init__(self, function: Any) -> None:
        innermost = None
        for innermost in functions_in(function):  # noqa: B007 - the last one is what the others wrap
            pass
        self._names: tuple[str, ...] = ()
        self._defaults: dict[str, Any] = {}
        self._rest = "args"
        self._takes_rest = False
        self._positional_only: tuple[str, ...] = ()
        if innermost is None or isinstance(function, type):
            return
        code = innermost.__code__
        self._names = code.co_varnames[: code.co_argcount]
        if getattr(function, "__self__", None) is not None or type(function).__name__ not in _PLAIN_FUNCTIONS:
            self._names = self._names[1:] if self._names[:1] == ("self",) else self._names
        defaults = innermost.__defaults__ or ()
        self._defaults = dict(zip(code.co_varnames[code.co_argcount - len(defaults) :], defaults, strict=False))
        self._defaults |= innermost.__kwdefaults__ or {}
        self._positional_only = code.co_varnames[: code.co_posonlyargcount]
        self._takes_rest = bool(code.co_flags & _VARARGS)
        if self._takes_rest:
            self._rest = code.co_varnames[code.co_argcount + code.co_kwonlyargcount]

    def named(self, arguments: tuple[Any, ...], keywords: dict[str, Any]) -> dict[str, Any]:
        """The arguments of a call, with defaults, by name."""
        found = dict(zip(self._names, arguments, strict=False))
        if len(arguments) > len(self._names):
            rest = arguments[len(self._names) :]
            if self._names or self._takes_rest:
                found[self._rest] = rest
            else:
                found.update({str(place): value for place, value in enumerate(rest)})
        found.update(keywords)
        for name, value in self._defaults.items():
            if name not in found:
                found[name] = value
        return found

    def call(self, inputs: dict[str, Any]) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """The other way round: positional arguments, and those by name, of inputs by parameter."""
        rest = inputs.get(self._rest, ()) if self._takes_rest else ()
        if not self._names and all(name.isdecimal() for name in inputs):
            return tuple(inputs[str(place)] for place in range(len(inputs))), {}
        positional = [name for name in self._names if name in inputs] if rest else self._positional_only
        arguments = tuple(inputs[name] for name in positional) + tuple(rest)
        skipped = {*positional, *([self._rest] if self._takes_rest else [])}
        return arguments, {name: value for name, value in inputs.items() if name not in skipped}


_PLAIN_FUNCTIONS = ("function", "builtin_function_or_method")
