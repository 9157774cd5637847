"""Mutants outside of functions: each is tried by an import of the program with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from grade.nets import Net, net_of
from legacy_seam.grade.equivalents import Equivalent
from legacy_seam.grade.memory import Memory
from legacy_seam.grade.operators import named
from legacy_seam.grade.outside import spread
from legacy_seam.grade.verdicts import DETECTED, Graded, Judged

RULES = """
    import functools

    LIMIT = 15
    UNUSED = 99
    if LIMIT < 0:
        raise ValueError("no limit")

    class Order:
        vat = 7

        def total(self, net, extra=5):
            return net + self.vat + extra

    def fee(days):
        return 10 if days > LIMIT else 0
    """
OTHER = """
    from rules import LIMIT

    def doubled(x):
        return x * LIMIT
    """
CALLS = [
    ("rules:fee", {"days": "15"}),
    ("rules:Order.total", {"self": "rules:Order()", "net": "1"}),
    ("other:doubled", {"x": "2"}),
]
OPERATORS = named(["number-plus-one", "number-minus-one", "comparison-negation"])


@pytest.fixture(scope="module")
def net(tmp_path_factory: pytest.TempPathFactory) -> Net:
    return net_of(tmp_path_factory.mktemp("outside"), {"rules": RULES, "other": OTHER}, CALLS)


@pytest.fixture(scope="module")
def graded(net: Net) -> Graded:
    return net.grade(operators=OPERATORS, outside=50)


def outside(graded: Graded) -> dict[tuple[str, str], Judged]:
    return {(one.mutant.before, one.mutant.after): one for one in graded.judged if not one.mutant.function}


def test_constants_defaults_and_bodies_of_classes_are_mutated(graded: Graded) -> None:
    states = {change: one.state for change, one in outside(graded).items()}
    assert states == {
        ("15", "16"): "killed",
        ("15", "14"): "killed",
        ("99", "100"): "survived",
        ("99", "98"): "survived",
        ("0", "1"): "survived",
        ("0", "(-1)"): "survived",
        ("<", ">="): "killed",
        ("7", "8"): "killed",
        ("7", "6"): "killed",
        ("5", "6"): "killed",
        ("5", "4"): "killed",
    }
    assert graded.problems == () and graded.notes == ()


def test_it_is_said_what_notices_them(graded: Graded) -> None:
    fails = outside(graded)["<", ">="]
    assert fails.noticed is not None and "no limit" in fails.noticed.difference.got
    smaller = outside(graded)["15", "14"]
    assert smaller.noticed is not None and smaller.cases == 3


def test_a_verdict_is_what_verifying_says_of_the_mutant_in_the_file(graded: Graded, net: Net) -> None:
    judged = tuple(outside(graded).values())
    truth = net.truth(Graded(judged, graded.modules))
    assert truth == {one.mutant.identity: one.state in DETECTED for one in judged}


def test_verdicts_are_kept_only_so_many_are_tried_and_that_is_said(net: Net, tmp_path: Path) -> None:
    first = net.grade(operators=OPERATORS, outside=4, memory=Memory(tmp_path / "grade.json"))
    again = net.grade(operators=OPERATORS, outside=4, memory=Memory(tmp_path / "grade.json"))
    assert len(outside(first)) == 4 and outside(first) == outside(again)
    assert again.reused - first.reused >= 4
    assert any("4 of 11 mutants outside of functions" in note for note in first.notes)
    assert outside(net.grade(operators=OPERATORS)) == {}


def test_what_was_accepted_before_a_function_changed_is_told(net: Net) -> None:
    said = Equivalent("1234", "rules:fee", "another", "15 -> 16", "nobody is late", "Ann")
    (note,) = net.grade(operators=OPERATORS, equivalent={"1234": said}).notes
    assert "rules:fee has changed since Ann accepted '15 -> 16'" in note and "delete 1234" in note


def test_some_are_taken_from_all_over() -> None:
    assert spread(range(10), 3) == [0, 3, 6] and spread("ab", 3) == ["a", "b"]
