"""Introduce Static Setter: a singleton can be replaced for a while, and comes back by itself."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import ClassVar

from legacy_seam.seams.importers import importers
from legacy_seam.seams.imports import put_in, spelled
from legacy_seam.seams.job import Job
from legacy_seam.seams.naming import snake
from legacy_seam.seams.plan import EnablingPoint, Plan, Reason, Refusal, Refused
from legacy_seam.seams.technique import Example, Option, Refuses
from legacy_seam.source.scopes import Binding, By


class IntroduceStaticSetter:
    """`client = Client()` gets a context manager beside it: `with override_client(fake): ...`.

    In the book it is a setter. A context manager does the same and cannot be forgotten to be taken back. It only
    adds a function, so nothing behaves differently until somebody uses it.
    """

    name: ClassVar = "introduce-static-setter"
    feathers: ClassVar = "Introduce Static Setter"
    summary: ClassVar = "Adds a context manager which replaces a singleton, and puts it back."
    when: ClassVar = (
        "When a variable of the module or of a class holds the only object of its kind (a connection, a registry, a"
        " file with a lock) and code asks for it by that name. The target is the variable: `shop.db:client`,"
        " `shop.db:Registry._instance`."
    )
    preconditions: ClassVar[Sequence[str]] = (
        "The target is a variable that is assigned: no import, function or class.",
        "No other module takes a copy of it with `from … import`, which an override would not reach.",
        "A class that holds it has no decorators, no metaclass and no bases outside the program.",
    )
    options: ClassVar[Sequence[Option]] = (
        Option("name", "the name of the context manager; by default `override_client` for `client`"),
    )
    EXAMPLES: ClassVar[Sequence[Example | Refuses]] = (
        Example(
            "a variable of the module",
            before="""
                import queue

                client = queue.Queue()

                def f():
                    client.put(1)
                    return client.get()
            """,
            after='''
                import contextlib
                import queue

                client = queue.Queue()


                @contextlib.contextmanager
                def override_client(value):
                    """Let `client` be something else for the length of a `with` block."""
                    global client
                    before = client
                    client = value
                    try:
                        yield value
                    finally:
                        client = before

                def f():
                    client.put(1)
                    return client.get()
            ''',
            target="client",
            calls=["f()"],
        ),
        Example(
            "made when it is asked for first",
            before="""
                from contextlib import *
                import contextlib as c
                _box = None

                def f():
                    global _box
                    if _box is None:
                        _box = dict(a=1)
                    return _box.get("a")
            """,
            after='''
                from contextlib import *
                import contextlib as c
                _box = None


                @c.contextmanager
                def override_box(value):
                    """Let `_box` be something else for the length of a `with` block."""
                    global _box
                    before = _box
                    _box = value
                    try:
                        yield value
                    finally:
                        _box = before

                def f():
                    global _box
                    if _box is None:
                        _box = dict(a=1)
                    return _box.get("a")
            ''',
            target="_box",
            calls=["f()"],
        ),
        Example(
            "a variable of a class",
            before="""
                class PriceList:
                    __instance = None

                    @classmethod
                    def instance(cls):
                        if cls.__instance is None:
                            cls.__instance = cls()
                        return cls.__instance

                    def price(self):
                        return 3

                def f():
                    return PriceList.instance().price()
            """,
            after='''
                import contextlib


                class PriceList:
                    __instance = None

                    @classmethod
                    def instance(cls):
                        if cls.__instance is None:
                            cls.__instance = cls()
                        return cls.__instance

                    def price(self):
                        return 3


                @contextlib.contextmanager
                def override_price_list(value):
                    """Let `PriceList.__instance` be something else for the length of a `with` block."""
                    before = PriceList._PriceList__instance
                    PriceList._PriceList__instance = value
                    try:
                        yield value
                    finally:
                        PriceList._PriceList__instance = before

                def f():
                    return PriceList.instance().price()
            ''',
            target="PriceList.__instance",
            calls=["f()"],
        ),
        Example(
            "a default value keeps what it found",
            before="""
                box = {}

                def f(a, into=box):
                    return len(box), into.get(a)
            """,
            after='''
                import contextlib


                box = {}


                @contextlib.contextmanager
                def override_box(value):
                    """Let `box` be something else for the length of a `with` block."""
                    global box
                    before = box
                    box = value
                    try:
                        yield value
                    finally:
                        box = before

                def f(a, into=box):
                    return len(box), into.get(a)
            ''',
            target="box",
            leaves=[Reason.COPIED],
        ),
        Refuses(
            "another module takes a copy",
            before="""
                client = object()
            """,
            code=Reason.COPIED,
            line=1,
            target="client",
            others={"other.py": "from m import client\n"},
        ),
        Refuses(
            "a function",
            before="""
                def client():
                    return 1
            """,
            code=Reason.NO_VARIABLE,
            line=1,
            target="client",
        ),
        Refuses(
            "no such variable",
            before="""
                client = object()
            """,
            code=Reason.NO_SUCH_TARGET,
            line=0,
            target="cilent",
        ),
        Refuses(
            "a class whose variables are more than that",
            before="""
                import enum

                class Color(enum.Enum):
                    RED = 1
            """,
            code=Reason.OUTSIDE_BASE,
            line=3,
            target="Color.RED",
        ),
        Refuses(
            "a class that is decorated",
            before="""
                import dataclasses

                @dataclasses.dataclass
                class Box:
                    size: int = 1
            """,
            code=Reason.DECORATED,
            line=3,
            target="Box.size",
        ),
        Refuses(
            "the name is taken",
            before="""
                client = object()
                override_client = 1
            """,
            code=Reason.NAME_TAKEN,
            line=2,
            target="client",
            options={"name": "override_client"},
        ),
        Refuses(
            "there already",
            before='''
                import contextlib
                client = object()

                @contextlib.contextmanager
                def override_client(value):
                    """Let `client` be something else for the length of a `with` block."""
                    global client
                    before = client
                    client = value
                    try:
                        yield value
                    finally:
                        client = before
            ''',
            code=Reason.ALREADY_DONE,
            line=5,
            target="client",
        ),
    )

    def plan(self, job: Job) -> Plan:
        """See `Technique.plan`."""
        owner, _, variable = job.target.qualname.rpartition(".")
        statement = self._in_class(job, owner, variable) if owner else self._in_module(job, variable)
        if not owner:
            self._refuse_copies(job, variable)
            self._leave_copies(job, variable)
        stem = f"{snake(owner)}_{snake(variable)}".removesuffix("_instance") if owner else snake(variable)
        place = _attribute(owner, variable) if owner else variable
        body = self._body(job.target.qualname, place, "" if owner else f"    global {variable}\n")
        self._refuse_again(job, body)
        name = job.fresh_name(f"override_{stem}")
        found = spelled(job, "contextlib", statement.lineno)
        if not found:
            put_in(job, "contextlib")
        code = f"@{found or 'contextlib'}.contextmanager\ndef {name}(value):\n{body}"
        job.edits.insert_below(statement if owner else self._last_beside(job, statement), code, blank=2)
        job.notes.append(f"`{name}` holds for the whole process: other threads see what it puts there as well.")
        double = "type('Stub', (), dict(__call__={stub}, __getattr__=lambda self, name: {stub}))()"
        held = f"_held = {name}({double}); _held.__enter__()"
        introduced = [name, "value", "before", variable, *([] if found else ["contextlib"])]
        return job.plan(self.name, introduces=introduced, enabling=[EnablingPoint(job.target.module, held)])

    # --- the variable -----------------------------------------------------------------------------------------

    def _in_module(self, job: Job, variable: str) -> ast.stmt:
        bindings = job.module.scope.bindings.get(variable, [])
        self._refuse_others(job, variable, bindings)
        return self._around(job, bindings[0].line)

    def _in_class(self, job: Job, owner: str, variable: str) -> ast.stmt:
        node = next(
            (one for one in job.module.tree.body if isinstance(one, ast.ClassDef) and one.name == owner), None
        )
        if node is None:
            job.refuse(Reason.NO_SUCH_TARGET, 0, f"there is no class {owner} at the top of the module")
        bindings = job.module.scope.entering(node).bindings.get(variable, [])
        self._refuse_others(job, f"{owner}.{variable}", bindings)
        if node.decorator_list:
            reason = f"a decorator of `{owner}` may make more of its variables (fields, options)"
            job.refuse(Reason.DECORATED, node.decorator_list[0].lineno, reason)
        outside = job.hierarchy.outside(f"{job.target.module}.{owner}")
        if outside or node.keywords:
            reason = f"{', '.join(outside) or 'its metaclass'} may make more of the variables of `{owner}`"
            job.refuse(Reason.OUTSIDE_BASE, node.lineno, reason)
        return node

    def _refuse_others(self, job: Job, variable: str, bindings: Sequence[Binding]) -> None:
        if not bindings:
            job.refuse(Reason.NO_SUCH_TARGET, 0, f"there is no variable {variable}")
        for one in bindings:
            if one.by is not By.ASSIGNMENT:
                reason = f"`{variable}` is no variable that is assigned, but bound by `{one.by.value}`"
                job.refuse(Reason.NO_VARIABLE, one.line, reason)

    def _around(self, job: Job, line: int) -> ast.stmt:
        return next(one for one in job.module.tree.body if one.lineno <= line <= (one.end_lineno or 0))

    def _last_beside(self, job: Job, statement: ast.stmt) -> ast.stmt:
        """The last of the statements that follow a variable up to the next definition, which may belong to it."""
        body = job.module.tree.body
        for one in body[body.index(statement) + 1 :]:
            if not isinstance(one, ast.Assign | ast.AnnAssign | ast.AugAssign | ast.Expr):
                break
            statement = one
        return statement

    def _refuse_copies(self, job: Job, name: str) -> None:
        """Refuse where another module imports the variable itself: it would go on with what it has."""
        for one in importers(job.program, job.module):
            if name in one.names or "*" in one.names:
                reason = f"this takes a copy of `{name}`, which an override does not reach"
                raise Refused(Refusal(Reason.COPIED, one.module.path, one.line, reason, ("qualify-import",)))

    def _leave_copies(self, job: Job, name: str) -> None:
        """Tell what is evaluated while the module is imported: it keeps what it finds then."""
        for one in job.module.references():
            if one.names == (name,) and one.function is None and one.scope.holder(name) is job.module.scope:
                reason = f"this keeps the `{name}` of the import, whatever it is overridden with"
                job.leave(Reason.COPIED, one.line, reason)

    # --- the context manager ------------------------------------------------------------------------------------

    def _body(self, told: str, place: str, declared: str) -> str:
        return (
            f'    """Let `{told}` be something else for the length of a `with` block."""\n{declared}'
            f"    before = {place}\n    {place} = value\n"
            f"    try:\n        yield value\n    finally:\n        {place} = before"
        )

    def _refuse_again(self, job: Job, body: str) -> None:
        expected = [ast.dump(one) for one in ast.parse(f"def f(value):\n{body}").body[0].body]  # type: ignore[attr-defined]
        for one in job.module.functions:
            if [ast.dump(each) for each in one.node.body] == expected:
                job.refuse(Reason.ALREADY_DONE, one.node.lineno, f"`{one.name}` overrides it already")


def _attribute(owner: str, name: str) -> str:
    """An attribute as code outside its class must spell it."""
    if name.startswith("__") and not name.endswith("__"):
        name = f"_{owner.lstrip('_')}{name}"
    return f"{owner}.{name}"
