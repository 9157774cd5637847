from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from legacy_seam.survey.cutting import vertex_cut

NODES = range(7)
graphs = st.fixed_dictionaries({node: st.lists(st.sampled_from(NODES), max_size=4, unique=True) for node in NODES})
ends = st.sets(st.sampled_from(NODES), min_size=1)


def leads(
    edges: Mapping[int, Sequence[int]], sources: Collection[int], sinks: Collection[int], without: Collection[int]
) -> bool:
    seen, waiting = set(without), [node for node in sources if node not in without]
    while waiting:
        node = waiting.pop()
        if node in sinks:
            return True
        if node not in seen:
            seen.add(node)
            waiting += [other for other in edges[node] if other not in seen]
    return False


@given(graphs, ends, ends)
def test_no_way_is_left_and_no_smaller_cut_does(
    edges: dict[int, list[int]], sources: set[int], sinks: set[int]
) -> None:
    cut = vertex_cut(edges, sources, sinks, most=7)

    assert cut is not None
    assert not leads(edges, sources, sinks, cut)
    smaller = combinations(NODES, len(cut) - 1) if cut else ()
    assert all(leads(edges, sources, sinks, one) for one in smaller)


@given(graphs, ends, ends)
def test_a_cut_that_is_too_wide_is_none(edges: dict[int, list[int]], sources: set[int], sinks: set[int]) -> None:
    cut = vertex_cut(edges, sources, sinks, most=7)

    assert cut is not None
    assert vertex_cut(edges, sources, sinks, most=len(cut)) == cut
    assert len(cut) == 0 or vertex_cut(edges, sources, sinks, most=len(cut) - 1) is None


def test_the_cut_nearest_to_the_sinks_is_taken() -> None:
    assert vertex_cut({1: [2], 2: [3], 3: [4, 5], 4: [], 5: []}, [1], [4, 5], most=3) == {3}
