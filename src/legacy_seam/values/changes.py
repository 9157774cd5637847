"""How a call changed a value: told path by path while that is short, as the whole value where it is not."""

from __future__ import annotations

import contextlib
import re

from legacy_seam.calls import MISSING, Difference
from legacy_seam.values.comparing import differences
from legacy_seam.values.notation import WIDTH, NotationError
from legacy_seam.values.reading import parse
from legacy_seam.values.writing import encode

_MOST_PATHS = 50
_INCOMPLETE = (" (shape)", " (columns)")
"""Ends of paths of differences that do not tell all: the shapes of two arrays, not what fills them."""
_ITERATOR = re.compile(r"(?:&\d+ )?(?:\w*iterator|enumerate|filter|map|reversed|zip|itertools\.\w+)\(")
"""What is left of an iterator is told as that: its items have no places that anybody knows them by."""


def changes(before: str, after: str, *, root: str) -> list[Difference]:
    """The changes from one text of a value to another.

    Args:
        before: the text before the call, or MISSING.
        after: the text after the call, or MISSING.
        root: the name of the value.

    Returns:
        one difference for each path that changed; a single one for the root where that takes fewer lines.

    >>> [(one.path, one.got) for one in changes("[1, 2, 3]", "[1, 5, 3]", root="prices")]
    [('prices[1]', '5')]
    >>> [(one.path, one.got) for one in changes("[]", "[1, 2, 3]", root="prices")]
    [('prices', '[1, 2, 3]')]
    >>> [(one.path, one.got) for one in changes("list_iterator([1, 2])", "list_iterator([2])", root="prices")]
    [('prices', 'list_iterator([2])')]
    """
    if MISSING in (before, after) or _ITERATOR.match(after):
        return [Difference(root, before, after)]
    found = differences(before, after, root=root)
    lines = sum(one.got.count("\n") + 1 for one in found)
    if (
        any(one.path.endswith(_INCOMPLETE) for one in found)
        or len(found) > _MOST_PATHS
        or lines > after.count("\n") + 1
    ):
        return [Difference(root, before, after)]
    return [Difference(one.path, one.expected, _laid_out(one.got)) for one in found]


def _laid_out(text: str) -> str:
    """The text of a part, which was told on one line, as values are written."""
    if len(text) <= WIDTH:
        return text
    with contextlib.suppress(NotationError):  # that of an iterator, or of an end that is missing
        return encode(parse(text))
    return text
