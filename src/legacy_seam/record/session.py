"""A recording, from its start to its end: `Recorder`."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from time import time
from types import CodeType, FunctionType, ModuleType, TracebackType

from legacy_seam.calls import Count, Run
from legacy_seam.errors import SeamError
from legacy_seam.record.budget import SAVINGS
from legacy_seam.record.capture import Capture
from legacy_seam.record.children import follow
from legacy_seam.record.discretion import Discretion
from legacy_seam.record.invocation import Settings
from legacy_seam.record.loader import Loader
from legacy_seam.record.origin import commit_of, identity_of_child, new_identity, relative_to
from legacy_seam.record.process import before_exit, current, occupy
from legacy_seam.record.sampling import DEFAULT, Policy
from legacy_seam.record.sources import Sources, is_own_script
from legacy_seam.redaction import DEFAULT as NO_RULES
from legacy_seam.redaction import Redactor, Rules
from legacy_seam.rewriting.scripts import Run as Definitions
from legacy_seam.rewriting.scripts import Script
from legacy_seam.store.blobs import Blobs
from legacy_seam.store.keys import key_of
from legacy_seam.store.layout import Layout
from legacy_seam.store.ledger import Finding
from legacy_seam.store.spool import Spool
from legacy_seam.store.wire import run_to_data
from legacy_seam.targets import Pattern, Target, executed
from legacy_seam.values import call_main, keep_at_most
from legacy_seam.values.cutting import MOST_CHARACTERS
from legacy_seam.values.held import call_files
from legacy_seam.values.kinds import web_applications
from legacy_seam.values.references import call_script
from legacy_seam.world import django_setup
from legacy_seam.world.clock import timezone_name
from legacy_seam.world.environment import EnvironmentObserver
from legacy_seam.world.files import FileObserver
from legacy_seam.world.namespaces import namespace_of
from legacy_seam.world.standard_input import InputObserver
from legacy_seam.world.state import Places

_MOST_NAMED = 5


class Recorder:
    """Records the calls of a project's functions in this process, and in processes forked from it.

    Args:
        store: directory of the store (`.legacy-seam`).
        sources: directories whose source files are watched; the working directory where none is given.
        targets: patterns of targets to be recorded; all where none is given.
        exclude: shell-style patterns over paths of source files (relative to their directory of `sources`) and
            patterns of targets that are left out.
        command: what is being run, the program first.
        policy: how much is kept.
        parent: the run that started this process; "" where a person did.
        redaction: what the project says about its secrets.
        most_characters: values with a longer text are cut (see `legacy_seam.values.cutting`).
        boundaries: patterns of targets that lie outside the program: what they answer is recorded, and a replay
            does not call them.
        savings: seconds of processor time that recording may cost before it is rationed to a fifth of the time.

    Raises:
        RecordingRuns: from `start`, where this process is being recorded already.
        StoreError: from `start`, where the store cannot be made.

    >>> with Recorder(Path(".legacy-seam"), targets=["shop.rules"]):       # doctest: +SKIP
    ...     import shop.nightly
    ...     shop.nightly.main()
    """

    def __init__(
        self,
        store: Path,
        *,
        sources: Sequence[str | os.PathLike[str]] = (),
        targets: Sequence[str] = (),
        exclude: Sequence[str] = (),
        command: Sequence[str] = (),
        policy: Policy = DEFAULT,
        parent: str = "",
        redaction: Rules = NO_RULES,
        most_characters: int = MOST_CHARACTERS,
        boundaries: Sequence[str] = (),
        savings: float = SAVINGS,
    ) -> None:
        self.directory = Path.cwd()
        self._layout = Layout(Path(os.path.abspath(store)))
        self._targets = tuple(Pattern(text) for text in targets)
        self._exclude = tuple(exclude)
        self._left_out = tuple(Pattern(text) for text in exclude)
        self._command = tuple(command) or tuple(sys.orig_argv)
        self._started = time()
        self._timezone = timezone_name()
        identify = partial(identity_of_child, parent) if parent else partial(new_identity, self._started)
        self.run = identify(self._command)
        self._spool = Spool(self._layout.spools)
        self._environment = EnvironmentObserver()
        self._redaction = redaction
        self._most_characters = most_characters
        self._boundaries = tuple(boundaries)
        self._savings = savings
        self._discretion = Discretion(self._spool, Redactor(lambda: key_of(self._layout), redaction))
        blobs = Blobs(self._layout.blobs)
        self._files = FileObserver(
            blobs, self.directory, ignored=[self._layout.directory], covered=self._discretion.file
        )
        self._files_of_imports = self._files.collector()
        self._input = InputObserver(self._files)
        self._main_has_begun = False
        self._importing = _Importing()
        self._imports: dict[str, None] = {}
        self._places = Places()
        self._main: tuple[str, str] | None = None
        self._main_module: ModuleType | None = None
        self._capture = Capture(
            self._discretion,
            self.run,
            self._wanted,
            self._places,
            self._files,
            policy,
            module_of=self.module,
            put=blobs.put,
            covered=self._discretion.call,
            boundaries=self._boundaries,
            savings=savings,
        )
        self._sources = Sources(sources or [self.directory], exclude)
        self._loader = Loader(self._sources, self._capture, self)
        self._unfollow: Callable[[], None] = lambda: None
        if parent:
            self._capture.expect_a_sudden_end()
        self._written: Run | None = None
        self._is_running = False
        self._leave: Callable[[], None] = lambda: None

    def __enter__(self) -> Recorder:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Begin to record: modules imported from now on, and functions that exist already."""
        running = current()
        if running is not None:
            raise RecordingRuns(running.store)
        self._layout.prepare()
        keep_at_most(self._most_characters)
        web_applications.forget()
        self._is_running = True
        occupy(self)
        try:
            self._discretion.learn(dict(os.environ), self._command)
            self._environment.start()
            self._files.start()
            self._capture.begin()
            call_files(self._files.relative)
            self._input.start()
            self._loader.install()
            self._leave = before_exit(self._end_at_once)
            self._unfollow = follow(self)
            for module in self._loader.adopt(list(sys.modules.values())):
                self._take_note_of(module)
            self._note_functions_without_file()
            self._write_run()
        except BaseException:
            self.stop()
            raise

    @property
    def store(self) -> Path:
        """The directory of the store."""
        return self._layout.directory

    def stop(self) -> None:
        """Record no more, and write down what is left to be written. The second time it does nothing."""
        if not self._is_running:
            return
        self._is_running = False
        keep_at_most(None)
        self._capture.retire()
        self._capture.end_calls()
        self._unfollow()
        self._loader.uninstall()
        self.flush()
        self._input.stop()
        self._files.stop()
        call_files()
        self._environment.stop()
        self._leave()
        self._main_module = None  # what the script holds has to go when it would have gone
        self._places.let_go()
        self._spool.close()
        occupy(None)

    def flush(self) -> None:
        """Write down the counts and what is known of the run."""
        try:
            self._capture.write_counts()
            self._write_run()
        except OSError:  # what was kept so far is in the spool; there is nowhere to say so
            return

    def counts(self) -> Mapping[Target, Count]:
        """How many calls of each target went where, in this process."""
        return self._capture.counts()

    # --- the program's main module -------------------------------------------------------------------------------

    def main_script(self, source: bytes, path: str, plain: CodeType) -> CodeType:
        """The code of a script that is about to be run as `__main__`, with probes where it belongs to the project.

        Of a script outside the project nothing is recorded; but it belongs to the program, which it may hand
        functions and instances of its own.

        Args:
            source: its text.
            path: its file, absolute.
            plain: its code without probes.
        """
        name = os.path.basename(path).partition(".")[0]
        if not self._loader.covers(path):
            if is_own_script(path):
                self.main_begins(name, path)
            return plain
        self.expect_main(name)
        return self._loader.probed(source, path, name, plain=plain)

    def expect_main(self, name: str) -> None:
        """The module of that name is about to be run as `__main__`."""
        self._loader.expect_main(name)

    def main_begins(self, name: str, path: str) -> None:
        """The loader has found the module that is run as `__main__`."""
        self._main = (name, self._relative(path))
        call_main(name)

    def main_is_guarded(self) -> None:
        """`__main__` has a guard: what it opens before that, an import opens, too."""
        if not self._importing.is_main and not self._main_has_begun:
            self._importing.is_main = True
            self._files_of_imports.push()

    def before_main(self) -> None:
        """`__main__` has defined everything and is about to begin its work."""
        if self._main_has_begun:  # it imports itself by its name
            return
        self._main_has_begun = True
        try:
            if self._importing.is_main:
                self._importing.is_main = False
                self._files_of_imports.pop()
            if self._main is not None:
                self._main_module = sys.modules.get("__mp_main__") or sys.modules["__main__"]
                self._capture.main_begins(self._main_module)
                self._discretion.learn(vars(self._main_module))
                self._places.baseline(self._main_module, self._main[0])
                self._write_run()
        except Exception as error:
            self._find_trouble(self._main[0] if self._main else "__main__", error)

    def defined(self, script: Script, run: Definitions) -> None:
        """`__main__`, which has no guard, has defined something: that is all that a replay will execute of it."""
        try:
            if self._main is None:
                return
            name = self._main[0]
            if self._main_module is None:
                self._main_module = sys.modules.get("__mp_main__") or sys.modules["__main__"]
                self._capture.main_begins(self._main_module)
                self._places.expect_nothing(self._main_module, script.uncertain, name)
                call_script(name)
            self._discretion.learn(vars(self._main_module))
            self._places.defined(self._main_module, run.names, script.uncertain, name)
            self._write_run()
        except Exception as error:
            self._find_trouble(self._main[0] if self._main else "__main__", error)

    def module(self, name: str) -> ModuleType | None:
        """The live module behind the module name of a target."""
        if self._main is not None and name == self._main[0]:
            return self._main_module or sys.modules.get("__main__")
        module = sys.modules.get(name)
        return None if module is None else executed(module)

    def _take_note_of(self, module: ModuleType) -> None:
        """A module that was there before us: this is the state from which it departs."""
        self._discretion.learn(namespace_of(module))
        if namespace_of(module).get("__name__") == "__main__":
            self.before_main()
        else:
            self._places.baseline(module)

    def _note_functions_without_file(self) -> None:
        """Functions that were typed into a notebook or at a prompt cannot be imported again, so not be replayed."""
        namespace = vars(sys.modules["__main__"])
        file = namespace.get("__file__")
        if self._main is not None or (type(file) is str and os.path.isfile(file)):
            return
        names = [
            name
            for name, thing in list(namespace.items())
            if type(thing) is FunctionType and thing.__globals__ is namespace and not name.startswith("_")
        ]
        if names:
            what = f"__main__: {', '.join(names[:_MOST_NAMED])}{', …' if len(names) > _MOST_NAMED else ''}"
            why = (
                "not recorded: functions of a notebook or a prompt cannot be imported again; move them to a module"
            )
            self.find(Finding(None, what, why))

    # --- for `children` ------------------------------------------------------------------------------------------

    def child_settings(self) -> Settings:
        """What is to be recorded in a process that this one starts: the same as here."""
        return Settings(
            store=str(self.store),
            sources=self._sources.roots,
            targets=tuple(pattern.text for pattern in self._targets),
            exclude=self._exclude,
            parent=self.run,
            command=self._command,
            main=self._main[0] if self._main else "",
            redaction=self._redaction,
            most_characters=self._most_characters,
            boundaries=self._boundaries,
            savings=self._savings,
        )

    def before_exec(self) -> None:
        """This process is about to become another program."""
        self._end_at_once()

    # --- what the loader tells -----------------------------------------------------------------------------------

    def import_begins(self, name: str) -> None:
        """A module of the project is about to be executed."""
        self._imports.setdefault(name)
        self._importing.depth += 1
        if self._importing.depth == 1 and not self._importing.is_main:
            self._files_of_imports.push()

    def import_ends(self, module: ModuleType, *, failed: bool) -> None:
        """A module of the project was executed."""
        self._importing.depth -= 1
        try:
            self._discretion.learn(namespace_of(module))
            if not failed:
                self._places.baseline(module)
            if self._importing.depth == 0:
                if not self._importing.is_main:
                    self._files_of_imports.pop()
                self._write_run()
        except Exception as error:
            self._find_trouble(module.__name__, error)

    def find(self, finding: Finding) -> None:
        """Something could not be recorded."""
        self._capture.find(finding)

    def _find_trouble(self, module: str, error: Exception) -> None:
        self.find(Finding(None, module, f"its state was not noted: {type(error).__name__}: {error}"))

    # --- the run -------------------------------------------------------------------------------------------------

    def _wanted(self, target: Target) -> bool:
        if any(pattern.matches(target) for pattern in self._left_out):
            return False
        return not self._targets or any(pattern.matches(target) for pattern in self._targets)

    def _write_run(self) -> None:
        with self._files.looking_away():  # which commit it is, is told by files, too
            run = self._described()
        if run != self._written:
            self._spool.append("run", run_to_data(self._discretion.run(run)))
            self._written = run

    def _described(self) -> Run:
        return Run(
            identity=self.run,
            command=self._command,
            directory=str(self.directory),
            main=self._main,
            search_path=tuple(self._relative(path) for path in self._loader.search_path),
            started=self._started,
            timezone=self._timezone,
            environment=django_setup.told_in(self._environment.reads),
            files=self._files_of_imports.states(),
            python=sys.version.partition(" ")[0],
            platform=sys.platform,
            commit=commit_of(self.directory),
            imports=(*self._imports, *web_applications.factories()),
            boundaries=self._boundaries,
            answers=self._capture.asked_at_import(),
        )

    def _relative(self, path: str) -> str:
        return relative_to(path, str(self.directory))

    def go_on_in_child(self) -> None:
        """After a fork: this process has a spool and counts of its own."""
        self._capture.begin_again_in_child()
        self._written = self._described()

    def _end_at_once(self) -> None:
        if self._is_running:
            self._capture.end_calls()
            self.flush()


class RecordingRuns(SeamError):
    """This process is being recorded already."""

    def __init__(self, store: Path) -> None:
        super().__init__(f"This process is already being recorded, into {store}: end that recording first.")


class _Importing(threading.local):
    """How many modules of the project one thread is in the middle of importing; is `__main__` before its guard?"""

    def __init__(self) -> None:
        self.depth = 0
        self.is_main = False
