"""Importing the program under test: where modules are looked for, and scripts that would run when imported."""

from __future__ import annotations

import ast
import importlib.util
import os
import sys
import types
from collections.abc import Callable, Iterable, Mapping, Sequence

from legacy_seam.calls import Run
from legacy_seam.replay.batch import Refused
from legacy_seam.replay.definitions import Compiler, run_definitions
from legacy_seam.rewriting.scripts import guard_of, read_script
from legacy_seam.targets import executed
from legacy_seam.values.kinds import web_applications
from legacy_seam.values.references import call_script
from legacy_seam.world import django_setup
from legacy_seam.world.sites import Sites

_NAMES_LOADED_BY_EVERY_PROGRAM = (
    "abc builtins codecs encodings genericpath io marshal ntpath os posix posixpath site stat sys time types"
    " zipimport _abc _codecs _collections_abc _frozen_importlib _frozen_importlib_external _imp _io _signal"
    " _sitebuiltins _stat _thread _warnings _weakref warnings"
)
_LOADED_BY_EVERY_PROGRAM = frozenset(_NAMES_LOADED_BY_EVERY_PROGRAM.split())
_DJANGO_IS_NOT_READY = ("ImproperlyConfigured", "AppRegistryNotReady")
_OF_THE_SCRIPT = ("__main__", "__mp_main__")
"""Where a script stands beside its own name; `multiprocessing` puts it under the second when it is imported."""


