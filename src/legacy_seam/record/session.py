"""A recording, from its start to its end: `Recorder`."""

from __future__ import annotations

import os
import sys
import threading
from _blake2 import blake2b
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from time import time, time_ns
from types import CodeType, ModuleType, TracebackType
from typing import NoReturn

from legacy_seam.calls import Count, Run
from legacy_seam.record.capture import Capture
from legacy_seam.record.loader import Loader
from legacy_seam.record.sampling import DEFAULT, Policy
from legacy_seam.record.sources import Sources
from legacy_seam.store.blobs import Blobs
from legacy_seam.store.layout import Layout
from legacy_seam.store.ledger import Finding
from legacy_seam.store.spool import Spool
from legacy_seam.store.wire import run_to_data
from legacy_seam.targets import Pattern, Target
from legacy_seam.values import call_main
from legacy_seam.world.clock import timezone_name
from legacy_seam.world.environment import EnvironmentObserver
from legacy_seam.world.files import FileObserver
from legacy_seam.world.state import Places


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

    Raises:
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
    ) -> None:
        self.directory = Path.cwd()
        self._layout = Layout(Path(os.path.abspath(store)))
        self._targets = tuple(Pattern(text) for text in targets)
        self._left_out = tuple(Pattern(text) for text in exclude)
        self._command = tuple(command) or tuple(sys.orig_argv)
        self._started = time()
        self._timezone = timezone_name()
        self.run = _run_identity(self._started, self._command)
        self._spool = Spool(self._layout.spools)
        self._environment = EnvironmentObserver()
        blobs = Blobs(self._layout.blobs)
        self._files = FileObserver(blobs, self.directory, ignored=[self._layout.directory])
        self._files_of_imports = self._files.collector()
        self._importing = _Importing()
        self._imports: dict[str, None] = {}
        self._places = Places()
        self._main: tuple[str, str] | None = None
        self._capture = Capture(
            self._spool,
            self.run,
            self._wanted,
            self._places,
            self._files,
            policy,
            module_of=self.module,
            put=blobs.put,
        )
        self._loader = Loader(Sources(sources or [self.directory], exclude), self._capture, self)
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
        self._layout.prepare()
        self._is_running = True
        self._environment.start()
        self._files.start()
        self._loader.install()
        _follow_forks(self)
        self._leave = _before_exit(self._end_at_once)
        for module in self._loader.adopt(list(sys.modules.values())):
            self._places.baseline(module)
        self._write_run()

    def stop(self) -> None:
        """Record no more, and write down what is left to be written. The second time it does nothing."""
        if not self._is_running:
            return
        self._is_running = False
        self._capture.retire()
        self._loader.uninstall()
        self.flush()
        self._files.stop()
        self._environment.stop()
        self._leave()
        self._spool.close()
        _follow_forks(None)

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

        Args:
            source: its text.
            path: its file, absolute.
            plain: its code without probes.
        """
        if not self._loader.covers(path):
            return plain
        name = os.path.basename(path).partition(".")[0]
        self.expect_main(name)
        return self._loader.probed(source, path, name, plain=plain)

    def expect_main(self, name: str) -> None:
        """The module of that name is about to be run as `__main__`."""
        self._loader.expect_main(name)

    def main_begins(self, name: str, path: str) -> None:
        """The loader has found the module that is run as `__main__`."""
        self._main = (name, self._relative(path))
        call_main(name)

    def before_main(self) -> None:
        """`__main__` has defined everything and is about to begin its work."""
        try:
            if self._main is not None:
                self._places.baseline(sys.modules["__main__"], self._main[0])
                self._write_run()
        except Exception as error:
            self._find_trouble(self._main[0] if self._main else "__main__", error)

    def module(self, name: str) -> ModuleType | None:
        """The live module behind the module name of a target."""
        if self._main is not None and name == self._main[0]:
            return sys.modules.get("__main__")
        return sys.modules.get(name)

    # --- what the loader tells -----------------------------------------------------------------------------------

    def import_begins(self, name: str) -> None:
        """A module of the project is about to be executed."""
        self._imports.setdefault(name)
        self._importing.depth += 1
        if self._importing.depth == 1:
            self._files_of_imports.push()

    def import_ends(self, module: ModuleType, *, failed: bool) -> None:
        """A module of the project was executed."""
        self._importing.depth -= 1
        try:
            if not failed:
                self._places.baseline(module)
            if self._importing.depth == 0:
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
        run = self._described()
        if run != self._written:
            self._written = run
            self._spool.append("run", run_to_data(run))

    def _described(self) -> Run:
        return Run(
            identity=self.run,
            command=self._command,
            directory=str(self.directory),
            main=self._main,
            search_path=tuple(self._relative(path) for path in self._loader.search_path),
            started=self._started,
            timezone=self._timezone,
            environment=self._environment.reads,
            files=self._files_of_imports.states(),
            python=sys.version.partition(" ")[0],
            platform=sys.platform,
            commit=_commit(self.directory),
            imports=tuple(self._imports),
        )

    def _relative(self, path: str) -> str:
        return _relative(path, str(self.directory))

    def go_on_in_child(self) -> None:
        """After a fork: this process has a spool and counts of its own."""
        self._capture.begin_again_in_child()
        self._written = self._described()

    def _end_at_once(self) -> None:
        if self._is_running:
            self._capture.end_calls()
            self.flush()


class _Importing(threading.local):
    """How many modules of the project one thread is in the middle of importing."""

    def __init__(self) -> None:
        self.depth = 0


_recorder: Recorder | None = None
_follows_forks = False


def _follow_forks(recorder: Recorder | None) -> None:
    global _recorder, _follows_forks
    _recorder = recorder
    if not _follows_forks and hasattr(os, "register_at_fork"):
        _follows_forks = True
        os.register_at_fork(after_in_child=_after_fork_in_child)


def _after_fork_in_child() -> None:
    if _recorder is not None:
        _recorder.go_on_in_child()


def _before_exit(hurry: Callable[[], None]) -> Callable[[], None]:
    """Have `hurry` called before `os._exit`, by which forked children mostly end; gives what undoes it."""
    leave = os._exit

    def _exit(status: int) -> NoReturn:
        hurry()
        leave(status)

    def undo() -> None:
        if os._exit is _exit:
            os._exit = leave

    _exit.__doc__ = leave.__doc__
    os._exit = _exit
    return undo


def _run_identity(started: float, command: Sequence[str]) -> str:
    seed = f"{started} {time_ns()} {os.getpid()} {command}"
    return blake2b(seed.encode("utf-8", "surrogateescape"), digest_size=8).hexdigest()


def _relative(path: str, directory: str) -> str:
    relative = os.path.relpath(path, directory)
    return path if relative.startswith("..") else relative.replace(os.sep, "/")


def _commit(directory: Path) -> str | None:
    """The commit that is checked out, read from the files of git; None where that cannot be told."""
    for place in (directory, *directory.parents):
        head = place / ".git" / "HEAD"
        try:
            text = head.read_text("utf-8").strip()
            if not text.startswith("ref: "):
                return text or None
            return (place / ".git" / text.removeprefix("ref: ")).read_text("utf-8").strip() or None
        except (OSError, UnicodeError):
            if head.exists():
                return None
    return None
