"""Adapt Parameter: a function asks something small that is made for it, which asks the large thing it was given."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

from legacy_seam.seams.job import Job
from legacy_seam.seams.naming import capitals
from legacy_seam.seams.passing import front, handed_on, put_behind
from legacy_seam.seams.plan import EnablingPoint, Plan, Reason
from legacy_seam.seams.preconditions import (
    refuse_dunder,
    refuse_dynamic_names,
    refuse_frames,
    refuse_nested,
    refuse_overloads,
    refuse_stub,
)
from legacy_seam.seams.technique import Example, Option, Refuses
from legacy_seam.source import Kind, Reference
from legacy_seam.source.scopes import By, parameters_of

_OF_VALUES: Final = frozenset(name for kind in (str, int, float, bytes) for name in dir(kind))
"""Methods that are asked of a value, so that the value is what the function needs."""


@dataclass(frozen=True, slots=True)
class Member:
    """One thing that a function asks of its parameter.

    path:  how it is reached from the parameter, `("GET", "get")`.
    name:  what the adapter calls it.
    sites: the pieces of the function that ask it.
    taken: where all of them are calls whose arguments can be handed on in between: its parameters.
    """

    path: tuple[str, ...]
    name: str
    sites: tuple[ast.expr, ...]
    taken: tuple[str, ...] | None


class AdaptParameter:
    """`f(request)` becomes `_f_adapted(_FRequest(request))`, and `_FRequest` has what `f` asks, and nothing else.

    Everything is asked when it was asked before. A test calls `_f_adapted` with an object of its own that answers
    the same few questions.
    """

    name: ClassVar = "adapt-parameter"
    feathers: ClassVar = "Adapt Parameter"
    summary: ClassVar = "Puts an adapter, as small as what the function needs, between it and a parameter."
    when: ClassVar = (
        "When a function takes something that is hard to make in a test (a request, a session, a document) and asks"
        " few things of it. Callers and signature stay as they are. extract-interface of the adapter gives a type."
    )
    preconditions: ClassVar[Sequence[str]] = (
        "The parameter is only asked for attributes and methods: it is not handed on, returned, stored, compared,"
        " indexed or assigned.",
        "There is one definition of the function, and it is not within another function.",
        "It is no property and no special method, and does not look at its callers or at all its names.",
    )
    options: ClassVar[Sequence[Option]] = (
        Option("parameter", "the parameter", required=True),
        Option("name", "the name of the adapter; by default `_FRequest` for `request` of `f`"),
    )
    EXAMPLES: ClassVar[Sequence[Example | Refuses]] = (
        Example(
            "a request",
            before='''
                def f(request, rate=2):
                    """A greeting."""
                    # old clients send nothing
                    name = request.GET.get("name", "you")
                    return name.title(), request.user.id * rate
            ''',
            after='''
                class _FRequest:
                    """What `f` asks of its `request`."""

                    def __init__(self, adapted):
                        self._adapted = adapted

                    def get(self, *args):
                        return self._adapted.GET.get(*args)

                    @property
                    def id(self):
                        return self._adapted.user.id


                def _f_adapted(request, rate=2):
                    # old clients send nothing
                    name = request.get("name", "you")
                    return name.title(), request.id * rate


                def f(request, rate=2):
                    """A greeting."""
                    return _f_adapted(_FRequest(request), rate)
            ''',
            options={"parameter": "request"},
            calls=["f(type('R', (), {'GET': {}, 'user': type('U', (), {'id': 3})}))"],
        ),
        Example(
            "a method, and names that would be the same",
            before="""
                class Till:
                    def f(self, order: object) -> list:
                        return [order.customer.name.upper(), order.item.name, order.item.tags["a"], self]
            """,
            after='''
                class _FOrder:
                    """What `f` asks of its `order`."""

                    def __init__(self, adapted):
                        self._adapted = adapted

                    @property
                    def customer_name(self):
                        return self._adapted.customer.name

                    @property
                    def item_name(self):
                        return self._adapted.item.name

                    @property
                    def tags(self):
                        return self._adapted.item.tags


                class Till:
                    def _f_adapted(self, order: _FOrder) -> list:
                        return [order.customer_name.upper(), order.item_name, order.tags["a"], self]

                    def f(self, order: object) -> list:
                        return self._f_adapted(_FOrder(order))
            ''',
            target="Till.f",
            options={"parameter": "order"},
            calls=[
                "(lambda O, N: Till().f(O(customer=N(name='a'), item=N(name='b', tags={'a': 1})))[:3])"
                "(*[__import__('types').SimpleNamespace] * 2)"
            ],
        ),
        Example(
            "arguments that are worked out come after the question, as before",
            before="""
                def f(out):
                    return out.file.add(len("abc"))
            """,
            after='''
                class _FOut:
                    """What `f` asks of its `out`."""

                    def __init__(self, adapted):
                        self._adapted = adapted

                    @property
                    def add(self):
                        return self._adapted.file.add


                def _f_adapted(out):
                    return out.add(len("abc"))


                def f(out):
                    return _f_adapted(_FOut(out))
            ''',
            options={"parameter": "out"},
            calls=["f(__import__('types').SimpleNamespace(file={1, 2}))"],
        ),
        Refuses(
            "handed on",
            before="""
                def f(request):
                    log(request)
                    return request.user.id
            """,
            code=Reason.UNSAFE,
            line=2,
            options={"parameter": "request"},
        ),
        Refuses(
            "assigned",
            before="""
                def f(request):
                    request = request or None
                    return request.user.id
            """,
            code=Reason.WRITTEN,
            line=2,
            options={"parameter": "request"},
        ),
        Refuses(
            "written to",
            before="""
                def f(request):
                    request.seen = True
                    return request.user.id
            """,
            code=Reason.UNSAFE,
            line=2,
            options={"parameter": "request"},
        ),
        Refuses(
            "asked for what Python keeps",
            before="""
                def f(request):
                    return request.__class__.__name__
            """,
            code=Reason.DUNDER,
            line=2,
            options={"parameter": "request"},
        ),
        Refuses(
            "no such parameter",
            before="""
                def f(request):
                    return request.user.id
            """,
            code=Reason.NO_SUCH_TARGET,
            line=1,
            options={"parameter": "session"},
        ),
        Refuses(
            "the object of the method",
            before="""
                class A:
                    def f(self):
                        return self.user.id
            """,
            code=Reason.UNSAFE,
            line=2,
            target="A.f",
            options={"parameter": "self"},
        ),
        Refuses(
            "it is not used",
            before="""
                def f(request):
                    return 1
            """,
            code=Reason.NOTHING_TO_DO,
            line=1,
            options={"parameter": "request"},
        ),
        Refuses(
            "a function that looks at all its names",
            before="""
                def f(request):
                    return request.user, locals()
            """,
            code=Reason.DYNAMIC_NAMES,
            line=2,
            options={"parameter": "request"},
        ),
        Refuses(
            "there already",
            before="""
                def f(request):
                    return _f_adapted(_FRequest(request))
            """,
            code=Reason.ALREADY_DONE,
            line=2,
            options={"parameter": "request"},
        ),
    )

    def plan(self, job: Job) -> Plan:
        """See `Technique.plan`."""
        parameter = job.required("parameter", "this technique needs the parameter that shall be adapted")
        function, node, edits = job.function, job.function.node, job.edits
        self._check(job, parameter)
        members = list(self._members(job, parameter))
        inner = f"_{node.name.strip('_')}_adapted"
        adapter = job.option("name") or f"{capitals(node.name)}{capitals(parameter)[1:]}"
        for one in (job.checked_name(adapter), inner):
            line = job.line_using(one)
            if line is not None:
                job.refuse(Reason.NAME_TAKEN, line, f"`{one}` is used (line {line}); choose another with --name")
        if function.class_name and (family := job.hierarchy.binds(job.class_name or "", inner)):
            job.refuse(Reason.NAME_TAKEN, node.lineno, f"`{inner}` is used in {family[0]}")
        passing = front(edits, function, handed_on(function, inner, {parameter: f"{adapter}({parameter})"}))
        put_behind(edits, function, inner)
        annotation = next(one.annotation for one in parameters_of(node.args) if one.arg == parameter)
        if annotation:
            edits.replace(annotation, adapter)
        for member in members:
            for site in member.sites:
                edits.replace(site, f"{parameter}.{member.name}")
        gap = edits.source.newline * (1 if function.class_name else 2)
        edits.insert_lines_below(node, gap + passing)
        edits.insert_above(job.statement, _class(adapter, node.name, parameter, members), blank=2)
        point = EnablingPoint(job.target.module, f"{adapter} = {{stub}}", always=True)
        return job.plan(self.name, introduces=[adapter, inner], enabling=[point])

    def _check(self, job: Job, parameter: str) -> None:
        function, arguments = job.function, job.function.node.args
        refuse_nested(job)
        refuse_overloads(job)
        if function.kind is Kind.PROPERTY:
            job.refuse(Reason.PROPERTY, function.first_line, "it is a property, which takes no parameters")
        refuse_dunder(job)
        refuse_stub(job)
        last = function.node.body[-1]
        if isinstance(last, ast.Return) and f"_{function.name.strip('_')}_adapted(" in job.edits.text(last):
            job.refuse(Reason.ALREADY_DONE, last.lineno, f"`{parameter}` of `{function.name}` is adapted already")
        ordinary = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
        if parameter not in [one.arg for one in ordinary]:
            reason = f"`{job.target.qualname}` has no parameter `{parameter}`"
            job.refuse(Reason.NO_SUCH_TARGET, function.node.lineno, reason)
        if function.kind in (Kind.METHOD, Kind.CLASSMETHOD) and ordinary[0].arg == parameter:
            reason = f"`{parameter}` is the object of the method, not something that it is given"
            job.refuse(Reason.UNSAFE, function.node.lineno, reason)
        refuse_dynamic_names(job)
        refuse_frames(job)

    # --- what is asked of it ------------------------------------------------------------------------------------

    def _members(self, job: Job, parameter: str) -> Iterator[Member]:
        found: dict[tuple[str, ...], list[tuple[ast.expr, ast.Call | None]]] = {}
        for one in self._uses(job, parameter):
            path, node, call = one.names[1:], one.node, one.call
            if call is not None and len(path) > 1 and path[-1] in _OF_VALUES:
                path, node, call = path[:-1], node.value, None  # type: ignore[union-attr, assignment]
            hidden = next((name for name in path if name.startswith("__")), None)
            if hidden:
                job.refuse(Reason.DUNDER, one.line, f"`{hidden}` of an adapter is something else")
            found.setdefault(path, []).append((node, call))
        if not found:
            reason = f"`{job.target.qualname}` asks nothing of `{parameter}`"
            job.refuse(Reason.NOTHING_TO_DO, job.function.node.lineno, reason)
        lasts = [path[-1] for path in found]
        for path, sites in found.items():
            is_only = lasts.count(path[-1]) == 1 and (path[-1],) not in found.keys() - {path}
            name = path[-1] if is_only and path[-1] != "_adapted" else "_".join(path)
            yield Member(path, name, tuple(node for node, _ in sites), _taken([call for _, call in sites]))

    def _uses(self, job: Job, parameter: str) -> Iterator[Reference]:
        function = job.function
        lines = range(function.node.lineno, function.last_line + 1)
        home = None
        for one in job.module.references(lines):
            holder = one.scope.holder(one.names[0])
            if one.names[0] != parameter or holder is None or holder.node is not function.node:
                continue
            home = holder
            if other := next((each for each in home.bindings[parameter] if each.by is not By.PARAMETER), None):
                job.refuse(Reason.WRITTEN, other.line, f"`{parameter}` becomes something else here")
            if len(one.names) == 1:
                reason = f"`{parameter}` itself is used here, not something that it has"
                job.refuse(Reason.UNSAFE, one.line, reason)
            yield one


def _taken(calls: Sequence[ast.Call | None]) -> tuple[str, ...] | None:
    """The parameters of a method that hands all these calls on; None where that would make a difference.

    It makes none where the arguments are not worked out: then they may be there before what is called is.
    """
    arguments = [one for call in calls if call for one in call.args]
    keywords = [one.value for call in calls if call for one in call.keywords]
    if None in calls or not all(isinstance(one, ast.Constant | ast.Name) for one in (*arguments, *keywords)):
        return None
    return (*(["*args"] if arguments else []), *(["**kwargs"] if keywords else []))


def _class(name: str, function: str, parameter: str, members: Sequence[Member]) -> str:
    lines = [
        f"class {name}:",
        f'    """What `{function}` asks of its `{parameter}`."""',
        "",
        "    def __init__(self, adapted):",
        "        self._adapted = adapted",
    ]
    for one in members:
        path = ".".join(("self._adapted", *one.path))
        if one.taken is not None:
            lines += ["", f"    def {one.name}({', '.join(('self', *one.taken))}):"]
            lines += [f"        return {path}({', '.join(one.taken)})"]
        else:
            lines += ["", "    @property", f"    def {one.name}(self):", f"        return {path}"]
    return "\n".join(lines)
