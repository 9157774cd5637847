"""Minimum vertex cuts of directed graphs, by Menger's theorem as large as the most paths that share no node.

The paths are found one after the other (Ford and Fulkerson): each node is split in two, an entry and an exit, and
the way between them carries one path. A further path may undo steps of earlier ones.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Final, Generic, TypeVar

Node = TypeVar("Node", bound=Hashable)

_IN: Final = True
_OUT: Final = False


def vertex_cut(
    edges: Mapping[Node, Sequence[Node]], sources: Iterable[Node], sinks: Iterable[Node], *, most: int
) -> set[Node] | None:
    """The fewest nodes without which no way leads from a source to a sink; sources and sinks may be among them.

    Args:
        edges: node → nodes it leads to; every node is a key.
        sources: where ways begin.
        sinks: where they end.
        most: nodes in the cut; the work grows with it.

    Returns:
        of several smallest cuts the one nearest to the sinks; None where all have more nodes than `most`.

    >>> edges = {"main": "ab", "a": "c", "b": "c", "c": "de", "d": "", "e": ""}
    >>> vertex_cut(edges, ["main"], "de", most=9)
    {'c'}
    """
    paths = _Paths(edges, sources, sinks)
    for _ in range(most):
        if not paths.add():
            return paths.cut()
    return None if paths.add() else paths.cut()


class _Paths(Generic[Node]):
    """Paths that share no node.

    Args: see `vertex_cut`.
    """

    def __init__(
        self, edges: Mapping[Node, Sequence[Node]], sources: Iterable[Node], sinks: Iterable[Node]
    ) -> None:
        self._edges, self._sources, self._sinks = edges, tuple(dict.fromkeys(sources)), frozenset(sinks)
        self._into: dict[Node, list[Node]] = {node: [] for node in edges}
        for node, others in edges.items():
            for other in others:
                self._into[other].append(node)
        self._used: set[Node] = set()
        self._next: dict[Node, Node] = {}
        self._previous: dict[Node, Node] = {}

    def add(self) -> bool:
        """Find one more path; False where there is none."""
        start = [(node, _IN) for node in self._sources]
        came: dict[tuple[Node, bool], tuple[Node, bool] | None] = dict.fromkeys(start)
        waiting = deque(start)
        while waiting:
            place = waiting.popleft()
            if place[1] is _OUT and place[0] in self._sinks and place[0] not in self._next:
                self._take(place, came)
                return True
            for other in self._ahead(place):
                if other not in came:
                    came[other] = place
                    waiting.append(other)
        return False

    def _ahead(self, place: tuple[Node, bool]) -> Iterator[tuple[Node, bool]]:
        """Where a further path may go from an entry or exit."""
        node, side = place
        if side is _IN:
            if node not in self._used:
                yield node, _OUT
            elif (
                node in self._previous
            ):  # instead of the path that comes in here, which goes another way from there
                yield self._previous[node], _OUT
        else:
            yield from ((other, _IN) for other in self._edges[node])
            if node in self._used:
                yield node, _IN

    def _take(self, end: tuple[Node, bool], came: Mapping[tuple[Node, bool], tuple[Node, bool] | None]) -> None:
        way = [end]
        while (before := came[way[-1]]) is not None:
            way.append(before)
        way.reverse()
        undone, done = list[tuple[Node, Node]](), list[tuple[Node, Node]]()
        for (one, side), (other, _) in pairwise(way):
            if one == other:
                (self._used.add if side is _IN else self._used.discard)(one)
            elif side is _IN:
                undone.append((other, one))
            else:
                done.append((one, other))
        for one, other in undone:
            del self._next[one], self._previous[other]
        for one, other in done:
            self._next[one], self._previous[other] = other, one

    def cut(self) -> set[Node]:
        """The nodes whose exit leads to a sink, and whose entry does not."""
        start = [(node, _OUT) for node in self._sinks]
        found, waiting = set(start), list(start)
        while waiting:
            for other in self._behind(waiting.pop()):
                if other not in found:
                    found.add(other)
                    waiting.append(other)
        return {node for node, side in found if side is _OUT and (node, _IN) not in found}

    def _behind(self, place: tuple[Node, bool]) -> Iterator[tuple[Node, bool]]:
        """From where a further path might come to an entry or exit."""
        node, side = place
        if side is _OUT:
            if node not in self._used:
                yield node, _IN
            if node in self._next:
                yield self._next[node], _IN
        else:
            yield from ((other, _OUT) for other in self._into[node])
            if node in self._used:
                yield node, _OUT
