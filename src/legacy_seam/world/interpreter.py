"""What belongs to the process as a whole: what a call changes of it is told, and put back for the next one."""

from __future__ import annotations

import _locale
import importlib
import locale
import os
import signal
import sys
import types
from collections.abc import Iterable
from contextvars import Context, ContextVar, copy_context
from importlib.machinery import ExtensionFileLoader
from typing import Any

from legacy_seam.world.ambient import Ambient, all_ambient
from legacy_seam.world.ambient.patches import patches
from legacy_seam.world.calm import Calm
from legacy_seam.world.recursion import RecursionLimit
from legacy_seam.world.sites import Sites
from legacy_seam.world.working_directory import WorkingDirectory

_OF_PYTHON = os.path.join(os.path.dirname(os.__file__), "lib-dynload")
_timer_left = signal.getitimer
_CHEAP_TO_LOAD = frozenset({"decimal", "json", "threading", "_csv", "_socket"})

Change = tuple[str, object, bool]
"""(place, what is there now, is there anything?)"""


class Looks:
    """What is looked at after a call.

    Args:
        looked_at: each such thing, and what it is before every call.
        calm: knows whether anybody would have heard.
    """

    __slots__ = ("_calm", "_heard", "_looked_at", "_unheard")

    def __init__(self, looked_at: Iterable[tuple[Ambient, Any]] = (), calm: Calm | None = None) -> None:
        self._looked_at = tuple(looked_at)
        self._calm = calm or Calm()
        looks = [(one.is_heard, one.look or one.read, before) for one, before in self._looked_at]
        self._unheard = [(look, before) for is_heard, look, before in looks if not is_heard]
        self._heard = [(look, before) for is_heard, look, before in looks if is_heard]

    def hold(self) -> bool:
        """Is all of it as it was?"""
        for look, before in self._unheard:
            if look() != before:
                return False
        nothing_was_heard = self._calm.hears_all and not self._calm.is_over
        return nothing_was_heard or all(look() == before for look, before in self._heard)

    def departed(self) -> list[tuple[Ambient, Any, Any]]:
        """What is not, with what it was and what it is now."""
        departed: list[tuple[Ambient, Any, Any]] = []
        for one, before in self._looked_at:
            if (one.look or one.read)() != before:
                now = one.read()
                departed.append((one, before, now))
                if one.module == "builtins":  # nothing else works before that
                    one.put_back(before)
        return departed


