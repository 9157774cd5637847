"""Calls that are all given the same parameters and nothing else, column by column: most calls of a batch are.

What they have in common is said once, and columns of numbers or of strings are read as a whole.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from operator import attrgetter
from typing import Any

from legacy_seam.calls import Call, Outcome
from legacy_seam.replay.reading import atoms_ahead, atoms_ahead_in_columns
from legacy_seam.replay.wire import NONE, Job, expected_of, gist_of_returned, returned_alone

_more = attrgetter("closure", "state", "files", "driven", "answers", "in_loop")


def sheet_to_data(calls: Sequence[Call], approved: Mapping[str, Outcome]) -> dict[str, Any] | None:
    """Calls as plain data; None where they are not alike, or have more than arguments.

    Args:
        calls: the calls, at least one.
        approved: identity of a call -> what is expected of it.
    """
    names, defaulted = [*calls[0].arguments], calls[0].defaulted
    if any(map(any, map(_more, calls))) or any(
        [*call.arguments] != names or call.defaulted != defaulted for call in calls
    ):
        return None
    outcomes = [approved.get(call.identity) for call in calls]
    returned = [*map(returned_alone, outcomes)]
    return {
        "names": names,
        "defaulted": defaulted,
        "columns": list(zip(*[call.arguments.values() for call in calls], strict=True)),
        "instants": [call.instant for call in calls],
        "returned": returned,
        "expected": {
            at: expected_of(outcome)
            for at, outcome in enumerate(outcomes)
            if returned[at] is None and outcome is not None
        },
    }


class Sheet(Sequence[Job]):
    """What `sheet_to_data` has said; arguments that are mere atoms are read, and jobs made when they are asked for.

    names:     of the arguments.
    defaulted: parameters that were left to their defaults.
    columns:   the arguments of all calls, one list for each name; None where any of them is more than an atom.
    returned:  the text of what each call is to return; None where more is expected of it, or nothing.
    """

    def __init__(self, data: Mapping[str, Any]) -> None:
        self.names: tuple[str, ...] = tuple(data["names"])
        self.defaulted: tuple[str, ...] = tuple(data["defaulted"])
        self.returned: list[str | None] = data["returned"]
        self._texts: list[list[str]] = data["columns"]
        self._instants: list[float] = data["instants"]
        self._expected: Mapping[str, str] = data["expected"]
        self.columns = atoms_ahead_in_columns(self._texts)

    def __len__(self) -> int:
        return len(self._instants)

    def __getitem__(self, at: Any) -> Any:
        return [self._job(one) for one in range(len(self))[at]] if isinstance(at, slice) else self._job(at)

    def __iter__(self) -> Iterator[Job]:
        return map(self._job, range(len(self)))

    def _job(self, at: int) -> Job:
        arguments = {name: texts[at] for name, texts in zip(self.names, self._texts, strict=True)}
        read, returned = self.columns, self.returned[at]
        gist = self._expected.get(str(at)) if returned is None else gist_of_returned(returned)
        atoms = (
            atoms_ahead(arguments)
            if read is None
            else {name: column[at] for name, column in zip(self.names, read, strict=True)}
        )
        return Job(arguments, self._instants[at], self.defaulted, gist, NONE, NONE, atoms=atoms)
