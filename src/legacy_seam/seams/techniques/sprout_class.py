"""Sprout class: selected lines become a class of their own, which can be made and tested without the rest."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import ClassVar

from legacy_seam.seams.job import Job
from legacy_seam.seams.plan import Plan, Reason
from legacy_seam.seams.sprouting import Sprout, sprouted
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
                    def __init__(self, owner, a):
                        self.owner = owner
                        self.a = a

                    def run(self):
                        owner, a = self.owner, self.a
                        return a > owner.limit


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


def _class(sprout: Sprout) -> tuple[str, str]:
    """The class with the lines, and what is called in their place."""
    inputs, inner = sprout.exchange.inputs, sprout.indent * 2
    this, fields, lines = _named(sprout, inner)
    made = taken = ""
    if inputs:
        kept = "".join(f"{inner}{this}.{one} = {one}\n" for one in fields)
        made = f"{sprout.indent}def __init__({this}, {', '.join(fields)}):\n{kept}\n"
        taken = f"{inner}{', '.join(fields)} = {', '.join(f'{this}.{one}' for one in fields)}\n"
    run = f"{sprout.indent}{sprout.define} run({this}):\n{taken}{lines}"
    return f"class {sprout.name}:\n{made}{run}", f"{sprout.name}({', '.join(inputs)}).run()"


def _named(sprout: Sprout, depth: str) -> tuple[str, list[str], str]:
    """What the class calls its object, what it calls the inputs, and the lines which say so.

    The object that a method was called with is the `owner` of the new one, where it can have another name.
    """
    inputs, lines = [*sprout.exchange.inputs], sprout.lines(depth)
    known = {*re.findall(r"\w+", lines), *inputs}
    if "self" in inputs and "owner" not in known:
        instead = sprout.renamed("self", "owner")
        if instead is not None:
            return "self", ["owner" if one == "self" else one for one in inputs], sprout.lines(depth, instead)
    return next(one for one in ("self", "this", "me", "_self") if one not in known), inputs, lines
