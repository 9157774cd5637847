"""What the caches of Django hold that live in the memory of the process, as one value."""

from __future__ import annotations

import io
import pickle
import sys
import time
from collections.abc import Mapping
from importlib import import_module
from typing import Any

from legacy_seam.values.anatomy import derives, name_of
from legacy_seam.values.kinds.kind import Kind, Unreadable, call, call_of
from legacy_seam.values.layout import Draft

_IN_MEMORY = "django.core.cache.backends.locmem:LocMemCache"
_HARMLESS = {
    "builtins": {"set", "frozenset", "complex", "bytearray", "slice", "range", "object"},
    "collections": {"OrderedDict", "Counter", "deque"},
    "datetime": {"date", "datetime", "time", "timedelta", "timezone"},
    "decimal": {"Decimal"},
    "django.db.models.base": {"model_unpickle", "ModelState"},
    "uuid": {"UUID"},
    "zoneinfo": {"ZoneInfo"},
}


class Caches:
    """By name in the settings: key -> the value as Django has pickled it, when it ends."""

    def __init__(self, entries: Mapping[str, Mapping[str, tuple[bytes, float | None]]]) -> None:
        self.entries = entries


def in_memory() -> Caches:
    """What they hold now."""
    found = {name: _entries(cache) for name, cache in _caches().items()}
    return Caches({name: entries for name, entries in found.items() if entries})


def put(caches: Caches | None) -> None:
    """Have them hold this, and nothing else."""
    for name, cache in _caches().items():
        entries = caches.entries.get(name, {}) if caches is not None else {}
        cache._cache.clear()
        cache._expire_info.clear()
        for key, (pickled, ends) in entries.items():
            cache._cache[key] = pickled
            cache._expire_info[key] = ends


def _caches() -> dict[str, Any]:
    library, settings = sys.modules.get("django.core.cache"), sys.modules.get("django.conf")
    if library is None or settings is None or not vars(settings)["settings"].configured:
        return {}
    handler: Any = vars(library)["caches"]
    return {name: handler[name] for name in handler.settings if name_of(type(handler[name])) == _IN_MEMORY}


def _entries(cache: Any) -> dict[str, tuple[bytes, float | None]]:
    return {key: (pickled, cache._expire_info.get(key)) for key, pickled in list(cache._cache.items())}


def _taken(value: Caches) -> Draft:
    """Values as values; how many seconds they are still good for."""
    now = time.time()
    return call_of(
        "django.caches",
        (),
        {
            name: {key: (_read(pickled, key), ends and round(ends - now)) for key, (pickled, ends) in held.items()}
            for name, held in sorted(value.entries.items())
        },
    )


def _read(pickled: bytes, key: str) -> object:
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


def _make(**told: Mapping[str, tuple[object, float | None]]) -> Caches:
    now = time.time()
    return Caches(
        {
            name: {
                key: (pickle.dumps(value, pickle.HIGHEST_PROTOCOL), ends and now + ends)
                for key, (value, ends) in held.items()
            }
            for name, held in told.items()
        }
    )


def _content(value: Caches) -> tuple[object, ...]:
    return tuple((name, key, pickled) for name, held in value.entries.items() for key, (pickled, _) in held.items())


def _proxy(value: Any) -> Draft:
    """`cache` and `connection`, which lead to another object in each thread."""
    for word, (module, name) in _PROXIES.items():
        if module in sys.modules and vars(sys.modules[module]).get(name) is value:
            return call("django.proxy", word)
    raise Unreadable("a proxy that is not one of Django's own")


_PROXIES = {"cache": ("django.core.cache", "cache"), "connection": ("django.db", "connection")}


def _make_proxy(word: str) -> object:
    module, name = _PROXIES[word]
    return getattr(import_module(module), name)


KINDS = (
    Kind(
        ("legacy_seam.values.kinds.django_caches:Caches",),
        _taken,
        "django.caches",
        _make,
        has_identity=True,
        content=_content,
    ),
    Kind(("django.utils.connection:ConnectionProxy",), _proxy, "django.proxy", _make_proxy),
)
