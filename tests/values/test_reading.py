"""Texts are read as plain data; what is not in the notation is refused where it goes wrong, at no great cost."""

from __future__ import annotations

import contextlib
import math
import sys
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from legacy_seam.values import Mark, Name, Node, NotationError, Reference, encode, parse
from legacy_seam.values.reading import atoms_of, data_of, read

PLAIN = [
    "None",
    "[True, False]",
    "-12",
    "1.5",
    "-0.0",
    "1e-05",
    "1e+300",
    "'text'",
    '"it\'s"',
    r"'\x07\u200b\U000e0001\ud800\\\n'",
    r"""'\' and " and \\'""",
    r"b'\x00\xff\n'",
    "()",
    "(1,)",
    "(1, 2)",
    "{1: 'a', (1, 2): {'x': []}}",
    "{1, 2}",
    "set()",
    "frozenset({1})",
    "frozenset()",
    "range(0, 9, 2)",
    "slice(None, 1, None)",
    "complex(1.0, -0.0)",
    "bytearray(b'x')",
    "-inf",
    "Ellipsis",
    "0x" + "f" * 5000,
]


@pytest.mark.parametrize("text", PLAIN)
def test_plain_data_stands_for_itself(text: str) -> None:
    tree = parse(text)
    assert encode(tree, width=None) == text


def test_everything_else_is_a_node_and_nothing_is_made_of_it() -> None:
    tree = parse("shop:Item(Decimal('1'), &1 [1], price=*1, **{'no word': {m:C.RED: *root}})")
    assert isinstance(tree, Node)
    assert tree.name == "shop:Item"
    decimal, marked = tree.args
    assert isinstance(decimal, Node) and decimal.args == ("1",)
    assert isinstance(marked, Mark) and (marked.number, marked.tree) == ("1", [1])
    assert tree.attributes["price"] == Reference("1")
    assert tree.attributes["no word"] == {Name("m:C.RED"): Reference("root")}


def test_reads_names_that_are_no_words() -> None:
    tree = parse("`my-script:<weird> \\`name\\``(größe=1)")
    assert isinstance(tree, Node) and tree.name == "my-script:<weird> `name`"
    assert dict(tree.attributes) == {"größe": 1}
    assert parse("m:outer.<locals>.Inner") == Name("m:outer.<locals>.Inner")
    assert parse("[*rules:CACHE, *`odd name`]") == [Reference("rules:CACHE"), Reference("odd name")]


def test_reads_what_people_leave_behind_when_they_edit() -> None:
    assert parse("  {\r\n\t'a' : 1 ,\n 'b':2}\n") == {"a": 1, "b": 2}
    assert parse('("one\\n"\n "two")') == "one\ntwo"
    assert parse("(b'a' b'b')") == b"ab"


MALFORMED = {
    "": "no value",
    "   ": "no value",
    "'abc": "cannot be read",
    '"abc\n"': "cannot be read",
    "[1, 2": "not closed",
    "[1, 2)": "closes nothing",
    "]": "closes nothing",
    "[1 2]": "comma",
    "1 2": "more than one",
    "1,": "more than one",
    "[,]": "value is expected",
    "[,1]": "value is expected",
    "(1)": "tuple of one",
    "('a' 1)": "comma",
    "('a' 'b',)": "comma",
    "('a', 'b' 'c')": "comma",
    "{1: 2, 3}": "without its key",
    "{1, 2: 3}": "without its key",
    "{1:}": "line 1",
    "{1: 2: 3}": "none is expected",
    "{'a': 1: 2}": "none is expected",
    "{[1]}": "unhashable",
    "{[1]: 2}": "unhashable",
    "['a': 1]": "outside of a dict",
    "[x=1]": "outside of a call",
    "(x=1)": "outside of a call",
    "{x=1}": "outside of a call",
    "x=1": "outside of a call",
    "'a': 1": "outside of a dict",
    "f('a': 1)": "outside of a dict",
    "[**{'a': 1}]": "outside of a call",
    "f(**{1})": "without its key",
    "&1 5": "cannot be read",
    "&1 (1, 2)": "marks nothing",
    "[&1 [], &1 []]": "marks nothing, or is there twice",
    "& [1]": "cannot be read",
    "*": "cannot be read",
    "'\\q'": "no escape",
    "b'\\u1234'": "line 1",
    "'\\U00110000'": "line 1",
    "1" * 641: "cannot be read",
    "1.5.2": "cannot be read",
    "12abc": "cannot be read",
    "0xg": "cannot be read",
    "-": "cannot be read",
    "lambda: 0": "line 1",
    "a + b": "line 1",
    "f()()": "line 1",
    "f(1)[0]": "line 1",
    "[x for x in y]": "line 1",
    "f'{x}'": "line 1",
    "a.b.c(": "not closed",
    "`unclosed(": "cannot be read",
    "range('a', 1, 1); import os": "line 1",
    "__import__('os').system('true')": "line 1",
}


@pytest.mark.parametrize("text", MALFORMED, ids=lambda text: text[:20])
def test_refuses_what_is_not_in_the_notation(text: str) -> None:
    with pytest.raises(NotationError, match=MALFORMED[text]):
        parse(text)


