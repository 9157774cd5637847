"""The mutants of a module: what each operator makes of each place, in functions and outside them."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import replace
from hashlib import blake2b

from legacy_seam.grade.arid import Aridity, hopeless
from legacy_seam.grade.operators.operator import Change, Operator
from legacy_seam.grade.text import Text
from legacy_seam.plaindata import dataclass
from legacy_seam.rewriting.edits import Edit, Path, node_at

_DIGEST_BYTES = 5
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_RUN_BY_THEMSELVES = (ast.stmt, ast.ExceptHandler, ast.match_case)
_BLOCKS = ("body", "orelse", "finalbody", "handlers", "cases")


@dataclass(frozen=True, slots=True)
class Function:
    """One function of a module that stands in no other.

    label:    its name within the module, by which it is spoken of; of several of one name the second is `name.2`,
    and
              accessors of a property are `name.setter` and `name.deleter`.
    qualname: its name within the module, as its code says it.
    path:     where it stands in the tree.
    first, last: its lines, decorators included.
    digest:   of its text; it is another function where that is another.
    """

    module: str
    label: str
    qualname: str
    path: Path
    first: int
    last: int
    digest: str


@dataclass(frozen=True, slots=True)
class Mutant:
    """One small change of a module.

    identity:    stays the same as long as the function does, wherever it stands.
    function:    qualified name of the outermost function whose body it is in; empty outside of all.
    edit:        the change, in the tree.
    start, end:  the characters of the source that are replaced; before and after: by what.
    line:        where that begins.
    lines:       first and last line of what has to run for the change to matter.
    rule:        the id of the rule by which it says nothing; None where it counts.
    """

    identity: str
    module: str
    function: str
    operator: str
    edit: Edit
    start: int
    end: int
    before: str
    after: str
    line: int
    lines: tuple[int, int]
    rule: str | None = None


@dataclass(frozen=True, slots=True)
class _Place:
    """A node on the way down. within: what it stands in; lines: of the statement; rule: why it is arid."""

    node: ast.AST
    path: Path
    within: tuple[ast.AST, ...]
    lines: tuple[int, int]
    rule: str | None
    runs_at_import: bool


class Source:
    """One module, in which mutants are found.

    Args:
        module: its name.
        source: its text.
        tree: its syntax tree.

    >>> written = "def fee(x):\\n    return x < 10\\n"
    >>> source = Source("rules", written, ast.parse(written))
    >>> from legacy_seam.grade.operators import named
    >>> (mutant,) = source.mutants("fee", named(["comparison-boundary"]), Aridity([]))
    >>> mutant.line, mutant.before, mutant.after
    (2, '<', '<=')
    """

    def __init__(self, module: str, source: str, tree: ast.Module) -> None:
        self.module = module
        self.text = Text(source)
        self.tree = tree
        self.functions = self._labelled()
        """By label."""

    def mutants(self, function: str, operators: Sequence[Operator], aridity: Aridity) -> list[Mutant]:
        """The mutants of one function's body, or with an empty name of all that stands outside of functions.

        Args:
            function: its label.
            operators: what makes them.
            aridity: which of them say nothing.
        """
        start = self.functions[function].path if function else ()
        found: dict[str, Mutant] = {}
        for place in self._places(start, aridity):
            if place.runs_at_import == bool(function):
                continue
            for operator in operators:
                if isinstance(place.node, operator.nodes):
                    for change in operator.changes(place.node, self.text):
                        mutant = self._mutant(function, operator, place, change, len(start))
                        found.setdefault(mutant.identity, mutant)
        return list(found.values())

    def after(self, mutant: Mutant) -> str:
        """The text of the module with a mutant in it."""
        source = self.text.source
        return source[: mutant.start] + mutant.after + source[mutant.end :]

    def digest_outside_of_functions(self) -> str:
        """Of all that runs when the module is imported, and of what is written around it."""
        inside = {line for one in self.functions.values() for line in range(one.first, one.last + 1)}
        return digest_of(
            "\n".join(line for number, line in enumerate(self.text.lines(), 1) if number not in inside)
        )

    # --- functions ------------------------------------------------------------------------------------------

    def _labelled(self) -> dict[str, Function]:
        found: dict[str, Function] = {}
        for one in sorted(self._functions(), key=lambda function: function.first):
            label, number = one.label, 1
            while label in found:
                number += 1
                label = f"{one.label}.{number}"
            found[label] = replace(one, label=label)
        return found

    def _functions(self) -> Iterator[Function]:
        waiting: list[tuple[str, Path, ast.AST]] = [("", (), self.tree)]
        while waiting:
            prefix, path, holder = waiting.pop()
            for name in _BLOCKS:
                for index, node in enumerate(getattr(holder, name, ())):
                    inner: Path = (*path, name, index)
                    if isinstance(node, _FUNCTIONS):
                        yield self._function(prefix + node.name, inner, node)
                    elif isinstance(node, ast.ClassDef):
                        waiting.append((f"{prefix}{node.name}.", inner, node))
                    elif isinstance(node, _RUN_BY_THEMSELVES):
                        waiting.append((prefix, inner, node))

    def _function(self, qualname: str, path: Path, node: ast.FunctionDef | ast.AsyncFunctionDef) -> Function:
        first = min([node.lineno, *(one.lineno for one in node.decorator_list)])
        last = node.end_lineno or node.lineno
        written = "\n".join(self.text.line(number).rstrip() for number in range(first, last + 1))
        label = qualname + _accessor(node)
        return Function(self.module, label, qualname, path, first, last, digest_of(written))

    # --- places ---------------------------------------------------------------------------------------------

    def _places(self, path: Path, aridity: Aridity) -> Iterator[_Place]:
        """All nodes at and below a path, in the order of the source."""
        outer = [node_at(self.tree, path[:length]) for length in range(len(path))]
        within = tuple(one for one in outer if isinstance(one, ast.AST))
        node = node_at(self.tree, path)
        waiting = [_Place(node, path, within, _header(node), aridity.rule_for(node, within), True)]
        while waiting:
            place = waiting.pop()
            yield place
            if not isinstance(place.node, ast.JoinedStr):  # where its parts stand depends on the version of Python
                waiting += reversed(list(_children(place, aridity)))

    # --- one mutant -----------------------------------------------------------------------------------------

    def _mutant(self, function: str, operator: Operator, place: _Place, change: Change, prefix: int) -> Mutant:
        path = place.path if change.field is None else (*place.path, change.field)
        rule = place.rule or hopeless(operator.name, place.node)
        relative = ".".join(map(str, path[prefix:]))
        digest = digest_of("\0".join((self.module, function, operator.name, relative, change.code)))
        return Mutant(
            identity=digest,
            module=self.module,
            function=function,
            operator=operator.name,
            edit=Edit(path, change.code),
            start=change.start,
            end=change.end,
            before=self.text.source[change.start : change.end],
            after=change.text,
            line=self.text.position(change.start)[0],
            lines=place.lines,
            rule=rule,
        )


def _children(place: _Place, aridity: Aridity) -> Iterator[_Place]:
    within = (*place.within, place.node)
    for name, value in ast.iter_fields(place.node):
        runs_at_import = place.runs_at_import and not (isinstance(place.node, _FUNCTIONS) and name == "body")
        parts = enumerate(value) if isinstance(value, list) else [(None, value)]
        for index, part in parts:
            if isinstance(part, ast.AST):
                path: Path = (*place.path, name) if index is None else (*place.path, name, index)
                lines = _header(part) if isinstance(part, _RUN_BY_THEMSELVES) else place.lines
                rule = place.rule or aridity.rule_for(part, within)
                yield _Place(part, path, within, lines, rule, runs_at_import)


def _header(node: ast.AST) -> tuple[int, int]:
    """The lines of a simple statement; of a compound one those before its body."""
    if isinstance(node, ast.match_case):
        return node.pattern.lineno, node.pattern.end_lineno or node.pattern.lineno
    first, last = getattr(node, "lineno", 1), getattr(node, "end_lineno", None) or 1
    body = getattr(node, "body", None)
    if isinstance(body, list) and body:
        last = max(first, body[0].lineno - 1)
    return first, last


def _accessor(node: ast.FunctionDef | ast.AsyncFunctionDef) -> str:
    """`.setter` for the function that sets a property, `.deleter` for the one that deletes it."""
    for one in node.decorator_list:
        if isinstance(one, ast.Attribute) and isinstance(one.value, ast.Name) and one.value.id == node.name:
            return f".{one.attr}" if one.attr in ("setter", "deleter") else ""
    return ""


def digest_of(written: str) -> str:
    """A short name for a text."""
    return blake2b(written.encode("utf-8", "surrogatepass"), digest_size=_DIGEST_BYTES).hexdigest()
