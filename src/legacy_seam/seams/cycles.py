"""Modules that import each other: what an import at the top leads to, and whether that comes back."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from legacy_seam.source import Module, Program
from legacy_seam.source.bindings import absolute
from legacy_seam.source.functions import dotted


def way_back(program: Program, start: str, end: str) -> list[str]:
    """The modules through which importing one leads to another, both included; none where it does not.

    Args:
        program: all its source.
        start: the full name of what is imported.
        end: the full name of what it may come back to.
    """
    waiting, known = [[start]], {start}
    while waiting:
        way = waiting.pop(0)
        module = program.module(way[-1])
        for name in imported_at_once(module) if isinstance(module, Module) else ():
            if name == end:
                return [*way, name]
            if name not in known and program.path_of(name) is not None:
                known.add(name)
                waiting.append([*way, name])
    return []


def imported_at_once(module: Module) -> Iterator[str]:
    """The full names of the modules that are imported while a module is, and may be modules."""
    waiting: list[ast.AST] = list(reversed(module.tree.body))
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Import):
            for one in node.names:
                yield from _with_packages(one.name)
        elif isinstance(node, ast.ImportFrom):
            origin = absolute("." * node.level + (node.module or ""), module.name, module.is_package)
            if origin is not None:
                yield from _with_packages(origin.rstrip("."))
                yield from (f"{origin.rstrip('.')}.{one.name}" for one in node.names)
        elif isinstance(node, ast.If) and dotted(node.test).rpartition(".")[2] == "TYPE_CHECKING":
            waiting.extend(node.orelse)
        elif not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            waiting.extend(ast.iter_child_nodes(node))


def _with_packages(name: str) -> Iterator[str]:
    parts = name.split(".")
    for end in range(1, len(parts) + 1):
        yield ".".join(parts[:end])
