"""Which calls that hold still become cases, with a replayer that tells what they ran."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

from legacy_seam.calls import Call, Case, Effect, Outcome, Run
from legacy_seam.golden.directory import GoldenDirectory
from legacy_seam.golden.master import GoldenMaster
from legacy_seam.golden.selecting import Selection, leave_out_the_superfluous
from legacy_seam.golden.trial import Trial
from legacy_seam.replay import Batch, Conditions, Replayed, Replayer
from legacy_seam.targets import Target

SCORE = Target("rules", "score")
RUN = Run("r", ("a.py",), "/p", None, (".",), 0.0, "UTC", {}, (), "3.11", "linux")


class Watching:
    """Says of each call that it runs the line of its argument `line`.

    calls: how many it was given.
    """

    calls = 0

    def run(self, batches: Sequence[Batch], conditions: Conditions) -> Iterator[Replayed]:
        assert conditions.trace_steps
        for batch in batches:
            for call in batch.calls:
                self.calls += 1
                steps = {"rules.py": frozenset({(-1, int(call.arguments["line"][11:-1]))})}
                yield Replayed(call.identity, OUTCOME, target=batch.target, steps=steps)


OUTCOME = Outcome((Effect("returned", "", "7.5"),))


def call(line: int, number: int = 0) -> Call:
    return Call(SCORE, f"c{line}.{number}", {"line": f"rules:Line({line})"}, {}, {}, 0.0, (), None, "r")


def trial(calls: Sequence[Call], **fields: Any) -> Trial:
    outcomes = {one.identity: Outcome((Effect("returned", "", one.identity[1:]),)) for one in calls}
    return Trial(SCORE, calls, {"r": RUN}, outcomes=outcomes, **fields)


def select(
    one: Trial,
    tmp_path: Path,
    existing: GoldenMaster | None = None,
    replayer: Watching | None = None,
    **selection: Any,
) -> list[str]:
    directory = GoldenDirectory(tmp_path)
    directory.save_worlds([RUN])
    leave_out_the_superfluous(
        cast("Replayer", replayer or Watching()),
        [one],
        {} if existing is None else {SCORE: existing},
        directory,
        Selection(**{"variety": 0, **selection}),
        lambda call: 1,
    )
    return [call.identity for call in one.stable()]


def test_one_call_stays_of_those_that_show_the_same(tmp_path: Path) -> None:
    one = trial([call(line, number) for line in (1, 2) for number in range(5)])

    assert select(one, tmp_path) == ["c1.0", "c2.0"]
    assert len(one.superfluous) == 8


def test_more_stay_as_long_as_outcomes_differ_and_never_more_than_asked_for(tmp_path: Path) -> None:
    calls = [call(line, number) for line in (1, 2) for number in range(5)]

    assert len(select(trial(calls), tmp_path, variety=6)) == 6
    assert len(select(trial(calls), tmp_path, variety=6, most=3)) == 3


def test_what_is_a_case_already_counts_and_nothing_joins_it_that_shows_no_more(tmp_path: Path) -> None:
    master = GoldenMaster(SCORE, (Case(call(1, 7), OUTCOME),))

    assert select(trial([call(1), call(1, 1)]), tmp_path, master) == []
    assert select(trial([call(1), call(2)]), tmp_path, master) == ["c2.0"]


def test_a_single_call_is_kept_without_being_watched(tmp_path: Path) -> None:
    watching = Watching()

    assert select(trial([call(1)]), tmp_path, replayer=watching) == ["c1.0"]
    assert watching.calls == 0


def test_a_heavy_trial_is_left_alone(tmp_path: Path) -> None:
    assert select(trial([call(1), call(1, 1)], is_heavy=True), tmp_path) == ["c1.0", "c1.1"]


def test_what_was_made_minimal_is_joined_only_by_what_takes_a_new_way(tmp_path: Path) -> None:
    number = replace(call(1, 1), arguments={**call(1).arguments, "days": "99"})
    master = GoldenMaster(SCORE, (Case(call(1, 7), OUTCOME),))

    assert select(trial([number]), tmp_path, master, variety=9) == ["c1.1"]
    assert select(trial([number]), tmp_path, replace(master, is_minimal=True), variety=9) == []
    assert select(trial([call(2)]), tmp_path, replace(master, is_minimal=True)) == ["c2.0"]
