"""Sprout class: selected lines become a class of their own, which can be made and tested without the rest."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import ClassVar

from legacy_seam.seams.job import Job
from legacy_seam.seams.plan import Plan, Reason
from legacy_seam.seams.region import Exchange
from legacy_seam.seams.sprouting import Lines, sprouted
from legacy_seam.seams.technique import Example, Option, Refuses


class SproutClass:
    """Lines 12 to 20 become `risk = Decision(amount, age).run()`, and a class `Decision` with these lines.

    What the lines read is handed to the constructor and kept in fields; the method `run` has the lines as they
    were, and returns what is read of them later.
    """

    name: ClassVar = "sprout-class"
    feathers: ClassVar = "Sprout Class"
    summary: ClassVar = "Makes selected lines of a function a class of their own, and calls it in their place."
    when: ClassVar = (
        "When the lines will grow: a class can be given collaborators, be divided into methods and be subclassed in"
        " a test, all without the class it came from. Where values in and values out are enough: sprout-function."
    )
    preconditions: ClassVar[Sequence[str]] = (
        "All that sprout-function asks for.",
        "The lines use no name that begins with two underscores, which another class spells differently.",
    )
    options: ClassVar[Sequence[Option]] = (
        Option("lines", "the lines to take, `12-20`", required=True),
        Option("name", "the name of the class", required=True),
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
                class Decision:
                    def __init__(self, fee, age):
                        self.fee = fee
                        self.age = age

                    def run(self):
                        fee, age = self.fee, self.age
                        # who is a risk
                        if fee > 100 and age < 30:
                            risk = "high"
                        else:
                            risk = "low"
                        return risk


                def f(amount, age):
                    fee = amount * 2
                    risk = Decision(fee, age).run()
                    return fee, risk
            """,
            options={"lines": "3-7", "name": "Decision"},
            calls=["f(60, 20)", "f(1, 90)"],
        ),
        Example(
            "the end of a method",
            before="""
                class A:
                    limit = 3

                    def f(self, a):
                        a = a + 1
                        return a > self.limit
            """,
            after="""
                class Decision:
                    def __init__(this, self, a):
                        this.self = self
                        this.a = a

                    def run(this):
                        self, a = this.self, this.a
                        return a > self.limit


                class A:
                    limit = 3

                    def f(self, a):
                        a = a + 1
                        return Decision(self, a).run()
            """,
            target="A.f",
            options={"lines": "6", "name": "Decision"},
            calls=["A().f(1)", "A().f(5)"],
        ),
        Example(
            "nothing in, nothing out",
            before="""
                def f():
                    print("one")
                    print("two")
                    return 1
            """,
            after="""
                class Greeting:
                    def run(self):
                        print("one")
                        print("two")


                def f():
                    Greeting().run()
                    return 1
            """,
            options={"lines": "2-3", "name": "Greeting"},
            calls=["f()"],
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
            options={"lines": "2-3", "name": "Decision"},
        ),
        Refuses(
            "it leaves a loop",
            before="""
                def f(a):
                    for b in a:
                        if b:
                            continue
            """,
            code=Reason.UNSAFE,
            line=4,
            options={"lines": "3-4", "name": "Decision"},
        ),
        Refuses(
            "a name that a class spells differently",
            before="""
                def f(a):
                    print(a.__x)
                    return 1
            """,
            code=Reason.UNSAFE,
            line=2,
            options={"lines": "2", "name": "Decision"},
        ),
        Refuses(
            "the name is taken",
            before="""
                class Decision: pass

                def f(a):
                    print(a)
                    return 1
            """,
            code=Reason.NAME_TAKEN,
            line=1,
            options={"lines": "4", "name": "Decision"},
        ),
    )

    def plan(self, job: Job) -> Plan:
        """See `Technique.plan`."""
        return sprouted(job, self.name, _class, is_class=True)


def _class(name: str, exchange: Exchange, lines: Lines, indent: str, define: str) -> tuple[str, str]:
    """The class with the lines, and what is called in their place."""
    inner = indent * 2
    text = lines(inner)
    known = {*re.findall(r"\w+", text), *exchange.inputs}
    owner = next(one for one in ("self", "this", "me", "_self") if one not in known)
    inputs = ", ".join(exchange.inputs)
    made = ""
    if inputs:
        fields = "".join(f"{inner}{owner}.{one} = {one}\n" for one in exchange.inputs)
        made = f"{indent}def __init__({owner}, {inputs}):\n{fields}\n"
        text = f"{inner}{inputs} = {', '.join(f'{owner}.{one}' for one in exchange.inputs)}\n{text}"
    return f"class {name}:\n{made}{indent}{define} run({owner}):\n{text}", f"{name}({inputs}).run()"
