"""One text made of several: a list of values that were written one by one, each at its own moment."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import count

from legacy_seam.values.notation import WIDTH
from legacy_seam.values.reading import parse
from legacy_seam.values.tree import Mark, Reference, Tree, with_parts
from legacy_seam.values.writing import encode


def listed(texts: Sequence[str], *, has_more: bool = False, first: int = 1) -> str:
    """The text of a list, from the texts of its items. What two items shared is not told.

    Args:
        texts: written by `encode`.
        has_more: there were more; `Ellipsis` stands for them.
        first: the first number for marks; those below it are for other texts of the same call.

    >>> listed(["1", "'two'"], has_more=True)
    "[1, 'two', Ellipsis]"
    >>> listed(["[&1 [], *1]", "[&1 [], *1]"])
    '[[&1 [], *1], [&2 [], *2]]'
    """
    flat = f"[{', '.join([*texts, *(('Ellipsis',) if has_more else ())])}]"
    if len(flat) <= WIDTH and "\n" not in flat and "&" not in flat:
        return flat
    numbers = count(first)
    trees = [
        _renumbered(parse(text), defaultdict(lambda: str(next(numbers)))) if "&" in text else parse(text)
        for text in texts
    ]
    return encode([*trees, ...] if has_more else trees)


def _renumbered(tree: Tree, known: dict[str, str]) -> Tree:
    """The same tree, with marks whose numbers no other item has."""

    def again(part: Tree) -> Tree:
        return _renumbered(part, known)

    match tree:
        case Mark():
            return Mark(known[tree.number], again(tree.tree))
        case Reference() if tree.target.isdigit():
            return Reference(known[tree.target])
    return with_parts(tree, again)
