"""A recipe: the function of the user that makes an estimator of a dataset."""

from __future__ import annotations

import contextlib
import hashlib
import importlib
import importlib.util
import inspect
import random
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from legacy_seam.dataset.loading import Dataset
from legacy_seam.errors import SeamError


class Recipe:
    """A recipe by its name.

    Args:
        name: `module:function`.
        search_path: directories from which modules are imported, before all others.

    Raises:
        SeamError: it cannot be imported.
    """

    def __init__(self, name: str, search_path: Sequence[Path]) -> None:
        module, _, function = name.partition(":")
        if not module or not function:
            raise SeamError(f"A recipe is named as module:function, not {name!r}.")
        self.name, self._search_path = name, search_path
        with _found_in(search_path):
            try:
                self._function: Callable[[Dataset], Any] = getattr(importlib.import_module(module), function)
            except Exception as error:
                raise SeamError(f"The recipe {name} cannot be imported: {_told(error, module)}.") from error
        if not callable(self._function):
            raise SeamError(f"The recipe {name} is no function.")

    @property
    def file(self) -> str:
        """The file that it stands in; empty where there is none."""
        return inspect.getsourcefile(inspect.unwrap(self._function)) or ""

    @property
    def digest(self) -> str:
        """The SHA-256 of that file."""
        return digest_of_module(self.file)

    def cook(self, dataset: Dataset, seed: int) -> Any:
        """The estimator that it makes.

        Random numbers begin the same each time, so that a recipe that says nothing about them gives the same model
        of the same data. What it prints goes to stderr.

        Raises:
            SeamError: it raised, or made nothing that can predict.
        """
        random.seed(seed)
        numpy: Any = importlib.import_module("numpy") if importlib.util.find_spec("numpy") else None
        if numpy is not None:
            numpy.random.seed(seed)
        with _found_in(self._search_path), contextlib.redirect_stdout(sys.stderr):
            try:
                made = self._function(dataset)
            except Exception as error:
                module = self.name.partition(":")[0]
                raise SeamError(f"The recipe {self.name} failed: {_told(error, module)}.") from error
        if not callable(getattr(made, "predict", None)):
            raise SeamError(
                f"The recipe {self.name} gave {type(made).__name__}, without predict: return a fitted estimator."
            )
        return made


def digest_of_module(file: str) -> str:
    """The SHA-256 of a file of source; empty where it cannot be read."""
    try:
        return hashlib.sha256(Path(file).read_bytes()).hexdigest() if file else ""
    except OSError:
        return ""


@contextlib.contextmanager
def _found_in(search_path: Sequence[Path]) -> Iterator[None]:
    before = list(sys.path)
    sys.path[:0] = [str(one) for one in search_path]
    try:
        yield
    finally:
        sys.path[:] = before


def _told(error: BaseException, module: str) -> str:
    """An exception in one line, with the place in the module of the recipe where it came from."""
    home = getattr(sys.modules.get(module), "__file__", None)
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename == home]
    place = f" ({Path(frames[-1].filename).name}:{frames[-1].lineno})" if frames else ""
    message = " ".join(str(error).split())
    return f"{type(error).__name__}{': ' + message[:300] if message else ''}{place}"
