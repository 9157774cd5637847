"""Reading a prediction log: rows with their values as they were."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from legacy_seam.errors import SeamError
from legacy_seam.experiment.compare.verdict import told
from legacy_seam.experiment.log.encoding import NotStored, decoded, from_text
from legacy_seam.experiment.log.place import shown_place
from legacy_seam.experiment.log.rows import COLUMNS
from legacy_seam.plaindata import dataclass


@dataclass(frozen=True, slots=True)
class Prediction:
    """One row of a prediction log; see `Observation` for what its parts mean.

    `at` is an instant as text in UTC (`2026-11-27T05:00:23.361877Z`). A value that was kept as a description only
    is a dictionary with the key `$object`. `control_raised` and `candidate_raised` have `type` and `message`.
    """

    id: str
    at: str
    run: str
    experiment: str
    mode: str
    stage: str
    arm: str
    key: str | None
    bucket: float | None
    model_name: str
    model_version: str
    model_sha256: str
    libraries: dict[str, str]
    code: str
    inputs: dict[str, Any] | None
    control: Any
    control_raised: dict[str, str] | None
    candidate: Any
    candidate_raised: dict[str, str] | None
    served: Any
    reason: str
    detail: str
    matched: bool | None
    distance: float | None
    path: str | None
    difference: str | None
    signature: str | None
    denied: list[str]
    control_ns: int
    candidate_ns: int | None


class Question:
    """Which rows are wanted.

    Args:
        place: The path of a SQLite file, or a URL.
        is_url: Which of both.
        equal: Columns and the values they are to have.

    Raises:
        SeamError: There is no such column.
    """

    def __init__(self, place: str, is_url: bool, equal: dict[str, Any]) -> None:
        self._place, self._is_url, self._equal = place, is_url, equal
        unknown = sorted(set(equal) - {name for name, kind in COLUMNS if kind not in ("json", "value", "time")})
        if unknown:
            raise SeamError(f"A prediction log cannot be asked for {', '.join(unknown)}.")

    def answer(self) -> Iterator[Prediction]:
        """The rows, oldest first.

        Raises:
            SeamError: The log cannot be read.
        """
        try:
            for stored in self._stored():
                yield Prediction(**{name: _read(kind, stored[name]) for name, kind in COLUMNS})
        except SeamError:
            raise
        except Exception as error:
            raise SeamError(
                f"The prediction log {shown_place(self._place)} cannot be read: {told(error)}."
            ) from error

    def _stored(self) -> Iterator[dict[str, Any]]:
        if self._is_url:
            from legacy_seam.experiment.log.server import read_server

            return read_server(self._place, self._equal)
        from legacy_seam.experiment.log.sqlite import read_sqlite

        conditions = " AND ".join(f"{name} IS ?" for name in self._equal)
        where = f"WHERE {conditions}" if conditions else ""
        return read_sqlite(self._place, where, list(self._equal.values()), "ORDER BY at, id")


def _read(kind: str, stored: Any) -> Any:
    if kind == "truth":
        return None if stored is None else bool(stored)
    if kind not in ("json", "value") or stored is None:
        return stored
    try:
        return from_text(stored) if isinstance(stored, str) else decoded(stored)
    except NotStored:
        import json

        return json.loads(stored) if isinstance(stored, str) else stored
