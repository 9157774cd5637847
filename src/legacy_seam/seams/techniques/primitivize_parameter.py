"""Primitivize Parameter: a function of plain values does the work, and the old one takes them out of the object."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator, Sequence
from typing import ClassVar, NoReturn

from legacy_seam.seams.job import Job
from legacy_seam.seams.moving import at_depth, whole_lines
from legacy_seam.seams.plain_attributes import is_plain, may_change_attributes
from legacy_seam.seams.plan import EnablingPoint, Plan, Reason
from legacy_seam.seams.preconditions import (
    names_within,
    refuse_dynamic_names,
    refuse_frames,
    refuse_nested,
    refuse_stub,
    yields,
)
from legacy_seam.seams.technique import Example, Option, Refuses
from legacy_seam.source.functions import own_nodes
from legacy_seam.source.scopes import parameters_of


class PrimitivizeParameter:
    """`def f(order)` which reads `order.total` becomes `def f_values(total)`, and `f` calls that.

    The new function needs no object to be tested, recorded or replaced. It is given each attribute once, at the
    beginning: so it must be a plain one, and nothing that is called may set it anew.
    """

    name: ClassVar = "primitivize-parameter"
    feathers: ClassVar = "Primitivize Parameter"
    summary: ClassVar = "Moves the work of a function into one that takes the values it reads of an object."
    when: ClassVar = (
        "When an object is hard to make in a test, and the function only reads some of its attributes: a decision"
        " about an order, a session, `self`. The new function is what a model can be trained for."
    )
    preconditions: ClassVar[Sequence[str]] = (
        "The function uses the parameter only to read attributes, and never calls, sets or hands it on.",
        "The class of the parameter is known (`self`, or an annotation), and sets the attributes in `__init__`.",
        "It calls nothing of the program, which could set them anew while it runs.",
        "It is no generator and no coroutine, and has no inner function that reads the object later.",
    )
    options: ClassVar[Sequence[Option]] = (
        Option("parameter", "which; by default the first one"),
        Option("name", "the name of the function of values; by default `f_values` for `f`"),
        Option("plain", "`yes`: the attributes are plain ones, although that cannot be seen"),
    )
    EXAMPLES: ClassVar[Sequence[Example | Refuses]] = (
        Example(
            "a method",
            before='''
                class A:
                    def __init__(self, total=120, age=20):
                        self.total = total
                        self.age = age

                    def f(self, rate=2):
                        """Who is a risk."""
                        # nobody knows why
                        if self.total * rate > 100 and self.age < 30:
                            return "high"
                        return "low"
            ''',
            after='''
                def f_values(total, age, rate):
                    # nobody knows why
                    if total * rate > 100 and age < 30:
                        return "high"
                    return "low"


                class A:
                    def __init__(self, total=120, age=20):
                        self.total = total
                        self.age = age

                    def f(self, rate=2):
                        """Who is a risk."""
                        return f_values(self.total, self.age, rate)
            ''',
            target="A.f",
            calls=["A().f()", "A(1).f(rate=3)"],
        ),
        Example(
            "an annotated parameter, and a name that is used already",
            before="""
                import dataclasses

                @dataclasses.dataclass
                class Order:
                    total: int
                    note: str = ""

                def f(order: Order, *rest):
                    total = len(rest)
                    return order.total + total, order.note.upper()
            """,
            after="""
                import dataclasses

                @dataclasses.dataclass
                class Order:
                    total: int
                    note: str = ""

                def f_values(order_total, note, rest):
                    total = len(rest)
                    return order_total + total, note.upper()


                def f(order: Order, *rest):
                    return f_values(order.total, order.note, rest)
            """,
            calls=["f(Order(3))", "f(Order(3, 'x'), 1, 2)"],
        ),
        Example(
            "an object that is believed to be plain",
            before="""
                from types import SimpleNamespace

                def f(rate, order):
                    return order.total * rate
            """,
            after="""
                from types import SimpleNamespace

                def due(total, rate):
                    return total * rate


                def f(rate, order):
                    return due(order.total, rate)
            """,
            options={"parameter": "order", "name": "due", "plain": "yes"},
            calls=["f(2, SimpleNamespace(total=3))"],
        ),
        Refuses(
            "it cannot be seen what the parameter is",
            before="""
                def f(order):
                    return order.total
            """,
            code=Reason.UNSAFE,
            line=2,
        ),
        Refuses(
            "an attribute may be missing, or a property",
            before="""
                class A:
                    @property
                    def total(self): return 1

                    def f(self):
                        return self.total
            """,
            code=Reason.UNSAFE,
            line=6,
            target="A.f",
        ),
        Refuses(
            "it is handed on",
            before="""
                def f(order):
                    return order.total + len(order)
            """,
            code=Reason.UNSAFE,
            line=2,
            options={"plain": "yes"},
        ),
        Refuses(
            "it is written to",
            before="""
                def f(order):
                    order.total = 3
            """,
            code=Reason.WRITTEN,
            line=2,
            options={"plain": "yes"},
        ),
        Refuses(
            "it calls what may set the attribute anew",
            before="""
                def g(): pass

                def f(order):
                    g()
                    return order.total
            """,
            code=Reason.UNSAFE,
            line=4,
            options={"plain": "yes"},
        ),
        Refuses(
            "an inner function reads it later",
            before="""
                def f(order):
                    return lambda: order.total
            """,
            code=Reason.LATER,
            line=2,
            options={"plain": "yes"},
        ),
        Refuses(
            "a generator",
            before="""
                def f(order):
                    yield order.total
            """,
            code=Reason.GENERATOR,
            line=2,
            options={"plain": "yes"},
        ),
        Refuses(
            "it reads nothing of the parameter",
            before="""
                def f(order):
                    return 1
            """,
            code=Reason.NOTHING_TO_DO,
            line=1,
        ),
        Refuses(
            "there is no such parameter",
            before="""
                def f(order):
                    return order.x
            """,
            code=Reason.OPTION_MISSING,
            line=1,
            options={"parameter": "rate"},
        ),
        Refuses(
            "there already",
            before="""
                def f_values(total):
                    return total

                def f(order):
                    return f_values(order.total)
            """,
            code=Reason.ALREADY_DONE,
            line=4,
        ),
    )

    def plan(self, job: Job) -> Plan:
        """See `Technique.plan`."""
        node, edits, source = job.function.node, job.edits, job.edits.source
        parameter = self._parameter(job)
        wanted = job.option("name") or f"{node.name.strip('_')}_values"
        self._check(job, wanted)
        read = list(self._read(job, parameter))
        if not read:
            job.refuse(Reason.NOTHING_TO_DO, node.lineno, f"`{node.name}` reads nothing of `{parameter}`")
        self._check_attributes(job, parameter, read)
        name = job.fresh_name(wanted)
        values = self._names(job, parameter, read)
        body = node.body[1:] if ast.get_docstring(node, clean=False) is not None else node.body
        first, last = whole_lines(edits, body)
        margin = edits.margin(body[0])
        others = [one.arg for one in parameters_of(node.args) if one.arg != parameter]
        instead = {edits.span(one): values[one.attr] for one in read}
        moved = at_depth(edits, first, last, margin, source.indent, instead)
        head = f"def {name}({', '.join([*values.values(), *others])}):\n"
        given = ", ".join([*(f"{parameter}.{one}" for one in values), *others])
        edits.insert_lines_above(job.statement, head + moved + "\n\n")
        edits.patch(source.offsets[first - 1], source.offsets[last], f"{margin}return {name}({given})\n")
        point = EnablingPoint(job.target.module, f"{name} = {{stub}}", always=True)
        return job.plan(self.name, introduces=[name], enabling=[point])

    def _parameter(self, job: Job) -> str:
        node = job.function.node
        known = [one.arg for one in parameters_of(node.args)]
        chosen = job.option("parameter") or next(iter(known), "")
        if chosen not in known:
            reason = f"`{node.name}` has no parameter `{chosen}`" if chosen else f"`{node.name}` has no parameter"
            job.refuse(Reason.OPTION_MISSING, node.lineno, reason)
        return chosen

    def _check(self, job: Job, wanted: str) -> None:
        node = job.function.node
        refuse_nested(job)
        refuse_stub(job)
        refuse_dynamic_names(job)
        refuse_frames(job)
        found = yields(job.function)
        if found is not None or job.function.is_async:
            line = getattr(found, "lineno", node.lineno)
            reason = "other code runs while it waits, and could set the attributes anew"
            job.refuse(Reason.GENERATOR, line, reason, "sprout-function")
        last = node.body[-1]
        called = last.value.func if isinstance(last, ast.Return) and isinstance(last.value, ast.Call) else None
        if called is not None and ast.unparse(called) == wanted and len(node.body) <= 2:
            job.refuse(Reason.ALREADY_DONE, node.lineno, f"`{node.name}` calls `{wanted}` already")
        for one in ast.walk(node):
            name = getattr(one, "attr", None) or getattr(one, "id", None)
            private = isinstance(name, str) and name.startswith("__") and not name.endswith("__")
            if job.function.class_name and (private or name in ("__class__", "super")):
                reason = f"`{name}` means something else outside the class"
                job.refuse(Reason.UNSAFE, getattr(one, "lineno", node.lineno), reason)

    # --- what is read of the parameter ----------------------------------------------------------------------

    def _read(self, job: Job, parameter: str) -> Iterator[ast.Attribute]:
        """The attributes that the function reads of it.

        Raises:
            Refused: where it does something else with it.
        """
        node = job.function.node
        own = {id(one) for one in own_nodes(node)}
        above = {id(child): one for one in ast.walk(node) for child in ast.iter_child_nodes(one)}
        for statement in node.body:
            for one in ast.walk(statement):
                bound = getattr(one, "arg", None) or getattr(one, "name", None)
                if bound == parameter and not isinstance(one, ast.keyword):
                    self._otherwise(job, Reason.WRITTEN, one, f"`{parameter}` means something else here")
                if not (isinstance(one, ast.Name) and one.id == parameter):
                    continue
                outer = above[id(one)]
                if not isinstance(outer, ast.Attribute):
                    code = Reason.UNSAFE if isinstance(one.ctx, ast.Load) else Reason.WRITTEN
                    self._otherwise(job, code, one, f"`{parameter}` is needed as a whole")
                if outer.lineno != outer.end_lineno:
                    self._otherwise(job, Reason.SHARED_LINE, one, "this is written on two lines; put it on one")
                if not isinstance(outer.ctx, ast.Load):
                    self._otherwise(job, Reason.WRITTEN, one, f"`{parameter}.{outer.attr}` is set")
                call = above[id(outer)]
                if isinstance(call, ast.Call) and call.func is outer:
                    self._otherwise(job, Reason.UNSAFE, one, f"`{parameter}.{outer.attr}` is called")
                if id(one) not in own or self._is_later(outer, above):
                    self._otherwise(job, Reason.LATER, one, "it is read later, by an inner function or generator")
                yield outer

    @staticmethod
    def _is_later(node: ast.AST, above: dict[int, ast.AST]) -> bool:
        inner = (ast.Lambda, ast.GeneratorExp, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
        while id(node) in above and id(above[id(node)]) in above:
            node = above[id(node)]
            if isinstance(node, inner):
                return True
        return False

    @staticmethod
    def _otherwise(job: Job, code: Reason, node: ast.AST, reason: str) -> NoReturn:
        job.refuse(code, getattr(node, "lineno", 0), reason, "sprout-function")

    def _check_attributes(self, job: Job, parameter: str, read: Sequence[ast.Attribute]) -> None:
        if job.option("plain") != "yes":
            for one in read:
                reason = is_plain(job, parameter, one.attr)
                if reason:
                    job.refuse(Reason.UNSAFE, one.lineno, f"{reason}; say --with plain=yes where that is right")
        else:
            job.notes.append(f"the attributes of `{parameter}` are believed to be plain ones")
        last = max(one.lineno for one in read)
        in_loop = any(isinstance(one, ast.For | ast.While) for one in ast.walk(job.function.node))
        for call in may_change_attributes(job):
            if call.lineno <= last or in_loop:
                reason = f"`{ast.unparse(call.func)}` may set attributes of `{parameter}` anew before they are read"
                job.refuse(Reason.UNSAFE, call.lineno, reason, "sprout-function")

    def _names(self, job: Job, parameter: str, read: Sequence[ast.Attribute]) -> dict[str, str]:
        """A name for each attribute, in the order in which they are read."""
        taken = set(names_within(job.function)) - {parameter}
        found: dict[str, str] = {}
        for one in sorted(read, key=lambda each: (each.lineno, each.col_offset)):
            if one.attr in found:
                continue
            free = one.attr not in taken and not hasattr(builtins, one.attr)
            candidates = [*([one.attr] if free else []), f"{parameter}_{one.attr}"]
            candidates += [f"{parameter}_{one.attr}_{number}" for number in range(2, 100)]
            found[one.attr] = next(each for each in candidates if each not in taken)
            taken.add(found[one.attr])
        return found
