"""The file that a shadow run leaves: JSON lines, one for each recorded call, between a first and a last one.

    {"format": "legacy-seam shadow", "version": 1, "target": "rules:score", "candidate": "model:score", …}
    {"id": "1f3a…", "at": 1795755623.3, "seen": 4, "inputs": {"days": "3"}, "source": "replayed",
     "control": {"value": "680"}, "candidate": {"value": "650"}, "match": false, "distance": 30.0, "path": "",
     "why": "680 is not 650", "reason": "", "nanoseconds": 81200}
    {"calls": 1200}

Values are texts in the notation; a distance that no number tells is null. A file without its last line is that of a
run that was interrupted.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import IO, Any

from legacy_seam.errors import SeamError

FORMAT, VERSION = "legacy-seam shadow", 1


@dataclass(frozen=True, slots=True)
class Header:
    """Which run it was.

    target:    the legacy function.
    candidate: what ran beside it; None for legacy against itself.
    compare:   the name of the comparator.
    made:      when, as text in UTC.
    calls:     how many recorded calls were to be run.
    versions:  of Python and of what the candidate is built on, by name.
    """

    target: str
    candidate: str | None
    compare: str
    made: str
    calls: int
    versions: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ended:
    """How a call ended: with a value, or with an exception of this type and message."""

    value: str | None = None
    raised: str | None = None
    message: str = ""

    def told(self) -> str:
        """In a few words."""
        return f"{self.raised}({self.message!r})" if self.raised else str(self.value)


@dataclass(frozen=True, slots=True)
class Row:
    """One recorded call, and how it ended on both sides.

    id:          the identity of the call.
    at:          when it was recorded, in seconds since the epoch.
    seen:        how often it was recorded.
    inputs:      parameter -> text.
    source:      `replayed`: legacy was run again in the controlled world; `observed`: it could not be, and this is
                 what was seen in the wild; `none`: neither.
    control:     how legacy ended.
    candidate:   how the candidate ended; None where it did not.
    match:       the verdict; None where there is none.
    distance, path, why: see `legacy_seam.experiment.Verdict`.
    reason:      why there is no verdict, or the candidate failed: `exception`, `timeout`, `refused` (the call could
                 not be given to it) or `no_control`; empty otherwise.
    nanoseconds: that the candidate took; 0 where it did not answer.
    denied:      what the candidate tried to do to the world, and was refused.
    """

    id: str
    at: float
    seen: int
    inputs: dict[str, str]
    source: str
    control: Ended | None
    candidate: Ended | None
    match: bool | None
    distance: float = 0.0
    path: str = ""
    why: str = ""
    reason: str = ""
    nanoseconds: int = 0
    denied: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Results:
    """A whole shadow run. `complete` is False where it was interrupted."""

    header: Header
    rows: tuple[Row, ...]
    complete: bool

    @property
    def compared(self) -> tuple[Row, ...]:
        """The calls with a verdict."""
        return tuple(row for row in self.rows if row.match is not None)


def path_of(directory: Path, target: str, candidate: str | None) -> Path:
    """Where the results of a target and its candidate lie.

    >>> path_of(Path("shadow"), "rules:score", "model:score").name
    'rules.score--model.score.jsonl'
    """
    names = [re.sub(r"[^\w.-]", ".", name) for name in (target, candidate or "itself")]
    return directory / f"{'--'.join(names)}.jsonl"


class Writer:
    """Writes rows as they come; to be used in a `with` statement.

    The file is in place when the run has ended, whole or interrupted; until then a former one stays.

    Args:
        path: the file.
        header: its first line.
    """

    def __init__(self, path: Path, header: Header) -> None:
        self.path, self._header = path, header
        self._part = path.with_name(path.name + ".part")
        self._file: IO[str] | None = None
        self._rows = 0

    def __enter__(self) -> Writer:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._file = self._part.open("w", encoding="utf-8", errors="backslashreplace")
        self._line({"format": FORMAT, "version": VERSION, **asdict(self._header)})
        return self

    def write(self, row: Row) -> None:
        """Add a row."""
        found = asdict(row)
        found["distance"] = row.distance if math.isfinite(row.distance) else None
        self._line(found)
        self._rows += 1

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        assert self._file is not None
        if kind is None:
            self._line({"calls": self._rows})
        self._file.close()
        if kind is None or (issubclass(kind, KeyboardInterrupt) and self._rows):
            self._part.replace(self.path)
        else:
            self._part.unlink(missing_ok=True)

    def _line(self, found: dict[str, Any]) -> None:
        assert self._file is not None
        self._file.write(json.dumps(found, ensure_ascii=False) + "\n")


def read(path: Path) -> Results:
    """Read a file.

    Raises:
        SeamError: there is none, or it is not one that this version reads.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
        found = [json.loads(line) for line in lines]
    except FileNotFoundError:
        raise SeamError(f"There are no results {path}: run `legacy-seam shadow` first.") from None
    except (OSError, ValueError) as error:
        raise SeamError(f"The results {path} cannot be read ({error}): run `legacy-seam shadow` again.") from None
    if not found or not isinstance(found[0], dict) or found[0].get("format") != FORMAT:
        raise SeamError(f"{path} does not hold the results of a shadow run.")
    if found[0].get("version") != VERSION:
        raise SeamError(f"The results {path} have version {found[0].get('version')!r}; this reads {VERSION}.")
    complete = set(found[-1]) == {"calls"}
    try:
        rows = tuple(_row(one) for one in found[1 : -1 if complete else None])
        header = Header(**{one.name: found[0][one.name] for one in fields(Header)})
    except (KeyError, TypeError) as error:
        raise SeamError(f"The results {path} cannot be read ({error}): run `legacy-seam shadow` again.") from None
    return Results(header, rows, complete)


def unfinished(path: Path, header: Header) -> tuple[Row, ...]:
    """The rows of a run that was interrupted, so that it can go on.

    Args:
        path: its file.
        header: that of the run that is to go on with it.

    Raises:
        SeamError: there is none, it came to its end, or it was another run than this.
    """
    found = read(path)
    if found.complete:
        raise SeamError(f"The run that left {path} came to its end: there is nothing to resume.")
    for what in ("target", "candidate", "compare", "versions"):
        before, now = getattr(found.header, what), getattr(header, what)
        if before != now:
            raise SeamError(
                f"The run that was interrupted had other {what} ({before}, now {now}):"
                " run it anew, without --resume."
            )
    return found.rows


def latest(directory: Path, target: str, candidate: str | None) -> Path:
    """The results of a target: those of that candidate, or the latest of any.

    Raises:
        SeamError: there are none.
    """
    if candidate is not None:
        path = path_of(directory, target, candidate)
        found = [path] if path.exists() else []
    else:
        itself = path_of(directory, target, None)
        begin = itself.name.removesuffix("itself.jsonl")
        found = [one for one in _files(directory) if one.name.startswith(begin) and one != itself]
    if not found:
        beside = f" with {candidate}" if candidate else ""
        raise SeamError(
            f"{target} was not shadowed{beside} yet: run `legacy-seam shadow {target} --candidate"
            f" {candidate or 'module:attribute'}` first."
        )
    return max(found, key=lambda one: one.stat().st_mtime_ns)


def _files(directory: Path) -> Iterator[Path]:
    return directory.glob("*.jsonl") if directory.is_dir() else iter(())


def _row(found: dict[str, Any]) -> Row:
    ends = {name: None if found[name] is None else Ended(**found[name]) for name in ("control", "candidate")}
    distance = math.inf if found["distance"] is None else found["distance"]
    return Row(**{**found, **ends, "distance": distance, "denied": tuple(found["denied"])})
