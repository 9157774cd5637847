"""Differences are the smallest places at which two values part, and there is one for each change."""

from __future__ import annotations

import copy
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from legacy_seam.calls import MISSING
from legacy_seam.values import NotationError, differences, encode


def told(expected: str, got: str, root: str = "r") -> list[tuple[str, str, str]]:
    return [(one.path, one.expected, one.got) for one in differences(expected, got, root=root)]


@pytest.mark.parametrize("text", ["1", "nan", "[nan]", "{'a': {1, 2}}", "m:X(a=&1 [1], b=*1)", "-0.0"])
def test_equal_values_do_not_differ(text: str) -> None:
    assert told(text, text) == []


@pytest.mark.parametrize(
    ("expected", "got"),
    [
        ("1", "True"),
        ("1", "1.0"),
        ("0.0", "-0.0"),
        ("'1'", "b'1'"),
        ("(1,)", "[1]"),
        ("None", "nan"),
        ("[]", "set()"),
    ],
)
def test_types_and_signs_count(expected: str, got: str) -> None:
    assert told(expected, got) == [("r", expected, got)]
    assert told(f"[{expected}]", f"[{got}]") == [("r[0]", expected, got)]


def test_numbers_that_python_does_not_print_are_compared() -> None:
    before, after = encode(7**9000), encode(7**9000 + 1)

    assert told(before, before) == []
    assert told(before, after) == [("r", before, after)]


def test_layout_does_not_count() -> None:
    assert told("[1, 2]", "[\n    1,\n    2,\n]") == []
    assert told("('a\\n'\n'b')", "'a\\nb'") == []
    assert told("{1, 2}", "{2, 1}") == []


def test_paths_lead_into_the_value() -> None:
    before = "m:Order(lines=[m:Line(vat=19), m:Line(vat=7)], **{'no word': 1}, by={('a', 1): Decimal('1')})"
    after = before.replace("7", "8").replace("'no word': 1", "'no word': 2").replace("Decimal('1')", "Decimal('2')")
    assert told(before, after, "returned") == [
        ("returned.lines[1].vat", "7", "8"),
        ("returned['no word']", "1", "2"),
        ("returned.by[('a', 1)]", "Decimal('1')", "Decimal('2')"),
    ]


def test_one_item_more_is_one_difference() -> None:
    assert told("[1, 2, 3, 4]", "[1, 9, 2, 3, 4]") == [("r[1]", MISSING, "9")]
    assert told("[1, 2, 3, 4]", "[2, 3, 4]") == [("r[0]", "1", MISSING)]
    assert told("[{'a': 1}, {'a': 2}, {'a': 3}]", "[{'a': 1}, {'a': 5}, {'a': 3}]") == [("r[1]['a']", "2", "5")]
    assert told("[1, 2]", "[1, 2, 3, 4]") == [("r[2]", MISSING, "3"), ("r[3]", MISSING, "4")]
    assert len(told(str([*range(50)]), str([*range(20), 99, *range(20, 50)]))) == 1


def test_dicts_sets_and_attributes() -> None:
    assert told("{'a': 1, 'b': 2}", "{'b': 2, 'a': 1}") == [("r (order)", "['a', 'b']", "['b', 'a']")]
    assert told("{'a': 1}", "{'b': 1}") == [("r['a']", "1", MISSING), ("r['b']", MISSING, "1")]
    assert told("{1: 'x'}", "{True: 'x'}") == [("r[1]", "'x'", MISSING), ("r[True]", MISSING, "'x'")]
    assert told("{1, 2}", "{2, 3}") == [("r{1}", "1", MISSING), ("r{3}", MISSING, "3")]
    assert told("m:X(a=1)", "m:X(b=[2])") == [("r.a", "1", MISSING), ("r.b", MISSING, "[2]")]
    assert told("m:X(a=1, b=2)", "m:X(b=2, a=1)") == [("r (order)", "a, b", "b, a")]
    assert told("deque([1], maxlen=3)", "deque([1, 2], maxlen=4)") == [
        ("r[1]", MISSING, "2"),
        ("r.maxlen", "3", "4"),
    ]
    assert told("ValueError('a', 1)", "ValueError('a', 2)") == [("r.args[1]", "1", "2")]


def test_another_name_of_a_type_is_one_difference() -> None:
    state = "(a=1, b=[2], c='x')"
    assert told(f"m:Old{state}", f"n:New{state}") == [("r (type)", "m:Old", "n:New")]
    assert told("m:Old(a=1, b=2, c=3)", "m:New(a=1, b=2, c=4)") == [
        ("r (type)", "m:Old", "m:New"),
        ("r.c", "3", "4"),
    ]
    assert told("m:Old(a=1)", "m:New(b=2)") == [("r", "m:Old(a=1)", "m:New(b=2)")]
    assert told("ValueError('x')", "KeyError('x')") == [("r (type)", "ValueError", "KeyError")]
    assert told("m:E.RED", "m:E.BLUE") == [("r", "m:E.RED", "m:E.BLUE")]


