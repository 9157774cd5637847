"""What the source says of inputs: literals, patterns, hints; and new calls made of that."""

from __future__ import annotations

import ast
import random
import re
from pathlib import Path

import pytest

from explore.calls import call
from legacy_seam.explore.hints import strategy_of
from legacy_seam.explore.ideas import drawn, ideas_for, matching
from legacy_seam.explore.literals import literals_of
from legacy_seam.explore.mutating import child_of
from legacy_seam.replay.searching.habits import Habits
from legacy_seam.replay.searching.ideas import Ideas, Literals
from legacy_seam.replay.searching.mutating import Mutator
from legacy_seam.values import parse

WRITTEN = '''
import re
from re import fullmatch
YEAR = r"\\d{4}"
DATE = re.compile(YEAR + "-[01][0-9]", re.VERBOSE | re.I)

def read(text, most=15, when: "int | None" = None):
    """Not an input."""
    if re.match("P([0-9]{2})D", text) or fullmatch(f"{YEAR}Z", text) or DATE.match(text):
        return text == "never" and most > 99
'''


def written() -> tuple[ast.Module, ast.FunctionDef]:
    module = ast.parse(WRITTEN)
    function = module.body[-1]
    assert isinstance(function, ast.FunctionDef)
    return module, function


def test_patterns_are_found_compiled_inline_and_put_together() -> None:
    module, function = written()
    assert {one.pattern for one in literals_of(function, module).patterns} == {"P([0-9]{2})D", r"\d{4}Z"}
    compiled = {one.pattern: one.flags for one in literals_of(module).patterns}
    assert compiled[r"\d{4}-[01][0-9]"] & (re.VERBOSE | re.IGNORECASE) == re.VERBOSE | re.IGNORECASE


def test_numbers_that_are_written_with_a_sign_have_it() -> None:
    assert {-1001, -1000, -999} <= set(literals_of(ast.parse("LAST = -1000")).numbers)


def test_numbers_come_with_their_neighbours_and_documentation_does_not_count() -> None:
    _, function = written()
    found = literals_of(function)
    assert {98, 99, 100, 14, 15, 16} <= set(found.numbers)
    assert "never" in found.texts and "Not an input." not in found.texts


@pytest.mark.parametrize("pattern", [r"P(?:\d+Y)?T[A-F]{3}", r"^\s*(?P<sign>[+-])x$", "[é-ü]{2}"])
def test_texts_are_drawn_that_a_pattern_matches(pattern: str) -> None:
    found = matching(re.compile(pattern), 1)
    assert found and all(re.fullmatch(pattern, one) for one in found)


def test_they_are_readable_where_the_pattern_has_letters_of_other_scripts() -> None:
    assert all(set(one) <= set("0123456789€") for one in matching(re.compile(r"\d+€\d"), 1))


