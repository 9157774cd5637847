"""Every technique on all that odd programs define: it refuses with a reason, or the program behaves as before."""

from __future__ import annotations

import ast
import contextlib
import io
import itertools
import random
import re
import sys
import time
import warnings
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import ModuleType
from unittest import mock

import pytest

from legacy_seam.seams.catalogue import catalogue
from legacy_seam.seams.insertion import propose
from legacy_seam.seams.technique import Technique
from legacy_seam.source import Exactly, Function, Module
from legacy_seam.targets import Target
from seams.odd_programs import FROM_3_12, ODD, Odd
from seams.small_program import program

HERE = {**ODD, **(FROM_3_12 if sys.version_info >= (3, 12) else {})}
REPLACED = re.compile(r"time\.time|builtins\.open|os\.|random\.|m\.")
"""What the techniques that replace a call are asked to replace."""
MOVED = {("script", "main-guard")}
"""What is meant to run no longer where the module is imported."""
SPELLED = {("future annotations", "qualify-import")}
"""An annotation that is kept as a text is spelled with the module."""


def told(odd: Odd, text: str) -> list[str]:
    """What a program gives, raises and prints under a clock that ticks at every look."""
    ticks, printed = itertools.count(5.0), io.StringIO()
    module = ModuleType("m")
    random.seed(1)
    with (
        mock.patch.object(time, "time", lambda: next(ticks)),
        mock.patch.dict(sys.modules, {"m": module}),
        contextlib.redirect_stdout(printed),
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("ignore")
        exec(compile(text, "m.py", "exec", dont_inherit=True), vars(module))
        found = [_one(call, module) for call in odd.calls]
    return [*found, printed.getvalue()]


def _one(call: str, module: ModuleType) -> str:
    try:
        return re.sub(r" at 0x\w+", "", repr(eval(call, vars(module))))
    except Exception as error:
        return f"raised {type(error).__name__}: {error}"


def asked(technique: Technique, module: Module, function: Function | None) -> Iterator[Mapping[str, str]]:
    """All that a technique may be told about a target."""
    takes = {one.name: one.required for one in technique.options}
    if "lines" in takes:
        for first, last in _regions(function.node.body if function else []):
            yield {"lines": f"{first}-{last}", "name": "Sprouted" if "class" in technique.name else "sprouted"}
    elif "call" in takes:
        lines = range(function.first_line, function.last_line + 1) if function else None
        meanings = [module.meaning(one) for one in module.references(lines)]
        for one in sorted({one.dotted for one in meanings if isinstance(one, Exactly)}):
            if REPLACED.match(one):
                yield {"call": one}
    elif takes.get("parameter"):
        yield from (
            ({"parameter": one.arg} for one in ast.walk(function.node.args) if isinstance(one, ast.arg))
            if (function)
            else ()
        )
    else:
        yield {}


def _regions(body: Sequence[ast.stmt]) -> Iterator[tuple[int, int]]:
    for at, first in enumerate(body):
        for last in body[at : at + 3]:
            yield first.lineno, last.end_lineno or last.lineno
        if not isinstance(first, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            for name in ("body", "orelse", "finalbody"):
                yield from _regions(getattr(first, name, []))


OF_WINDOWS = ("continuations", "doctest", "comments", "strings")


TRIED = [
    *(pytest.param(one, "\n", marks=pytest.mark.journey) for one in ODD),  # the same on every interpreter
    *(pytest.param(one, "\r\n", marks=pytest.mark.journey) for one in OF_WINDOWS),
    *(pytest.param(one, "\n") for one in HERE if one not in ODD),
]


@pytest.mark.parametrize(("name", "newline"), TRIED)
def test_whatever_a_technique_does_to_an_odd_program_changes_nothing(
    name: str, newline: str, tmp_path: Path
) -> None:
    odd = HERE[name]
    expected = told(odd, odd.text)
    assert not [one for one in expected if one.startswith("raised")]
    read = program(tmp_path, {"m.py": odd.text.replace("\n", newline).encode()})
    module = read.module("m")
    assert isinstance(module, Module)
    targets: dict[str, Function | None] = {one.target.qualname: one for one in module.functions}
    classes = (one.name for one in ast.walk(module.tree) if isinstance(one, ast.ClassDef))
    for other in (*classes, *module.scope.bindings):
        targets.setdefault(other, None)
    for technique in catalogue().values():
        for qualname, function in targets.items():
            for options in asked(technique, module, function):
                what = (technique.name, qualname, options)
                proposal = propose(technique, read, Target("m", qualname), options)
                if not proposal.plan.changes:
                    assert proposal.plan.refusals and all(one.reason for one in proposal.plan.refusals), what
                    continue
                assert proposal.is_sound, (what, proposal.findings)
                (after, *_) = [one.text_after for one in proposal.plan.changes if one.path.name == "m.py"] or [""]
                if after and (name, technique.name) not in MOVED | SPELLED:
                    assert told(odd, after) == expected, (what, proposal.diff(tmp_path))
