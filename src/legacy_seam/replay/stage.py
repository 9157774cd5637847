"""The controlled world of one worker: set up once for a run, put back before each call."""

from __future__ import annotations

import _thread
import contextlib
import gc
import locale
import os
import sys
import time
import types
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from legacy_seam.boundary.answering import Answering
from legacy_seam.boundary.call_sites import SiteHooks
from legacy_seam.boundary.rules import Rules
from legacy_seam.calls import FileState
from legacy_seam.replay.batch import Setting
from legacy_seam.replay.compiling import answer_imports, as_written, compiled
from legacy_seam.replay.definitions import Compiler
from legacy_seam.replay.importing import Importer, search_path
from legacy_seam.replay.relocation import files_with_directory
from legacy_seam.replay.state import State
from legacy_seam.replay.steps import Steps
from legacy_seam.replay.wire import Job
from legacy_seam.values import encode
from legacy_seam.values.held import MEMORY, open_with
from legacy_seam.values.kinds import django_databases, sql_functions
from legacy_seam.values.kinds.event_loops import loops_of
from legacy_seam.world import environment, machine, native_threads, numpy_clock, processes
from legacy_seam.world.calm import Calm
from legacy_seam.world.clock import Clock
from legacy_seam.world.confinement import confine, homes, of_the_interpreter, reading
from legacy_seam.world.databases import Connections, SqlFunctions, Statements
from legacy_seam.world.databases.connections import file_of
from legacy_seam.world.directory import PrivateDirectory
from legacy_seam.world.event_loop import EventLoop
from legacy_seam.world.file_functions import BOUND_EARLY, FileFunctions
from legacy_seam.world.file_statuses import FileStatuses
from legacy_seam.world.handed import Handed
from legacy_seam.world.interpreter import Interpreter, Looks
from legacy_seam.world.output import Output
from legacy_seam.world.randomness import Randomness
from legacy_seam.world.redirection import Redirection
from legacy_seam.world.sandbox import Sandbox
from legacy_seam.world.sites import Sites
from legacy_seam.world.standard_input import StandardInput
from legacy_seam.world.state import Places
from legacy_seam.world.substitution import Substitution
from legacy_seam.world.thread_locals import ThreadLocals
from legacy_seam.world.waiting import Waiting
from legacy_seam.world.watched import Watched

_CASES_BETWEEN_COLLECTIONS = 200
_current_frames = sys._current_frames


