"""Scripts that run their whole program when they are imported: loading their definitions only."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable
from types import CodeType
from typing import TypeAlias

Compiler: TypeAlias = Callable[[ast.Module, str], CodeType]
"""Makes code of statements, given the file that they come from."""

_NAMES_OF_MAKERS = (
    "bool bytes bytearray complex dict float frozenset int list object range set slice str tuple type len sorted"
    " min max sum zip map filter enumerate reversed abs round divmod ord chr hash repr"
    " compile escape namedtuple Enum IntEnum Flag IntFlag NewType TypeVar ParamSpec TypedDict NamedTuple"
    " Decimal Fraction date datetime time timedelta timezone ZoneInfo today now utcnow fromisoformat strptime"
    " getLogger defaultdict OrderedDict Counter deque ChainMap MappingProxyType SimpleNamespace"
    " Path PurePath join dirname abspath basename realpath expanduser splitext Struct array"
    " Lock RLock Event local partial itemgetter attrgetter methodcaller cache lru_cache wraps property"
    " split strip lower upper replace format encode decode keys values items copy field dataclass maketrans"
    " fromkeys getenv get Template uuid4 UUID Random"
)
_MAKERS = frozenset(_NAMES_OF_MAKERS.split())
"""Functions that make a value and do nothing else, by the last part of their names."""

_PLAIN = (
    ast.Constant,
    ast.Name,
    ast.Attribute,
    ast.List,
    ast.Tuple,
    ast.Set,
    ast.Dict,
    ast.BinOp,
    ast.UnaryOp,
    ast.BoolOp,
    ast.Compare,
    ast.IfExp,
    ast.Subscript,
    ast.Slice,
    ast.Starred,
    ast.JoinedStr,
    ast.FormattedValue,
    ast.Lambda,
    ast.ListComp,
    ast.SetComp,
    ast.DictComp,
    ast.GeneratorExp,
    ast.comprehension,
    ast.keyword,
    ast.arguments,
    ast.arg,
    ast.expr_context,
    ast.operator,
    ast.unaryop,
    ast.boolop,
    ast.cmpop,
)


def has_guard(tree: ast.Module) -> bool:
    """Does the script ask whether it is the main program?

    >>> has_guard(ast.parse("if __name__ == '__main__': main()"))
    True
    """
    return any(
        isinstance(statement, ast.If)
        and any(isinstance(node, ast.Name) and node.id == "__name__" for node in ast.walk(statement.test))
        for statement in tree.body
    )


def run_definitions(tree: ast.Module, file: str, namespace: dict[str, object], compiler: Compiler) -> None:
    """Execute what defines something (imports, functions, classes, constants), and nothing that acts.

    A definition that fails (because it rests on something that was left out) is left out as well: what the
    functions need of it is part of the recorded state.
    """
    for statement in tree.body:
        kept = _kept(statement)
        if kept is None:
            continue
        block = ast.fix_missing_locations(ast.Module([kept], []))
        try:
            exec(compiler(block, file), namespace)
        except Exception:
            continue


def _kept(statement: ast.stmt) -> ast.stmt | None:
    match statement:
        case ast.Import() | ast.ImportFrom() | ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            return statement
        case ast.Expr(value=ast.Constant()) | ast.Pass() | ast.Global():
            return statement
        case ast.Assign(value=value) | ast.AnnAssign(value=ast.expr() as value) | ast.AugAssign(value=value):
            return statement if _makes_only_a_value(value) else None
        case ast.If(test=test):
            if not _makes_only_a_value(test):
                return None
            body, orelse = _all_kept(statement.body), _all_kept(statement.orelse)
            return ast.copy_location(ast.If(test, body or [ast.Pass()], orelse), statement)
        case ast.Try():
            body = _all_kept(statement.body)
            if len(body) != len(statement.body):
                return None
            handlers = [
                ast.copy_location(ast.ExceptHandler(h.type, h.name, _all_kept(h.body) or [ast.Pass()]), h)
                for h in statement.handlers
            ]
            orelse, final = _all_kept(statement.orelse), _all_kept(statement.finalbody)
            return ast.copy_location(ast.Try(body, handlers, orelse, final), statement)
    return None


def _all_kept(statements: Iterable[ast.stmt]) -> list[ast.stmt]:
    return [kept for statement in statements if (kept := _kept(statement)) is not None]


def _makes_only_a_value(expression: ast.expr) -> bool:
    for node in ast.walk(expression):
        if isinstance(node, ast.Call):
            function = node.func
            last = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
            if last not in _MAKERS:
                return False
        elif not isinstance(node, _PLAIN):
            return False
    return True