def test_the_same_seed_draws_the_same_and_nothing_is_left_in_the_project(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    strategy = strategy_of(ast.parse("dict[str, int]", mode="eval").body)
    assert strategy is not None
    assert drawn(strategy, 20, 3) == drawn(strategy, 20, 3) and len(drawn(strategy, 20, 3)) > 3
    assert list(tmp_path.iterdir()) == []


def test_hints_and_defaults_say_what_a_parameter_takes() -> None:
    module, function = written()
    hinted = ideas_for(function, module, 1).hinted
    assert set(hinted) == {"text", "most", "when"} and hinted["text"] == ["never"]
    assert {type(one) for one in hinted["when"]} == {int, type(None)}


def test_a_hint_of_sets_that_cannot_change_gives_such() -> None:
    hint = strategy_of(ast.parse("tuple[frozenset[str], ...]", mode="eval").body)
    assert hint is not None
    groups = [one for some in drawn(hint, 30, 1) for one in some]
    assert groups and {type(one) for one in groups} == {frozenset}


def test_a_hint_of_unknown_types_says_nothing() -> None:
    assert strategy_of(ast.parse("list[Order]", mode="eval").body) is None


def test_children_are_readable_differ_from_their_parent_and_come_again_with_the_seed() -> None:
    parent = call(order="rules:Order(days=3, tags=['a'], paid=False)", tier="'B'")
    ideas = Ideas(Literals((7777,), ("Gold",), ()))

    def children(seed: int) -> list[dict[str, str]]:
        mutator = Mutator(Habits.of([parent.arguments]), ideas, random.Random(seed))
        found = [child_of(mutator, parent, [parent]) for _ in range(300)]
        return [dict(one.arguments) for one in found if one is not None]

    some = children(1)
    assert some == children(1) != children(2)
    assert all(one != parent.arguments for one in some)
    for one in some:
        for text in one.values():
            parse(text)
    assert any("days=7777" in one["order"] for one in some) and any(one["tier"] == "'Gold'" for one in some)
    assert any("paid=True" in one["order"] for one in some)
    assert all(one["order"].startswith("rules:Order(") for one in some)


def test_a_whole_number_is_moved_by_one_and_to_others_near_it_of_which_one_may_be_at_a_half() -> None:
    parent, mutator = call(cents="1200"), Mutator(Habits(), Ideas(), random.Random(0))
    made = [one for _ in range(900) if (one := child_of(mutator, parent, [])) is not None]
    numbers = {one for one in (parse(some.arguments["cents"]) for some in made) if type(one) is int}
    assert {1199, 1201} <= numbers and len(numbers & {*range(1150, 1251)}) > 20


def test_a_number_of_a_table_is_tried_and_those_beside_it() -> None:
    parent, mutator = call(size="7"), Mutator(Habits(), Ideas(held=Literals((1024,))), random.Random(0))
    made = [one for _ in range(900) if (one := child_of(mutator, parent, [])) is not None]
    assert {"1023", "1024", "1025"} <= {one.arguments["size"] for one in made}


def test_an_object_that_was_met_elsewhere_is_tried_in_the_place_of_a_duration() -> None:
    parent = call(span="timedelta(days=2)")
    ideas = Ideas(objects=(parse("shop:Months(months=-1)"),))
    mutator = Mutator(Habits.of([parent.arguments]), ideas, random.Random(0))
    made = [one for _ in range(200) if (one := child_of(mutator, parent, [])) is not None]
    spans = {one.arguments["span"].partition("(")[0] for one in made}
    assert {"shop:Months", "timedelta"} <= spans


def test_what_the_program_holds_may_change_and_what_the_source_says_is_read_once() -> None:
    module, function = written()
    first = ideas_for(function, module, 1)
    later = ideas_for(function, ast.parse(""), 1, Literals((), ("gold",)), first)
    assert (later.hinted, later.literals, later.around) == (first.hinted, first.literals, first.around)
    assert later.held.texts == ("gold",)


def test_what_is_in_one_collection_is_tried_in_the_place_of_another() -> None:
    trees = {"self": parse("shop:Set(items=['a', 'r'])"), "other": ["q"], "more": {"z"}}
    mutator = Mutator(Habits(), Ideas(), random.Random(0))
    made = [one.trees for _ in range(3000) if (one := mutator.changed(trees, (), None)) is not None]
    lists = [one["other"] for one in made if type(one["other"]) is list]
    assert all(some in lists for some in (["a", "r"], ["r"], ["r", "a"]))
    assert any(one["more"] == {"a", "r"} for one in made)


def test_whose_method_is_called_stays_of_its_type() -> None:
    mutator = Mutator(Habits(), Ideas(), random.Random(0))
    trees = {name: parse("shop:Kind.A") for name in ("self", "cls", "other")}
    made = [one.trees for _ in range(1000) if (one := mutator.changed(trees, (), None)) is not None]
    assert made and all(one[name] == trees[name] for one in made for name in ("self", "cls"))
    assert any(one["other"] == "x" for one in made)


def test_a_letter_of_one_text_is_tried_in_the_place_of_another() -> None:
    mutator = Mutator(Habits(), Ideas(), random.Random(0))
    trees = {"price": "1¤000¤000", "separator": "x"}
    made = [one.trees for _ in range(2000) if (one := mutator.changed(trees, (), None)) is not None]
    assert any(one["separator"] == "¤" for one in made)


def test_a_parameter_left_to_its_default_is_given_at_times() -> None:
    from dataclasses import replace

    parent = replace(call(text="'x'"), defaulted=("most",))
    mutator = Mutator(Habits(), Ideas(hinted={"most": [5]}), random.Random(0))
    found = [one for _ in range(100) if (one := child_of(mutator, parent, [])) is not None]
    given = [one for one in found if "most" in one.arguments]
    assert any(one.arguments["most"] == "5" for one in given) and all(one.defaulted == () for one in given)


def test_it_is_given_what_is_written_down_around_the_function() -> None:
    ideas = Ideas(hinted={"separator": ["x"], "most": [5]}, around=Literals((12,), (",",)))
    mutator = Mutator(Habits(), ideas, random.Random(0))
    made = [mutator.changed({"n": 1}, ("separator", "most"), None) for _ in range(200)]
    assert {"x", ","} <= {one.trees.get("separator") for one in made if one is not None}
    assert {5, 12} <= {one.trees.get("most") for one in made if one is not None}


def test_an_argument_is_left_to_the_default_of_its_parameter_at_times() -> None:
    parent = call(n="1", rate="7", most="9")
    mutator = Mutator(Habits(), Ideas(), random.Random(0), optional=["rate", "most"])
    found = [one for _ in range(300) if (one := child_of(mutator, parent, [])) is not None]
    left_out = [one for one in found if one.defaulted]
    assert {one.defaulted for one in left_out} >= {("rate",), ("most",)}
    assert all("n" in one.arguments and not one.arguments.keys() & set(one.defaulted) for one in left_out)


def test_sets_get_members_more_less_and_other_ones() -> None:
    mutator = Mutator(Habits(), Ideas(), random.Random(1))
    made = [mutator.changed({"days": {1, 2, 3}}, (), None) for _ in range(500)]
    sets = [one.trees["days"] for one in made if one is not None and type(one.trees["days"]) is set]
    assert {0, 2, 3, 4} <= {len(some) for some in sets} and any(
        len(some) == 3 and some != {1, 2, 3} for some in sets
    )


def test_texts_that_are_lists_get_items_more_and_less() -> None:
    mutator = Mutator(Habits(), Ideas(), random.Random(1))
    made = [mutator.changed({"days": "mon,tue,wed"}, (), None) for _ in range(2000)]
    lists = [str(one.trees["days"]).split(",") for one in made if one is not None]
    assert {2, 4} <= {len(some) for some in lists if set(some) <= {"mon", "tue", "wed"}}
