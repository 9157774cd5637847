"""Scripts that run their whole program when they are imported: loading their definitions only."""

from __future__ import annotations

import ast
from collections.abc import Callable
from types import CodeType
from typing import TypeAlias

from legacy_seam.rewriting.scripts import Script

Compiler: TypeAlias = Callable[[ast.Module, str], CodeType]
"""Makes code of statements, given the file that they come from."""

_AS_IT_IS = "as it is"
"""No identifier, so no name of the program."""


def run_definitions(script: Script, file: str, namespace: dict[str, object], compiler: Compiler) -> None:
    """Execute what defines something (imports, functions, classes, constants), and nothing that acts.

    A definition that fails (because it rests on something that was left out) is left out as well: what the
    functions need of it is part of the recorded state. A function or class of which only the decorators fail is
    there without them: where they made something else of it, that is part of the recorded state, too.
    """
    for definition in script.definitions:
        try:
            _execute(definition, file, namespace, compiler)
        except Exception:
            _define_undecorated(definition, file, namespace, compiler)


def _define_undecorated(definition: ast.stmt, file: str, namespace: dict[str, object], compiler: Compiler) -> None:
    match definition:
        case (
            ast.FunctionDef(decorator_list=[first, *_])
            | ast.ClassDef(decorator_list=[first, *_])
            | (ast.AsyncFunctionDef(decorator_list=[first, *_]))
        ):
            pass
        case _:
            return
    # One decorator in the place of the first, so that the line on which all begins is as it was.
    definition.decorator_list = [ast.copy_location(ast.Name(_AS_IT_IS, ast.Load()), first)]
    namespace[_AS_IT_IS] = lambda defined: defined
    try:
        _execute(definition, file, namespace, compiler)
    except Exception:
        return
    finally:
        del namespace[_AS_IT_IS]


def _execute(statement: ast.stmt, file: str, namespace: dict[str, object], compiler: Compiler) -> None:
    block = ast.fix_missing_locations(ast.Module([statement], []))
    exec(compiler(block, file), namespace)
