"""Calls that can do nothing but compute are made in one go, and come out as each of them does alone."""

from __future__ import annotations

import sys
from collections.abc import Callable
from itertools import chain
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from legacy_seam.calls import Effect, Outcome
from legacy_seam.replay import Batch, Conditions, Replayer
from legacy_seam.replay.series import compute
from legacy_seam.values import encode
from legacy_seam.world.recursion import RecursionLimit

COUNT = 40


def made(function: Callable[..., object], given: list[object], expected: list[str | None], most: int = 99) -> int:
    """How many calls of a series came out as expected."""
    told: list[None] = []

    def is_in_time() -> bool:
        told.append(None)
        return len(told) < most

    calls = zip([(one,) for one in given], expected, strict=True)
    before = sys.getrecursionlimit()
    try:
        compute(function, calls, RecursionLimit(), None, is_in_time)
    finally:
        sys.setrecursionlimit(before)
    return len(told)


def test_a_series_ends_with_the_first_call_that_departs() -> None:
    assert made(lambda n: n * 2, [1, 2, 3], ["2", "4", "6"]) == 3
    assert made(lambda n: n * 2, [1, 2, 3], ["2", "5", "6"]) == 1
    assert made(lambda n: 6 / n, [3, 0, 3], ["2.0", "2.0", "2.0"]) == 1
    assert made(lambda n: iter([n]), [1], ["[1]"]) == 0


def test_of_what_nothing_is_expected_no_call_is_made() -> None:
    given: list[object] = []
    assert made(given.append, [1, 2], ["None", None]) == 1
    assert given == [1]


def test_a_string_of_another_type_is_no_string() -> None:
    class Name(str):
        pass

    assert made(str, ["a"], ["'a'"]) == 1
    assert made(Name, ["a"], ["'a'"]) == 0


def test_a_series_makes_a_break_when_time_is_up() -> None:
    assert made(str, [1, 2, 3], ["'1'", "'2'", "'3'"], most=2) == 2


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from([1 << 5000, "/", b"raw"]),
    lambda parts: st.lists(parts) | st.tuples(parts) | st.dictionaries(st.text(), parts),
    max_leaves=5,
)


@given(_VALUES, _VALUES)
def test_what_is_taken_for_the_same_is_written_the_same(value: object, other: object) -> None:
    is_same = made(lambda n: value, [0], [encode(other)]) == 1
    assert not is_same or encode(value) == encode(other)
    plain = not isinstance(value, bytes) and len(encode(value)) < 60 and "/" not in encode(value)
    assert not plain or made(lambda n: value, [0], [encode(value)]) == 1


PROGRAM = """
RATES = {"A": 1.5}

def changes_and_fails(n):
    seen = dict(RATES)
    if n == 13:
        RATES["A"] = 9.0
        raise ValueError(n)
    return [n, seen]

def changes(n):
    if n == 13: RATES["B"] = n
    return n + len(RATES)

def gives_what_it_holds(n):
    if n == 13: RATES["B"] = 1
    return RATES

def has_a_limit(n):
    return has_a_limit(n - 1) + 1 if n > 0 else 0
"""
ALONE = (0, 13, 14)
FUNCTIONS = ["changes_and_fails", "changes", "gives_what_it_holds", "has_a_limit"]


def test_what_departs_within_a_series_is_told_as_alone_and_state_is_put_back(program: Any) -> None:
    program.write(shop=PROGRAM)
    calls = {name: [program.call(f"shop:{name}", n=str(n)) for n in range(COUNT)] for name in FUNCTIONS}
    alone = {
        one.identity: one.outcome for one in program.replay(*[some[at] for some in calls.values() for at in ALONE])
    }
    first = {one.identity: one.outcome for one in program.replay(*chain(*calls.values()))}
    assert alone.items() <= first.items()
    wrong = {some[21].identity: Outcome((Effect("returned", "", "-1"),)) for some in calls.values()}
    for expected in (first, first | wrong):
        batches = [Batch(some[0].target, tuple(some), program.run_of(), expected) for some in calls.values()]
        replays = list(program.replayer.run(batches, Conditions()))
        assert {one.identity: one.outcome for one in replays} == first
        departed = {one.identity for one in replays if one.outcome is not expected[one.identity]}
        assert departed == (wrong.keys() if expected is not first else set())


def test_a_series_does_not_hide_the_call_that_never_ends(program: Any) -> None:
    program.write(shop="def f(n):\n    while n == 13: pass\n    return n")
    calls = [program.call("shop:f", n=str(n)) for n in range(COUNT)]
    expected = {call.identity: Outcome((Effect("returned", "", str(n)),)) for n, call in enumerate(calls)}
    batch = Batch(calls[0].target, tuple(calls), program.run_of(), expected)
    with Replayer(program.directory, program.blobs, ("shop",), program.limits) as replayer:
        replays = list(replayer.run([batch], Conditions()))
    departed = [n for n, one in enumerate(replays) if one.outcome is not expected[calls[n].identity]]
    assert departed == [13]
    assert replays[13].outcome is not None
    assert replays[13].outcome.effects[0].kind == "ended"
