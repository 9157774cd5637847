"""What a module does when it is imported: what only defines something, what imports, and what is work."""

from __future__ import annotations

import ast
import builtins
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from legacy_seam.seams.job import Job
from legacy_seam.seams.plan import Reason
from legacy_seam.source import Module
from legacy_seam.source.functions import dotted
from legacy_seam.source.references import references
from legacy_seam.source.scopes import Hints, Scope

_HARMLESS: Final = frozenset(
    {"staticmethod", "classmethod", "property", "abstractmethod", "abc.abstractmethod", "overload"}
    | {f"functools.{one}" for one in ("cache", "lru_cache", "wraps", "total_ordering", "cached_property")}
    | {"lru_cache", "cache", "wraps", "dataclass", "dataclasses.dataclass", "contextmanager"}
    | {"contextlib.contextmanager", "typing.overload"}
)
_PLAIN_BASES: Final = frozenset({"object", "Exception", "ValueError", "RuntimeError", "dict", "list", "str", "int"})


class Work:
    """The work of a module, and how much of it can move into a function.

    Args:
        job: its module is what is looked at; what must stay is left, with the reason.
    """

    def __init__(self, job: Job) -> None:
        self._job, self._module = job, job.module
        self._body = job.module.tree.body
        self._binds = {id(one): frozenset(_bound(one)) for one in self._body}
        counted = Counter(name for names in self._binds.values() for name in names)
        self._rebound = frozenset(name for name in counted if counted[name] > 1) | _declared(job.module)

    def moved(self) -> list[ast.stmt]:
        """The work, without what must stay and what stands before that.

        Raises:
            Refused: where what would move reads names by their spelling.
        """
        rest = self._body[self._first_free() :]
        found: list[ast.stmt] = []
        for one in rest:
            if self._is_work(one) or (found and _is_import(one)):
                found.append(one)
        for one in found:
            if name := _dynamic(one):
                reason = f"`{name}` sees the names of the module, and would see those of a function"
                self._job.refuse(Reason.DYNAMIC_NAMES, one.lineno, reason)
        return found

    def bound_by(self, moved: Iterable[ast.stmt]) -> frozenset[str]:
        """The names that these bind."""
        return frozenset[str]().union(*(self._binds[id(one)] for one in moved))

    def kept_global(self, moved: Sequence[ast.stmt]) -> frozenset[str]:
        """Of the names that these bind, those which something that stays knows, and those that Python has too."""
        stays = [one for one in self._body if one not in moved]
        python = {one for one in self.bound_by(moved) if hasattr(builtins, one) or one.startswith("__")}
        return self.bound_by(moved) & (
            python | self.bound_by(stays) | _read_later(self._module, stays) | _declared(self._module)
        )

    def _first_free(self) -> int:
        """The place behind the last statement that must stay although it does something."""
        defining = [one for one in self._body if not (self._is_work(one) or is_guard(one))]
        needed = _read_later(self._module, defining) | _declared(self._module) | _exported(self._module)
        needed |= _read_at_once(self._module, defining) | self.bound_by(one for one in self._body if _defines(one))
        start = 0
        for number, one in enumerate(self._body):
            reason = "" if self._is_settled(one) or is_guard(one) else self._must_stay(one, needed)
            if not reason:
                continue
            held = next((each for each in self._body[start : number + 1] if self._is_work(each)), None)
            if held is not None:
                self._job.leave(Reason.UNSAFE, held.lineno, reason)
            start = number + 1
        return start

    def _is_settled(self, one: ast.stmt) -> bool:
        """Does it only define what nothing else binds, so that it may as well be done before the work?"""
        return _is_inert(one) and not (self._binds[id(one)] & self._rebound)

    def _is_work(self, one: ast.stmt) -> bool:
        """Does it do more than define and import, or set what is set again?"""
        defines = _defines(one)
        return not (self._is_settled(one) or is_guard(one) or _is_import(one) or defines or _is_text(one))

    def _must_stay(self, one: ast.stmt, needed: frozenset[str]) -> str:
        if _cannot_be_in_a_function(one):
            return (
                f"what stands in line {one.lineno} cannot stand in a function, and work before it stays before it"
            )
        names = self._binds[id(one)] & needed
        is_work = self._is_work(one)
        if not names or (is_work and self._job.option("globals") == "main"):
            return ""
        reason = f"`{min(names)}` is bound in line {one.lineno} and needed by what can be imported"
        return f"{reason}; --with globals=main has `main` bind it" if is_work else reason


def is_guard(node: ast.stmt) -> bool:
    """Is it `if __name__ == "__main__":`?"""
    return isinstance(node, ast.If) and "__name__" in ast.dump(node.test) and "__main__" in ast.dump(node.test)


# --- what a statement does --------------------------------------------------------------------------------------


