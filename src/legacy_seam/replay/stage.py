"""The controlled world of one worker: set up once for a run, put back before each call."""

from __future__ import annotations

import contextlib
import gc
import locale
import os
import sys
import time
import types
from collections.abc import Callable, Iterable, Iterator

from legacy_seam.calls import Call
from legacy_seam.replay.batch import Setting
from legacy_seam.replay.importing import Importer, search_path
from legacy_seam.world import environment, processes
from legacy_seam.world.clock import Clock
from legacy_seam.world.databases import Connections, SqlFunctions
from legacy_seam.world.directory import PrivateDirectory
from legacy_seam.world.interpreter import Interpreter
from legacy_seam.world.output import Output
from legacy_seam.world.randomness import Randomness
from legacy_seam.world.sandbox import Sandbox
from legacy_seam.world.sites import Sites
from legacy_seam.world.snapshot import Snapshot, give_content, replace_in_graph, written_elsewhere
from legacy_seam.world.state import ABSENT, ATOMS, Places
from legacy_seam.world.substitution import Substitution

_CASES_BETWEEN_COLLECTIONS = 200


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
        roots = [setting.project, *search_path(run, setting.project, setting.search_path)]
        self.sites = Sites([*roots, *(p for p in run.search_path if os.path.isabs(p))])
        self.clock = Clock()
        self.randomness = Randomness(conditions.random_seed)
        self.output = Output(self.sites)
        self.sandbox = Sandbox(setting.directory, self.sites)
        self.directory = PrivateDirectory(setting.directory, content_of)
        self.importer = Importer(run, setting.project, setting.search_path, self.sites, self._imported)
        self.interpreter = Interpreter(setting.directory, self.sites)
        self._substitution = Substitution([])
        self._connections = Connections()
        self._snapshots: dict[str, Snapshot] = {}
        self._untidy = True
        self._changed: dict[str, None] = {}
        self._since_collection = 0

    # --- once -----------------------------------------------------------------------------------------------

    def set_up(self) -> None:
        """Make the world and import the program in it."""
        setting, run = self.setting, self.setting.run
        started = run.started + setting.conditions.clock_shift
        self.directory.restore(run.files, run.started)
        self._enter_surroundings()
        self.clock.start(started)
        self.output.start(run.started)
        self._substitution.add(
            [
                *self.clock.replacements(),
                *self.randomness.replacements(),
                *processes.replacements(self.sandbox.refuse),
                *self.sandbox.replacements(),
                *SqlFunctions(self.randomness.bytes).replacements(),
            ]
        )
        sys.dont_write_bytecode = True
        self.sandbox.install()
        self.randomness.begin()
        with self.importing():
            self.importer.prepare()
        self.importer.took_more()
        self.settle()

    @contextlib.contextmanager
    def importing(self) -> Iterator[None]:
        """While modules of the program are imported."""
        self.sandbox.armed = self.sandbox.is_importing = True
        try:
            yield
        finally:
            self.sandbox.armed = self.sandbox.is_importing = False

    def settle(self) -> None:
        """Take the world as it is now, after an import, for the one in which every call begins."""
        self._substitution.add(self.randomness.numpy_replacements())
        for module in self.places.modules().values():
            self._substitution.apply_to(module)
        self.output.baseline()
        self._connections.take(self.sandbox.connections)
        self.sandbox.connections.clear()
        self.directory.baseline([*self.sandbox.touched, *self.sandbox.databases], self.setting.run.started)
        self.sandbox.touched.clear()
        self.sandbox.denials.clear()
        self.interpreter.baseline()
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
        time.tzset()
        try:
            locale.setlocale(
                locale.LC_CTYPE, "" if any(n in values for n in ("LANG", "LC_ALL", "LC_CTYPE")) else "C.UTF-8"
            )
        except locale.Error:  # that locale is not installed here
            locale.setlocale(locale.LC_CTYPE, "C.UTF-8")

    def _imported(self, module: types.ModuleType, name: str) -> None:
        self._substitution.apply_to(module)
        self.places.baseline(module, name)

    # --- before each batch ----------------------------------------------------------------------------------

    def reach(self, codes: Iterable[types.CodeType]) -> tuple[str, ...]:
        """The places that these codes can reach; from now on they can be put back to what they hold now."""
        reached = self.places.reachable(codes)
        self._remember(reached)
        return reached

    def _remember(self, names: Iterable[str]) -> None:
        for name in names:
            if name not in self._snapshots and self.places.has_baseline(name):
                self._snapshots[name] = Snapshot([self.places.at_baseline(name)])

    # --- before each call -----------------------------------------------------------------------------------

    def begin(self, call: Call) -> None:
        """Put everything back to how it was when the recorded call began, except its arguments and state."""
        conditions = self.setting.conditions
        instant = call.instant + conditions.clock_shift
        self._connections.put_back()
        untidy = self._untidy or bool(self.sandbox.touched) or self.directory.touched_while_open()
        self.directory.begin(call.files, call.instant, untidy)
        self._untidy = False
        self.sandbox.touched.clear()
        self.sandbox.denials.clear()
        self.interpreter.put_back()
        self.places.clear_caches()
        self._collect_garbage()
        self.clock.set(instant)
        self.randomness.begin()
        self.output.begin()

    def _collect_garbage(self) -> None:
        self._since_collection += 1
        if self._since_collection >= _CASES_BETWEEN_COLLECTIONS:
            self._since_collection = 0
            gc.collect()

    def take_state(self, roots: dict[str, object], names: Iterable[str]) -> list[str]:
        """Put recorded state into the places it was found in; the names of places that are gone.

        The object that is there now takes over the content, where it can: others may hold it.

        Args:
            roots: freshly decoded values by name; arguments among them may refer to the same objects.
            names: which of them are state.
        """
        gone: list[str] = []
        replaced: dict[int, object] = {}
        for name in names:
            place = self.places.place(name)
            if place is None:
                gone.append(name)
                continue
            self._remember([name])
            self._changed[name] = None
            value, present = roots[name], place.read()
            if give_content(present, value):
                replaced[id(value)] = present
            elif present is not ABSENT and type(present) not in ATOMS:
                holders = written_elsewhere(self.places.all(), present, value)
                self._remember([holder.name for holder in holders])
                self._changed.update(dict.fromkeys(holder.name for holder in holders))
                place.write(value)
            else:
                place.write(value)
        if replaced:
            replace_in_graph(roots.values(), replaced)
            roots.update({name: replaced[id(value)] for name, value in roots.items() if id(value) in replaced})
        return gone

    # --- after each call ------------------------------------------------------------------------------------

    def put_back(self, names: Iterable[str]) -> None:
        """Put places back to what they held after the import."""
        for name in dict.fromkeys([*names, *self._changed]):
            place = self.places.place(name)
            if place is None:
                continue
            held = self.places.at_baseline(name) if self.places.has_baseline(name) else ABSENT
            if place.read() is not held:
                place.write(held)
            snapshot = self._snapshots.get(name)
            if snapshot is not None:
                snapshot.put_back()
        self._changed.clear()

    def disturb(self) -> None:
        """Somebody else may have changed files: look at them before the next call."""
        self._untidy = True

    def files_changed(self) -> list[tuple[str, str]]:
        """What the call made of the files: (relative path, text)."""
        if not (self.sandbox.touched or self.directory.touched_while_open()):
            return []
        self._untidy = True
        return self.directory.changes()
