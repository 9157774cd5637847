"""The functions of a file, each of which can have another body for a while."""

from __future__ import annotations

import ast
import copy
import gc
import types
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import Any

from legacy_seam.boundary.call_sites import SiteHooks
from legacy_seam.replay.compiling import compiled
from legacy_seam.replay.mutation.fuel import Fuel, add_fuel
from legacy_seam.rewriting.compiling import warnings_kept_quiet
from legacy_seam.rewriting.constants import Constants, Patcher
from legacy_seam.rewriting.edits import ADDED, Edit, NoSuchPlace, Path, edited, node_at
from legacy_seam.rewriting.trees import like

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


class Unreachable(LookupError):
    """No function has the code that is to be changed."""


class SameCode(Exception):
    """The change compiles to what is there already."""


class NoCode(Exception):
    """What the change leaves is no Python, though what was there before is."""


class Bodies:
    """The functions of one file.

    Args:
        file: the file, as code objects name it.
        source: its text, as bytes.
        fuel: what its loops burn.
        hooks: what call sites report to, where calls are answered from the recording.
        live: all functions there are whose code is of that file.
        rewrite: what else is done to the tree; it leaves functions where they are.

    Raises:
        SyntaxError, ValueError: where the text cannot be parsed.
    """

    def __init__(
        self,
        file: str,
        source: bytes,
        fuel: Fuel,
        hooks: SiteHooks | None,
        live: Iterable[types.FunctionType],
        rewrite: Callable[[ast.Module, Constants], None] | None = None,
    ) -> None:
        self._file = file
        self._hooks = hooks
        self._tree = ast.parse(source, file)
        self._constants = Constants()
        add_fuel(self._tree, self._constants, fuel)
        if rewrite is not None:
            rewrite(self._tree, self._constants)
        self._future = [
            node for node in self._tree.body if isinstance(node, ast.ImportFrom) and node.module == "__future__"
        ]
        self._live: dict[tuple[str, int], list[types.FunctionType]] = {}
        for function in live:
            self._live.setdefault(_key(function.__code__), []).append(function)
        self._plain: dict[Path, types.CodeType] = {}

    def get_ready(self, function: Path) -> None:
        """Compile a function as it is, so that no process that is forked from this one has to.

        Args:
            function: where it stands.
        """
        with suppress(NoSuchPlace, SyntaxError, ValueError):
            self._unchanged(function)

    @contextmanager
    def changed(self, function: Path, edit: Edit | None) -> Iterator[types.CodeType]:
        """While a function has another body; gives its code. Without an edit it is the same, compiled again.

        Args:
            function: where the outermost function stands in which the change is.
            edit: the change.

        Raises:
            Unreachable: where no function has that code.
            SameCode: where nothing would change.
            NoCode: where a statement that others need has gone (that binds what `nonlocal` names).
        """
        code = self._unchanged(function) if edit is None else self._other(function, edit)
        before = self._install(code)
        try:
            yield code
        finally:
            _put_back(before)

    @contextmanager
    def all_compiled_again(self) -> Iterator[None]:
        """While all functions have the code that is made of the tree, but for those that can have no other code."""
        with ExitStack() as stack:
            for function in outermost(self._tree):
                with suppress(Unreachable, NoSuchPlace, SyntaxError, ValueError, RecursionError):
                    code = self._unchanged(function)
                    stack.callback(_put_back, self._install(code))
            yield

    # --- compiling ------------------------------------------------------------------------------------------

    def _unchanged(self, function: Path) -> types.CodeType:
        if function not in self._plain:
            self._plain[function] = self._compiled(function, None)
        return self._plain[function]

    def _other(self, function: Path, edit: Edit) -> types.CodeType:
        unchanged = self._unchanged(function)
        try:
            code = self._compiled(function, edit)
        except (SyntaxError, ValueError) as failure:
            raise NoCode from failure
        if code == unchanged:
            raise SameCode
        return code

    def _compiled(self, function: Path, edit: Edit | None) -> types.CodeType:
        if edit is None:
            return self._keeping_variables(function)
        with edited(self._tree, edit):
            return self._keeping_variables(function)

    def _keeping_variables(self, function: Path) -> types.CodeType:
        """Compile a function so that live functions can take it: with all variables of enclosing scopes."""
        code = self._code(function)
        lost = {
            _key(inner): names
            for inner in all_within(code)
            for live in self._live.get(_key(inner), ())[:1]
            if (names := set(live.__code__.co_freevars) - set(inner.co_freevars))
        }
        if not lost:
            return code
        node = node_at(self._tree, function)
        holders = [
            (inner, lost[key])
            for inner in ast.walk(node)
            if isinstance(inner, _FUNCTIONS)
            for key in lost
            if key[1] == _first_line(inner) and key[0].rpartition(".")[2] == inner.name
        ]
        for inner, names in holders:
            inner.body.append(_mention(names, inner))
        try:
            return self._code(function)
        finally:
            for inner, _ in holders:
                inner.body.pop()

    def _code(self, function: Path) -> types.CodeType:
        shell = self._shell(function)
        if self._hooks is not None:
            code = compiled(copy.deepcopy(shell), self._file, self._hooks, constants=self._constants)
        else:
            with warnings_kept_quiet():
                code = compile(shell, self._file, "exec", dont_inherit=True)
            code = Patcher[object](self._constants.held, {}, lambda owner, code: None).patched(code)
        name = self._qualname(function)
        found = next((one for one in all_within(code) if one.co_qualname == name), None)
        if found is None:
            raise NoSuchPlace(f"there is no {name} in {self._file}")
        return found

    def _shell(self, function: Path) -> ast.Module:
        """The function alone, in the classes in which it stands."""
        inner: Any = node_at(self._tree, function)
        for length in range(len(function) - 1, 0, -1):
            holder = node_at(self._tree, function[:length])
            if isinstance(holder, ast.ClassDef):
                inner = like(holder, body=[inner], bases=[], keywords=[], decorator_list=[])
        return ast.Module([*self._future, inner], type_ignores=[])

    def _qualname(self, function: Path) -> str:
        holders = [node_at(self._tree, function[:length]) for length in range(1, len(function) + 1)]
        return ".".join(one.name for one in holders if isinstance(one, (ast.ClassDef, *_FUNCTIONS)))

    # --- exchanging -----------------------------------------------------------------------------------------

    def _install(self, code: types.CodeType) -> list[tuple[types.FunctionType, types.CodeType]]:
        before: list[tuple[types.FunctionType, types.CodeType]] = []
        for one in all_within(code):
            for function in self._live.get(_key(one), ()):
                if len(function.__code__.co_freevars) == len(one.co_freevars):
                    before.append((function, function.__code__))
                    function.__code__ = one
        if not before:
            raise Unreachable(f"no function has the code of {code.co_qualname}")
        return before


