"""Attributes that may as well be read earlier: they are there, reading them runs no code, and nothing sets them."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator

from legacy_seam.seams.job import Job
from legacy_seam.source import Exactly, Module
from legacy_seam.source.functions import own_nodes
from legacy_seam.source.scopes import parameters_of

_DECIDES = frozenset({"__getattr__", "__getattribute__"})


def is_plain(job: Job, parameter: str, attribute: str) -> str:
    """Why reading an attribute of a parameter may do something, or fail; empty where it does not.

    Args:
        job: its target has the parameter.
        parameter: its name.
        attribute: that is read of it.
    """
    name = _class_of(job, parameter)
    if name is None or job.hierarchy.get(name) is None:
        return f"it cannot be seen what `{parameter}` is"
    foreign = [one for one in job.hierarchy.outside(name) if not one.startswith(("builtins.", "abc.", "typing."))]
    if foreign:
        return f"`{parameter}` inherits from {foreign[0]}, which cannot be looked at"
    below = job.hierarchy.overrides(name, attribute)
    if below:
        return f"{below[0]} has an `{attribute}` of its own"
    nodes = [node for one in (name, *job.hierarchy.ancestors(name)) if (node := _node(job, one)) is not None]
    if any(isinstance(one, ast.FunctionDef) and one.name in _DECIDES for node in nodes for one in node.body):
        return f"`{parameter}` decides itself what attributes it has"
    for node in nodes:
        for one in node.body:
            made = isinstance(one, ast.Assign) and isinstance(one.value, ast.Call)  # perhaps a property
            names = [ast.unparse(to) for to in one.targets] if isinstance(one, ast.Assign) else []
            if getattr(one, "name", None) == attribute or (made and attribute in names):
                return f"`{parameter}.{attribute}` is defined by code (line {one.lineno})"
    if any(attribute in _set_by(node) for node in nodes):
        return ""
    return f"`{parameter}.{attribute}` may be missing: `__init__` does not set it in every case"


def may_change_attributes(job: Job) -> Iterator[ast.Call]:
    """The calls of the target that may run code of the program: not those of Python's own functions and values."""
    references = {
        id(one.call): one
        for one in job.module.references(range(job.function.first_line, job.function.last_line + 1))
        if one.call is not None
    }
    for node in own_nodes(job.function.node):
        if not isinstance(node, ast.Call):
            continue
        reference = references.get(id(node))
        meaning = job.module.meaning(reference) if reference else None
        if isinstance(meaning, Exactly):
            home = meaning.dotted.partition(".")[0]
            if home == "builtins" or home in sys.stdlib_module_names:
                continue
        if isinstance(node.func, ast.Attribute) and not isinstance(meaning, Exactly):
            method = node.func.attr
            if not any(method in one.members for one in job.hierarchy.classes.values()):
                continue
        yield node


def _class_of(job: Job, parameter: str) -> str | None:
    """The full name of the class that a parameter is of, as far as it is written."""
    function = job.function
    parameters = parameters_of(function.node.args)
    if function.class_name and parameters[0].arg == parameter and function.kind in ("method", "property"):
        return job.class_name
    found = next(one for one in parameters if one.arg == parameter)
    if found.annotation is None or isinstance(found.annotation, ast.Constant):
        return None
    lines = range(found.lineno, (found.end_lineno or found.lineno) + 1)
    for one in job.module.references(lines):
        if one.node is found.annotation:
            meaning = job.module.meaning(one)
            return meaning.dotted if isinstance(meaning, Exactly) else None
    return None


def _node(job: Job, name: str) -> ast.ClassDef | None:
    known = job.hierarchy.get(name)
    module = job.program.module(known.module) if known else None
    if known is None or not isinstance(module, Module):
        return None
    classes = (one for one in ast.walk(module.tree) if isinstance(one, ast.ClassDef))
    return next((one for one in classes if one.lineno == known.line), None)


def _set_by(node: ast.ClassDef) -> set[str]:
    """The attributes that an object of a class has for sure: values of the class, and what `__init__` sets."""
    is_record = bool(node.decorator_list) or any(ast.unparse(one).endswith("NamedTuple") for one in node.bases)
    found: set[str] = set()
    for one in node.body:
        if isinstance(one, ast.Assign) and not isinstance(one.value, ast.Call):
            found.update(to.id for to in one.targets if isinstance(to, ast.Name))
        elif isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name):
            if is_record or not isinstance(one.value, ast.Call | None):
                found.add(one.target.id)
        elif isinstance(one, ast.FunctionDef) and one.name == "__init__" and one.args.args:
            found.update(_always_set(one))
    return found


def _always_set(function: ast.FunctionDef) -> Iterator[str]:
    owner = function.args.args[0].arg
    for statement in function.body:
        targets = statement.targets if isinstance(statement, ast.Assign) else []
        if isinstance(statement, ast.AnnAssign) and statement.value is not None:
            targets = [statement.target]
        for each in targets:
            for one in each.elts if isinstance(each, ast.Tuple) else [each]:
                if isinstance(one, ast.Attribute) and isinstance(one.value, ast.Name) and one.value.id == owner:
                    yield one.attr