def test_tells_where_it_goes_wrong() -> None:
    with pytest.raises(NotationError) as caught:
        parse("{\n    'a': 1,\n    'b': ?,\n}")
    assert (caught.value.line, caught.value.column) == (3, 5)
    assert str(caught.value).startswith("line 3, column 5: ")


def test_leaves_odd_calls_of_plain_types_alone() -> None:
    for text in (
        "range('a')",
        "bytearray(10000000000)",
        "complex('1')",
        "set([1])",
        "frozenset([1, 2])",
        "slice()",
    ):
        assert isinstance(parse(text), Node)


@pytest.mark.parametrize(
    "text",
    [
        "[" * 200_000 + "]" * 200_000,
        "(" * 100_000 + "1," + "),)" * 50_000,
        "f(" * 100_000,
        "'" + "\\'" * 200_000,
        '"' * 199_999,
        "`" * 199_999,
        "{'a': " * 100_000 + "1" + "}" * 100_000,
        "&1 [" * 100_000,
        "-" * 300_000,
        "a." * 200_000,
        "1" * 300_000,
        "0x" + "f" * 300_000,
        "(" + "'a'\n" * 100_000 + ")",
        "*" * 300_000,
        "x=" * 200_000,
    ],
    ids=lambda text: text[:6],
)
def test_costs_little_for_any_text(text: str) -> None:
    started = time.process_time()
    with contextlib.suppress(NotationError):
        parse(text)
    assert time.process_time() - started < 5


def test_takes_the_same_few_frames_for_any_depth() -> None:
    depth = sys.getrecursionlimit() * 3
    tree: Any = parse("[" * depth + "]" * depth)
    for _ in range(depth - 1):
        (tree,) = tree
    assert tree == []


scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.integers(1990, 2010).map(lambda bits: 2**bits),
    st.floats(),
    st.text(st.characters(exclude_categories=())),
    st.binary(),
)
hashables = st.recursive(
    scalars, lambda inner: st.one_of(st.tuples(inner, inner), st.frozensets(inner, max_size=3)), max_leaves=5
)
plain_data = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.tuples(inner, inner),
        st.dictionaries(hashables, inner, max_size=4),
        st.sets(hashables, max_size=4),
    ),
    max_leaves=30,
)


def same(one: Any, other: Any) -> bool:
    """Equality that tells types, signs and NaN apart."""
    if type(one) is not type(other):
        return False
    if isinstance(one, float):
        return repr(one) == repr(other)
    if isinstance(one, (list, tuple)):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict):
        return same(list(one.items()), list(other.items()))
    if isinstance(one, (set, frozenset)):
        return sorted(map(repr, one)) == sorted(map(repr, other)) or one == other
    return bool(one == other)


@given(plain_data, st.sampled_from([88, 20, None]))
def test_reads_back_all_plain_data(value: Any, width: int | None) -> None:
    text = encode(value, width=width)
    tree = parse(text)
    assert encode(tree, width=width) == text
    if not any(math.isnan(x) for x in _floats(value)):
        assert same(tree, value)


def _floats(value: Any) -> list[float]:
    found, waiting = [], [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, float):
            found.append(item)
        elif isinstance(item, dict):
            waiting += [*item, *item.values()]
        elif isinstance(item, (list, tuple, set, frozenset)):
            waiting += item
    return found


@given(st.text(alphabet="[](){}'\"`&*:,=1a.-<>\\nbx \n", max_size=30))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        tree = parse(text)
    except NotationError:
        return
    again = encode(tree, width=None)
    assert encode(parse(again), width=None) == again


@given(st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=80), st.binary()))
def test_atoms_read_quickly_are_those_read_slowly(value: object) -> None:
    text = encode(value)
    quickly = atoms_of({"": text})
    assert quickly is None or encode(quickly[""]) == encode(parse(text)) == text


@given(st.text(alphabet="'\\\"-0123456789.einfNoneTrue xb\n_", max_size=12))
def test_what_is_no_atom_is_not_read_quickly(text: str) -> None:
    try:
        slowly = encode(parse(text))
    except NotationError:
        assert atoms_of({"": text}) is None
    else:
        quickly = atoms_of({"": text})
        assert quickly is None or encode(quickly[""]) == slowly


_PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.text("ab ,]}'\"\\", max_size=8),
    lambda parts: st.lists(parts) | st.dictionaries(st.text(max_size=5), parts) | st.tuples(parts),
    max_leaves=30,
)


@given(_PLAIN)
def test_data_that_is_read_as_json_is_what_the_notation_says(value: object) -> None:
    text = encode(value)
    found = data_of({"": text})
    assert found is None or repr(found[""]) == repr(read(text).tree)


@given(st.text("[]{}:, \n01.e-'aNone", max_size=12))
def test_what_is_read_as_json_is_notation(text: str) -> None:
    found = data_of({"": text})
    assert found is None or repr(found[""]) == repr(read(text).tree)


def test_lists_and_tables_of_several_lines_are_read_as_json() -> None:
    rows = [{"item": "a" * 30, "price": 2.5, "is_new": None, "tags": ["x, ]", "None"]} for _ in range(4)]
    assert data_of({"rows": encode(rows), "rate": "1.5"}) == {"rows": rows, "rate": 1.5}
