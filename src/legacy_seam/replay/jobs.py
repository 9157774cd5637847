"""The calls of a batch on their way to a worker: in portions, each of which is read when its turn comes.

The process in which they run reads them, and lets go of them. So nobody pays for the memory of a large batch, and
none of it is shared with a parent, which would have the kernel copy it page by page. A portion is read as a whole,
arguments that are mere atoms included: many in a row take a part of the time that each takes between two calls.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from legacy_seam.calls import Call, Outcome
from legacy_seam.replay.reading import atoms_ahead
from legacy_seam.replay.sheets import Sheet, sheet_to_data
from legacy_seam.replay.wire import Job, job_from_data, job_to_data

PORTION = 200
_read = json.JSONDecoder().decode  # ours, whatever the program does to the module


def portions(calls: Sequence[Call], approved: Mapping[str, Outcome]) -> Iterator[list[Any] | dict[str, Any]]:
    """Calls as plain data, so many at a time: as a sheet where they are alike, else one by one.

    Args:
        calls: the calls.
        approved: identity of a call -> what is expected of it.
    """
    for start in range(0, len(calls), PORTION):
        some = calls[start : start + PORTION]
        yield sheet_to_data(some, approved) or [job_to_data(call, approved.get(call.identity)) for call in some]


class Jobs:
    """The calls of a batch, as they came.

    Args:
        count: how many there are.
        portions: the messages in which they came, not yet read.
    """

    def __init__(self, count: int, portions: Sequence[bytes]) -> None:
        self._count = count
        self._portions = portions

    def __len__(self) -> int:
        return self._count

    def some(self, start: int, count: int) -> Iterator[Job]:
        """So many of them, from one on."""
        for jobs in self.in_portions(start, count):
            yield from jobs

    def in_portions(self, start: int, count: int) -> Iterator[Sequence[Job]]:
        """The same, as many at a time as came together: a sheet, or a list."""
        skipped = start % PORTION
        for portion in self._portions[start // PORTION :]:
            if not count:
                return
            jobs = _jobs(_read(portion.decode("ascii")))
            if skipped or count < len(jobs):
                jobs = jobs[skipped : skipped + count]
            yield jobs
            skipped, count = 0, count - len(jobs)


def _jobs(portion: Any) -> Sequence[Job]:
    if isinstance(portion, dict):
        return Sheet(portion)
    jobs = [job_from_data(data) for data in portion]
    for job in jobs:
        if not (job.closure or job.state):
            job.atoms = atoms_ahead(job.arguments)
    return jobs
