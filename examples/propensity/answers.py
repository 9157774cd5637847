"""Who answered, and why: the prediction log in a few lines.

python -m propensity.answers --since 2026-07-09
"""

from __future__ import annotations

import argparse
from collections import Counter

from legacy_seam.experiment import PredictionLog
from propensity.seam import LOG


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="count the answers in the prediction log")
    parser.add_argument("--since", default="", help="from this day on")
    rows = [row for row in PredictionLog(LOG).rows("score") if row.at >= parser.parse_args().since]
    answers = Counter(f"{row.arm} ({row.reason})" if row.reason else row.arm for row in rows)
    for answer, number in sorted(answers.items()):
        print(f"{number:>6} answered by {answer}")
    compared = [row for row in rows if row.matched is not None]
    if compared:
        print(f"{sum(bool(row.matched) for row in compared):>6} of {len(compared)} on the same step of the ladder")


if __name__ == "__main__":
    main()
