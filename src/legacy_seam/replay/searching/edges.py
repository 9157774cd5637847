"""The least and the most that inputs are on each path: where a bound in the code lies, calls on both sides show it.

A path is the set of branches that a call takes. Of texts and collections it is the length that counts.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from legacy_seam.plaindata import dataclass, field
from legacy_seam.values import Tree

_MOST_PATHS = 20
_MOST = 1e15
"""Numbers beyond have no end that a bound would set."""
_FAR = 1.5
_Key = tuple[frozenset[int], str, bool]


@dataclass(slots=True)
class Edges:
    """The calls that are at the edges.

    >>> edges = Edges()
    >>> [edges.take({1}, {"days": days}, str(days)) for days in (5, 70, 71, 3)]
    [True, True, False, True]
    >>> sorted(edges.holders())
    ['3', '70']
    """

    _held: dict[_Key, tuple[float, str]] = field(default_factory=dict)
    _paths: set[frozenset[int]] = field(default_factory=set)

    def take(self, branches: Collection[int], inputs: Mapping[str, Tree], name: str = "") -> bool:
        """Is a call at an edge? From now on it is the one that is.

        Args:
            branches: that it takes.
            inputs: its arguments.
            name: its own.
        """
        path, is_at_edge = frozenset(branches), False
        if path not in self._paths:
            if len(self._paths) >= _MOST_PATHS:
                return False
            self._paths.add(path)
        for parameter, tree in inputs.items():
            size = _size(tree)
            if size is None:
                continue
            for is_most in (False, True):
                held = self._held.get((path, parameter, is_most))
                if held is None or (_is_far_beyond(size, held[0]) if is_most else _is_far_beyond(-size, -held[0])):
                    self._held[path, parameter, is_most] = size, name
                    is_at_edge = True
        return is_at_edge

    def holders(self) -> set[str]:
        """The names of the calls that are at an edge now."""
        return {name for _, name in self._held.values()}


def _is_far_beyond(size: float, most: float) -> bool:
    """Is it so much more that it counts? Each text that is a letter longer than all before is worth no replay."""
    return size > most and size >= (_FAR * most if most > 0 else most / _FAR)


def _size(tree: Tree) -> float | None:
    kind = type(tree)
    if kind is int or kind is float:
        return tree if -_MOST < tree < _MOST else None
    return len(tree) if kind in (str, bytes, list, tuple, dict) else None
