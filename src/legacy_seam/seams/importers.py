"""Who imports a module, and what of it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from legacy_seam.source import Module, Program
from legacy_seam.source.bindings import absolute


@dataclass(frozen=True, slots=True)
class Importer:
    """One import of a module in another one.

    module: the other one.
    line:   where.
    names:  what is taken out of it by `from`; `*` for all; none where the module itself is imported.
    """

    module: Module
    line: int
    names: frozenset[str] = frozenset()

    def __str__(self) -> str:
        return f"{self.module.path.name}:{self.line}"


def importers(program: Program, module: Module) -> Iterator[Importer]:
    """Where other modules of a program import one.

    Args:
        program: all its source. Files that do not spell the module's name are not parsed.
        module: the one.
    """
    last = module.name.rpartition(".")[2].encode()
    for path in program.files:
        try:
            raw = program.bytes_of(path) if path != module.path else b""
        except OSError:
            continue
        if last not in raw:
            continue
        other = program.read(path, raw)
        for node in ast.walk(other.tree) if isinstance(other, Module) else ():
            if isinstance(other, Module) and isinstance(node, ast.Import | ast.ImportFrom):
                yield from _of(other, node, module.name)


def _of(other: Module, node: ast.Import | ast.ImportFrom, name: str) -> Iterator[Importer]:
    if isinstance(node, ast.Import):
        if any(one.name == name or one.name.startswith(f"{name}.") for one in node.names):
            yield Importer(other, node.lineno)
        return
    origin = (absolute("." * node.level + (node.module or ""), other.name, other.is_package) or "").rstrip(".")
    names = frozenset(one.name for one in node.names)
    if origin == name:
        yield Importer(other, node.lineno, names)
    elif any(f"{origin}.{one}" == name for one in names):
        yield Importer(other, node.lineno)
