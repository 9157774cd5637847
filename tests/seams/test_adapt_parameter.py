"""What a function asks of a parameter is asked through an adapter, at the same time and in the same order."""

# ruff: noqa: E501 - a case of a table is one row

from __future__ import annotations

from pathlib import Path

import pytest

from seams.small_program import Module, after, proposed

TECHNIQUE = "adapt-parameter"
WORLD = "from types import SimpleNamespace as N\nseen = []\nclass P:\n    def __getattr__(self, name):\n        seen.append(name)\n        return P()\n    def __call__(self, *a):\n        seen.append(a)\n        return 1\n"
DONE = {
    "a generator": ("def f(p):\n    got = yield p.a.b\n    yield p.c()", "[len(list(f(P()))), seen]"),
    "a coroutine": (
        "import asyncio\nasync def f(p):\n    await asyncio.sleep(0)\n    return p.a.b()",
        "[asyncio.run(f(P())), seen]",
    ),
    "keyword-only": ("def f(a, *, p, b=2): return a, p.x(a, b=b) if 0 else p.x(a), b", "[f(1, p=P()), seen]"),
    "a lambda and a comprehension": ("def f(p): return [(lambda: p.x(i))() for i in (1, 2)]", "[f(P()), seen]"),
    "another one of that name within": (
        "def f(p): return p.x(), [p for p in (1, 2)], (lambda p: p)(3)",
        "[f(P()), seen]",
    ),
    "an f-string": ("def f(p): return f'{p.x()!r:>3}'", "[f(P()), seen]"),
    "a decorator": (
        "import functools\n@functools.lru_cache\ndef f(p): return p.x.y()",
        "[f(P()), f.cache_info().misses, seen]",
    ),
    "no such attribute": ("def f(p): return p.a.missing(print)", "f(N(a=1))"),
    "questions before arguments": ("def f(p): return p.a(p.b.c(), len('a'))", "[f(P()), seen]"),
    "a static method": (
        "class A:\n    @staticmethod\n    def f(p, q=1): return p.x.y(q)",
        "[A.f(P()), A().f(P(), q=3), seen]",
    ),
    "a chain over lines": ("def f(p):\n    return (p\n        .a  # first\n        .b())", "[f(P()), seen]"),
    "written through": (
        "def f(p):\n    p.a.b = 3\n    p.d['x'] = 4\n    return p.a.b, p.d",
        "f(N(a=N(b=1), d={}))",
    ),
}


@pytest.mark.parametrize(("code", "call"), DONE.values(), ids=DONE)
def test_it_behaves_as_before(code: str, call: str, tmp_path: Path) -> None:
    text = f"{WORLD}{code}\n"
    target = "A.f" if "class A" in code else "f"
    proposal = proposed(tmp_path, TECHNIQUE, text, target, {"parameter": "p"})
    assert proposal.is_sound, (proposal.findings, proposal.plan.refusals)
    assert Module(after(proposal), tmp_path).told([call]) == Module(text, tmp_path).told([call])


REFUSED = {
    "returned": ("def f(p): return p.a, p", "unsafe"),
    "compared": ("def f(p): return p is None or p.a", "unsafe"),
    "indexed": ("def f(p): return p['a'], p.a", "unsafe"),
    "a loop over it": ("def f(p):\n    for one in p: pass\n    return p.a", "unsafe"),
    "the loop's variable": ("def f(p):\n    for p in (1,): pass\n    return p.a", "written"),
    "a walrus": ("def f(p): return (p := p.a).b", "written"),
    "deleted": ("def f(p):\n    p.a\n    del p", "written"),
    "rebound within": ("def f(p):\n    def g():\n        nonlocal p\n        p = 1\n    return p.a", "written"),
    "many": ("def f(*p): return p.count(1)", "no-such-target"),
    "asked by name": ("def f(p): return hasattr(p, 'a') and p.a", "unsafe"),
    "itself again": ("def f(p): return p.a and f(p)", "unsafe"),
    "the name is taken": ("_FP = 1\ndef f(p): return p.a", "name-taken"),
    "its callers": ("import sys\ndef f(p): return p.a, sys._getframe(1)", "frame-sensitive"),
    "a property": ("class A:\n    @property\n    def f(p): return p.a", "property"),
}


@pytest.mark.parametrize(("code", "reason"), REFUSED.values(), ids=REFUSED)
def test_what_is_more_than_asking_is_refused(code: str, reason: str, tmp_path: Path) -> None:
    target = "A.f" if "class A" in code else "f"
    proposal = proposed(tmp_path, TECHNIQUE, f"{code}\n", target, {"parameter": "p"})
    assert not proposal.plan.changes
    assert proposal.plan.refusals[-1].code.value == reason
