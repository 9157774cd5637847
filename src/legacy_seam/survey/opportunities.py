"""Where a seam would let a test in, and the technique that cuts it (the names are Feathers').

What is proposed here follows from what a function touches, makes and asks. Whether a technique's preconditions hold
is for the technique to say: it is asked before anything is shown (`legacy_seam.report.openings`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from legacy_seam.survey.facts import IMPORT_TIME, Function
from legacy_seam.survey.graph import Graph, Touch

_GRAVE: Final = frozenset({"databases", "network", "processes", "files"})
_UNSTEADY: Final = _GRAVE | {"clock", "randomness"}
_DECIDING: Final = 8
"""Branches from which on a function decides something that is worth replacing as a whole."""


@dataclass(frozen=True, slots=True)
class Opportunity:
    """One place for a seam.

    technique: its name, as `legacy-seam insert` takes it.
    target:    where.
    call:      the call to be replaced, if there is one.
    line:      where that stands.
    why:       what the seam is good for.
    """

    technique: str
    target: str
    call: str | None
    line: int
    why: str


def opportunities_of(graph: Graph, path: str) -> list[Opportunity]:
    """The places for seams in one function, the most useful first."""
    function = graph.functions[path]
    if not function.is_named:
        return list(_at_import(graph, function))
    found: dict[tuple[str, str | None], Opportunity] = {}
    for one in (
        *_calls(graph, function),
        *_variables(graph, function),
        *_made(graph, function),
        *_shared(graph, function),
        *_decision(graph, function),
    ):
        found.setdefault((one.technique, one.call or one.target), one)
    return list(found.values())


def _at_import(graph: Graph, function: Function) -> Iterator[Opportunity]:
    grave = [touch for touch in graph.touches[function.path] if touch.kind in _GRAVE]
    if function.qualname == IMPORT_TIME and grave:
        what = ", ".join(dict.fromkeys(touch.what for touch in grave))
        yield Opportunity("main-guard", f"{function.module}:main", None, grave[0].line, f"importing it runs {what}")


def _calls(graph: Graph, function: Function) -> Iterator[Opportunity]:
    target = str(function.target)
    owner, _, name = function.qualname.rpartition(".")
    for touch in graph.touches[function.path]:
        call = _callable(touch)
        if call is None:
            continue
        if touch.kind in ("clock", "randomness"):
            why = f"{touch.kind} in the hands of a test"
            yield Opportunity("replace-global-reference-with-getter", target, call, touch.line, why)
            technique = "parameterize-constructor" if name == "__init__" else "parameterize-method"
            yield Opportunity(technique, target, call, touch.line, why)
        elif touch.kind in _GRAVE and name == "__init__":
            why = f"an object without {touch.kind}"
            yield Opportunity("parameterize-constructor", target, call, touch.line, why)
            yield Opportunity("extract-and-override-factory-method", target, call, touch.line, why)
        elif touch.kind in _GRAVE:
            technique = "extract-and-override-call" if owner else "replace-global-reference-with-getter"
            yield Opportunity(technique, target, call, touch.line, f"{touch.kind} replaced in a test")


def _variables(graph: Graph, function: Function) -> Iterator[Opportunity]:
    """Globals that hold a way out: a connection, a client."""
    for touch in graph.touches[function.path]:
        if touch.through is not None and touch.kind in _GRAVE:
            module, _, name = touch.through.rpartition(".")
            why = f"`{name}` exchanged in a test"
            yield Opportunity("introduce-static-setter", f"{module}:{name}", None, touch.line, why)
            if module == function.module:
                yield Opportunity("encapsulate-global-reference", f"{module}:{name}", None, touch.line, why)
            else:
                technique, target = "replace-global-reference-with-getter", str(function.target)
                yield Opportunity(technique, target, touch.through, touch.line, why)


def _made(graph: Graph, function: Function) -> Iterator[Opportunity]:
    """Objects that a constructor makes itself, and through whose methods the outcome depends on something else."""
    if function.qualname.rpartition(".")[2] != "__init__":
        return
    for site in graph.makes[function.path]:
        methods = [path for path in graph.functions if path.startswith(f"{site.what}.")]
        kinds = sorted({kind for path in methods for kind, _ in graph.reaches[path]} & _UNSTEADY)
        if kinds:
            why = f"an object without {', '.join(kinds)}"
            yield Opportunity("parameterize-constructor", str(function.target), site.what, site.line, why)


def _shared(graph: Graph, function: Function) -> Iterator[Opportunity]:
    """The one object that everybody asks for (`Session.instance()`): where it is kept, where it is asked for."""
    target = str(function.target)
    kept = _keeps(graph, function)
    if kept is not None:
        owner = function.qualname.rpartition(".")[0]
        name = f"{function.module}:{owner + '.' if owner else ''}{kept.what.rpartition('.')[2]}"
        yield Opportunity("introduce-static-setter", name, None, kept.line, "the one object exchanged in a test")
    for use in function.uses:
        callee = graph.functions.get(_called(graph, function, use.path))
        if use.called and callee is not None and _keeps(graph, callee) is not None and callee.path != function.path:
            in_a_class = "." in function.qualname
            technique = "extract-and-override-call" if in_a_class else "replace-global-reference-with-getter"
            yield Opportunity(technique, target, callee.path, use.line, "the one object replaced in a test")


def _called(graph: Graph, function: Function, path: str) -> str:
    """The function that a path leads to, by the end of its name, as far as that is one that is called for sure."""
    name = path.partition("(")[0].rpartition(".")[2]
    ends = [one for one, is_sure in graph.calls[function.path].items() if is_sure and one.endswith(f".{name}")]
    return ends[0] if len(ends) == 1 else ""


def _keeps(graph: Graph, function: Function) -> Touch | None:
    """Where a function without parameters sets a variable of its own class or module: it keeps an object there."""
    home = function.path.rpartition(".")[0]
    if function.parameters or not function.is_named:
        return None
    touches = (one for one in graph.touches[function.path] if one.kind == "globals" and one.writes)
    return next(
        (one for one in touches if one.what.rpartition(".")[0] == home and not one.what.endswith("]")), None
    )


def _callable(touch: Touch) -> str | None:
    """The call a seam would replace: a plain dotted name, of which it is sure."""
    if not touch.is_sure or "(" in touch.what or touch.kind == "globals" or touch.through is not None:
        return None
    return touch.what if "." in touch.what else f"builtins.{touch.what}"


def _decision(graph: Graph, function: Function) -> Iterator[Opportunity]:
    """A function from values to a value, with many ways through it."""
    reaches_out = any(touch.kind in _GRAVE for touch in graph.touches[function.path])
    is_special = function.qualname.endswith("__")
    if function.complexity > _DECIDING and function.parameters and not reaches_out and not is_special:
        ways = f"{function.complexity - 1} branches"
        yield Opportunity(
            "model-seam", str(function.target), None, function.line, f"{ways} that a candidate may replace"
        )
