"""The fewest that show all: what has to hold whatever there is to choose from."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from legacy_seam.golden.fewest import Candidate, Trait, fewest, unlike

TRAITS = st.frozensets(st.integers(0, 7), max_size=5)


@st.composite
def pools(draw: st.DrawFn, most: int = 9) -> list[Candidate]:
    parts = draw(st.lists(st.tuples(TRAITS, TRAITS, st.integers(0, 3)), max_size=most))
    return [Candidate(f"c{n}", shows, varies, size) for n, (shows, varies, size) in enumerate(parts)]


def shown(candidates: list[Candidate]) -> set[Trait]:
    return {trait for one in candidates for trait in one.shows}


@given(pools(), pools(most=2))
def test_all_that_can_be_shown_is_shown_with_what_is_chosen_already(
    pool: list[Candidate], chosen: list[Candidate]
) -> None:
    assert shown([*chosen, *fewest(pool, chosen)]) == shown([*chosen, *pool])


@given(pools(), pools(most=2))
def test_none_is_superfluous(pool: list[Candidate], chosen: list[Candidate]) -> None:
    found = fewest(pool, chosen)

    for one in found:
        others = [other for other in found if other is not one]
        assert not one.shows <= shown([*others, *chosen])


@given(pools(), st.randoms())
def test_the_order_in_which_they_come_does_not_matter(pool: list[Candidate], chance: object) -> None:
    shuffled = list(pool)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]

    assert fewest(pool) == fewest(shuffled)
    assert unlike(pool, pool[:1], 5) == unlike(shuffled, pool[:1], 5)


@given(pools())
def test_what_was_chosen_is_enough_when_it_is_chosen_from_again(pool: list[Candidate]) -> None:
    found = fewest(pool)

    assert fewest(pool, found) == []
    assert sorted(one.name for one in fewest(found)) == sorted(one.name for one in found)


@given(pools(most=6))
def test_it_is_not_far_from_the_fewest_possible(pool: list[Candidate]) -> None:
    possible = next(
        number
        for number in range(len(pool) + 1)
        if any(shown(list(some)) == shown(pool) for some in combinations(pool, number))
    )

    assert possible <= len(fewest(pool)) <= possible + 1


def test_of_two_that_show_the_same_the_more_varied_comes_first_and_then_the_smaller() -> None:
    large, small = Candidate("a", frozenset("x"), size=9), Candidate("b", frozenset("x"), size=1)
    varied = Candidate("c", frozenset("x"), frozenset("v"), size=99)

    assert fewest([large, small]) == [small]
    assert fewest([large, small, varied]) == [varied]


@given(pools(), st.integers(0, 9))
def test_those_that_join_for_variety_are_each_unlike_all_before(pool: list[Candidate], at_least: int) -> None:
    chosen = fewest(pool)
    joined = unlike(pool, chosen, at_least)

    assert len(joined) <= max(at_least - len(chosen), 0)
    varied = {trait for one in chosen for trait in one.varies}
    for one in joined:
        assert not one.varies <= varied
        varied |= one.varies
    if len(chosen) + len(joined) < at_least:
        assert varied == {trait for one in pool for trait in one.varies}
