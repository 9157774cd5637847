"""Scripts that run their whole program when they are imported: which of their statements define something, and what
the names hold that these leave behind.

A replay executes the definitions only (imports, functions, classes, constants). So of some names it knows what they
hold when the program begins its work, and of others it does not: what these hold is part of each recorded call. The
recorder and the replay ask the same reading of the same text which names are which.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable, Iterator

from legacy_seam.plaindata import dataclass, field

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
_IMMUTABLE = (ast.Constant, ast.UnaryOp, ast.BinOp, ast.Tuple, ast.Load, ast.operator, ast.unaryop)
"""What an expression consists of whose value nobody can change."""
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_DECORATED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


@dataclass(frozen=True, slots=True)
class Run:
    """Statements one after the other that define something, nothing acting in between; or one that acts.

    end:   the number of the statement behind the last of them.
    names: what they give a value.
    """

    end: int
    names: frozenset[str]


@dataclass(frozen=True, slots=True)
class Script:
    """A script without a guard, read.

    definitions: what of each of its statements a replay executes.
    runs:        where in it names are given a value.
    uncertain:   names that may hold something else, when a function is called, than those definitions leave there.
    """

    definitions: tuple[ast.stmt, ...]
    runs: tuple[Run, ...]
    uncertain: frozenset[str]


def guard_of(tree: ast.Module) -> int | None:
    """The number of the statement in which a script asks whether it is the main program; None where it does not.

    >>> guard_of(ast.parse("import shop\\nif __name__ == '__main__': shop.main()"))
    1
    """
    for number, statement in enumerate(tree.body):
        if isinstance(statement, ast.If) and any(name == "__name__" for name in _loaded(statement.test)):
            return number
    return None


def read_script(tree: ast.Module) -> Script:
    """Tell the statements of a script that define something from those that act.

    >>> sorted(read_script(ast.parse("LIMIT = 3\\nrows = load()\\nn = len(rows)\\ndef f(): return rows")).uncertain)
    ['n', 'rows']
    """
    return _Reading(tree).script()


@dataclass(slots=True)
class _Reading:
    """The state of reading one script, statement by statement.

    touched:  names of which the value may have been changed in its place.
    constant: names whose value nobody can change.
    """

    tree: ast.Module
    uncertain: set[str] = field(default_factory=set)
    touched: set[str] = field(default_factory=set)
    constant: set[str] = field(default_factory=set)

    def script(self) -> Script:
        in_functions = [node for node in ast.walk(self.tree) if isinstance(node, _FUNCTIONS)]
        set_by_functions = {
            name for function in in_functions for node in ast.walk(function) for name in _declared_global(node)
        }
        used_by_functions = {name for function in in_functions for name in _loaded(function)}
        needed = _needed_by_definitions(self.tree)
        definitions: list[ast.stmt] = []
        runs: list[Run] = []
        earlier: set[str] = set()
        names: set[str] = set()
        for number, statement in enumerate(self.tree.body):
            definition = statement if id(statement) in needed else _kept(statement)
            if definition is not None:
                definitions.append(definition)
            bound = set(_bound(statement))
            if _only_defines(statement):
                self._define(statement, bound, earlier)
                names |= bound
                continue
            if names:
                runs.append(Run(number, frozenset(names)))
            if bound:
                runs.append(Run(number + 1, frozenset(bound)))
            earlier, names = earlier | names | bound, set()
            self.uncertain |= bound
            self.touched |= set(_loaded(statement))
            if any(isinstance(node, ast.Call) for node in ast.walk(statement)):
                self.uncertain |= set_by_functions
                self.touched |= used_by_functions
        if names:
            runs.append(Run(len(self.tree.body), frozenset(names)))
        return Script(tuple(definitions), tuple(runs), frozenset(self.uncertain))

    def _define(self, statement: ast.stmt, bound: set[str], earlier: set[str]) -> None:
        """A statement that only defines: do its names hold in a replay what they hold here?"""
        reads = set(_read_at_once(statement))
        if reads & (self.uncertain | (self.touched - self.constant)):
            self.uncertain |= bound
        self.uncertain |= bound & earlier
        if isinstance(statement, ast.Assign) and _is_immutable(statement.value):
            self.constant |= bound
        else:
            self.constant -= bound


def _needed_by_definitions(tree: ast.Module) -> frozenset[int]:
    """Assignments, by `id`, that make an object with something imported (`app = Flask(__name__)`), without which a
    class or a decorated function could not be defined."""
    imported: set[str | None] = {
        name
        for statement in tree.body
        for node in ast.walk(statement)
        if isinstance(node, (ast.Import, ast.ImportFrom))
        for name in _bound(node)
    }
    makers = {
        statement.targets[0].id: statement
        for statement in tree.body
        if isinstance(statement, ast.Assign)
        and isinstance(statement.targets[0], ast.Name)
        and len(statement.targets) == 1
        and not _makes_only_a_value(statement.value)
        and _makes_only_a_value(statement.value, imported)
    }
    waiting = [
        name for statement in tree.body if isinstance(statement, _DECORATED) for name in _read_at_once(statement)
    ]
    needed: dict[str, int] = {}
    while waiting:
        name = waiting.pop()
        if name in makers and name not in needed:
            needed[name] = id(makers[name])
            waiting += _read_at_once(makers[name])
    return frozenset(needed.values())


# --- single statements ------------------------------------------------------------------------------------------


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


def _only_defines(statement: ast.stmt) -> bool:
    """Is all of a statement kept? (An annotation without a value is not, and does nothing.)"""
    if isinstance(statement, ast.AnnAssign) and statement.value is None:
        return True
    if _kept(statement) is None:
        return False
    match statement:
        case ast.If():
            return all(map(_only_defines, [*statement.body, *statement.orelse]))
        case ast.Try():
            handled = [one for handler in statement.handlers for one in handler.body]
            return all(map(_only_defines, [*statement.body, *handled, *statement.orelse, *statement.finalbody]))
    return True


def _makes_only_a_value(expression: ast.expr, besides: Collection[str | None] = ()) -> bool:
    """Does an expression make a value and do nothing else?

    Args:
        expression: the expression.
        besides: names through which everything may be called.
    """
    for node in ast.walk(expression):
        if isinstance(node, ast.Call):
            function = node.func
            last = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
            if last not in _MAKERS and _root(function) not in besides:
                return False
        elif not isinstance(node, _PLAIN):
            return False
    return True


def _root(expression: ast.expr) -> str | None:
    while isinstance(expression, ast.Attribute):
        expression = expression.value
    return expression.id if isinstance(expression, ast.Name) else None


def _is_immutable(expression: ast.expr) -> bool:
    return all(isinstance(node, _IMMUTABLE) for node in ast.walk(expression))


# --- names ------------------------------------------------------------------------------------------------------


def _bound(statement: ast.AST) -> Iterator[str]:
    """The names of the module to which a statement gives a value, or takes it."""
    waiting = [statement]
    while waiting:
        node = waiting.pop()
        match node:
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
                yield name
            case ast.Import(names=names) | ast.ImportFrom(names=names):
                yield from (alias.asname or alias.name.partition(".")[0] for alias in names)
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield name
            case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                yield name
            case ast.MatchMapping(rest=str(name)):
                yield name
        waiting += _within(node)


def _within(node: ast.AST) -> Iterable[ast.AST]:
    """What of a node is executed with the names of the module."""
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return [*node.decorator_list, *node.args.defaults, *filter(None, node.args.kw_defaults)]
    if isinstance(node, ast.ClassDef):
        return [*node.decorator_list, *node.bases, *node.keywords]
    if isinstance(node, ast.Lambda):
        return [*node.args.defaults, *filter(None, node.args.kw_defaults)]
    if isinstance(node, (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)):  # of its names, only `:=`
        return [one for one in ast.walk(node) if isinstance(one, ast.NamedExpr)]
    return ast.iter_child_nodes(node)


def _read_at_once(statement: ast.AST) -> Iterator[str]:
    """The names that a statement reads while it is executed: not those in the bodies of functions."""
    waiting = [statement]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            yield node.id
        if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
            yield node.target.id
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.Lambda():
                waiting += _within(node)
            case _:
                waiting += ast.iter_child_nodes(node)


def _loaded(node: ast.AST) -> Iterator[str]:
    return (one.id for one in ast.walk(node) if isinstance(one, ast.Name))


def _declared_global(node: ast.AST) -> list[str]:
    return node.names if isinstance(node, ast.Global) else []
