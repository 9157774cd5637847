"""What functions note of the ways through them: branches, conditions, how close sides of comparisons were."""

from __future__ import annotations

import ast
import datetime
from collections.abc import Callable
from contextlib import suppress
from decimal import Decimal
from typing import Any

import pytest

from legacy_seam.replay.searching.relations import Relations, is_branch, is_step
from legacy_seam.rewriting.compiling import warnings_kept_quiet
from legacy_seam.rewriting.constants import Constants, Patcher

LATE = """
def f(days, is_gold=False):
    if days > 15 and not is_gold:
        return "late"
    return "early"
"""


class Noted:
    """A function that takes notes, and those of its last call."""

    def __init__(self, source: str) -> None:
        self.seen: set[int] = set()
        self.relations = Relations(self.seen.add)
        tree, constants = ast.parse(source), Constants()
        self.relations.rewrite(tree, constants)
        with warnings_kept_quiet():
            code = compile(tree, "f.py", "exec")
        names: dict[str, Any] = {}
        exec(Patcher[object](constants.held, {}, lambda owner, code: None).patched(code), names)
        self.function: Callable[..., Any] = names["f"]

    def notes(self, *arguments: object, what: Callable[[int], bool] = lambda note: not is_step(note)) -> set[int]:
        self.seen.clear()
        with suppress(ZeroDivisionError):
            self.function(*arguments)
        return {one for one in self.seen if what(one)}


def test_a_call_at_a_bound_and_those_next_to_it_are_told_apart_and_others_are_not() -> None:
    late = Noted(LATE)

    assert late.notes(14) != late.notes(15) != late.notes(13)
    assert late.notes(13) == late.notes(2)
    assert late.notes(16) != late.notes(17) == late.notes(40)
    assert late.notes(15.5) == late.notes(16)


def test_how_far_from_a_bound_a_number_is_shows_in_steps() -> None:
    late = Noted(LATE)

    assert late.notes(1000, what=is_step) != late.notes(17, what=is_step)
    assert not late.notes(15, what=is_step)
    assert not late.notes(10**30, what=is_step)


DAY, NOON = datetime.date(2024, 3, 1), datetime.datetime(2024, 3, 1, 12)


@pytest.mark.parametrize(
    ("bound", "step"),
    [
        (DAY, datetime.timedelta(days=1)),
        (NOON, datetime.timedelta(seconds=1)),
        (datetime.timedelta(days=14), datetime.timedelta(seconds=1)),
        (Decimal("19.90"), Decimal("0.01")),
        (Decimal("19.90"), 1),
    ],
)
def test_dates_moments_durations_and_decimals_come_nearer_as_numbers_do(bound: Any, step: Any) -> None:
    late = Noted("def f(a, b): return a > b")

    at, above, below = (late.notes(one, bound) for one in (bound, bound + step, bound - step))
    assert at != above != below != at
    far, farther = (late.notes(bound + times * step, bound, what=is_step) for times in (900, 90_000))
    assert far and far != farther


def test_what_cannot_be_taken_from_one_another_is_compared_all_the_same() -> None:
    equal = Noted("def f(a, b): return a == b")
    there, here = NOON.replace(tzinfo=datetime.UTC), NOON
    for one, other in [(there, here), (10**400, 1.5), (float("inf"), float("inf")), (Decimal("NaN"), Decimal(1))]:
        assert equal.function(one, other) is (one == other)
    assert equal.notes(datetime.time(9), datetime.time(9)) != equal.notes(datetime.time(9), datetime.time(10))


def test_conditions_count_though_they_lead_to_the_same_place() -> None:
    late = Noted(LATE)

    assert late.notes(20, True) != late.notes(3, True)
    assert late.notes(20, True, what=is_branch) == late.notes(3, True, what=is_branch)
    assert late.notes(20, what=is_branch) != late.notes(3, what=is_branch)


@pytest.mark.parametrize(
    ("source", "calls"),
    [
        ("def f(a):\n    for one in a:\n        if one: break\n", [[], [0], [1]]),
        ("def f(a):\n    while a:\n        a -= 1\n    return a\n", [0, 1]),
        ("def f(a):\n    try:\n        1 / a\n    except TypeError: a = 1\n    else: a = 2\n", [1, "x", 0]),
        ("def f(a):\n    match a:\n        case 1: a = 2\n        case _: a = 3\n", [1, 2]),
        ("def f(a):\n    if a == 1:\n        pass\n    elif a == 5:\n        pass\n", [1, 5, 3]),
        ("def f(a):\n    return [one for one in (1, 2) if a]\n", [0, 1]),
    ],
)  # fmt: skip
def test_every_way_through_a_function_is_another_one(source: str, calls: list[object]) -> None:
    function = Noted(source)

    ways = [frozenset(function.notes(one)) for one in calls]

    assert len(set(ways)) == len(calls)


DURATION = """
import re
def f(text):
    found = re.match("(\\\\d+h)?(\\\\d+m)?$", text)
    {}
    return 1
"""


@pytest.mark.parametrize("asked", ["if not found: return 0", "if found is None: return 0", "found = found or 2"])
def test_which_groups_of_an_expression_took_part_is_told_apart(asked: str) -> None:
    function = Noted(DURATION.format(asked))

    ways = [frozenset(function.notes(text)) for text in ("", "5h", "5m", "5h5m", "x")]

    assert len(set(ways)) == 5
    assert not any(map(is_step, ways[3] - ways[0]))
    assert function.notes("7h") == ways[1]


def test_what_is_compared_with_none_is_told_apart_by_whether_it_is_empty() -> None:
    function = Noted("def f(a): return a is None")

    assert len({frozenset(function.notes(one)) for one in (None, "", "x")}) == 3
    assert [function.function(one) for one in (None, 0, "")] == [True, False, False]


def test_functions_give_what_they_gave_and_evaluate_what_they_evaluated() -> None:
    source = (
        'def f(n, told):\n    """Says."""\n    def say(x):\n        told.append(x)\n        return x\n'
        "    return say(0) < n < 10, n in (1, 2) and not say(n), say(5) if say(n) is None else say(6) <= say(7)\n"
    )
    names: dict[str, Any] = {}
    exec(source, names)
    noted = Noted(source)
    for number in (0, 1, 2, 9, 10, -1):
        told: list[object] = []
        told_too: list[object] = []
        assert noted.function(number, told) == names["f"](number, told_too)
        assert told == told_too
    assert noted.function.__doc__ == "Says."


def test_a_note_leads_to_a_line() -> None:
    late = Noted(LATE)

    assert {late.relations.line(one) for one in late.notes(15)} == {3}
    assert {late.relations.line(one) for one in late.notes(16, what=is_branch)} == {3, 4}


def test_what_a_chain_of_comparisons_does_not_ask_for_is_not_asked_for() -> None:
    called = Noted("def f(n, ask):\n    return 0 < n < -ask()\n")

    assert called.function(-1, None) is False
    assert called.function(3, lambda: -5) is True
