"""Lines of random programs become functions of their own; the programs behave as before, or it is refused."""

from __future__ import annotations

import ast
import tempfile
import textwrap
from pathlib import Path
from random import Random
from typing import Any

from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from seams.small_program import proposed

HEAD = """\
import contextlib
from contextlib import suppress
log, G = [], 1
@contextlib.contextmanager
def k(value): yield value
def add(a, b):
    log.append((a, b))
    return a + b
def h(): return 5
"""


class _Writer:
    """Writes random functions: every kind of statement, and few variables, so that they meet."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)

    def name(self) -> str:
        return self._random.choice("aaabbccd")

    def expression(self, depth: int = 2) -> str:
        if not depth or self._random.random() < 0.4:
            return self._random.choice(["a", "b", "c", "d", "1", "0", "len(log)", "G", "a", "b"])
        one, other, name = self.expression(depth - 1), self.expression(depth - 1), self.name()
        return self._random.choice(
            [
                f"add({one}, {other})",
                f"add({one}, {other})",
                f"({one} if {other} else {name})",
                f"[{one} for {name} in (1, 2)][0]",
                f"sum({one} for {name} in (1, 2))",
                f"(lambda {name}=1: {one})()",
                f"({name} := {one})",
                f"({one} and {other})",
                "h()",
            ]
        )

    def simple(self, in_loop: bool) -> str:
        name, value = self.name(), self.expression()
        jumps = ["break", "continue", f"if {value}: break"] if in_loop else []
        rare = ["raise ValueError(a)", "raise", "del c", "G = a", "import os as c", f"return {value}", *jumps]
        if self._random.random() < 0.2:
            return self._random.choice(rare)
        often = [f"{name} = {value}", f"{name} = {value}", f"{name} += {value}", f"{name}, d = {value}, a"]
        return self._random.choice([*often, f"log.append({value})  # {name}", f"log.append({value})"])

    def statement(self, depth: int, in_loop: bool) -> str:
        if not depth or self._random.random() < 0.5:
            return self.simple(in_loop)
        name, value = self.name(), self.expression()
        inner, other = self.block(depth - 1, in_loop), self.block(depth - 1, in_loop)
        looped, function = self.block(depth - 1, True), self.block(depth - 1, False)
        return self._random.choice(
            [
                f"if {value}:\n{inner}",
                f"if {value}:\n{inner}\nelse:\n{other}",
                f"if {value}:\n{inner}\nelif a:\n{other}\nelse:\n    pass",
                f"for {name} in range(2):\n{looped}",
                f"for {name} in range(2):\n{looped}\nelse:\n{other}",
                f"while len(log) < 3:\n    log.append('w')\n{looped}",
                f"try:\n{inner}\nexcept Exception as {name}:\n{other}",
                f"try:\n{inner}\nexcept Exception:\n    pass\nelse:\n{other}",
                f"try:\n{inner}\nfinally:\n{other}",
                f"with suppress(Exception):\n{inner}",
                f"with k({value}) as {name}:\n{inner}",
                f"def h({name}=1):\n{function}",
                f"def h():\n    nonlocal b\n{function}",
                f"match {value}:\n    case 1 as {name}:\n{_indented(inner)}\n    case {name}:\n{_indented(other)}",
                f"class C:\n    {name} = {value}\n    def m(self): return {name}\n{name} = C().m()",
            ]
        )

    def block(self, depth: int, in_loop: bool) -> str:
        lines = [self.statement(depth, in_loop) for _ in range(self._random.randint(1, 3))]
        return _indented("\n".join(lines))

    def function(self) -> str:
        lines = [self.statement(2, False) for _ in range(self._random.randint(2, 6))]
        declared = "    global G\n" if self._random.random() < 0.3 else ""
        return f"def f(a, b=2):\n{declared}{_indented(chr(10).join(lines))}\n    return a, b\n"

    def selection(self, text: str) -> str:
        """The lines of some statements of some block of `f`, now and then of anything."""
        if self._random.random() < 0.1:
            first, last = sorted(self._random.randint(1, text.count("\n")) for _ in (1, 2))
            return f"{first}-{last}"
        function = ast.parse(text).body[-1]
        blocks = [
            block
            for node in ast.walk(function)
            for name in ("body", "orelse", "finalbody")
            if isinstance(block := getattr(node, name, None), list) and block
        ]
        block = self._random.choice(blocks)
        first, last = sorted(self._random.randrange(len(block)) for _ in (1, 2))
        return f"{block[first].lineno}-{block[last].end_lineno}"


def _indented(body: str) -> str:
    return textwrap.indent(body, "    ")


def _told(text: str) -> Any:
    """What some calls give, and all that they left behind."""
    found: list[Any] = []
    namespace: dict[str, Any] = {"__name__": "m"}
    exec(compile(text, "m.py", "exec"), namespace)
    for call in ("f(1)", "f(0, b='x')", "f(b=0, a=3)"):
        try:
            found.append(repr(eval(call, namespace)).split(" at 0x")[0])
        except Exception as error:
            found.append("NameError" if isinstance(error, NameError) else f"{type(error).__name__}: {error}")
    log = [repr(one).split(" at 0x")[0] for one in namespace["log"]]
    return found, log, repr(namespace["G"]).split(" at 0x")[0]


@settings(deadline=None, max_examples=100, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 2**32))
def test_a_random_program_behaves_as_before(seed: int) -> None:
    writer = _Writer(seed)
    text = f"{HEAD}\n{writer.function()}"
    try:
        compile(text, "m.py", "exec")
    except SyntaxError:  # `nonlocal` after a use, `G` used before `global`
        return
    options = {"lines": writer.selection(text), "name": "sprout"}
    with tempfile.TemporaryDirectory() as directory:
        technique = ("sprout-function", "sprout-class")[seed % 2]
        proposal = proposed(Path(directory), technique, text, options=options)
    if not proposal.plan.changes:
        event(proposal.plan.refusals[-1].reason)
        return
    event("done")
    assert all(one.verdict == "holds" for one in proposal.findings), (proposal.findings, text, options)
    (change,) = proposal.plan.changes
    assert _told(text) == _told(change.text_after), (text, change.text_after)
