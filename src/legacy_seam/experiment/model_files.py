"""A model from a file, as a candidate: called like the legacy function, it answers by `predict`.

    load_model("models/propensity")                              the champion of those trained there
    load_model("models/propensity/20261127-110501-208-3fa9c1")    one of them

`legacy-seam model train` makes such directories. The inputs of a call become the features that the model was
trained on by the same code as in the dataset, so that they cannot drift apart.

A file can be more than numbers. skops builds only what it knows or what you trust by name. pickle, joblib and
MLflow run whatever they find, so they are read only where you say so (`allow_pickle`), and any file only if it is,
by its digest, the one that was trained.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from legacy_seam.errors import SeamError
from legacy_seam.experiment.foreign_models import MlflowModel, OnnxModel, library
from legacy_seam.experiment.models import LoadedModel, ModelLoadFailed
from legacy_seam.experiment.observation import Model
from legacy_seam.plaindata import dataclass

FORMAT, VERSION, CARD, CHAMPION = "legacy-seam model", 1, "model.json", "champion.json"


def load_model(
    place: str | os.PathLike[str], *, trusted: Sequence[str] = (), allow_pickle: bool = False
) -> LoadedModel:
    """A trained model as a candidate; its file is read when it is first called, or by `load()`.

    Args:
        place: The directory of a model, or of several, of which the champion is meant.
        trusted: Types that skops may build beyond those it knows: `scoring.features.Tiers`.
        allow_pickle: Whether to read a file that can run code.

    Raises:
        SeamError: There is no model.
    """
    directory = champion_of(os.path.abspath(place))
    card = read_card(directory)
    known = Model(
        str(card["name"]),
        str(card["version_of_model"]),
        str(card["sha256"]),
        tuple(sorted(card["libraries"].items())),
    )
    return LoadedModel(FileLoader(directory, tuple(trusted), allow_pickle), model=known)


def champion_of(place: str) -> str:
    """The directory of the model that is meant.

    Raises:
        SeamError: There is none, or no champion among several.
    """
    if os.path.isfile(os.path.join(place, CARD)):
        return place
    path = os.path.join(place, CHAMPION)
    if not os.path.isfile(path):
        more = " has no champion yet: name one of its models, or promote it" if os.path.isdir(place) else ""
        raise SeamError(f"The directory {place}{more}." if more else f"There is no model {place}.")
    return os.path.join(place, str(_read_json(path)["version_of_model"]))


def read_card(directory: str) -> dict[str, Any]:
    """What is written down about a model.

    Raises:
        SeamError: There is none, or it is not one that this version reads.
    """
    path = os.path.join(directory, CARD)
    found = _read_json(path)
    if found.get("format") != FORMAT:
        raise SeamError(f"{path} does not describe a model.")
    if found.get("version") != VERSION:
        raise SeamError(f"The model {directory} has version {found.get('version')!r}; this reads {VERSION}.")
    missing = [name for name in ("name", "version_of_model", "sha256", "libraries", "file") if name not in found]
    if missing:
        raise SeamError(f"{path} does not say {', '.join(missing)}: train the model again.")
    return found


def _read_json(path: str) -> dict[str, Any]:
    import json

    try:
        with open(path, encoding="utf-8") as file:
            found = json.load(file)
    except FileNotFoundError:
        raise SeamError(f"There is no model {os.path.dirname(path)}.") from None
    except (OSError, ValueError) as error:
        raise SeamError(f"{path} cannot be read: {error}.") from None
    return found if isinstance(found, dict) else {}


@dataclass(frozen=True, slots=True)
class FileLoader:
    """Reads a model from its directory, wherever it is to run.

    Args:
        directory: Of the model.
        trusted: Types that skops may build.
        allow_pickle: Whether to read a file that can run code.
    """

    directory: str
    trusted: tuple[str, ...] = ()
    allow_pickle: bool = False

    def __call__(self) -> TrainedModel:
        """The model.

        Raises:
            ModelLoadFailed: It cannot be read, or must not be.
        """
        card = read_card(self.directory)
        path = os.path.join(self.directory, str(card["file"]))
        if digest_of(path) != card["sha256"]:
            raise ModelLoadFailed(f"{path} is not the file that was trained: its digest is another")
        return TrainedModel(read_estimator(path, str(card["stored_as"]), self), card)


class TrainedModel:
    """An estimator that is called like the legacy function.

    Args:
        estimator: It has `predict`, or what else the card names.
        card: What is written down about it.

    Attributes:
        estimator: The same.
        version: Which one it is.
    """

    def __init__(self, estimator: Any, card: Mapping[str, Any]) -> None:
        self.estimator, self.version = estimator, str(card["version_of_model"])
        self._parameters: Sequence[str] = tuple(card["parameters"])
        self._defaults: Mapping[str, Any] = {name: _literal(text) for name, text in card["defaults"].items()}
        self._kinds: Mapping[str, str] = dict(card["features"])
        self._method, self._takes = str(card["method"]), str(card["takes"])

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        """The answer to a call of the legacy function."""
        if len(arguments) > len(self._parameters):
            raise TypeError(f"the model was trained on {len(self._parameters)} arguments, not {len(arguments)}")
        inputs = {**self._defaults, **dict(zip(self._parameters, arguments, strict=False)), **named}
        return self.predict([features_of(inputs)])[0]

    def predict(self, rows: Sequence[Mapping[str, Any]]) -> list[Any]:
        """The answers to rows of features, as plain values."""
        if self._takes == "frame":
            from legacy_seam.experiment.frames import frame_of

            given: Any = frame_of(rows, self._kinds)
        else:
            given = [{name: row.get(name) for name in self._kinds} for row in rows]
        found = getattr(self.estimator, self._method)(given)
        if self._method == "predict_proba":
            found = [row[1] for row in found]
        return [one.item() if hasattr(one, "item") else one for one in found]


def features_of(inputs: Mapping[str, Any]) -> dict[str, Any]:
    """The features of the arguments of a call, by the code that makes the columns of datasets."""
    from legacy_seam.values.flat import flatten
    from legacy_seam.values.writing import encode_roots

    return dict(flatten(encode_roots(dict(inputs))))


def _literal(text: str) -> Any:
    import ast

    return ast.literal_eval(text)


# --- reading files


def digest_of(path: str) -> str:
    """The SHA-256 of a file; of a directory, that of the names and digests of its files.

    Raises:
        ModelLoadFailed: It cannot be read.
    """
    import hashlib

    try:
        if os.path.isdir(path):
            files = sorted(os.path.join(place, name) for place, _, names in os.walk(path) for name in names)
            told = "".join(f"{os.path.relpath(file, path)} {digest_of(file)}\n" for file in files)
            return hashlib.sha256(told.encode()).hexdigest()
        with open(path, "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise ModelLoadFailed(f"{path} cannot be read: {error.strerror or error}") from None


def read_estimator(path: str, stored_as: str, loader: FileLoader) -> Any:
    """What is in a file.

    Args:
        path: The file.
        stored_as: `skops`, `pickle`, `joblib`, `onnx` or `mlflow`.
        loader: Says what is trusted.

    Raises:
        ModelLoadFailed: It cannot be read, or must not be.
    """
    reader = _READERS.get(stored_as)
    if reader is None:
        raise ModelLoadFailed(f"{path} is stored as {stored_as}, which is not known")
    try:
        return reader(path, loader)
    except ModelLoadFailed:
        raise
    except Exception as error:
        raise ModelLoadFailed(f"{path} cannot be read: {type(error).__name__}: {error}") from error


def _from_skops(path: str, loader: FileLoader) -> Any:
    skops = library("skops.io", path)
    unknown = sorted(set(skops.get_untrusted_types(file=path)) - set(loader.trusted))
    if unknown:
        raise ModelLoadFailed(f"{path} holds types that nobody trusts yet: {', '.join(unknown)}")
    return skops.load(path, trusted=list(loader.trusted))


def _from_pickle(path: str, loader: FileLoader) -> Any:
    _check_allowed(path, loader)
    import pickle

    with open(path, "rb") as file:
        return pickle.load(file)


def _from_joblib(path: str, loader: FileLoader) -> Any:
    _check_allowed(path, loader)
    return library("joblib", path).load(path)


def _check_allowed(path: str, loader: FileLoader) -> None:
    if not loader.allow_pickle:
        raise ModelLoadFailed(f"{path} can run code when it is read, and nobody has allowed that (allow_pickle)")


def _from_onnx(path: str, loader: FileLoader) -> Any:
    return OnnxModel(path)


def _from_mlflow(path: str, loader: FileLoader) -> Any:
    _check_allowed(path, loader)
    return MlflowModel(path)


_READERS: dict[str, Callable[[str, FileLoader], Any]] = {
    "skops": _from_skops,
    "pickle": _from_pickle,
    "joblib": _from_joblib,
    "onnx": _from_onnx,
    "mlflow": _from_mlflow,
}
