"""Modules of the program, compiled so that their call sites are answered from the recording.

This is done only in workers that replay calls which crossed the boundary, and for modules that ask numpy for the
time: it costs a little at every call site, and the cache of compiled modules.
"""

from __future__ import annotations

import ast
import types
from collections.abc import Callable, Mapping
from importlib.machinery import SourceFileLoader
from typing import Any

from legacy_seam.boundary.call_sites import CallSites, SiteHooks
from legacy_seam.rewriting.compiling import warnings_kept_quiet
from legacy_seam.rewriting.constants import Constants, Patcher
from legacy_seam.rewriting.trees import bodies


def as_written(tree: ast.Module, filename: str) -> types.CodeType:
    """Compile statements that report to nobody.

    Raises:
        SyntaxError, ValueError: where they cannot be compiled.
    """
    return compile(tree, filename, "exec", dont_inherit=True)


def compiled(
    source: bytes | ast.Module,
    filename: str,
    hooks: SiteHooks,
    at_import: SiteHooks | None = None,
    constants: Constants | None = None,
) -> types.CodeType:
    """Compile a module with its call sites rewritten.

    Args:
        source: its text, or its tree (which is changed).
        filename: what its code says about where it comes from.
        hooks: what the call sites in functions report to.
        at_import: what those report to that run when the module is imported; None where they report nothing.
        constants: live objects that the tree has among its constants already.

    Raises:
        SyntaxError, ValueError: where it cannot be compiled.
    """
    tree = source if isinstance(source, ast.Module) else ast.parse(source, filename)
    constants = constants or Constants()
    sites = CallSites(constants, hooks)
    for node in bodies(tree):
        if isinstance(node, ast.Lambda):
            node.body = sites.expression(node.body)
        else:
            node.body = sites.block(node.body)
    if at_import is not None:
        tree.body = CallSites(constants, at_import).block(tree.body)
    with warnings_kept_quiet():  # they were given when the program was compiled as it is written
        code = compile(tree, filename, "exec", dont_inherit=True)
    return Patcher[object](constants.held, {}, lambda owner, code: None).patched(code)


def answer_imports(
    hooks: SiteHooks,
    at_import: SiteHooks,
    covers: Callable[[str], bool],
    is_wanted: Callable[[bytes], bool],
    instead: Mapping[str, str],
) -> None:
    """From now on, modules whose files are covered, and whose source is wanted, are compiled so when imported.

    Args:
        hooks: what call sites in functions report to.
        at_import: what those outside of functions report to.
        covers: says of a file whether it counts.
        is_wanted: says so of its content.
        instead: texts that are taken for the content of files, by path.
    """
    plain = SourceFileLoader.get_code

    def get_code(self: Any, fullname: str) -> types.CodeType | None:
        path = self.get_filename(fullname)
        if type(self) is not SourceFileLoader or not covers(path):
            return plain(self, fullname)
        if (text := instead.get(path)) is not None:
            tree = ast.parse(text, path)
            return compiled(tree, path, hooks, at_import) if is_wanted(text.encode()) else as_written(tree, path)
        source = self.get_data(path)
        return compiled(source, path, hooks, at_import) if is_wanted(source) else plain(self, fullname)

    SourceFileLoader.get_code = get_code  # type: ignore[method-assign]
