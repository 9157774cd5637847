"""Comparators by name, as the command line gives them: `exact`, `tolerance:abs=1`, `module:attribute`."""

from __future__ import annotations

from legacy_seam.errors import SeamError
from legacy_seam.experiment import Comparator, custom, exact, tolerance
from legacy_seam.experiment.models import named_object

_BOUNDS = ("abs", "rel", "ulp", "decimals")


def comparator_called(name: str) -> Comparator:
    """The comparator behind a name.

    Args:
        name: `exact`; `tolerance`, with bounds after a colon (`tolerance:abs=0.01`); or `module:attribute`:
            a comparator, or a function of both results. It is imported.

    Raises:
        SeamError: there is none.

    >>> comparator_called("tolerance:abs=1")(3, 4).match
    True
    """
    kind, _, rest = name.partition(":")
    if kind == "exact" and not rest:
        return exact()
    if kind == "tolerance":
        return _tolerance(name, rest)
    try:
        found = named_object(name)
    except Exception as error:
        raise SeamError(f"The comparator {name} cannot be imported: {error}.") from error
    if isinstance(found, Comparator):
        return found
    if not callable(found):
        raise SeamError(
            f"The comparator {name} is no comparator and no function, but of type {type(found).__name__}."
        )
    return custom(found)


def _tolerance(name: str, rest: str) -> Comparator:
    bounds: dict[str, float] = {}
    try:
        for part in filter(None, rest.split(",")):
            bound, _, value = part.partition("=")
            if bound not in _BOUNDS:
                raise ValueError(f"there is no bound {bound!r}, only {', '.join(_BOUNDS)}")
            bounds[bound] = int(value) if bound in ("ulp", "decimals") else float(value)
        return tolerance(**bounds)  # type: ignore[arg-type]
    except ValueError as error:
        raise SeamError(f"The comparator {name!r} cannot be read: {error}.") from None
