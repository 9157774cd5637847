"""Imports that generated code needs: those that are there are used, others are put in."""

from __future__ import annotations

import ast
import sys

from legacy_seam.seams.job import Job
from legacy_seam.seams.plan import Reason
from legacy_seam.source.scopes import By


def spelled(job: Job, module: str, line: int) -> str | None:
    """How the target's module spells a module that it imports for certain before a line; None where it does not."""
    for name, bindings in job.module.scope.bindings.items():
        only = bindings[0]
        if (
            len(bindings) == 1
            and (only.by, only.dotted) == (By.IMPORT, module)
            and not only.conditional
            and only.line < line
        ):
            return name
    return None


def put_in(job: Job, module: str) -> str:
    """Import a module of the standard library, without dots in its name, beside the others at the top.

    Returns:
        an import that must stand above the code that needs it, where there are no imports at the top; else nothing.

    Raises:
        Refused: where its name is something else already.
    """
    line = job.line_using(module)
    if line is not None:
        reason = f"`{module}` is used for something else (line {line})"
        job.refuse(Reason.NAME_TAKEN, line, reason)
    return _put(job, f"import {module}")


def put_in_name(job: Job, module: str, name: str) -> str:
    """Import one name of a module of the standard library, at the same place.

    Returns:
        an import that must stand above the code that needs it, where there are no imports at the top; else nothing.

    Raises:
        Refused: where the name is something else already.
    """
    line = job.line_using(name)
    if line is not None:
        job.refuse(Reason.NAME_TAKEN, line, f"`{name}` is used for something else (line {line})")
    return _put(job, f"from {module} import {name}")


def _put(job: Job, statement: str) -> str:
    found: list[ast.Import | ast.ImportFrom] = []
    for node in job.module.tree.body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            found.append(node)
        elif not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):
            break
    if not found:
        return f"{statement}\n\n\n"
    library = [one for one in found if _is_of_the_library(one)]
    if library:
        new = ast.parse(statement).body[0]
        before = [one for one in library if _order(one) <= _order(new)]
        if before:
            job.edits.insert_below(before[-1], statement)
        else:
            job.edits.insert_above(library[0], statement)
    elif _is_future(found[-1]):
        job.edits.insert_below(found[-1], statement, blank=1)
    else:
        first = next(one for one in found if not _is_future(one))
        job.edits.insert_above(first, statement, blank=1)
    return ""


def _is_of_the_library(node: ast.Import | ast.ImportFrom) -> bool:
    return not _is_future(node) and _module(node).partition(".")[0] in sys.stdlib_module_names


def _is_future(node: ast.Import | ast.ImportFrom) -> bool:
    return _module(node) == "__future__"


def _module(node: ast.Import | ast.ImportFrom) -> str:
    if isinstance(node, ast.ImportFrom):
        return "." * node.level + (node.module or "")
    return node.names[0].name


def _order(node: ast.stmt) -> tuple[bool, str]:
    """Where an import stands among those of the library: `import` before `from`, each by name."""
    assert isinstance(node, ast.Import | ast.ImportFrom)
    return isinstance(node, ast.ImportFrom), _module(node)
