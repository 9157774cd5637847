"""Where a dataset comes from: `manifest.json`, beside its files.

The digest of the whole is made of the digests of the files, which have no dates in them: the same recordings give
the same digest.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from legacy_seam.dataset.columns import Column
from legacy_seam.dataset.formats import Format
from legacy_seam.errors import SeamError
from legacy_seam.store.atomic import write_atomically

FORMAT, VERSION, FILE = "legacy-seam dataset", 1, "manifest.json"


@dataclass(frozen=True, slots=True)
class SplitFile:
    """One split: its file, how many rows it has, when the first and the last were called, and its digest."""

    name: str
    file: str
    rows: int
    first: str
    last: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What is known of a dataset.

    target:     the legacy function.
    source:     of its source: `file`, `sha256` of its lines; empty where it was not found.
    origin:     what it was made from: `store` or `log` and `experiment`; `commit` of the program, whether secrets
                were `redacted`, how many `calls_seen` while recording, how many of them with
                inputs that were `repeated`, how many `passed_over`.
    form:       the format of the files.
    parameters: of the function, in order; defaults: literals of those that have one.
    label:      `column`; `kind`: `outcome` or, where it is what legacy answered, `imitation`; of an outcome its
                `file`, `sha256`, what it was `joined_by`.
    group:      the column that says what belongs together; empty for none.
    split_by:   `time` or `group`.
    splits:     the files.
    columns:    all columns; those that begin with `call:` are about the call, all others are its inputs.
    left_out:   calls that are not in it, by reason.
    leaks:      what the guard found and was told to accept, or only tells.
    sha256:     of all files.
    made, tool: when, and by which version.
    """

    target: str
    source: dict[str, str]
    origin: dict[str, Any]
    form: Format
    parameters: tuple[str, ...]
    defaults: dict[str, str]
    label: dict[str, Any]
    group: str
    split_by: str
    splits: tuple[SplitFile, ...]
    columns: tuple[Column, ...]
    left_out: dict[str, int]
    leaks: tuple[dict[str, Any], ...]
    sha256: str
    made: str
    tool: str

    @property
    def rows(self) -> int:
        """Of all splits."""
        return sum(split.rows for split in self.splits)

    @property
    def features(self) -> tuple[Column, ...]:
        """The columns of inputs."""
        return tuple(column for column in self.columns if not column.name.startswith("call:"))

    def as_json(self) -> dict[str, Any]:
        """As it stands in the file."""
        return {"format": FORMAT, "version": VERSION, **asdict(self)}

    def save(self, directory: Path) -> None:
        """Write it into the directory of the dataset."""
        text = json.dumps(self.as_json(), indent=2, ensure_ascii=False) + "\n"
        write_atomically(directory / FILE, text.encode("utf-8", "backslashreplace"))

    @staticmethod
    def load(directory: Path) -> Manifest:
        """Read that of a directory.

        Raises:
            SeamError: there is none, or it is not one that this version reads.
        """
        path = directory / FILE
        try:
            found = json.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise SeamError(
                f"There is no dataset in {directory}: `legacy-seam dataset export` makes one."
            ) from None
        except (OSError, ValueError) as error:
            raise SeamError(f"{path} cannot be read: {error}.") from None
        if not isinstance(found, dict) or found.get("format") != FORMAT:
            raise SeamError(f"{path} is not the manifest of a dataset.")
        if found.get("version") != VERSION:
            raise SeamError(f"The dataset {directory} has version {found.get('version')!r}; this reads {VERSION}.")
        try:
            return _made_of(found)
        except (KeyError, TypeError) as error:
            raise SeamError(f"{path} cannot be read ({error}): export the dataset again.") from None


def _made_of(found: Mapping[str, Any]) -> Manifest:
    known = {one.name: found[one.name] for one in fields(Manifest)}
    return Manifest(
        **{
            **known,
            "parameters": tuple(known["parameters"]),
            "splits": tuple(SplitFile(**one) for one in known["splits"]),
            "columns": tuple(Column(**{**one, "categories": tuple(one["categories"])}) for one in known["columns"]),
            "leaks": tuple(known["leaks"]),
        }
    )


def digest_of_file(path: Path) -> str:
    """The SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def digest_of_all(splits: Sequence[SplitFile]) -> str:
    """One digest for all files."""
    told = "\n".join(f"{split.name} {split.rows} {split.sha256}" for split in splits)
    return hashlib.sha256(told.encode()).hexdigest()
