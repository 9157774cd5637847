"""How often drift is found where there is none, and how often it is found where there is some.

    python benchmarks/drift.py [--trials 200]

Goal: something significant in 5 % ± 2 of the trials without drift, at any size from 100 to 5,000 rows. The alarm,
which needs an effect as well, comes no more often than that.
"""

from __future__ import annotations

import argparse
import random
import time

from legacy_seam.rollout.drifting import compare_samples
from legacy_seam.values.flat import Value


def sample(count: int, chance: random.Random, shift: float = 0.0) -> list[dict[str, Value]]:
    """Rows with numbers, categories and truth values."""
    return [
        {
            "amount": chance.gauss(shift, 1),
            "age": chance.uniform(18, 90),
            "days": chance.randint(0, 400),
            "region": chance.choices(["HH", "MUC", "BER", "CGN"], [1, 4, 3, 2])[0],
            "calls": chance.randint(0, 9),
        }
        for _ in range(count)
    ]


def rates(count: int, trials: int, shift: float) -> tuple[float, float]:
    """The shares of trials with anything significant, and with an alarm."""
    significant = alarms = 0
    for seed in range(trials):
        chance = random.Random(f"{count} {shift} {seed}")
        found = compare_samples(sample(count, chance), sample(count, chance, shift))
        significant += found.significant
        alarms += found.state == "drift"
    return significant / trials, alarms / trials


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trials", type=int, default=200)
    parser.add_argument("--rows", type=int, nargs="*", default=[100, 300, 1000, 5000])
    given = parser.parse_args()
    begun = time.process_time()
    for count in given.rows:
        for shift, what in ((0.0, "no drift"), (0.3, "one of five features moved by 0.3 deviations")):
            significant, alarms = rates(count, given.trials, shift)
            print(f"{count:>5} rows, {what}: significant in {significant:.1%}, alarm in {alarms:.1%}", flush=True)
    print(f"{time.process_time() - begun:.0f} s of processor time")


if __name__ == "__main__":
    main()
