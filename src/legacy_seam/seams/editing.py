"""Edits of one file, said in terms of its syntax tree and done in its text.

A patch replaces the characters of a node and nothing else, so every other byte of the file is the original by
construction: comments, blank lines, spelling of strings, newlines, encoding. What is put in takes on the file's own
indentation and newlines. Code is given to these methods with `\\n` and four blanks a level.
"""

from __future__ import annotations

import ast
import io
import re
import textwrap
import tokenize
from typing import TypeAlias

from legacy_seam.seams.plan import Change, Patch, Reason, Refusal, Refused, merged
from legacy_seam.source import Module
from legacy_seam.source.functions import Definition

Statement: TypeAlias = ast.stmt


class Edits:
    """The edits of one module.

    Args:
        module: it is not changed; `change` gives what would be.
        creates: is its file to be made? Then it is empty so far.

    >>> from pathlib import Path
    >>> from legacy_seam.source import SourceText
    >>> module = Module.of(SourceText.of(Path("m.py"), b"def f(a):  # why\\n\\treturn now()\\n"), "m")
    >>> edits = Edits(module)
    >>> edits.replace(module.tree.body[0].body[0].value.func, "_now")
    >>> edits.add_keyword(module.tree.body[0], "_now", "None")
    >>> edits.begin_body(module.tree.body[0], "if _now is None:\\n    _now = now")
    >>> edits.change().after
    b'def f(a, *, _now=None):  # why\\n\\tif _now is None:\\n\\t\\t_now = now\\n\\treturn _now()\\n'
    """

    def __init__(self, module: Module, *, creates: bool = False) -> None:
        self.module, self.source, self._creates = module, module.source, creates
        self._patches: list[Patch] = []

    def change(self) -> Change | None:
        """All edits so far; None where there are none.

        Raises:
            Refused: where the file's encoding cannot express them.
        """
        if not self._patches:
            return None
        change = Change(self.module.name, self.source, merged(self._patches), self._creates)
        try:
            _ = change.after
        except (UnicodeError, ValueError) as error:
            line = self.source.line_at(self._patches[0].start)
            raise Refused(
                Refusal(Reason.ENCODING, self.source.path, line, f"it cannot be edited ({error})")
            ) from None
        return change

    # --- the text of what stands there --------------------------------------------------------------------

    def span(self, node: ast.AST) -> tuple[int, int]:
        """Where a node begins and ends in the text; of a decorated definition, without decorators.

        Raises:
            Refused: where Python 3.11 does not know, which happens within f-strings.
        """
        first, column, last, end = node.lineno, node.col_offset, node.end_lineno, node.end_col_offset  # type: ignore[attr-defined]
        if not isinstance(node, ast.Name | ast.Attribute):
            return self.source.offset(first, column), self.source.offset(last, end)
        try:
            start, stop = self.source.offset(first, column), self.source.offset(last, end)
            if _is_spelled(node, self.source.text[start:stop]):
                return start, stop
        except (IndexError, UnicodeDecodeError):
            pass
        return self._span_in_string(node)

    def _span_in_string(self, node: ast.Name | ast.Attribute) -> tuple[int, int]:
        """Where the one place in an f-string is that spells a chain of names."""
        strings = [one for one in ast.walk(self.module.tree) if isinstance(one, ast.JoinedStr)]
        around = next((one for one in strings if any(inner is node for inner in ast.walk(one))), None)
        spelled = re.escape(ast.unparse(node))
        if around is not None:
            start, end = self.span(around)
            found = list(re.finditer(rf"(?<![\w.]){spelled}(?!\w)", self.source.text[start:end]))
            if len(found) == 1:
                return start + found[0].start(), start + found[0].end()
        reason = f"Python cannot say where `{ast.unparse(node)}` stands in this string; put it in a variable first"
        raise Refused(Refusal(Reason.UNSAFE, self.source.path, node.lineno, reason))

    def text(self, node: ast.AST) -> str:
        """A node as it is written."""
        start, end = self.span(node)
        return self.source.text[start:end]

    def first_line(self, node: Statement) -> int:
        """The line on which a statement begins, decorators included."""
        return first_line(node)

    def margin(self, node: Statement) -> str:
        """What stands before a statement on its line.

        Raises:
            Refused: where that is another statement.
        """
        start = self.source.offsets[self.first_line(node) - 1]
        line = self.source.lines[self.first_line(node) - 1]
        end = start + len(line) - len(line.lstrip())
        column = self.source.offset(node.lineno, node.col_offset) - self.source.offsets[node.lineno - 1]
        if node.lineno == self.first_line(node) and column != end - start:
            raise self._shared(node.lineno)
        return line[: end - start].replace("\x0c", "")

    # --- editing ------------------------------------------------------------------------------------------

    def replace(self, node: ast.AST, new: str) -> None:
        """Put an expression, or a statement of one line, in the place of a node."""
        start, end = self.span(node)
        self.patch(start, end, new)

    def insert_above(self, node: Statement, code: str, *, blank: int = 0) -> None:
        """Put code before a statement, its decorators and the comment directly above it.

        Args:
            node: where; the code stands at the same depth.
            code: statements.
            blank: how many empty lines separate it from what follows.
        """
        self.insert_lines_above(node, self.block(code, self.margin(node)) + self.source.newline * blank)

    def insert_lines_above(self, node: Statement, lines: str) -> None:
        """Put whole lines, which have their indentation already, before a statement and the comment above it."""
        margin = self.margin(node)
        line = self.first_line(node)
        while line > 1 and self._is_apart(line - 1, margin):
            line -= 1
        at = self.source.offsets[line - 1]
        self.patch(at, at, lines)

    def insert_below(self, node: Statement, code: str, *, blank: int = 0) -> None:
        """Put code after a statement, at the same depth.

        Args:
            node: where.
            code: statements.
            blank: how many empty lines separate it from what stands before, and from a neighbour directly below.
        """
        margin, gap = self.margin(node), self.source.newline * blank
        last = node.end_lineno or node.lineno
        follows = self.source.lines[last] if last < len(self.source.lines) else ""
        is_beside = follows.startswith(margin) and follows[len(margin) :][:1].strip()
        self.insert_lines_below(node, gap + self.block(code, margin) + (gap if is_beside else ""))

    def insert_lines_below(self, node: Statement, lines: str) -> None:
        """Put whole lines, which have their indentation already, after a statement and the comments within it."""
        last = node.end_lineno or node.lineno
        self._ends_its_line(node)
        within = re.compile(rf"{re.escape(self.margin(node))}[ \t]+#")
        while last < len(self.source.lines) and within.match(self.source.lines[last]):
            last += 1
        at = self.source.offsets[last]
        ended = self.source.lines[last - 1].endswith(("\n", "\r"))
        self.patch(at, at, lines if ended else self.source.newline + lines.rstrip("\r\n"))

    def begin_body(self, function: Definition, code: str) -> None:
        """Put statements at the beginning of a function's body, after its docstring.

        Raises:
            Refused: where the line is shared in a way that cannot be divided.
        """
        first, rest = function.body[0], function.body[1:]
        has_doc = ast.get_docstring(function, clean=False) is not None
        if first.lineno == self.header_end(function)[0]:
            if has_doc:
                raise self._shared(first.lineno)
            self._divide(function, first, code)
        elif has_doc and not rest:
            self.insert_below(first, code)
        elif has_doc:
            self._ends_its_line(first)
            at = self.source.offsets[first.end_lineno or first.lineno]
            self.patch(at, at, self.block(code, self.margin(rest[0])))
        else:
            at = self.source.offsets[self.first_line(first) - 1]
            self.patch(at, at, self.block(code, self.margin(first)))

    def add_keyword(self, function: Definition, name: str, default: str) -> None:
        """Give a function a keyword-only parameter, after all others.

        Raises:
            Refused: where it takes `**kwargs`, which must stay last and would lose a key.
        """
        arguments = function.args
        if arguments.kwarg:
            reason = f"`{function.name}` takes **{arguments.kwarg.arg}"
            raise Refused(Refusal(Reason.TAKES_KWARGS, self.source.path, arguments.kwarg.lineno, reason))
        starred = arguments.vararg or arguments.kwonlyargs
        new = [f"{name}={default}"] if starred else ["*", f"{name}={default}"]
        opening, last, closing = self._brackets(function)
        if last == opening:
            at = opening[1]
            self.patch(at, at, ", ".join(new))
            return
        comma = self.source.text[last[0] : last[1]] == ","
        on_last_line = self.source.line_at(last[0]) == self.source.line_at(closing[0])
        if on_last_line:
            self.patch(last[1], last[1], (" " if comma else ", ") + ", ".join(new))
            return
        if not comma:
            self.patch(last[1], last[1], ",")
        line = self.source.line_at(last[0])
        margin = re.match(r"[ \t]*", self.source.lines[line - 1])
        at = self.source.offsets[line]
        indent = margin.group() if margin else ""
        if line == self.source.line_at(opening[0]):  # def f(a,
            indent += self.source.indent * 2
        self.patch(at, at, "".join(f"{indent}{one},{self.source.newline}" for one in new))

    def remove_keyword(self, function: Definition, name: str) -> None:
        """Take a keyword-only parameter away, and a bare `*` that nothing follows then."""
        arguments = function.args
        alone = len(arguments.kwonlyargs) == 1 and arguments.vararg is None
        pieces = self._parameters(function)
        at = next(number for number, (start, _) in enumerate(pieces) if self._begins(start, name))
        first = at - 1 if alone else at
        (start, _), (_, end) = pieces[first], pieces[at]
        top, bottom = self.source.line_at(start), self.source.line_at(end)
        before = self.source.text[self.source.offsets[top - 1] : start]
        after = re.match(r"\s*,?[ \t]*(?=[\r\n]|#)", self.source.text[end : self.source.offsets[bottom]])
        if not before.strip() and after:
            self.remove_lines(top, bottom)
        elif first:
            self.patch(pieces[first - 1][1], end, "")
        else:
            follows = pieces[at + 1][0] if at + 1 < len(pieces) else self.parameters_span(function)[1]
            self.patch(start, follows, "")

    def _begins(self, start: int, name: str) -> bool:
        return re.match(rf"{re.escape(name)}(?!\w)", self.source.text[start:]) is not None

    def remove_statement(self, node: Statement) -> None:
        """Take out a statement and the blank lines below it; those above it at the end of a file.

        Raises:
            Refused: where it shares a line with another statement.
        """
        self.margin(node)
        self._ends_its_line(node)
        lines = self.source.lines
        first, last = self.first_line(node), node.end_lineno or node.lineno
        while last < len(lines) and not lines[last].strip():
            last += 1
        while last == len(lines) and first > 1 and not lines[first - 2].strip():
            first -= 1
        self.remove_lines(first, last)

    def rename(self, definition: Definition | ast.ClassDef, new: str) -> None:
        """Give a definition another name; nothing else that mentions it is touched."""
        start, end = self.name_span(definition)
        self.patch(start, end, new)

    def remove_lines(self, first: int, last: int) -> None:
        """Take out whole lines."""
        self.patch(self.source.offsets[first - 1], self.source.offsets[last], "")

    def patch(self, start: int, end: int, new: str) -> None:
        """Put a text in the place of another (see `Patch`); `\\n` becomes the file's newline."""
        if self.source.newline != "\n":
            new = re.sub(r"\r\n|\r|\n", lambda _: self.source.newline, new)
        self._patches.append(Patch(start, end, new))

    def block(self, code: str, margin: str) -> str:
        """Code as lines of this file: at a depth, with its indentation and newlines, and one at the end."""
        lines = re.split(r"\r\n|\r|\n", textwrap.dedent(code).strip("\r\n"))
        found: list[str] = []
        for line in lines:
            bare = line.lstrip(" ")
            depth, odd = divmod(len(line) - len(bare), 4)
            found.append(f"{margin}{self.source.indent * depth}{' ' * odd}{bare}" if bare else "")
        return self.source.newline.join([*found, ""])

    # --- where the parts of a definition stand --------------------------------------------------------------

    def name_span(self, definition: Definition | ast.ClassDef) -> tuple[int, int]:
        """Where the name of a definition stands."""
        for kind, text, start, end in self._tokens(definition):
            if kind == tokenize.NAME and text not in ("async", "def", "class"):
                return start, end
        raise ValueError("a definition without a name")

    def parameters_span(self, function: Definition) -> tuple[int, int]:
        """Where the text between the brackets of a function's parameters stands."""
        opening, _, closing = self._brackets(function)
        return opening[1], closing[0]

    def header_end(self, definition: Definition) -> tuple[int, int]:
        """The line of the colon that ends a header, and where in the text it ends."""
        depth = 0
        for _, text, start, end in self._tokens(definition):
            depth += (text in "([{") - (text in ")]}") if len(text) == 1 else 0
            if text == ":" and not depth:
                return self.source.line_at(start), end
        raise ValueError("a definition without a colon")

    def _brackets(self, function: Definition) -> tuple[tuple[int, int], tuple[int, int], tuple[int, int]]:
        """The bracket that opens the parameters, the last token before the one that closes them, and that one."""
        depth, opening = 0, None
        last = (0, 0)
        for kind, text, start, end in self._tokens(function):
            if kind in (tokenize.COMMENT, tokenize.NL):
                continue
            if opening is None and depth == 0 and text == "(":
                opening = last = (start, end)
                depth += 1
                continue
            depth += (text in "([{") - (text in ")]}") if kind == tokenize.OP else 0
            if opening and not depth:
                return opening, last, (start, end)
            last = (start, end)
        raise ValueError("a function without parameters")

    def _parameters(self, function: Definition) -> list[tuple[int, int]]:
        """Where each parameter stands, with its annotation and default; a bare `*` and `/` count as one."""
        opening, _, closing = self._brackets(function)
        found: list[tuple[int, int]] = []
        depth, fresh = 0, True
        for kind, text, start, end in self._tokens(function):
            if kind in (tokenize.COMMENT, tokenize.NL) or not opening[1] <= start < closing[0]:
                continue
            depth += (text in "([{") - (text in ")]}") if kind == tokenize.OP else 0
            if text == "," and not depth:
                fresh = True
            elif fresh:
                found.append((start, end))
                fresh = False
            else:
                found[-1] = (found[-1][0], end)
        return found

    def _tokens(self, node: Definition | ast.ClassDef) -> list[tuple[int, str, int, int]]:
        """The tokens of a definition's header, with where each begins and ends in the text."""
        first = node.lineno
        body = node.body[0]
        last = self.first_line(body)
        lines = [re.sub(r"(?:\r\n|\r|\n)$", "\n", line) for line in self.source.lines[first - 1 : last]]
        found: list[tuple[int, str, int, int]] = []
        try:
            for token in tokenize.generate_tokens(io.StringIO("".join(lines)).readline):
                kind, text = token.type, token.string
                start, end = (self.source.offsets[first - 2 + row] + col for row, col in (token.start, token.end))
                if kind not in (tokenize.INDENT, tokenize.DEDENT, tokenize.NEWLINE) and text:
                    found.append((kind, text, start, end))
        except (tokenize.TokenError, SyntaxError):  # the body goes on where the header's lines end
            pass
        return found

    # --- lines that several statements share ----------------------------------------------------------------

    def _divide(self, function: Definition, first: Statement, code: str) -> None:
        """`def f(): return 1` becomes two lines."""
        _, colon = self.header_end(function)
        start, _ = self.span(first)
        margin = self.margin(function) + self.source.indent
        self.patch(colon, start, self.source.newline + self.block(code, margin) + margin)

    def _ends_its_line(self, node: Statement) -> None:
        _, end = self.span(node)
        line = node.end_lineno or node.lineno
        rest = self.source.text[end : self.source.offsets[line]].strip()
        if rest and not rest.startswith("#"):
            raise self._shared(line)

    def _is_apart(self, line: int, margin: str) -> bool:
        """Is a line a comment at the depth of the statement below it, and no part of a string?"""
        if not self.source.lines[line - 1].replace("\x0c", "").startswith(margin + "#"):
            return False
        strings = (one for one in ast.walk(self.module.tree) if isinstance(one, ast.Constant | ast.JoinedStr))
        return not any(one.lineno <= line <= (one.end_lineno or 0) for one in strings)

    def _shared(self, line: int) -> Refused:
        reason = "several statements share this line; give each a line of its own first"
        return Refused(Refusal(Reason.SHARED_LINE, self.source.path, line, reason))


def first_line(node: ast.stmt) -> int:
    """The line on which a statement begins, decorators included."""
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([one.lineno for one in decorators] + [node.lineno])


def _is_spelled(node: ast.expr, text: str) -> bool:
    """Does a text say what a chain of names says?"""
    try:
        return ast.unparse(ast.parse(f"({text})", mode="eval")) == ast.unparse(node)
    except SyntaxError:
        return False
