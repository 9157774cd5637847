"""A candidate that has to be loaded first: a model from its file, or a function by its name."""

from __future__ import annotations

import contextlib
import importlib
import threading
import time
from collections.abc import Callable
from typing import Any

from legacy_seam.experiment.compare.verdict import told
from legacy_seam.experiment.observation import Model

_RETRY = 30.0
"""Seconds until a model that could not be loaded is tried again."""


class ModelLoadFailed(Exception):
    """The model could not be loaded."""


class VersionMismatch(Exception):
    """What was loaded is not what was tried: another version of the model, or of a library it needs."""


class LoadedModel:
    """A candidate that is loaded once, when it is first called or `load()` is.

    Args:
        loader: Gives something that can be called like the legacy function; or its name, as `module:attribute`, in
            which case the attribute itself is what is called.
        model: Which model is expected. The versions of its `libraries` must be the ones installed; if what was
            loaded says a `version`, it must be that one.

    >>> candidate = LoadedModel("math:floor", model=Model(name="floor", version="1"))
    >>> candidate(2.5)
    2
    """

    def __init__(self, loader: Callable[[], Callable[..., Any]] | str, *, model: Model | None = None) -> None:
        self.loader, self.model = loader, model or Model(name=loader if isinstance(loader, str) else "")
        self._reset()

    def _reset(self) -> None:
        self._lock = threading.Lock()
        self._loaded: Callable[..., Any] | None = None
        self._failure: Exception | None = None
        self._retry_at = 0.0

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        """Call what was loaded."""
        loaded = self._loaded
        return (self.load() if loaded is None else loaded)(*arguments, **named)

    def load(self) -> Callable[..., Any]:
        """Load it now, unless that has been done.

        Raises:
            ModelLoadFailed: It cannot be loaded; tried again half a minute later.
            VersionMismatch: It is another version, or needs other versions of libraries.
        """
        with self._lock:
            if self._loaded is not None:
                return self._loaded
            if self._failure is not None and time.monotonic() < self._retry_at:
                raise type(self._failure)(*self._failure.args)
            try:
                self._loaded = self._load()
            except (ModelLoadFailed, VersionMismatch) as failure:
                self._failure, self._retry_at = failure, time.monotonic() + _RETRY
                raise
            return self._loaded

    def _load(self) -> Callable[..., Any]:
        self._check_libraries()
        try:
            loaded = named_object(self.loader) if isinstance(self.loader, str) else self.loader()
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            raise ModelLoadFailed(told(error)) from error
        if not callable(loaded):
            raise ModelLoadFailed(f"what was loaded cannot be called: {type(loaded).__name__}")
        said = getattr(loaded, "version", None)
        if self.model.version and isinstance(said, str) and said != self.model.version:
            raise VersionMismatch(f"version {said} was loaded, {self.model.version} is expected")
        return loaded

    def _check_libraries(self) -> None:
        if not self.model.libraries:
            return
        from importlib import metadata

        for name, expected in self.model.libraries:
            try:
                installed = metadata.version(name)
            except metadata.PackageNotFoundError:
                raise VersionMismatch(f"{name} {expected} is expected, and not installed") from None
            if installed != expected:
                raise VersionMismatch(f"{name} {installed} is installed, {expected} is expected")

    def __getstate__(self) -> tuple[Any, Model]:
        return self.loader, self.model

    def __setstate__(self, state: tuple[Any, Model]) -> None:
        self.loader, self.model = state
        self._reset()


def made_ready(candidate: Callable[..., Any]) -> Callable[..., Any]:
    """A candidate that need not load anything when it is called: it is loaded, and so are the models of its module.

    Raises:
        ModelLoadFailed: It cannot be loaded. (A model of its module that cannot is left for the call to tell.)
        VersionMismatch: It is another version.
    """
    load = getattr(candidate, "load", None)
    loaded: Callable[..., Any] = load() if callable(load) else candidate
    for found in list(getattr(loaded, "__globals__", {}).values()):
        if isinstance(found, LoadedModel):
            with contextlib.suppress(Exception):
                found.load()
    return loaded


def named_object(name: str) -> Any:
    """The object that `module:attribute` names.

    >>> named_object("os.path:join").__name__
    'join'
    """
    module, _, attributes = name.partition(":")
    if not attributes:
        raise ModelLoadFailed(f"{name!r} is not of the form module:attribute")
    found: Any = importlib.import_module(module)
    for attribute in attributes.split("."):
        found = getattr(found, attribute)
    return found
