"""What a function that is searched notes of the ways through it: branches, and how close sides of comparisons were.

A branch says that a number was too large; not whether one less would have been, too. So comparisons are exchanged
for calls that compare, and take note of what they saw: equal, one less, one more, true, false. Conditions without a
comparison are noted as true or false, and of a match of a regular expression, which of its groups took part. How
far numbers are apart is noted in steps, each twice as long as the one before: a search that keeps what came closer
gets there in the end.

A note is a number. It costs a fraction of what a tracer does, and is the same under every interpreter.
"""

from __future__ import annotations

import ast
import datetime
import decimal
import operator
import re
from collections.abc import Callable, Iterator
from typing import Any

from legacy_seam.replay.mutation.branches import FIRST_BRANCH
from legacy_seam.rewriting.constants import NOWHERE, Constants, Position

_KINDS = 6
"""So many bits of a note say what was seen; the others, where."""
_FIRST_STEP, _MOST_STEPS = 8, 20
_FIRST_GROUP = _FIRST_STEP + 2 * _MOST_STEPS
_FAR = 1 << _MOST_STEPS
_LESS, _EQUAL, _MORE, _TRUE, _FALSE = range(5)
_MOST_SITES = FIRST_BRANCH >> _KINDS
_NUMBERS = frozenset({int, float})
_DECIMALS: frozenset[type] = frozenset({int, decimal.Decimal})
_TEXTS: frozenset[type] = frozenset({str, bytes})
_SPANS: frozenset[type] = frozenset({datetime.datetime, datetime.timedelta})
_OURS = decimal.Context(traps=[])
"""What is reckoned in it leaves no flags in the program's."""
_PLAIN: frozenset[type] = frozenset({bool, type(None), int, float, str, bytes, list, tuple, dict, set, frozenset})
"""Whose truth can be asked once more, and nobody notices."""
_OPERATORS: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.In: lambda one, many: one in many,
    ast.NotIn: lambda one, many: one not in many,
}


def is_branch(note: int) -> bool:
    """Is it no note, but a branch?"""
    return note >= FIRST_BRANCH


def is_step(note: int) -> bool:
    """Does a note, or a branch, say no more than how far numbers are apart?"""
    return note < FIRST_BRANCH and _FIRST_STEP <= note & (1 << _KINDS) - 1 < _FIRST_GROUP


_FIRST_ARRIVAL = FIRST_BRANCH << 20


