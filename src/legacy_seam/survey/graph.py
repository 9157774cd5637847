"""Who calls whom, and what each function touches: directly, and through what it calls."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from legacy_seam.survey.catalogue import Kind, nature_of
from legacy_seam.survey.facts import IN_PLACE, Function, Module, Site
from legacy_seam.survey.linking import Linker, Meaning
from legacy_seam.survey.names import SETS

_LISTINGS: Final = frozenset(
    [
        "os.listdir()",
        "os.scandir()",
        "os.walk()",
        "glob.glob()",
        "glob.iglob()",
        "pathlib.Path().iterdir()",
        "pathlib.Path().glob()",
        "pathlib.Path().rglob()",
        "pathlib.Path().walk()",
    ]
)
_UNSTABLE_CALLS: Final = {
    "builtins.id": "id() is another in every run",
    "builtins.hash": "hash() of texts is another in every run",
    "asyncio.as_completed": "the order in which tasks end",
    "concurrent.futures.as_completed": "the order in which tasks end",
}


@dataclass(frozen=True, slots=True)
class Touch:
    """One place where a function touches something outside of itself.

    what:    the name of a library, or of a global.
    writes:  may what is outside be different afterwards?
    is_sure: False where it is judged by the name of a method alone.
    through: the variable of a module of the program that it is reached through: `conn` of `conn.execute()`.
    """

    kind: Kind
    what: str
    line: int
    writes: bool = False
    is_sure: bool = True
    through: str | None = None


@dataclass(frozen=True, slots=True)
class Reach:
    """How a function comes to a kind of effect.

    steps: how many calls away it is; 0 where it does it itself.
    via:   the function it calls on the way there; None where it does it itself.
    """

    steps: int
    via: str | None


@dataclass(frozen=True)
class Graph:
    """The functions of a program, by their paths.

    functions: all of them, those of tests included.
    tests:     paths of those that belong to tests.
    calls:     caller → callee → whether that is sure, or only what the name of a method suggests.
    touches:   what each touches itself.
    unstable:  where its outcome may differ from run to run although nothing outside does.
    makes:     the classes of the program of which each makes objects itself, and where.
    """

    functions: Mapping[str, Function]
    tests: frozenset[str]
    calls: Mapping[str, Mapping[str, bool]]
    touches: Mapping[str, Sequence[Touch]]
    unstable: Mapping[str, Sequence[Site]]
    makes: Mapping[str, Sequence[Site]]

    @cached_property
    def callers(self) -> Mapping[str, Sequence[str]]:
        """Callee → callers, tests included."""
        found: dict[str, list[str]] = {path: [] for path in self.functions}
        for caller, callees in self.calls.items():
            for callee in callees:
                found[callee].append(caller)
        return found

    @cached_property
    def program(self) -> Sequence[str]:
        """Paths of the functions that do not belong to tests."""
        return [path for path in self.functions if path not in self.tests]

    @cached_property
    def reaches(self) -> Mapping[str, Mapping[tuple[Kind, bool], Reach]]:
        """How each function comes to each kind of effect, reading (False) or writing (True), by the nearest way."""
        starts: dict[tuple[Kind, bool], list[str]] = {}
        for path, touches in self.touches.items():
            for effect in dict.fromkeys((one.kind, one.writes) for one in touches):
                starts.setdefault(effect, []).append(path)
        found: dict[str, dict[tuple[Kind, bool], Reach]] = {path: {} for path in self.functions}
        for effect, direct in starts.items():
            for path, reach in self._spread(direct, self.callers).items():
                found[path][effect] = reach
        return found

    def below(self, starts: Iterable[str]) -> Mapping[str, int]:
        """What functions reach by calls that are sure, with the number of calls; 0 for themselves."""
        sure = {
            caller: [callee for callee, is_sure in callees.items() if is_sure]
            for caller, callees in self.calls.items()
        }
        return {path: reach.steps for path, reach in self._spread(starts, sure).items()}

    @staticmethod
    def _spread(starts: Iterable[str], along: Mapping[str, Sequence[str]]) -> dict[str, Reach]:
        found = {path: Reach(0, None) for path in starts}
        waiting = deque(found)
        while waiting:
            path = waiting.popleft()
            for other in along.get(path, ()):
                if other not in found:
                    found[other] = Reach(found[path].steps + 1, path)
                    waiting.append(other)
        return found


def link(modules: Sequence[Module]) -> Graph:
    """Put the modules of a program together."""
    return _Linking(modules).graph()


class _Linking:
    def __init__(self, modules: Sequence[Module]) -> None:
        self._linker = Linker(modules)
        self._functions = self._linker.functions
        self._tests = frozenset(one.path for module in modules if module.is_test for one in module.functions)
        self._shared = self._shared_variables()

    def graph(self) -> Graph:
        calls: dict[str, dict[str, bool]] = {}
        touches: dict[str, Sequence[Touch]] = {}
        unstable: dict[str, Sequence[Site]] = {}
        makes: dict[str, Sequence[Site]] = {}
        for path, function in self._functions.items():
            calls[path] = self._calls_of(function)
            touches[path] = self._touches_of(function)
            unstable[path] = self._unstable_in(function)
            makes[path] = self._made_by(function)
        return Graph(self._functions, self._tests, calls, touches, unstable, makes)

    # -------------------------------------------------------------------------------------------- calls

    def _calls_of(self, function: Function) -> dict[str, bool]:
        found: dict[str, bool] = {}
        for use in function.uses:
            meaning = self._linker.meaning(_unmarked(use.path))
            for callee, is_sure in self._callees(meaning, called=use.called):
                if callee != function.path:
                    found[callee] = found.get(callee, False) or is_sure
        return found

    def _callees(self, meaning: Meaning, *, called: bool) -> Iterable[tuple[str, bool]]:
        linker = self._linker
        if meaning.what == "function":
            yield meaning.path, True
            yield from ((one, False) for one in linker.overriding(meaning.path))
        elif meaning.what == "class" and called:
            for owner in linker.ancestry(meaning.path):
                for name in ("__new__", "__init__", "__post_init__"):
                    if f"{owner}.{name}" in self._functions:
                        yield f"{owner}.{name}", True
        elif meaning.what == "variable":
            for one in linker.table(meaning.path):
                mentioned = linker.meaning(one)
                if mentioned.what == "function":
                    yield mentioned.path, True
            held = linker.held(meaning)
            if called and held.what in ("function", "class"):
                yield from self._callees(held, called=True)
        elif meaning.what == "unknown" and called:
            yield from ((one, False) for one in linker.candidates(meaning.path.rpartition(".")[2]))

    def _made_by(self, function: Function) -> Sequence[Site]:
        found: dict[str, Site] = {}
        for use in function.uses:
            meaning = self._linker.meaning(use.path) if use.called else None
            if meaning is not None and meaning.what == "class":
                found.setdefault(meaning.path, Site(meaning.path, use.line))
        return tuple(found.values())

    # -------------------------------------------------------------------------------------------- what is touched

    def _touches_of(self, function: Function) -> Sequence[Touch]:
        found: dict[tuple[Kind, bool, int], Touch] = {}
        told = [self._touch_of(use.path, use.line, called=use.called) for use in function.uses]
        told += [self._written(site) for site in function.writes]
        for touch in told:
            if touch is not None:
                place = (touch.kind, touch.writes, touch.line)
                if place not in found or len(touch.what) < len(found[place].what):
                    found[place] = touch
        return tuple(sorted(found.values(), key=lambda touch: touch.line))

    def _touch_of(self, path: str, line: int, *, called: bool) -> Touch | None:
        variable = self._variable_in(path)
        if variable in self._shared:
            return Touch("globals", variable, line)
        meaning = self._linker.meaning(path)
        if meaning.what not in ("outside", "unknown"):
            return None
        if meaning.what == "unknown" and self._linker.candidates(meaning.path.rpartition(".")[2]):
            return None
        nature = nature_of(meaning.path, called=called)
        if nature is None:
            return None
        return Touch(nature.kind, _named(meaning.path), line, nature.writes, nature.is_sure, variable)

    def _written(self, site: Site) -> Touch | None:
        path = _unmarked(site.what)
        meaning = self._linker.meaning(path)
        if meaning.what == "outside":
            nature = nature_of(meaning.path, called=False)
            if nature is not None and nature.kind == "environment":
                return Touch("environment", _named(meaning.path), site.line, True)
        if site.what.endswith(IN_PLACE) and meaning.what in ("outside", "module", "function", "instance"):
            return None  # `os.remove(path)` takes nothing out of `os`
        return Touch("globals", self._variable_in(path) or path, site.line, True)

    def _shared_variables(self) -> frozenset[str]:
        """Variables of modules that functions of the program change while it runs."""
        return frozenset(
            variable
            for function in self._functions.values()
            if function.is_named and function.path not in self._tests
            for site in function.writes
            if (variable := self._variable_in(_unmarked(site.what))) is not None
        )

    def _variable_in(self, path: str) -> str | None:
        """The variable of a module of the program that a path begins with, by the name it has there."""
        end = 0
        while end >= 0 and not path.startswith("?"):
            end = path.find(".", end + 1)
            first = path if end < 0 else path[:end]
            if first.endswith((")", "]")):
                return None
            meaning = self._linker.meaning(first)
            if meaning.what == "variable":
                return meaning.path
            if meaning.what != "module" and "." in first:
                return None
        return None

    # -------------------------------------------------------------------------------------------- order

    def _unstable_in(self, function: Function) -> Sequence[Site]:
        found: dict[Site, None] = {}
        for site in function.iterates:
            meaning = self._linker.meaning(site.what)
            if meaning.what == "variable":
                meaning = self._linker.held(meaning)
            if meaning.path in SETS:
                found[Site("the order of a set", site.line)] = None
            elif meaning.path in _LISTINGS:
                found[Site("the order of a directory", site.line)] = None
        for use in function.uses:
            if use.called and use.path in _UNSTABLE_CALLS:
                found[Site(_UNSTABLE_CALLS[use.path], use.line)] = None
        return tuple(found)


def _unmarked(path: str) -> str:
    return path.partition("[")[0] if path.endswith("]") else path


def _named(path: str) -> str:
    """A path as people would say it.

    >>> _named("sqlite3.connect().cursor().execute"), _named("builtins.open[w]"), _named("?.execute")
    ('sqlite3.connect().cursor().execute', 'open', '.execute')
    """
    return _unmarked(path).removeprefix("builtins.").removeprefix("?")
