"""Models that other tools have stored, with the methods of an estimator: ONNX files, directories of MLflow."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from legacy_seam.experiment.models import ModelLoadFailed


class OnnxModel:
    """A model in the format of ONNX, run by onnxruntime. Each of its inputs is a feature.

    Where its inputs are named by words alone, `account_days` is `account.days`: skl2onnx writes names so.

    Args:
        path: The file.

    Attributes:
        feature_names_in_: The names of its inputs.

    Raises:
        ModelLoadFailed: It cannot be read, or onnxruntime is not installed.
    """

    def __init__(self, path: str) -> None:
        runtime = library("onnxruntime", path)
        self._numpy: Any = import_module("numpy")
        try:
            self._session = runtime.InferenceSession(path, providers=["CPUExecutionProvider"])
        except Exception as error:
            raise ModelLoadFailed(f"{path} cannot be read by onnxruntime: {' '.join(str(error).split())}") from None
        self._types = {one.name: str(one.type) for one in self._session.get_inputs()}
        self._outputs = [one.name for one in self._session.get_outputs()]
        self.feature_names_in_ = list(self._types)
        likely = [name for name in self._outputs if "prob" in name.lower()]
        if likely:
            self.predict_proba = lambda frame: self._run(frame, likely[0])

    def predict(self, frame: Any) -> list[Any]:
        """The answers to the rows of a table."""
        return [one[0] if getattr(one, "shape", ()) else one for one in self._run(frame, self._outputs[0])]

    def _run(self, frame: Any, output: str) -> Any:
        columns = {as_word(str(name)): name for name in frame.columns} | {str(name): name for name in frame.columns}
        given = {name: self._column(frame[columns[name]], kind) for name, kind in self._types.items()}
        return self._session.run([output], given)[0]

    def _column(self, column: Any, kind: str) -> Any:
        if kind == "tensor(string)":
            return column.fillna("").astype(str).to_numpy(dtype=object).reshape(-1, 1)
        widths = {"tensor(double)": "float64", "tensor(int64)": "int64", "tensor(bool)": "bool"}
        return column.to_numpy().astype(widths.get(kind, "float32")).reshape(-1, 1)


class MlflowModel:
    """A model of MLflow, by its Python flavour.

    Args:
        path: Its directory.

    Attributes:
        feature_names_in_: The columns of its signature; absent where it has none.

    Raises:
        ModelLoadFailed: It cannot be read, or MLflow is not installed.
    """

    def __init__(self, path: str) -> None:
        pyfunc = library("mlflow.pyfunc", path)
        try:
            self._model = pyfunc.load_model(path)
        except Exception as error:
            raise ModelLoadFailed(f"{path} cannot be read by MLflow: {' '.join(str(error).split())}") from None
        schema = self._model.metadata.get_input_schema()
        if schema is not None and schema.has_input_names():
            self.feature_names_in_ = list(schema.input_names())

    def predict(self, frame: Any) -> list[Any]:
        """The answers to the rows of a table."""
        return list(self._model.predict(frame))


def as_word(feature: str) -> str:
    """A feature's name as a word.

    >>> as_word("account.days")
    'account_days'
    """
    return "".join(letter if letter.isalnum() else "_" for letter in feature)


def library(name: str, path: str) -> Any:
    """A library that a model needs.

    Raises:
        ModelLoadFailed: It cannot be imported.
    """
    try:
        return import_module(name)
    except ImportError as error:
        raise ModelLoadFailed(f"{path} needs {name.partition('.')[0]}, which cannot be imported: {error}") from None
