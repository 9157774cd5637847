"""Sprout function: selected lines become a function of their own, from values to values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from legacy_seam.seams.job import Job
from legacy_seam.seams.plan import Plan, Reason
from legacy_seam.seams.sprouting import Sprout, sprouted
from legacy_seam.seams.technique import Example, Option, Refuses


class SproutFunction:
    """Lines 12 to 20 become `risk = decide(amount, age)`, and a function `decide` with these lines.

    What the lines read becomes parameters, what is read of them later is returned. The lines themselves are moved
    as they are, with their comments.
    """

    name: ClassVar = "sprout-function"
    feathers: ClassVar = "Sprout Method"
    summary: ClassVar = "Makes selected lines of a function a function of their own, and calls it in their place."
    when: ClassVar = (
        "When a decision is buried in a function that does many other things: cut out, it can be recorded, tested"
        " and later replaced by itself. In a method the object becomes a parameter."
    )
    preconditions: ClassVar[Sequence[str]] = (
        "The lines are whole statements of one block.",
        "No `break`, `continue` or `yield` leaves them; a `return` does so only where the function ends with them.",
        "What they read is bound for sure before them; what they bind and others read, at their end.",
        "No variable that they bind is read by an inner function, or by a handler when something is raised.",
        "They do not read names by their spelling (`locals`, `eval`), `super()` or names private to a class.",
    )
    options: ClassVar[Sequence[Option]] = (
        Option("lines", "the lines to take, `12-20`", required=True),
        Option("name", "the name of the function", required=True),
    )
    EXAMPLES: ClassVar[Sequence[Example | Refuses]] = (
        Example(
            "values in, one value out",
            before="""
                def f(amount, age):
                    fee = amount * 2
                    # who is a risk
                    if fee > 100 and age < 30:
                        risk = "high"
                    else:
                        risk = "low"
                    return fee, risk
            """,
            after="""
                def decide(fee, age):
                    # who is a risk
                    if fee > 100 and age < 30:
                        risk = "high"
                    else:
                        risk = "low"
                    return risk


                def f(amount, age):
                    fee = amount * 2
                    risk = decide(fee, age)
                    return fee, risk
            """,
            options={"lines": "3-7", "name": "decide"},
            calls=["f(60, 20)", "f(1, 90)"],
        ),
        Example(
            "a loop that goes on with its values",
            before='''
                def f(rows):
                    total, last = 0, None
                    for row in rows:
                        total += row
                        last = f"""{row}
                is last"""
                    return total, last
            ''',
            after='''
                def add(total, row):
                    total += row
                    last = f"""{row}
                is last"""
                    return total, last


                def f(rows):
                    total, last = 0, None
                    for row in rows:
                        total, last = add(total, row)
                    return total, last
            ''',
            options={"lines": "4-6", "name": "add"},
            calls=["f([1, 2])"],
        ),
        Example(
            "the end of a function",
            before="""
                class A:
                    limit = 3

                    def f(self, a):
                        a = a + 1
                        if a > self.limit:
                            return "much"
                        return "little"
            """,
            after="""
                def decide(self, a):
                    if a > self.limit:
                        return "much"
                    return "little"


                class A:
                    limit = 3

                    def f(self, a):
                        a = a + 1
                        return decide(self, a)
            """,
            target="A.f",
            options={"lines": "6-8", "name": "decide"},
            calls=["A().f(1)", "A().f(5)"],
        ),
        Example(
            "a value that is bound on some ways only",
            before="""
                seen = 0

                def f(a):
                    global seen
                    rate = 1
                    if a > 3:
                        rate = 2
                        seen += 1
                    return rate, seen
            """,
            after="""
                seen = 0

                def rated(a, rate):
                    global seen
                    if a > 3:
                        rate = 2
                        seen += 1
                    return rate


                def f(a):
                    global seen
                    rate = 1
                    rate = rated(a, rate)
                    return rate, seen
            """,
            options={"lines": "6-8", "name": "rated"},
            calls=["f(1)", "f(5)"],
        ),
        Example(
            "a coroutine",
            before="""
                import asyncio

                async def f(a):
                    await asyncio.sleep(0)
                    print(a)
                    return a
            """,
            after="""
                import asyncio

                async def wait(a):
                    await asyncio.sleep(0)
                    print(a)


                async def f(a):
                    await wait(a)
                    return a
            """,
            options={"lines": "4-5", "name": "wait"},
            calls=["asyncio.run(f(1))"],
        ),
        Refuses(
            "it cuts a statement in two",
            before="""
                def f(a):
                    b = 1
                    if a:
                        b = 2
                    return b
            """,
            code=Reason.CUT,
            line=3,
            options={"lines": "2-3", "name": "g"},
        ),
        Refuses(
            "it leaves a loop",
            before="""
                def f(a):
                    for b in a:
                        if b:
                            break
            """,
            code=Reason.UNSAFE,
            line=4,
            options={"lines": "3-4", "name": "g"},
        ),
        Refuses(
            "it returns, and other ways go on",
            before="""
                def f(a):
                    if a:
                        return 1
                    return 2
            """,
            code=Reason.UNSAFE,
            line=3,
            options={"lines": "2-3", "name": "g"},
        ),
        Refuses(
            "it yields",
            before="""
                def f(a):
                    yield a
                    return 2
            """,
            code=Reason.UNSAFE,
            line=2,
            options={"lines": "2", "name": "g"},
        ),
        Refuses(
            "it deletes a variable",
            before="""
                def f(a):
                    del a
                    return 2
            """,
            code=Reason.UNSAFE,
            line=2,
            options={"lines": "2", "name": "g"},
        ),
        Refuses(
            "it reads what may be unbound",
            before="""
                def f(a):
                    if a:
                        b = 1
                    print(b)
                    return 2
            """,
            code=Reason.UNSAFE,
            line=4,
            options={"lines": "4", "name": "g"},
        ),
        Refuses(
            "a handler reads what it binds",
            before="""
                def f(a):
                    b = 0
                    try:
                        b = a
                        print(b.x)
                    except AttributeError:
                        print(b)
            """,
            code=Reason.UNSAFE,
            line=4,
            options={"lines": "4-5", "name": "g"},
        ),
        Refuses(
            "an inner function reads what it binds",
            before="""
                def f(a):
                    def h(): return b
                    b = a
                    return h()
            """,
            code=Reason.UNSAFE,
            line=2,
            options={"lines": "3", "name": "g"},
        ),
        Refuses(
            "it reads names by their spelling",
            before="""
                def f(a):
                    print(a)
                    return locals()
            """,
            code=Reason.DYNAMIC_NAMES,
            line=3,
            options={"lines": "2", "name": "g"},
        ),
        Refuses(
            "it looks at its callers",
            before="""
                import sys

                def f(a):
                    print(sys._getframe())
                    return 1
            """,
            code=Reason.FRAME_SENSITIVE,
            line=4,
            options={"lines": "4", "name": "g"},
        ),
        Refuses(
            "a name private to its class",
            before="""
                class A:
                    def f(self):
                        print(self.__x)
                        return 1
            """,
            code=Reason.UNSAFE,
            line=3,
            target="A.f",
            options={"lines": "3", "name": "g"},
        ),
        Refuses(
            "the name is taken",
            before="""
                def g(): pass

                def f(a):
                    print(a)
                    return 1
            """,
            code=Reason.NAME_TAKEN,
            line=1,
            options={"lines": "4", "name": "g"},
        ),
        Refuses(
            "no statement of the function",
            before="""
                def f(a):

                    return 1
            """,
            code=Reason.NOTHING_TO_DO,
            line=2,
            options={"lines": "2", "name": "g"},
        ),
        Refuses(
            "lines of another function",
            before="""
                def f(a):
                    return 1

                x = 1
            """,
            code=Reason.NO_SUCH_TARGET,
            line=1,
            options={"lines": "4", "name": "g"},
        ),
    )

    def plan(self, job: Job) -> Plan:
        """See `Technique.plan`."""
        return sprouted(job, self.name, _function)


def _function(sprout: Sprout) -> tuple[str, str]:
    """The function with the lines, and what is called in their place."""
    called = f"{sprout.name}({', '.join(sprout.exchange.inputs)})"
    return f"{sprout.define} {called}:\n{sprout.lines(sprout.indent)}", called
