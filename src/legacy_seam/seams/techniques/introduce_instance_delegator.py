"""Introduce Instance Delegator: an object that is handed in is asked, not a class or a module by its name."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import ClassVar

from legacy_seam.seams.job import Job
from legacy_seam.seams.naming import snake
from legacy_seam.seams.plan import DOUBLE, EnablingPoint, Plan, Reason
from legacy_seam.seams.preconditions import GETTER, names_within
from legacy_seam.seams.technique import Example, Option, Refuses
from legacy_seam.seams.techniques.parameterize_method import ParameterizeMethod
from legacy_seam.source import Kind, Module, Site
from legacy_seam.source.functions import dotted

_PARAMETERIZE = ParameterizeMethod.name


class IntroduceInstanceDelegator:
    """`Mail.send(x)` becomes `mail.send(x)`, and `mail` is a parameter that is `Mail` by default.

    In other languages the class needs methods of instances which delegate to the static ones. In Python a class and
    a module are objects already, so they are their own delegators: only the way to hand in another one is missing.
    """

    name: ClassVar = "introduce-instance-delegator"
    feathers: ClassVar = "Introduce Instance Delegator"
    summary: ClassVar = "Asks an object that can be handed in, instead of a class or a module by its name."
    when: ClassVar = (
        "When a function calls several static methods of one class, or functions of one module, which belong"
        " together: a test hands in one object for all of them. For a single call use parameterize-method."
    )
    preconditions: ClassVar[Sequence[str]] = (
        "Every use in the function is one of a member: `Mail.send(x)`, not `Mail()` or `isinstance(x, Mail)`.",
        "No member that is used is a method of instances (`Base.f(self)`).",
        "All that parameterize-method asks for.",
    )
    options: ClassVar[Sequence[Option]] = (
        Option("call", "the full name of the class or module: `shop.mail.Mail`, `subprocess`", required=True),
        Option("name", "the name of the parameter; by default `mail` for `Mail`"),
    )
    EXAMPLES: ClassVar[Sequence[Example | Refuses]] = (
        Example(
            "static methods of a class",
            before='''
                class PriceList:
                    @staticmethod
                    def rate(kind):
                        return len(kind)

                    @staticmethod
                    def limit():
                        return 10

                def f(kind):
                    """The rate, within its limit."""
                    return min(PriceList.rate(kind), PriceList.limit())
            ''',
            after='''
                class PriceList:
                    @staticmethod
                    def rate(kind):
                        return len(kind)

                    @staticmethod
                    def limit():
                        return 10

                def f(kind, *, price_list=None):
                    """The rate, within its limit."""
                    if price_list is None:
                        price_list = PriceList
                    return min(price_list.rate(kind), price_list.limit())
            ''',
            options={"call": "m.PriceList"},
            calls=["f('abc')"],
        ),
        Example(
            "a module",
            before="""
                import os.path

                class A:
                    def f(self, name):
                        return os.path.basename(name), os.path.splitext(name)[1]
            """,
            after="""
                import os.path

                class A:
                    def f(self, name, *, paths=None):
                        if paths is None:
                            paths = os.path
                        return paths.basename(name), paths.splitext(name)[1]
            """,
            target="A.f",
            options={"call": "os.path", "name": "paths"},
            calls=["A().f('a/b.c')"],
        ),
        Example(
            "a module whose name would be hidden",
            before="""
                import math

                def f(a):
                    return math.floor(a), math.ceil(a)
            """,
            after="""
                import math

                def f(a, *, _math=None):
                    if _math is None:
                        _math = math
                    return _math.floor(a), _math.ceil(a)
            """,
            options={"call": "math"},
            calls=["f(1.5)"],
        ),
        Refuses(
            "the class itself is used",
            before="""
                class Mail:
                    @staticmethod
                    def send(text):
                        return text

                def f(text):
                    return Mail.send(text), Mail()
            """,
            code=Reason.UNSAFE,
            line=7,
            options={"call": "m.Mail"},
        ),
        Refuses(
            "a method of instances",
            before="""
                class Base:
                    def f(self):
                        return 1

                class A(Base):
                    def f(self):
                        return Base.f(self) + 1
            """,
            code=Reason.UNSAFE,
            line=7,
            target="A.f",
            options={"call": "m.Base"},
        ),
        Refuses(
            "a decorator that may look at the signature",
            before="""
                import math

                @app.route("/")
                def f(a):
                    return math.floor(a)
            """,
            code=Reason.DECORATED,
            line=3,
            options={"call": "math"},
        ),
        Refuses(
            "it is not used here",
            before="""
                import math

                def f(a):
                    return a
            """,
            code=Reason.NOTHING_TO_DO,
            line=3,
            options={"call": "math"},
        ),
        Refuses(
            "a parameter already",
            before="""
                import math

                def f(a, *, _math=None):
                    if _math is None:
                        _math = math
                    return _math.floor(a)
            """,
            code=Reason.ALREADY_DONE,
            line=3,
            options={"call": "math"},
        ),
    )

    def plan(self, job: Job) -> Plan:
        """See `Technique.plan`."""
        owner = job.required("call", "this technique needs the class or module that an object shall stand for")
        name = job.option("name") or self._name(job, owner)
        named = dataclasses.replace(job, options={**job.options, "name": name})
        plan = ParameterizeMethod().plan(named)
        for site in job.sites(owner):
            self._refuse_other_uses(job, site)
        point = EnablingPoint(job.target.module, f"{job.target.qualname}.__kwdefaults__[{name!r}] = {DOUBLE}")
        return dataclasses.replace(plan, technique=self.name, enabling=(point,))

    def _name(self, job: Job, owner: str) -> str:
        last = owner.rpartition(".")[2]
        wanted = snake(last)
        is_free = wanted not in names_within(job.function) and wanted not in job.module.scope.bindings
        return wanted if is_free and wanted != last else f"_{wanted}"

    def _refuse_other_uses(self, job: Job, site: Site) -> None:
        if site.node is site.reference.node:
            if any(one.line == site.line for one in job.refusals):
                return  # it is left alone
            reason = f"`{job.edits.text(site.node)}` itself is used here, not a member of it"
            job.refuse(Reason.UNSAFE, site.line, reason, _PARAMETERIZE, GETTER)
        member = site.reference.names[dotted(site.node).count(".") + 1]
        home, _, name = site.dotted.rpartition(".")
        module = job.program.module(home)
        found = module.functions_named(f"{name}.{member}") if isinstance(module, Module) else ()
        if any(one.kind is Kind.METHOD for one in found):
            reason = f"`{member}` is a method of instances of `{name}`"
            job.refuse(Reason.UNSAFE, site.line, reason, GETTER)
