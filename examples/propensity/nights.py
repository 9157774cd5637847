"""Nights of Halloran Receivables, one after the other, and who paid afterwards.

    python -m propensity.nights --nights 90 --until 2026-06-30 --accounts 30

Each night has customers of its own, made by `generate.py`, and runs `collect.py` as the scheduler would: in a
process of its own, with the clock at 02:15 of that day. What customers did afterwards is drawn from what is true of
them (`outcomes.py`). Everything follows from the dates: the same nights come out the same.
"""

from __future__ import annotations

import argparse
import csv
import multiprocessing
import os
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import time_machine
from generate import generate

from propensity.outcomes import Outcome, outcomes
from propensity.seam import PROGRAM, SEAMS, Around

PLACE = PROGRAM / "nights"
A_NIGHTS_NUMBERS = 1000
"""The most accounts of a night: no two nights share the number of one."""


def run_nights(until: date, number: int, accounts: int, *, bureau: int = 0, around: Around) -> list[Outcome]:
    """Run nights.

    Args:
        until: the last of them.
        number: how many.
        accounts: how many customers each has.
        bureau: by how much the credit bureau rates everybody otherwise than usual.
        around: is entered within the process of each night, before it begins.

    Returns:
        what became of each account.
    """
    found: list[Outcome] = []
    for back in reversed(range(number)):
        day = until - timedelta(days=back)
        directory = PLACE / day.isoformat()
        first = A_NIGHTS_NUMBERS * (day - date(2026, 1, 1)).days + 1
        generate(str(directory), accounts, day.toordinal(), day, first)
        recalibrate(directory / "in" / "bureau.dat", bureau)
        night = multiprocessing.get_context("fork").Process(target=run_night, args=(day, directory, around))
        night.start()
        night.join()
        if night.exitcode:
            raise SystemExit(f"the night of {day} ended with {night.exitcode}")
        found += outcomes(directory, day)
    return found


def run_night(day: date, directory: Path, around: Around) -> None:
    """One night, in a process of its own. What it prints goes to a file, where cron would keep it."""
    os.chdir(directory)
    with (
        Path("stdout.txt").open("w") as sys.stdout,
        time_machine.travel(datetime(day.year, day.month, day.day, 2, 15, tzinfo=UTC)),
    ):
        import collect  # now: it opens this night's database, and takes today for today

        with around():
            collect.main([])


def recalibrate(file: Path, by: int) -> None:
    """Change all scores in the bureau's file."""
    lines = []
    for line in file.read_text().splitlines(keepends=True):
        before, mark, rest = line.partition("|SC=")
        if mark and rest[:4].isdigit() and 300 <= int(rest[:4]) <= 850:
            line = f"{before}{mark}{max(300, int(rest[:4]) + by):04d}{rest[4:]}"
        lines.append(line)
    file.write_text("".join(lines))


def note_payments(found: list[Outcome], path: Path) -> None:
    """Add who paid within thirty days, and when that was known, to the labels."""
    is_new = not path.exists()
    with path.open("a", newline="") as file:
        rows = csv.writer(file)
        if is_new:
            rows.writerow(["key", "label", "at"])
        rows.writerows((one.account, int(one.paid), one.known.isoformat()) for one in found)


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="run nights of Halloran Receivables")
    parser.add_argument("--nights", type=int, default=1)
    parser.add_argument("--until", type=date.fromisoformat, required=True, help="the last of them")
    parser.add_argument("--accounts", type=int, default=100, help="of each night")
    parser.add_argument("--seam", choices=SEAMS, default="legacy", help="what stands in it")
    parser.add_argument("--bureau", type=int, default=0, help="by how much it rates otherwise than usual")
    given = parser.parse_args()
    found = run_nights(given.until, given.nights, given.accounts, bureau=given.bureau, around=SEAMS[given.seam])
    note_payments(found, PROGRAM / "payments.csv")
    paid = sum(one.paid for one in found) / len(found)
    print(f"{given.nights} nights, {len(found):,} accounts; {paid:.0%} paid within thirty days")


if __name__ == "__main__":
    main()
