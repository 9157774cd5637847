"""Calls that are all given the same parameters and nothing else, column by column: most calls of a batch are.

What they have in common is said once, and columns of numbers or of strings are read as a whole.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import repeat
from operator import attrgetter
from typing import Any

from legacy_seam.calls import Call, Outcome
from legacy_seam.replay.reading import atoms_ahead, atoms_ahead_in_columns
from legacy_seam.replay.wire import NONE, Job, expected_of

_more = attrgetter("closure", "state", "files", "driven", "answers", "in_loop")


def sheet_to_data(calls: Sequence[Call], approved: Mapping[str, Outcome]) -> dict[str, Any] | None:
    """Calls as plain data; None where they are not alike, or have more than arguments.

    Args:
        calls: the calls, at least one.
        approved: identity of a call -> what is expected of it.
    """
    names, defaulted = tuple(calls[0].arguments), calls[0].defaulted
    if any(map(any, map(_more, calls))) or any(
        tuple(call.arguments) != names or call.defaulted != defaulted for call in calls
    ):
        return None
    return {
        "names": names,
        "defaulted": defaulted,
        "columns": list(zip(*[call.arguments.values() for call in calls], strict=True)),
        "instants": [call.instant for call in calls],
        "expected": [expected_of(approved.get(call.identity)) for call in calls],
    }


def jobs_of_sheet(data: Mapping[str, Any]) -> list[Job]:
    """What `sheet_to_data` has said; arguments that are mere atoms are read."""
    names, defaulted, columns = data["names"], tuple(data["defaulted"]), data["columns"]
    instants, expected = data["instants"], data["expected"]
    rows = zip(*columns, strict=True) if columns else repeat((), len(instants))
    given: list[dict[str, str]] = [dict(zip(names, row, strict=True)) for row in rows]
    read = atoms_ahead_in_columns(columns)
    atoms: list[Any] = (
        [atoms_ahead(arguments) for arguments in given]
        if read is None or not columns
        else [dict(zip(names, row, strict=True)) for row in zip(*read, strict=True)]
    )
    return [
        Job(arguments, instant, defaulted, gist, NONE, NONE, atoms=ahead)
        for arguments, instant, gist, ahead in zip(given, instants, expected, atoms, strict=True)
    ]
