"""How well mismatches are explained: planted slices that are found, and slices that are found where there are none.

    python benchmarks/explain.py [--runs 100]

Goals: every planted slice of at least 40 rows among the first ten; no slice in 95 of 100 runs without any.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from legacy_seam.rollout.slices import Slice, find_slices
from legacy_seam.values import encode_roots
from legacy_seam.values.flat import flatten

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from rollout.other_programs import ORDER_RULES, POLICY_RULES, orders, policies
from rollout.planted import PLANTED, departures, inputs


def false_alarms(runs: int) -> int:
    """In how many runs there is a slice where mismatches are chance."""
    found = 0
    for seed in range(runs):
        chance = random.Random(seed)
        rows = inputs(chance.choice([200, 500, 1000]), chance)
        rate = chance.choice([0.01, 0.05, 0.2])
        found += bool(find_slices(rows, [chance.random() < rate for _ in rows], most=1))
    return found


def recall(runs: int) -> tuple[int, int]:
    """Of how many planted slices of at least 40 rows, how many are found: most of it, and mostly it."""
    planted_ones = found_ones = 0
    for seed in range(runs):
        chance = random.Random(1000 + seed)
        rows = inputs(3000, chance)
        found = find_slices(rows, departures(rows, chance, noise=0.05), most=10)
        planted, recognised = counted(rows, PLANTED, found)
        planted_ones, found_ones = planted_ones + planted, found_ones + recognised
    return planted_ones, found_ones


def recall_elsewhere(runs: int) -> tuple[int, int]:
    """The same in two programs with other quirks."""
    planted_ones = found_ones = 0
    for make, rules in ((policies, POLICY_RULES), (orders, ORDER_RULES)):
        for seed in range(runs):
            chance = random.Random(seed)
            calls = make(3000, chance)
            departs = [
                chance.random() < (0.9 if any(rule(one) for rule in rules.values()) else 0.04) for one in calls
            ]
            found = find_slices([flatten(encode_roots(one)) for one in calls], departs, most=10)
            planted, recognised = counted(calls, rules, found)
            planted_ones, found_ones = planted_ones + planted, found_ones + recognised
    return planted_ones, found_ones


def counted(rows: list[Any], rules: Mapping[str, Callable[[Any], bool]], found: list[Slice]) -> tuple[int, int]:
    """How many rules hold for 40 rows, and how many of these are found."""
    planted_ones = found_ones = 0
    for holds in rules.values():
        planted = {place for place, row in enumerate(rows) if holds(row)}
        if len(planted) < 40:
            continue
        planted_ones += 1
        found_ones += any(
            len(planted.intersection(one.members)) > len(planted) / 2 and one.departed > len(one.members) / 2
            for one in found
        )
    return planted_ones, found_ones


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=100)
    runs = parser.parse_args().runs
    begun = time.process_time()
    print(f"slices where there are none: {false_alarms(runs)} of {runs} runs (goal: at most 5 %)")
    planted, found = recall(max(1, runs // 5))
    print(f"planted slices found among the first ten: {found} of {planted}")
    planted, found = recall_elsewhere(max(1, runs // 20))
    print(f"in two programs with other quirks, on 3,000 calls each: {found} of {planted}")
    print(f"{time.process_time() - begun:.0f} s of processor time")


if __name__ == "__main__":
    main()
