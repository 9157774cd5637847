"""Many calls of which the outcome is known: told of many at a time, and none of them less closely looked at."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from legacy_seam.calls import Effect, Outcome
from legacy_seam.replay import Batch, Conditions, Replayed, Replayer
from legacy_seam.replay.jobs import PORTION

MANY = 2 * PORTION + 50


@pytest.fixture
def again(program: Any) -> Any:
    """Replays calls of one target twice, the second time knowing what came of the first."""

    def replay(calls: list[Any], altered: dict[str, Outcome] | None = None, **conditions: Any) -> Any:
        first = program.replay(*calls)
        approved = {one.identity: one.outcome for one in first} | (altered or {})
        batch = Batch(calls[0].target, tuple(calls), program.run_of(), approved)
        return approved, list(program.replayer.run([batch], Conditions(**conditions)))

    return replay


def text_of(replayed: Replayed) -> dict[str, str]:
    assert replayed.outcome is not None, replayed
    return {f"{one.kind} {one.place}".strip(): one.text for one in replayed.outcome.effects}


def test_what_is_expected_is_the_very_outcome_that_was_given(program: Any, again: Any) -> None:
    program.write(shop="def f(n): return n * 2")
    calls = [program.call("shop:f", n=str(n)) for n in range(MANY)]
    approved, replays = again(calls)
    assert [one.identity for one in replays] == [call.identity for call in calls]
    assert all(one.outcome is approved[one.identity] for one in replays)


@pytest.mark.parametrize("isolation", ["shared", "fresh"])
def test_one_of_many_that_departs_is_the_one_that_is_told(program: Any, again: Any, isolation: str) -> None:
    program.write(shop="def f(n): return n * 2")
    calls = [program.call("shop:f", n=str(n)) for n in range(30)]
    wrong = Outcome((Effect("returned", "", "0"),))
    approved, replays = again(calls, {calls[17].identity: wrong}, isolation=isolation)
    departed = [one for one in replays if one.outcome != approved[one.identity]]
    assert [(one.identity, text_of(one)) for one in departed] == [(calls[17].identity, {"returned": "34"})]
    assert len(replays) == len(calls)


def test_outcomes_that_differ_only_far_behind_are_told_apart(program: Any, again: Any) -> None:
    program.write(shop="def f(n): return 'x' * 500 + str(n)")
    calls = [program.call("shop:f", n=str(n)) for n in range(3)]
    other = Outcome((Effect("returned", "", "'" + "x" * 500 + "7'"),))
    approved, replays = again(calls, {calls[1].identity: other})
    assert [one.outcome is approved[one.identity] for one in replays] == [True, False, True]


@pytest.mark.parametrize(
    "end", ["os._exit(0)", "os._exit(7)", "os.kill(os.getpid(), 9)", "ctypes.string_at(0)"], ids=str
)
def test_a_call_that_is_the_end_costs_none_of_the_many_around_it(program: Any, again: Any, end: str) -> None:
    program.write(shop=f"import ctypes, os\ndef f(n, ends):\n    if n == {MANY // 2} and ends: {end}\n    return n")
    calls = [program.call("shop:f", n=str(n), ends="True") for n in range(MANY)]
    approved, replays = again(calls)
    assert [one.identity for one in replays] == [call.identity for call in calls]
    assert all(one.outcome == approved[one.identity] for one in replays)
    ended = [number for number, one in enumerate(replays) if "returned" not in text_of(one)]
    assert ended == [MANY // 2]


def test_whoever_writes_between_our_messages_is_found_among_many(program: Any, again: Any) -> None:
    program.write(
        shop="""
        import os
        def f(n):
            if n == 20:
                for descriptor in range(3, 64):
                    try: os.write(descriptor, b"\\xff" * 100)
                    except OSError: pass
            return n
        """
    )
    calls = [program.call("shop:f", n=str(n)) for n in range(40)]
    expected = {call.identity: Outcome((Effect("returned", "", str(n)),)) for n, call in enumerate(calls)}
    batch = Batch(calls[0].target, tuple(calls), program.run_of(), expected)
    with Replayer(program.directory, program.blobs, ("shop",), program.limits) as replayer:
        replays = list(replayer.run([batch], Conditions()))
    assert [one.identity for one in replays] == [call.identity for call in calls]
    assert [n for n, one in enumerate(replays) if one.outcome != expected[calls[n].identity]] == [20]


STATE = """
RATES = {"A": 1, "B": 2}
LIMITS = [1, 2, 3]
NESTED = {"a": [1], "b": {"c": 2}}
PAIR = (1, 2)
ROWS = [(1, 2), (3, 4)]

