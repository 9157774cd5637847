"""Which techniques there are: every class in a module of `techniques/` that has `EXAMPLES`."""

from __future__ import annotations

import difflib
import importlib
import pkgutil
from functools import cache
from typing import cast

from legacy_seam.errors import SeamError
from legacy_seam.seams import techniques
from legacy_seam.seams.technique import Technique
from legacy_seam.seams.without import advice


@cache
def catalogue() -> dict[str, Technique]:
    """All techniques by name, sorted."""
    found: dict[str, Technique] = {}
    for one in pkgutil.iter_modules(techniques.__path__, techniques.__name__ + "."):
        module = importlib.import_module(one.name)
        for thing in vars(module).values():
            if isinstance(thing, type) and thing.__module__ == one.name and "EXAMPLES" in vars(thing):
                technique = cast("Technique", thing())
                found[technique.name] = technique
    return dict(sorted(found.items()))


def technique_named(name: str) -> Technique:
    """One technique.

    Raises:
        SeamError: where there is none of that name; tells the nearest, or what to do instead.
    """
    known = catalogue()
    if name in known:
        return known[name]
    if told := advice(name):
        raise SeamError(told)
    near = difflib.get_close_matches(name, known, n=2, cutoff=0.4) or list(known)
    raise SeamError(f"there is no technique {name!r}: choose {' or '.join(near)}")
