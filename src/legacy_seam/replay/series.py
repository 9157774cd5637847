"""Calls that can do nothing but compute, one right after the other, as long as each returns just what is expected.

Of such calls nothing is to be looked at but what they return and the state that they name (`replay/purity.py`). So
many are made in one go, without a noun for any of them. What departs in any way ends the series: that call is made
once more, in the way in which all that comes of it is told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from legacy_seam.replay.neutral import is_neutral
from legacy_seam.replay.reached import Reached
from legacy_seam.values import encode
from legacy_seam.values.data import SHORT_STRING
from legacy_seam.values.notation import string
from legacy_seam.world.recursion import RecursionLimit

_SPELLED_BY_REPR = frozenset((type(None), bool, int, float))
_CONTAINERS = frozenset((list, tuple, dict, set, frozenset))


def compute(
    function: Callable[..., object],
    calls: Iterable[tuple[tuple[object, ...], str | None]],
    limit: RecursionLimit,
    reached: Reached | None,
    is_in_time: Callable[[], bool],
) -> None:
    """Make calls until one of them ends otherwise than is expected, or time is up.

    Args:
        function: which can do nothing but compute.
        calls: what each is given, numbers and strings; and the text of what it is to return, if that is known.
        limit: says how many calls deep it may go from here.
        reached: the state that it names.
        is_in_time: told of each call of which just that came; False where there is to be a break.
    """
    with limit:
        try:
            for given, expected in calls:
                if expected is None or not _is_told_as(function(*given), expected):
                    return
                if (reached is not None and not reached.is_still()) or not is_in_time():
                    return
        except BaseException:  # of the program, to which it happens again where it is told
            return


def _is_told_as(value: object, text: str) -> bool:
    """Is this the text of the value? False may be said in vain."""
    kind = type(value)
    if type(kind) is not type:
        return False
    if kind in _SPELLED_BY_REPR:
        return repr(value) == text
    if kind is str and isinstance(value, str):
        return len(value) <= SHORT_STRING and string(value) == text and is_neutral(text)
    return kind in _CONTAINERS and encode(value) == text and is_neutral(text)