def f(n):
    global PAIR
    seen = repr((RATES, LIMITS, NESTED, PAIR, ROWS))
    match n:
        case 1: RATES["A"] = True
        case 2: RATES["B"] = RATES.pop("B") and RATES.setdefault("A", 2) + 1
        case 3: RATES["A"] = RATES.pop("A")
        case 4: LIMITS[1] = 2.0
        case 5: LIMITS.reverse()
        case 6: LIMITS.append(4)
        case 7: NESTED["b"]["c"] = 2.0
        case 8: NESTED["a"].append(NESTED["a"])
        case 9: PAIR = (1, True + 1.0)
        case 10: ROWS[0] = (1, True)
        case 11: del RATES["B"]
        case 12: RATES[1] = RATES
    return seen
"""


def test_no_change_of_state_is_passed_over_and_every_one_is_put_back(program: Any, again: Any) -> None:
    program.write(shop=STATE)
    numbers = [n for pair in ((0, change) for change in range(1, 13)) for n in pair] + [0]
    calls = [replace(program.call("shop:f", n=str(n)), identity=str(at)) for at, n in enumerate(numbers)]
    approved, replays = again(calls)
    assert all(one.outcome is approved[one.identity] for one in replays)
    untouched = text_of(replays[0])
    assert list(untouched) == ["returned"]
    for n, one in zip(numbers, replays, strict=True):
        told = text_of(one)
        assert told["returned"] == untouched["returned"], n
        assert any(kind.startswith("changed shop:") for kind in told) == (n not in (0, 2)), (n, told)


def test_a_file_is_put_back_after_whoever_writes_it(program: Any, again: Any) -> None:
    program.write(
        shop="""
        HELD = []
        def f(n):
            if n == 2: open("in.txt", "a").write("more")
            if n == 4: HELD.append(open("in.txt", "r+"))
            if n == 5 and HELD:
                HELD[0].write("late"); HELD[0].flush()
            with open("in.txt") as file: return file.read()
        """
    )
    found = program.file("in.txt", b"as it was")
    calls = [replace(program.call("shop:f", n=str(n)), files=(found,)) for n in range(8)]
    approved, replays = again(calls)
    assert all(one.outcome is approved[one.identity] for one in replays)
    told = [text_of(one) for one in replays]
    assert [one["returned"] for n, one in enumerate(told) if n != 2] == ["'as it was'"] * 7
    assert (told[2]["returned"], told[2]["wrote in.txt"]) == ("'as it wasmore'",) * 2


def test_no_call_finds_what_another_has_left_of_its_files(program: Any, again: Any) -> None:
    program.write(
        shop="""
        import os
        def f(n):
            found = sorted(os.listdir("."))
            match n % 7:
                case 0: os.makedirs("more/below"); open("more/below/a.txt", "w").write(str(n))
                case 1: open("in.txt", "a").write(str(n)); os.chmod("in.txt", 0o600)
                case 2: os.unlink("in.txt"); os.mkdir("in.txt")
                case 3: os.rename("in.txt", "out.txt")
                case 4: os.symlink("in.txt", "link.txt"); os.utime("in.txt", (5, 5))
                case 5:
                    file = open("late.txt", "w")
                    file.write("late")
                    cycle = [file]
                    cycle.append(cycle)
            return found
        """
    )
    found = program.file("in.txt", b"as it was")
    calls = [replace(program.call("shop:f", n=str(n)), files=(found,)) for n in range(21)]
    approved, replays = again(calls)
    assert all(one.outcome is approved[one.identity] for one in replays)
    told = [text_of(one) for one in replays]
    assert {one.pop("returned") for one in told} == {"['in.txt']"}
    assert [bool(one) for one in told] == [n % 7 != 6 for n in range(21)]


def test_files_of_each_call_are_its_own(program: Any, again: Any) -> None:
    program.write(shop="import os\ndef f(n): return sorted(os.listdir('.')), open('in.txt').read()")
    contents = [b"one", b"two", b"one"]
    calls = [
        replace(program.call("shop:f", n=str(n)), files=(program.file("in.txt", content),))
        for n, content in enumerate(contents)
    ]
    more = replace(program.call("shop:f", n="3"), files=(*calls[0].files, program.file("more.txt", b"")))
    _, replays = again([*calls, more, replace(calls[0], identity="last")])
    returned = [text_of(one)["returned"] for one in replays]
    assert returned == [
        "(['in.txt'], 'one')",
        "(['in.txt'], 'two')",
        "(['in.txt'], 'one')",
        "(['in.txt', 'more.txt'], 'one')",
        "(['in.txt'], 'one')",
    ]


def test_output_that_is_held_back_belongs_to_the_call_that_printed_it(program: Any, again: Any) -> None:
    program.write(
        shop="""
        import sys
        def f(n):
            if n == 1: sys.stdout.reconfigure(write_through=False)
            print("n is", n)
        """
    )
    calls = [program.call("shop:f", n=str(n)) for n in range(4)]
    _, replays = again(calls)
    assert [text_of(one)["printed stdout"] for one in replays] == [repr(f"n is {n}\n") for n in range(4)]
