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


def put_in(job: Job, module: str) -> None:
    """Import a module of the standard library, without dots in its name, beside the others at the top.

    Raises:
        Refused: where its name is something else already.
    """
    line = job.line_using(module)
    if line is not None:
        reason = f"`{module}` is used for something else (line {line})"
        job.refuse(Reason.NAME_TAKEN, line, reason)
    _put(job, f"import {module}")


def put_in_name(job: Job, module: str, name: str) -> None:
    """Import one name of a module of the standard library, at the same place.

    Raises:
        Refused: where the name is something else already.
    """
    line = job.line_using(name)
    if line is not None:
        job.refuse(Reason.NAME_TAKEN, line, f"`{name}` is used for something else (line {line})")
    same = next((one for one in _at_the_top(job) if _takes_from(one, module)), None)
    if isinstance(same, ast.ImportFrom):
        _add(job, same, name)
    else:
        _put(job, f"from {module} import {name}")


def _takes_from(node: ast.stmt, module: str) -> bool:
    return isinstance(node, ast.ImportFrom) and _module(node) == module and node.names[0].name != "*"


def _add(job: Job, node: ast.ImportFrom, name: str) -> None:
    """Add a name to an import, in the order of the alphabet, on a line of its own where the others have theirs."""
    edits, source = job.edits, job.edits.source
    later = next((one for one in node.names if one.name > name), None)
    beside = later or node.names[-1]
    start, _ = edits.span(beside)
    before = source.text[source.offsets[source.line_at(start) - 1] : start]
    gap = source.newline + before if len(node.names) > 1 and not before.strip() else " "
    pieces = (name, edits.text(beside)) if later else (edits.text(beside), name)
    edits.replace(beside, f",{gap}".join(pieces))


def _at_the_top(job: Job) -> list[ast.Import | ast.ImportFrom]:
    """The imports that a module begins with."""
    found: list[ast.Import | ast.ImportFrom] = []
    for node in job.module.tree.body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            found.append(node)
        elif not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):
            break
    return found


def _put(job: Job, statement: str) -> None:
    found = _at_the_top(job)
    if not found:
        _put_first(job, statement)
        return
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


def _put_first(job: Job, statement: str) -> None:
    """Put the only import of a module below its docstring, or below the comments that it begins with."""
    edits, first = job.edits, job.module.tree.body[0]
    if ast.get_docstring(job.module.tree, clean=False) is not None:
        edits.insert_below(first, statement, blank=1)
        return
    at = edits.first_line(first)
    if at > 1 and all(line.startswith("#") for line in edits.source.lines[: at - 1]):
        start = edits.source.offsets[at - 1]
        edits.patch(start, start, edits.source.newline + edits.block(statement, "") + edits.source.newline * 2)
    else:
        edits.insert_above(first, statement, blank=2)


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
