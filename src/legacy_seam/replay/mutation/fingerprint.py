"""Whether anything is left of a call, after its world has been put back."""

from __future__ import annotations

import re
import types
from collections.abc import Iterable

from legacy_seam.values import encode, fingerprint
from legacy_seam.values.fingerprints import fingerprint_of_trees
from legacy_seam.world.namespaces import is_data
from legacy_seam.world.places import ABSENT
from legacy_seam.world.state import Places, fingerprint_of

_UNTOLD = re.compile(r"\b(opaque|outside|connect|Cursor|open|R?Lock)\(")
"""What the text of a value says of which it does not tell everything."""


def state_of(places: Places, functions: Iterable[types.FunctionType]) -> int:
    """A number that stays the same as long as the program's state does, as far as it can be seen.

    That is the data of its modules and classes, defaults and attributes of functions, and the variables that
    functions have from the functions around them. Caches of functions do not count: they are emptied before each
    call.

    Args:
        places: all places of the program's modules.
        functions: those whose variables are looked at.
    """
    seen = [(place.name, fingerprint_of(place.read())) for place in places.all()]
    closures = [_variables(function) for function in functions if function.__closure__]
    return hash((tuple(seen), tuple(closures)))


def places_are_legible(places: Places, names: Iterable[str]) -> bool:
    """Does `state_of` tell all that may happen to what stands in some places?

    It does where the text of that says all. What a generator or a handle of the system has gone through is not to
    be seen.
    """
    return all(_is_legible(places.at_baseline(name)) for name in names if places.has_baseline(name))


def closures_are_legible(functions: Iterable[types.FunctionType]) -> bool:
    """Does `state_of` tell all that may happen to the variables that functions have from those around them?"""
    contents = (_content(cell) for function in functions for cell in function.__closure__ or ())
    return all(not is_data(content) or _is_legible(content) for content in contents)


def _is_legible(value: object) -> bool:
    if value is ABSENT or fingerprint_of_trees((value,)) is not None:
        return True
    return _UNTOLD.search(encode(value, width=None)) is None


def _content(cell: types.CellType) -> object:
    try:
        content: object = cell.cell_contents
    except ValueError:  # not filled yet
        return None
    return content


def _variables(function: types.FunctionType) -> object:
    contents = [_content(cell) for cell in function.__closure__ or ()]
    held = [content if is_data(content) else id(content) for content in contents]
    try:
        return fingerprint(tuple(held))
    except Exception:
        return tuple(map(id, held))
