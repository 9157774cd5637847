"""Model seam: branch by abstraction, through a function pointer, where a learned model can take over later."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from typing import ClassVar

from legacy_seam.seams import refusals
from legacy_seam.seams.job import Job
from legacy_seam.seams.passing import front, handed_on, has_docstring_and_more, put_behind, stem
from legacy_seam.seams.plan import EnablingPoint, Plan, Reason
from legacy_seam.seams.preconditions import (
    GETTER,
    refuse_asynchronous_generator,
    refuse_dunder,
    refuse_frames,
    refuse_nested,
    refuse_overloads,
    refuse_stub,
)
from legacy_seam.seams.technique import Example, Option, Refuses
from legacy_seam.source import Kind


class ModelSeam:
    """`score` becomes `_score_legacy`, and asks `_score_impl`, which is `_score_legacy` until somebody says else.

    The legacy code keeps a name of its own, so that it can be asked beside a candidate. Decorators and docstring
    stay with the name that callers know.
    """

    name: ClassVar = "model-seam"
    feathers: ClassVar = "Replace Function with Function Pointer"
    summary: ClassVar = (
        "Keeps the legacy code under a name of its own, and makes one place that can take a candidate."
    )
    when: ClassVar = (
        "Before another implementation, a model for instance, is tried beside the legacy code (branch by"
        " abstraction). Callers, signature and decorators stay as they are."
    )
    preconditions: ClassVar[Sequence[str]] = (
        "There is one definition of the function, and it is not within another function.",
        "It is no property, no special method, no asynchronous generator, and has a body.",
        "It does not look at its callers (`sys._getframe`, `warnings.warn` with a stacklevel).",
    )
    options: ClassVar[Sequence[Option]] = (
        Option("name", "what the new names are made from; by default the function's"),
    )
    EXAMPLES: ClassVar[Sequence[Example | Refuses]] = (
        Example(
            "a function",
            before='''
                def f(order, *items, rate=0.2, **more):
                    """The score of an order."""
                    # nobody knows why
                    return order * rate + len(items) + len(more)

                TABLE = {"f": f}
            ''',
            after='''
                def _f_legacy(order, *items, rate=0.2, **more):
                    # nobody knows why
                    return order * rate + len(items) + len(more)


                _f_impl = _f_legacy


                def f(order, *items, rate=0.2, **more):
                    """The score of an order."""
                    return _f_impl(order, *items, rate=rate, **more)

                TABLE = {"f": f}
            ''',
            calls=["f(1)", "f(1, 2, 3, rate=0.5, x=1)", "TABLE['f'](2)"],
        ),
        Example(
            "a method and a decorator",
            before="""
                import functools

                class A:
                    @functools.lru_cache
                    def f(self, a, /, b=1):
                        return a + b
            """,
            after="""
                import functools

                class A:
                    def _f_legacy(self, a, /, b=1):
                        return a + b

                    _f_impl = _f_legacy

                    @functools.lru_cache
                    def f(self, a, /, b=1):
                        return self._f_impl(a, b)
            """,
            target="A.f",
            calls=["A().f(1)", "A().f(1, b=3)"],
        ),
        Example(
            "a coroutine",
            before="""
                import asyncio

                async def f(a):
                    await asyncio.sleep(0)
                    return a
            """,
            after="""
                import asyncio

                async def _f_legacy(a):
                    await asyncio.sleep(0)
                    return a


                _f_impl = _f_legacy


                async def f(a):
                    return await _f_impl(a)
            """,
            calls=["asyncio.run(f(1))"],
        ),
        Example(
            "a generator",
            before="""
                def f(a):
                    got = yield a
                    return got
            """,
            after="""
                def _f_legacy(a):
                    got = yield a
                    return got


                _f_impl = _f_legacy


                def f(a):
                    return (yield from _f_impl(a))
            """,
            calls=["list(f(1))"],
        ),
        Example(
            "a default that is made is made once",
            before="""
                def f(a=dict(x=1), b=2): return a, b
            """,
            after="""
                def _f_legacy(a, b): return a, b


                _f_impl = _f_legacy


                def f(a=dict(x=1), b=2):
                    return _f_impl(a, b)
            """,
            calls=["f()", "f(1, b=3)"],
        ),
        Refuses(
            "defined twice",
            before="""
                if True:
                    def f(): return 1
                else:
                    def f(): return 2
            """,
            code=Reason.REDEFINED,
            line=4,
        ),
        refusals.ASYNCHRONOUS_GENERATOR,
        refusals.PROPERTY,
        refusals.CALLABLE_OBJECT,
        Refuses(
            "nothing to replace",
            before='''
                def f():
                    """To be overridden."""
                    raise NotImplementedError
            ''',
            code=Reason.STUB,
            line=1,
        ),
        refusals.FUNCTION_WITHIN_A_FUNCTION,
        refusals.LOOKS_AT_ITS_CALLERS,
        Refuses(
            "there already",
            before="""
                def _f_legacy(a):
                    return a

                _f_impl = _f_legacy

                def f(a):
                    return _f_impl(a)
            """,
            code=Reason.ALREADY_DONE,
            line=6,
        ),
    )

    def plan(self, job: Job) -> Plan:
        """See `Technique.plan`."""
        function, node = job.function, job.function.node
        self._check(job)
        legacy, pointer = self._names(job)
        edits = job.edits
        dispatch = front(edits, function, handed_on(function, pointer))
        put_behind(edits, function, legacy)
        blank = 1 if function.class_name else 2
        gap = edits.source.newline * blank
        edits.insert_lines_below(
            node, gap + edits.block(f"{pointer} = {legacy}", edits.margin(node)) + gap + dispatch
        )
        owner = f"{function.class_name}." if function.class_name else ""
        stub = "staticmethod({stub})" if function.class_name else "{stub}"
        point = EnablingPoint(job.target.module, f"{owner}{pointer} = {stub}", always=True)
        return job.plan(self.name, introduces=[legacy, pointer], enabling=[point])

    def _names(self, job: Job) -> tuple[str, str]:
        """What the legacy code and the pointer are called: made from one name, and both free."""
        wanted = stem(job)
        numbered = () if job.option("name") else (f"{wanted}_{number}" for number in range(2, 100))
        first = self._taken(job, wanted)
        found = next((one for one in (wanted, *numbered) if self._taken(job, one) is None), None)
        if found is None and first is not None:
            job.refuse(Reason.NAME_TAKEN, first[0], f"{first[1]}; choose another with --name")
        return f"_{found}_legacy", f"_{found}_impl"

    def _taken(self, job: Job, name: str) -> tuple[int, str] | None:
        for one in (f"_{name}_legacy", f"_{name}_impl"):
            line = job.line_using(one)
            if line is not None:
                return line, f"`{one}` is used (line {line})"
            if job.class_name and (family := job.hierarchy.binds(job.class_name, one)):
                return job.function.node.lineno, f"`{one}` is used in {family[0]}"
        return None

    def _check(self, job: Job) -> None:
        node = job.function.node
        refuse_nested(job)
        refuse_overloads(job, GETTER)
        if job.function.kind is Kind.PROPERTY:
            job.refuse(Reason.PROPERTY, job.function.first_line, "it is a property, which cannot be called", GETTER)
        refuse_dunder(job)
        refuse_stub(job)
        if job.function.kind in (Kind.METHOD, Kind.CLASSMETHOD) and not (node.args.posonlyargs or node.args.args):
            job.refuse(Reason.NO_METHOD, node.lineno, f"`{node.name}` has no parameter for its object")
        refuse_asynchronous_generator(job)
        refuse_frames(job)
        body = node.body[has_docstring_and_more(node) :]
        asked = re.compile(rf"\b_{re.escape(node.name.strip('_'))}(_\d+)?_impl\(")
        if len(body) == 1 and isinstance(body[0], ast.Return | ast.Expr) and asked.search(job.edits.text(body[0])):
            job.refuse(Reason.ALREADY_DONE, node.lineno, f"`{node.name}` asks a function pointer already")
