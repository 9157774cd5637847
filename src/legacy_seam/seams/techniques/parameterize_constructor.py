"""Parameterize Constructor: whoever makes an object may hand in what its constructor made itself."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import ClassVar, Final

from legacy_seam.seams.constructors import FACTORY, find_constructor, refuse_constructor
from legacy_seam.seams.job import Job
from legacy_seam.seams.naming import given
from legacy_seam.seams.new_parameter import parameter_name
from legacy_seam.seams.plan import EnablingPoint, Plan, Reason
from legacy_seam.seams.preconditions import (
    is_annotation,
    later,
    leave_local,
    leave_unclear,
    leave_what_runs_early,
)
from legacy_seam.seams.technique import Example, Option, Refuses
from legacy_seam.source import Site

_ROUNDS: Final = (ast.For, ast.AsyncFor, ast.While, ast.ListComp, ast.SetComp, ast.DictComp)


class ParameterizeConstructor:
    """`self.db = DB(url)` becomes `self.db = DB(url) if db is None else db`, and `db` a keyword of the constructor.

    What is made is made where it was and when it was. Only `None` means "as before", so a stub that is falsy is not
    thrown away; and where something is handed in, nothing is made.
    """

    name: ClassVar = "parameterize-constructor"
    feathers: ClassVar = "Parameterize Constructor"
    summary: ClassVar = "Gives a constructor a keyword-only parameter for something that it makes or takes itself."
    when: ClassVar = (
        "When a constructor makes a connection, a client or a clock that a test should bring along. It changes the"
        " signature; extract-and-override-factory-method does not."
    )
    preconditions: ClassVar[Sequence[str]] = (
        "The class has an `__init__` of its own, which takes no `**kwargs` and has no decorators.",
        "Nothing else makes its objects: no dataclass, attrs, pydantic, Enum, NamedTuple, ORM model, metaclass,"
        " nor a `__new__` that would not take the new keyword.",
        "The bases of its class are in the program or in the standard library.",
        "It is made in one place, once for each object, and the name means exactly one thing there.",
        "The constructor does not use `eval`, `exec`, `locals` or `vars`.",
    )
    options: ClassVar[Sequence[Option]] = (
        Option("call", "the full name of what makes it: `shop.db.DB`, `sqlite3.connect`", required=True),
        Option("name", "the name of the parameter; by default `db` for what `self.db` or `self._db` becomes"),
        Option("field", "the attribute it is assigned to, where several are made"),
    )
    EXAMPLES: ClassVar[Sequence[Example | Refuses]] = (
        Example(
            "something that is made",
            before="""
                from functools import partial

                class A:
                    def __init__(self, base):
                        self._parse = partial(int, base=base)

                    def f(self, text):
                        return self._parse(text)
            """,
            after="""
                from functools import partial

                class A:
                    def __init__(self, base, *, parse=None):
                        self._parse = partial(int, base=base) if parse is None else parse

                    def f(self, text):
                        return self._parse(text)
            """,
            target="A.__init__",
            options={"call": "functools.partial"},
            calls=["A(2).f('101')", "A(base=8).f('101')"],
        ),
        Example(
            "a clock that is kept; the class is named",
            before="""
                import time

                class A:
                    def __init__(
                        self,
                        limit: int = 3,  # seconds
                    ) -> None:
                        self.limit, self.clock = limit, None
                        self.clock = time.time

                    def f(self):
                        return self.clock() > self.limit
            """,
            after="""
                import time

                class A:
                    def __init__(
                        self,
                        limit: int = 3,  # seconds
                        *,
                        clock=None,
                    ) -> None:
                        self.limit, self.clock = limit, None
                        self.clock = time.time if clock is None else clock

                    def f(self):
                        return self.clock() > self.limit
            """,
            target="A",
            options={"call": "time.time"},
            calls=["A().f()"],
        ),
        Example(
            "within an expression, in a subclass",
            before="""
                from itertools import count

                class Base:
                    def __init__(self, ids):
                        self.next_id = ids

                class A(Base):
                    def __init__(self):
                        super().__init__(count(1).__next__)
            """,
            after="""
                from itertools import count

                class Base:
                    def __init__(self, ids):
                        self.next_id = ids

                class A(Base):
                    def __init__(self, *, numbers=None):
                        super().__init__((count(1) if numbers is None else numbers).__next__)
            """,
            target="A.__init__",
            options={"call": "itertools.count", "name": "numbers"},
        ),
        Example(
            "one of several",
            before="""
                from functools import partial

                class A:
                    def __init__(self):
                        self.low = partial(min, 1)
                        self.high = partial(max, 9)
            """,
            after="""
                from functools import partial

                class A:
                    def __init__(self, *, high=None):
                        self.low = partial(min, 1)
                        self.high = partial(max, 9) if high is None else high
            """,
            target="A.__init__",
            options={"call": "functools.partial", "field": "high"},
            calls=["A().high(3)"],
        ),
        Refuses(
            "several are made",
            before="""
                from collections import deque

                class A:
                    def __init__(self):
                        self.low = deque()
                        self.high = deque()
            """,
            code=Reason.OPTION_MISSING,
            line=6,
            target="A.__init__",
            options={"call": "collections.deque"},
        ),
        Refuses(
            "one is made in each round",
            before="""
                from collections import deque

                class A:
                    def __init__(self, size):
                        self.queues = [deque() for _ in range(size)]
            """,
            code=Reason.UNSAFE,
            line=5,
            target="A.__init__",
            options={"call": "collections.deque"},
        ),
        Refuses(
            "it is made later",
            before="""
                from collections import deque

                class A:
                    def __init__(self):
                        self.make = lambda: deque()
            """,
            code=Reason.LATER,
            line=5,
            target="A.__init__",
            options={"call": "collections.deque"},
        ),
        Refuses(
            "it is a parameter already",
            before="""
                from collections import deque

                class A:
                    def __init__(self, queue=None):
                        self.queue = queue or deque()
            """,
            code=Reason.ALREADY_DONE,
            line=5,
            target="A.__init__",
            options={"call": "collections.deque"},
        ),
        Refuses(
            "no constructor",
            before="""
                from collections import deque

                class A:
                    def f(self):
                        self.queue = deque()
            """,
            code=Reason.NO_METHOD,
            line=4,
            target="A.f",
            options={"call": "collections.deque"},
        ),
        Refuses(
            "a constructor that somebody else has made",
            before="""
                from dataclasses import dataclass, field
                from collections import deque

                @dataclass
                class A:
                    queue: deque = field(default_factory=deque)
            """,
            code=Reason.SPECIAL_CLASS,
            line=5,
            target="A",
            options={"call": "collections.deque"},
        ),
        Refuses(
            "a decorator of the class that may be made for its constructor",
            before="""
                from collections import deque
                from framework import inject

                @inject
                class A:
                    def __init__(self):
                        self.queue = deque()
            """,
            code=Reason.DECORATED,
            line=4,
            target="A.__init__",
            options={"call": "collections.deque"},
        ),
        Refuses(
            "the class makes its objects in a way of its own",
            before="""
                from collections import deque

                class A:
                    def __new__(cls, size):
                        return super().__new__(cls)

                    def __init__(self, size):
                        self.queue = deque([], size)
            """,
            code=Reason.SPECIAL_CLASS,
            line=4,
            target="A.__init__",
            options={"call": "collections.deque"},
        ),
        Refuses(
            "a base that does not take the new keyword",
            before="""
                from collections import deque

                class A(str):
                    def __init__(self, text):
                        self.queue = deque(text)
            """,
            code=Reason.SPECIAL_CLASS,
            line=3,
            target="A.__init__",
            options={"call": "collections.deque"},
        ),
        Refuses(
            "a class whose bases nobody knows",
            before="""
                from collections import deque
                from framework import Model

                class A(Model):
                    def __init__(self):
                        self.queue = deque()
            """,
            code=Reason.OUTSIDE_BASE,
            line=4,
            target="A.__init__",
            options={"call": "collections.deque"},
        ),
        Refuses(
            "keywords of any name",
            before="""
                from collections import deque

                class A:
                    def __init__(self, **more):
                        self.queue = deque(**more)
            """,
            code=Reason.TAKES_KWARGS,
            line=4,
            target="A.__init__",
            options={"call": "collections.deque"},
        ),
        Refuses(
            "a constructor that looks at all its names",
            before="""
                from collections import deque

                class A:
                    def __init__(self, a, b):
                        self.__dict__.update(locals())
                        self.queue = deque()
            """,
            code=Reason.DYNAMIC_NAMES,
            line=5,
            target="A.__init__",
            options={"call": "collections.deque"},
        ),
        Refuses(
            "nothing is kept of it",
            before="""
                import fcntl

                class A:
                    def __init__(self, file):
                        fcntl.flock(file, fcntl.LOCK_EX)
            """,
            code=Reason.NO_CALL,
            line=5,
            target="A.__init__",
            options={"call": "fcntl.flock"},
        ),
        Refuses(
            "the name is taken",
            before="""
                from collections import deque

                class A:
                    def __init__(self, queue):
                        self.waiting = deque(queue)
            """,
            code=Reason.NAME_TAKEN,
            line=4,
            target="A.__init__",
            options={"call": "collections.deque", "name": "queue"},
        ),
    )

    def plan(self, job: Job) -> Plan:
        """See `Technique.plan`."""
        full_name = job.required("call", "this technique needs what a parameter of the constructor shall stand for")
        find_constructor(job)
        refuse_constructor(job, full_name)
        sites = [one for one in job.sites(full_name) if self._is_free(job, one)]
        site = self._one(job, sites, full_name)
        name = self._parameter(job, site)
        node = site.call or site.node
        start, end = job.edits.span(node)
        bare = _stands_alone(site)
        job.edits.patch(start, start, "" if bare else "(")
        job.edits.patch(end, end, f" if {name} is None else {name}" + ("" if bare else ")"))
        job.edits.add_keyword(job.function.node, name, "None")
        if below := job.hierarchy.overrides(job.class_name or "", "__init__"):
            job.notes.append(f"`{name}` is not taken by the constructor of {', '.join(below)}")
        qualname = job.target.qualname
        point = EnablingPoint(job.target.module, f"{qualname}.__kwdefaults__[{name!r}] = {{stub}}")
        return job.plan(self.name, introduces=[name], enabling=[point])

    # --- what it makes --------------------------------------------------------------------------------------

    def _is_free(self, job: Job, site: Site) -> bool:
        if is_annotation(site) or _parameter_instead(job, site):
            return False
        if leave_unclear(job, site) or leave_what_runs_early(job, site):
            return False
        if leave_local(job, site):
            return False
        if isinstance(_around(site), ast.Expr):
            reason = f"what `{job.edits.text(site.node)}` gives is not kept, so nothing can be handed in for it"
            job.leave(Reason.NO_CALL, site.line, reason, FACTORY)
            return False
        around = list(site.reference.ancestors)
        within = around[: around.index(job.function.node)]
        if site.call is None and not isinstance(_around(site), ast.Assign | ast.AnnAssign):
            job.leave(Reason.NO_CALL, site.line, f"`{job.edits.text(site.node)}` is neither called here nor kept")
            return False
        if later(job.function, site.reference) is not None:
            job.leave(Reason.LATER, site.line, "it stands in an inner function, which runs later", FACTORY)
            return False
        if any(isinstance(one, _ROUNDS) for one in within):
            reason = "another one is made in each round, and only one would be handed in"
            job.leave(Reason.UNSAFE, site.line, reason, FACTORY)
            return False
        if any(isinstance(one, ast.JoinedStr | ast.ClassDef) for one in within):
            job.leave(Reason.UNSAFE, site.line, "it stands in a string or class; put it in a variable first")
            return False
        return True

    def _one(self, job: Job, sites: Sequence[Site], full_name: str) -> Site:
        field = job.option("field")
        found = [one for one in sites if field is None or _field(one) == field]
        if len(found) > 1:
            lines = ", ".join(str(one.line) for one in found)
            reason = f"{full_name} is used {len(found)} times (lines {lines}): say which with --with field=NAME"
            job.refuse(Reason.OPTION_MISSING, found[1].line, reason, FACTORY)
        if found:
            return found[0]
        done = next((one for one in job.sites(full_name) if _parameter_instead(job, one)), None)
        if done:
            name = _parameter_instead(job, done)
            job.refuse(Reason.ALREADY_DONE, done.line, f"it can be handed in as `{name}` already")
        job.refuse_what_was_left()
        if field is None:
            job.refuse_unused(full_name)
        reason = f"`{job.target.qualname}` does not use {full_name} for `{field}`"
        return job.refuse(Reason.NOTHING_TO_DO, job.function.first_line, reason)

    def _parameter(self, job: Job, site: Site) -> str:
        """A name that the constructor does not know: that of the field, or of what is made."""
        wanted = (_field(site) or given(site.dotted)).strip("_") or "given"
        return parameter_name(job, wanted, f"{wanted}_")


def _around(site: Site) -> ast.AST:
    """What stands directly around what is made."""
    steps = list(site.reference.ancestors)
    return steps[1] if site.call else steps[0]


def _stands_alone(site: Site) -> bool:
    """Does what is made need no brackets where it stands, whatever is put in its place?"""
    around = _around(site)
    if isinstance(around, ast.Call):
        return (site.call or site.node) in around.args
    return isinstance(around, ast.Assign | ast.AnnAssign | ast.keyword | ast.Return)


def _field(site: Site) -> str | None:
    """The attribute that what is made is assigned to."""
    around = _around(site)
    targets = around.targets if isinstance(around, ast.Assign) else [getattr(around, "target", None)]
    return next((one.attr for one in targets if isinstance(one, ast.Attribute)), None)


def _parameter_instead(job: Job, site: Site) -> str | None:
    """The parameter that is taken instead of what is made here: `db or DB()`, `DB() if db is None else db`."""
    arguments = job.function.node.args
    parameters = {one.arg for one in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)}
    around = _around(site)
    others: list[ast.expr] = []
    if isinstance(around, ast.BoolOp) and isinstance(around.op, ast.Or):
        others = around.values[:1]
    elif isinstance(around, ast.IfExp):
        others = [around.body, around.orelse]
    elif isinstance(around, ast.Assign):
        others = around.targets
    return next((one.id for one in others if isinstance(one, ast.Name) and one.id in parameters), None)
