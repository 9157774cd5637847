"""How modules get their probes: while they are imported, or in place when they already are.

The way from a source file to a module is left as it is: the ordinary loader finds, reads and caches, and gives the
same warnings and errors as ever. Only what it hands over to be executed is another code object, made from the same
source, which never reaches the cache on disk.
"""

from __future__ import annotations

import gc
import os
import sys
import threading
import types
from collections.abc import Iterable, Iterator
from importlib.machinery import SourceFileLoader
from typing import Any, Protocol

from legacy_seam.record.probes import ModuleHook, Registry, instrument
from legacy_seam.record.sources import Sources, search_directory
from legacy_seam.store.ledger import Finding

_IMPORT_SYSTEM = "<frozen importlib._bootstrap_external>"
"""Frames that say they come from here are left out of tracebacks, as those of the import system are."""


class Watcher(Protocol):
    """Who is told of modules being imported."""

    def import_begins(self, name: str) -> None:
        """The code of a module of the project is about to be executed."""

    def import_ends(self, module: types.ModuleType, *, failed: bool) -> None:
        """It has been executed."""

    def main_begins(self, name: str, path: str) -> None:
        """The module of that name is about to be executed as `__main__`."""

    def before_main(self) -> None:
        """`__main__` has defined everything and is about to begin its work."""

    def find(self, finding: Finding) -> None:
        """Something could not be recorded."""


class Loader:
    """Puts probes into the modules of a project.

    Args:
        sources: which files belong to it.
        registry: gives the hooks of their functions.
        watcher: is told of imports.
    """

    def __init__(self, sources: Sources, registry: Registry, watcher: Watcher) -> None:
        self.search_path: dict[str, None] = {}
        self._main: frozenset[str] = frozenset()
        self._sources = sources
        self._registry = registry
        self._watcher = watcher
        self._swapped: list[tuple[types.FunctionType, types.CodeType]] = []
        self._local = threading.local()

    def install(self) -> None:
        """From now on, modules of the project get probes when they are imported."""
        global _current
        _current = self
        SourceFileLoader.get_code = _get_code  # type: ignore[method-assign]
        SourceFileLoader.exec_module = _exec_module  # type: ignore[method-assign]
        _watch_runpy()

    def uninstall(self) -> None:
        """Import as before; functions that got their probes in place are given their own code back."""
        global _current
        if _current is self:
            _current = None
            for name in ("get_code", "exec_module"):
                if name in vars(SourceFileLoader):
                    delattr(SourceFileLoader, name)
            _leave_runpy()
        for function, code in self._swapped:
            function.__code__ = code
        self._swapped.clear()

    def covers(self, path: str) -> bool:
        """Does this file belong to the project?"""
        return self._sources.covers(path)

    def expect_main(self, name: str) -> None:
        """The module of that name (of a package: its `__main__`) will be run as `__main__`."""
        self._main = frozenset({name, f"{name}.__main__"})

    def probed(self, source: bytes, path: str, module: str, *, plain: types.CodeType) -> types.CodeType:
        """The code of a module with probes in it; `plain` where that cannot be had.

        Args:
            source: its text.
            path: the file, as its code objects name it.
            module: the name under which its functions are targets.
            plain: its code without probes.
        """
        before_main: ModuleHook | None = None
        if module in self._main:
            self._watcher.main_begins(module, path)
            before_main = self._watcher.before_main
        try:
            code = instrument(source, path, module, self._registry, before_main=before_main)
        except Exception as error:
            self._watcher.find(Finding(None, path, f"runs without probes: {type(error).__name__}: {error}"))
            return plain
        self.search_path.setdefault(search_directory(path, module))
        return code

    def code_of(self, loader: SourceFileLoader, name: str, plain: types.CodeType) -> types.CodeType:
        """The code for a module that `loader` has just read as `plain`."""
        try:
            path = loader.get_filename(name)
            if not self.covers(path):
                return plain
            if type(loader).source_to_code is not SourceFileLoader.source_to_code:
                self._watcher.find(Finding(None, path, f"runs without probes: {type(loader).__name__} rewrites it"))
                return plain
            return self.probed(loader.get_data(path), plain.co_filename, name, plain=plain)
        except Exception as error:
            self._watcher.find(Finding(None, name, f"runs without probes: {type(error).__name__}: {error}"))
            return plain

    def adopt(self, modules: Iterable[types.ModuleType]) -> list[types.ModuleType]:
        """Put probes into functions that exist already; gives the modules of the project among `modules`."""
        adopted: dict[str, types.ModuleType] = {}
        for module in modules:
            path: object = vars(module).get("__file__")
            if not isinstance(path, str) or not self.covers(path):
                continue
            if path.endswith(".py") and vars(module).get("__name__") != "__main__":
                adopted[path] = module
        swaps: dict[tuple[str, str, int], tuple[types.CodeType, types.CodeType]] = {}
        for path, module in adopted.items():
            swaps |= self._swaps(path, module.__name__)
        for function in _functions_from(adopted.keys()) if swaps else ():
            code = function.__code__
            before, after = swaps.get((code.co_filename, code.co_qualname, code.co_firstlineno), (None, None))
            if before is not None and after is not None and before == code:
                function.__code__ = after
                self._swapped.append((function, code))
        return list(adopted.values())

    def _swaps(self, path: str, module: str) -> dict[tuple[str, str, int], tuple[types.CodeType, types.CodeType]]:
        """For each function of a file, by file, name and line: its code as it is, and with probes."""
        try:
            with open(path, "rb") as file:
                source = file.read()
            plain = compile(source, path, "exec", dont_inherit=True)
        except Exception as error:
            self._watcher.find(Finding(None, path, f"runs without probes: {type(error).__name__}: {error}"))
            return {}
        probed = self.probed(source, path, module, plain=plain)
        if probed is plain:
            return {}
        ours = {(path, code.co_qualname, code.co_firstlineno): code for code in _codes_within(probed)}
        theirs = {(path, code.co_qualname, code.co_firstlineno): code for code in _codes_within(plain)}
        return {key: (theirs[key], ours[key]) for key in theirs.keys() & ours.keys()}


