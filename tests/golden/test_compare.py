"""Where outcomes part, and which differences are one change of behaviour."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from legacy_seam.calls import MISSING, Difference, Effect, Outcome
from legacy_seam.golden.compare import CaseDifference, compare, group
from legacy_seam.targets import Target

texts = st.integers().map(repr) | st.text("ab\n", max_size=4).map(repr)
effects = st.builds(
    Effect,
    st.sampled_from(["returned", "changed", "printed", "logged", "warned", "wrote", "denied"]),
    st.sampled_from(["", "a", "b"]),
    texts,
)
outcomes = st.lists(effects, max_size=5, unique_by=lambda e: (e.kind, e.place)).map(lambda e: Outcome(tuple(e)))


def outcome(*effects: tuple[str, str, str]) -> Outcome:
    return Outcome(tuple(Effect(kind, place, text) for kind, place, text in effects))  # type: ignore[arg-type]


@given(outcomes)
def test_an_outcome_does_not_differ_from_itself(one: Outcome) -> None:
    assert compare(one, Outcome(tuple(one.effects))) == []


@given(outcomes, outcomes)
def test_two_outcomes_differ_exactly_when_an_effect_does(one: Outcome, other: Outcome) -> None:
    def key(outcome: Outcome) -> list[tuple[str, str, str]]:
        numbered = ("logged", "warned", "denied")
        placed: list[tuple[str, str, str]] = [
            (e.kind, e.place, e.text) for e in outcome.effects if e.kind not in numbered
        ]
        return sorted(placed) + [
            (e.kind, "", e.text) for kind in numbered for e in outcome.effects if e.kind == kind
        ]

    assert bool(compare(one, other)) == (key(one) != key(other))


@pytest.mark.parametrize(
    ("approved", "received", "expected"),
    [
        (
            outcome(("returned", "", "{'vat': 1.5}")),
            outcome(("returned", "", "{'vat': 1.6}")),
            [Difference("returned['vat']", "1.5", "1.6")],
        ),
        (
            outcome(("returned", "", "412")),
            outcome(("raised", "", "ValueError('x')")),
            [Difference("returned", "returned 412", "raised ValueError('x')")],
        ),
        (
            outcome(("printed", "stdout", r"'a\nb\nc\n'")),
            outcome(("printed", "stdout", r"'a\nB\nc\n'")),
            [Difference("printed stdout line 2", r"'b\n'", r"'B\n'")],
        ),
        (
            outcome(("logged", "1", "'a'"), ("logged", "2", "'b'")),
            outcome(("logged", "1", "'b'")),
            [Difference("logged 1", "'a'", MISSING)],
        ),
        (
            outcome(("wrote", "out.txt", r"'x\n'")),
            outcome(),
            [Difference("wrote out.txt", r"'x\n'", MISSING)],
        ),
        (
            outcome(),
            outcome(("changed", "acct.score", "3")),
            [Difference("changed acct.score", MISSING, "3")],
        ),
        (
            outcome(("changed", "acct.score", MISSING)),  # approved: the call takes the attribute away
            outcome(("changed", "acct.score", "3")),
            [Difference("changed acct.score", MISSING, "3")],
        ),
        (
            outcome(("changed", "acct.score", "3")),
            outcome(("changed", "acct.score", MISSING)),
            [Difference("changed acct.score", "3", MISSING)],
        ),
    ],
)
def test_a_difference_is_told_by_its_place(
    approved: Outcome, received: Outcome, expected: list[Difference]
) -> None:
    assert compare(approved, received) == expected


def test_differences_at_one_place_and_of_one_kind_are_one_group() -> None:
    found = [
        CaseDifference(f"case{number}", Difference(f"returned[{number}]", str(number), str(number + 1)))
        for number in range(3)
    ] + [CaseDifference("case9", Difference("returned[0]", "1", "None"))]

    groups = group(Target("m", "f"), found)

    assert [(one.place, one.change, len(one.cases)) for one in groups] == [
        ("returned[*]", "another int", 3),
        ("returned[*]", "int became None", 1),
    ]


def test_rows_of_a_table_are_one_place_whatever_the_labels_of_rows() -> None:
    paths = ["returned.loc['A17']['score']", "returned.loc[\"it's\"]['score']", "returned.loc[('a]', 1)]['score']"]
    found = [CaseDifference("a", Difference(path, "1.5", "2.5")) for path in paths]
    (one,) = group(Target.parse("shop:score"), found)
    assert one.place == "returned.loc[*]['score']"
