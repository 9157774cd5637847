"""Inputs near recorded ones: what is tried, and that what is found tells a mutant from the original."""

from __future__ import annotations

import ast
from pathlib import Path

from grade.nets import net_of
from legacy_seam.calls import Call, Effect, Outcome
from legacy_seam.grade.mutants import Source
from legacy_seam.grade.operators import named
from legacy_seam.grade.probing import MOST_PROBES, constants_of, in_words, like, probes
from legacy_seam.targets import Target

RULES = """
    def fee(order, tier="B"):
        if order["days"] <= 15:
            return 0
        return 10 if tier == "Gold" else 5
    """


def call(**arguments: str) -> Call:
    return Call(Target("rules", "fee"), "1", arguments, {}, {}, 0.0, (), None, "run")


def near(written: str, **arguments: str) -> list[dict[str, str]]:
    source = Source("rules", written, ast.parse(written))
    return [dict(one.arguments) for one in probes([call(**arguments)], source, source.functions["fee"])]


def test_one_argument_is_changed_at_a_time() -> None:
    found = near("def fee(a, b): return a < 15 and b", a="3", b="True")
    assert (
        {"a": "4", "b": "True"} in found and {"a": "15", "b": "True"} in found and {"a": "3", "b": "False"} in found
    )
    assert {"a": "3", "b": "True"} not in found
    assert all((one["a"] == "3") != (one["b"] == "True") for one in found)


def test_constants_of_the_function_are_tried_inside_containers() -> None:
    found = near("def fee(order): return order['days'] == 15", order="{'days': 3}")
    assert {"order": "{'days': 15}"} in found and {"order": "{'days': 16}"} in found


def test_attributes_of_objects_and_items_of_tuples_are_changed_where_they_lie() -> None:
    found = near("def fee(a): return a.days > 15", a="rules:Order(days=1, lines=[('x', 2)])")
    assert {"a": "rules:Order(days=16, lines=[('x', 2)])"} in found
    assert {"a": "rules:Order(days=1, lines=[('x', 3)])"} in found


def test_dates_and_durations_are_moved_by_a_step_and_to_the_constants_of_the_function() -> None:
    found = near("def fee(a): return a > limit(days=15)", a="[date(2024, 2, 28), timedelta(days=3)]")
    assert {"a": "[date(2024, 2, 29), timedelta(days=3)]"} in found
    assert {"a": "[date(2024, 2, 28), timedelta(days=15)]"} in found
    assert {"a": "Decimal('9.91')"} in near("def fee(a): return a", a="Decimal('9.90')")


def test_what_is_no_data_is_left_as_it_is() -> None:
    assert near("def fee(a): return 1", a="rules:fee") == []


def test_what_documents_a_function_is_no_input() -> None:
    found = near("def fee(a):\n    'Look up a fee.'\n    return a == 'Gold'", a="'Silver'")
    assert {"a": "'Gold'"} in found and {"a": "'silver'"} in found
    assert not any("Look" in one["a"] for one in found)


def test_it_is_said_in_which_part_an_input_differs_from_a_recorded_one() -> None:
    recorded = call(a="rules:Order(days=1, lines=[('x', 2)])", b="3")
    assert like(call(**{**recorded.arguments, "b": "4"}), recorded) == "b=4"
    other = call(**{**recorded.arguments, "a": "rules:Order(days=16, lines=[('x', 2)])"})
    assert like(other, recorded) == "a.days=16"


def test_of_two_outcomes_it_is_told_what_is_not_the_same() -> None:
    printed, returned = Effect("wrote", "stdout", "'a long list'"), Effect("returned", "", "1")
    one, other = Outcome((printed, returned)), Outcome((printed, Effect("returned", "", "2")))
    assert (in_words(one, other), in_words(other, one)) == ("returned 1", "returned 2")
    assert in_words(Outcome((printed,)), one) == "only wrote stdout 'a long list'"


def test_there_are_not_too_many() -> None:
    written = "def fee(a): return " + " + ".join(map(str, range(200)))
    assert 0 < len(near(written, a="3", b="4")) <= MOST_PROBES
    assert 7 in constants_of(ast.parse(written))


def test_a_survivor_comes_with_an_input_that_would_notice_it(tmp_path: Path) -> None:
    net = net_of(tmp_path, {"rules": RULES}, [("rules:fee", {"order": "{'days': 3}"})])
    graded = net.grade(operators=named(["comparison-boundary"]))
    (survivor,) = graded.survivors()
    killer = graded.killers[survivor.mutant.identity]
    assert (killer.target, dict(killer.arguments)) == ("rules:fee", {"order": "{'days': 15}"})
    assert (killer.original, killer.mutant) == ("returned 0", "returned 5")
    assert (killer.case, killer.differs) == ("1", "order['days']=15")