class Importer:
    """Imports the modules of a program as it is today, in the surroundings of a recorded run.

    Args:
        run: the recorded run.
        project: the directory of the project.
        first: directories that are searched before all others.
        sites: tells where an import failed.
        compiler_of: what compiles statements of a script with this text, given their file.
        imported: called with each module of the project once it is imported, and its recorded name.
        instead: texts that are taken for the content of files, by path.
    """

    def __init__(
        self,
        run: Run,
        project: str,
        first: Sequence[str],
        sites: Sites,
        compiler_of: Callable[[bytes], Compiler],
        imported: Callable[[types.ModuleType, str], None],
        instead: Mapping[str, str],
    ) -> None:
        self._run = run
        self._project = project
        self._sites = sites
        self._compiler_of = compiler_of
        self._imported = imported
        self._instead = instead
        self._told: set[str] = set()
        self._took_more = False
        self._trouble = ""
        self._outside = [path for path in run.search_path if os.path.isabs(path) and path not in sys.path]
        sys.path[:0] = [path for path in search_path(run, project, first) if path not in sys.path]

    def prepare(self) -> None:
        """Import all the modules that the run imported, in its order. One that fails is asked for again later."""
        self._make_room()
        sys.argv = list(self._run.command) or [""]
        sys.modules["__main__"] = types.ModuleType("__main__")
        if django_setup.VARIABLE in self._run.environment:
            self._set_up_django()
        if self._run.main is not None:
            self._attempt(self._run.main[0])
        for name in self._run.imports:
            self._attempt(name)

    def _set_up_django(self) -> None:
        """Models can be imported after that only; what fails here fails again with the module that needs it."""
        try:
            django_setup.set_up()
            django_setup.keep_names_still()
        except Exception as failure:
            self._trouble = f"{type(failure).__name__}: {failure}"
        self._tell()

    def module(self, name: str) -> types.ModuleType:
        """The module of a target.

        Raises:
            Refused: where it is not there, or fails when it is imported.
        """
        held = sys.modules.get(name)
        if held is not None and name in self._told:
            return held
        try:
            module = self._import(name)
        except ModuleNotFoundError as missing:
            if missing.name is not None and (name == missing.name or name.startswith(missing.name + ".")):
                sentence = (
                    f"the module {name} cannot be found: is the project's directory right, or PYTHONPATH missing?"
                )
                raise Refused("target-gone", sentence) from None
            raise self._failed(name, missing) from missing
        except BaseException as failure:
            raise self._failed(name, failure) from failure
        self._tell()
        return module

    def took_more(self) -> bool:
        """Were modules of the program imported since the last time this was asked?"""
        took_more, self._took_more = self._took_more, False
        return took_more

    def _attempt(self, name: str) -> None:
        try:
            self._import(name)
        except BaseException as failure:
            if isinstance(failure, KeyboardInterrupt):
                raise
        self._tell()

    def _import(self, name: str) -> types.ModuleType:
        if web_applications.is_factory(name):
            return self._make_application(name)
        if self._run.main is not None and name == self._run.main[0]:
            return self._import_script(*self._run.main)
        try:
            return importlib.import_module(name)
        except ModuleNotFoundError:
            if not self._outside:
                raise
            sys.path += self._outside
            self._outside = []
            importlib.invalidate_caches()
            return importlib.import_module(name)

    def _make_application(self, name: str) -> types.ModuleType:
        """What a function of the program makes is there from now on, as what its modules hold is."""
        module = self._import(web_applications.module_of(name))
        if self._sites.relative(str(vars(module).get("__file__"))) is not None:
            web_applications.make(name, vars(module))
        return module

    def _import_script(self, name: str, path: str) -> types.ModuleType:
        """Load the file of a script as a module under its own name, `__name__` not being `__main__`."""
        held = sys.modules.get(name)
        file = os.path.join(self._project, path)
        if held is not None and getattr(held, "__file__", None) == file:
            return held
        try:
            with open(file, "rb") as stream:
                source = stream.read()
        except OSError:
            if importlib.util.find_spec(name.partition(".")[0]) is not None:
                return importlib.import_module(name)
            raise Refused("target-gone", f"the script {path} is not there any more") from None
        module = _script_module(name, file)
        sys.modules[name] = sys.modules["__main__"] = module
        tree, compiler = ast.parse(self._instead.get(file, source), file), self._compiler_of(source)
        try:
            if guard_of(tree) is not None:
                exec(compiler(tree, file), vars(module))
            else:
                call_script(name)
                run_definitions(read_script(tree), file, vars(module), compiler)
        except BaseException:
            sys.modules.pop(name, None)
            raise
        return module

    def _make_room(self) -> None:
        """Modules of the program that are called like modules of the standard library come first in a script."""
        for directory in sys.path[: sys.path.index(_library()) if _library() in sys.path else None]:
            for name in _modules_in(directory):
                if name in sys.modules and name not in _LOADED_BY_EVERY_PROGRAM and name != "legacy_seam":
                    del sys.modules[name]

    def _tell(self) -> None:
        """Tell of the modules of the project that were imported since the last time."""
        for name, loaded in list(sys.modules.items()):
            if name in self._told or name in _OF_THE_SCRIPT or not issubclass(type(loaded), types.ModuleType):
                continue
            if type(module := executed(loaded)) is not types.ModuleType:
                continue
            file = module.__dict__.get("__file__")
            if isinstance(file, str) and self._sites.relative(file) is not None:
                self._told.add(name)
                self._took_more = True
                self._imported(module, name)

    def _django_lacks(self, what: str) -> str:
        """Why Django is not set up, and what to do."""
        if django_setup.VARIABLE in self._run.environment:
            settings = self._run.environment[django_setup.VARIABLE]
            return f"Django cannot be set up with {settings} ({self._trouble or what})"
        return (
            f"Django was never set up with a module of settings when this was recorded ({what}); name one in"
            f" {django_setup.VARIABLE}, where the program calls settings.configure(..), and record it again"
        )

    def _failed(self, name: str, failure: BaseException) -> Refused:
        if isinstance(failure, Refused):
            return failure
        site = self._sites.line_of_traceback(failure.__traceback__)
        if isinstance(failure, SyntaxError) and failure.filename:
            site = f"{self._sites.relative(failure.filename) or failure.filename}:{failure.lineno}"
        told = str(failure).splitlines()
        what = type(failure).__name__ + (f": {told[0]}" if told else "")
        if type(failure).__name__ in _DJANGO_IS_NOT_READY or what == self._trouble:
            return Refused(
                "import-failed", f"the module {name} cannot be imported: {self._django_lacks(what)}", site
            )
        return Refused("import-failed", f"the module {name} cannot be imported: {what} (at {site})", site)


def search_path(run: Run, project: str, first: Iterable[str]) -> list[str]:
    """Where modules of the program are looked for, before the standard library.

    What is asked for now (`first`: settings, PYTHONPATH) comes before what was used then, so that another release
    of a library can be put in the place of the recorded one.
    """
    then = [path for path in run.search_path if not os.path.isabs(path)]
    ordered = [os.path.normpath(os.path.join(project, entry)) for entry in (*first, *then)] + [project]
    return list(dict.fromkeys(ordered))


def _script_module(name: str, file: str) -> types.ModuleType:
    from importlib.machinery import ModuleSpec, SourceFileLoader

    module = types.ModuleType(name)
    module.__file__ = file
    module.__loader__ = SourceFileLoader(name, file)
    module.__spec__ = ModuleSpec(name, module.__loader__, origin=file)
    return module


def _library() -> str:
    return os.path.dirname(os.__file__)


def _modules_in(directory: str) -> list[str]:
    try:
        entries = os.listdir(directory or ".")
    except OSError:
        return []
    files = [entry.removesuffix(".py") for entry in entries if entry.endswith(".py")]
    packages = [entry for entry in entries if os.path.isfile(os.path.join(directory, entry, "__init__.py"))]
    return files + packages