class Relations:
    """The notes of some files.

    Args:
        note: called with each.
    """

    def __init__(self, note: Callable[[int], object]) -> None:
        self._note = note
        self._lines: list[int] = []
        self._arrivals: list[int] = []

    def line(self, note: int) -> int:
        """The line of a note; 0 where it is none."""
        if note < FIRST_BRANCH:
            return self._lines[note >> _KINDS]
        place = note - _FIRST_ARRIVAL
        return self._arrivals[place] if 0 <= place < len(self._arrivals) else 0

    def rewrite(self, tree: ast.Module, constants: Constants) -> None:
        """Have branches, comparisons and conditions in all functions of a module take notes."""
        functions = [one for one in ast.walk(tree) if isinstance(one, (ast.FunctionDef, ast.AsyncFunctionDef))]
        for node in functions:
            rewriting = _Rewriting(self, constants)
            node.body = [rewriting.visit(statement) for statement in node.body]
        for node in functions:
            for inner in list(_own(node)):
                for block, line in _blocks(inner):
                    block.insert(1 if _has_documentation(inner, block) else 0, self._arrival(line, constants))

    def _arrival(self, line: int, constants: Constants) -> ast.stmt:
        """A statement that notes that it was reached."""
        self._arrivals.append(line)
        number = ast.Constant(_FIRST_ARRIVAL + len(self._arrivals) - 1, **NOWHERE)
        return constants.call(self._note, number)

    def site(self, node: ast.expr) -> int | None:
        """A new place to take notes of; None where there are too many."""
        if len(self._lines) >= _MOST_SITES:
            return None
        self._lines.append(node.lineno)
        return len(self._lines) - 1 << _KINDS

    def comparison(self, site: int, compare: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
        """What compares, and takes note of what it saw."""
        note, steps = self._note, site | _FIRST_STEP
        less, equal, more, true, false = (site | kind for kind in (_LESS, _EQUAL, _MORE, _TRUE, _FALSE))

        def compared(one: Any, other: Any) -> Any:
            result = compare(one, other)
            if result is True:
                note(true)
            elif result is False:
                note(false)
            apart = _apart(one, other)
            if apart == 0:
                note(equal)
            elif apart is not None and -1 <= apart <= 1:
                note(more if apart > 0 else less)
            elif apart is not None and -_FAR < apart < _FAR:
                step = int(apart).bit_length() - 1
                note(steps + step + (_MOST_STEPS if apart > 0 else 0))
            return result

        return compared

    def condition(self, site: int) -> Callable[[Any], Any]:
        """What gives back what it is given, and takes note of whether that is true."""
        note, true, false = self._note, site | _TRUE, site | _FALSE
        groups = range(site | _FIRST_GROUP, site + (1 << _KINDS))

        def asked(value: Any) -> Any:
            kind = type(value)
            if kind in _PLAIN:
                note(true if value else false)
            elif kind is re.Match:
                note(true)
                for group, matched in zip(groups, value.groups(), strict=False):
                    if matched:
                        note(group)
            return value

        return asked


def _apart(one: Any, other: Any) -> Any:
    """How far two values are apart: numbers, dates (in days), moments and durations (in seconds).

    Of texts it is known only whether they are equal; None where nothing is known.
    """
    kind, kind_of_other = type(one), type(other)
    try:
        if kind in _NUMBERS and kind_of_other in _NUMBERS:
            return 0 if one == other else one - other
        if kind in _TEXTS and kind is kind_of_other:
            return 0 if one == other else None
        if kind in _DECIMALS and kind_of_other in _DECIMALS:
            return float(_OURS.subtract(one, other))
        if kind is datetime.date and kind is kind_of_other:
            return (one - other).days
        if kind in _SPANS and kind is kind_of_other:
            return (one - other).total_seconds()
        if kind is datetime.time and kind is kind_of_other:
            return 0 if one == other else _seconds(one) - _seconds(other)
    except (TypeError, ArithmeticError):  # of two moments one has no zone; a number is too large, or none
        return None
    return None


def _seconds(time: datetime.time) -> float:
    return time.hour * 3600 + time.minute * 60 + time.second + time.microsecond / 1e6


class _Rewriting(ast.NodeTransformer):
    """Exchanges comparisons and conditions within a function; functions within it come on their own."""

    def __init__(self, relations: Relations, constants: Constants) -> None:
        self._relations = relations
        self._constants = constants

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        return node

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.AST:
        return node

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        self.generic_visit(node)
        sides = [node.left, *node.comparators]
        kinds = [_OPERATORS.get(type(one)) for one in node.ops]
        if None in kinds or not all(map(_is_harmless, sides[2:])):
            if _is_none(node.comparators):  # whether it is empty is told apart as well, and what a match matched
                node.left = self._asked(node.left)
            return self._asked(node)
        steps = []
        for kind in kinds:
            site = self._relations.site(node)
            if site is None or kind is None:
                return node
            steps.append(self._relations.comparison(site, kind))
        return self._call(steps[0] if len(steps) == 1 else _chain(steps), node, sides)

    def visit_BoolOp(self, node: ast.BoolOp) -> ast.AST:
        self.generic_visit(node)
        node.values = [self._asked(one) for one in node.values]
        return node

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.AST:
        self.generic_visit(node)
        if isinstance(node.op, ast.Not):
            node.operand = self._asked(node.operand)
        return node

    def visit_IfExp(self, node: ast.IfExp) -> ast.AST:
        self.generic_visit(node)
        node.test = self._asked(node.test)
        return node

    def visit_If(self, node: ast.If) -> ast.AST:
        self.generic_visit(node)
        node.test = self._asked(node.test)
        return node

    def visit_While(self, node: ast.While) -> ast.AST:
        self.generic_visit(node)
        node.test = self._asked(node.test)
        return node

    def visit_comprehension(self, node: ast.comprehension) -> ast.AST:
        self.generic_visit(node)
        node.ifs = [self._asked(one) for one in node.ifs]
        return node

    def _asked(self, node: ast.expr) -> ast.expr:
        """A condition that is noted, if it does not take notes itself."""
        is_noted = isinstance(node, ast.Call) and isinstance(node.func, ast.Constant)
        if is_noted or isinstance(node, (ast.BoolOp, ast.Constant, ast.NamedExpr)):
            return node
        site = self._relations.site(node)
        return node if site is None else self._call(self._relations.condition(site), node, [node])

    def _call(self, live: object, node: ast.expr, arguments: list[ast.expr]) -> ast.Call:
        place: Position = {
            name: getattr(node, name) for name in ("lineno", "end_lineno", "col_offset", "end_col_offset")
        }
        return ast.Call(self._constants.constant(live, place), arguments, [], **place)


def _is_none(sides: list[ast.expr]) -> bool:
    return len(sides) == 1 and isinstance(sides[0], ast.Constant) and sides[0].value is None


def _is_harmless(node: ast.expr) -> bool:
    """Can it be asked for though a comparison before it is false already, and nobody notices?"""
    inner = node.operand if isinstance(node, ast.UnaryOp) else node
    return isinstance(inner, ast.Constant) or (inner is node and isinstance(node, ast.Name))


def _own(function: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[ast.AST]:
    """A function and all that stands in it, but for what stands in functions within it."""
    yield function
    waiting: list[ast.AST] = list(function.body)
    while waiting:
        node = waiting.pop()
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node
            waiting += ast.iter_child_nodes(node)


def _blocks(node: ast.AST) -> Iterator[tuple[list[ast.stmt], int]]:
    """The blocks of statements to which branches lead, and the line to which each does."""
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ExceptHandler():
            yield node.body, node.body[0].lineno
        case ast.If() | ast.For() | ast.AsyncFor() | ast.While():
            yield node.body, node.body[0].lineno
            yield node.orelse, node.orelse[0].lineno if node.orelse else node.lineno
        case ast.Try() if node.orelse:
            yield node.orelse, node.orelse[0].lineno
        case ast.match_case():
            yield node.body, node.body[0].lineno


def _has_documentation(node: ast.AST, block: list[ast.stmt]) -> bool:
    is_function = isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
    return is_function and ast.get_docstring(node, clean=False) is not None  # type: ignore[arg-type]


def _chain(steps: list[Callable[[Any, Any], Any]]) -> Callable[..., Any]:
    """Comparisons one after the other, as in `0 < n < 10`."""

    def compared(one: Any, *others: Any) -> Any:
        result: Any = True
        for step, other in zip(steps, others, strict=True):
            result = step(one, other)
            if not result:
                break
            one = other
        return result

    return compared
