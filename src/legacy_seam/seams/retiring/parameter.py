"""A parameter that nobody passes: what it stands for when it is `None` is said where it is used."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from legacy_seam.seams.job import Job
from legacy_seam.seams.plan import Reason, Refusal, Refused
from legacy_seam.seams.preconditions import refuse_dynamic_names, refuse_what_decorates
from legacy_seam.seams.technique import Example, Refuses
from legacy_seam.source import Exactly, Module
from legacy_seam.source.functions import dotted

EXAMPLES_OF_PARAMETERS: Sequence[Example | Refuses] = (
    Example(
        "a parameter that nobody passes",
        before='''
            import time

            def f(a, *, _time=None):
                """How long ago."""
                if _time is None:
                    _time = time.time
                return _time() > a
        ''',
        after='''
            import time

            def f(a):
                """How long ago."""
                return time.time() > a
        ''',
        options={"name": "_time"},
        calls=["f(0)"],
    ),
    Example(
        "a parameter of a constructor",
        before="""
            class A:
                def __init__(
                    self,
                    name,
                    *,
                    limit=3,
                    box=None,
                ):
                    self.box = [name, limit] if box is None else box

            def f():
                return A(1, limit=2).box
        """,
        after="""
            class A:
                def __init__(
                    self,
                    name,
                    *,
                    limit=3,
                ):
                    self.box = [name, limit]

            def f():
                return A(1, limit=2).box
        """,
        target="A.__init__",
        options={"name": "box"},
        calls=["f()"],
    ),
    Refuses(
        "a parameter that somebody passes",
        before="""
            import time

            def f(*, clock=None):
                if clock is None:
                    clock = time.time
                return clock()

            f(clock=int)
        """,
        code=Reason.USED_ELSEWHERE,
        line=8,
        options={"name": "clock"},
    ),
    Refuses(
        "a parameter that somebody may pass",
        before="""
            import time

            def f(*, clock=None):
                if clock is None:
                    clock = time.time
                return clock()

            def g(**more):
                return f(**more)
        """,
        code=Reason.USED_ELSEWHERE,
        line=9,
        options={"name": "clock"},
    ),
    Refuses(
        "a parameter whose value is made",
        before="""
            def f(a, *, box=None):
                if box is None:
                    box = list()
                box.append(a)
                return box
        """,
        code=Reason.UNSAFE,
        line=3,
        options={"name": "box"},
    ),
    Refuses(
        "which parameter",
        before="""
            import time

            def f(*, clock=None):
                if clock is None:
                    clock = time.time
                return clock()
        """,
        code=Reason.OPTION_MISSING,
        line=3,
    ),
)


@dataclass(frozen=True, slots=True)
class Parameter:
    """What `parameterize-method` or `parameterize-constructor` made.

    name:    of the parameter.
    default: what stands for `None`.
    place:   the `if` that puts it there, or the expression that chooses.
    """

    name: str
    default: ast.expr
    place: ast.If | ast.IfExp


def parameters_of_seams(job: Job) -> list[Parameter]:
    """The keyword-only parameters of the target that are `None` by default, and what each stands for then."""
    arguments = job.function.node.args
    found: list[Parameter] = []
    for one, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        if isinstance(default, ast.Constant) and default.value is None:
            found += _guarded(job, one.arg) or _chosen(job, one.arg)
    return found


def _guarded(job: Job, name: str) -> list[Parameter]:
    for node in job.function.node.body:
        if isinstance(node, ast.If) and ast.unparse(node.test) == f"{name} is None" and not node.orelse:
            only = node.body[0] if len(node.body) == 1 else None
            if isinstance(only, ast.Assign) and [dotted(one) for one in only.targets] == [name]:
                return [Parameter(name, only.value, node)]
    return []


def _chosen(job: Job, name: str) -> list[Parameter]:
    for node in ast.walk(job.function.node):
        if isinstance(node, ast.IfExp) and (ast.unparse(node.test), ast.unparse(node.orelse)) == (
            f"{name} is None",
            name,
        ):
            return [Parameter(name, node.body, node)]
    return []


def retire_parameter(job: Job, parameter: Parameter) -> list[str]:
    """Take a parameter away, and say what it stood for where it is used.

    Returns:
        the names that are gone.

    Raises:
        Refused: where somebody passes it, or it is something else in between.
    """
    refuse_what_decorates(job)
    refuse_dynamic_names(job)
    for refusal in _passed(job, parameter.name):
        raise Refused(refusal)
    uses = list(_uses(job, parameter))
    if isinstance(parameter.place, ast.IfExp):
        if uses:
            reason = f"`{parameter.name}` is used here as well"
            job.refuse(Reason.UNSAFE, uses[0].lineno, reason)
        job.edits.replace(parameter.place, job.edits.text(parameter.default))
    else:
        _refuse_values(job, parameter, uses)
        for one in uses:
            job.edits.replace(one, job.edits.text(parameter.default))
        if len(job.function.node.body) == 1:
            job.refuse(Reason.STUB, parameter.place.lineno, "nothing else is in the function")
        job.edits.remove_statement(parameter.place)
    job.edits.remove_keyword(job.function.node, parameter.name)
    return [parameter.name]


def _uses(job: Job, parameter: Parameter) -> Iterator[ast.Name]:
    """Where the parameter is read, besides the place that gives it its default."""
    within = {id(one) for one in ast.walk(parameter.place)}
    for node in ast.walk(job.function.node):
        if isinstance(node, ast.Name) and node.id == parameter.name and id(node) not in within:
            if not isinstance(node.ctx, ast.Load):
                job.refuse(Reason.UNSAFE, node.lineno, f"`{parameter.name}` is assigned here")
            yield node
        if isinstance(node, ast.Global | ast.Nonlocal) and parameter.name in node.names:
            job.refuse(Reason.UNSAFE, node.lineno, f"`{parameter.name}` is declared here")


def _refuse_values(job: Job, parameter: Parameter, uses: list[ast.Name]) -> None:
    """Refuse where it makes a difference that the default is found at each use, and not once."""
    root = dotted(parameter.default).partition(".")[0]
    if root == "?":
        reason = f"`{parameter.name}` is made here; made at each use it would be another one each time"
        job.refuse(Reason.UNSAFE, parameter.default.lineno, reason)
    nodes = {id(one) for one in uses}
    at_default = _root(parameter.default)
    found = [(one, id(_root(one.node))) for one in job.module.references()]
    home = next(one.scope.holder(root) for one, node in found if node == id(at_default))
    for reference, node in found:
        if node in nodes and reference.scope.holder(root) is not home:
            job.refuse(Reason.UNCLEAR_NAME, reference.line, f"`{root}` means something else here")


def _root(node: ast.expr) -> ast.expr:
    while isinstance(node, ast.Attribute):
        node = node.value
    return node


def _passed(job: Job, name: str) -> Iterator[Refusal]:
    """The calls that hand the parameter over, or may."""
    target = f"{job.target.module}.{job.target.qualname}"
    words = [one.encode() for one in (name, *_names(job))]
    for path in job.program.files:
        try:
            raw = job.program.bytes_of(path)
        except OSError:
            continue
        if not any(one in raw for one in words):
            continue
        module = job.program.read(path, raw)
        if not isinstance(module, Module):
            yield Refusal(Reason.USED_ELSEWHERE, path, module.line, "this may hand it over, and cannot be parsed")
            continue
        for call in (node for node in ast.walk(module.tree) if isinstance(node, ast.Call)):
            keywords = [one.arg for one in call.keywords]
            if name in keywords and not _is_other(module, call, target):
                yield Refusal(Reason.USED_ELSEWHERE, path, call.lineno, f"`{name}` is handed over here")
            if None in keywords and _concerns(call, job):
                reason = f"`**` may hand `{name}` over here"
                yield Refusal(Reason.USED_ELSEWHERE, path, call.lineno, reason)


def _concerns(call: ast.Call, job: Job) -> bool:
    """Is a call one of the target, of its class, or of something that is handed the target?"""
    return any(dotted(one).rpartition(".")[2] in _names(job) for one in (call.func, *call.args))


def _names(job: Job) -> list[str]:
    """What the target is called by: a constructor by its class, too."""
    is_constructor = job.function.name == "__init__" and job.function.class_name
    return [job.function.name, *([str(job.function.class_name).rpartition(".")[2]] if is_constructor else [])]


def _is_other(module: Module, call: ast.Call, target: str) -> bool:
    """Is a call certainly one of something else?"""
    if any(dotted(one).rpartition(".")[2] == target.rpartition(".")[2] for one in call.args):
        return False
    found = next((one for one in module.references([call.func.lineno]) if one.node is call.func), None)
    meaning = module.meaning(found) if found else None
    return isinstance(meaning, Exactly) and meaning.dotted not in (target, target.removesuffix(".__init__"))
