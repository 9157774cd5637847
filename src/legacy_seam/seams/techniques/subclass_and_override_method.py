"""Subclass and Override Method: a testing subclass that does not do what a test cannot have."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import ClassVar, Final

from legacy_seam.seams import refusals
from legacy_seam.seams.editing import Edits
from legacy_seam.seams.job import Job
from legacy_seam.seams.members import (
    class_node,
    family,
    is_of_the_class,
    of_the_library,
    receiver,
    refuse_at,
    refuse_class_decorators,
    refuse_metaclasses,
    refuse_other_receivers,
)
from legacy_seam.seams.plan import Plan, Reason
from legacy_seam.seams.preconditions import GETTER, foreign_bases, refuse_dunder, refuse_nested, yields
from legacy_seam.seams.technique import Example, Option, Refuses
from legacy_seam.source import Kind, Module, SourceText
from legacy_seam.source.modules import module_name
from legacy_seam.source.search import Wanted, find

_CALL: Final = "extract-and-override-call"
_FINAL: Final = frozenset({"typing.final", "typing_extensions.final"})


class SubclassAndOverrideMethod:
    """`AlarmUnderTest` is an `Alarm` whose `read` gives what a test says, and notes what it was given.

    Nothing in the program changes: the subclass is written to a file of its own, `tests/alarm_under_test.py` where
    there is a directory `tests`, and beside the module otherwise. A method that is there already is a seam.
    """

    name: ClassVar = "subclass-and-override-method"
    feathers: ClassVar = "Subclass and Override Method"
    summary: ClassVar = "Writes a testing subclass in which one method gives what a test says; no code is changed."
    when: ClassVar = (
        "When what stands in the way of a test has a method of its own already. Where it has not,"
        " extract-and-override-call makes one first. Asked for another method of the same class, it is put into the"
        " same subclass."
    )
    preconditions: ClassVar[Sequence[str]] = (
        "The method is not private (`__read`), not special, and never called through its class.",
        "The class can have subclasses: it is no Enum, not `final`, and nothing acts on each subclass of it.",
        "The file does not exist, or holds the testing subclass already.",
    )
    options: ClassVar[Sequence[Option]] = (
        Option("name", "of the subclass; by default `AlarmUnderTest` for `Alarm`"),
        Option("file", "where it is written, seen from the project; by default `tests/MODULE_under_test.py`"),
    )
    EXAMPLES: ClassVar[Sequence[Example | Refuses]] = (
        Refuses(
            "a property that can be set",
            before="""
                class A:
                    @property
                    def f(self):
                        return 1

                    @f.setter
                    def f(self, value):
                        pass
            """,
            code=Reason.PROPERTY,
            line=6,
            target="A.f",
        ),
        Example(
            "a method",
            before="""
                import smtplib

                class Shop:
                    def send(self, to: str, text="thanks", *, urgent=False) -> bool:
                        return bool(smtplib.SMTP("mail").sendmail("shop", to, text))

                    def buy(self, customer):
                        return self.send(customer, urgent=True)
            """,
            after='''
                """Classes of `m` as tests can have them."""

                from m import Shop


                class ShopUnderTest(Shop):
                    """`Shop` for tests: they say what its methods give, and see what these were given."""

                    send_answer = None

                    def send(self, to, text="thanks", *, urgent=False):
                        self.__dict__.setdefault("send_calls", []).append((to, text, urgent))
                        return self.send_answer
            ''',
            target="Shop.send",
        ),
        Example(
            "a coroutine, of a class within a class",
            before="""
                class Outer:
                    class A:
                        async def _fetch(self, *urls, limit=max, **more):
                            return urls
            """,
            after='''
                """Classes of `m` as tests can have them."""

                from m import Outer


                class Quiet(Outer.A):
                    """`Outer.A` for tests: they say what its methods give, and see what these were given."""

                    fetch_answer = None

                    async def _fetch(self, *urls, limit=None, **more):
                        self.__dict__.setdefault("fetch_calls", []).append((urls, limit, more))
                        return self.fetch_answer
            ''',
            target="Outer.A._fetch",
            options={"name": "Quiet"},
        ),
        Refuses(
            "a private method",
            before="""
                class A:
                    def __read(self):
                        return 1
            """,
            code=Reason.DUNDER,
            line=2,
            target="A.__read",
        ),
        refusals.SPECIAL_METHOD,
        refusals.NO_METHOD,
        Refuses(
            "it is asked of the class",
            before="""
                class A:
                    @staticmethod
                    def read():
                        return 1

                    def f(self):
                        return A.read()
            """,
            code=Reason.UNSAFE,
            line=7,
            target="A.read",
        ),
        Refuses(
            "a class without subclasses",
            before="""
                import enum

                class A(enum.Enum):
                    X = 1

                    def f(self):
                        return 1
            """,
            code=Reason.SPECIAL_CLASS,
            line=3,
            target="A.f",
        ),
        Refuses(
            "a method that is final",
            before="""
                from typing import final

                class A:
                    @final
                    def f(self):
                        return 1
            """,
            code=Reason.DECORATED,
            line=4,
            target="A.f",
        ),
        Refuses(
            "a class that acts on each subclass",
            before="""
                class A:
                    known = []

                    def __init_subclass__(cls):
                        cls.known.append(cls)

                    def f(self):
                        return 1
            """,
            code=Reason.SPECIAL_CLASS,
            line=4,
            target="A.f",
        ),
        Refuses(
            "a class within a function",
            before="""
                def f():
                    class A:
                        def g(self):
                            return 1
                    return A
            """,
            code=Reason.NESTED,
            line=3,
            target="f.<locals>.A.g",
        ),
    )

    def plan(self, job: Job) -> Plan:
        """See `Technique.plan`."""
        self._check(job)
        owner = job.function.class_name or ""
        name = job.checked_name(job.option("name") or f"{owner.rpartition('.')[2].lstrip('_')}UnderTest")
        path = self._path(job)
        is_there = path in job.program.files or path.is_file()
        there = job.program.read(path) if is_there else None
        found = _class_in(there, name) if isinstance(there, Module) else None
        if found and any(getattr(one, "name", "") == job.function.name for one in found.body):
            job.refuse(Reason.ALREADY_DONE, job.function.first_line, f"`{name}` in {path.name} overrides it")
        if is_there and not found:
            reason = f"{path.name} is there already, without a class `{name}`; say another with --with file=NAME"
            job.refuse(Reason.NAME_TAKEN, 0, reason)
        answer = f"{job.function.name.strip('_')}_answer"
        if using := job.hierarchy.binds(job.class_name or "", answer):
            job.refuse(Reason.NAME_TAKEN, job.function.first_line, f"`{answer}` is used in {using[0]}")
        method = self._method(job, name)
        if isinstance(there, Module) and found:
            edits = Edits(there)
            edits.insert_above(found.body[1 if ast.get_docstring(found) and found.body[1:] else 0], method, blank=1)
            return job.plan(self.name, edits, introduces=[job.function.name, answer])
        edits = self._new(job, path, name, method)
        return job.plan(self.name, edits, introduces=[name, owner.partition(".")[0]])

    # --- may it be overridden -------------------------------------------------------------------------------

    def _check(self, job: Job) -> None:
        function, node = job.function, job.function.node
        refuse_nested(job)
        if function.class_name is None:
            job.refuse(Reason.NO_METHOD, node.lineno, f"`{function.name}` is no method", GETTER)
        refuse_dunder(job)
        if function.name.startswith("__"):
            reason = f"`{function.name}` is private to its class: a subclass cannot override it"
            job.refuse(Reason.DUNDER, node.lineno, reason, _CALL)
        if function.kind is not Kind.STATICMETHOD:
            receiver(job)
        others = [one for one in job.module.functions_named(job.target.qualname) if one is not function]
        if function.kind is Kind.PROPERTY and others:
            reason = f"`{function.name}` can be set as well: override what it asks instead"
            job.refuse(Reason.PROPERTY, others[0].first_line, reason, _CALL)
        own = class_node(job)
        for decorator in (*node.decorator_list, *own.decorator_list):
            if job.module.full_name_of(decorator) in _FINAL:
                job.refuse(Reason.DECORATED, decorator.lineno, "it is final: nothing may override it", _CALL)
        refuse_class_decorators(job, _CALL)
        self._refuse_what_acts_on_subclasses(job)
        self._refuse_calls_of_the_class(job)

    def _refuse_what_acts_on_subclasses(self, job: Job) -> None:
        refuse_metaclasses(job, _CALL)
        for module, one in family(job):
            for member in one.body:
                if isinstance(member, ast.FunctionDef) and member.name == "__init_subclass__":
                    reason = f"`{one.name}` acts on each class that inherits from it"
                    refuse_at(module, member.lineno, Reason.SPECIAL_CLASS, reason, _CALL)
        for base in job.hierarchy.outside(job.class_name or ""):
            found = of_the_library(base)
            if type(found).__module__ == "enum":
                reason = f"{base} allows no subclass of what has members"
                job.refuse(Reason.SPECIAL_CLASS, class_node(job).lineno, reason, _CALL)
        if foreign := foreign_bases(job):
            job.notes.append(f"{', '.join(foreign)} may act on each class that inherits from it")

    def _refuse_calls_of_the_class(self, job: Job) -> None:
        """Where a method is asked of the class by its name, no subclass can step in."""
        function = job.function
        if function.kind is not Kind.STATICMETHOD and not is_of_the_class(job):
            refuse_other_receivers(job, _CALL)
            return
        names = [f"{job.class_name}.{function.name}"]
        sites = [*Wanted(names).sites(job.module), *find(job.program, names)]
        for site in sites:
            if site.is_certain:
                reason = f"`{job.target.qualname}` is asked of its class here, where no subclass can step in"
                refuse_at(site.module, site.line, Reason.UNSAFE, reason, GETTER)

    # --- what is written ------------------------------------------------------------------------------------

    def _path(self, job: Job) -> Path:
        """The file: in the project's directory of tests, or beside the module."""
        root = next(iter(job.program.roots), job.module.path.parent)
        chosen = job.option("file")
        if chosen:
            return root / chosen
        file = f"{job.target.module.rpartition('.')[2]}_under_test.py"
        return next(
            (root / one / file for one in ("tests", "test") if (root / one).is_dir()),
            job.module.path.with_name(file),
        )

    def _new(self, job: Job, path: Path, name: str, method: str) -> Edits:
        owner = job.function.class_name or ""
        text = f'''"""Classes of `{job.target.module}` as tests can have them."""

from {job.target.module} import {owner.partition(".")[0]}


class {name}({owner}):
    """`{owner}` for tests: they say what its methods give, and see what these were given."""

'''
        empty = Module.of(SourceText.of(path, b""), module_name(path, job.program.roots))
        assert isinstance(empty, Module)
        edits = Edits(empty, creates=True)
        edits.patch(0, 0, text + edits.block(method, "    "))
        return edits

    def _method(self, job: Job, name: str) -> str:
        """The text of the override, with the answer that it gives."""
        function, stem = job.function, job.function.name.strip("_")
        parameters = list(_parameters(function.node.args))
        owner = name
        decorators = [one for one in function.decorators if one in ("staticmethod", "classmethod")]
        if function.kind is Kind.PROPERTY:
            decorators = ["property"]
        lines = [f"@{one}" for one in decorators]
        lines.append(f"{'async ' if function.is_async else ''}def {function.name}({', '.join(parameters)}):")
        if function.kind is not Kind.STATICMETHOD:
            owner = parameters[0].partition("=")[0]
        if function.kind in (Kind.METHOD, Kind.PROPERTY):
            given = "".join(f"{one}, " for one in list(_names(function.node.args))[1:])
            given = f"({given.removesuffix(' ') if given.count(',') == 1 else given.removesuffix(', ')})"
            lines.append(f'    {owner}.__dict__.setdefault("{stem}_calls", []).append({given})')
        answer = f"{owner}.{stem}_answer"
        if yields(function) is None:
            lines.append(f"    return {answer}")
        elif function.is_async:
            lines += [f"    for one in {answer} or ():", "        yield one"]
        else:
            lines.append(f"    yield from {answer} or ()")
        return "\n".join([f"{stem}_answer = None", "", *lines])


