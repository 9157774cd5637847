"""Which source a function had when it was looked at: by its lines, without importing it."""

from __future__ import annotations

import ast
import hashlib
from pathlib import Path

from legacy_seam.source import Module, Program
from legacy_seam.source.functions import Function
from legacy_seam.targets import Target


def source_of(program: Program, target: Target, project: Path) -> tuple[dict[str, str], tuple[str, ...]]:
    """The file of a function, relative to the project, the digest of its statements, and its parameters.

    Comments, blank lines and where it stands make no difference. Both are empty where there is no source.

    Args:
        program: the program.
        target: the function.
        project: the directory of the project.
    """
    module = program.module(target.module)
    if not isinstance(module, Module):
        return {}, ()
    found = module.functions_named(target.qualname)
    if not found:
        return {}, ()
    told = "\n".join(ast.unparse(function.node) for function in found)
    path = module.path.resolve()
    place = path.relative_to(project.resolve()) if path.is_relative_to(project.resolve()) else path
    return {"file": place.as_posix(), "sha256": hashlib.sha256(told.encode()).hexdigest()}, _parameters(found[-1])


def _parameters(function: Function) -> tuple[str, ...]:
    given = function.node.args
    named = [*given.posonlyargs, *given.args]
    rest = [one for one in (given.vararg, *given.kwonlyargs, given.kwarg) if one is not None]
    return tuple(one.arg for one in (*named, *rest))
