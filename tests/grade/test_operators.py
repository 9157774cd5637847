"""Every operator does what its examples say, and what it makes is code."""

from __future__ import annotations

import ast
import json.decoder
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

import legacy_seam
from legacy_seam.errors import SeamError
from legacy_seam.grade import document
from legacy_seam.grade.arid import Aridity
from legacy_seam.grade.mutants import Mutant, Source
from legacy_seam.grade.operators import DEFAULT, OPERATORS, Example, Operator, named
from legacy_seam.grade.text import Text
from legacy_seam.rewriting.edits import edited

NOTHING_IS_ARID = Aridity([])


def mutants(written: str, operators: tuple[Operator, ...], module: str = "m") -> list[Mutant]:
    source = Source(module, written, ast.parse(written))
    return [one for name in ("", *source.functions) for one in source.mutants(name, operators, NOTHING_IS_ARID)]


def after(written: str, operator: Operator) -> list[str]:
    source = Source("m", written, ast.parse(written))
    return [source.after(one) for one in mutants(written, (operator,))]


@pytest.mark.parametrize(
    ("operator", "example"),
    [
        pytest.param(operator, example, id=f"{operator.name}: {example.before}")
        for operator in OPERATORS
        for example in operator.EXAMPLES
    ],
)
def test_an_operator_does_what_its_example_says(operator: Operator, example: Example) -> None:
    assert after(example.before, operator) == list(example.after)


def test_every_file_of_the_room_holds_one_operator() -> None:
    room = Path(legacy_seam.__file__).parent / "grade" / "operators"
    files = {one.stem for one in room.glob("*.py")} - {"__init__", "catalogue", "operator"}
    assert {type(one).__module__.rpartition(".")[2] for one in OPERATORS} == files
    assert {one.name.replace("-", "_") for one in OPERATORS} == files


def test_the_default_set_is_the_smaller_part() -> None:
    assert 0 < len(DEFAULT) < len(OPERATORS)
    assert named(["default"]) == DEFAULT
    with pytest.raises(SeamError, match="there is no operator 'bolean'"):
        named(["bolean"])


def test_the_page_of_the_documentation_is_current() -> None:
    page = Path(__file__).parents[2] / "docs" / "reference" / "operators.md"
    assert page.read_text() == document.page(), "python -m legacy_seam.grade.document > docs/reference/operators.md"


HARD_TO_WRITE = textwrap.dedent("""
    # coding: é
    def scöre(a, *, b=(1, 'é'), c: 'int' = -1):  # é
        x = [é for é in a if é  <  b[0]  # less <
             or not é]; y = 'é' 'ü' + a if(a)else(b)
        while (a
               and # and
               b or c):
            break
        else: return ((a or b and c)) ** -c ** 2
        with a as b, c: yield
        try: raise ValueError('x', a.b(c)(d)[e]) from None
        except: pass
        except_ = lambda q=1: q is  not  None not in a == 5
        return f'{a < 1} {b!r:>{c}}' 'x', a[1:-1], a | b ^ c & d << 2, f(*a, b, k=1, **c), g(x for x in a)
    match 1:
        case [1, 'x', None, True] | {'k': -1}: a = b''
    class C:
        '''doc'''
        @property
        def f(self): return await_(self)
        async def g(self): await self; return [x async for x in self], {1: 2, **a}
    """)


def some_sources() -> Iterator[tuple[str, str]]:
    yield "hard", HARD_TO_WRITE
    for module in (json.decoder, textwrap):
        yield module.__name__, Path(str(module.__file__)).read_text()


@pytest.mark.parametrize(("name", "written"), list(some_sources()))
def test_a_mutant_in_the_file_is_the_mutant_in_the_tree(name: str, written: str) -> None:
    tree = ast.parse(written)
    source = Source(name, written, tree)
    before = ast.dump(tree)
    found = mutants(written, OPERATORS, name)
    for mutant in found[:: max(1, len(found) // 100)]:
        statement = mutant.edit.path[1]
        assert isinstance(statement, int)
        with edited(tree, mutant.edit):
            in_tree = ast.unparse(tree.body[statement])
        in_file = ast.unparse(ast.parse(source.after(mutant)).body[statement])
        assert ast.unparse(ast.parse(in_file)) == ast.unparse(ast.parse(in_tree)), mutant
    assert ast.dump(tree) == before


def test_a_mutant_keeps_its_identity_where_its_function_moves() -> None:
    function = "def fee(x):\n    return x < 10 and 'a'\n"
    here, there = mutants(function, OPERATORS), mutants("import os\n\n\nLIMIT = 3\n" + function, OPERATORS)
    in_fee = {one.identity for one in there if one.function == "fee"}
    assert {one.identity for one in here} == in_fee
    assert len(in_fee) == len(here)


def test_text_counts_characters_where_trees_count_bytes() -> None:
    written = "x = 'éé' + y"
    (statement,) = ast.parse(written).body
    assert isinstance(statement, ast.Assign) and isinstance(statement.value, ast.BinOp)
    assert Text(written).of(statement.value.right) == "y"