class Stage:
    """The world in which the calls of one run are replayed.

    Args:
        setting: what and where.
        content_of: contents of files by digest.
    """

    def __init__(self, setting: Setting, content_of: Callable[[str], bytes]) -> None:
        run, conditions = setting.run, setting.conditions
        self.setting = setting
        self.places = Places()
        self.state = State(self.places)
        self.calm = Calm()
        roots = [setting.project, *search_path(run, setting.project, setting.search_path)]
        self.sites = Sites([*roots, *(p for p in run.search_path if os.path.isabs(p))])
        self.clock = Clock()
        self.waiting = Waiting(self.clock)
        self.randomness = Randomness(conditions.random_seed, self.calm)
        self.output = Output(self.sites, calm=self.calm)
        self.input = StandardInput(content_of)
        self.elsewhere = os.path.join(os.path.dirname(setting.directory), "beyond")
        self.sandbox = Sandbox(setting.directory, self.sites, self.elsewhere, self.calm)
        self.directory = PrivateDirectory(setting.directory, content_of, self.elsewhere)
        home = _home(run.directory, setting.project)
        self.redirection = Redirection(
            setting.directory,
            self.elsewhere,
            home or run.directory,
            self.directory.make,
            self.calm,
            home,
            setting.project,
            run.project,
        )
        self._file_statuses = FileStatuses(
            self.clock.began_ns, self.clock.now_ns, self.clock.real_ns, lambda: self.directory.sizes
        )
        self._files = FileFunctions(
            self.redirection,
            self.sandbox.is_watching,
            self._file_statuses,
            self.calm,
        )
        self.importer = Importer(
            run,
            setting.project,
            setting.search_path,
            self.sites,
            self._compiler_of,
            self._imported,
            dict(conditions.instead),
        )
        self.interpreter = Interpreter(setting.directory, self.sites, self.calm)
        self.steps = Steps(lambda file: self.sites.relative(file) is not None) if conditions.trace_steps else None
        self.answering = Answering(Rules(run.boundaries), self.sites.line)
        self.at_import = Answering(Rules(run.boundaries), self.sites.line)
        self.thread_locals = ThreadLocals()
        self.loop = EventLoop()
        self._substitution = Substitution([])
        self._connections = Connections()
        self._statements = Statements(self.calm)
        self._sql = SqlFunctions(self.randomness.bytes, self._statements, self._name_of_database)
        self.handed = Handed(
            setting.directory,
            self.elsewhere,
            content_of,
            self._connections,
            self._sql.control,
            self.redirection.seen,
            self.sandbox.touch,
            self.calm,
        )
        self._untidy = True
        self._is_read = False
        self._files_then: tuple[FileState, ...] = ()
        self._since_collection = 0
        self._looks = (
            self.output.is_untouched,
            self.randomness.is_untouched,
            self.interpreter.is_untouched,
            self.input.is_untouched,
            self.directory.is_untouched,
            self.answering.is_untouched,
            self._connections.is_untouched,
        )

    # --- once -----------------------------------------------------------------------------------------------

    def set_up(self, answer: Callable[[str, Mapping[str, object]], object]) -> None:
        """Make the world and import the program in it.

        Args:
            answer: makes what the imports were answered of its text.
        """
        setting, run = self.setting, self.setting.run
        started = run.started + setting.conditions.clock_shift
        self.directory.restore(run.files, run.started)
        self._confine()
        self._enter_surroundings()
        self.clock.start(started)
        self.input.start()
        self.input.begin(run.files)
        self.output.start(run.started)
        self._substitution.add(
            [
                *self.clock.replacements(),
                *self.waiting.replacements(),
                *self.randomness.replacements(),
                *self.input.replacements(),
                *processes.replacements(self.sandbox.refuse),
                *machine.replacements(),
                *self.interpreter.recursion.replacements(),
                *self.interpreter.replacements(),
                *self.sandbox.replacements(),
                *self._sql.replacements(),
            ]
        )
        self._substitution.add(self._files.replacements())
        for name in BOUND_EARLY:
            if name in sys.modules:
                self._substitution.apply_to(sys.modules[name])
        self.redirection.begin(run.files)
        open_with(self.handed)
        loops_of(self.loop.get)
        gc.callbacks.append(self.calm.collected)
        sys.dont_write_bytecode = True
        answer_imports(
            self._in_functions(),
            self._in_modules(),
            lambda path: self.sites.relative(path) is not None,
            lambda source: self.hooks_for(source) is not None,
            dict(setting.conditions.instead),
        )
        self.sandbox.install()
        self.randomness.begin()
        self.interpreter.know_modules()
        self.at_import.begin(run.answers, answer)
        with self.importing():
            self.importer.prepare()
        self.importer.took_more()
        self.settle()

    def _timed(self, callee: Any) -> Any:
        return numpy_clock.by_the_clock(callee) or sql_functions.noting(callee) or callee

    def _answered(self, callee: Any) -> Any:
        answering = self.at_import if self.sandbox.is_importing else self.answering
        return numpy_clock.by_the_clock(callee) or sql_functions.noting(callee) or answering.call(callee)

    def hooks_for(self, source: bytes) -> SiteHooks | None:
        """What the call sites in functions of a module report to; None where it is compiled as it is written.

        Args:
            source: its text.
        """
        has_to_report = numpy_clock.MARK in source or sql_functions.may_register(source)
        return self._in_functions() if self.setting.asks or has_to_report else None

    def _compiler_of(self, source: bytes) -> Compiler:
        hooks = self.hooks_for(source)
        if hooks is None:
            return as_written
        return lambda tree, file: compiled(tree, file, hooks, self._in_modules())

    def _in_functions(self) -> SiteHooks:
        return SiteHooks(asked=self._answered if self.setting.asks else self._timed)

    def _in_modules(self) -> SiteHooks:
        return SiteHooks(asked=self._answered if self.setting.run.answers else self._timed)

    def _confine(self) -> None:
        """Let the kernel hold this process, too, to what the sandbox says; before the home directory changes."""
        setting = self.setting
        elsewhere = [path for path in setting.run.search_path if os.path.isabs(path)]
        ours = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
        roots = search_path(setting.run, setting.project, setting.search_path)
        contents = os.path.dirname(os.path.dirname(setting.directory))  # of the files to be restored
        granted = [*roots, *elsewhere, *of_the_interpreter(), ours, contents]
        self.sandbox.reading = reading(homes(), granted, setting.readable)
        os.makedirs(self.elsewhere, exist_ok=True)
        confine(os.path.dirname(setting.directory), self.sandbox.reading)

    @contextlib.contextmanager
    def importing(self) -> Iterator[None]:
        """While modules of the program are imported."""
        self.sandbox.armed = self.sandbox.is_importing = True
        self.at_import.take_back()
        try:
            with self.steps or contextlib.nullcontext():
                yield
        finally:
            self.sandbox.armed = self.sandbox.is_importing = False
            self.at_import.hand_over(self.answering)

    def settle(self) -> None:
        """Take the world as it is now, after an import, for the one in which every call begins."""
        self._substitution.add(self.randomness.numpy_replacements())
        for module in self.places.modules().values():
            self._substitute_in(module)
        self.output.baseline()
        self._connections.take(self.sandbox.connections)
        self.sandbox.connections.clear()
        self.directory.baseline([*self.sandbox.touched, *self.sandbox.databases], self.setting.run.started)
        self.sandbox.touched.clear()
        self.sandbox.denials.clear()
        self.randomness.begin()
        self.interpreter.baseline(self.places.modules().values())
        self.calm.stir()
        gc.collect()
        gc.freeze()

    def _enter_surroundings(self) -> None:
        conditions, run = self.setting.conditions, self.setting.run
        os.chdir(self.setting.directory)
        os.umask(0o022)
        values = environment.for_replay(run.environment, self.setting.directory, run.timezone)
        os.environ.clear()
        os.environ.update({"LANG": conditions.locale} if conditions.locale else {})
        os.environ.update(values)
        if conditions.locale and "LANG" not in values:
            del os.environ["LANG"]
        native_threads.keep_to_one_thread()
        sys.setswitchinterval(conditions.thread_turn)
        time.tzset()
        try:
            locale.setlocale(
                locale.LC_CTYPE, "" if any(n in values for n in ("LANG", "LC_ALL", "LC_CTYPE")) else "C.UTF-8"
            )
        except locale.Error:  # that locale is not installed here
            locale.setlocale(locale.LC_CTYPE, "C.UTF-8")

    def _imported(self, module: types.ModuleType, name: str) -> None:
        self._substitute_in(module)
        self.places.baseline(module, name)

    def _substitute_in(self, module: types.ModuleType) -> None:
        """Let a module of the program have what we put in place; our own need what was there before."""
        if module.__name__.partition(".")[0] != "legacy_seam":
            self._substitution.apply_to(module)

    # --- before each batch ----------------------------------------------------------------------------------

    def reach(self, codes: Iterable[types.CodeType]) -> tuple[Watched, Looks]:
        """The places that these codes can reach, and what of the interpreter; from now on they can be put back to
        what they hold now."""
        codes = list(codes)
        reached = self.places.reachable(codes)
        self.state.remember(reached)
        for name in reached:
            self.places.get_ready(name)  # here, and not in each process
        self.thread_locals.take({name: self.places.at_baseline(name) for name in reached})
        return Watched(self.places, reached), self.interpreter.reached_by(self.places.names_reached(codes))

    # --- before each call -----------------------------------------------------------------------------------

    def begin(self, call: Job, is_next: bool = False, is_quiet: bool = False) -> None:
        """Put everything back to how it was when the recorded call began, except its arguments and state.

        Args:
            call: what is about to be replayed.
            is_next: since `is_untouched` said so after another call, no code of the program can have run, unless by
                the collector of garbage.
            is_quiet: the same, since `files_changed` was asked of that call, whatever it has done.
        """
        self._since_collection += 1
        if self._since_collection >= _CASES_BETWEEN_COLLECTIONS:
            self._since_collection = 0
            gc.collect()
        was_seen = not self.places.clear_caches() and self.calm.was_seen
        if call.files or self._files_then or not ((is_next and was_seen) or self.is_untouched()):
            self._put_all_back(call, is_quiet and was_seen and self.calm.hears_all and self._is_read)
        self.clock.set(call.instant + self.setting.conditions.clock_shift)

    def is_untouched(self) -> bool:
        """Is all of the world as it was put for the last call? (Others look at state, and at what belongs to the
        process as a whole.)"""
        self.calm.was_seen = True
        if self.calm.is_over or not self.loop.is_untouched:
            return False
        for is_untouched in self._looks:  # noqa: SIM110 - a generator costs as much as most looks
            if not is_untouched():
                return False
        return True

    def has_other_threads(self) -> bool:
        """Is there any other thread than this one?"""
        return _thread._count() > 0 or not (self.calm.hears_all or len(_current_frames()) == 1)

    def _put_all_back(self, call: Job, is_as_read: bool) -> None:
        self._is_read = False
        self._connections.put_back()
        if self.sandbox.touched:
            self._untidy = True
            self.directory.watch(self.sandbox.touched)
        untidy = self._untidy or self.directory.is_disturbed()
        files = self._files_of(call)
        self.directory.begin(files, call.instant, untidy, is_as_read)
        self._untidy = False
        self._files_then = call.files
        self.interpreter.directory.begin(self.redirection.start(files))
        self.redirection.begin((*self.setting.run.files, *files))
        self.input.begin(files)
        self.sandbox.touched.clear()
        self.sandbox.denials.clear()
        self._statements.begin()
        django_databases.put(None)
        self.handed.end()
        self.handed.begin(files)
        self.answering.clear()
        self.interpreter.put_back()
        self._files.begin()
        self.waiting.begin()
        self.randomness.begin()
        self.output.begin()
        self.calm.begin()

    def _files_of(self, call: Job) -> tuple[FileState, ...]:
        return files_with_directory(call.files, self.setting.project)

    # --- after each call ------------------------------------------------------------------------------------

    def disturb(self) -> None:
        """Somebody else may have changed files: look at them before the next call."""
        self._untidy = True
        self.calm.stir()

    def lost(self, call: Job) -> str | None:
        """What the call used of databases that the recording does not have; None where there is nothing."""
        lost = self.handed.lost or self._files.lost
        if lost is None and not self._statements.are_any():
            return None
        if lost is not None:
            return lost
        path = self._statements.attached({state.path for state in (*self.setting.run.files, *self._files_of(call))})
        return None if path is None else f"the database {path}, which was attached by SQL, is not in the recording"

    def files_changed(self) -> list[tuple[str, str]]:
        """What the call made of files and databases: (relative path, text)."""
        may_tell = self.handed.are_any() or self._connections.are_any() or self._statements.are_any()
        if not (may_tell or self.sandbox.touched or self.directory.touched_while_open()):
            return []
        self.handed.settle()
        told: dict[str, str] = {}
        if self.sandbox.touched or self.directory.touched_while_open():
            self._untidy = True
            told.update(self.directory.changes(self._file_statuses.is_of_now))
            self._is_read = not (self.handed.are_any() or self._connections.are_any())  # closing these may write
        databases = self._connections.changes(self.handed.name_of, self.directory.content_before)
        differently = {**self.handed.added(), **databases}
        for name, changes in differently.items():
            told.pop(name, None)
            if changes:
                told[name] = encode(changes)
        said = {f"{name}, in order": encode(said) for name, said in self._statements.told().items()}
        return sorted({**told, **said}.items())

    def _name_of_database(self, connection: object) -> str | None:
        path = file_of(connection)
        if path:
            return self.handed.name_of(path)
        return MEMORY if self.sandbox.is_importing else None


def _home(directory: str, project: str) -> str | None:
    """The working directory of a run, in or below the project as it lies now; None for one elsewhere.

    >>> _home("", "/shop"), _home("in", "/shop"), _home("/shop/in", "/shop"), _home("..", "/shop")
    ('/shop', '/shop/in', '/shop/in', None)
    """
    place = os.path.normpath(os.path.join(project, directory))
    return place if f"{place}/".startswith(f"{project}/") else None
