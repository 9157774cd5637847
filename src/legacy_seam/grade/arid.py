"""Lines on which mutants tell nothing about a net: what they change is not meant to be noticed by a test.

Each rule has an id, under which its mutants are counted as suppressed. A simple statement is arid where a rule says
so, a compound one where all in it is (G. Petrović, M. Ivanković, "State of Mutation Testing at Google", 2018).
What the golden masters themselves record is never arid: a rule is lifted where the net pins what it is about.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Collection, Iterable

from legacy_seam.calls import Kind
from legacy_seam.plaindata import dataclass

_LOG_METHODS = frozenset(["debug", "info", "warning", "warn", "error", "exception", "critical", "log"])
_LOGGER = re.compile(r"(?i)_*(log|logger|logging|\w+_log|\w+_logger|\w*\.(log|logger|_log|_logger))")
_CAPACITY = frozenset(["maxsize", "buffering", "bufsize", "buffer_size", "chunk_size", "chunksize", "capacity"])
_PATIENCE = frozenset(["timeout", "retries", "max_retries", "backoff", "interval", "delay"])
_DECLARATIONS = frozenset(
    ["__all__", "__slots__", "__version__", "__author__", "__date__", "__copyright__", "__license__"]
)
_PRINTERS = frozenset(["print", "sys.stdout.write", "sys.stderr.write", "sys.stdout.flush", "sys.stderr.flush"])
_CACHES = frozenset(["cache", "lru_cache", "cached_property"])
_MUST_BE_CALLED = frozenset(
    ["len", "isinstance", "iter", "next", "open", "enumerate", "reversed", "dict", "set", "range", "sum"]
)


@dataclass(frozen=True, slots=True)
class Rule:
    """One reason not to count mutants.

    identity: its id, in reports.
    why:      what it is about, in words.
    matches:  told a node, and what it stands in (outermost first); is the node arid, with all in it?
    unless:   kinds of effect: the rule is lifted where the golden masters record any of these.
    """

    identity: str
    why: str
    matches: Callable[[ast.AST, tuple[ast.AST, ...]], bool]
    unless: frozenset[Kind] = frozenset()


class Aridity:
    """The rules that hold for a net.

    Args:
        recorded: the kinds of effect that its golden masters record.

    >>> statement = ast.parse("log.info('paid')").body[0]
    >>> Aridity([]).rule_for(statement, ()), Aridity(["logged"]).rule_for(statement, ())
    ('logging', None)
    """

    def __init__(self, recorded: Collection[Kind]) -> None:
        self._rules = [rule for rule in RULES if rule.unless.isdisjoint(recorded)]

    def rule_for(self, node: ast.AST, within: tuple[ast.AST, ...]) -> str | None:
        """The id of the rule by which a node is arid, or None.

        Args:
            node: the node.
            within: what it stands in, outermost first.
        """
        for rule in self._rules:
            if rule.matches(node, within):
                return rule.identity
        if isinstance(node, (ast.If, ast.For, ast.While, ast.With, ast.Try)):
            return self._of_all(list(_statements_in(node)), (*within, node))
        return None

    def _of_all(self, statements: list[ast.stmt], within: tuple[ast.AST, ...]) -> str | None:
        found: list[str] = []
        for statement in statements:
            if isinstance(statement, ast.Pass):
                continue
            rule = self.rule_for(statement, within)
            if rule is None:
                return None
            found.append(rule)
        return found[0] if found else None


def _statements_in(node: ast.AST) -> Iterable[ast.stmt]:
    for name in ("body", "orelse", "finalbody"):
        yield from getattr(node, name, ())
    for handler in getattr(node, "handlers", ()):
        yield from handler.body


def _called(node: ast.AST) -> str:
    """The name by which a statement calls something (`logger.info`); empty where it does nothing but that."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        return _dotted(node.value.func)
    return ""


def _dotted(node: ast.expr) -> str:
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{_dotted(node.value)}.{node.attr}"
    if isinstance(node, ast.Call):
        return _dotted(node.func)
    return ""


def _is_bare_constant(node: ast.AST, within: tuple[ast.AST, ...]) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _is_logging(node: ast.AST, within: tuple[ast.AST, ...]) -> bool:
    owner, _, method = _called(node).rpartition(".")
    return method in _LOG_METHODS and bool(_LOGGER.fullmatch(owner))


def _is_warning(node: ast.AST, within: tuple[ast.AST, ...]) -> bool:
    return _called(node) in ("warnings.warn", "warn")


