"""The text after an edit: Python compiles it, and what was not meant to change has not."""

from __future__ import annotations

import ast
import warnings

from legacy_seam.seams.editing import first_line
from legacy_seam.seams.interpreter import Interpreter
from legacy_seam.seams.plan import Change
from legacy_seam.seams.trial import Broken, Trial
from legacy_seam.source import Module
from legacy_seam.source.deep import deep


def it_compiles(trial: Trial) -> str:
    """Python compiles every changed file, the program's own does: what only a parser accepts is not enough."""
    for change in trial.plan.changes:
        try:
            _compile(change)
        except (SyntaxError, ValueError) as error:
            line = getattr(error, "lineno", 0) or 0
            raise Broken(f"{change.path}:{line}: {error}") from None
        if trial.other:
            _compile_there(trial.other, change)
    return f"under Python {trial.other.version}, too" if trial.other else ""


def _compile_there(other: Interpreter, change: Change) -> None:
    refusal = other.refusal(change.path, change.after)
    if refusal is None:
        return
    was_so = not change.creates and other.refusal(change.path, change.before) is not None
    before = ", nor what is there now" if was_so else ""
    raise Broken(f"{change.path}:{refusal}: Python {other.version} ({other.path}) does not compile it{before}")


def _compile(change: Change) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            compile(change.after, str(change.path), "exec", dont_inherit=True)
        except RecursionError:
            deep(compile, change.after, str(change.path), "exec", 0, True)


def everything_else_is_untouched(trial: Trial) -> str:
    """All statements of a module that no patch reaches are there as before, byte for byte and in the same order."""
    for change, before, after in trial.pairs:
        reached = _reached(change)
        old = [_bytes_of(before, one) for one in before.tree.body if not _meets(before, one, reached)]
        new = [_bytes_of(after, one) for one in after.tree.body if not _meets(after, one, _landed(change))]
        if old != new:
            lost = next((one for one in old if one not in new), b"")
            raise Broken(
                f"{change.path}: a statement that was to stay has changed: {lost[:60].decode('utf-8', 'replace')!r}"
            )
    return ""


def _reached(change: Change) -> list[tuple[int, int]]:
    return [(patch.start, patch.end) for patch in change.patches]


def _landed(change: Change) -> list[tuple[int, int]]:
    """Where the patches stand in the text afterwards."""
    shift, found = 0, []
    for patch in change.patches:
        start = patch.start + shift
        found.append((start, start + len(patch.new)))
        shift += len(patch.new) - (patch.end - patch.start)
    return found


def _span(module: Module, node: ast.stmt) -> tuple[int, int]:
    source = module.source
    return source.offsets[first_line(node) - 1], source.offset(node.end_lineno or 0, node.end_col_offset or 0)


def _meets(module: Module, node: ast.stmt, places: list[tuple[int, int]]) -> bool:
    start, end = _span(module, node)
    return any(one < end and start < other for one, other in places) or any(
        start < one == other < end for one, other in places
    )


def _bytes_of(module: Module, node: ast.stmt) -> bytes:
    start, end = _span(module, node)
    return module.source.text[start:end].encode("utf-8", "surrogatepass")
