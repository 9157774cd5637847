"""Recorded calls on trial, with a replayer that answers as it is told."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import cast

from legacy_seam.calls import Call, Effect, Outcome, Run
from legacy_seam.golden.perturb import AT_ONCE, BASE, surroundings
from legacy_seam.golden.trial import Trial, cause, dependencies, hold_still
from legacy_seam.replay import Batch, Conditions, Replayed, Replayer, SourceRead
from legacy_seam.targets import Target

SCORE = Target("rules", "score")
RUN = Run("r", ("a.py",), "/p", None, (".",), 0.0, "UTC", {}, (), "3.11", "linux")


class Told:
    """Gives the outcome that a function of the call and the conditions says; None is a refusal."""

    def __init__(self, answer: Callable[[Call, Conditions], object], sources: Sequence[SourceRead] = ()) -> None:
        self.answer = answer
        self.sources = tuple(sources)
        self.asked: list[Conditions] = []

    def run(self, batches: Sequence[Batch], conditions: Conditions | None = None) -> Iterator[Replayed]:
        conditions = conditions or BASE
        self.asked.append(conditions)
        for batch in batches:
            for call in batch.calls:
                value = self.answer(call, conditions)
                outcome = None if value is None else Outcome((Effect("returned", "", repr(value)),))
                sources = self.sources if conditions.trace_sources else ()
                yield Replayed(call.identity, outcome, "gone", sources=sources, target=batch.target)


def trial(number: int = 2) -> Trial:
    calls = [Call(SCORE, f"c{n}", {}, {}, {}, 0.0, (), None, "r") for n in range(number)]
    return Trial(SCORE, calls, {"r": RUN})


def replayer(told: Told) -> Replayer:
    return cast("Replayer", told)


def test_what_comes_out_the_same_every_time_is_stable() -> None:
    one = trial()

    hold_still(replayer(Told(lambda call, conditions: 7)), [one], surroundings(3))

    assert one.stable() == list(one.calls)
    assert (one.refusals, one.moved) == ([], {})


def test_what_moves_is_noted_with_its_place_and_the_rest_is_stable() -> None:
    one = trial()

    hold_still(
        replayer(Told(lambda call, conditions: conditions.padding if call.identity == "c0" else 7)),
        [one],
        surroundings(3),
    )

    assert one.moved == {"c0": "returned"}
    assert [call.identity for call in one.stable()] == ["c1"]


def test_what_cannot_be_replayed_is_refused_and_not_asked_again() -> None:
    one = trial()

    hold_still(
        replayer(Told(lambda call, conditions: None if call.identity == "c0" else 7)), [one], surroundings(3)
    )

    assert [refused.identity for refused in one.refusals] == ["c0"]
    assert [call.identity for call in one.stable()] == ["c1"]


def test_a_controlled_source_that_moves_the_outcome_is_named_with_its_site() -> None:
    told = Told(lambda call, conditions: conditions.clock_shift, [SourceRead("clock", "rules.py:31")])
    one = trial()
    hold_still(replayer(told), [one], surroundings(3))

    seam = "replace global reference with getter"
    assert dependencies(replayer(told), [one]) == {SCORE: (f"clock at rules.py:31 (seam: {seam})",)}


def test_what_depends_on_nothing_is_not_asked_about_every_single_source() -> None:
    told = Told(lambda call, conditions: 7 if call.identity == "c0" else (conditions.random_seed, "once"))
    one = trial()
    hold_still(replayer(told), [one], surroundings(3))
    asked: list[tuple[str, Conditions]] = []

    def counted(call: Call, conditions: Conditions) -> object:
        asked.append((call.identity, conditions))
        return told.answer(call, conditions)

    assert dependencies(replayer(Told(counted)), [one]) == {SCORE: ("randomness",)}
    assert [conditions for identity, conditions in asked if identity == "c0"] == list(AT_ONCE)


def test_what_was_expected_is_told_to_the_replayer() -> None:
    seen: list[object] = []

    class Watched(Told):
        def run(self, batches: Sequence[Batch], conditions: Conditions | None = None) -> Iterator[Replayed]:
            seen.extend(dict(batch.approved) for batch in batches)
            return super().run(batches, conditions)

    one = trial(1)
    hold_still(replayer(Watched(lambda call, conditions: 7)), [one], surroundings(2))
    assert seen[1] == one.outcomes


def test_the_cause_of_an_unstable_call_is_named_with_what_moves_it_and_where_it_is_read() -> None:
    told = Told(lambda call, conditions: conditions.padding, [SourceRead("address", "rules.py:9")])
    one = trial(1)
    hold_still(replayer(told), [one], surroundings(3))

    reason, site = cause(replayer(told), one, "c0")

    assert reason == "returned differs with the layout of memory; it reads: address"
    assert site == "rules.py:9"
