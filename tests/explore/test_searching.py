"""The loop that makes calls where they are tried, and what it takes for new at a glance."""

from __future__ import annotations

import textwrap
from dataclasses import replace
from pathlib import Path

import pytest

from grade.nets import net_of
from legacy_seam.explore.ideas import ideas_for
from legacy_seam.explore.mutating import with_inputs
from legacy_seam.golden.verify import batches_of
from legacy_seam.grade.mutants import Source
from legacy_seam.grade.scope import source_of
from legacy_seam.grade.worlds import Sought, World
from legacy_seam.replay.performing import Performance
from legacy_seam.replay.searching.ideas import Ideas
from legacy_seam.replay.searching.loop import Round
from legacy_seam.replay.searching.novelty import Novelty, sort_at_a_glance
from legacy_seam.rewriting.edits import node_at
from legacy_seam.targets import Target

RULES = """
    import os

    SEEN = []

    class Order:
        def __init__(self):
            raise RuntimeError("not to be run")

    def fee(order, code):
        SEEN.append(code)
        if code == "leave":
            os._exit(3)
        if order.days == 31337:
            open("/etc/legacy-seam-was-here", "w")
        if order.days > 15 and code.startswith("G"):
            return order.days * 2
        return len(SEEN)

    def nothing():
        return 1

    TABLE = {}

    def made(limit):
        def late(days):
            if days > limit:
                return ('late', TABLE["fee"])
            return 'soon'
        return late
    """
FEE = ("rules:fee", {"order": "rules:Order(days=3)", "code": "'B7'"})


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (Performance(returned=(5,)), Performance(returned=(7,)), True),
        (Performance(returned=(5,)), Performance(returned=(-7,)), False),
        (Performance(returned=("a",)), Performance(returned=("b",)), True),
        (Performance(returned=("a",)), Performance(returned=("",)), False),
        (Performance(returned=([1],)), Performance(returned=([2, 3],)), True),
        (Performance(returned=([1],)), Performance(returned=(["a"],)), False),
        (Performance(returned=({"a": 1},)), Performance(returned=({"b": 1},)), False),
        (Performance(raised=KeyError("a")), Performance(raised=KeyError("b")), True),
        (Performance(raised=ValueError("no 7 here")), Performance(raised=ValueError("no 8 here")), True),
        (Performance(raised=ValueError("no 7 here")), Performance(raised=ValueError("no 8 there")), False),
        (Performance(items=["1"]), Performance(items=[]), False),
    ],
)
def test_outcomes_of_one_sort_differ_in_numbers_and_texts_only(
    one: Performance, other: Performance, same: bool
) -> None:
    assert (sort_at_a_glance(one) == sort_at_a_glance(other)) is same


def test_new_is_a_branch_a_sort_of_outcome_and_so_many_values() -> None:
    novelty = Novelty(variety=2)
    calls = [({1}, 5), ({1}, 5), ({1, 2}, 5), ({1}, 6), ({1}, 7), ({1}, -7)]
    new = [novelty.seems_new(branches, Performance(returned=(value,))) is not None for branches, value in calls]
    assert new == [True, False, True, True, False, True]


def sought(place: Path, calls: list[tuple[str, dict[str, str]]], how_many: int) -> tuple[Sought, bool]:
    """What a round finds, and whether the case is afterwards what it was."""
    net = net_of(place, {"rules": RULES}, calls)
    (batch,) = batches_of(net.goldens[0][1], net.golden)
    with net.replayer() as replayer, replayer.hired([batch]) as shift:
        world = World(shift, replayer.redactor, [batch])
        file = world.prepare()["rules"]
        source = source_of("rules", file)
        assert isinstance(source, Source)
        found = world.search(0, [file], batch.calls, 1, ideas(source), Round(how_many, 60.0, 25, "1"))
        came, left = world.baseline([0])
    return found, came[0].effects == net.goldens[0][1].cases[0].approved.effects and not left


def ideas(source: Source) -> Ideas:
    return ideas_for(node_at(source.tree, source.functions["fee"].path), source.tree, 0)


def test_calls_are_made_in_bulk_and_those_that_show_something_are_told(tmp_path: Path) -> None:
    found, is_as_before = sought(tmp_path, [FEE], 3000)
    assert found.tried > 300
    assert is_as_before
    assert 0 < found.ends <= 20, "each call that leaves the process costs just itself"
    assert any("days=31337" in arguments["order"] for _, arguments, _ in found.found), (
        "what is denied is an outcome"
    )
    assert any(arguments["code"].startswith("'G") for _, arguments, _ in found.found)
    assert all(root.identity == "1" for root, _, _ in found.found)
    assert not Path("/etc/legacy-seam-was-here").exists()


def test_a_round_ends_where_there_is_nothing_new_to_be_made(tmp_path: Path) -> None:
    found, _ = sought(tmp_path, [("rules:nothing", {})], 3000)
    assert found.tried == 0


def test_a_function_that_another_one_makes_is_led_by_its_branches_with_its_variables_and_state(
    tmp_path: Path,
) -> None:
    net = net_of(tmp_path, {"rules": RULES}, [("rules:nothing", {})])
    (batch,) = batches_of(net.goldens[0][1], net.golden)
    call = replace(
        batch.calls[0],
        target=Target.parse("rules:made.<locals>.late"),
        arguments={"days": "3"},
        closure={"limit": "4000"},
        state={"rules:TABLE": "{'fee': 7}"},
    )
    batch = replace(batch, target=call.target, calls=(call,))
    lines: dict[int, int] = {}
    with net.replayer() as replayer, replayer.hired([batch]) as shift:
        world = World(shift, replayer.redactor, [batch])
        file = world.prepare()["rules"]
        found = world.search(0, [file], [call], 1, Ideas(), Round(2000, 60.0, 25, "1"))
        met = world.explore(0, [file], [with_inputs(*one) for one in found.found], lines)
    returned = {one.effects[0].text for one in met.values() if one.effects}
    assert "('late', 7)" in returned, "the table is as it was in the call that was changed"
    ways = {lines[branch] for one in met.values() for branch in one.branches}
    assert ways >= {line_of("return ('late'"), line_of("if days > limit")}
    assert world.seconds > 0


def line_of(text: str) -> int:
    lines = textwrap.dedent(RULES).splitlines()
    return next(number for number, line in enumerate(lines, 1) if text in line)
