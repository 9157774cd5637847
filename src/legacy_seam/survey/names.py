"""What expressions stand for: the path of what they give, as far as one module tells (see `survey.facts`)."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Callable
from typing import Final

from legacy_seam.source.scopes import By, Scope

_BUILTINS: Final = frozenset({*dir(builtins), "raw_input", "execfile", "unicode", "xrange"})
_MOST_CHARACTERS: Final = 160
"""Of a path. Longer ones are chains of calls that no catalogue knows."""
_DEEPEST: Final = 24
_MOST_OF_A_TABLE: Final = 200

_LITERALS: Final[dict[type, str]] = {
    ast.Dict: "builtins.dict()",
    ast.DictComp: "builtins.dict()",
    ast.List: "builtins.list()",
    ast.ListComp: "builtins.list()",
    ast.Tuple: "builtins.tuple()",
    ast.Set: "builtins.set()",
    ast.SetComp: "builtins.set()",
    ast.JoinedStr: "builtins.str()",
}
SETS: Final = frozenset({"builtins.set()", "builtins.frozenset()"})
_SET_METHODS: Final = ("union", "intersection", "difference", "symmetric_difference", "copy")

Lookup = Callable[[str], str | None]
"""The path of what a plain name holds; None where nothing is known of it."""


def path_of(node: ast.expr | None, lookup: Lookup, depth: int = 0) -> str | None:
    """The path of what an expression gives, or None.

    >>> path_of(ast.parse("open(x).read", mode="eval").body, {"open": "builtins.open"}.get)
    'builtins.open().read'
    """
    if node is None or depth > _DEEPEST:
        return None
    kind = type(node)
    if kind is ast.Name:
        return lookup(node.id)  # type: ignore[attr-defined]
    if kind is ast.Attribute:
        return _attribute(node, lookup, depth)  # type: ignore[arg-type]
    if kind is ast.Call:
        return _call(node, lookup, depth)  # type: ignore[arg-type]
    if kind is ast.Constant:
        return "builtins.str()" if isinstance(node.value, str) else None  # type: ignore[attr-defined]
    if kind in _LITERALS:
        return _LITERALS[kind]
    if kind is ast.BinOp:
        return _operation(node, lookup, depth)  # type: ignore[arg-type]
    inner = [one for one in _alternatives(node) if one is not None]
    return next((path for one in inner if (path := path_of(one, lookup, depth + 1))), None)


def _alternatives(node: ast.expr) -> list[ast.expr]:
    """What may be the value of an expression that passes something on."""
    if isinstance(node, ast.Await | ast.NamedExpr | ast.Starred | ast.YieldFrom):
        return [node.value]
    if isinstance(node, ast.IfExp):
        return [node.body, node.orelse]
    if isinstance(node, ast.BoolOp):
        return list(node.values)
    return []


def _attribute(node: ast.Attribute, lookup: Lookup, depth: int) -> str | None:
    base = path_of(node.value, lookup, depth + 1)
    if base is None or len(base) > _MOST_CHARACTERS:
        return None
    if node.attr == "__class__":
        return base.removesuffix("()")
    return f"{base}.{node.attr}"


def _call(node: ast.Call, lookup: Lookup, depth: int) -> str | None:
    callee = path_of(node.func, lookup, depth + 1)
    if callee is None:
        return None
    special = _SPECIAL.get(callee)
    if special is not None and node.args:
        found = special(node, lookup, depth)
        if found is not None:
            return found
    base, _, method = callee.rpartition(".")
    if base in SETS and method in _SET_METHODS:
        return base
    return f"{callee}()"


def _operation(node: ast.BinOp, lookup: Lookup, depth: int) -> str | None:
    left = path_of(node.left, lookup, depth + 1)
    if isinstance(node.op, ast.Div):  # of paths: `directory / name`
        return left
    if left == "builtins.str()" and isinstance(node.op, ast.Mod | ast.Add):
        return left
    if isinstance(node.op, ast.BitOr | ast.BitAnd | ast.BitXor | ast.Sub):
        sides = (left, path_of(node.right, lookup, depth + 1))
        if any(side in SETS or (side or "").endswith(".keys()") for side in sides):
            return "builtins.set()"
    return None


def _text(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _of_getattr(node: ast.Call, lookup: Lookup, depth: int) -> str | None:
    base = path_of(node.args[0], lookup, depth + 1)
    name = _text(node.args[1]) if len(node.args) > 1 else None
    return f"{base}.{name}" if base and name else None


def _of_import(node: ast.Call, lookup: Lookup, depth: int) -> str | None:
    return _text(node.args[0])


def _of_partial(node: ast.Call, lookup: Lookup, depth: int) -> str | None:
    return path_of(node.args[0], lookup, depth + 1)


def _of_type(node: ast.Call, lookup: Lookup, depth: int) -> str | None:
    path = path_of(node.args[0], lookup, depth + 1) if len(node.args) == 1 else None
    return path.removesuffix("()") if path else None


_SPECIAL: Final[dict[str, Callable[[ast.Call, Lookup, int], str | None]]] = {
    "builtins.getattr": _of_getattr,
    "builtins.__import__": _of_import,
    "importlib.import_module": _of_import,
    "functools.partial": _of_partial,
    "builtins.type": _of_type,
}


def annotated(annotation: ast.expr | None, lookup: Lookup) -> str | None:
    """The path of an instance of what an annotation says.

    >>> annotated(ast.parse("Path | None", mode="eval").body, {"Path": "pathlib.Path"}.get)
    'pathlib.Path()'
    """
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        try:
            annotation = ast.parse(annotation.value, mode="eval").body
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None
    if isinstance(annotation, ast.BinOp) and isinstance(annotation.op, ast.BitOr):
        return annotated(annotation.left, lookup) or annotated(annotation.right, lookup)
    if isinstance(annotation, ast.Subscript):
        outer = path_of(annotation.value, lookup)
        if outer in ("typing.Optional", "typing.Annotated", "typing.Final"):
            inner = annotation.slice
            return annotated(inner.elts[0] if isinstance(inner, ast.Tuple) and inner.elts else inner, lookup)
        annotation = annotation.value
    path = path_of(annotation, lookup) if isinstance(annotation, ast.Name | ast.Attribute) else None
    return f"{path}()" if path else None


class Names:
    """What the names of one module hold at module level.

    Args:
        module: its dotted name.
        is_package: is it an `__init__.py`?
    """

    def __init__(self, module: str, is_package: bool) -> None:
        self.module = module
        self._package = module if is_package else module.rpartition(".")[0]
        self._defined: set[str] = set()
        self.imported: dict[str, str] = {}
        self.variables: dict[str, str | None] = {}
        self.tables: dict[str, tuple[str, ...]] = {}
        self.stars: tuple[str, ...] = ()

    def bind_module(self, scope: Scope) -> None:
        """Take in what is bound at module level."""
        self.stars = tuple(self.absolute("." * star.level + (star.module or "")) for star in scope.stars)
        values: list[tuple[str, ast.expr]] = []
        for name, bindings in scope.bindings.items():
            for one in bindings:
                if one.by is By.IMPORT and one.dotted is not None:
                    self.imported.setdefault(name, self.absolute(one.dotted))
                elif one.by in (By.FUNCTION, By.CLASS):
                    self._defined.add(name)
                elif one.by is not By.DELETE:
                    self.variables.setdefault(name, None)
                    if one.value is not None:
                        values.append((name, one.value))
        for name, value in values:
            self.variables[name] = self.variables[name] or path_of(value, self.lookup)
            table = self._mentioned(value)
            if table:
                self.tables[name] = self.tables.get(name, ()) + table

    def absolute(self, dotted: str) -> str:
        """A name of a module or of something in it, without leading dots."""
        level = len(dotted) - len(dotted.lstrip("."))
        if not level:
            return dotted
        parts = self._package.split(".") if self._package else []
        above = parts[: len(parts) - level + 1]
        rest = dotted[level:]
        return ".".join([*above, rest] if rest else above)

    def lookup(self, name: str) -> str | None:
        """The path of what a name holds at module level."""
        if name in self._defined or name in self.variables:
            return f"{self.module}.{name}"
        if name in self.imported:
            return self.imported[name]
        if name in _BUILTINS:
            return f"builtins.{name}"
        return f"{self.module}.{name}" if self.stars else None

    def _mentioned(self, value: ast.expr) -> tuple[str, ...]:
        """What a table holds that may be called."""
        if not isinstance(value, ast.Dict | ast.List | ast.Tuple | ast.Call | ast.Set):
            return ()
        waiting: list[ast.AST] = [value]
        found: list[str] = []
        for node in waiting:
            if len(waiting) > _MOST_OF_A_TABLE:
                break
            if isinstance(node, ast.Name | ast.Attribute):
                path = path_of(node, self.lookup)
                if path and not path.startswith("builtins."):
                    found.append(path)
            else:
                waiting.extend(ast.iter_child_nodes(node))
        return tuple(dict.fromkeys(found))
