"""Extract and Override Call: a call goes through a method of its own, which a testing subclass can override."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from legacy_seam.seams.extraction import extracted
from legacy_seam.seams.job import Job
from legacy_seam.seams.naming import private
from legacy_seam.seams.plan import Plan, Reason
from legacy_seam.seams.technique import Example, Option, Refuses


class ExtractAndOverrideCall:
    """`api.rate(c)` in a method becomes `self._rate(c)`, a method which says `return api.rate(c)`.

    The name is still looked up when the call is made, in the same module, so whoever replaces `module.api` or
    `api.rate` in a test still does. An `await` stays outside.
    """

    name: ClassVar = "extract-and-override-call"
    feathers: ClassVar = "Extract and Override Call"
    summary: ClassVar = "Moves a call that a method makes into a method of its own, to be overridden in a subclass."
    when: ClassVar = (
        "When a method asks something that a test cannot have: a session that raises, a service, a clock. No"
        " signature changes. Where there is no object, or its class cannot take another method,"
        " replace-global-reference-with-getter does the same in the module."
    )
    preconditions: ClassVar[Sequence[str]] = (
        "The target is a method or class method; what its first parameter holds is never replaced.",
        "The name means exactly one thing where it stands, and is called there while the method runs.",
        "The new name is free in the class, in its bases and in all that inherit from them.",
        "The class does not look at its own members (a metaclass, a decorator, a `Protocol`, `__getattribute__`).",
        "The method is never taken from its class to be called with another object.",
    )
    options: ClassVar[Sequence[Option]] = (
        Option("call", "the full name of what is called: `shop.api.rate`, `random.random`", required=True),
        Option("name", "the name of the method; by default `_rate` for `rate`"),
    )
    EXAMPLES: ClassVar[Sequence[Example | Refuses]] = (
        Example(
            "a call with arguments",
            before="""
                import math

                class A:
                    scale = 4

                    def f(self, amount):
                        # what it costs
                        return math.pow(amount, self.scale) + 1

                    def g(self):
                        return 0
            """,
            after="""
                import math

                class A:
                    scale = 4

                    def f(self, amount):
                        # what it costs
                        return self._pow(amount, self.scale) + 1

                    def _pow(self, amount, scale):
                        return math.pow(amount, scale)

                    def g(self):
                        return 0
            """,
            target="A.f",
            options={"call": "math.pow"},
            calls=["A().f(2)"],
        ),
        Example(
            "calls that differ",
            before="""
                import random

                class A:
                    @property
                    def f(self):
                        return random.choice([1]), [random.choice(seq="a") for _ in range(2)]
            """,
            after="""
                import random

                class A:
                    @property
                    def f(self):
                        return self._pick([1]), [self._pick(seq="a") for _ in range(2)]

                    def _pick(self, *args, **kwargs):
                        return random.choice(*args, **kwargs)
            """,
            target="A.f",
            options={"call": "random.choice", "name": "_pick"},
            calls=["A().f"],
        ),
        Example(
            "a class method",
            before="""
                from time import time as clock

                class A:
                    @classmethod
                    def f(cls):
                        return clock() > 0
            """,
            after="""
                from time import time as clock

                class A:
                    @classmethod
                    def f(cls):
                        return cls._time() > 0

                    @classmethod
                    def _time(cls):
                        return clock()
            """,
            target="A.f",
            options={"call": "time.time"},
            calls=["A.f()", "A().f()"],
        ),
        Example(
            "a coroutine",
            before="""
                import asyncio

                class A:
                    async def f(self, delay):
                        await asyncio.sleep(delay, result=self)
                        return delay
            """,
            after="""
                import asyncio

                class A:
                    async def f(self, delay):
                        await self._sleep(delay, result=self)
                        return delay

                    def _sleep(self, delay, result):
                        return asyncio.sleep(delay, result=result)
            """,
            target="A.f",
            options={"call": "asyncio.sleep"},
            calls=["asyncio.run(A().f(0))"],
        ),
        Example(
            "a method that another one has got already is used again",
            before="""
                import time

                class A:
                    def g(self):
                        return self._time() > 0

                    def _time(self):
                        return time.time()

                    def f(self):
                        return time.time() > 0
            """,
            after="""
                import time

                class A:
                    def g(self):
                        return self._time() > 0

                    def _time(self):
                        return time.time()

                    def f(self):
                        return self._time() > 0
            """,
            target="A.f",
            options={"call": "time.time"},
            calls=["A().f()"],
        ),
        Example(
            "a name that a subclass uses is not taken",
            before="""
                import time

                class A:
                    def f(self):
                        return time.time() > 0
            """,
            after="""
                import time

                class A:
                    def f(self):
                        return self._time_2() > 0

                    def _time_2(self):
                        return time.time()
            """,
            others={"n.py": "from m import A\n\nclass B(A):\n    _time = 3\n"},
            target="A.f",
            options={"call": "time.time"},
            calls=["A().f()"],
        ),
        Example(
            "what runs later, or is not called, is left alone",
            before="""
                import time

                class A:
                    def f(self):
                        later, clock = lambda: time.time(), time.time
                        return time.time() <= later() <= clock()
            """,
            after="""
                import time

                class A:
                    def f(self):
                        later, clock = lambda: time.time(), time.time
                        return self._time() <= later() <= clock()

                    def _time(self):
                        return time.time()
            """,
            target="A.f",
            options={"call": "time.time"},
            calls=["A().f()"],
            leaves=[Reason.LATER, Reason.NO_CALL],
        ),
        Refuses(
            "a function, which has no object",
            before="""
                import time

                def f():
                    return time.time()
            """,
            code=Reason.NO_METHOD,
            line=3,
            options={"call": "time.time"},
        ),
        Refuses(
            "a static method",
            before="""
                import time

                class A:
                    @staticmethod
                    def f():
                        return time.time()
            """,
            code=Reason.NO_METHOD,
            line=5,
            target="A.f",
            options={"call": "time.time"},
        ),
        Refuses(
            "a decorator that may hand over something else",
            before="""
                import time
                from framework import validator

                class A:
                    @validator("when")
                    def f(cls, value):
                        return time.time()
            """,
            code=Reason.DECORATED,
            line=5,
            target="A.f",
            options={"call": "time.time"},
        ),
        Refuses(
            "the first parameter is replaced",
            before="""
                import time

                class A:
                    def f(self):
                        self = self.parent
                        return time.time()
            """,
            code=Reason.WRITTEN,
            line=6,
            target="A.f",
            options={"call": "time.time"},
        ),
        Refuses(
            "an import within the method",
            before="""
                class A:
                    def f(self):
                        import time
                        return time.time()
            """,
            code=Reason.LOCAL_IMPORT,
            line=4,
            target="A.f",
            options={"call": "time.time"},
        ),
        Refuses(
            "it may be something else",
            before="""
                try:
                    from time import time
                except ImportError:
                    from slow import time

                class A:
                    def f(self):
                        return time()
            """,
            code=Reason.UNCLEAR_NAME,
            line=8,
            target="A.f",
            options={"call": "time.time"},
        ),
        Refuses(
            "it is not called",
            before="""
                import time

                class A:
                    def f(self, numbers):
                        return map(time.sleep, numbers)
            """,
            code=Reason.NO_CALL,
            line=5,
            target="A.f",
            options={"call": "time.sleep"},
        ),
        Refuses(
            "what looks at its caller must stay there",
            before="""
                import warnings

                class A:
                    def f(self):
                        warnings.warn("old", stacklevel=2)
            """,
            code=Reason.FRAME_SENSITIVE,
            line=5,
            target="A.f",
            options={"call": "warnings.warn"},
        ),
        Refuses(
            "it is not used here",
            before="""
                class A:
                    def f(self, time):
                        return time.time()
            """,
            code=Reason.NOTHING_TO_DO,
            line=2,
            target="A.f",
            options={"call": "time.time"},
        ),
        Refuses(
            "a class whose bases nobody knows",
            before="""
                import time
                from framework import Task

                class A(Task):
                    def f(self):
                        return time.time()
            """,
            code=Reason.OUTSIDE_BASE,
            line=4,
            target="A.f",
            options={"call": "time.time"},
        ),
        Refuses(
            "a class whose members count",
            before="""
                import time
                from typing import Protocol

                class A(Protocol):
                    def f(self):
                        return time.time()
            """,
            code=Reason.SPECIAL_CLASS,
            line=4,
            target="A.f",
            options={"call": "time.time"},
        ),
        Refuses(
            "the method is called with another object",
            before="""
                import time

                class A:
                    def f(self):
                        return time.time()

                class Other:
                    f = A.f
            """,
            code=Reason.UNSAFE,
            line=8,
            target="A.f",
            options={"call": "time.time"},
        ),
        Refuses(
            "the name is taken",
            before="""
                import time

                class A:
                    def f(self):
                        return time.time()

                    def now(self):
                        return 1
            """,
            code=Reason.NAME_TAKEN,
            line=7,
            target="A.f",
            options={"call": "time.time", "name": "now"},
        ),
        Refuses(
            "a class within a function",
            before="""
                import time

                def f():
                    class A:
                        def g(self):
                            return time.time()
                    return A
            """,
            code=Reason.NESTED,
            line=5,
            target="f.<locals>.A.g",
            options={"call": "time.time"},
        ),
    )

    def plan(self, job: Job) -> Plan:
        """See `Technique.plan`."""
        full_name = job.required("call", "this technique needs the call that a method shall stand for")
        return extracted(job, self.name, full_name, private(full_name))
