"""A new member of a class: may it have one, on which parameter is it found, and what may it be called.

A method called `_now` that one class gets is seen by all that inherit from it, hides what it inherits, and is
looked for on whatever the method that calls it is given as `self`.
"""

from __future__ import annotations

import ast
import builtins
import importlib
import re
import sys
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Final, NoReturn

from legacy_seam.seams.job import Job
from legacy_seam.seams.plan import Reason, Refusal, Refused
from legacy_seam.seams.preconditions import foreign_bases
from legacy_seam.source import Kind, Module, Site
from legacy_seam.source.functions import dotted
from legacy_seam.source.references import Reference
from legacy_seam.source.search import Wanted, find

_BLIND: Final = frozenset(
    {
        *("dataclasses.dataclass", "functools.total_ordering", "typing.final", "typing.runtime_checkable"),
        *("typing_extensions.final", "enum.unique", "warnings.deprecated", "typing_extensions.deprecated"),
        *("attr.s", "attr.attrs", "attr.define", "attr.frozen", "attr.mutable", "attrs.define", "attrs.frozen"),
        *("attrs.mutable", "attr.dataclass"),
    }
)
"""Decorators of classes which give the class itself, or one like it, and do not care for its private methods."""

_CLASS_METHODS: Final = frozenset({"__init_subclass__", "__class_getitem__"})


def class_node(job: Job) -> ast.ClassDef:
    """The class statement that the target is a method of."""
    line = job.function.node.lineno
    around = [one for one in ast.walk(job.statement) if isinstance(one, ast.ClassDef)]
    return max((one for one in around if one.lineno <= line <= (one.end_lineno or 0)), key=lambda one: one.lineno)


def is_of_the_class(job: Job) -> bool:
    """Is the target given its class, not an object of it?"""
    return job.function.kind is Kind.CLASSMETHOD or job.function.name in _CLASS_METHODS


def receiver(job: Job, *instead: str) -> str:
    """The name of the parameter that the target finds its object in, or its class.

    Args:
        job: its target must be a method.
        instead: techniques that need no such parameter.

    Raises:
        Refused: where there is none, or a decorator may put something else there.
    """
    function, node = job.function, job.function.node
    if function.class_name is None:
        job.refuse(Reason.NO_METHOD, node.lineno, f"`{function.name}` is no method", *instead)
    if function.kind is Kind.STATICMETHOD:
        job.refuse(Reason.NO_METHOD, node.lineno, f"`{function.name}` is not given an object", *instead)
    parameters = [*node.args.posonlyargs, *node.args.args]
    if not parameters:
        job.refuse(Reason.NO_METHOD, node.lineno, f"`{function.name}` has no parameter for its object", *instead)
    name = parameters[0].arg
    plain = all(one in ("classmethod", "property") for one in function.decorators)
    if not plain and name != ("cls" if is_of_the_class(job) else "self"):
        reason = f"@{function.decorators[0]} may hand over something else than an object as `{name}`"
        job.refuse(Reason.DECORATED, function.first_line, reason, *instead)
    return name


def is_receiver(job: Job, reference: Reference, name: str) -> bool:
    """Does a name mean the target's first parameter, and what it was called with, where a reference stands?"""
    holder = reference.scope.holder(name)
    return holder is not None and holder.node is job.function.node and len(holder.bindings[name]) == 1


def refuse_closed_classes(job: Job, *instead: str) -> None:
    """Refuse a class that looks at its members, or decides itself what its objects have.

    Raises:
        Refused: naming the line.
    """
    refuse_class_decorators(job, *instead)
    refuse_metaclasses(job, *instead)
    for module, one in family(job):
        for base in one.bases:
            written = base.value if isinstance(base, ast.Subscript) else base
            if module.full_name_of(written) in ("typing.Protocol", "typing_extensions.Protocol", "builtins.type"):
                reason = f"`{one.name}` is a {dotted(written).rpartition('.')[2]}: each member of it counts"
                refuse_at(module, one.lineno, Reason.SPECIAL_CLASS, reason, *instead)
        for member in one.body:
            if isinstance(member, ast.FunctionDef) and member.name == "__getattribute__":
                reason = f"`{one.name}` decides itself what its objects have"
                refuse_at(module, member.lineno, Reason.SPECIAL_CLASS, reason, *instead)


def refuse_class_decorators(job: Job, *instead: str) -> None:
    """Refuse a class that a decorator may make something else of.

    Raises:
        Refused: naming the line.
    """
    for decorator in class_node(job).decorator_list:
        called = decorator.func if isinstance(decorator, ast.Call) else decorator
        if job.module.full_name_of(called) not in _BLIND:
            reason = f"@{job.edits.text(called)} may look at the methods of the class"
            job.refuse(Reason.DECORATED, decorator.lineno, reason, *instead)


def refuse_metaclasses(job: Job, *instead: str) -> None:
    """Refuse a class that is made, or makes its objects, in a way of its own.

    Raises:
        Refused: naming the line, of a base too.
    """
    for module, one in family(job):
        for keyword in one.keywords:
            if keyword.arg == "metaclass" and module.full_name_of(keyword.value) != "abc.ABCMeta":
                reason = f"`{ast.unparse(keyword.value)}` may look at the methods of the class `{one.name}`"
                refuse_at(module, one.lineno, Reason.SPECIAL_CLASS, reason, *instead)


