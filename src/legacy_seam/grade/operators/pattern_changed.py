"""Regular expressions that match a little more, or a little less."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import ClassVar

from legacy_seam.grade.operators.operator import Change, Example, Operator, exchange
from legacy_seam.grade.text import Text

_FUNCTIONS = frozenset({"compile", "match", "fullmatch", "search", "findall", "finditer", "split", "sub", "subn"})
_LITERAL = re.compile(r"""([rR]?)('{3}|"{3}|'|")(.*)\2""", re.DOTALL)
TOKEN = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\{\d*,?\d*\}|\(\?(?:P?<[^>]*>|[^()]?[:=!)]?)|.", re.DOTALL)
"""A letter, a set of them, a repetition, or how a group begins, in a regular expression."""
_ITEM = re.compile(r"(?:\\.|[^\\])(?:-(?:\\.|[^\\\]]))?", re.DOTALL)
_ANCHORS = ("^", "$", r"\b", r"\A", r"\Z")


class PatternChanged(Operator):
    """A regular expression has another repetition, no anchor, or one letter less in a set."""

    name: ClassVar = "pattern-changed"
    nodes: ClassVar = (ast.Call,)
    EXAMPLES: ClassVar = (
        Example("re.match('ab+', x)", ("re.match('ab*', x)",)),
        Example("re.search('^a?$', x)", ("re.search('a?$', x)", "re.search('^a$', x)", "re.search('^a?', x)")),
        Example(r"re.sub(r'[.\s]', '', x)", (r"re.sub(r'[\s]', '', x)", r"re.sub(r'[.]', '', x)")),
        Example("re.match('[0-9]{2,3}', x)", ("re.match('[0-9]', x)",)),
        Example("re.match(pattern, x)"),
        Example("x.match('a+')"),
    )

    def changes(self, node: ast.AST, text: Text) -> Iterator[Change]:
        """See `Operator.changes`."""
        assert isinstance(node, ast.Call)
        if not _is_of_re(node) or not node.args or not isinstance(node.args[0], ast.Constant):
            return
        literal = _LITERAL.fullmatch(text.of(node.args[0]))
        if literal is None or ("\\" in literal[3] and not literal[1]):  # what is escaped reads otherwise
            return
        is_verbose = any(isinstance(one, ast.Attribute) and one.attr in ("X", "VERBOSE") for one in ast.walk(node))
        start = text.span(node.args[0])[0] + literal.start(3)
        for first, last, new in changes_of_pattern(literal[3], is_verbose):
            if _is_pattern(literal[3][:first] + new + literal[3][last:]):
                yield exchange(node, text, [(start + first, start + last, new)])


def _is_of_re(node: ast.Call) -> bool:
    if isinstance(node.func, ast.Attribute):
        owner = node.func.value
        return isinstance(owner, ast.Name) and owner.id in ("re", "regex") and node.func.attr in _FUNCTIONS
    return isinstance(node.func, ast.Name) and node.func.id in _FUNCTIONS - {"compile"}


def _is_pattern(text: str) -> bool:
    try:
        re.compile(text)
    except (re.error, RecursionError, OverflowError):
        return False
    return True


def changes_of_pattern(pattern: str, is_verbose: bool) -> Iterator[tuple[int, int, str]]:
    """From where to where something else may stand in a regular expression, and what.

    Args:
        pattern: the text of the expression.
        is_verbose: blanks and comments in it count for nothing.

    >>> list(changes_of_pattern("[ab]+$", False))
    [(1, 2, ''), (2, 3, ''), (4, 5, '*'), (5, 6, '')]
    """
    before, at = "", 0
    while at < len(pattern):
        token = TOKEN.match(pattern, at)
        assert token is not None
        word = token[0]
        if is_verbose and word == "#":
            at = pattern.find("\n", at) + 1 or len(pattern)
            continue
        is_repetition = before not in ("", "(", "|") and not before.startswith("(?")
        if word in ("+", "*") and is_repetition and before not in ("+", "*", "?"):
            yield at, token.end(), "*" if word == "+" else "+"
        elif word in _ANCHORS or (is_repetition and (word == "?" or (word[0] == "{" and word != "{}"))):
            yield at, token.end(), ""
        elif word.startswith("[") and len(word) > 1:
            yield from _fewer(word, at)
        if not (is_verbose and word.isspace()):
            before = word
        at = token.end()


def _fewer(letters: str, at: int) -> Iterator[tuple[int, int, str]]:
    """The items of a set of letters, where it has several."""
    first = 2 if letters.startswith("[^") else 1
    items = list(_ITEM.finditer(letters, first, len(letters) - 1))
    if len(items) > 1:
        yield from ((at + one.start(), at + one.end(), "") for one in items)