def test_sharing_counts_but_numbers_do_not() -> None:
    assert told("[&1 [1], *1]", "[[1], [1]]") == [("r[1]", "*1", "[1]")]
    before = "m:X(a=[1], b=&1 {'x': 1}, c=*1)"
    after = "m:X(a=&1 [1], b=&2 {'x': 1}, c=*2, d=*1)"
    assert told(before, after) == [("r.d", MISSING, "*1")]
    assert told("[&1 [], &2 [], *1]", "[&1 [], &2 [], *2]") == [("r[2]", "*1", "*2")]
    assert told("&1 [*1]", "&1 [[*1]]") == [("r[0]", "*1", "[*1]")]
    assert told("[*a]", "[*b]") == [("r[0]", "*a", "*b")]


def test_without_a_root_paths_begin_in_the_value() -> None:
    assert told("m:X(a=1)", "m:X(a=2)", "") == [("a", "1", "2")]
    assert told("[1]", "[2]", "") == [("[0]", "1", "2")]
    assert told("1", "2", "") == [("", "1", "2")]


def test_malformed_texts_are_refused() -> None:
    with pytest.raises(NotationError):
        differences("[1", "[2]")


def test_deep_and_large_values_are_compared_in_no_time() -> None:
    deep = "[" * 3000 + "1" + "]" * 3000
    assert [one.expected for one in differences(deep, deep.replace("1", "2"))] == ["1"]
    rows: list[Any] = [{"id": i, "tags": ["a", i % 3]} for i in range(5000)]
    changed = copy.deepcopy(rows)
    changed[2500]["id"] = -1
    del changed[17]
    started = time.process_time()
    assert len(differences(encode(rows), encode(changed))) == 2
    zeros, ones = str([0, 1] * 4000), str([1, 0, 0] * 3000)
    differences(zeros, ones)
    bomb = "&1 [1]"
    for number in range(2, 60):
        bomb = f"&{number} [{bomb}, *{number - 1}]"
    assert len(differences(bomb, bomb.replace("[1]", "[2]"))) == 1
    assert time.process_time() - started < 10


plain = st.recursive(
    st.one_of(st.integers(0, 3), st.booleans(), st.sampled_from(["a", "b"]), st.floats()),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
        st.frozensets(st.integers(0, 4), max_size=3),
    ),
    max_leaves=12,
)


@given(plain, plain)
def test_there_is_a_difference_exactly_where_texts_differ(one: Any, other: Any) -> None:
    before, after = encode(one), encode(other)
    assert bool(differences(before, after)) == (before != after)


@given(plain, plain)
def test_missing_sides_change_over_when_the_texts_do(one: Any, other: Any) -> None:
    there, back = differences(encode(one), encode(other)), differences(encode(other), encode(one))
    assert bool(there) == bool(back)


@given(st.lists(plain, max_size=6), plain, st.data())
def test_an_insertion_is_never_more_than_one_difference(items: list[Any], new: Any, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(items)))
    longer = [*items[:at], new, *items[at:]]
    assert len(differences(encode(items), encode(longer))) == 1


@given(plain, plain)
def test_every_path_leads_to_what_it_tells_of(one: Any, other: Any) -> None:
    for found in differences(encode(one), encode(other), root="value"):
        if "{" in found.path or found.path.endswith(")"):  # members of sets have no place; types, orders
            continue
        side, text = (other, found.got) if found.expected == MISSING else (one, found.expected)
        assert encode(eval(found.path, {"value": side}), width=None) == text


@pytest.mark.parametrize(
    ("expected", "got"),
    [
        ("Decimal('1.20')", "Decimal('1.21')"),
        ("date(2024, 1, 1)", "date(2024, 1, 2)"),
        ("datetime(2024, 1, 1, 3, 4, tzinfo=timezone.utc)", "datetime(2024, 1, 1, 3, 5, tzinfo=timezone.utc)"),
        ("UUID('00000000-0000-0000-0000-000000000001')", "UUID('00000000-0000-0000-0000-000000000002')"),
        ("PosixPath('a')", "PosixPath('b')"),
        ("Fraction(1, 3)", "Fraction(2, 3)"),
        ("shop:Money(Decimal('1'))", "shop:Money(Decimal('2'))"),
        ("ValueError('a')", "ValueError('b')"),
    ],
)
def test_values_in_one_piece_are_told_whole_and_with_their_type(expected: str, got: str) -> None:
    assert told(f"shop:Line(vat={expected})", f"shop:Line(vat={got})") == [("r.vat", expected, got)]
