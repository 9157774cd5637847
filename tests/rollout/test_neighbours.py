"""The nearest recorded call on which both sides agree."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from legacy_seam.rollout.neighbours import Neighbours

rows = st.lists(
    st.dictionaries(st.sampled_from("abc"), st.integers(0, 9) | st.sampled_from(["x", "y"])), min_size=1, max_size=8
)


def test_numbers_count_by_their_range_and_the_farthest_apart_comes_first() -> None:
    among = Neighbours([{"days": 0, "tier": "G"}, {"days": 100, "tier": "G"}, {"days": 12, "tier": "S"}])
    near = among.nearest({"days": 10, "tier": "G"})
    assert near is not None and near.place == 0
    assert near.differs == {"days": (10, 0)}
    far = among.nearest({"days": 60, "tier": "S", "new": 1})
    assert far is not None and list(far.differs) == ["new", "days"]


@given(rows)
def test_a_row_that_is_there_is_its_own_neighbour(among: list[dict[str, int | str]]) -> None:
    near = Neighbours(among).nearest(among[-1])
    assert near is not None and near.distance == 0.0 and near.differs == {}


def test_nobody_has_no_neighbour() -> None:
    assert Neighbours([]).nearest({"a": 1}) is None
