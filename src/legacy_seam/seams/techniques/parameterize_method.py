"""Parameterize Method, and functions likewise: a caller may hand in what the body took from the outside."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import ClassVar

from legacy_seam.seams import refusals
from legacy_seam.seams.fixed import is_fixed
from legacy_seam.seams.job import Job
from legacy_seam.seams.naming import private
from legacy_seam.seams.new_parameter import parameter_name, refuse_new_parameter
from legacy_seam.seams.plan import DOUBLE, EnablingPoint, Plan, Reason
from legacy_seam.seams.preconditions import (
    GETTER,
    foreign_bases,
    later,
    leave_local,
    leave_pattern,
    leave_unclear,
    leave_what_runs_early,
    local_import,
    refuse_dunder,
    refuse_nested,
    yields,
)
from legacy_seam.seams.technique import Example, Option, Refuses
from legacy_seam.source import Site


class ParameterizeMethod:
    """`def f(a)` becomes `def f(a, *, _time=None)`, and `None` stands for what it was before.

    The default is found when the function is called, not when it is defined: a test that replaces `time.time` still
    does. Only `None` means "as before", so a stub that is falsy is not thrown away.
    """

    name: ClassVar = "parameterize-method"
    feathers: ClassVar = "Parameterize Method"
    summary: ClassVar = (
        "Gives a function or method a keyword-only parameter for something that it takes from outside."
    )
    when: ClassVar = (
        "When callers, or tests, should be able to say which clock, random source or connection is used. It changes"
        " the signature; where that is looked at by others, replace-global-reference-with-getter does the same"
        " without."
    )
    preconditions: ClassVar[Sequence[str]] = (
        "The function takes no `**kwargs`, from which the new name would take a key.",
        "It has no decorators but `staticmethod` and `classmethod`, is no property and no special method.",
        "The bases of its class are in the program or in the standard library.",
        "It does not use `eval`, `exec`, `locals` or `vars`, and is no generator.",
        "The name means exactly one thing where it stands, and is evaluated while the function runs.",
    )
    options: ClassVar[Sequence[Option]] = (
        Option("call", "the full name of the global: `time.time`, `datetime.datetime.now`", required=True),
        Option("name", "the name of the parameter; by default `_time` for `time`"),
    )
    EXAMPLES: ClassVar[Sequence[Example | Refuses]] = (
        Example(
            "a clock",
            before='''
                import time

                def f(a):
                    """How long ago."""
                    t = time.time()  # seconds
                    return t > a
            ''',
            after='''
                import time

                def f(a, *, _time=None):
                    """How long ago."""
                    if _time is None:
                        _time = time.time
                    t = _time()  # seconds
                    return t > a
            ''',
            options={"call": "time.time"},
            calls=["f(0)"],
        ),
        Example(
            "a method, a signature of several lines, other keywords",
            before="""
                import random

                class A:
                    def f(
                        self,
                        low: int,  # included
                        *rest,
                        high: int = 9,
                    ) -> int:
                        return low <= random.randint(low, high)
            """,
            after="""
                import random

                class A:
                    def f(
                        self,
                        low: int,  # included
                        *rest,
                        high: int = 9,
                        dice=None,
                    ) -> int:
                        if dice is None:
                            dice = random.randint
                        return low <= dice(low, high)
            """,
            target="A.f",
            options={"call": "random.randint", "name": "dice"},
            calls=["A().f(1)", "A().f(1, 2, 3, high=4)"],
        ),
        Example(
            "one line",
            before="""
                from time import time
                def f(): return time() > 0
            """,
            after="""
                from time import time
                def f(*, _time=None):
                    if _time is None:
                        _time = time
                    return _time() > 0
            """,
            options={"call": "time.time"},
            calls=["f()"],
        ),
        Example(
            "a lambda runs later and is left alone",
            before="""
                import time

                def f():
                    later = lambda: time.time()
                    return time.time() <= later()
            """,
            after="""
                import time

                def f(*, _time=None):
                    if _time is None:
                        _time = time.time
                    later = lambda: time.time()
                    return _time() <= later()
            """,
            options={"call": "time.time"},
            calls=["f()"],
            leaves=[Reason.LATER],
        ),
        Refuses(
            "keywords of any name",
            before="""
                import time

                def f(a, **options):
                    return time.time()
            """,
            code=Reason.TAKES_KWARGS,
            line=3,
            options={"call": "time.time"},
        ),
        Refuses(
            "a decorator that may look at the signature",
            before="""
                import time

                @app.route("/")
                def f():
                    return time.time()
            """,
            code=Reason.DECORATED,
            line=3,
            options={"call": "time.time"},
        ),
        Refuses(
            "a property",
            before="""
                import time

                class A:
                    @property
                    def f(self):
                        return time.time()
            """,
            code=Reason.PROPERTY,
            line=4,
            target="A.f",
            options={"call": "time.time"},
        ),
        Refuses(
            "a special method",
            before="""
                import time

                class A:
                    def __hash__(self):
                        return time.time()
            """,
            code=Reason.DUNDER,
            line=4,
            target="A.__hash__",
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
            line=5,
            target="A.f",
            options={"call": "time.time"},
        ),
        Refuses(
            "a function that looks at all its names",
            before="""
                import time

                def f(a):
                    now = time.time()
                    return "%(a)s at %(now)s" % locals()
            """,
            code=Reason.DYNAMIC_NAMES,
            line=5,
            options={"call": "time.time"},
        ),
        Refuses(
            "a generator",
            before="""
                import time

                def f():
                    yield time.time()
            """,
            code=Reason.GENERATOR,
            line=4,
            options={"call": "time.time"},
        ),
        Refuses(
            "an import within the function",
            before="""
                def f():
                    import time
                    return time.time()
            """,
            code=Reason.LOCAL_IMPORT,
            line=3,
            options={"call": "time.time"},
        ),
        Refuses(
            "a name that the function declares global",
            before="""
                import time

                def f():
                    global time
                    return time.time()
            """,
            code=Reason.DECLARED,
            line=5,
            options={"call": "time.time"},
        ),
        Refuses(
            "a function within a function",
            before="""
                import time

                def f():
                    def g():
                        return time.time()
                    return g
            """,
            code=Reason.NESTED,
            line=4,
            target="f.<locals>.g",
            options={"call": "time.time"},
        ),
        Example(
            "a value that may be another one later is read where it is used",
            before="""
                import sys
                from contextlib import redirect_stdout
                from io import StringIO

                def f():
                    with redirect_stdout(StringIO()):
                        return sys.stdout.getvalue()
            """,
            after="""
                import sys
                from contextlib import redirect_stdout
                from io import StringIO

                def f(*, _stdout=None):
                    with redirect_stdout(StringIO()):
                        return (sys.stdout if _stdout is None else _stdout).getvalue()
            """,
            options={"call": "sys.stdout"},
            calls=["f()"],
        ),
        refusals.VALUE_IN_A_PATTERN,
        refusals.USES_A_FUNCTION_WITHIN,
        Refuses(
            "the name is taken",
            before="""
                import time

                def f(now):
                    return time.time() - now
            """,
            code=Reason.NAME_TAKEN,
            line=3,
            options={"call": "time.time", "name": "now"},
        ),
    )

    def plan(self, job: Job) -> Plan:
        """See `Technique.plan`."""
        dotted = job.required("call", "this technique needs the global that a parameter shall stand for")
        self._check(job, dotted)
        sites = [one for one in job.sites(dotted) if self._is_free(job, one)]
        if not sites:
            return self._nothing(job, dotted)
        name = parameter_name(job, private(dotted))
        function = job.function.node
        spelled = job.edits.text(sites[0].node)
        once = any(one.call for one in sites) or is_fixed(job, dotted)
        for site in sites:
            job.edits.replace(site.node, name if once else f"({spelled} if {name} is None else {name})")
        job.edits.add_keyword(function, name, "None")
        if once:
            job.edits.begin_body(function, f"if {name} is None:\n    {name} = {spelled}")
        if job.class_name and (below := job.hierarchy.overrides(job.class_name, function.name)):
            job.notes.append(f"{', '.join(below)} override it, and may not take `{name}`")
        qualname = job.target.qualname
        stub = "{stub}" if once else DOUBLE
        point = EnablingPoint(job.target.module, f"{qualname}.__kwdefaults__[{name!r}] = {stub}")
        return job.plan(self.name, introduces=[name], enabling=[point])

    def _check(self, job: Job, dotted: str) -> None:
        refuse_nested(job, GETTER)
        refuse_dunder(job, GETTER)
        refuse_new_parameter(job, dotted, GETTER)
        found = yields(job.function)
        if found is not None:
            reason = "a generator runs later than it is called, and would keep what it found first"
            job.refuse(Reason.GENERATOR, found.lineno, reason, GETTER)
        foreign = foreign_bases(job)
        if foreign:
            reason = f"its class inherits from {', '.join(foreign)}, which may look at the method's signature"
            job.refuse(Reason.OUTSIDE_BASE, job.function.node.lineno, reason, GETTER)

    def _is_free(self, job: Job, site: Site) -> bool:
        if self._is_guard(job, site):
            return False
        if leave_unclear(job, site) or leave_what_runs_early(job, site):
            return False
        if leave_local(job, site):
            return False
        if isinstance(site.reference.above.node, ast.MatchValue) and leave_pattern(job, site):
            return False
        inner = later(job.function, site.reference)
        if inner is not None:
            reason = f"it stands in an inner function or generator (line {inner.lineno}), which runs later"  # type: ignore[attr-defined]
            job.leave(Reason.LATER, site.line, reason, GETTER)
            return False
        if site.reference.names[0] in site.reference.scope.declared:
            reason = f"`{site.reference.names[0]}` is declared global in the function"
            job.leave(Reason.DECLARED, site.line, reason, GETTER)
            return False
        if local_import(job, site):
            reason = f"`{site.reference.names[0]}` is imported within the function, after its parameters are there"
            job.leave(Reason.LOCAL_IMPORT, site.line, reason, GETTER)
            return False
        return True

    def _is_guard(self, job: Job, site: Site) -> bool:
        """Is this where an earlier application of this technique finds its default?"""
        keywords = {one.arg for one in job.function.node.args.kwonlyargs}
        around = list(site.reference.ancestors)[:2]
        if isinstance(around[0], ast.IfExp):  # the value, which is read where it is used
            return ast.unparse(around[0].test) in {f"{one} is None" for one in keywords}
        if len(around) < 2 or not (isinstance(around[0], ast.Assign) and isinstance(around[1], ast.If)):
            return False
        target = around[0].targets[0]
        guard = f"{target.id} is None" if isinstance(target, ast.Name) and target.id in keywords else None
        return ast.unparse(around[1].test) == guard

    def _nothing(self, job: Job, dotted: str) -> Plan:
        job.refuse_what_was_left()
        if any(self._is_guard(job, one) for one in job.sites(dotted)):
            job.refuse(Reason.ALREADY_DONE, job.function.first_line, f"{dotted} is a parameter already")
        return job.refuse_unused(dotted)