class Interpreter:
    """Environment, locale, contexts, limits, hooks (`ambient`), the working directory, timers, loaded modules.

    Reading all of it costs more than most calls do: only what the code can get at is looked at, by its names.

    Args:
        directory: the working directory of calls of which no other is known.
        sites: tells which modules are the project's.
        calm: is told what Python itself changes, and of code in C that is not Python's own.
    """

    def __init__(self, directory: str, sites: Sites, calm: Calm) -> None:
        self._calm = calm
        self._known: frozenset[str] = frozenset()
        self.recursion = RecursionLimit()
        self.directory = WorkingDirectory(directory)
        self._sites = sites
        self._modules: set[str] = set()
        self._ambient: tuple[Ambient, ...] = ()
        self._held: dict[int, Any] = {}

    def know_modules(self) -> None:
        """All that is loaded now is Python's own, or ours."""
        self._known = frozenset(sys.modules)

    def baseline(self, modules: Iterable[types.ModuleType]) -> None:
        """Take all of it as it is now, after the import, for that of every call.

        Args:
            modules: those of the project.
        """
        self.directory.begin()
        self.recursion.take()
        self._ambient = (self.directory.ambient(), *all_ambient(), *patches(modules, self._is_ours))
        self._held = {at: _read(one) for at, one in enumerate(self._ambient) if one.module in sys.modules}
        self._modules = set(sys.modules)
        if any(is_foreign(sys.modules[name]) for name in self._modules - self._known):
            self._calm.meet_foreign_code()

    def reached_by(self, names: frozenset[str]) -> Looks:
        """What code that uses these names can get at, and what it is before every call."""
        reached = [at for at, one in enumerate(self._ambient) if one.is_reached_by(names)]
        for at in reached:
            one = self._ambient[at]
            if at not in self._held and (one.module in sys.modules or one.module in _CHEAP_TO_LOAD):
                importlib.import_module(one.module)
                self._held[at] = _read(one)
        return Looks([(self._ambient[at], self._held[at]) for at in reached if at in self._held], self._calm)

    def changes(self, context: Context, looks: Looks) -> list[Change]:
        """What a call changed, place by place; everything is put back.

        Args:
            context: the context in which the call ran.
            looks: what is looked at.
        """
        limit = self.recursion
        if context.run(looks.hold) and limit.now == limit.at_first and not len(context):
            return []
        departed = context.run(looks.departed)
        for one, held, _ in departed:
            one.put_back(held)
        found = [change for one, held, now in departed for change in _differing(one.tell(held), one.tell(now))]
        if limit.now != limit.at_first:
            found.append(("sys.getrecursionlimit()", limit.now, True))
        return found + self._changed_variables(context)

    def _changed_variables(self, context: Context) -> list[Change]:
        """Context variables of the project that the call has set."""
        before = copy_context()
        return [
            (f"{variable.name}.get()", thing, True)
            for variable, thing in context.items()
            if before.get(variable, self) is not thing and self._is_held(variable)
        ]

    def _is_held(self, variable: ContextVar[Any]) -> bool:
        return any(
            held is variable
            for module in list(sys.modules.values())
            if self._is_ours(module)
            for held in list(vars(module).values())
        )

    def _is_ours(self, module: object) -> bool:
        return self._sites.relative(getattr(module, "__file__", None) or "") is not None

    def put_back(self) -> None:
        """Put back what nobody tells of."""
        signal.setitimer(signal.ITIMER_REAL, 0)
        if len(sys.modules) != len(self._modules):
            self._forget_modules()

    def is_untouched(self) -> bool:
        """Is nothing to be put back by `put_back`?"""
        if len(sys.modules) != len(self._modules):
            return False
        return self._calm.hears_all or _timer_left(signal.ITIMER_REAL)[0] == 0.0  # see `alarms`

    def _forget_modules(self) -> None:
        """Forget modules of the project that a call imported: what their import does is part of each call."""
        for name in [name for name in sys.modules if name not in self._modules]:
            file = getattr(sys.modules[name], "__file__", None)
            if isinstance(file, str) and self._sites.relative(file) is not None:
                del sys.modules[name]
                package, _, last = name.rpartition(".")
                if package in sys.modules:
                    vars(sys.modules[package]).pop(last, None)
            else:
                self._modules.add(name)
                if is_foreign(sys.modules[name]):
                    self._calm.meet_foreign_code()

    def replacements(self) -> list[tuple[object, str, object]]:
        """What to put in place of what: (module, name in it, function)."""
        setlocale = _locale.setlocale

        def setlocale_(category: int, locale: str | None = None, /) -> str:
            self._calm.stir()
            return setlocale(category, locale)

        setlocale_.__name__ = setlocale_.__qualname__ = "setlocale"
        setlocale_.__module__ = "_locale"
        return [(_locale, "setlocale", setlocale_), (locale, "_setlocale", setlocale_)]


def is_foreign(module: object) -> bool:
    """Was this compiled, and is no part of Python?"""
    spec: Any = getattr(module, "__spec__", None)
    if not isinstance(getattr(spec, "loader", None), ExtensionFileLoader):
        return False
    return os.path.dirname(str(spec.origin)) != _OF_PYTHON


def _read(one: Ambient) -> Any:
    """What is there, read so that no context variable is set by that: every call would begin with it."""
    return copy_context().run(one.read)


def _differing(before: Any, now: Any) -> list[Change]:
    changed = [
        (place, thing, True) for place, thing in now.items() if place not in before or before[place] != thing
    ]
    return changed + [(place, None, False) for place in before if place not in now]
