"""What the caches of Django hold that live in the memory of the process, as one value."""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping
from importlib import import_module
from typing import Any

from legacy_seam.values.anatomy import name_of
from legacy_seam.values.kinds.kind import Kind, Unreadable, call, call_of
from legacy_seam.values.layout import Draft

_IN_MEMORY = "django.core.cache.backends.locmem:LocMemCache"


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
    from legacy_seam.values.kinds.django_pickles import read  # and pickle, which few programs need

    now = time.time()
    return call_of(
        "django.caches",
        (),
        {
            name: {key: (read(pickled, key), ends and round(ends - now)) for key, (pickled, ends) in held.items()}
            for name, held in sorted(value.entries.items())
        },
    )


def _make(**told: Mapping[str, tuple[object, float | None]]) -> Caches:
    import pickle

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
