"""The libraries of `legacy-seam[ml]`, imported where they are needed and not before."""

from __future__ import annotations

import importlib
from typing import Any

from legacy_seam.errors import SeamError


def needed(module: str, what_for: str) -> Any:
    """A module of the extra `ml`.

    Args:
        module: its name (`scipy.stats`).
        what_for: what is to be done with it, for the message.

    Raises:
        SeamError: it is not installed.
    """
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise SeamError(
            f"{what_for} needs {module.partition('.')[0]}, which cannot be imported ({error}):"
            " pip install 'legacy-seam[ml]'"
        ) from None
