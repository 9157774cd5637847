"""What the import system looks for modules with, as `pkgutil.iter_modules` gives it: by the directory it looks in.

What else one holds is a note of what that directory held when it last looked, and of the date it had then.
"""

from __future__ import annotations

from importlib.machinery import FileFinder
from typing import Any

from legacy_seam.values.kinds.kind import Kind, Unreadable, call
from legacy_seam.values.layout import Draft


def _finder(value: Any) -> Draft:
    loaders = vars(value)["_loaders"]
    if loaders != vars(_make(value.path))["_loaders"]:
        raise Unreadable("a finder of modules with loaders of its own")
    return call("FileFinder", value.path)


def _make(path: str) -> FileFinder:
    """One with the loaders that the interpreter has."""
    from importlib._bootstrap_external import _get_supported_file_loaders  # type: ignore[attr-defined]

    if type(path) is not str:
        raise TypeError("a finder looks in the directory of that name")
    return FileFinder(path, *_get_supported_file_loaders())


KINDS = (
    Kind(
        ("_frozen_importlib_external:FileFinder", "importlib._bootstrap_external:FileFinder"),
        _finder,
        "FileFinder",
        _make,
        has_identity=True,
    ),
)
