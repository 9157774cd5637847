"""Functions that run when the program is imported: a mutant that is put in later comes too late for those calls."""

from __future__ import annotations

from pathlib import Path

import pytest

from grade.nets import Net, net_of
from legacy_seam.grade.memory import Memory
from legacy_seam.grade.operators import named
from legacy_seam.grade.scope import Scope
from legacy_seam.grade.verdicts import Graded, Judged
from legacy_seam.targets import Pattern

RULES = """
    def squares(most):
        return {n: n * n for n in range(most + 1)}

    def times(factor):
        def decorate(function):
            def called(x):
                tries = 3
                return function(x) * factor + tries
            return called
        return decorate

    TABLE = squares(4)

    def looked_up(n):
        return TABLE.get(n, 7)

    @times(2)
    def doubled(x):
        return x

    def used(x):
        return doubled(x)
    """
CALLS = [("rules:looked_up", {"n": "4"}), ("rules:looked_up", {"n": "5"}), ("rules:used", {"x": "5"})]
OPERATORS = named(["number-plus-one", "number-minus-one", "arithmetic", "statement-deleted"])
SCOPE = Scope((Pattern("rules"),))


@pytest.fixture(scope="module")
def net(tmp_path_factory: pytest.TempPathFactory) -> Net:
    return net_of(tmp_path_factory.mktemp("import"), {"rules": RULES}, CALLS)


@pytest.fixture(scope="module")
def graded(net: Net) -> Graded:
    return net.grade(operators=OPERATORS, outside=50, scope=SCOPE)


def of_function(graded: Graded, function: str) -> list[Judged]:
    return [one for one in graded.judged if one.mutant.function == function]


def test_what_a_function_makes_at_import_counts(graded: Graded) -> None:
    made = {(one.mutant.before, one.mutant.after): one for one in of_function(graded, "squares")}
    assert {one.state for one in made.values()} == {"killed"}
    assert all(one.noticed is not None and one.noticed.target == "rules:looked_up" for one in made.values())


def test_a_function_within_one_that_ran_at_import_is_run_by_its_cases(graded: Graded) -> None:
    inner = {one.mutant.before: one for one in of_function(graded, "times") if one.mutant.before == "3"}
    assert inner["3"].state == "killed"
    assert inner["3"].noticed is not None and inner["3"].noticed.target == "rules:used"


def test_verdicts_are_what_verifying_says_of_the_mutant_in_the_file(graded: Graded, net: Net) -> None:
    tried = [one for one in graded.judged if one.state != "suppressed" and one.mutant.function][::2]
    truth = net.truth(Graded(tuple(tried), graded.modules))
    assert {one.mutant.identity: one.state == "killed" for one in tried} == truth


def test_verdicts_at_import_are_kept_as_others_are(net: Net, tmp_path: Path) -> None:
    memory = tmp_path / "verdicts.json"
    first = net.grade(operators=OPERATORS, outside=50, scope=SCOPE, memory=Memory(memory))
    again = net.grade(operators=OPERATORS, outside=50, scope=SCOPE, memory=Memory(memory))
    assert [(one.mutant.identity, one.state) for one in again.judged] == [
        (one.mutant.identity, one.state) for one in first.judged
    ]
    assert again.reused == len([one for one in again.judged if one.state != "not-covered"])
