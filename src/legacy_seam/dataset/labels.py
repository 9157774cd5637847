"""What really happened, joined to calls: a CSV file or JSON lines.

Its columns are `label`, perhaps `at` (when it was known, as ISO text), and what it is joined by: features of a call
(`account.id`), or `key`, which stands for the one feature that `--key` names.
"""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from legacy_seam.errors import SeamError
from legacy_seam.values.flat import Value

_OWN = ("label", "at")


@dataclass(frozen=True, slots=True)
class Label:
    """A label, and when it was known; None where the file does not say."""

    value: Value
    at: float | None


class Labels:
    """Labels by what they are joined by.

    Args:
        path: the file.
        key: the feature for which its column `key` stands; empty where it has none.
        horizon: seconds after a call until which its label counts; None for no end.

    Raises:
        SeamError: the file cannot be read, or does not say what is needed.
    """

    def __init__(self, path: Path, key: str = "", horizon: float | None = None) -> None:
        self.path, self._horizon = path, horizon
        rows = list(_rows(path))
        if not rows or "label" not in rows[0]:
            raise SeamError(f"The labels {path} need a column label, and what they are joined by.")
        names = [name for name in rows[0] if name not in _OWN]
        if "key" in names and not key:
            raise SeamError(f"The labels {path} have a column key: say which feature it is (--key account.id).")
        if not names:
            raise SeamError(f"The labels {path} need a column with what they are joined by, such as account.id.")
        self.joined_by: tuple[str, ...] = tuple(key if name == "key" else name for name in names)
        self.are_dated = "at" in rows[0]
        if horizon is not None and not self.are_dated:
            raise SeamError(f"The labels {path} have no column at, so --horizon says nothing.")
        self._labels = self._by_key(rows, names)

    def _by_key(self, rows: list[dict[str, Any]], names: list[str]) -> dict[tuple[str, ...], list[Label]]:
        found: dict[tuple[str, ...], list[Label]] = defaultdict(list)
        for number, row in enumerate(rows, 2):
            try:
                label = Label(_value(row["label"]), _instant(row["at"]) if self.are_dated else None)
                found[tuple(_text(row[name]) for name in names)].append(label)
            except (KeyError, ValueError, TypeError) as error:
                raise SeamError(f"The labels {self.path}, row {number}, cannot be read: {error}.") from None
        for key, several in found.items():
            if len(several) > 1 and not self.are_dated:
                raise SeamError(
                    f"The labels {self.path} have {len(several)} labels of {', '.join(key)}: add a column at, or"
                    " join by more."
                )
            several.sort(key=lambda label: label.at or 0.0)
        return dict(found)

    def of(self, features: Mapping[str, Value], at: float) -> Label | None:
        """The first label of a call that was known after it; None where there is none."""
        key = tuple(_text(features.get(name)) for name in self.joined_by)
        for label in self._labels.get(key, ()):
            if label.at is None:
                return label
            if label.at > at:
                is_late = self._horizon is not None and label.at > at + self._horizon
                return None if is_late else label
        return None


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            if path.suffix in (".jsonl", ".ndjson", ".json"):
                yield from (json.loads(line) for line in file if line.strip())
            else:
                yield from csv.DictReader(file)
    except (OSError, ValueError, csv.Error) as error:
        what = error.strerror or error if isinstance(error, OSError) else error
        raise SeamError(f"The labels {path} cannot be read: {what}.") from None


def _value(found: object) -> Value:
    """A label as it is meant: texts of CSV are numbers where they look like it."""
    if isinstance(found, (bool, int, float)):
        return found
    text = str(found)
    if found is None or not text:
        raise ValueError("the label is empty")
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text


def _text(value: object) -> str:
    """What is compared: 3 and 3.0 and "3" are the same key."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)


def _instant(found: object) -> float:
    at = datetime.fromisoformat(str(found))
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp()
