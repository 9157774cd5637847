"""Which source a function had when it was looked at: by its lines, without importing it."""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from legacy_seam.source import Module, Program
from legacy_seam.targets import Target


@dataclass(frozen=True, slots=True)
class Source:
    """What a function's source says.

    file:       where it stands, relative to the project; empty where it was not found.
    sha256:     the digest of its statements: comments, blank lines and its place make no difference.
    parameters: their names, in order.
    defaults:   of those that have a literal for a default, that literal.
    """

    file: str = ""
    sha256: str = ""
    parameters: tuple[str, ...] = ()
    defaults: Mapping[str, str] = field(default_factory=dict)

    def told(self) -> dict[str, str]:
        """As it is written down."""
        return {"file": self.file, "sha256": self.sha256} if self.file else {}


def source_of(program: Program, target: Target, project: Path) -> Source:
    """The source of a function; empty where it is not found.

    Args:
        program: the program.
        target: the function.
        project: the directory of the project.
    """
    module = program.module(target.module)
    found = module.functions_named(target.qualname) if isinstance(module, Module) else ()
    if not isinstance(module, Module) or not found:
        return Source()
    told = "\n".join(ast.unparse(function.node) for function in found)
    path = module.path.resolve()
    place = path.relative_to(project.resolve()) if path.is_relative_to(project.resolve()) else path
    given = found[-1].node.args
    digest = hashlib.sha256(told.encode()).hexdigest()
    return Source(place.as_posix(), digest, _names(given), dict(_defaults(given)))


def _names(given: ast.arguments) -> tuple[str, ...]:
    rest = [one for one in (given.vararg, *given.kwonlyargs, given.kwarg) if one is not None]
    return tuple(one.arg for one in (*given.posonlyargs, *given.args, *rest))


def _defaults(given: ast.arguments) -> Iterator[tuple[str, str]]:
    positional = [*given.posonlyargs, *given.args]
    pairs = [*zip(reversed(positional), reversed(given.defaults), strict=False)]
    for parameter, default in (*pairs, *zip(given.kwonlyargs, given.kw_defaults, strict=True)):
        if default is None:
            continue
        text = ast.unparse(default)
        try:
            ast.literal_eval(text)
        except (ValueError, SyntaxError):
            continue
        yield parameter.arg, text
