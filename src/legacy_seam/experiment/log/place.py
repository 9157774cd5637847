"""Where a prediction log is, as it may be shown."""

from __future__ import annotations


def shown_place(place: str) -> str:
    """A place without the password in it.

    >>> shown_place("postgresql://ann:secret@db/seam")
    'postgresql://ann:…@db/seam'
    """
    scheme, separator, rest = place.partition("://")
    if not separator or "@" not in rest:
        return place
    who, _, where = rest.rpartition("@")
    return f"{scheme}://{who.partition(':')[0]}{':…' if ':' in who else ''}@{where}"