def family(job: Job) -> Iterator[tuple[Module, ast.ClassDef]]:
    """The target's class and its ancestors, as far as they are in the program."""
    own = class_node(job)
    yield job.module, own
    for name in job.hierarchy.ancestors(job.class_name or ""):
        known = job.hierarchy.get(name)
        module = job.program.module(known.module) if known else None
        if known is None or not isinstance(module, Module):
            continue
        for one in ast.walk(module.tree):
            if isinstance(one, ast.ClassDef) and one.lineno == known.line:
                yield module, one


def refuse_other_receivers(job: Job, *instead: str) -> None:
    """Refuse a method that is taken from its class and may be called with something that is no object of it.

    `Base.f(self)` in a class below `Base` is the old way of saying `super().f()`, and is none of these.

    Raises:
        Refused: naming the file and line where that happens.
    """
    owner = job.class_name or ""
    if is_of_the_class(job):
        return
    related = [job.hierarchy.canonical(owner), *job.hierarchy.descendants(owner)]
    names = [f"{one}.{job.function.name}" for one in related]
    elsewhere = (site for site in find(job.program, names) if site.module.path != job.module.path)
    for site in chain(Wanted(names).sites(job.module), elsewhere):
        if site.is_certain and not _is_of_the_family(job, site, related) and site.node is site.reference.node:
            reason = f"`{job.target.qualname}` is taken from its class here, and may be given any object"
            raise Refused(Refusal(Reason.UNSAFE, site.module.path, site.line, reason, instead))


def _is_of_the_family(job: Job, site: Site, related: list[str]) -> bool:
    scope = site.reference.scope
    if scope.kind == "class" and f"{site.module.name}.{scope.qualname.rstrip('.')}" in related:
        return True  # another name in the class, for the same objects
    call = site.call
    if call is None or not call.args or not isinstance(call.args[0], ast.Name):
        return False
    holder = scope.holder(call.args[0].id)
    if holder is None or holder.kind != "function" or holder.parent is None or holder.parent.kind != "class":
        return False
    parameters = [*holder.node.args.posonlyargs, *holder.node.args.args]  # type: ignore[attr-defined]
    around = f"{site.module.name}.{holder.parent.qualname.rstrip('.')}"
    return around in related and bool(parameters) and parameters[0].arg == call.args[0].id


def member_name(job: Job, wanted: str, *instead: str) -> str:
    """A name for a new member of the target's class: free in the class, in all above it and in all below them.

    Args:
        job: `--name` is the user's choice, which is believed where a base cannot be looked at.
        wanted: the name it would like; with a number where that is taken.
        instead: techniques that need no new member.

    Raises:
        Refused: where the choice is taken, or a base cannot be looked at and nothing was chosen.
    """
    chosen = job.option("name")
    foreign = foreign_bases(job)
    if foreign and not chosen:
        reason = (
            f"its class inherits from {', '.join(foreign)}, which may have a `{wanted}` of its own; if it has not,"
            f" say --name {wanted}"
        )
        job.refuse(Reason.OUTSIDE_BASE, class_node(job).lineno, reason, *instead)
    if foreign:
        job.notes.append(
            f"`{chosen}` must be no name that {', '.join(foreign)} uses: that cannot be seen from here"
        )
    if chosen:
        line, reason = _taken(job, job.checked_name(chosen)) or (0, "")
        if reason:
            job.refuse(Reason.NAME_TAKEN, line, f"{reason}; choose another with --name")
        return chosen
    candidates = [wanted, *(f"{wanted}_{number}" for number in range(2, 100))]
    return next(one for one in candidates if _taken(job, one) is None)


def _taken(job: Job, name: str) -> tuple[int, str] | None:
    line = job.line_using(name)
    if line:
        return line, f"`{name}` is used (line {line})"
    owner = job.class_name or ""
    using = job.hierarchy.binds(owner, name)
    if using:
        return job.function.node.lineno, f"`{name}` is used in {using[0]}"
    for base in job.hierarchy.outside(owner):
        if _is_used_by(base, name):
            return class_node(job).lineno, f"`{name}` is used in {base}"
    return None


def _is_used_by(base: str, name: str) -> bool:
    """Does a class of the standard library, or the text of a module it comes from, have a name?"""
    home = base.rpartition(".")[0]
    if home.partition(".")[0] not in sys.stdlib_module_names:
        return False
    found = of_the_library(base)
    classes = found.__mro__ if isinstance(found, type) else ()
    modules = {home, *(one.__module__ for one in classes)} - {builtins.__name__}
    return found is None or hasattr(found, name) or any(_is_written_in(one, name) for one in modules)


def of_the_library(full_name: str) -> object | None:
    """Something of the standard library, imported; None where it is not of it, or not on this machine."""
    home, _, last = full_name.rpartition(".")
    if home.partition(".")[0] not in sys.stdlib_module_names:
        return None
    try:
        found: object = getattr(importlib.import_module(home), last)
    except Exception:  # whatever the import of a part that is not for this machine comes to
        return None
    return found


def _is_written_in(module: str, name: str) -> bool:
    path = getattr(sys.modules.get(module), "__file__", None)
    if not path or not path.endswith(".py"):
        return False
    return re.search(rf"\b{re.escape(name)}\b", Path(path).read_text("utf-8", "replace")) is not None


def refuse_at(module: Module, line: int, code: Reason, reason: str, *instead: str) -> NoReturn:
    """Refuse because of a line of any module.

    Raises:
        Refused: always.
    """
    raise Refused(Refusal(code, module.path, line, reason, instead))
