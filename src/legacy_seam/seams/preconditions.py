"""What several techniques must know before they touch anything. Each refuses with the line that forbids it."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from typing import Final

from legacy_seam.seams.job import Job
from legacy_seam.seams.plan import Reason
from legacy_seam.source import Function, Kind, Reference, Site, Unclear
from legacy_seam.source.functions import own_nodes
from legacy_seam.source.scopes import Binding, By
from legacy_seam.source.search import Wanted

GETTER: Final = "replace-global-reference-with-getter"

_READS_NAMES: Final = frozenset(
    f"builtins.{name}" for name in ("eval", "exec", "locals", "globals", "vars", "dir", "super", "__import__")
)
_READS_FRAMES: Final = frozenset(
    {
        *("sys._getframe", "sys._getframemodulename", "inspect.currentframe", "inspect.stack", "inspect.trace"),
        *("warnings.warn", "warnings.warn_explicit", "traceback.print_stack", "traceback.extract_stack"),
        *("traceback.format_stack", "typing.NamedTuple", "collections.namedtuple", "enum.Enum", "typing.TypeVar"),
    }
)
_READS_SIGNATURES: Final = frozenset(
    f"inspect.{name}" for name in ("signature", "getfullargspec", "getargspec", "Signature.from_callable")
)
_SIGNATURE: Final = frozenset({"__code__", "__signature__", "__defaults__", "__kwdefaults__"})
_LOGGING: Final = frozenset({"debug", "info", "warning", "warn", "error", "exception", "critical", "log", "fatal"})


def is_frame_sensitive(dotted: str) -> bool:
    """Does a call of this look at the frame it is called from? Then a function put in between changes what it sees.

    >>> is_frame_sensitive("builtins.locals"), is_frame_sensitive("logging.info"), is_frame_sensitive("time.time")
    (True, True, False)
    """
    module, _, name = dotted.rpartition(".")
    return dotted in _READS_NAMES or dotted in _READS_FRAMES or (module == "logging" and name in _LOGGING)


def refuse_dynamic_names(job: Job, *instead: str) -> None:
    """Refuse a function that reads or makes names by their spelling: `locals()`, `eval` and their like.

    Raises:
        Refused: naming the line.
    """
    for name in ("eval", "exec", "locals", "vars"):
        for site in job.sites(f"builtins.{name}"):
            if site.call and not (name == "vars" and site.call.args):
                reason = f"`{name}` sees every name of the function"
                job.refuse(Reason.DYNAMIC_NAMES, site.line, reason, *instead)


def refuse_frames(job: Job, *instead: str) -> None:
    """Refuse a function that looks at the frames it is called through.

    Raises:
        Refused: naming the line.
    """
    for dotted in sorted(_READS_FRAMES):
        for site in job.sites(dotted) if dotted.rpartition(".")[2] in job.module.source.text else ():
            if dotted == "warnings.warn" and site.call and not _has_stacklevel(site.call):
                continue  # it names its own line, wherever that is called from
            reason = f"`{dotted}` looks at the function's callers, and would see one more"
            job.refuse(Reason.FRAME_SENSITIVE, site.line, reason, *instead)


def _has_stacklevel(call: ast.Call) -> bool:
    return len(call.args) > 2 or any(one.arg in ("stacklevel", None) for one in call.keywords)


def refuse_what_decorates(job: Job, *instead: str, allowed: frozenset[str] = frozenset()) -> None:
    """Refuse a function with decorators, whose signature they may look at.

    Args:
        job: its target is what is looked at.
        instead: techniques that leave the signature alone.
        allowed: full names of decorators that do no harm, besides `staticmethod` and `classmethod`.

    Raises:
        Refused: naming the line.
    """
    function = job.function
    for decorator in function.node.decorator_list:
        called = decorator.func if isinstance(decorator, ast.Call) else decorator
        if job.module.full_name_of(called) in {"builtins.staticmethod", "builtins.classmethod", *allowed}:
            continue
        written = job.edits.text(called)
        if function.kind is Kind.PROPERTY:
            reason = f"it is a property (@{written}), which takes no arguments"
            job.refuse(Reason.PROPERTY, decorator.lineno, reason, *instead)
        reason = f"@{written} may look at the function's signature (a route, a command's option, a fixture, a task)"
        job.refuse(Reason.DECORATED, decorator.lineno, reason, *instead)


def refuse_dunder(job: Job, *instead: str) -> None:
    """Refuse a method that Python itself calls.

    Raises:
        Refused: naming the line.
    """
    name = job.function.name
    if name.startswith("__") and name.endswith("__"):
        job.refuse(Reason.DUNDER, job.function.node.lineno, f"`{name}` is called by Python itself", *instead)


def refuse_inspected(job: Job, *instead: str) -> None:
    """Refuse a function whose signature its own module looks at.

    Raises:
        Refused: naming the line.
    """
    for site in Wanted([f"{job.target.module}.{job.target.qualname}"]).sites(job.module):
        above = site.reference.above.node
        looked = isinstance(above, ast.Call) and job.module.full_name_of(above.func) in _READS_SIGNATURES
        if looked or (_SIGNATURE & {*site.beyond[:1]}):
            reason = f"the signature of `{job.function.name}` is looked at here"
            job.refuse(Reason.DYNAMIC_NAMES, site.line, reason, *instead)


def refuse_nested(job: Job, *instead: str) -> None:
    """Refuse a function within a function: it is made anew each time, and nothing outside can reach it.

    Raises:
        Refused: naming the line.
    """
    if job.function.depth:
        reason = f"`{job.function.name}` stands within a function, where nothing outside can reach it"
        job.refuse(Reason.NESTED, job.function.first_line, reason, *instead)


def refuse_overloads(job: Job, *instead: str) -> None:
    """Refuse a function with overloads, which must stand directly before it.

    Raises:
        Refused: naming the line of the second.
    """
    found = job.module.functions_named(job.target.qualname)
    if any(each.rpartition(".")[2] == "overload" for one in found for each in one.decorators):
        reason = f"`{job.target.qualname}` has overloads, which nothing may come after but itself"
        job.refuse(Reason.REDEFINED, found[1].first_line, reason, *instead)


def refuse_asynchronous_generator(job: Job) -> None:
    """Refuse what no other function can pass through as it is.

    Raises:
        Refused: naming the line.
    """
    found = yields(job.function)
    if found is not None and job.function.is_async:
        reason = "an asynchronous generator cannot be passed through another one unchanged"
        job.refuse(Reason.ASYNC_GENERATOR, found.lineno, reason)


def refuse_stub(job: Job) -> None:
    """Refuse a function that does nothing: an abstract method, a protocol's member, an overload.

    Raises:
        Refused: naming the line.
    """
    body = [one for one in job.function.node.body if not _is_filler(one)]
    if not body:
        job.refuse(Reason.STUB, job.function.node.lineno, f"`{job.function.name}` has no body of its own")


def _is_filler(node: ast.stmt) -> bool:
    if isinstance(node, ast.Raise) and node.exc is not None:
        raised = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
        return isinstance(raised, ast.Name) and raised.id == "NotImplementedError"
    return isinstance(node, ast.Pass) or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))


def foreign_bases(job: Job) -> list[str]:
    """The bases of the target's class that are neither in the program nor in the standard library."""
    name = job.class_name
    if name is None:
        return []
    if job.hierarchy.get(name) is None:  # a class within a function
        return [name]
    outside = job.hierarchy.outside(name)
    return [one for one in outside if one.partition(".")[0] not in sys.stdlib_module_names]


