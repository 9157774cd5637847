"""Selected lines of a function: whole statements of one block, and what they exchange with the rest of it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from legacy_seam.seams.dataflow import Flow, Live
from legacy_seam.seams.editing import first_line
from legacy_seam.seams.job import Job
from legacy_seam.seams.plan import Reason
from legacy_seam.seams.preconditions import is_frame_sensitive
from legacy_seam.source import Exactly
from legacy_seam.source.functions import own_nodes, statements_within

_DIES_ALONE = frozenset(
    f"tempfile.{one}"
    for one in ("TemporaryDirectory", "TemporaryFile", "NamedTemporaryFile", "SpooledTemporaryFile")
)
"""Things that are gone when nobody holds them any more."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """What a region needs and leaves.

    inputs:  the local variables that it reads, in the order of the text.
    outputs: those which it binds and something later reads.
    globals: the names that the function declares global and the region binds.
    returns: does the function end with the region?
    """

    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    globals: tuple[str, ...]
    returns: bool


class Region:
    """The statements of the target on the lines that the user says.

    Args:
        job: with the option `lines`, `12-20`.
        into_a_class: are they to be moved into a class?

    Raises:
        Refused: where the lines are no whole statements of one block of the function.
    """

    def __init__(self, job: Job, *, into_a_class: bool = False) -> None:
        self._job = job
        self._function = job.function
        self._changes_class = into_a_class or job.function.class_name is not None
        first, last = _lines(job)
        self.statements = self._selected(first, last)
        self._nodes = list(_nodes(self.statements))

    @cached_property
    def flow(self) -> Flow:
        """The data flow of the function."""
        return Flow(self._job.module, self._function)

    @cached_property
    def live(self) -> Live:
        """What is read after the region."""
        return self.flow.live(self.statements)

    @property
    def is_async(self) -> bool:
        """Does it `await`?"""
        return any(isinstance(one, ast.Await | ast.AsyncFor | ast.AsyncWith) for one in self._nodes) or any(
            isinstance(one, ast.comprehension) and one.is_async for one in self._nodes
        )

    # --- which statements -----------------------------------------------------------------------------------

    def _selected(self, first: int, last: int) -> list[ast.stmt]:
        node = self._function.node
        if last < node.lineno or first > (node.end_lineno or 0):
            where = f"lines {node.lineno}-{node.end_lineno}"
            self._job.refuse(
                Reason.NO_SUCH_TARGET, node.lineno, f"`{self._job.target.qualname}` is {where}; choose some of them"
            )
        body = node.body[1:] if ast.get_docstring(node, clean=False) is not None else node.body
        found = self._in_block(body, first, last)
        if not found:
            self._job.refuse(Reason.NOTHING_TO_DO, first, f"lines {first}-{last} hold no statement of the function")
        return found

    def _in_block(self, block: Sequence[ast.stmt], first: int, last: int) -> list[ast.stmt]:
        touched = [one for one in block if first_line(one) <= last and (one.end_lineno or 0) >= first]
        whole = [one for one in touched if first <= first_line(one) and (one.end_lineno or 0) <= last]
        if whole == touched:
            return whole
        if len(touched) == 1 and not isinstance(touched[0], ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            for inner in self._blocks(touched[0]):
                if first >= first_line(inner[0]) - 1 and last <= (inner[-1].end_lineno or 0) + 1:
                    found = self._in_block(inner, first, last)
                    if found:
                        return found
        cut = next(one for one in touched if one not in whole)
        from_, to = min(first, first_line(touched[0])), max(last, touched[-1].end_lineno or 0)
        reason = (
            f"lines {first}-{last} cut the statement of lines {first_line(cut)}-{cut.end_lineno} in two; say"
            f" --lines {from_}-{to}"
        )
        return self._job.refuse(Reason.CUT, cut.lineno, reason)

    def _blocks(self, node: ast.stmt) -> Iterator[list[ast.stmt]]:
        """The blocks of a statement; what hangs on an `elif` is its own blocks."""
        for name in ("body", "orelse", "finalbody"):
            block = getattr(node, name, None)
            if block and self._job.edits.text(block[0]).startswith("elif"):
                yield from self._blocks(block[0])
            elif block:
                yield block
        for name in ("handlers", "cases"):
            yield from (one.body for one in getattr(node, name, ()))

    # --- what it exchanges ----------------------------------------------------------------------------------

    def exchange(self) -> Exchange:
        """What it needs and leaves.

        Raises:
            Refused: where that cannot be handed over: by a jump, a variable that may be unbound, a closure.
        """
        self._refuse_jumps()
        self._refuse_names_by_spelling()
        returns = self._ends_the_function()
        written = self.flow.written(self.statements)
        after = frozenset[str]() if returns else self.live.after
        outputs = [name for name in written if name in after]
        self._refuse_what_is_seen_elsewhere(frozenset(written), returns)
        sure = self.flow.bound_by(self.statements) or frozenset()
        read = self.flow.read_first(self.statements) | {one for one in outputs if one not in sure}
        before = self.flow.bound_before(self.statements)
        for name in sorted(read - before):
            if not any(name == one for one in written) or name in self.flow.read_first(self.statements):
                line = self._line_reading(name)
                self._refuse(line, f"`{name}` may be unbound when line {self.first} is reached, and is read here")
            self._refuse(written[name], f"`{name}` is bound here on some ways only, and read later")
        self._refuse_lost_locals(written, read, outputs)
        return Exchange(tuple(self._in_order(read)), tuple(outputs), tuple(self._declared_global()), returns)

    @property
    def first(self) -> int:
        """The line of its first statement."""
        return first_line(self.statements[0])

    def _in_order(self, names: frozenset[str]) -> list[str]:
        arguments = self._function.node.args
        parameters = [one.arg for one in (*arguments.posonlyargs, *arguments.args)]
        receiver = parameters[:1] if self._function.class_name else []
        return sorted(names, key=lambda one: (one not in receiver, self._line_reading(one), self._column(one), one))

    def _line_reading(self, name: str) -> int:
        lines = [one.lineno for one in self._names() if one.id == name]
        return min(lines, default=self.first)

    def _column(self, name: str) -> int:
        line = self._line_reading(name)
        return min((one.col_offset for one in self._names() if one.id == name and one.lineno == line), default=0)

    def _names(self) -> Iterator[ast.Name]:
        return (one for each in self.statements for one in ast.walk(each) if isinstance(one, ast.Name))

    def _declared_global(self) -> list[str]:
        names = [one for one, how in self.flow.scope.declared.items() if how == "global"]
        bound = {one.id for one in self._names() if not isinstance(one.ctx, ast.Load)}
        bound |= {str(getattr(one, "name", "")) for one in self._nodes}
        for one in self._nodes:
            if isinstance(one, ast.Import | ast.ImportFrom):
                bound |= {each.asname or each.name.partition(".")[0] for each in one.names}
        return sorted(name for name in names if name in bound)

    # --- what forbids it ------------------------------------------------------------------------------------

    def _refuse(self, line: int, reason: str) -> None:
        self._job.refuse(Reason.UNSAFE, line, reason)

    def _refuse_jumps(self) -> None:
        for one in self._nodes:
            if isinstance(one, ast.Yield | ast.YieldFrom):
                self._refuse(one.lineno, "`yield` must stay in the generator")
            if isinstance(one, ast.Delete) and any(isinstance(each, ast.Name) for each in one.targets):
                self._refuse(one.lineno, "`del` of a variable cannot be done from another function")
            if isinstance(one, ast.Global | ast.Nonlocal):
                self._refuse(one.lineno, "the declaration is of the whole function; begin the lines after it")
        for each in self.statements:
            for one in ast.walk(each):
                if isinstance(one, ast.Nonlocal) and any(name in self.flow.names for name in one.names):
                    self._refuse(one.lineno, "an inner function binds a variable of this one (`nonlocal`)")
        for one in _leaking(self.statements):
            word = "break" if isinstance(one, ast.Break) else "continue"
            self._refuse(one.lineno, f"`{word}` is of a loop around these lines; take the whole loop, or less")

    def _refuse_names_by_spelling(self) -> None:
        last = self.statements[-1].end_lineno or 0
        for reference in self._job.module.references(range(self.first, last + 1)):
            found = self._job.module.meaning(reference)
            if not isinstance(found, Exactly):
                continue
            if is_frame_sensitive(found.dotted) and reference.call and not found.dotted.startswith("logging."):
                if found.dotted == "builtins.vars" and reference.call.args:
                    continue
                what = f"`{'.'.join(reference.names)}` looks at the function it is called in"
                self._job.refuse(Reason.FRAME_SENSITIVE, reference.line, what)
            if found.dotted in _DIES_ALONE:
                self._refuse(reference.line, f"what `{'.'.join(reference.names)}` makes would be gone at their end")
        for one in (each for statement in self.statements for each in ast.walk(statement)):
            name = getattr(one, "attr", None) or getattr(one, "id", None) or getattr(one, "name", None)
            private = isinstance(name, str) and name.startswith("__") and not name.endswith("__")
            if self._changes_class and (private or name == "__class__"):
                self._refuse(getattr(one, "lineno", self.first), f"`{name}` means something else in another class")

    def _ends_the_function(self) -> bool:
        """Is nothing of the function done after the region?"""
        jumps = [one for one in self._nodes if isinstance(one, ast.Return)]
        tail = self.statements[-1] is self._function.node.body[-1]
        never = self.flow.bound_by(self.statements) is None and not _leaking(self.statements)
        if jumps and not (tail or never):
            line = jumps[0].lineno
            self._refuse(line, "`return` leaves the function, other ways go on; end the lines with the function")
        return bool(jumps) or never

    def _refuse_what_is_seen_elsewhere(self, written: frozenset[str], returns: bool) -> None:
        """Refuse variables that are looked at in the midst of the region, or after something was raised in it."""
        lost = written & (self.live.raised | (self.live.returned if returns else frozenset()))
        if lost:
            name = min(lost, key=lambda one: self.flow.written(self.statements)[one])
            line = self.flow.written(self.statements)[name]
            self._refuse(line, f"`{name}` is read by an `except` or `finally`, or after it, if something is raised")
        inside = {id(one) for one in self._names()}
        touched = written | self.flow.read_first(self.statements)
        for name in sorted(touched & self.flow.rebound_within):
            self._refuse(self._line_reading(name), f"`{name}` is bound by an inner function too (`nonlocal`)")
        last = self.statements[-1].end_lineno or 0
        in_loop = self.live.again or self.live.broken or _in_loop(self._function.node, self.statements[0])
        for name, places in self.flow.captured.items():
            outside = next((one for one in places if id(one) not in inside), None)
            if name in written and outside is not None:
                self._refuse(outside.lineno, f"an inner function reads `{name}`, and would not see what they bind")
            within = next((one for one in places if id(one) in inside), None)
            later = [one.line for one in self.flow.scope.bindings.get(name, ()) if one.line > last or in_loop]
            if within is not None and later and name in touched:
                self._refuse(within.lineno, f"an inner function reads `{name}`, bound again in line {later[0]}")

    def _refuse_lost_locals(self, written: dict[str, int], read: frozenset[str], outputs: Sequence[str]) -> None:
        """Refuse where the function would no longer bind a name that it still reads, as in code never reached."""
        taken = {id(one) for one in self._names()}
        names = [one for one in ast.walk(self._function.node) if isinstance(one, ast.Name) and id(one) not in taken]
        rest = {one.id: one.lineno for one in reversed(names)} | dict.fromkeys(read, self.first)
        inside = {id(one) for one in self._nodes}
        for name in written:
            bindings = self.flow.scope.bindings[name]
            if name in rest and name not in outputs and all(id(one.node) in inside for one in bindings):
                self._refuse(rest[name], f"`{name}` is bound by these lines only, and read here without")


def _lines(job: Job) -> tuple[int, int]:
    said = job.required("lines", "this technique needs the lines to take")
    found = re.fullmatch(r"[Ll]?(\d+)(?:[-:,][Ll]?(\d+))?", said.strip())
    if not found:
        job.refuse(Reason.OPTION_MISSING, 0, f"--lines {said} is not understood: write it as 12-20")
    first = int(found[1])
    return first, int(found[2] or first)


def _nodes(statements: Sequence[ast.stmt]) -> Iterator[ast.AST]:
    """All nodes of statements but those of functions and classes within them."""
    yield from own_nodes(ast.Module(list(statements), []))


def _leaking(statements: Sequence[ast.stmt]) -> list[ast.Break | ast.Continue]:
    """What leaves a loop around the statements."""
    found: list[ast.Break | ast.Continue] = []
    waiting = list(statements)[::-1]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Break | ast.Continue):
            found.append(node)
        elif isinstance(node, ast.For | ast.AsyncFor | ast.While):
            waiting.extend(node.orelse)
        elif not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            waiting.extend(statements_within(node))
    return found


def _in_loop(function: ast.AST, statement: ast.stmt) -> bool:
    loops = (ast.For, ast.AsyncFor, ast.While)
    return any(
        isinstance(one, loops) and any(each is statement for each in ast.walk(one)) and one is not statement
        for one in ast.walk(function)
    )
