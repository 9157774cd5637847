"""What a function asks of its inputs, as values that are worth a try."""

from __future__ import annotations

import ast
import textwrap
from typing import Any

import pytest

from explore.calls import call
from legacy_seam.explore.distinctions import asked_of, members_of
from legacy_seam.explore.hints import aliases_of, strategy_of
from legacy_seam.explore.ideas import drawn
from legacy_seam.values import encode


def asked(source: str, name: str = "f") -> dict[str, list[Any]]:
    """Values by role, for the function of that name."""
    module = ast.parse(textwrap.dedent(source))
    (function,) = [one for one in ast.walk(module) if isinstance(one, ast.FunctionDef) and one.name == name]
    return {role: drawn(one, 80, 1) for role, one in asked_of(function, module, aliases_of(module)).items()}


def types(values: list[Any]) -> set[type]:
    return {type(one) for one in values}


@pytest.mark.parametrize(
    ("question", "kinds"),
    [
        ("isinstance(x, slice)", {slice, int, str}),
        ("isinstance(x, (tuple, bytes))", {tuple, bytes}),
        ("isinstance(x, tuple | bytes)", {tuple, bytes}),
        ("isinstance(x, TEXTS)", {str, bytes}),
        ("isinstance(x, numbers.Number)", {int, float}),
        ("type(x) is bytearray", {bytearray}),
        ("is_string(x)", {int, type(None)}),
        ("compat.is_list_like(x)", {int, type(None)}),
        ("callable(x)", {int, type(None)}),
        ("x is not None", {type(None)}),
        ("x == 'never'", {str}),
        ("x in (1, 'x', None)", {int, str, type(None)}),
    ],
)
def test_a_type_that_is_asked_for_is_spoken_of(question: str, kinds: set[type]) -> None:
    found = asked(f"TEXTS = (str, bytes)\ndef f(x):\n    return 1 if {question} else 2")
    assert kinds <= types(found["x"])


def test_who_asks_for_a_type_may_get_another() -> None:
    assert {type(None), list, int, float} <= types(asked("def f(x): return isinstance(x, str)")["x"])


def test_parts_of_inputs_are_asked_as_well() -> None:
    source = """
        class Order:
            def f(self, rows, table):
                if self.limit is None or table["rate"] == 7:
                    return
                for row in rows:
                    if isinstance(row, tuple):
                        return row
        """
    found = asked(source)
    assert found["self.limit"] == [None] and found["table['rate']"] == [7]
    assert tuple in types(found["rows[]"])


def test_keys_of_a_table_that_is_looked_into_are_tried() -> None:
    found = asked("RATES = {'gold': 1, 7: 2}\ndef f(x, y, z): return RATES[x], RATES.get(y), z in RATES")
    assert {name: set(values) for name, values in found.items()} == {name: {"gold", 7} for name in "xyz"}


def test_functions_of_the_module_ask_of_what_they_are_given() -> None:
    source = """
        def is_atomic(thing, *, deep):
            return isinstance(thing, tuple)

        class Index:
            def f(self, key):
                return self.found(key) or is_atomic(key, deep=True)

            def found(self, other):
                return other is None or self.f(other)
        """
    assert {tuple, type(None)} <= types(asked(source)["key"])


def test_what_is_caught_says_that_an_input_may_be_of_a_wrong_type() -> None:
    caught = "def f(self, x, y):\n    try:\n        self.n = set(x)\n    except {}:\n        return y"
    assert types(asked(caught.format("TypeError"))["x"]) >= {type(None), int}
    assert asked(caught.format("TypeError")).keys() == {"x"}, "an object does not come as another one of its own"
    assert asked(caught.format("(KeyError, ValueError)")) == {}


def test_all_members_of_an_enumeration_are_tried_where_one_was_recorded() -> None:
    module = ast.parse(
        "class Field(enum.IntEnum):\n    DAY = 1\n    MONTH = 2\n    _ignore_ = []\n    def f(self): ...\n"
        "class Plain:\n    DAY = 1\n"
    )
    recorded = call(
        self="rules:Field.DAY", other="rules:Plain.DAY", rows="[shop:Field.DAY]", order="shop:O(f=rules:Field.DAY)"
    )

    found = members_of(module, "rules", [recorded])

    assert found.keys() == {"self", "order.f"}
    for some in found.values():
        assert {encode(one) for one in some} == {"rules:Field.DAY", "rules:Field.MONTH"}


NAMES = """
Rows = Optional[Sequence[int]]
Thing = TypeVar("Thing")
Key = NewType("Key", str)
Round = Other
Other = Round
"""


@pytest.mark.parametrize(
    ("hint", "kinds"),
    [
        ("Rows", {list, tuple, type(None)}),
        ("Thing", {int, str, type(None), list}),
        ("Any", {int, str, type(None), list}),
        ("Key", {str}),
        ("Round", set()),
        ("Rows[int]", {list, tuple, type(None)}),
        ("AbstractSet[Thing]", {set}),
        ("slice", {slice}),
    ],
)
def test_names_of_the_module_are_hints_for_what_they_stand_for(hint: str, kinds: set[type]) -> None:
    module = ast.parse(NAMES)
    strategy = strategy_of(ast.parse(hint, mode="eval").body, aliases_of(module))
    assert kinds <= (types(drawn(strategy, 80, 1)) if strategy is not None else set())
    assert (strategy is None) is (not kinds)
