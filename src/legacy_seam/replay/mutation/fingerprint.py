"""Whether anything is left of a call, after its world has been put back."""

from __future__ import annotations

import types
from collections.abc import Iterable

from legacy_seam.values import fingerprint
from legacy_seam.world.namespaces import is_data
from legacy_seam.world.state import Places, fingerprint_of


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


def _variables(function: types.FunctionType) -> object:
    held: list[object] = []
    for cell in function.__closure__ or ():
        try:
            content = cell.cell_contents
        except ValueError:  # not filled yet
            held.append(None)
            continue
        held.append(content if is_data(content) else id(content))
    try:
        return fingerprint(tuple(held))
    except Exception:
        return tuple(map(id, held))
