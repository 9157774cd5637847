"""Parameters that become fields of an object: where a method reads and binds them, `self.name` is to stand."""

from __future__ import annotations

import ast
from collections.abc import Container, Iterator, Mapping, Sequence
from typing import Final

from legacy_seam.seams.job import Job
from legacy_seam.seams.moving import tells_itself
from legacy_seam.seams.plan import Reason
from legacy_seam.source import Reference
from legacy_seam.source.functions import own_nodes
from legacy_seam.source.scopes import Scope

MODEL: Final = "model-seam"


def with_fields(job: Job, start: int, end: int, fields: Mapping[str, str]) -> str:
    """A piece of a method's text, with its parameters read from `self`.

    Args:
        job: its target is the method.
        start: where the piece begins.
        end: where it ends.
        fields: what each parameter is called as a field.

    Raises:
        Refused: naming the line, where a parameter is bound or read in a way in which no field can be.
    """
    edits = job.edits
    nodes = [*_stored(job, fields), *_loaded(job, fields)]
    pieces: list[str] = []
    at = start
    for first, last, name in sorted((*edits.span(one), one.id) for one in nodes):
        if start <= first:
            pieces += [edits.source.text[at:first], f"self.{fields[name]}"]
            at = last
    return "".join([*pieces, edits.source.text[at:end]])


def _loaded(job: Job, fields: Mapping[str, str]) -> Iterator[ast.Name]:
    """Where parameters are read in the body, by inner functions too.

    Raises:
        Refused: where `self` would mean something else there, or a string tells its own text.
    """
    function = job.function
    for one in job.module.references(range(function.node.lineno, function.last_line + 1)):
        node: ast.expr = one.node
        while isinstance(node, ast.Attribute):
            node = node.value
        holder = one.scope.holder(one.names[0])
        is_inside = any(step.node is function.node and step.place == "body" for step in one.steps)
        if not isinstance(node, ast.Name) or holder is None or holder.node is not function.node or not is_inside:
            continue
        if node.id not in fields:
            continue
        _refuse_another_self(job, one)
        if tells_itself(job.edits, one):
            job.refuse(Reason.UNSAFE, one.line, f"this string tells how `{node.id}` is written", MODEL)
        yield node


def _refuse_another_self(job: Job, reference: Reference) -> None:
    scope: Scope | None = reference.scope
    while scope is not None and scope.node is not job.function.node:
        if "self" in scope.bindings:
            reason = f"`{reference.names[0]}` is used where `self` is another object"
            job.refuse(Reason.UNSAFE, reference.line, reason, MODEL)
        scope = scope.parent


def _stored(job: Job, names: Container[str]) -> Iterator[ast.Name]:
    """Where a method binds its parameters anew, in ways in which an attribute can be bound as well.

    Raises:
        Refused: naming the line, where it binds one in another way.
    """
    for node in ast.walk(job.function.node):
        if isinstance(node, ast.Nonlocal):
            _refuse_bound(job, node, [one for one in node.names if one in names])
        elif isinstance(node, ast.NamedExpr):  # in the defaults of an inner function too
            _refuse_bound(job, node, [one for one in [node.target.id] if one in names])
    for node in own_nodes(job.function.node):
        if isinstance(node, ast.Assign | ast.Delete):
            targets: list[ast.expr] = node.targets
        elif isinstance(node, ast.AugAssign | ast.For | ast.AsyncFor):
            targets = [node.target]
        elif isinstance(node, ast.withitem):
            targets = [node.optional_vars] if node.optional_vars else []
        else:
            _refuse_bound(job, node, [one for one in _bound_otherwise(node) if one in names])
            continue
        found = [one for target in targets for one in _names_in(target) if one.id in names]
        if isinstance(node, ast.Delete):
            _refuse_bound(job, node, [one.id for one in found])
        yield from found


def _names_in(target: ast.expr) -> Iterator[ast.Name]:
    if isinstance(target, ast.Name):
        yield target
    elif isinstance(target, ast.Starred):
        yield from _names_in(target.value)
    elif isinstance(target, ast.Tuple | ast.List):
        for one in target.elts:
            yield from _names_in(one)


def _bound_otherwise(node: ast.AST) -> Iterator[str]:
    """The names that a node binds in a way in which no attribute can be bound."""
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        yield node.target.id
    elif isinstance(node, ast.Import | ast.ImportFrom):
        yield from ((one.asname or one.name).partition(".")[0] for one in node.names)
    elif isinstance(node, ast.MatchMapping):
        yield node.rest or ""
    elif isinstance(
        node,
        ast.ExceptHandler | ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.MatchAs | ast.MatchStar,
    ):
        yield node.name or ""


def _refuse_bound(job: Job, node: ast.AST, names: Sequence[str]) -> None:
    if names:
        reason = f"the parameter `{names[0]}` is bound here in a way in which no attribute can be"
        line: int = getattr(node, "lineno", job.function.node.lineno)
        job.refuse(Reason.WRITTEN, line, reason, MODEL)
