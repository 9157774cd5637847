"""How modules get their probes: while they are imported, or in place when they already are.

The way from a source file to a module is left as it is: the ordinary loader finds, reads and caches, and gives the
same warnings and errors as ever. Only what it hands over to be executed is another code object, made from the same
source, which never reaches the cache on disk.
"""

from __future__ import annotations

import gc
import os
import threading
import types
from collections.abc import Iterable, Iterator
from importlib.machinery import SourceFileLoader
from typing import Any, Protocol

from legacy_seam.record import importing
from legacy_seam.record.probes import MainHooks, Registry, instrument
from legacy_seam.record.sources import Sources, search_directory
from legacy_seam.rewriting.compiling import warnings_kept_quiet
from legacy_seam.rewriting.scripts import Run, Script
from legacy_seam.store.ledger import Finding

_MODULE_DICT: Any = vars(types.ModuleType)["__dict__"]


_UNTOUCHED = (SourceFileLoader.source_to_code, None)
"""How loaders make code of source, where they do no more than that."""


class Watcher(Protocol):
    """Who is told of modules being imported."""

    def import_begins(self, name: str) -> None:
        """The code of a module of the project is about to be executed."""

    def import_ends(self, module: types.ModuleType, *, failed: bool) -> None:
        """It has been executed."""

    def main_begins(self, name: str, path: str) -> None:
        """The module of that name is about to be executed as `__main__`."""

    def main_is_guarded(self) -> None:
        """`__main__` has a guard: what it runs before that, an import runs, too."""

    def before_main(self) -> None:
        """`__main__` has defined everything and is about to begin its work."""

    def defined(self, script: Script, run: Run) -> None:
        """`__main__`, which has no guard, has defined something."""

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
        importing.install(self)

    def uninstall(self) -> None:
        """Import as before; functions that got their probes in place are given their own code back."""
        importing.uninstall(self)
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
        main: MainHooks | None = None
        if module in self._main and not _is_package(path, module):  # of a package, its `__main__` is run
            self._watcher.main_begins(module, path)
            main = MainHooks(self._watcher.main_is_guarded, self._watcher.before_main, self._watcher.defined)
        try:
            code = instrument(source, path, module, self._registry, main=main)
        except Exception as error:
            self._find_trouble(path, error)
            return plain
        self.search_path.setdefault(search_directory(path, module))
        return code

    # --- for `importing` -----------------------------------------------------------------------------------------

    def code_of(self, loader: Any, name: str, path: str, plain: types.CodeType) -> types.CodeType:
        """The code for a module that `loader` has just read as `plain`."""
        try:
            rewrites = getattr(type(loader), "source_to_code", None) not in _UNTOUCHED
            if rewrites:
                self._watcher.find(Finding(None, path, f"runs without probes: {type(loader).__name__} rewrites it"))
                return plain
            return self.probed(loader.get_data(path), plain.co_filename, name, plain=plain)
        except Exception as error:
            self._find_trouble(name, error)
            return plain

    def code_of_script(self, path: str, plain: types.CodeType) -> types.CodeType:
        """The code for a script that was just read as `plain`."""
        try:
            with open(path, "rb") as file:
                source = file.read()
        except OSError as error:
            self._find_trouble(path, error)
            return plain
        return self.probed(source, plain.co_filename, os.path.basename(path).partition(".")[0], plain=plain)

    def import_begins(self, name: str) -> None:
        """A module of the project is about to be executed."""
        self._watcher.import_begins(name)

    def import_ends(self, module: types.ModuleType, *, failed: bool) -> None:
        """It has been executed."""
        self._watcher.import_ends(module, failed=failed)

    def lacks_source(self, path: str) -> None:
        """There is nothing but compiled code."""
        self._watcher.find(Finding(None, path, "runs without probes: it comes without source"))

    def _find_trouble(self, what: str, error: Exception) -> None:
        self._watcher.find(Finding(None, what, f"runs without probes: {type(error).__name__}: {error}"))

    # --- what exists already -------------------------------------------------------------------------------------

    def adopt(self, modules: Iterable[types.ModuleType]) -> list[types.ModuleType]:
        """Put probes into functions that exist already; gives the modules of the project among `modules`."""
        adopted: dict[str, types.ModuleType] = {}
        for module in modules:
            if not issubclass(type(module), types.ModuleType):
                continue  # anything may stand in `sys.modules`
            namespace = _MODULE_DICT.__get__(module)
            path: object = namespace.get("__file__")
            if not isinstance(path, str) or not self.covers(path):
                continue
            is_under_way = namespace.get("__name__") == "__main__" and self._main
            if path.endswith(".py") and not is_under_way:
                adopted[path] = module
        swaps: dict[tuple[str, str, int], tuple[types.CodeType, types.CodeType]] = {}
        for path, module in adopted.items():
            swaps |= self._swaps(path, self._name_of(module, path))
        for function in _functions_from(adopted.keys()) if swaps else ():
            code = function.__code__
            before, after = swaps.get((code.co_filename, code.co_qualname, code.co_firstlineno), (None, None))
            if before is not None and after is not None and before == code:
                function.__code__ = after
                self._swapped.append((function, code))
        return list(adopted.values())

    def _name_of(self, module: types.ModuleType, path: str) -> str:
        """The name under which the functions of a module are targets."""
        if module.__name__ != "__main__":
            return module.__name__
        spec = vars(module).get("__spec__")
        name: str = os.path.basename(path).partition(".")[0] if spec is None else spec.name
        self.expect_main(name)
        return name

    def _swaps(self, path: str, module: str) -> dict[tuple[str, str, int], tuple[types.CodeType, types.CodeType]]:
        """For each function of a file, by file, name and line: its code as it is, and with probes."""
        try:
            with open(path, "rb") as file:
                source = file.read()
            with warnings_kept_quiet():
                plain = compile(source, path, "exec", dont_inherit=True)
        except Exception as error:
            self._find_trouble(path, error)
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


def _is_package(path: str, module: str) -> bool:
    """Is this the `__init__` of a package that is imported, and not run as a script?"""
    return os.path.basename(path) == "__init__.py" and module != "__init__"
