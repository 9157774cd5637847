"""Break Out Method Object: a long method becomes a class of its own, in which it can be taken apart."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence
from typing import ClassVar

from legacy_seam.seams import refusals
from legacy_seam.seams.fields import MODEL, with_fields
from legacy_seam.seams.job import Job
from legacy_seam.seams.members import receiver
from legacy_seam.seams.naming import capitals
from legacy_seam.seams.passing import handing_over, has_docstring_and_more, stem
from legacy_seam.seams.plan import EnablingPoint, Plan, Reason
from legacy_seam.seams.preconditions import (
    names_within,
    refuse_asynchronous_generator,
    refuse_dynamic_names,
    refuse_frames,
    refuse_nested,
    refuse_stub,
)
from legacy_seam.seams.technique import Example, Option, Refuses
from legacy_seam.source.functions import dotted, own_nodes
from legacy_seam.source.scopes import parameters_of


class BreakOutMethodObject:
    """`rules.score(order)` becomes `_Score(rules, order)()`: the parameters are fields, the body is `__call__`.

    The text of the body is moved as it stands, but for the parameters, which are read from the object. The method
    is still there, with its signature, decorators and docstring; each call makes an object of its own.
    """

    name: ClassVar = "break-out-method-object"
    feathers: ClassVar = "Break Out Method Object"
    summary: ClassVar = "Moves a long method into a class of its own, whose fields are the method's parameters."
    when: ClassVar = (
        "When a method is too long to be tested or understood in one piece: in a class of its own, pieces of it"
        " become methods without long lists of parameters. It is a large edit; model-seam replaces the method as a"
        " whole."
    )
    preconditions: ClassVar[Sequence[str]] = (
        "The target is a method of a class that is not within another one, and no asynchronous generator.",
        "It does not use `super()`, `__class__`, private names (`self.__x`), `locals()` or `nonlocal` parameters,"
        " and does not look at its callers.",
        "No parameter is bound by `:=`, `except`, `import`, `match`, `def` or an annotation, or deleted.",
    )
    options: ClassVar[Sequence[Option]] = (Option("name", "of the class; by default `_Score` for `score`"),)
    EXAMPLES: ClassVar[Sequence[Example | Refuses]] = (
        Example(
            "a method",
            before='''
                class Rules:
                    limit = 10

                    def score(self, order, *items, rate=0.5, **more):
                        """The score of an order."""
                        # nobody knows why
                        total = sum(order for _ in items)
                        if total > self.limit:
                            order -= 1
                        return [order * rate, total, len(more)]
            ''',
            after='''
                class _Score:
                    """One call of `Rules.score`."""

                    def __init__(self, owner, order, items, rate, more):
                        self.owner = owner
                        self.order = order
                        self.items = items
                        self.rate = rate
                        self.more = more

                    def __call__(self):
                        # nobody knows why
                        total = sum(self.order for _ in self.items)
                        if total > self.owner.limit:
                            self.order -= 1
                        return [self.order * self.rate, total, len(self.more)]


                class Rules:
                    limit = 10

                    def score(self, order, *items, rate=0.5, **more):
                        """The score of an order."""
                        return _Score(self, order, items, rate, more)()
            ''',
            target="Rules.score",
            calls=["Rules().score(1)", "Rules().score(6, 1, 2, rate=3, x=1)"],
        ),
        Example(
            "a generator of a class method",
            before="""
                class A:
                    @classmethod
                    def rows(cls, size):
                        while size:
                            got = yield cls.__name__
                            size = got or size - 1
                        return size
            """,
            after='''
                class _Rows:
                    """One call of `A.rows`."""

                    def __init__(self, owner, size):
                        self.owner = owner
                        self.size = size

                    def __call__(self):
                        while self.size:
                            got = yield self.owner.__name__
                            self.size = got or self.size - 1
                        return self.size


                class A:
                    @classmethod
                    def rows(cls, size):
                        return (yield from _Rows(cls, size)())
            ''',
            target="A.rows",
            calls=["list(A.rows(3))"],
        ),
        Example(
            "a coroutine, and inner functions",
            before="""
                import asyncio

                class A:
                    async def f(self, delay, scale=2):
                        def scaled(value, scale=scale):
                            return value * scale + delay
                        await asyncio.sleep(delay)
                        return scaled(1), [delay for delay in range(2)], (lambda scale: scale)(3)
            """,
            after='''
                import asyncio

                class _Fetch:
                    """One call of `A.f`."""

                    def __init__(self, owner, delay, scale):
                        self.owner = owner
                        self.delay = delay
                        self.scale = scale

                    async def __call__(self):
                        def scaled(value, scale=self.scale):
                            return value * scale + self.delay
                        await asyncio.sleep(self.delay)
                        return scaled(1), [delay for delay in range(2)], (lambda scale: scale)(3)


                class A:
                    async def f(self, delay, scale=2):
                        return await _Fetch(self, delay, scale)()
            ''',
            target="A.f",
            options={"name": "_Fetch"},
            calls=["asyncio.run(A().f(0))"],
        ),
        refusals.CALLS_ITS_BASE,
        Refuses(
            "private names",
            before="""
                class A:
                    def f(self, amount):
                        return self.__rate * amount
            """,
            code=Reason.UNSAFE,
            line=3,
            target="A.f",
        ),
        Refuses(
            "a parameter that an inner function sets",
            before="""
                class A:
                    def f(self, amount):
                        def more():
                            nonlocal amount
                            amount += 1
                        more()
                        return amount
            """,
            code=Reason.WRITTEN,
            line=4,
            target="A.f",
        ),
        Refuses(
            "a parameter that is bound where no attribute can be",
            before="""
                class A:
                    def f(self, amount):
                        while (amount := amount - 1):
                            pass
            """,
            code=Reason.WRITTEN,
            line=3,
            target="A.f",
        ),
        Refuses(
            "a class within a class",
            before="""
                class A:
                    class B:
                        def f(self):
                            return 1
            """,
            code=Reason.NESTED,
            line=3,
            target="A.B.f",
        ),
        Refuses(
            "a static method",
            before="""
                class A:
                    @staticmethod
                    def f(a):
                        return a
            """,
            code=Reason.NO_METHOD,
            line=3,
            target="A.f",
        ),
        refusals.ASYNCHRONOUS_GENERATOR_METHOD,
        refusals.LOOKS_AT_ALL_ITS_NAMES,
        Refuses(
            "there already",
            before="""
                class _F:
                    def __init__(self, owner):
                        self.owner = owner

                    def __call__(self):
                        return 1

                class A:
                    def f(self):
                        return _F(self)()
            """,
            code=Reason.ALREADY_DONE,
            line=9,
            target="A.f",
        ),
    )

    def plan(self, job: Job) -> Plan:
        """See `Technique.plan`."""
        this = self._check(job)
        function, edits = job.function, job.edits
        parameters = [one.arg for one in parameters_of(function.node.args)]
        owner = next(one for one in ("owner", "owner_", "the_owner") if one not in parameters)
        fields = {one: owner if one == this else one for one in parameters}
        name = job.fresh_name(_class_name(job))
        start, end = _body(job)
        moved = with_fields(job, start, end, fields)
        call = f"{name}({', '.join(parameters)})()"
        statement = call if function.name == "__init__" else handing_over(function, call)
        edits.patch(start, end, _margin_of(job, start) + statement)
        edits.insert_lines_above(job.statement, _class(job, name, fields.values(), moved))
        point = EnablingPoint(job.target.module, f"{name}.__call__ = {{stub}}", always=True)
        return job.plan(self.name, introduces=[name], enabling=[point])

    def _check(self, job: Job) -> str:
        function, node = job.function, job.function.node
        refuse_nested(job, MODEL)
        this = receiver(job, MODEL)
        if "." in (function.class_name or ""):
            reason = f"`{function.class_name}` stands within another class"
            job.refuse(Reason.NESTED, node.lineno, reason, MODEL)
        refuse_stub(job)
        refuse_asynchronous_generator(job)
        refuse_dynamic_names(job, MODEL)
        refuse_frames(job)
        classes = {one.name for one in job.module.tree.body if isinstance(one, ast.ClassDef)}
        for one in own_nodes(node) if len(node.body) <= 1 + has_docstring_and_more(node) else ():
            inner = one.func if isinstance(one, ast.Call) else None
            if isinstance(inner, ast.Call) and dotted(inner.func) in classes and not one.args:  # type: ignore[attr-defined]
                job.refuse(Reason.ALREADY_DONE, node.lineno, f"`{node.name}` is a class already")
        _refuse_what_needs_the_class(job)
        if this != "self" and "self" in set(names_within(function)):
            job.refuse(Reason.UNSAFE, node.lineno, "`self` is something else in this method", MODEL)
        return this


# --- what cannot be moved ---------------------------------------------------------------------------------------


def _refuse_what_needs_the_class(job: Job) -> None:
    """`super()`, `__class__` and names that a class spells in its own way mean nothing in another class."""
    for node in ast.walk(job.function.node):
        for name in (getattr(node, one, None) for one in ("id", "attr", "arg", "name")):
            if not isinstance(name, str):
                continue
            line = getattr(node, "lineno", job.function.node.lineno)
            if isinstance(node, ast.Name) and name in ("super", "__class__"):
                job.refuse(Reason.UNSAFE, line, f"`{name}` needs the class that it stands in", MODEL)
            if name.startswith("__") and not name.endswith("__"):
                job.refuse(Reason.UNSAFE, line, f"`{name}` is private to its class", MODEL)


# --- what is moved ------------------------------------------------------------------------------------------------


def _body(job: Job) -> tuple[int, int]:
    """Where the body without its docstring begins and ends in the text, comments included.

    Raises:
        Refused: where it shares a line with the docstring.
    """
    edits, node = job.edits, job.function.node
    source = edits.source
    line, _ = edits.header_end(node)
    first = node.body[0]
    if has_docstring_and_more(node):
        line, first = first.end_lineno or first.lineno, node.body[1]
    if first.lineno == line and first is not node.body[0]:
        job.refuse(Reason.SHARED_LINE, line, "give the docstring a line of its own first")
    start = edits.span(first)[0] if first.lineno == line else source.offsets[line]
    end = source.offsets[node.end_lineno or node.lineno]
    return start, len(source.text[:end].rstrip("\r\n"))


def _margin_of(job: Job, start: int) -> str:
    """What is to stand before a statement that is put at the beginning of the body."""
    return "" if start not in job.edits.source.offsets else job.edits.margin(job.function.node.body[-1])


def _class(job: Job, name: str, fields: Iterable[str], body: str) -> str:
    """The lines of the new class, with the indentation that the method has."""
    edits, function = job.edits, job.function
    outer = edits.margin(function.node)
    first = function.node.body[-1]
    is_on_its_line = first.lineno == edits.header_end(function.node)[0]
    inner = outer + edits.source.indent if is_on_its_line else edits.margin(first)
    lines = [
        f"class {name}:",
        f'{outer}"""One call of `{job.target.qualname}`."""',
        "",
        f"{outer}def __init__(self, {', '.join(fields)}):",
        *(f"{inner}self.{one} = {one}" for one in fields),
        "",
        f"{outer}{'async ' if function.is_async else ''}def __call__(self):",
        (inner if is_on_its_line else "") + body,
    ]
    return "\n".join([*lines, "", "", ""])


def _class_name(job: Job) -> str:
    """What a class is called that is one call of a function: of `Alarm.__init__`, `_AlarmInit`."""
    function = job.function
    if function.name.startswith("__"):
        return capitals(f"{function.class_name}_{function.name}")
    return capitals(stem(job))
