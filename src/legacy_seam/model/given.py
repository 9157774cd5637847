"""A model that was trained elsewhere, in the place of a recipe: its file is copied, and judged like any other."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from legacy_seam.errors import SeamError
from legacy_seam.experiment import ModelLoadFailed
from legacy_seam.experiment.model_files import FileLoader, read_estimator

_FORMS = {".skops": "skops", ".onnx": "onnx", ".joblib": "joblib", ".pickle": "pickle", ".pkl": "pickle"}


@dataclass(frozen=True, slots=True)
class Given:
    """A model by its path.

    path: a file of skops, ONNX, pickle or joblib, or a directory of MLflow.
    """

    path: Path

    @property
    def name(self) -> str:
        """What the card calls it."""
        return self.path.name

    @property
    def file(self) -> str:
        """Nothing that is made anew would come of another file: it is none of the reasons to be stale."""
        return ""

    @property
    def digest(self) -> str:
        """See `file`."""
        return ""

    @property
    def form(self) -> str:
        """How it is stored.

        Raises:
            SeamError: there is nothing, or nothing that is known.
        """
        if (self.path / "MLmodel").is_file():
            return "mlflow"
        form = _FORMS.get(self.path.suffix)
        if not self.path.is_file() or form is None:
            endings = ", ".join(_FORMS)
            raise SeamError(f"{self.path} is no model: give a file ({endings}), or a directory of MLflow.")
        return form

    def put_into(self, directory: Path, trusted: tuple[str, ...], *, allow_pickle: bool) -> tuple[Any, str]:
        """Copy it, and read it.

        Returns:
            the estimator, and the name of its file.

        Raises:
            SeamError: it cannot be read, or must not be.
        """
        name = f"model.{self.form}"
        copy: Any = shutil.copytree if self.path.is_dir() else shutil.copyfile
        copy(self.path, directory / name)
        try:
            estimator = read_estimator(str(directory / name), self.form, FileLoader("", trusted, allow_pickle))
        except ModelLoadFailed as error:
            told = str(error).replace(str(directory / name), str(self.path))
            raise SeamError(f"The model cannot be read: {told}.") from None
        if not callable(getattr(estimator, "predict", None)):
            raise SeamError(f"The model cannot be used: {type(estimator).__name__} has no predict.")
        return estimator, name
