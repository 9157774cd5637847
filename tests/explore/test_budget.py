"""How much of a budget a search has used."""

from __future__ import annotations

import time
from dataclasses import dataclass

from legacy_seam.explore.budget import Stopwatch


@dataclass
class Worker:
    seconds: float = 7.0


def test_what_a_worker_computes_counts_from_when_the_watch_was_made() -> None:
    worker = Worker()
    watch = Stopwatch(worker)
    worker.seconds = 12.0
    assert 5.0 <= watch.seconds() < 6.0


def test_who_waits_uses_a_part_of_the_budget() -> None:
    watch = Stopwatch(Worker())
    time.sleep(0.2)
    assert 0.02 <= watch.seconds() < 0.2
