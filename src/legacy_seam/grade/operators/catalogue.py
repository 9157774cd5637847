"""All operators there are: found by looking at the files of this room."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Iterable
from pathlib import Path

from legacy_seam.errors import SeamError
from legacy_seam.grade.operators.operator import Operator

VERSION = 2
"""Of the set: verdicts that were reached with another one are not reused."""


def _discover() -> tuple[Operator, ...]:
    package = __name__.rpartition(".")[0]
    found: list[Operator] = []
    for entry in pkgutil.iter_modules([str(Path(__file__).parent)]):
        module = importlib.import_module(f"{package}.{entry.name}")
        for kind in vars(module).values():
            is_ours = inspect.isclass(kind) and kind.__module__ == module.__name__
            if is_ours and issubclass(kind, Operator) and not inspect.isabstract(kind):
                found.append(kind())
    return tuple(sorted(found, key=lambda one: one.name))


OPERATORS = _discover()
"""Every operator, by name."""

DEFAULT = tuple(one for one in OPERATORS if one.is_default)
"""The small set: about a quarter of the mutants, and nearly all of those that tell nets apart."""


def named(names: Iterable[str]) -> tuple[Operator, ...]:
    """The operators of these names; `default` and `all` name sets of them.

    Raises:
        SeamError: for a name that none has.

    >>> [one.name for one in named(["boolean-flipped"])]
    ['boolean-flipped']
    """
    known = {one.name: (one,) for one in OPERATORS} | {"default": DEFAULT, "all": OPERATORS}
    chosen: dict[str, Operator] = {}
    for name in names:
        if name not in known:
            raise SeamError(f"there is no operator {name!r}; there are default, all, {', '.join(sorted(known))}")
        chosen.update({one.name: one for one in known[name]})
    return tuple(chosen[name] for name in sorted(chosen))
