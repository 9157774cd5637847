"""Expose Static Method: a method that needs no object can be called, and tested, without one."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from typing import ClassVar, Final

from legacy_seam.seams import refusals
from legacy_seam.seams.job import Job
from legacy_seam.seams.members import (
    class_node,
    member_name,
    receiver,
    refuse_closed_classes,
    refuse_other_receivers,
)
from legacy_seam.seams.passing import front, handed_on, put_behind, stem
from legacy_seam.seams.plan import EnablingPoint, Plan, Reason
from legacy_seam.seams.preconditions import (
    refuse_asynchronous_generator,
    refuse_dunder,
    refuse_dynamic_names,
    refuse_frames,
    refuse_nested,
    refuse_overloads,
    refuse_stub,
)
from legacy_seam.seams.technique import Example, Option, Refuses
from legacy_seam.source import Kind

_OBJECT: Final = ("subclass-and-override-method", "extract-and-override-call")
_UP_TO_THE_NEXT: Final = re.compile(r"(?:\s|#[^\r\n]*)*,(?:(?:\s|#[^\r\n]*)*/(?:\s|#[^\r\n]*)*,)?\s*")


class ExposeStaticMethod:
    """`f(self, a)`, which has no use for `self`, becomes `_f_static(a)`; `f` is still there and asks that.

    The code stays in the class, so private names and whatever else it sees mean the same. Overrides of the method
    are still called, because it is still a method.
    """

    name: ClassVar = "expose-static-method"
    feathers: ClassVar = "Expose Static Method"
    summary: ClassVar = "Makes the code of a method that needs no object callable without one."
    when: ClassVar = (
        "When objects of the class cannot be made in a test, and the method does not use its own. Where it reads a"
        " few values of it, primitivize-parameter."
    )
    preconditions: ClassVar[Sequence[str]] = (
        "The method does not mention its first parameter, nor `super()`, `locals()` and their like.",
        "It is no special method, no asynchronous generator, and has a body.",
        "The new name is free in the class, in its bases and in all that inherit from them.",
        "The class does not look at its own members, and the method is never called with another object.",
    )
    options: ClassVar[Sequence[Option]] = (Option("name", "of the static method; by default `_f_static` for `f`"),)
    EXAMPLES: ClassVar[Sequence[Example | Refuses]] = (
        Example(
            "a method",
            before='''
                class A:
                    def __init__(self):
                        self.connection = None

                    def f(self, amount, rate=0.2):
                        """The fee."""
                        if amount > 100:  # big ones
                            return amount * rate
                        return 0
            ''',
            after='''
                class A:
                    def __init__(self):
                        self.connection = None

                    @staticmethod
                    def _f_static(amount, rate=0.2):
                        if amount > 100:  # big ones
                            return amount * rate
                        return 0

                    def f(self, amount, rate=0.2):
                        """The fee."""
                        return self._f_static(amount, rate)
            ''',
            target="A.f",
            calls=["A().f(200)", "A().f(1, rate=3)"],
        ),
        Example(
            "everything in a signature, and a decorator",
            before="""
                import functools

                class A:
                    @functools.cache
                    def f(
                        self,  # not used
                        /,
                        a: int,
                        *rest: int,
                        b: int = 2,
                        **more: int,
                    ) -> int:
                        return a + b + len(rest) + len(more)
            """,
            after="""
                import functools

                class A:
                    @staticmethod
                    def _f_static(
                        a: int,
                        *rest: int,
                        b: int = 2,
                        **more: int,
                    ) -> int:
                        return a + b + len(rest) + len(more)

                    @functools.cache
                    def f(
                        self,  # not used
                        /,
                        a: int,
                        *rest: int,
                        b: int = 2,
                        **more: int,
                    ) -> int:
                        return self._f_static(a, *rest, b=b, **more)
            """,
            target="A.f",
            calls=["A().f(1)", "A().f(1, 2, 3, b=4, c=5)"],
        ),
        Example(
            "a property without parameters, on one line",
            before="""
                class A:
                    @property
                    def f(self): return 1
            """,
            after="""
                class A:
                    @staticmethod
                    def _one(): return 1

                    @property
                    def f(self):
                        return self._one()
            """,
            target="A.f",
            options={"name": "_one"},
            calls=["A().f"],
        ),
        Example(
            "a coroutine, with a default that is made once",
            before="""
                import asyncio

                class A:
                    async def f(self, seen=[]):
                        await asyncio.sleep(0)
                        return seen
            """,
            after="""
                import asyncio

                class A:
                    @staticmethod
                    async def _f_static(seen):
                        await asyncio.sleep(0)
                        return seen

                    async def f(self, seen=[]):
                        return await self._f_static(seen)
            """,
            target="A.f",
            calls=["asyncio.run(A().f())"],
        ),
        Refuses(
            "it uses its object",
            before="""
                class A:
                    def f(self, amount):
                        if amount:
                            return [self for _ in range(amount)]
            """,
            code=Reason.UNSAFE,
            line=4,
            target="A.f",
        ),
        refusals.CALLS_ITS_BASE,
        refusals.LOOKS_AT_ALL_ITS_NAMES,
        Refuses(
            "it can be called without an object already",
            before="""
                class A:
                    @classmethod
                    def f(cls, a):
                        return a
            """,
            code=Reason.NOTHING_TO_DO,
            line=3,
            target="A.f",
        ),
        Refuses(
            "a function",
            before="""
                def f(a):
                    return a
            """,
            code=Reason.NO_METHOD,
            line=1,
        ),
        refusals.SPECIAL_METHOD,
        refusals.ASYNCHRONOUS_GENERATOR_METHOD,
        Refuses(
            "there already",
            before="""
                class A:
                    @staticmethod
                    def _f_static(a):
                        return a

                    def f(self, a):
                        return self._f_static(a)
            """,
            code=Reason.ALREADY_DONE,
            line=6,
            target="A.f",
        ),
    )

    def plan(self, job: Job) -> Plan:
        """See `Technique.plan`."""
        self._check(job)
        function, edits = job.function, job.edits
        name = member_name(job, f"_{stem(job)}_static")
        outside = front(edits, function, handed_on(function, name))
        at = edits.source.offsets[function.node.lineno - 1]
        edits.patch(at, at, f"{edits.margin(function.node)}@staticmethod\n")
        self._without_object(job)
        put_behind(edits, function, name)
        edits.insert_lines_below(function.node, edits.source.newline + outside)
        point = EnablingPoint(
            job.target.module, f"{function.class_name}.{name} = staticmethod({{stub}})", always=True
        )
        return job.plan(self.name, introduces=[name], enabling=[point])

    def _check(self, job: Job) -> None:
        function, node = job.function, job.function.node
        refuse_nested(job)
        refuse_overloads(job)
        if function.kind in (Kind.STATICMETHOD, Kind.CLASSMETHOD):
            reason = f"`{function.name}` can be called without an object already"
            job.refuse(Reason.NOTHING_TO_DO, node.lineno, reason)
        this = receiver(job)
        refuse_dunder(job)
        refuse_stub(job)
        refuse_dynamic_names(job)
        refuse_frames(job)
        refuse_asynchronous_generator(job)
        self._refuse_use(job, this)
        refuse_closed_classes(job)
        refuse_other_receivers(job)

    def _refuse_use(self, job: Job, this: str) -> None:
        node, wanted = job.function.node, f"_{job.function.name.strip('_')}_static"
        is_there = any(getattr(one, "name", "") == wanted for one in class_node(job).body)
        for one in (inner for statement in node.body for inner in ast.walk(statement)):
            if is_there and isinstance(one, ast.Attribute) and one.attr == wanted:
                job.refuse(Reason.ALREADY_DONE, node.lineno, f"`{node.name}` asks a static method already")
            names = [one.id] if isinstance(one, ast.Name) else getattr(one, "names", ())
            if this in names:
                reason = f"`{this}` is used here; a static method has none"
                job.refuse(Reason.UNSAFE, one.lineno, reason, *_OBJECT)  # type: ignore[attr-defined]
            if "super" in names:
                job.refuse(Reason.UNSAFE, one.lineno, "`super()` needs an object", *_OBJECT)  # type: ignore[attr-defined]

    def _without_object(self, job: Job) -> None:
        """Take out the first parameter, with the comma and the `/` that it leaves behind."""
        edits, arguments = job.edits, job.function.node.args
        positional = [*arguments.posonlyargs, *arguments.args]
        if len(arguments.defaults) == len(positional):
            reason = f"`{positional[0].arg}` has a default value"
            job.refuse(Reason.UNSAFE, positional[0].lineno, reason)
        start, end = edits.span(positional[0])
        if len(positional) == 1 and not (arguments.vararg or arguments.kwonlyargs or arguments.kwarg):
            edits.patch(*edits.parameters_span(job.function.node), "")
            return
        found = _UP_TO_THE_NEXT.match(edits.source.text, end)
        assert found is not None
        edits.patch(start, found.end(), "")