def leave_unclear(job: Job, site: Site) -> bool:
    """Leave a site alone of which it cannot be said what it means; gives whether that is so."""
    if isinstance(site.meaning, Unclear):
        job.leave(Reason.UNCLEAR_NAME, site.line, f"{site.meaning.reason}, and may not be {site.dotted} here")
        return True
    return False


def leave_what_runs_early(job: Job, site: Site) -> bool:
    """Leave a site alone that is evaluated when the function is defined, not when it is called."""
    places = {
        "default": (Reason.DEFAULT_VALUE, "it is a default value, evaluated once, when the function is defined"),
        "decorator": (Reason.DECORATOR, "it stands in a decorator, evaluated when the function is defined"),
        "annotation": (Reason.ANNOTATION, "it stands in an annotation"),
        "base": (Reason.CLASS_BODY, "it is a base of a class"),
    }
    for step in site.reference.steps:
        inside = step.node is job.function.node
        if step.place in places and (inside or step.place in ("annotation", "base")):
            code, reason = places[step.place]
            job.leave(code, site.line, reason)
            return True
        if inside:
            return False
    return False


def leave_pattern(job: Job, site: Site, *instead: str) -> bool:
    """Leave a site alone that stands in a pattern of `match`, where a bare name or a call means something else."""
    if not isinstance(site.reference.above.node, ast.MatchValue | ast.MatchClass):
        return False
    reason = "it stands in a pattern, where a bare name or a call means something else; compare with `if` first"
    job.leave(Reason.PATTERN, site.line, reason, *instead)
    return True


def leave_local(job: Job, site: Site, *instead: str) -> bool:
    """Leave a site alone whose name a function binds otherwise than by an import: nothing outside can see it."""
    name = site.reference.names[0]
    holder = site.reference.scope.holder(name)
    if holder is None or holder.kind == "module" or local_import(job, site):
        return False
    line = holder.bindings[name][0].line
    reason = f"`{name}` is a name of the function (line {line}), which nothing outside can see"
    job.leave(Reason.LOCAL_NAME, site.line, reason, *instead)
    return True


def is_annotation(site: Site) -> bool:
    """Does a site only say what type something is?"""
    inner: ast.AST = site.reference.node
    for step in site.reference.steps:
        if step.place == "annotation" or (isinstance(step.node, ast.AnnAssign) and inner is step.node.annotation):
            return True
        inner = step.node
    return False


def local_import(job: Job, site: Site) -> Binding | None:
    """The import within a function that gives a site its name, if it is one."""
    name = site.reference.names[0]
    holder = site.reference.scope.holder(name)
    if holder is None or holder.kind == "module":
        return None
    return next((one for one in holder.bindings[name] if one.by is By.IMPORT), None)


def is_certain_to_run(statement: ast.AST, site: Site) -> bool:
    """Does a statement always run before a site: does it stand before it, in a block that is around it?"""
    inner: ast.AST = site.node
    for outer in site.reference.ancestors:
        for block in (getattr(outer, name, None) for name in ("body", "orelse", "finalbody")):
            if isinstance(block, list) and statement in block and inner in block:
                return block.index(statement) < block.index(inner)
        inner = outer
    return False


def later(function: Function, reference: Reference) -> ast.AST | None:
    """What within a function has a reference be evaluated later than the function runs: a lambda, say."""
    for node in reference.ancestors:
        if node is function.node:
            return None
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.GeneratorExp):
            return node
    return None


def names_within(function: Function) -> Iterator[str]:
    """Every name that a function's text mentions as a name: variables, parameters, what inner functions use."""
    for node in ast.walk(function.node):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.Global | ast.Nonlocal):
            yield from node.names
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name


def yields(function: Function) -> ast.Yield | ast.YieldFrom | None:
    """The `yield` that makes a function a generator, if any."""
    return next((node for node in own_nodes(function.node) if isinstance(node, ast.Yield | ast.YieldFrom)), None)
