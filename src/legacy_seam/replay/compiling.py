"""Modules of the program, compiled so that their call sites are answered from the recording.

This is done only in workers that replay calls which crossed the boundary: it costs a little at every call site, and
the cache of compiled modules.
"""

from __future__ import annotations

import ast
import types
from collections.abc import Callable
from importlib.machinery import SourceFileLoader
from typing import Any

from legacy_seam.boundary.call_sites import CallSites, SiteHooks
from legacy_seam.rewriting.compiling import warnings_kept_quiet
from legacy_seam.rewriting.constants import Constants, Patcher


def compiled(
    source: bytes | ast.Module, filename: str, hooks: SiteHooks, constants: Constants | None = None
) -> types.CodeType:
    """Compile a module with its call sites rewritten: those in functions, not those that run when it is imported.

    Args:
        source: its text, or its tree (which is changed).
        filename: what its code says about where it comes from.
        hooks: what the call sites report to.
        constants: live objects that the tree has among its constants already.

    Raises:
        SyntaxError, ValueError: where it cannot be compiled.
    """
    tree = source if isinstance(source, ast.Module) else ast.parse(source, filename)
    constants = constants or Constants()
    sites = CallSites(constants, hooks)
    for node in list(ast.walk(tree)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            node.body = sites.block(node.body)
        elif isinstance(node, ast.Lambda):
            node.body = sites.expression(node.body)
    with warnings_kept_quiet():  # they were given when the program was compiled as it is written
        code = compile(tree, filename, "exec", dont_inherit=True)
    return Patcher[object](constants.held, {}, lambda owner, code: None).patched(code)


def answer_imports(hooks: SiteHooks, covers: Callable[[str], bool]) -> None:
    """From now on, modules whose files are covered are compiled so when they are imported."""
    plain = SourceFileLoader.get_code

    def get_code(self: Any, fullname: str) -> types.CodeType | None:
        path = self.get_filename(fullname)
        if type(self) is not SourceFileLoader or not covers(path):
            return plain(self, fullname)
        return compiled(self.get_data(path), path, hooks)

    SourceFileLoader.get_code = get_code  # type: ignore[method-assign]
