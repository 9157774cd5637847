"""The loop that makes calls where they are tried, and what it takes for new at a glance."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from grade.nets import Net, net_of
from legacy_seam.explore.budget import Budget
from legacy_seam.explore.exploring import Search
from legacy_seam.explore.ideas import ideas_for
from legacy_seam.explore.mutating import with_inputs
from legacy_seam.golden.verify import batches_of
from legacy_seam.grade.mutants import Source
from legacy_seam.grade.scope import source_of
from legacy_seam.grade.worlds import Sought, World
from legacy_seam.replay import Batch
from legacy_seam.replay.performing import Performance
from legacy_seam.replay.searching.ideas import Ideas
from legacy_seam.replay.searching.loop import Round
from legacy_seam.replay.searching.novelty import Novelty, sort_at_a_glance
from legacy_seam.rewriting.edits import node_at
from legacy_seam.targets import Target
from legacy_seam.values import parse

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


def test_what_a_strange_input_has_shown_is_new_once_more_where_a_familiar_one_shows_it() -> None:
    novelty = Novelty(is_familiar=lambda inputs: type(inputs["a"]) is str)

    def is_new(value: object, branches: set[int]) -> bool:
        return novelty.seems_new(branches, Performance(returned=(None,)), {"a": value}) is not None

    assert [is_new({}, {1, 2}), is_new([], {1, 2}), is_new("x", {1, 2}), is_new("y", {1, 2})] == [
        True,
        False,
        True,
        False,
    ]


@contextmanager
def world_of(net: Net) -> Iterator[tuple[World, Batch, str, Source]]:
    """A world in which the golden master of a net is searched, its calls, and the file and source of `rules`."""
    (batch,) = batches_of(net.goldens[0][1], net.golden)
    with net.replayer() as replayer, replayer.hired([batch]) as shift:
        world = World(shift, replayer.redactor, [batch])
        file = world.prepare()["rules"]
        source = source_of("rules", file)
        assert isinstance(source, Source)
        yield world, batch, file, source


def sought(place: Path, calls: list[tuple[str, dict[str, str]]], how_many: int) -> tuple[Sought, bool]:
    """What a round finds, and whether the case is afterwards what it was."""
    net = net_of(place, {"rules": RULES}, calls)
    with world_of(net) as (world, batch, file, source):
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


def test_an_argument_is_left_to_its_default(tmp_path: Path) -> None:
    rate = "def fee(n, rate=7): return n * rate"
    net = net_of(tmp_path, {"rules": rate}, [("rules:fee", {"n": "1", "rate": "3"})])
    (batch,) = batches_of(net.goldens[0][1], net.golden)
    with net.replayer() as replayer, replayer.hired([batch]) as shift:
        world = World(shift, replayer.redactor, [batch])
        file = world.prepare()["rules"]
        found = world.search(0, [file], batch.calls, 1, Ideas(), Round(500, 60.0, 25, "1"))
        calls = [call for one in found.found if (call := with_inputs(*one)).defaulted]
        met = world.explore(0, [file], calls, {})
    assert calls and all(
        [effect.text for effect in met[place].effects or ()] == [str(parse(call.arguments["n"]) * 7)]
        for place, call in enumerate(calls)
        if type(parse(call.arguments["n"])) is int
    )


def test_a_round_ends_where_there_is_nothing_new_to_be_made(tmp_path: Path) -> None:
    found, _ = sought(tmp_path, [("rules:nothing", {})], 3000)
    assert found.tried == 0


@pytest.mark.parametrize(("used", "is_made_small"), [(0.9, True), (1.1, False)])
def test_what_was_found_is_made_small_until_the_time_of_the_search_is_over(
    tmp_path: Path, used: float, is_made_small: bool
) -> None:
    is_gold = "def is_gold(code): return code[:1] == 'G'"
    net = net_of(tmp_path, {"rules": is_gold}, [("rules:is_gold", {"code": "'B7'"})])
    (batch,) = batches_of(net.goldens[0][1], net.golden)
    large, budget = with_inputs(batch.calls[0], {"code": "'Gold and more'"}, ()), Budget(seconds=1000.0)
    with net.replayer() as replayer, replayer.hired([batch]) as shift:
        world = World(shift, replayer.redactor, [batch])
        file = world.prepare()["rules"]
        source = source_of("rules", file)
        assert isinstance(source, Source)

        def used_up(*_: object) -> None:
            """After the first round, as if that had taken so long."""
            world.seconds = used * budget.seconds

        search = Search(batch.target, world, 0, file, source, budget, told=used_up)
        search.run(batch.calls, [large])
    assert search.corpus.found()[0].call.arguments["code"] == ("'G'" if is_made_small else "'Gold and more'")


@pytest.mark.parametrize(("seconds_at_once", "is_led_on"), [(0.1, True), (5.0, False)])
def test_a_search_that_nothing_leads_on_any_more_is_over_before_its_time(
    tmp_path: Path, seconds_at_once: float, is_led_on: bool
) -> None:
    net = net_of(tmp_path, {"rules": "def f(n): return n == 77"}, [("rules:f", {"n": "1"})])
    with world_of(net) as (world, batch, file, source):
        rounds = 0

        def one_more(*_: object) -> None:
            """As if each round had taken so long."""
            nonlocal rounds
            rounds += 1
            world.seconds = rounds * seconds_at_once

        search = Search(batch.target, world, 0, file, source, Budget(seconds=1.0 if is_led_on else 1000.0))
        search.told = one_more
        search.run(batch.calls, [])
    assert search.was_led_on is is_led_on
    assert rounds < 20, "it was not the time of the budget that ended it"


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
