"""Where a seam would let a test in, and the technique that cuts it (the names are Feathers').

What is proposed here follows from what a function touches. Whether a technique's preconditions hold is for the
technique to say (`legacy_seam.seams`), and costs a closer look.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from legacy_seam.survey.facts import IMPORT_TIME, Function
from legacy_seam.survey.graph import Graph, Touch

_GRAVE: Final = frozenset({"databases", "network", "processes", "files"})
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
    for one in (*_calls(graph, function), *_decision(graph, function)):
        found.setdefault((one.technique, one.call), one)
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
            yield Opportunity("parameterize-method", target, call, touch.line, why)
        elif touch.kind in _GRAVE and name == "__init__":
            why = f"an object without {touch.kind}"
            yield Opportunity("parameterize-constructor", target, call, touch.line, why)
            yield Opportunity("extract-and-override-factory-method", target, call, touch.line, why)
        elif touch.kind in _GRAVE:
            technique = "extract-and-override-call" if owner else "replace-global-reference-with-getter"
            yield Opportunity(technique, target, call, touch.line, f"{touch.kind} replaced in a test")


def _callable(touch: Touch) -> str | None:
    """The call a seam would replace: a plain dotted name, of which it is sure."""
    if not touch.is_sure or "(" in touch.what or touch.kind == "globals":
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
