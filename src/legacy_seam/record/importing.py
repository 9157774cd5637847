"""Where code enters a program: the loaders of the import system and `runpy`, and what is put in their place.

Everything here stands in for a function of the standard library, passes on what that gives, and looks in tracebacks
as if it were a part of the import system. What is done with the code is for whoever installed it.
"""

from __future__ import annotations

import os
import sys
import types
from importlib.machinery import SourceFileLoader, SourcelessFileLoader
from typing import Any, Protocol
from zipimport import zipimporter

_IMPORT_SYSTEM = "<frozen importlib._bootstrap_external>"
"""Frames that say they come from here are left out of tracebacks, as those of the import system are."""


class Gate(Protocol):
    """Who is asked when code enters the program."""

    def covers(self, path: str) -> bool:
        """Does this file belong to the project?"""

    def code_of(self, loader: Any, name: str, path: str, plain: types.CodeType) -> types.CodeType:
        """The code for a module that `loader` has just read as `plain`."""

    def code_of_script(self, path: str, plain: types.CodeType) -> types.CodeType:
        """The code for a script that was just read as `plain`."""

    def import_begins(self, name: str) -> None:
        """The code of a module is about to be executed."""

    def import_ends(self, module: types.ModuleType, *, failed: bool) -> None:
        """It has been executed."""

    def lacks_source(self, path: str) -> None:
        """There is nothing but compiled code."""


_gate: Gate | None = None
_plain: dict[type, tuple[Any, Any]] = {
    kind: (kind.get_code, kind.exec_module) for kind in (SourceFileLoader, SourcelessFileLoader, zipimporter)
}
_own: dict[type, frozenset[str]] = {kind: frozenset(vars(kind)) for kind in _plain}


def install(gate: Gate) -> None:
    """From now on, ask this gate."""
    global _gate
    _gate = gate
    for kind in _plain:
        kind.get_code = _get_code  # type: ignore[attr-defined]
        kind.exec_module = _exec_module  # type: ignore[attr-defined]
    _watch_runpy()


def uninstall(gate: Gate) -> None:
    """Ask this gate no more, and import as before."""
    global _gate
    if _gate is not gate:
        return
    _gate = None
    for kind, functions in _plain.items():
        for name, function in zip(("get_code", "exec_module"), functions, strict=True):
            if name in _own[kind]:
                setattr(kind, name, function)
            elif name in vars(kind):
                delattr(kind, name)
    _leave_runpy()


def _kind_of(loader: object) -> type:
    return next(kind for kind in type(loader).__mro__ if kind in _plain)


def _seems_to_come_from_the_import_system(function: Any) -> Any:
    function.__code__ = function.__code__.replace(co_filename=_IMPORT_SYSTEM)
    return function


@_seems_to_come_from_the_import_system
def _get_code(self: Any, fullname: str) -> types.CodeType | None:
    kind, gate = _kind_of(self), _gate
    code: types.CodeType | None = _plain[kind][0](self, fullname)
    if gate is None or code is None:
        return code
    path = _path_of(self, fullname)
    if path is None or not gate.covers(path):
        return code
    if not path.endswith(".py"):
        gate.lacks_source(path)
        return code
    return gate.code_of(self, fullname, path, code)


@_seems_to_come_from_the_import_system
def _exec_module(self: Any, module: types.ModuleType) -> None:
    plain, gate = _plain[_kind_of(self)][1], _gate
    path = None if gate is None else _path_of(self, module.__name__)
    if gate is None or path is None or not gate.covers(path):
        plain(self, module)
        return
    gate.import_begins(module.__name__)
    failed = True
    try:
        plain(self, module)
        failed = False
    finally:
        gate.import_ends(module, failed=failed)


def _path_of(loader: Any, name: str) -> str | None:
    try:
        path: object = loader.get_filename(name)
    except ImportError:
        return None
    return path if isinstance(path, str) else None


_plain_code_from_file: Any = None


def _watch_runpy() -> None:
    """Code that `runpy.run_path` runs does not come through a loader."""
    global _plain_code_from_file
    import runpy

    if _plain_code_from_file is None:
        _plain_code_from_file = runpy._get_code_from_file  # type: ignore[attr-defined]
        runpy._get_code_from_file = _get_code_from_file  # type: ignore[attr-defined]


def _leave_runpy() -> None:
    global _plain_code_from_file
    runpy: Any = sys.modules.get("runpy")
    if runpy is not None and _plain_code_from_file is not None:
        runpy._get_code_from_file = _plain_code_from_file
    _plain_code_from_file = None


def _get_code_from_file(*arguments: Any) -> Any:
    """Stands in for the function of that name in `runpy`, whose signature varies with the version of Python."""
    found = _plain_code_from_file(*arguments)
    gate, path = _gate, os.path.abspath(os.fsdecode(arguments[-1]))
    code = found[0] if isinstance(found, tuple) else found
    if gate is None or not gate.covers(path):
        return found
    probed = gate.code_of_script(path, code)
    return (probed, *found[1:]) if isinstance(found, tuple) else probed
