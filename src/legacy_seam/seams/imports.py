"""Imports that generated code needs: those that are there are used, others are put in."""

from __future__ import annotations

import ast

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
    """Import a module of the standard library, without dots in its name, at the end of the imports at the top.

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
    last: ast.stmt | None = None
    for node in job.module.tree.body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            last = node
        elif not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):
            break
    if last is None:
        return f"{statement}\n\n\n"
    job.edits.insert_below(last, statement)
    return ""
