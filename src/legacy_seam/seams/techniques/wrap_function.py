"""Wrap Method, of a function: something is done before or after it, for everybody who calls it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from legacy_seam.seams import refusals
from legacy_seam.seams.job import Job
from legacy_seam.seams.plan import Plan, Reason
from legacy_seam.seams.technique import Example, Option, Refuses
from legacy_seam.seams.wrapping import wrapped


class WrapFunction:
    """`pay` becomes `_pay_core`, and a new `pay` in its place calls that.

    The new function has the signature, decorators and docstring itself, so nothing need be copied on to it with
    `functools.wraps`, and a generator or coroutine stays one.
    """

    name: ClassVar = "wrap-function"
    feathers: ClassVar = "Wrap Method"
    summary: ClassVar = "Puts a function of the same name around a function, where something can be done around it."
    when: ClassVar = (
        "When something is to be added to a function that cannot be tested yet: a log, a check, a second opinion."
        " The new code stands by itself, and the old is not touched. For a method: wrap-method."
    )
    preconditions: ClassVar[Sequence[str]] = (
        "There is one definition of the function, and it is not within another function or class.",
        "It is no asynchronous generator, and has a body.",
        "It does not look at its callers (`sys._getframe`, `warnings.warn` with a stacklevel).",
    )
    options: ClassVar[Sequence[Option]] = (
        Option("name", "the name of the core; by default `_pay_core` for `pay`"),
        Option("before", "what the wrapper calls first, with the same arguments"),
        Option("after", "what the wrapper calls last, with the result and the same arguments"),
    )
    EXAMPLES: ClassVar[Sequence[Example | Refuses]] = (
        Example(
            "a function",
            before='''
                def f(amount, *, rate=0.2):
                    """What is due."""
                    # nobody knows why
                    return amount * (1 + rate)

                TABLE = {"f": f}
            ''',
            after='''
                def _f_core(amount, *, rate=0.2):
                    # nobody knows why
                    return amount * (1 + rate)


                def f(amount, *, rate=0.2):
                    """What is due."""
                    return _f_core(amount, rate=rate)

                TABLE = {"f": f}
            ''',
            calls=["f(10)", "f(10, rate=0)", "TABLE['f'](2)"],
        ),
        Example(
            "something before and after",
            before="""
                log = []

                def note(*arguments):
                    log.append(arguments)

                def f(amount, *others):
                    return amount + len(others)
            """,
            after="""
                log = []

                def note(*arguments):
                    log.append(arguments)

                def _f_core(amount, *others):
                    return amount + len(others)


                def f(amount, *others):
                    note(amount, *others)
                    result = _f_core(amount, *others)
                    note(result, amount, *others)
                    return result
            """,
            options={"before": "note", "after": "note"},
            calls=["f(10)", "f(10, 1)"],
        ),
        Example(
            "what it calls of itself goes to the core",
            before="""
                def f(n):
                    return n if n < 2 else f(n - 1) + f(n - 2)
            """,
            after="""
                def _f_core(n):
                    return n if n < 2 else _f_core(n - 1) + _f_core(n - 2)


                def f(n):
                    return _f_core(n)
            """,
            calls=["f(9)"],
        ),
        Example(
            "a decorator is to see every call",
            before="""
                import functools

                @functools.cache
                def f(n):
                    return n if n < 2 else f(n - 1) + f(n - 2)
            """,
            after="""
                import functools

                def _f_core(n):
                    return n if n < 2 else f(n - 1) + f(n - 2)


                @functools.cache
                def f(n):
                    return _f_core(n)
            """,
            calls=["f(60)"],
            leaves=[Reason.UNSAFE, Reason.UNSAFE],
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

                async def _f_core(a):
                    await asyncio.sleep(0)
                    return a


                async def f(a):
                    return await _f_core(a)
            """,
            calls=["asyncio.run(f(1))"],
        ),
        Example(
            "a generator",
            before="""
                def done(result, a): pass

                def f(a):
                    got = yield a
                    return got
            """,
            after="""
                def done(result, a): pass

                def _f_core(a):
                    got = yield a
                    return got


                def f(a):
                    result = (yield from _f_core(a))
                    done(result, a)
                    return result
            """,
            options={"after": "done"},
            calls=["list(f(1))"],
        ),
        refusals.ASYNCHRONOUS_GENERATOR,
        Refuses(
            "nothing to wrap",
            before="""
                def f(): ...
            """,
            code=Reason.STUB,
            line=1,
        ),
        refusals.LOOKS_AT_ITS_CALLERS,
        refusals.FUNCTION_WITHIN_A_FUNCTION,
        Refuses(
            "what it shall call is not there",
            before="""
                def f():
                    return 1
            """,
            code=Reason.UNCLEAR_NAME,
            line=1,
            options={"before": "note"},
        ),
        Refuses(
            "the name is taken",
            before="""
                _f_core = 1

                def f():
                    return 1
            """,
            code=Reason.NAME_TAKEN,
            line=1,
            options={"name": "_f_core"},
        ),
        Refuses(
            "there already",
            before="""
                def _f_core(a):
                    return a

                def f(a):
                    return _f_core(a)
            """,
            code=Reason.ALREADY_DONE,
            line=4,
        ),
        Refuses(
            "a method",
            before="""
                class A:
                    def f(self):
                        return 1
            """,
            code=Reason.NO_FUNCTION,
            line=2,
            target="A.f",
        ),
    )

    def plan(self, job: Job) -> Plan:
        """See `Technique.plan`."""
        if job.function.class_name:
            reason = f"`{job.target.qualname}` is a method"
            job.refuse(Reason.NO_FUNCTION, job.function.first_line, reason, "wrap-method")
        return wrapped(job, self.name)
