"""From a place that makes a function unsteady to the command that frees it: `legacy-seam insert … --call …`.

A command is only shown where it would work: the technique exists, the line names what is to be cut out without
doubt, and the technique has looked at the function and has nothing against it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from legacy_seam.golden.cures import CURES, GETTER, OUTSIDE

if TYPE_CHECKING:
    from legacy_seam.seams.technique import Technique
    from legacy_seam.source import Module, Program
    from legacy_seam.targets import Target

_SITE = re.compile(r"(?P<path>[^\s:()]+\.pyw?):(?P<line>\d+)")


@dataclass(frozen=True, slots=True)
class Advice:
    """How one place can be freed.

    source:    what is read there, as the tracer names it (`clock`), or `outside`.
    site:      where (`shop/rules.py:31`); the function where no line is known.
    technique: the name of the technique, as the book has it.
    command:   what to type.
    """

    source: str
    site: str
    technique: str
    command: str


class Adviser:
    """Knows a program's source and the techniques there are.

    Args:
        program: all its source.
    """

    def __init__(self, program: Program) -> None:
        self._program = program
        self._known: dict[str, Advice | None] = {}

    def on(self, remarks: Iterable[str], asks: Iterable[str], target: Target) -> tuple[Advice, ...]:
        """What can be done about a function.

        Args:
            remarks: what was said of it, with places in them (`clock at shop/rules.py:31`).
            asks: full names of what it asks outside (`urllib.request.urlopen`).
            target: the function.

        Returns:
            one advice for each place of which a technique is sure, in the order given.
        """
        sites = (found.group() for remark in remarks for found in _SITE.finditer(remark))
        found = [*map(self.at, dict.fromkeys(sites)), *(self.of_question(target, asked) for asked in asks)]
        return tuple({one.command: one for one in found if one is not None}.values())

    def at(self, site: str) -> Advice | None:
        """What can be done about the source that is read at a place (`shop/rules.py:31`)."""
        if site not in self._known:
            self._known[site] = self._at(site)
        return self._known[site]

    def beside(self, target: Target) -> tuple[Advice, ...]:
        """What can be done about all sources that a function and the others of its class read, as their text tells.

        For a function that could not be replayed, so that nobody knows which of them move it.
        """
        path = self._program.path_of(target.module)
        module = self._module(path)
        if module is None or path is None:
            return ()
        owner = target.qualname.rpartition(".")[0]
        sites: list[str] = []
        for one in module.functions:
            if one.target == target or (owner and one.target.qualname.rpartition(".")[0] == owner):
                lines = range(one.first_line, one.last_line + 1)
                sites += [f"{self._told(path)}:{line}" for line in _certain(module, _SOURCES, lines)]
        found = map(self.at, dict.fromkeys(sites))
        return tuple({one.command: one for one in found if one is not None}.values())

    def of_question(self, target: Target, asked: str) -> Advice | None:
        """What can be done about a question to the outside that a function asks."""
        module = self._module(self._program.path_of(target.module))
        function = next(iter(module.functions_named(target.qualname)), None) if module else None
        if module is None or function is None:
            return None
        lines = range(function.first_line, function.last_line + 1)
        if asked not in _certain(module, [asked], lines).values():
            return None
        return self._advice("outside", str(target), target, [OUTSIDE, GETTER], asked)

    def _at(self, site: str) -> Advice | None:
        path, _, number = site.rpartition(":")
        line = int(number)
        module = self._module(self._file(path))
        function = module.function_at(line) if module else None
        if module is None or function is None:
            return None
        within = range(function.first_line, function.last_line + 1)
        found = _certain(module, _SOURCES, within)
        calls = {found[line]} if line in found else set(found.values())
        if len(calls) != 1:  # a call of several lines is found by being the only one
            return None
        call = calls.pop()
        source = _SOURCES[call]
        return self._advice(source, site, function.target, [CURES[source].technique, GETTER], call)

    def _advice(self, source: str, site: str, target: Target, names: Iterable[str], call: str) -> Advice | None:
        for technique in self._techniques(names):
            if self._is_sound(technique, target, call):
                command = f"legacy-seam insert {technique.name} {target} --call {call}"
                return Advice(source, site, technique.feathers, command)
        return None

    def _techniques(self, names: Iterable[str]) -> Iterator[Technique]:
        """Those of the names that there are and that take the name of a call."""
        for name in dict.fromkeys(names):
            technique = self._catalogue.get(name)
            if technique is not None and any(option.name == "call" for option in technique.options):
                yield technique

    @cached_property
    def _catalogue(self) -> Mapping[str, Technique]:
        from legacy_seam.seams.catalogue import catalogue

        return catalogue()

    def _is_sound(self, technique: Technique, target: Target, call: str) -> bool:
        from legacy_seam.seams.job import Job
        from legacy_seam.seams.plan import Refused

        try:
            plan = technique.plan(Job(self._program, target, {"call": call}))
        except Refused:
            return False
        return bool(plan.changes) and not plan.refusals

    def _file(self, path: str) -> Path | None:
        """The file that a place names, which is relative to the directory it is imported from."""
        known = set(self._program.files)
        return next((root / path for root in self._program.roots if root / path in known), None)

    def _told(self, path: Path) -> str:
        """A file as places name it."""
        root = next((root for root in self._program.roots if root in path.parents), path.parent)
        return path.relative_to(root).as_posix()

    def _module(self, path: Path | None) -> Module | None:
        from legacy_seam.source import Module

        found = None if path is None else self._program.read(path)
        return found if isinstance(found, Module) else None


_SOURCES: Mapping[str, str] = {call: source for source, cure in CURES.items() for call in cure.calls}


def _certain(module: Module, names: Iterable[str], lines: range) -> dict[int, str]:
    """By line, what is used there of some names, where that is certain."""
    from legacy_seam.source.search import Wanted

    return {
        site.line: site.dotted for site in Wanted(names).sites(module) if site.is_certain and site.line in lines
    }
