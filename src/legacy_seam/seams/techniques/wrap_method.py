"""Wrap Method: something is done before or after a method, for everybody who calls it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from legacy_seam.seams import refusals
from legacy_seam.seams.job import Job
from legacy_seam.seams.plan import Plan, Reason
from legacy_seam.seams.technique import Example, Option, Refuses
from legacy_seam.seams.wrapping import wrapped


class WrapMethod:
    """`Employee.pay` becomes `Employee._pay_core`, and a new `pay` in its place calls that.

    Names that the class gives the method besides, in its body or in a table, are given to the new one.
    """

    name: ClassVar = "wrap-method"
    feathers: ClassVar = "Wrap Method"
    summary: ClassVar = "Puts a method of the same name around a method, where something can be done around it."
    when: ClassVar = (
        "When something is to be added to a method that cannot be tested yet: a log, a check, a second opinion. Who"
        " overrides it still does, and `super()` reaches the wrapper. For a function: wrap-function."
    )
    preconditions: ClassVar[Sequence[str]] = (
        "There is one definition of the method; it is no property and no special method, and has a body.",
        "It is no asynchronous generator.",
        "The name of the core is free in the class, in its bases and in all that inherit from them.",
        "The class does not look at its own members, and the method is never called with another kind of object.",
        "It does not look at its callers (`sys._getframe`, `warnings.warn` with a stacklevel).",
    )
    options: ClassVar[Sequence[Option]] = (
        Option("name", "the name of the core; by default `_pay_core` for `pay`"),
        Option("before", "what the wrapper calls first, a function of the module, with the same arguments"),
        Option("after", "what the wrapper calls last, with the result and the same arguments"),
    )
    EXAMPLES: ClassVar[Sequence[Example | Refuses]] = (
        Example(
            "a method with another name",
            before="""
                class A:
                    rate = 2

                    def f(self, amount, *more, **named):
                        return amount * self.rate, more, named

                    g = f
            """,
            after="""
                class A:
                    rate = 2

                    def _f_core(self, amount, *more, **named):
                        return amount * self.rate, more, named

                    def f(self, amount, *more, **named):
                        return self._f_core(amount, *more, **named)

                    g = f
            """,
            target="A.f",
            calls=["A().f(1)", "A().g(1, 2, x=3)"],
        ),
        Example(
            "what it calls of itself goes to the core",
            before="""
                class A:
                    def f(self, n):
                        return 1 if not n else n * self.f(n - 1)
            """,
            after="""
                class A:
                    def _f_core(self, n):
                        return 1 if not n else n * self._f_core(n - 1)

                    def f(self, n):
                        return self._f_core(n)
            """,
            target="A.f",
            calls=["A().f(5)"],
        ),
        Example(
            "whoever overrides it is still asked",
            before="""
                class A:
                    def f(self, n):
                        return 1 if not n else n * self.f(n - 1)

                class B(A):
                    def f(self, n):
                        return super().f(n) + 1
            """,
            after="""
                class A:
                    def _f_core(self, n):
                        return 1 if not n else n * self.f(n - 1)

                    def f(self, n):
                        return self._f_core(n)

                class B(A):
                    def f(self, n):
                        return super().f(n) + 1
            """,
            target="A.f",
            calls=["A().f(5)", "B().f(5)"],
            leaves=[Reason.UNSAFE],
        ),
        Example(
            "a class method, with something before",
            before="""
                def note(*arguments): pass

                class A:
                    @classmethod
                    def f(cls, a=()):
                        return cls.__name__, a
            """,
            after="""
                def note(*arguments): pass

                class A:
                    @classmethod
                    def _f_core(cls, a):
                        return cls.__name__, a

                    @classmethod
                    def f(cls, a=()):
                        note(a)
                        return cls._f_core(a)
            """,
            target="A.f",
            options={"before": "note"},
            calls=["A.f()", "A().f(1)"],
        ),
        refusals.PROPERTY,
        refusals.CALLABLE_OBJECT,
        refusals.ASYNCHRONOUS_GENERATOR_METHOD,
        Refuses(
            "it is called with another kind of object",
            before="""
                class A:
                    def f(self):
                        return 1

                A.f(3)
            """,
            code=Reason.UNSAFE,
            line=5,
            target="A.f",
        ),
        Refuses(
            "the class looks at its members",
            before="""
                class A(metaclass=Registry):
                    def f(self):
                        return 1
            """,
            code=Reason.SPECIAL_CLASS,
            line=1,
            target="A.f",
        ),
        Refuses(
            "a base that cannot be looked at",
            before="""
                from elsewhere import Base

                class A(Base):
                    def f(self):
                        return 1
            """,
            code=Reason.OUTSIDE_BASE,
            line=3,
            target="A.f",
        ),
        refusals.NO_METHOD,
    )

    def plan(self, job: Job) -> Plan:
        """See `Technique.plan`."""
        if not job.function.class_name:
            reason = f"`{job.target.qualname}` is no method"
            job.refuse(Reason.NO_METHOD, job.function.first_line, reason, "wrap-function")
        return wrapped(job, self.name)
