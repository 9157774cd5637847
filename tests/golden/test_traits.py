"""What a case shows: paths, steps elsewhere, sorts of effects, the ends of numbers, the values that choose."""

from __future__ import annotations

from pathlib import Path

import pytest

from legacy_seam.calls import Call, Effect, Outcome
from legacy_seam.golden.fewest import fewest
from legacy_seam.golden.inputs import numbers_of, words_of
from legacy_seam.golden.traits import MOST_WORDS, Seen, candidates
from legacy_seam.replay.steps import Step
from legacy_seam.targets import Target

FEE = Target("rules", "fee")
SOURCE = """
def helper(days):
    return days


def fee(days):
    if helper(days) > 15:
        return 9
    return 0
"""
FEW, MANY = {(-6, 7), (7, 9), (9, -6)}, {(-6, 7), (7, 8), (8, -6)}
HELPED = {(-2, 3), (3, -2)}


def call(identity: str, **arguments: str) -> Call:
    return Call(FEE, identity, arguments, {}, {}, 0.0, (), None, "r")


def seen(identity: str, steps: set[Step], returned: str = "0", file: str = "rules.py", **arguments: str) -> Seen:
    outcome = Outcome((Effect("returned", "", returned),))
    return Seen(call(identity, **arguments), outcome, {file: steps}, sum(map(len, arguments.values())))


def chosen(*some: Seen) -> list[str]:
    return sorted(one.name for one in fewest(candidates(FEE, some).values()))


@pytest.fixture
def rules(tmp_path: Path) -> str:
    (tmp_path / "rules.py").write_text(SOURCE)
    return str(tmp_path / "rules.py")


def test_each_path_through_the_function_is_shown_and_each_step_elsewhere_once(rules: str) -> None:
    some = [
        seen("a", FEW, file=rules),
        seen("b", FEW | HELPED, file=rules),
        seen("c", MANY, file=rules),
        seen("d", MANY | HELPED, file=rules),
        seen("e", MANY | FEW, file=rules),
    ]

    assert chosen(*some) == ["b", "c", "e"], "a path is all its steps; a helper's steps are shown by any call"


def test_where_a_path_ends_is_shown_by_the_least_and_the_greatest_number_that_takes_it(rules: str) -> None:
    low = [seen(f"low{days}", FEW, file=rules, days=str(days)) for days in (3, 7, 15)]
    high = [seen(f"high{days}", MANY, file=rules, days=str(days)) for days in (16, 20, 40)]

    assert chosen(*low, *high) == ["high16", "high40", "low15", "low3"]


def test_each_of_a_few_values_that_choose_is_shown_but_not_each_of_many() -> None:
    few = [seen(f"tier{letter}", FEW, tier=repr(letter)) for letter in "ABC"]
    assert chosen(*few, seen("again", FEW, tier="'A'", more="1")) == ["again", "tierB", "tierC"]

    many = [seen(f"name{n:02}", FEW, name=repr(f"N{n:02}")) for n in range(MOST_WORDS + 1)]
    assert len(chosen(*many)) == 1


def test_each_sort_of_effect_is_shown_and_mutants_that_a_call_is_known_to_notice() -> None:
    plain, failed = seen("a", FEW, "0"), seen("b", FEW, "-1")
    assert chosen(plain, failed) == ["a", "b"]
    assert chosen(plain, seen("c", FEW, "0")) == ["a"]
    noticing = candidates(FEE, [plain, seen("c", FEW, "0")], {"c": ["m1"]})
    assert [one.name for one in fewest(noticing.values())] == ["c"]


def test_what_measures_are_numbers_lengths_and_days_and_what_chooses_are_short_texts() -> None:
    one = call(
        "a",
        due="date(2024, 2, 29)",
        price="Decimal('3.50')",
        row="{'late': 3, 'tier': 'G', 'open': True}",
        account="rules:Account(score=7, name='" + "x" * 40 + "')",
        lines="[1, 2]",
        odd="nan",
    )

    assert numbers_of(one) == {
        "due": 738945.0,
        "price": 3.5,
        "row": 3.0,
        "row.late": 3.0,
        "row.tier": 1.0,
        "account.score": 7.0,
        "account.name": 40.0,
        "lines": 2.0,
    }
    assert words_of(one) == {"row.tier": "'G'", "row.open": "True"}


def test_where_one_line_goes_two_ways_the_outcome_tells_them_apart() -> None:
    some = [seen(f"{days:02}", FEW, "'late'" if days > 15 else "'fine'", days=str(days)) for days in range(30)]

    assert chosen(*some) == ["00", "15", "16", "29"]
