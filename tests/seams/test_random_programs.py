"""Random programs behave after an edit as they did before it, with a clock that ticks at every look."""

from __future__ import annotations

import itertools
import tempfile
import textwrap
import time
from pathlib import Path
from typing import Any
from unittest import mock

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from seams.small_program import proposed

NAMES = st.sampled_from(["a", "b", "c", "time"])
CLOCK = "time.time()"


def _expressions(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.builds("({} + {})".format, inner, inner),
        st.builds("({} if {} else {})".format, inner, inner, inner),
        st.builds("[{} for {} in (1, 2)][0]".format, inner, NAMES),
        st.builds("sum({} for {} in (1, 2))".format, inner, NAMES),
        st.builds("(lambda {}: {})(1)".format, NAMES, inner),
        st.builds("(lambda {}=({}): {})()".format, NAMES, inner, inner),
        st.builds("len(f'{{{}}}')".format, inner),
        st.builds("g({}, b={})".format, inner, inner),
        st.builds("({} := {})".format, st.sampled_from(["a", "b"]), inner),
    )


EXPRESSIONS = st.recursive(
    st.one_of(st.just(CLOCK), st.just(CLOCK), st.sampled_from(["1", "a", "b"])), _expressions, max_leaves=4
)


def _indented(body: str) -> str:
    return textwrap.indent(body, "    ")


def _statements(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    block = st.lists(inner, min_size=1, max_size=3).map("\n".join)
    return st.one_of(
        st.builds(lambda e, x, y: f"if {e} > 3:\n{_indented(x)}\nelse:\n{_indented(y)}", EXPRESSIONS, block, block),
        st.builds(lambda n, x: f"for {n} in range(2):\n{_indented(x)}", NAMES, block),
        st.builds(
            lambda x, n, y: f"try:\n{_indented(x)}\nexcept Exception as {n}:\n{_indented(y)}", block, NAMES, block
        ),
        st.builds(lambda n, x, e: f"def h({n}={e}):\n{_indented(x)}\nc = h()", NAMES, block, EXPRESSIONS),
        st.builds(
            lambda e, n, x: f"match {e}:\n    case {n}:\n{_indented(_indented(x))}", EXPRESSIONS, NAMES, block
        ),
        st.builds(lambda e, n, x: f"with k({e}) as {n}:\n{_indented(x)}", EXPRESSIONS, NAMES, block),
        st.builds(
            lambda n, x, e: f"class C:\n    {n} = {e}\n{_indented(x)}\nc = vars(C).get({'a'!r})",
            NAMES,
            block,
            EXPRESSIONS,
        ),
    )


SIMPLE = st.one_of(
    st.builds("{} = {}".format, st.sampled_from(["a", "b", "c"]), EXPRESSIONS),
    st.builds("b += {}".format, EXPRESSIONS),
    st.builds("log.append({})  # {{}}".format, EXPRESSIONS),
    st.builds("assert {} > 0".format, EXPRESSIONS),
    st.builds("return {}".format, EXPRESSIONS),
    st.sampled_from(
        [
            "log.append(0); log.append(f(3) if len(log) < 4 else 0)",  # it ends, wherever it stands
            "import time",
            "del a",
            "global time",
            "pass",
            "from time import time as a",
            "x: int = 1; y = 2",
        ]
    ),
)
BODIES = st.lists(st.recursive(SIMPLE, _statements, max_leaves=5), min_size=1, max_size=5).map("\n".join)

HEAD = """\
import contextlib, time
log = []
@contextlib.contextmanager
def k(value): yield value
def g(a, b=2): return a + b
"""
SIGNATURES = st.sampled_from(["a, b=2", "a, /, *rest, b=2", "a, *, b=2", "a=(1), b: int = 2", "a, b=2, **more"])


def _told(text: str, function: str = "f") -> Any:
    """What two calls do, and how often they look at the clock."""
    ticks = itertools.count(5)
    looks: list[int] = []

    def clock() -> int:
        looks.append(1)
        return next(ticks)

    found: list[Any] = []
    namespace: dict[str, Any] = {"__name__": "m"}
    with mock.patch.object(time, "time", clock):
        exec(compile(text, "m.py", "exec"), namespace)
        for call in (f"{function}(1)", f"{function}(2, b=3)"):
            try:
                found.append(repr(eval(call, namespace)).split(" at 0x")[0])
            except Exception as error:
                found.append(type(error).__name__)
    if "RecursionError" in found:
        return found  # how deep it came is another thing
    return found, repr(namespace["log"]).split(" at 0x")[0], len(looks)


@settings(
    deadline=None, max_examples=120, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)
@given(
    BODIES,
    SIGNATURES,
    st.sampled_from(["replace-global-reference-with-getter", "parameterize-method", "model-seam", "wrap-function"]),
    st.sampled_from(["\n", "\r\n", "\r"]),
)
def test_a_random_program_behaves_as_before(body: str, signature: str, technique: str, newline: str) -> None:
    text = f"{HEAD}\ndef f({signature}):\n{_indented(body)}\n    return a, b\n"
    try:
        compile(text, "m.py", "exec")
    except SyntaxError:  # `global time` after its use, `:=` in a class
        return
    options = {} if technique in ("model-seam", "wrap-function") else {"call": "time.time"}
    raw = text.replace("\n", newline).encode()
    with tempfile.TemporaryDirectory() as directory:
        proposal = proposed(Path(directory), technique, raw, options=options)
    assert all(one.verdict == "holds" for one in proposal.findings), proposal.findings
    for change in proposal.plan.changes:
        new = change.after
        assert new.count(b"\n") == (0 if newline == "\r" else new.count(newline.encode()))
        assert _told(text) == _told(new.decode().replace(newline, "\n"))


METHODS = {
    "extract-and-override-call": {"call": "time.time"},
    "break-out-method-object": {},
    "expose-static-method": {},
}


@settings(deadline=None, max_examples=50, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(BODIES, SIGNATURES, st.sampled_from(sorted(METHODS)), st.booleans())
def test_a_random_method_behaves_as_before(body: str, signature: str, technique: str, is_decorated: bool) -> None:
    recursive = "f" if technique == "expose-static-method" else "self.f"
    inner = _indented(_indented(body.replace("f(3)", f"{recursive}(3)")))
    decorator = "    @classmethod\n" if is_decorated and technique != "expose-static-method" else ""
    text = f"{HEAD}\nf = len\nclass A:\n{decorator}    def f(self, {signature}):\n{inner}\n        return a, b\n"
    try:
        compile(text, "m.py", "exec")
    except SyntaxError:
        return
    with tempfile.TemporaryDirectory() as directory:
        proposal = proposed(Path(directory), technique, text, "A.f", METHODS[technique])
    assert all(one.verdict == "holds" for one in proposal.findings), proposal.findings
    before = _told(text, "A().f")
    if "RecursionError" in before[0]:
        return  # how deep it gets depends on how many functions there are
    for change in proposal.plan.changes:
        assert before == _told(change.after.decode(), "A().f")