def _is_inert(node: ast.stmt) -> bool:
    """Does it define something and nothing else, so that it may as well be done earlier?"""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        defaults = [*node.args.defaults, *(one for one in node.args.kw_defaults if one)]
        return all(map(_is_harmless, node.decorator_list)) and all(map(_is_value, defaults))
    if isinstance(node, ast.ClassDef):
        bases = all(isinstance(one, ast.Name) and one.id in _PLAIN_BASES for one in node.bases)
        decorated = all(map(_is_harmless, node.decorator_list))
        return bases and decorated and not node.keywords and all(map(_is_inert, node.body))
    return isinstance(node, ast.Pass) or _is_plain_value(node) or _is_text(node)


def _is_plain_value(node: ast.stmt) -> bool:
    """Is it an assignment of a value that is written down?"""
    if isinstance(node, ast.Assign):
        return all(isinstance(one, ast.Name) for one in node.targets) and _is_value(node.value)
    return (
        isinstance(node, ast.AnnAssign)
        and isinstance(node.target, ast.Name)
        and (node.value is None or _is_value(node.value))
    )


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _is_value(node: ast.expr) -> bool:
    if isinstance(node, ast.Tuple | ast.List | ast.Set):
        return all(map(_is_value, node.elts))
    if isinstance(node, ast.Dict):
        return all(key is not None and _is_value(key) for key in node.keys) and all(map(_is_value, node.values))
    if isinstance(node, ast.UnaryOp):
        return isinstance(node.operand, ast.Constant)
    if isinstance(node, ast.Call):  # "a b c".split()
        of_text = isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Constant)
        return of_text and not node.keywords and all(map(_is_value, node.args))
    return isinstance(node, ast.Constant | ast.Lambda)


def _is_harmless(decorator: ast.expr) -> bool:
    return dotted(decorator.func if isinstance(decorator, ast.Call) else decorator) in _HARMLESS


def _is_import(node: ast.stmt) -> bool:
    if isinstance(node, ast.Try):
        inner = [*node.body, *(one for handler in node.handlers for one in handler.body), *node.orelse]
        return not node.finalbody and all(_is_import(one) or _is_inert(one) for one in inner)
    if isinstance(node, ast.If):
        return all(_is_import(one) or _is_inert(one) for one in (*node.body, *node.orelse)) and not any(
            isinstance(one, ast.Call) for one in ast.walk(node.test)
        )
    return isinstance(node, ast.Import | ast.ImportFrom)


def _defines(node: ast.stmt) -> bool:
    """Is it a function, a class, or a lambda with a name?"""
    named = isinstance(node, ast.Assign) and isinstance(node.value, ast.Lambda)
    return named or isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)


def _cannot_be_in_a_function(node: ast.stmt) -> bool:
    """A star import; an annotation that `global` would forbid; a definition that others may import."""
    if isinstance(node, ast.AnnAssign) or _defines(node):
        return True
    definitions = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Await)
    return any(
        isinstance(one, definitions) or (isinstance(one, ast.ImportFrom) and one.names[0].name == "*")
        for one in ast.walk(node)
    )


def _dynamic(node: ast.stmt) -> str:
    """What a statement calls that reads the names around it, if anything."""
    calls = [one for one in ast.walk(node) if isinstance(one, ast.Call)]
    found = [(one.func.id, one.args) for one in calls if isinstance(one.func, ast.Name)]
    always = ("globals", "locals", "eval", "exec")
    return next((name for name, given in found if name in always or (name in ("vars", "dir") and not given)), "")


# --- names --------------------------------------------------------------------------------------------------------


def _bound(node: ast.stmt) -> Iterator[str]:
    """The names of the module that a statement binds or deletes."""
    yield from Scope("module", ast.Module([node], []), None, Hints()).bindings


def _declared(module: Module) -> frozenset[str]:
    """The names that some function declares global."""
    return frozenset(name for one in ast.walk(module.tree) if isinstance(one, ast.Global) for name in one.names)


def _read_later(module: Module, statements: Sequence[ast.stmt]) -> frozenset[str]:
    """The names of the module that functions in these statements, and bodies of classes, read."""
    found: set[str] = set()
    for one in references(ast.Module(list(statements), []), scope=module.scope):
        inside: Scope | None = one.scope
        while inside and inside.kind == "comprehension":
            inside = inside.parent
        if inside is not module.scope and one.scope.holder(one.names[0]) in (module.scope, None):
            found.add(one.names[0])
    return frozenset(found)


def _read_at_once(module: Module, statements: Sequence[ast.stmt]) -> frozenset[str]:
    """The names that these statements read when they are run: decorators, default values, annotations."""
    found = references(ast.Module(list(statements), []), scope=module.scope)
    return frozenset(one.names[0] for one in found if one.scope is module.scope)


def _exported(module: Module) -> frozenset[str]:
    """The names that `__all__` lists."""
    for one in module.tree.body:
        if isinstance(one, ast.Assign) and any(
            isinstance(to, ast.Name) and to.id == "__all__" for to in one.targets
        ):
            values = [each.value for each in ast.walk(one.value) if isinstance(each, ast.Constant)]
            return frozenset(each for each in values if isinstance(each, str))
    return frozenset()
