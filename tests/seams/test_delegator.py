"""A class or a module that is asked by its name can be replaced as a whole, and is itself where nobody does."""

# ruff: noqa: E501 - a case of a table is one row

from __future__ import annotations

from pathlib import Path

import pytest

from seams.small_program import Module, after, proposed

TECHNIQUE = "introduce-instance-delegator"
CLASS = "class Mail:\n    @staticmethod\n    def send(a): return a\n    @classmethod\n    def box(cls): return cls.__name__\n"
DONE = {
    "two in a statement": ("def f(a): return Mail.send(a), Mail.box()", "f(2)"),
    "in a line that goes on": ("def f(a): return Mail \\\n    .send(a)", "f(2)"),
    "everything in a signature": ("def f(a, /, *b, c=1): return Mail.send(a), b, c", "f(2, 3, c=4)"),
    "in an f-string": ("def f(a): return f'{Mail.send(a)!r:>4}'", "f(2)"),
    "in a comprehension": ("def f(a): return [Mail.send(b) for b in (a, a)]", "f(2)"),
    "handed on": ("def f(a): return list(map(Mail.send, [a]))", "f(2)"),
    "a coroutine": (
        "import asyncio\nasync def f(a):\n    await asyncio.sleep(0)\n    return Mail.send(a)",
        "asyncio.run(f(2))",
    ),
}


@pytest.mark.parametrize(("code", "call"), DONE.values(), ids=DONE)
def test_it_behaves_as_before_and_asks_what_is_handed_in(code: str, call: str, tmp_path: Path) -> None:
    text = f"{CLASS}{code}\n"
    proposal = proposed(tmp_path, TECHNIQUE, text, options={"call": "m.Mail"})
    assert proposal.is_sound, (proposal.findings, proposal.plan.refusals)
    new = after(proposal)
    assert Module(new, tmp_path).told([call]) == Module(text, tmp_path).told([call])
    double = "type('D', (), {'send': staticmethod(lambda a: -a), 'box': staticmethod(lambda: 'd')})"
    (told,) = Module(new, tmp_path).told(
        [call.replace("f(2", f"f(2, mail={double}", 1).replace(", 3, c=4", ", c=4")]
    )
    assert "-2" in told


REFUSED = {
    "assigned to": ("def f(a):\n    Mail.limit = a\n    return Mail.send(a)", "unsafe"),
    "asked what it is": ("def f(a): return isinstance(a, Mail) or Mail.send(a)", "unsafe"),
    "a parameter of that name": ("def f(Mail): return Mail.send(1)", "nothing-to-do"),
    "keywords of any name": ("def f(**a): return Mail.send(a)", "takes-kwargs"),
    "a generator": ("def f(a): yield Mail.send(a)", "generator"),
    "all names are read": ("def f(a): return Mail.send(a), locals()", "dynamic-names"),
}


@pytest.mark.parametrize(("code", "reason"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_replaced_as_a_whole_is_refused(code: str, reason: str, tmp_path: Path) -> None:
    proposal = proposed(tmp_path, TECHNIQUE, f"{CLASS}{code}\n", options={"call": "m.Mail"})
    assert not proposal.plan.changes
    assert proposal.plan.refusals[-1].code.value == reason
