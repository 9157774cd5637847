"""How well mismatches are explained: planted slices that are found, and slices that are found where there are none.

    python benchmarks/explain.py [--runs 100]

Goals: every planted slice of at least 40 rows among the first ten; no slice in 95 of 100 runs without any.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from pathlib import Path

from legacy_seam.rollout.slices import find_slices

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

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
        for holds in PLANTED.values():
            planted = {place for place, row in enumerate(rows) if holds(row)}
            if len(planted) < 40:
                continue
            planted_ones += 1
            best = max(found, key=lambda one: len(planted.intersection(one.members)), default=None)
            if best is not None:
                inside = len(planted.intersection(best.members))
                found_ones += inside > len(planted) / 2 and best.departed > len(best.members) / 2
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
    print(f"{time.process_time() - begun:.0f} s of processor time")


if __name__ == "__main__":
    main()
