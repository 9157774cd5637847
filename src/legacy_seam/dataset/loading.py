"""A dataset as a recipe gets it.

def train(dataset):
    model = make_pipeline(..., LogisticRegression())
    return model.fit(dataset.train.frame, dataset.train.labels)
"""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Any

from legacy_seam.dataset.formats import read_rows
from legacy_seam.dataset.manifest import Manifest, SplitFile, digest_of_file
from legacy_seam.dataset.samples import ANSWER
from legacy_seam.errors import SeamError
from legacy_seam.experiment.frames import frame_of
from legacy_seam.values.flat import Value


class Split:
    """The rows of one split, read when they are first asked for.

    Args:
        directory: of the dataset.
        manifest: of the dataset.
        file: which split.

    Attributes:
        name: `train`, `valid` or `test`.
    """

    def __init__(self, directory: Path, manifest: Manifest, file: SplitFile) -> None:
        self.name = file.name
        self._path, self._manifest, self._file = directory / file.file, manifest, file

    def __len__(self) -> int:
        return self._file.rows

    def __repr__(self) -> str:
        return f"<{self.name}: {len(self):,} rows>"

    @cached_property
    def _all(self) -> list[dict[str, Value]]:
        return list(read_rows(self._path, self._manifest.form, self._manifest.columns))

    @cached_property
    def rows(self) -> list[dict[str, Value]]:
        """The inputs of each call, by feature; None for what is missing."""
        names = [column.name for column in self._manifest.features]
        return [{name: row.get(name) for name in names} for row in self._all]

    @cached_property
    def frame(self) -> Any:
        """The same as a table of pandas: numbers and truth values as floats, NaN for what is missing."""
        return frame_of(self.rows, {column.name: column.kind for column in self._manifest.features})

    @cached_property
    def labels(self) -> list[Any]:
        """What is to be foretold: what really happened, or else what legacy answered."""
        column = str(self._manifest.label["column"])
        return [row[column] for row in self._all]

    @cached_property
    def legacy(self) -> list[Any]:
        """What legacy answered; of an answer with parts, a dict of these."""
        if any(column.name == ANSWER for column in self._manifest.columns):
            return [row.get(ANSWER) for row in self._all]
        begin = f"{ANSWER}."
        return [
            {name.removeprefix(begin): value for name, value in row.items() if name.startswith(begin)}
            for row in self._all
        ]

    @cached_property
    def weights(self) -> list[int]:
        """How often each call was recorded."""
        return [int(row["call:seen"] or 1) for row in self._all]

    @cached_property
    def groups(self) -> list[Value]:
        """What each row belongs to; None where the dataset has no groups."""
        return [row.get("call:group") for row in self._all]

    @cached_property
    def at(self) -> list[Value]:
        """When each call was, as text in UTC."""
        return [row["call:at"] for row in self._all]


class Dataset:
    """A dataset that was exported.

    Args:
        directory: where it lies.

    Attributes:
        directory: where it lies.
        manifest: where it comes from.
        train, valid, test: its splits.

    Raises:
        SeamError: there is none, or its files are not those that were exported.
    """

    def __init__(self, directory: Path) -> None:
        self.directory, self.manifest = directory, Manifest.load(directory)
        self.train, self.valid, self.test = (Split(directory, self.manifest, one) for one in self.manifest.splits)

    @property
    def features(self) -> list[str]:
        """The names of the columns of inputs."""
        return [column.name for column in self.manifest.features]

    def check(self) -> None:
        """Are the files those that were exported?

        Raises:
            SeamError: one is gone, or was changed.
        """
        for split in self.manifest.splits:
            path = self.directory / split.file
            try:
                digest = digest_of_file(path)
            except OSError as error:
                raise SeamError(f"{path} of the dataset cannot be read: {error.strerror or error}.") from None
            if digest != split.sha256:
                raise SeamError(f"{path} was changed since the dataset was exported: export it again.")
