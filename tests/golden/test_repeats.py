"""What several cases have in common is written once."""

from __future__ import annotations

import pytest

from legacy_seam.calls import Call, Case, Outcome
from legacy_seam.golden.master import GoldenMaster
from legacy_seam.golden.text import GoldenDamaged, read, write
from legacy_seam.targets import Target

TARGET = Target("shop.rules", "score")
TABLE = "[\n" + "".join(f"    {number},\n" for number in range(8)) + "]"


def master(*tables: str, place: str = "shop.rules:TABLE") -> GoldenMaster:
    calls = (
        Call(TARGET, f"{number:012x}", {}, {}, {place: table}, 0.0, (), None, "3fa9c20d11ab")
        for number, table in enumerate(tables)
    )
    return GoldenMaster(TARGET, tuple(Case(call, Outcome(())) for call in calls))


def written(golden: GoldenMaster) -> str:
    return write(golden, lambda piece: pytest.fail("nothing here is large"))


def read_back(text: str) -> GoldenMaster:
    return read(text, "score.approved.txt", lambda digest: pytest.fail("nothing here is large"))


def test_a_long_input_is_written_in_the_first_case_that_has_it() -> None:
    golden = master(TABLE, TABLE, TABLE)

    text = written(golden)

    assert text.count("        7,") == 1
    assert text.count("    state shop.rules:TABLE as in case 000000000000\n") == 2
    assert read_back(text) == golden


def test_a_short_input_is_written_in_each_case() -> None:
    golden = master("[\n    1,\n    2,\n]", "[\n    1,\n    2,\n]")

    text = written(golden)

    assert text.count("        2,") == 2
    assert "as in case" not in text


def test_another_input_is_written_in_full() -> None:
    other = TABLE.replace("7", "8")
    golden = master(TABLE, other, TABLE, other)

    text = written(golden)

    assert text.count("        6,") == 2
    assert read_back(text) == golden


@pytest.mark.parametrize("place", ["a b", "it's", "as in case 000000000000", "x as in case y", "a = b", "'q'"])
def test_whatever_its_place_is_called_it_is_read_back(place: str) -> None:
    golden = master(TABLE, TABLE, "1", place=place)

    assert read_back(written(golden)) == golden


def test_cases_may_name_one_that_names_another_as_a_merge_of_two_branches_leaves_it() -> None:
    golden = master(TABLE, TABLE, TABLE)
    text = written(golden)
    third = text.split("\ncase ")[3]

    merged = text.replace(third, third.replace("as in case 000000000000", "as in case 000000000001"))

    assert read_back(merged) == golden


def test_a_case_that_is_not_there_any_more_is_named() -> None:
    head, _, second = written(master(TABLE, TABLE)).split("\ncase ")

    with pytest.raises(GoldenDamaged, match=r"no case 000000000000 with `state shop\.rules:TABLE` stands above"):
        read_back(head + "\ncase " + second)


def test_an_input_without_a_value_is_no_input() -> None:
    text = written(master("1")).replace("shop.rules:TABLE = 1", "shop.rules:TABLE")

    with pytest.raises(GoldenDamaged, match=r"`state shop\.rules:TABLE` has no value"):
        read_back(text)
