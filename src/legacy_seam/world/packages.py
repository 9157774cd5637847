"""Source files of packages that are loaded: who lists a package wants to know what there is in it.

A program that looks for its plug-ins lists its own directories, and imports what it finds there. What such files
say is part of the program, and no input: it is read where the program lies, and goes with it.
"""

from __future__ import annotations

import os
import sys

from legacy_seam.values.anatomy import module_namespace
from legacy_seam.world.recorded_paths import SOURCE_SUFFIXES

_known: tuple[int, tuple[str, ...]] = (0, ())


def is_of_a_package(path: str) -> bool:
    """Is this a source file somewhere below a package that is loaded?

    Args:
        path: absolute, or relative to where the process stands.

    >>> import email
    >>> is_of_a_package(email.__file__), is_of_a_package("prices.csv"), is_of_a_package("/nowhere/a.py")
    (True, False, False)
    """
    return path.endswith(SOURCE_SUFFIXES) and os.path.abspath(path).startswith(_packages())


def _packages() -> tuple[str, ...]:
    """The directories of the packages that are no part of another one."""
    global _known
    count = len(sys.modules)
    if _known[0] != count:
        _known = count, tuple({place for name, module in [*sys.modules.items()] if (place := _place(name, module))})
    return _known[1]


def _place(name: str, module: object) -> str | None:
    if "." in name or type(module) is not type(sys):
        return None
    file = module_namespace(module).get("__file__")
    if type(file) is not str or os.path.basename(file) != "__init__.py":
        return None
    return os.path.dirname(os.path.abspath(file)) + "/"
