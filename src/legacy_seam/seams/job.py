"""What a technique is asked to do, and what it may ask in return."""

from __future__ import annotations

import ast
import builtins
import keyword
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import NoReturn

from legacy_seam.seams.editing import Edits, first_line
from legacy_seam.seams.plan import EnablingPoint, Plan, Reason, Refusal, Refused
from legacy_seam.source import Exactly, Function, Hierarchy, Module, Program, Site, Skipped
from legacy_seam.source.search import Wanted
from legacy_seam.targets import Target


@dataclass
class Job:
    """One technique applied to one target of a program.

    Args:
        program: all its source.
        target: `module:qualname`.
        options: what the user said besides, by name (`call`, `name`, `lines`).
    """

    program: Program
    target: Target
    options: Mapping[str, str] = field(default_factory=dict)
    refusals: list[Refusal] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    # --- the program ----------------------------------------------------------------------------------------

    @cached_property
    def module(self) -> Module:
        """The target's module.

        Raises:
            Refused: where there is none, it cannot be parsed, or it is not for people to edit.
        """
        path = self.program.path_of(self.target.module)
        if path is None:
            where = next(iter(self.program.roots), None)
            self.refuse(
                Reason.NO_SUCH_TARGET, 0, f"there is no module {self.target.module} below {where or 'here'}"
            )
        found = self.program.read(path)
        if isinstance(found, Skipped):
            raise Refused(Refusal(Reason.UNPARSABLE, path, found.line, found.reason))
        line = found.source.generated_at
        if line is not None:
            reason = (
                "it says that it is generated, and an edit is gone the next time: change what it is generated from"
            )
            raise Refused(Refusal(Reason.GENERATED, path, line, reason))
        return found

    @cached_property
    def function(self) -> Function:
        """The target.

        Raises:
            Refused: where there is no such function, or more than one.
        """
        found = _that_are_meant(self.module.functions_named(self.target.qualname))
        if not found:
            names = [one.target.qualname for one in self.module.functions]
            near = _nearest(self.target.qualname, names)
            self.refuse(Reason.NO_SUCH_TARGET, 0, f"there is no function {self.target.qualname}{near}")
        if len(found) > 1:
            lines = ", ".join(str(one.first_line) for one in found)
            reason = f"`{self.target.qualname}` is defined {len(found)} times (lines {lines})"
            self.refuse(Reason.REDEFINED, found[1].first_line, reason)
        return found[0]

    @property
    def hierarchy(self) -> Hierarchy:
        """The classes of the whole program. It is read for this: ask only where a class matters."""
        return self.program.hierarchy

    @cached_property
    def edits(self) -> Edits:
        """The edits of the target's module."""
        return Edits(self.module)

    @property
    def class_name(self) -> str | None:
        """The full name of the class that the target is a method of."""
        inner = self.function.class_name
        return f"{self.target.module}.{inner}" if inner else None

    @cached_property
    def statement(self) -> ast.stmt:
        """The top-level statement that the target stands in."""
        line = self.function.node.lineno
        return next(one for one in self.module.tree.body if first_line(one) <= line <= (one.end_lineno or 0))

    def sites(self, dotted: str) -> Iterator[Site]:
        """Where the target's text uses something by its full name, those that are unclear too."""
        first, last = self.function.first_line, self.function.last_line
        found = [one for one in Wanted([dotted]).sites(self.module) if first <= one.line <= last]
        yield from sorted(found, key=lambda one: (one.line, one.node.col_offset))

    # --- options --------------------------------------------------------------------------------------------

    def option(self, name: str) -> str | None:
        """What the user said of an option, if anything."""
        return self.options.get(name)

    def required(self, name: str, what: str) -> str:
        """What the user said of an option that must be given.

        Raises:
            Refused: where it was not.
        """
        value = self.options.get(name)
        if not value:
            self.refuse(Reason.OPTION_MISSING, 0, f"{what}: say which with --{name}")
        return value

    def fresh_name(self, *defaults: str) -> str:
        """A name for something new: the one the user chose, or the first that is free, if need be with a number.

        A name must be free everywhere it matters.

        Raises:
            Refused: where the user's choice is taken or is no name.
        """
        chosen = self.option("name")
        if chosen:
            self.checked_name(chosen)
            line = self.line_using(chosen)
            if line is not None:
                where = f" (line {line})" if line else " by Python itself"
                self.refuse(Reason.NAME_TAKEN, line, f"`{chosen}` is used{where}; choose another with --name")
            return chosen
        candidates = [*defaults, *(f"{defaults[0]}_{number}" for number in range(2, 100))]
        return next(one for one in candidates if self.line_using(one) is None)

    def checked_name(self, name: str) -> str:
        """A name that the user chose.

        Raises:
            Refused: where Python does not take it for one, or a class would spell it differently.
        """
        if not name.isidentifier() or keyword.iskeyword(name) or name.startswith("__"):
            self.refuse(
                Reason.NAME_TAKEN, 0, f"`{name}` is not a name that can be used here; choose another with --name"
            )
        return name

    def line_using(self, name: str) -> int | None:
        """A line of the target's module that mentions a name in any way, 0 for a builtin; None where it is free.

        Strings count as well: `mock.patch("shop.rules._now")` and `getattr(self, "_now")` are uses.
        """
        if hasattr(builtins, name):
            return 0
        found = re.search(rf"(?<!\w){re.escape(name)}(?!\w)", self.module.source.text)
        return self.module.source.line_at(found.start()) if found else None

    # --- answers --------------------------------------------------------------------------------------------

    def refuse(self, code: Reason, line: int, reason: str, *instead: str) -> NoReturn:
        """Refuse all of it.

        Raises:
            Refused: always.
        """
        path = self.program.path_of(self.target.module)
        raise Refused(Refusal(code, path or _nowhere(self.target), line, reason, instead))

    def refuse_what_was_left(self) -> None:
        """Refuse all of it for the reason of the last place that was left alone, where there is one.

        Raises:
            Refused: where there is.
        """
        if self.refusals:
            raise Refused(self.refusals.pop())

    def refuse_unused(self, full_name: str) -> NoReturn:
        """Refuse because the target does not use what it should; tells what was meant, perhaps.

        Raises:
            Refused: always.
        """
        lines = range(self.function.first_line, self.function.last_line + 1)
        meanings = [self.module.meaning(one) for one in self.module.references(lines)]
        used = sorted({one.dotted for one in meanings if isinstance(one, Exactly)})
        home, _, last = full_name.rpartition(".")
        same = [one for one in used if one.rpartition(".")[2] == last]
        reason = f"`{self.target.qualname}` does not use {full_name}"
        if same:
            reason += f", but {' and '.join(same)}"
        elif home == self.target.module and last in self.module.scope.bindings:
            reason = f"`{last}` is a variable of {home}: see encapsulate-global-reference {home}:{last}"
        else:
            reason += _nearest(full_name, used)
        self.refuse(Reason.NOTHING_TO_DO, self.function.first_line, reason)

    def leave(self, code: Reason, line: int, reason: str, *instead: str) -> None:
        """Leave one place alone and go on with the others."""
        self.refusals.append(Refusal(code, self.module.path, line, reason, instead))

    def plan(
        self,
        technique: str,
        *edits: Edits,
        introduces: Sequence[str] = (),
        enabling: Sequence[EnablingPoint] = (),
        retires: Sequence[str] = (),
    ) -> Plan:
        """The plan that comes of the edits so far; of those of the target's module where none are given."""
        changes = [change for one in (edits or (self.edits,)) if (change := one.change())]
        return Plan(
            technique,
            self.target,
            tuple(changes),
            tuple(self.refusals),
            frozenset(introduces),
            tuple(enabling),
            tuple(self.notes),
            frozenset(retires),
        )


def _that_are_meant(found: Sequence[Function]) -> Sequence[Function]:
    """Of definitions of one name, those which are meant by it: no overloads, and of a property what reads it."""
    written = [one for one in found if not _is_overload(one)]
    if written and "property" in written[0].decorators:
        is_part = [f"{one.name}.{part}" for one in written[:1] for part in ("setter", "deleter", "getter")]
        return [one for one in written if not {*is_part} & {*one.decorators}]
    return written or found


def _is_overload(function: Function) -> bool:
    return any(one.rpartition(".")[2] == "overload" for one in function.decorators)


def _nowhere(target: Target) -> Path:
    return Path(target.module.replace(".", "/") + ".py")


def _nearest(name: str, names: Sequence[str]) -> str:
    import difflib

    near = difflib.get_close_matches(name, names, n=3, cutoff=0.5)
    return f"; the nearest are {', '.join(near)}" if near else ""
