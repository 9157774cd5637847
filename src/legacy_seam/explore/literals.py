"""What a program's source says of the inputs that it tells apart: numbers, texts, patterns.

A text that is compared with something, a pattern that is matched, a bound that is checked: each is written down,
and hardly found by chance.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping

from legacy_seam.replay.searching.ideas import Literals

_FUNCTIONS_OF_RE = frozenset(
    {"compile", "match", "fullmatch", "search", "findall", "finditer", "split", "sub", "subn"}
)
_LONGEST_TEXT = 60
_FLAGS = dict(re.RegexFlag.__members__)


def literals_of(node: ast.AST, module: ast.AST | None = None) -> Literals:
    """Read what is written in a piece of source.

    Args:
        node: the piece.
        module: all of the module, in which patterns may have names.

    >>> found = literals_of(ast.parse("if re.match('[A-Z]{2}', x) and y < 15: pass"))
    >>> found.numbers, [one.pattern for one in found.patterns]
    ((15, 14, 16), ['[A-Z]{2}'])
    """
    known = _named_texts(module or node)
    numbers: dict[tuple[type, int | float], int | float] = {}
    texts: dict[str, None] = {}
    patterns: dict[tuple[str, int], re.Pattern[str]] = {}
    documentation = set(_documentation(node))
    for one in ast.walk(node):
        if isinstance(one, ast.Constant):
            if isinstance(one.value, (int, float)) and type(one.value) is not bool:
                near = one.value, one.value - 1, one.value + 1
                numbers.update({(type(value), value): value for value in near})
            elif isinstance(one.value, str) and id(one) not in documentation and len(one.value) <= _LONGEST_TEXT:
                texts[one.value] = None
        elif isinstance(one, ast.UnaryOp) and isinstance(one.op, ast.USub):
            if isinstance(one.operand, ast.Constant) and isinstance(one.operand.value, (int, float)):
                number = -one.operand.value
                beside = number, number - 1, number + 1
                numbers.update({(type(value), value): value for value in beside})
        elif isinstance(one, ast.Call) and (pattern := _pattern(one, known)) is not None:
            patterns[pattern.pattern, pattern.flags] = pattern
        elif isinstance(one, ast.Name) and one.id in known and len(known[one.id]) <= _LONGEST_TEXT:
            texts[known[one.id]] = None
    return Literals(tuple(numbers.values()), tuple(texts), tuple(patterns.values()))


def _documentation(node: ast.AST) -> Iterator[int]:
    for one in ast.walk(node):
        if isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant):
            yield id(one.value)


def _named_texts(module: ast.AST) -> dict[str, str]:
    """Names that stand for one text throughout a module."""
    known: dict[str, str] = {}
    for statement in getattr(module, "body", ()):
        if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
            target, value = statement.targets[0], _text(statement.value, known)
            if isinstance(target, ast.Name) and value is not None:
                known[target.id] = value
    return known


def _text(node: ast.AST, known: Mapping[str, str]) -> str | None:
    """The text that an expression stands for, where that is written there."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    if isinstance(node, ast.Name):
        return known.get(node.id)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        both = _text(node.left, known), _text(node.right, known)
        return None if both[0] is None or both[1] is None else both[0] + both[1]
    if isinstance(node, ast.JoinedStr):
        pieces = [_text(one.value if isinstance(one, ast.FormattedValue) else one, known) for one in node.values]
        return None if None in pieces else "".join(piece for piece in pieces if piece is not None)
    return None


def _pattern(call: ast.Call, known: Mapping[str, str]) -> re.Pattern[str] | None:
    """The regular expression that a call of `re` is given."""
    called = call.func
    name = called.attr if isinstance(called, ast.Attribute) else called.id if isinstance(called, ast.Name) else ""
    if name not in _FUNCTIONS_OF_RE or not call.args or (isinstance(called, ast.Name) and name == "compile"):
        return None
    text = _text(call.args[0], known)
    if text is None or (isinstance(called, ast.Attribute) and not _is_re(called.value)):
        return None
    given = [one for one in (*call.args[1:], *(word.value for word in call.keywords)) if _is_flag(one)]
    flags = re.RegexFlag(0)
    for one in given:
        for inner in ast.walk(one):
            if isinstance(inner, ast.Attribute) and inner.attr in _FLAGS:
                flags |= _FLAGS[inner.attr]
    try:
        return re.compile(text, flags)
    except (re.error, ValueError, OverflowError):
        return None


def _is_re(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and node.id in ("re", "regex")


def _is_flag(node: ast.AST) -> bool:
    return any(isinstance(one, ast.Attribute) and _is_re(one.value) for one in ast.walk(node))
