"""Does a full name mean the same thing for as long as a program runs? Only then may it be read early, and once."""

from __future__ import annotations

import builtins
import pkgutil
import sys
from types import ModuleType
from typing import Final

from legacy_seam.seams.job import Job
from legacy_seam.source import Module

_REPLACED: Final = frozenset({"sys.stdin", "sys.stdout", "sys.stderr", "sys.displayhook", "sys.excepthook"})
"""Objects of the library that programs put others in the place of, for a while."""

_PLAIN: Final = (int, float, complex, str, bytes, tuple, frozenset, type(None))


def is_fixed(job: Job, full_name: str) -> bool:
    """Is it a module, class or function, or an object of the library that stays?

    A variable of the program, or of a package that is not at hand, may be another one after the next call.
    """
    if job.program.module(full_name) is not None:
        return True
    home, _, name = full_name.rpartition(".")
    while home:
        module = job.program.module(home)
        if isinstance(module, Module):
            is_class = job.hierarchy.get(full_name) is not None
            return is_class or bool(module.functions_named(name))
        home, _, first = home.rpartition(".")
        name = f"{first}.{name}"
    return _is_of_the_library(full_name)


def _is_of_the_library(full_name: str) -> bool:
    top = full_name.partition(".")[0]
    if full_name in _REPLACED or not (top == builtins.__name__ or top in sys.stdlib_module_names):
        return False
    try:
        found = pkgutil.resolve_name(full_name)
    except Exception:  # whatever the import of a part that is not for this machine comes to
        return False
    return isinstance(found, type | ModuleType) or callable(found) or not isinstance(found, _PLAIN)