def _class_in(module: Module, name: str) -> ast.ClassDef | None:
    return next((one for one in module.tree.body if isinstance(one, ast.ClassDef) and one.name == name), None)


def _parameters(arguments: ast.arguments) -> Iterator[str]:
    """Parameters as they are, without annotations; a default that is made is `None`, since only calls show it."""
    positional = [*arguments.posonlyargs, *arguments.args]
    missing = len(positional) - len(arguments.defaults)
    for number, one in enumerate(positional):
        yield one.arg + ("" if number < missing else f"={_default(arguments.defaults[number - missing])}")
        if number == len(arguments.posonlyargs) - 1:
            yield "/"
    if arguments.vararg:
        yield f"*{arguments.vararg.arg}"
    elif arguments.kwonlyargs:
        yield "*"
    for one, value in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        yield one.arg + (f"={_default(value)}" if value else "")
    if arguments.kwarg:
        yield f"**{arguments.kwarg.arg}"


def _default(value: ast.expr) -> str:
    text = ast.unparse(value) if isinstance(value, ast.Constant | ast.UnaryOp) else "None"
    return '"' + text[1:-1] + '"' if text.startswith("'") and '"' not in text and "\\" not in text else text


def _names(arguments: ast.arguments) -> Iterator[str]:
    yield from (one.arg for one in (*arguments.posonlyargs, *arguments.args))
    yield from [arguments.vararg.arg] if arguments.vararg else []
    yield from (one.arg for one in arguments.kwonlyargs)
    yield from [arguments.kwarg.arg] if arguments.kwarg else []
