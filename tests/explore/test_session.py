"""Exploring from beginning to end: a program, its golden master, and what is proposed beside it."""

from __future__ import annotations

from pathlib import Path

import pytest

from grade.nets import Net, net_of
from legacy_seam.calls import Case
from legacy_seam.explore.budget import Budget
from legacy_seam.explore.memory import Memory
from legacy_seam.explore.plan import Explored, Plan
from legacy_seam.explore.proposals import accept_proposal, proposal_path, read_proposal
from legacy_seam.explore.session import Explorer
from legacy_seam.golden.approval import approve
from legacy_seam.golden.verify import verify
from legacy_seam.grade.operators import named
from legacy_seam.grade.plan import Plan as GradePlan
from legacy_seam.targets import Target

RULES = """
    import os
    import re

    class Order:
        def __init__(self):
            raise RuntimeError("not to be run")

    def fee(order, code):
        if order.days <= 15:
            return 0
        found = re.match("R([0-9]{2})X", code)
        if found:
            return int(found[1]) + 100
        if order.days == 31337:
            os._exit(3)
        if order.days == 5001:
            while True:
                pass
        if not code:
            raise ValueError("no code")
        return order.days / order.rate
    """
RECORDED = [("rules:fee", {"order": "rules:Order(days=3, rate=2)", "code": "'B7'"})]
BUDGET = Budget(seconds=60, calls=400, seed=1)
PLAN = Plan(budget=BUDGET, grade=GradePlan(operators=named(["comparison-boundary", "return-none"])), runs=2)


def explore(net: Net, plan: Plan = PLAN) -> Explored:
    path, master = net.goldens[0]
    approve(path, net.golden.write(master))
    with net.replayer() as replayer:
        return Explorer(net.golden, replayer, Memory(net.directory.parent / "memory")).explore(
            [(path, master)], plan
        )[0]


@pytest.fixture(scope="module")
def explored(tmp_path_factory: pytest.TempPathFactory) -> tuple[Net, Explored]:
    net = net_of(tmp_path_factory.mktemp("explored"), {"rules": RULES}, RECORDED)
    return net, explore(net)


def cases_of(explored: Explored) -> dict[str, Case]:
    return {one.outcome.partition("(")[0]: one.case for one in explored.proposed}


def test_a_pattern_a_bound_and_an_exception_are_found_without_running_a_constructor(
    explored: tuple[Net, Explored],
) -> None:
    _, found = explored
    outcomes = [one.outcome for one in found.proposed]
    assert any(one.startswith("returned 1") and len(one) == len("returned 100") for one in outcomes), outcomes
    assert any("raised ValueError('no code')" in one for one in outcomes)
    assert found.branches[1] > found.branches[0]


def test_inputs_on_a_bound_and_beyond_it_are_proposed(explored: tuple[Net, Explored]) -> None:
    _, found = explored
    orders = {one.case.call.arguments["order"].partition(",")[0] for one in found.proposed}
    assert {"rules:Order(days=15", "rules:Order(days=16"} <= orders


def test_an_end_of_the_process_costs_one_call_and_is_not_proposed(explored: tuple[Net, Explored]) -> None:
    _, found = explored
    assert found.tried > 300
    assert 0 < found.refused < 100
    assert not any("days=31337" in str(one.case.call.arguments) for one in found.proposed)


def test_what_is_proposed_makes_the_net_stronger(explored: tuple[Net, Explored]) -> None:
    before, after = explored[1].score
    assert before is not None and after is not None and after > before


def test_arguments_are_as_recorded_where_they_do_not_matter(explored: tuple[Net, Explored]) -> None:
    divided = [one for one in explored[1].proposed if one.outcome.startswith("raised ZeroDivisionError")]
    assert [one.case.call.arguments["code"] for one in divided] in ([], ["'B7'"])
    assert any(one.case.call.arguments["code"] == "'B7'" for one in explored[1].proposed)


def test_crashes_are_told_from_what_is_raised_on_purpose(explored: tuple[Net, Explored]) -> None:
    crashes = {one.outcome.partition("(")[0] for one in explored[1].proposed if one.remark.is_crash}
    assert "raised ValueError" not in crashes
    assert crashes <= {"raised TypeError", "raised ZeroDivisionError", "raised AttributeError"} and crashes


def test_the_golden_master_is_untouched_until_somebody_accepts_and_then_holds(
    explored: tuple[Net, Explored],
) -> None:
    net, found = explored
    path, master = net.goldens[0]
    assert net.golden.load(path) == master
    proposed, remarks = read_proposal(path, net.golden)
    assert {case.call.identity for case in proposed.cases} == set(remarks)
    crash = next(one for one in found.proposed if one.remark.is_crash).case.call.identity
    taken, left = accept_proposal(path, net.golden)
    assert taken and crash in left
    taken_later, left_later = accept_proposal(path, net.golden, [crash])
    assert taken_later == [crash] and len(left_later) == len(left) - 1
    if left_later:
        accept_proposal(path, net.golden, everything=True)
    assert not proposal_path(path).exists()
    merged = net.golden.load(path)
    assert len(merged.cases) == 1 + len(found.proposed)
    with net.replayer() as replayer:
        (verified,) = verify([(path, merged)], net.golden, replayer)
    assert verified.status == "passed"


def test_the_same_seed_proposes_the_same_and_a_search_goes_on_from_the_last(tmp_path: Path) -> None:
    quick = Plan(budget=Budget(seconds=60, calls=150, seed=4), grade=None, runs=2)
    one = net_of(tmp_path / "one", {"rules": RULES}, RECORDED)
    other = net_of(tmp_path / "other", {"rules": RULES}, RECORDED)
    first = explore(one, quick)
    assert [case.case for case in first.proposed] == [case.case for case in explore(other, quick).proposed]
    memory = Memory(one.directory.parent / "memory")
    run = one.golden.world("run-1")
    kept = memory.recall(Target("rules", "fee"), run)
    assert kept.searches == 1 and kept.calls
    again = explore(one, Plan(budget=Budget(seconds=60, calls=1, seed=4), grade=None, runs=2))
    assert {case.case.call.identity for case in again.proposed} and again.branches[1] >= first.branches[1]
    memory.forget(Target("rules", "fee"))
    assert memory.recall(Target("rules", "fee"), run).searches == 0