def outermost(tree: ast.Module) -> Iterator[Path]:
    """Where the functions of a module stand that stand in no other one."""
    waiting: list[tuple[Path, ast.AST]] = [((), tree)]
    while waiting:
        path, node = waiting.pop()
        if isinstance(node, _FUNCTIONS):
            yield path
            continue
        for name, held in ast.iter_fields(node):
            if isinstance(held, list) and name in ("body", "orelse", "finalbody", "handlers", "cases"):
                added = [one for one in held if not hasattr(one, ADDED)]
                waiting += [((*path, name, place), one) for place, one in enumerate(added)]


def _put_back(before: Iterable[tuple[types.FunctionType, types.CodeType]]) -> None:
    for held, original in before:
        held.__code__ = original


def functions_of(files: Iterable[str]) -> dict[str, list[types.FunctionType]]:
    """All functions there are whose code is of one of these files, by file: wherever they are held, and by whom."""
    found: dict[str, list[types.FunctionType]] = {file: [] for file in files}
    gc.unfreeze()  # what is frozen is not listed
    try:
        for thing in gc.get_objects():
            if type(thing) is types.FunctionType and thing.__code__.co_filename in found:
                found[thing.__code__.co_filename].append(thing)
    finally:
        gc.freeze()
    return found


def _key(code: types.CodeType) -> tuple[str, int]:
    return code.co_qualname, code.co_firstlineno


def _first_line(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return min([node.lineno, *(one.lineno for one in node.decorator_list)])


def all_within(code: types.CodeType) -> Iterator[types.CodeType]:
    """A code object and all code within it."""
    waiting = [code]
    while waiting:
        one = waiting.pop()
        yield one
        waiting += [constant for constant in one.co_consts if isinstance(constant, types.CodeType)]


def _mention(names: Iterable[str], place: ast.stmt) -> ast.stmt:
    """A statement that does nothing, by which a function keeps variables of the functions around it."""
    (statement,) = ast.parse("if False: " + "; ".join(sorted(names))).body
    for node in ast.walk(statement):
        ast.copy_location(node, place)
    return statement
