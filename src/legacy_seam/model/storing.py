"""An estimator as a file: skops, which holds no code; pickle and joblib where it is asked for."""

from __future__ import annotations

import pickle
from importlib import metadata
from pathlib import Path
from typing import Any, Literal

from legacy_seam.errors import SeamError
from legacy_seam.experiment.model_files import FileLoader
from legacy_seam.rollout.ml import needed

Form = Literal["skops", "pickle", "joblib"]

_LIBRARIES = {
    "scikit-learn": "sklearn", "numpy": "numpy", "scipy": "scipy", "pandas": "pandas", "lightgbm": "lightgbm",
    "xgboost": "xgboost", "catboost": "catboost", "torch": "torch", "statsmodels": "statsmodels",
    "onnxruntime": "onnxruntime", "mlflow": "mlflow", "mlflow-skinny": "mlflow",
}  # fmt: skip


def store(estimator: Any, directory: Path, form: Form, trusted: tuple[str, ...]) -> str:
    """Write an estimator into a directory.

    Args:
        estimator: what it is.
        directory: where it goes.
        form: how.
        trusted: types that skops may build, beyond those it knows.

    Returns:
        the name of the file.

    Raises:
        SeamError: it cannot be written so, or could not be read again.
    """
    path = directory / f"model.{form}"
    try:
        if form == "skops":
            _as_skops(estimator, path, trusted)
        elif form == "joblib":
            needed("joblib", "storing a model so").dump(estimator, path)
        else:
            path.write_bytes(pickle.dumps(estimator, protocol=5))
    except SeamError:
        raise
    except Exception as error:
        raise SeamError(
            f"The estimator cannot be stored as {form}: {type(error).__name__}: {error}. `--as pickle` stores more,"
            " and is read only where that is allowed."
        ) from error
    return path.name


def _as_skops(estimator: Any, path: Path, trusted: tuple[str, ...]) -> None:
    skops = needed("skops.io", "storing a model")
    skops.dump(estimator, path)
    unknown = sorted(set(skops.get_untrusted_types(file=path)) - set(trusted))
    if unknown:
        names = " ".join(f"--trust {name}" for name in unknown)
        raise SeamError(
            f"The estimator has {len(unknown)} types that skops does not know; if you do, say {names}, or store it"
            " with --as pickle."
        )


def read_again(directory: Path, trusted: tuple[str, ...]) -> Any:
    """The model as production will read it, and call it."""
    return FileLoader(str(directory), trusted, allow_pickle=True)()


def libraries_of(estimator: Any) -> dict[str, str]:
    """The versions of the libraries that an estimator is made of, or is given its inputs by."""
    import sys

    found: dict[str, str] = {}
    for name, module in _LIBRARIES.items():
        if module not in sys.modules:
            continue
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found
