"""What modules of the standard library keep for the whole process: contexts, limits, hooks, replaced built-ins."""

from __future__ import annotations

import builtins
import sys
from _random import Random as _Generator
from collections.abc import Mapping
from operator import is_
from typing import Any

from legacy_seam.world.ambient.kind import Ambient, attributes, value

_BUILTINS = vars(builtins)
_PARTS_OF_CONTEXT = ("prec", "rounding", "Emin", "Emax", "capitals", "clamp")


def _put_builtins_back(held: dict[str, Any]) -> None:
    """They are needed for everything else: nothing built in is used here."""
    _BUILTINS.clear()
    _BUILTINS.update(held)


def _read_decimal() -> tuple[tuple[Any, ...], tuple[str, ...]]:
    """The decimal context without its flags: those rise with every other division."""
    context = sys.modules["decimal"].getcontext()
    traps = sorted(one.__name__ for one, is_set in context.traps.items() if is_set)
    return tuple(getattr(context, name) for name in _PARTS_OF_CONTEXT), tuple(traps)


def _tell_decimal(held: tuple[tuple[Any, ...], tuple[str, ...]]) -> Mapping[str, object]:
    told = dict(zip((*_PARTS_OF_CONTEXT, "traps"), (*held[0], held[1]), strict=True))
    return {f"decimal.getcontext().{name}": part for name, part in told.items()}


def _put_decimal_back(held: tuple[tuple[Any, ...], tuple[str, ...]]) -> None:
    decimal: Any = sys.modules["decimal"]
    parts = dict(zip(_PARTS_OF_CONTEXT, held[0], strict=True))
    decimal.setcontext(decimal.Context(**parts, traps=[getattr(decimal, name) for name in held[1]]))


class _HandMade:
    """Modules that were made by hand, or are something else altogether: those that no import has made."""

    def __init__(self) -> None:
        self._names: list[str] = []
        self._modules: list[Any] = []
        self._found: dict[str, Any] = {}

    def __call__(self) -> dict[str, Any]:
        """Those that are there; they are looked for only where there are other modules than the last time."""
        names, modules = [*sys.modules], [*sys.modules.values()]
        if names != self._names or not all(map(is_, modules, self._modules)):
            self._names, self._modules = names, modules
            self._found = {
                name: module
                for name, module in zip(names, modules, strict=True)
                if not isinstance(module, type(sys)) or vars(module).get("__spec__") is None
            }
        return self._found


_read_modules = _HandMade()


def _put_modules_back(held: dict[str, Any]) -> None:
    for name in _read_modules().keys() - held.keys():
        del sys.modules[name]
    sys.modules.update(held)


def _next_random(module: Any) -> tuple[Any, float]:
    """The state of the generator that all share, and what it would give next, which people can compare."""
    state = module.getstate()
    other = _Generator()
    other.setstate(state[1])
    return state, other.random()


LIBRARY = (
    Ambient(
        _BUILTINS.copy,
        lambda held: {f"builtins.{name}": thing for name, thing in held.items()},
        _put_builtins_back,
        frozenset({"builtins", "__builtins__"}),
    ),
    Ambient(
        _read_decimal,
        _tell_decimal,
        _put_decimal_back,
        frozenset({"getcontext", "setcontext", "DefaultContext"}),
        "decimal",
    ),
    Ambient(
        _read_modules,
        lambda held: {f"sys.modules[{name!r}]": f"<{type(module).__name__}>" for name, module in held.items()},
        _put_modules_back,
        frozenset({"modules"}),
    ),
    Ambient(
        lambda: _next_random(sys.modules["random"]),
        lambda held: {"random.getstate(), next random.random()": held[1]},
        lambda held: sys.modules["random"].setstate(held[0]),
        frozenset({"seed", "setstate"}),
        "random",
    ),
    attributes("sys", "excepthook", "displayhook", "unraisablehook", "dont_write_bytecode"),
    attributes("threading", "excepthook"),
    attributes("json", "_default_encoder", "_default_decoder"),
    value(
        "sys.getswitchinterval()",
        "setswitchinterval",
        lambda module: module.getswitchinterval(),
        lambda module, seconds: module.setswitchinterval(seconds),
    ),
    value(
        "sys.get_int_max_str_digits()",
        "set_int_max_str_digits",
        lambda module: module.get_int_max_str_digits(),
        lambda module, most: module.set_int_max_str_digits(most),
    ),
    value(
        "gc.isenabled()",
        "enable disable",
        lambda module: module.isenabled(),
        lambda module, is_on: module.enable() if is_on else module.disable(),
    ),
    value(
        "gc.get_threshold()",
        "set_threshold",
        lambda module: module.get_threshold(),
        lambda module, held: module.set_threshold(*held),
    ),
    value(
        "csv.field_size_limit()",
        "field_size_limit",
        lambda module: module.field_size_limit(),
        lambda module, size: module.field_size_limit(size),
        "_csv",
    ),
    value(
        "socket.getdefaulttimeout()",
        "setdefaulttimeout",
        lambda module: module.getdefaulttimeout(),
        lambda module, seconds: module.setdefaulttimeout(seconds),
        "_socket",
    ),
    value(
        "threading.stack_size()",
        "stack_size",
        lambda module: module.stack_size(),
        lambda module, size: module.stack_size(size),
    ),
)
