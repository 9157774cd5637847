"""Why a model should be trained again: age, data, libraries, recipe, or the function that it stands for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any, Literal

from legacy_seam.dataset.manifest import Manifest, digest_of_file
from legacy_seam.dataset.origin import Source
from legacy_seam.errors import SeamError

Kind = Literal["age", "data", "libraries", "recipe", "source", "file"]


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason.

    kind: - `age`: it was made longer ago than it may be;
          - `data`: its dataset is gone, or another was exported in its place;
          - `libraries`: other versions are installed than it was made with;
          - `recipe`: the file of its recipe was changed;
          - `source`: the legacy function was changed;
          - `file`: its own file is not the one that was trained.
    told: in words.
    """

    kind: Kind
    told: str


def reasons(
    card: Mapping[str, Any],
    directory: Path,
    project: Path,
    source: Source,
    max_age: float | None = None,
    now: datetime | None = None,
) -> Iterator[Reason]:
    """Why a model is stale; none where it is fresh.

    Args:
        card: what is written down about it.
        directory: where it lies.
        project: the directory of the project.
        source: of the legacy function as it is now (see `source_of`).
        max_age: seconds.
        now: when that is.
    """
    age = ((now or datetime.now(UTC)) - datetime.fromisoformat(card["made"])).total_seconds()
    if max_age is not None and age > max_age:
        yield Reason("age", f"it was made {_days(age)} ago, {_days(max_age)} are allowed")
    path = directory / str(card["file"])
    if not path.is_file() or digest_of_file(path) != card["sha256"]:
        yield Reason("file", f"{path.name} is not the file that was trained")
    yield from _of_data(card["dataset"], project)
    for name, version in card["libraries"].items():
        installed = _installed(name)
        if installed != version:
            yield Reason("libraries", f"it was made with {name} {version}; {installed or 'none'} is installed")
    recipe = card["recipe"]
    if recipe["sha256"] and _digest(project / recipe["file"]) != recipe["sha256"]:
        yield Reason("recipe", f"{recipe['file']} was changed since")
    if card["source"] and card["source"]["sha256"] != source.sha256:
        what = "was changed since" if source.file else f"is no longer in {card['source']['file']}"
        yield Reason("source", f"{card['target']} {what}")


def _of_data(dataset: Mapping[str, Any], project: Path) -> Iterator[Reason]:
    place = project / str(dataset["directory"])
    try:
        digest = Manifest.load(place).sha256
    except SeamError:
        yield Reason("data", f"its dataset {dataset['directory']} is gone")
        return
    if digest != dataset["sha256"]:
        yield Reason("data", f"another dataset was exported to {dataset['directory']} since")


def _installed(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""


def _digest(path: Path) -> str:
    try:
        return digest_of_file(path)
    except OSError:
        return ""


def _days(seconds: float) -> str:
    """A length of time, as people say it.

    >>> _days(604_800), _days(5400)
    ('7 days', '1.5 hours')
    """
    number, unit = (seconds / 86_400, "days") if seconds >= 86_400 else (seconds / 3600, "hours")
    return f"{number:.1f}".removesuffix(".0") + f" {unit}"
