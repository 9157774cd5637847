"""Which calls are kept, and when a function is learnt."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from legacy_seam.record.sampling import Policy, Sampler
from legacy_seam.record.sites import Pause, Tally

NOWHERE: frozenset[int] = frozenset()


def feed(
    sampler: Sampler, key: object, path: frozenset[int] = NOWHERE, outcome: str = "int", **numbers: float
) -> bool:
    """One call, as `capture` puts it to a sampler; was it kept?"""
    if not sampler.is_new(hash(key)):
        return False
    kept = sampler.is_worth_keeping(path, numbers, outcome)
    if kept:
        sampler.keep(path, outcome)
    return kept


def test_the_same_inputs_are_kept_once() -> None:
    sampler = Sampler(Policy(first=0))
    assert [feed(sampler, "same") for _ in range(5)] == [True, False, False, False, False]


def test_inputs_without_a_key_are_always_new() -> None:
    sampler = Sampler(Policy(first=0))
    assert sampler.is_new(None)
    assert sampler.is_new(None)


def test_a_few_are_kept_of_each_path() -> None:
    sampler = Sampler(Policy(first=0, patience=1000))
    for number in range(400):
        feed(sampler, number, frozenset({number % 3}))
    per_path = [sampler._paths[frozenset({n})] for n in range(3)]
    assert all(3 <= kept <= 9 for kept in per_path), per_path


def test_the_least_and_the_greatest_number_of_a_path_are_kept() -> None:
    sampler = Sampler(Policy(first=0))
    draw = random.Random(4)
    kept: list[float] = []
    for number in [draw.uniform(0, 100) for _ in range(60)] + [-5000.0, 9000.0]:
        if feed(sampler, number, price=number):
            kept.append(number)
    assert -5000.0 in kept
    assert 9000.0 in kept
    assert len(kept) < 30


def test_a_number_that_grows_with_every_call_does_not_make_each_of_them_an_extreme() -> None:
    sampler = Sampler(Policy(first=0))
    kept = sum(feed(sampler, number, serial=number) for number in range(5000))
    assert kept < 60


def test_new_types_of_outcome_are_always_kept() -> None:
    sampler = Sampler(Policy(first=0, most=3, ceiling=10))
    for number in range(50):
        feed(sampler, number, outcome="int")
    assert feed(sampler, "other", outcome="raised ValueError")
    assert not feed(sampler, "more", outcome="raised ValueError")


def test_never_more_than_the_ceiling() -> None:
    sampler = Sampler(Policy(first=0, most=20, ceiling=30))
    for number in range(500):
        feed(sampler, number, frozenset({number}), outcome=str(number))
    assert sampler.kept <= 30


def test_a_sample_is_spread_over_time() -> None:
    sampler = Sampler(Policy(first=0))
    kept = [number for number in range(1, 5000) if feed(sampler, number)]
    assert kept[-1] > 2000
    assert len(kept) < 40


def test_a_function_without_surprises_is_learnt_and_looked_at_again() -> None:
    sampler = Sampler(Policy(first=0, patience=10, glance=2, first_pause=4, longest_pause=16))
    for number in range(3):
        feed(sampler, number)
        assert not sampler.has_learnt
    while not sampler.has_learnt:
        feed(sampler, "same")
    assert [sampler.pause() for _ in range(4)] == [4, 8, 16, 16]
    sampler.look_again(passed=4)
    assert not sampler.has_learnt
    assert feed(sampler, "surprise", frozenset({7}))
    feed(sampler, "same")
    feed(sampler, "same")
    assert not sampler.has_learnt  # the surprise made it worth looking for longer


def test_inputs_are_written_down_beforehand_while_a_function_is_young() -> None:
    sampler = Sampler(Policy(first=0, foresight=2))
    assert [sampler.is_new(n) and sampler.is_promising({}) for n in range(2)] == [True, True]
    assert feed(sampler, "first")
    for number in range(20):
        feed(sampler, number)
    for _ in range(3):
        sampler.is_promising({})
    assert not sampler.is_promising({})
    sampler.miss()
    assert sampler.is_promising({})


def test_nan_and_random_state_are_left_alone() -> None:
    before = random.getstate()
    sampler = Sampler(Policy(first=0))
    for number in range(100):
        feed(sampler, number, frozenset({number % 2}), x=float("nan"))
    assert random.getstate() == before


@given(st.lists(st.integers(1, 40), max_size=30))
def test_pauses_count_every_call_that_passes(lengths: list[int]) -> None:
    given_lengths = iter(lengths)
    pause = Pause(lambda passed: next(given_lengths, 10**6))
    from itertools import chain

    calls = chain.from_iterable(pause)
    for number in range(1, sum(lengths) + 5):
        next(calls)
        assert pause.passed == number


def test_a_pause_never_raises() -> None:
    def fails(passed: int) -> int:
        raise ValueError

    assert next(next(Pause(fails))) == ()


def test_tallies_count_across_threads() -> None:
    from concurrent.futures import ThreadPoolExecutor

    tally = Tally()
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: [tally.add() for _ in range(1000)], range(8)))
    assert tally.value == 8000


def test_the_first_calls_that_differ_are_kept_whatever_they_show() -> None:
    sampler = Sampler(Policy(first=5, per_path=1))
    kept = [feed(sampler, number) for number in range(20)]
    assert kept[:5] == [True] * 5
    assert sum(kept[5:]) <= 2


def test_a_call_is_kept_for_each_word_that_a_parameter_takes() -> None:
    sampler = Sampler(Policy(first=0, per_path=1, words=3))
    kept = []
    for number in range(2, 42):
        word = ("style", f"style {number % 10}")
        assert sampler.is_new(number)
        kept.append(sampler.is_worth_keeping(NOWHERE, {}, "int", [word]))
        if kept[-1]:
            sampler.keep(NOWHERE, "int")
    assert sum(kept[:3]) == 3
    assert sum(kept) <= 3 + 6  # three words, and the thin sample over time


def test_calls_kept_for_their_numbers_alone_do_not_prolong_the_learning() -> None:
    sampler = Sampler(Policy(first=5, patience=50, interest=4))
    for number in range(20):
        feed(sampler, number, price=number)
    looks = 0
    while not sampler.has_learnt:
        feed(sampler, 100 + looks, price=20 + looks)
        looks += 1
    assert looks < 60


def test_a_branch_never_taken_before_prolongs_the_learning() -> None:
    sampler = Sampler(Policy(first=0, patience=50, glance=2))
    while not sampler.has_learnt:
        feed(sampler, "same")
    sampler.look_again(passed=1000)
    assert feed(sampler, "rare", frozenset({9}))
    for _ in range(40):
        feed(sampler, "same")
    assert not sampler.has_learnt


def test_what_is_remembered_of_calls_does_not_grow_without_end() -> None:
    sampler = Sampler(Policy())
    for number in range(30_000):
        path = frozenset({number % 97, number % 89, number % 3})
        sampler.is_new(number)
        words = [("style", f"w{number}"), ("mode", number % 2 == 0)]
        if sampler.is_worth_keeping(path, {f"n{k}": float(number * k) for k in range(4)}, f"T{number}", words):
            sampler.keep(path, f"T{number}")
    sizes = {
        name: len(getattr(sampler, name))
        for name in ("_keys", "_paths", "_branches", "_outcomes", "_extremes", "_words")
    }
    assert sizes["_keys"] <= 10_000
    assert sizes["_extremes"] <= 2_010
    assert max(sizes["_paths"], sizes["_outcomes"]) <= Policy().ceiling
    assert all(len(words) <= Policy().words for words in sampler._words.values())


def test_pauses_that_are_over_are_summed_up() -> None:
    from itertools import chain

    pause = Pause(lambda passed: 3)
    calls = chain.from_iterable(pause)
    for _ in range(10_000):
        next(calls)
    assert pause.passed == 10_000
    assert len(pause._given) <= 65


def test_pauses_are_counted_by_threads_together() -> None:
    from concurrent.futures import ThreadPoolExecutor
    from itertools import chain

    pause = Pause(lambda passed: 7)
    calls = chain.from_iterable(pause)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: [next(calls) for _ in range(5000)], range(4)))
    assert pause.passed == 20_000
