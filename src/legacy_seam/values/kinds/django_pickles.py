"""Entries of Django's caches, which are pickled: plain data and objects of models, and nothing that runs code."""

from __future__ import annotations

import io
import pickle
import sys
from typing import Any

from legacy_seam.values.anatomy import derives
from legacy_seam.values.kinds.kind import Unreadable

_HARMLESS = {
    "builtins": {"set", "frozenset", "complex", "bytearray", "slice", "range", "object"},
    "collections": {"OrderedDict", "Counter", "deque"},
    "datetime": {"date", "datetime", "time", "timedelta", "timezone"},
    "decimal": {"Decimal"},
    "django.db.models.base": {"model_unpickle", "ModelState"},
    "uuid": {"UUID"},
    "zoneinfo": {"ZoneInfo"},
}


def read(pickled: bytes, key: str) -> object:
    """The value of an entry.

    Args:
        pickled: as the cache keeps it.
        key: of the entry.

    Raises:
        Unreadable: it holds anything else, or is damaged.
    """
    try:
        return _Reader(io.BytesIO(pickled)).load()
    except Unreadable:
        raise
    except Exception as failure:
        raise Unreadable(f"a cache whose entry {key} cannot be read: {type(failure).__name__}") from None


class _Reader(pickle.Unpickler):
    """Makes plain data and objects of models: no code of the program is run for the others."""

    def find_class(self, module: str, name: str) -> Any:
        if name in _HARMLESS.get(module, ()):
            return super().find_class(module, name)
        found = vars(sys.modules[module]).get(name) if module in sys.modules else None
        base = (
            vars(sys.modules["django.db.models.base"])["Model"] if "django.db.models.base" in sys.modules else None
        )
        if isinstance(found, type) and ((base and derives(found, base)) or module == "django.utils.safestring"):
            return found
        raise Unreadable(f"a cache that holds an object of {module}.{name}")
