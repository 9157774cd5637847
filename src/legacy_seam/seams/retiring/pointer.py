"""A function pointer, or a wrapper that only hands on: the code that lost goes, the other is what is done."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from legacy_seam.seams.editing import first_line
from legacy_seam.seams.job import Job
from legacy_seam.seams.mentions import refuse_mentions
from legacy_seam.seams.passing import handed_on, has_docstring_and_more
from legacy_seam.seams.plan import Reason
from legacy_seam.seams.preconditions import names_within, yields
from legacy_seam.seams.technique import Example, Refuses
from legacy_seam.source import Function, Kind
from legacy_seam.source.functions import dotted
from legacy_seam.source.scopes import By, parameters_of

EXAMPLES_OF_POINTERS: Sequence[Example | Refuses] = (
    Example(
        "legacy wins",
        before='''
            # what an order is worth
            def _f_legacy(order, rate=0.2):
                # nobody knows why
                total = order * rate
                return total + 1  # yet


            _f_impl = _f_legacy


            def f(order, rate=0.2):
                """The score of an order."""
                return _f_impl(order, rate)
        ''',
        after='''
            # what an order is worth
            def f(order, rate=0.2):
                """The score of an order."""
                # nobody knows why
                total = order * rate
                return total + 1  # yet
        ''',
        calls=["f(1)", "f(1, rate=2)"],
    ),
    Example(
        "the candidate wins",
        before="""
            import functools

            def _f_legacy(order):
                return order * 2


            _f_impl = _f_legacy


            @functools.lru_cache
            def f(order):
                return _f_impl(order)

            def candidate(order):
                return order + order

            _f_impl = candidate
        """,
        after="""
            import functools

            @functools.lru_cache
            def f(order):
                return candidate(order)

            def candidate(order):
                return order + order
        """,
        options={"keep": "candidate"},
        calls=["f(3)", "f(order=2)"],
    ),
    Example(
        "a method",
        before="""
            def candidate(this, a):
                return a + this.b

            class A:
                b = 1

                def _f_legacy(self, a): return a + self.b

                _f_impl = candidate
                _f_impl = _f_legacy

                def f(self, a):
                    return self._f_impl(a)
        """,
        after="""
            def candidate(this, a):
                return a + this.b

            class A:
                b = 1

                def f(self, a):
                    return a + self.b
        """,
        target="A.f",
        calls=["A().f(2)"],
    ),
    Refuses(
        "the candidate still asks the legacy code",
        before="""
            def _f_legacy(a):
                return a

            _f_impl = _f_legacy

            def f(a):
                return _f_impl(a)

            def candidate(a):
                return a if a else _f_legacy(a)

            _f_impl = candidate
        """,
        code=Reason.USED_ELSEWHERE,
        line=10,
    ),
    Refuses(
        "a candidate without a name",
        before="""
            def _f_legacy(a):
                return a

            _f_impl = _f_legacy

            def f(a):
                return _f_impl(a)

            _f_impl = lambda a: a
        """,
        code=Reason.UNSAFE,
        line=9,
    ),
    Refuses(
        "a candidate under a condition",
        before="""
            import os

            def _f_legacy(a):
                return a

            _f_impl = _f_legacy

            def f(a):
                return _f_impl(a)

            if os.environ.get("NEW"):
                _f_impl = int
        """,
        code=Reason.UNSAFE,
        line=12,
    ),
    Example(
        "a wrapper around which nothing is done",
        before='''
            def _f_core(a, b=1):
                return a + b


            def f(a, b=1):
                """A sum."""
                return _f_core(a, b)
        ''',
        after='''
            def f(a, b=1):
                """A sum."""
                return a + b
        ''',
        calls=["f(1)"],
    ),
    Refuses(
        "no candidate",
        before="""
            def _f_legacy(a):
                return a

            _f_impl = _f_legacy

            def f(a):
                return _f_impl(a)
        """,
        code=Reason.NOTHING_TO_DO,
        line=4,
        options={"keep": "candidate"},
    ),
    Refuses(
        "a candidate that the function hides",
        before="""
            def _f_legacy(new):
                return new

            _f_impl = _f_legacy

            def f(new):
                return _f_impl(new)

            def new(a):
                return a

            _f_impl = new
        """,
        code=Reason.UNCLEAR_NAME,
        line=12,
    ),
    Refuses(
        "another signature",
        before="""
            def _f_legacy(a, b=1):
                return a + b

            _f_impl = _f_legacy

            def f(a):
                return _f_impl(a)
        """,
        code=Reason.UNSAFE,
        line=1,
    ),
)


@dataclass(frozen=True, slots=True)
class Pointer:
    """What `model-seam` made, or `wrap-function` and `wrap-method`.

    name:     of the pointer, `_score_impl`; of the core that is wrapped.
    call:     of it, in the function that callers know.
    settings: what the pointer is set to, in the order of the text; a core is not.
    legacy:   the legacy code, by the name that it was given; what it is set to may be something else by now.
    """

    name: str
    call: ast.Call
    settings: Sequence[ast.Assign]
    legacy: Function

    @property
    def is_legacy(self) -> bool:
        """Is the legacy code what is asked?"""
        if not self.settings:
            return True
        last = self.settings[-1].value
        return isinstance(last, ast.Name) and last.id == self.legacy.name


def pointer_of(job: Job) -> Pointer | None:
    """The pointer that the target asks, or the core that it wraps, if it does nothing else."""
    function = job.function
    body = function.node.body[has_docstring_and_more(function.node) :]
    call = _handing_on(body[0]) if len(body) == 1 else None
    if call is None or not isinstance(call.func, ast.Name | ast.Attribute):
        return None
    name = dotted(call.func).rpartition(".")[2]
    expected = ast.parse(f"async def f():\n {handed_on(function, name)}").body[0].body[0]  # type: ignore[attr-defined]
    settings = list(_settings(job, name))
    core = re.fullmatch(rf"_{re.escape(function.name.strip('_'))}_core(_\d+)?", name)
    if ast.dump(expected) != ast.dump(body[0]) or bool(settings) == bool(core):
        return None
    prefix = f"{function.class_name}." if function.class_name else ""
    found = job.module.functions_named(prefix + (name if core else f"{name.removesuffix('_impl')}_legacy"))
    return Pointer(name, call, settings, found[0]) if len(found) == 1 else None


def _handing_on(statement: ast.stmt) -> ast.Call | None:
    value = statement.value if isinstance(statement, ast.Return | ast.Expr) else None
    if isinstance(value, ast.Await | ast.YieldFrom):
        value = value.value
    return value if isinstance(value, ast.Call) else None


def _settings(job: Job, name: str) -> Iterator[ast.Assign]:
    owner = job.function.class_name
    spelled = {name, f"{owner}.{name}"} if owner else {name}
    found = (node for node in ast.walk(job.module.tree) if isinstance(node, ast.Assign) and len(node.targets) == 1)
    yield from sorted((one for one in found if dotted(one.targets[0]) in spelled), key=lambda one: one.lineno)


def retire_pointer(job: Job, pointer: Pointer, keep: str) -> list[str]:
    """Take a pointer out of the target's module, and the code that lost.

    Args:
        job: gets the edits.
        pointer: which.
        keep: `legacy` or `candidate`.

    Returns:
        the names that are gone.

    Raises:
        Refused: where something else needs them.
    """
    edits = job.edits
    for one in pointer.settings:
        if not _is_certain(job, one):
            job.refuse(Reason.UNSAFE, one.lineno, f"`{pointer.name}` is set here, but not always or not at once")
    spans = [edits.name_span(pointer.legacy.node), *(edits.span(one) for one in pointer.settings)]
    called = edits.span(pointer.call.func)
    what = f"`{pointer.name}` is used here, and would be gone"
    refuse_mentions(job, pointer.name, [*spans, called], what)
    if pointer.settings:
        refuse_mentions(job, pointer.legacy.name, spans, f"`{pointer.legacy.name}` is used here, and would be gone")
    if keep == "legacy":
        _put_back(job, pointer)
    else:
        edits.replace(pointer.call, _asked_directly(job, pointer))
    _remove(job, pointer)
    return [pointer.name, pointer.legacy.name]


def _is_certain(job: Job, setting: ast.stmt) -> bool:
    """Does a statement stand in the module itself, or in the block in which the target is defined?"""
    blocks = [job.module.tree.body]
    for node in ast.walk(job.module.tree):
        for name in ("body", "orelse", "finalbody"):
            block = getattr(node, name, None)
            if isinstance(block, list) and job.function.node in block:
                blocks.append(block)
    return any(setting in block for block in blocks)


def _put_back(job: Job, pointer: Pointer) -> None:
    """The body of the legacy code in the place of the statement that asked it."""
    edits, legacy, function = job.edits, pointer.legacy, job.function
    same = (
        [one.arg for one in parameters_of(legacy.node.args)]
        == [one.arg for one in parameters_of(function.node.args)]
        and (legacy.is_async, yields(legacy) is None) == (function.is_async, yields(function) is None)
        and (not legacy.node.decorator_list or legacy.kind in (Kind.STATICMETHOD, Kind.CLASSMETHOD))
        and edits.margin(legacy.node) == edits.margin(function.node)
    )
    if not same:
        reason = f"`{legacy.name}` has another signature, another depth or decorators of its own"
        job.refuse(Reason.UNSAFE, legacy.first_line, reason)
    statement = function.node.body[-1]
    source, inner = edits.source, edits.margin(function.node) + edits.source.indent
    body = legacy.node.body[has_docstring_and_more(legacy.node) :]
    line, _ = edits.header_end(legacy.node)
    start, end = edits.span(statement)
    _, last = edits.span(body[-1])
    if body[0].lineno == line:
        edits.patch(start, end, source.text[edits.span(body[0])[0] : last])
        return
    begin = source.offsets[line if body[0] is legacy.node.body[0] else legacy.node.body[0].end_lineno or line]
    text = source.text[begin : source.offsets[body[-1].end_lineno or line]].rstrip("\r\n")
    if statement.lineno == edits.header_end(function.node)[0]:
        edits.patch(edits.header_end(function.node)[1], end, source.newline + text)
    else:
        at = start - len(inner)
        edits.patch(at, end, text)


def _asked_directly(job: Job, pointer: Pointer) -> str:
    """The call of the candidate itself."""
    edits, setting = job.edits, [pointer.legacy.node, *pointer.settings][-1]
    if pointer.is_legacy or not isinstance(setting, ast.Assign):
        reason = f"`{pointer.name}` is the legacy code here: there is no candidate that could be kept"
        job.refuse(Reason.NOTHING_TO_DO, setting.lineno, reason)
    value, bare = setting.value, False
    if isinstance(value, ast.Call) and dotted(value.func) == "staticmethod" and len(value.args) == 1:
        value, bare = value.args[0], True
    name = dotted(value)
    if name.startswith("?"):
        reason = "the candidate is made here, by an expression; give it a name of the module first"
        job.refuse(Reason.UNSAFE, setting.lineno, reason)
    root = name.partition(".")[0]
    bindings = job.module.scope.bindings.get(root, [])
    if len(bindings) != 1 or root in names_within(job.function):
        reason = f"`{root}` is no name that means one thing in the module and in `{job.target.qualname}`"
        job.refuse(Reason.UNCLEAR_NAME, setting.lineno, reason)
    given = edits.text(pointer.call).removeprefix(edits.text(pointer.call.func)).removeprefix("(")
    if not job.function.class_name or bare or job.function.kind is Kind.STATICMETHOD:
        return f"{name}({given}"
    if bindings[0].by is not By.FUNCTION or name != root or job.function.kind is not Kind.METHOD:
        reason = f"whether `{name}` is handed `self` cannot be seen from here"
        job.refuse(Reason.UNSAFE, setting.lineno, reason)
    first = job.function.node.args
    this = (*first.posonlyargs, *first.args)[0].arg
    return f"{name}({this})" if given.strip() == ")" else f"{name}({this}, {given}"


def _remove(job: Job, pointer: Pointer) -> None:
    """The legacy definition and all settings of the pointer."""
    edits, gone = job.edits, [pointer.legacy.node, *pointer.settings]
    for one in gone:
        edits.margin(one)  # refuses a shared line
    first, top = first_line(pointer.legacy.node), first_line(job.function.node)
    between = [one for one in pointer.settings if first < one.lineno < top]
    known = {
        line
        for one in (pointer.legacy.node, *between)
        for line in range(first_line(one), (one.end_lineno or 0) + 1)
    }
    if first < top and all(line in known or not edits.source.lines[line - 1].strip() for line in range(first, top)):
        edits.remove_lines(first, top - 1)  # as `model-seam` wrote it, and not a line more than that
        gone = [one for one in pointer.settings if one not in between]
    for one in gone:
        edits.remove_statement(one)