def _codes_within(code: types.CodeType) -> Iterator[types.CodeType]:
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield constant
            yield from _codes_within(constant)


def _functions_from(paths: Iterable[str]) -> list[types.FunctionType]:
    """All living functions whose code comes from these files."""
    files = set(paths)
    found = [thing for thing in gc.get_objects() if type(thing) is types.FunctionType]
    return [function for function in found if function.__code__.co_filename in files]


_current: Loader | None = None
_plain_get_code: Any = SourceFileLoader.get_code
_plain_exec_module: Any = SourceFileLoader.exec_module


def _seems_to_come_from_the_import_system(function: Any) -> Any:
    function.__code__ = function.__code__.replace(co_filename=_IMPORT_SYSTEM)
    return function


@_seems_to_come_from_the_import_system
def _get_code(self: SourceFileLoader, fullname: str) -> types.CodeType | None:
    code: types.CodeType | None = _plain_get_code(self, fullname)
    loader = _current
    if loader is None or code is None:
        return code
    return loader.code_of(self, fullname, code)


@_seems_to_come_from_the_import_system
def _exec_module(self: SourceFileLoader, module: types.ModuleType) -> None:
    loader = _current
    if loader is None or not loader.covers(getattr(self, "path", "")):
        _plain_exec_module(self, module)
        return
    watcher = loader._watcher
    watcher.import_begins(module.__name__)
    failed = True
    try:
        _plain_exec_module(self, module)
        failed = False
    finally:
        watcher.import_ends(module, failed=failed)


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
    loader, path = _current, os.path.abspath(os.fsdecode(arguments[-1]))
    code = found[0] if isinstance(found, tuple) else found
    if loader is None or not loader.covers(path):
        return found
    try:
        with open(path, "rb") as file:
            source = file.read()
    except OSError:
        return found
    module = os.path.basename(path).partition(".")[0]
    probed = loader.probed(source, code.co_filename, module, plain=code)
    return (probed, *found[1:]) if isinstance(found, tuple) else probed
