"""Taking recorded values apart, and what is learnt of them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from legacy_seam.replay.searching.familiarity import familiarity
from legacy_seam.replay.searching.habits import Habits
from legacy_seam.replay.searching.trees import parts, read, replaced
from legacy_seam.values import encode, parse

DATA = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3) | st.tuples(inner, inner)
    ),
    max_leaves=8,
)


@given(DATA)
def test_a_part_put_back_in_its_place_changes_nothing(value: object) -> None:
    for part in parts(value, "x"):
        assert replaced(value, part.path, part.tree) == value


@given(DATA, st.integers())
def test_a_replaced_part_is_found_in_its_place_and_the_value_stays_as_it_was(value: object, new: int) -> None:
    before = encode(value)
    for part in parts(value, "x"):
        changed = replaced(value, part.path, new)
        assert any(one.path == part.path and one.tree == new for one in parts(changed, "x"))
    assert encode(value) == before


def test_objects_are_changed_inside_without_being_built() -> None:
    tree = parse("&1 shop:Order(total=Decimal('3.50'), owner=shop:Customer(name='Ann', orders=[*1]))")
    (name,) = [part for part in parts(tree, "order") if part.role == "order.owner.name"]
    changed = encode(replaced(tree, name.path, "Bo"))
    assert changed == "&1 shop:Order(total=Decimal('3.50'), owner=shop:Customer(name='Bo', orders=[*1]))"


def test_text_that_cannot_be_taken_apart_is_left_out() -> None:
    assert read({"a": "1", "b": "@81c0"}) == {"a": 1}


def test_a_value_that_always_is_a_key_of_a_dict_beside_it_is_known_as_such() -> None:
    habits = Habits.of(
        [
            {"rates": "{'G': 3, 'S': 2}", "tier": "'G'", "name": "'G'"},
            {"rates": "{'G': 3, 'B': 1}", "tier": "'B'", "name": "'Ann'"},
        ]
    )
    assert habits.roles["tier"].keys == ["G", "S", "B"]
    assert habits.roles["name"].keys is None


SEEN = Habits.of(
    [{"late": "3", "tier": "'GS'", "order": "{'id': 1}"}, {"late": "40", "tier": "'S'", "order": "{'id': 9}"}]
)
HINTED = Habits.of([{"late": "None"}])


def test_inputs_within_what_was_recorded_are_recorded_like() -> None:
    assert familiarity(read({"late": "15", "tier": "'G'", "order": "{'id': 5}"}), SEEN, HINTED) == "recorded-like"


def test_inputs_beyond_what_was_recorded_but_of_its_types_are_plausible() -> None:
    for arguments in ({"late": "41"}, {"tier": "'Gx'"}, {"tier": "'GSG'"}, {"order": "{}"}, {"late": "None"}):
        assert familiarity(read(arguments), SEEN, HINTED) == "plausible"


def test_inputs_of_types_that_nothing_speaks_of_are_outside() -> None:
    for arguments in ({"late": "'3'"}, {"order": "{'id': None}"}, {"order": "[]"}, {"order": "{'id': 1, 'x': 2}"}):
        assert familiarity(read(arguments), SEEN, HINTED) == "outside"