def _is_printing(node: ast.AST, within: tuple[ast.AST, ...]) -> bool:
    return _called(node) in (
        "print",
        "sys.stdout.write",
        "sys.stderr.write",
        "sys.stdout.flush",
        "sys.stderr.flush",
    )


def _is_annotation(node: ast.AST, within: tuple[ast.AST, ...]) -> bool:
    if not within:
        return False
    parent = within[-1]
    return (isinstance(parent, (ast.arg, ast.AnnAssign)) and node is parent.annotation) or (
        isinstance(parent, (ast.FunctionDef, ast.AsyncFunctionDef)) and node is parent.returns
    )


def _is_display(node: ast.AST, within: tuple[ast.AST, ...]) -> bool:
    return isinstance(node, ast.FunctionDef) and node.name == "__repr__"


def _is_guard(node: ast.AST, within: tuple[ast.AST, ...]) -> bool:
    if not isinstance(node, ast.If):
        return False
    return ast.unparse(node.test) in ("__name__ == '__main__'", "TYPE_CHECKING", "typing.TYPE_CHECKING")


def _is_declaration(node: ast.AST, within: tuple[ast.AST, ...]) -> bool:
    return isinstance(node, ast.Assign) and all(
        isinstance(one, ast.Name) and one.id in _DECLARATIONS for one in node.targets
    )


def _is_assertion(node: ast.AST, within: tuple[ast.AST, ...]) -> bool:
    return isinstance(node, ast.Assert)


def _is_message(node: ast.AST, within: tuple[ast.AST, ...]) -> bool:
    is_text = isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))
    return is_text and any(isinstance(one, ast.Raise) for one in within)


def _is_patience(node: ast.AST, within: tuple[ast.AST, ...]) -> bool:
    if isinstance(node, ast.keyword):
        return node.arg in _PATIENCE
    return _called(node) in ("time.sleep", "sleep", "asyncio.sleep")


def _is_cache(node: ast.AST, within: tuple[ast.AST, ...]) -> bool:
    if not within or not isinstance(within[-1], (ast.FunctionDef, ast.AsyncFunctionDef)):
        return False
    return (
        isinstance(node, ast.expr)
        and node in within[-1].decorator_list
        and _dotted(node).rpartition(".")[2] in _CACHES
    )


def _is_capacity(node: ast.AST, within: tuple[ast.AST, ...]) -> bool:
    return isinstance(node, ast.keyword) and node.arg in _CAPACITY


def _is_progress(node: ast.AST, within: tuple[ast.AST, ...]) -> bool:
    name = _called(node)
    return name.rpartition(".")[2] in ("set_description", "set_postfix") or name.startswith(("statsd.", "metrics."))


RULES = (
    Rule("constant", "docstrings, and constants that stand alone", _is_bare_constant),
    Rule("annotation", "annotations of types", _is_annotation),
    Rule("logging", "what is only logged", _is_logging, frozenset({"logged"})),
    Rule("warning", "what only warns", _is_warning, frozenset({"warned"})),
    Rule("printing", "what is only printed", _is_printing, frozenset({"printed"})),
    Rule("display", "`__repr__`, which is for people who debug", _is_display),
    Rule("guard", "`if __name__ == '__main__'` and `if TYPE_CHECKING`, which no call comes through", _is_guard),
    Rule("declaration", "`__all__`, `__slots__`, `__version__` and their kind", _is_declaration),
    Rule("assertion", "asserts: they are checks themselves", _is_assertion),
    Rule("message", "the texts of exceptions", _is_message, frozenset({"raised"})),
    Rule("patience", "sleeps, timeouts and retries", _is_patience),
    Rule("cache", "caches around functions: the answer is the same without them", _is_cache),
    Rule("capacity", "sizes of buffers and caches", _is_capacity),
    Rule("progress", "progress bars and metrics", _is_progress),
)
"""All rules. Mutants that cannot tell anything whatever the net are suppressed under `must-be-called` (without the
call, every use of the value fails), `same-code` (they compile to what was there before) and `no-code` (they do not
compile)."""


def hopeless(operator: str, node: ast.AST) -> str | None:
    """The id under which one operator has nothing to say about a node, or None.

    >>> hopeless("call-unwrapped", ast.parse("len(x)", mode="eval").body)
    'must-be-called'
    """
    if operator == "call-unwrapped" and isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        name = node.func.id
        return "must-be-called" if name in _MUST_BE_CALLED or name.endswith(("Error", "Exception")) else None
    return None
