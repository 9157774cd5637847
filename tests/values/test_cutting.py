"""Values that are too large: what stands in their place says so, and is never mistaken for anything else."""

from __future__ import annotations

import collections
import io
import re
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from legacy_seam.values import (
    Allow,
    StandIn,
    StandInUsed,
    decode,
    differences,
    encode,
    encode_roots,
    keep_at_most,
    parse,
)

LIMIT = 1000
HERE = Allow.for_modules(__name__)


class Shop:
    def __init__(self, **attributes: Any) -> None:
        vars(self).update(attributes)


class Prices(list[int]):
    pass


@pytest.fixture(autouse=True)
def small_limit() -> Iterator[None]:
    keep_at_most(LIMIT)
    yield
    keep_at_most(None)


def reason(text: str) -> str:
    node = parse(text)
    assert node.name == "opaque"
    return str(node.args[1])


@pytest.mark.parametrize(
    ("value", "sort", "told"),
    [
        (list(range(1000)), "builtins:list", "1000 parts, 4890 characters"),
        (tuple(range(1000)), "builtins:tuple", "1000 parts"),
        (dict.fromkeys(range(1000)), "builtins:dict", "1000 parts"),
        ({f"key{n}": n for n in range(30)} | {"last": "x" * 900}, "builtins:dict", "31 parts"),
        (set(range(1000)), "builtins:set", "1000 parts"),
        (frozenset(range(1000)), "builtins:frozenset", "1000 parts"),
        ("a" * 1001, "builtins:str", "1003 characters"),
        ("a\n" * 1000, "builtins:str", "characters"),
        (b"a" * 1001, "builtins:bytes", "1004 characters"),
        (bytearray(1000), "bytearray", "characters"),
        (collections.deque(range(1000)), "deque", "1 part, 4897 characters"),
        (io.StringIO("a" * 1001), "StringIO", "2 parts"),
        (Prices(range(1000)), f"{__name__}:Prices", "1 part, "),
        (Shop(**{f"a{n}": n for n in range(300)}), f"{__name__}:Shop", "300 parts"),
    ],
    ids=lambda value: "",
)
def test_tells_type_size_digest_and_beginning(value: Any, sort: str, told: str) -> None:
    keep_at_most(None)
    whole = encode(value, width=None)
    keep_at_most(LIMIT)
    text = encode(value)
    assert parse(text).args[0] == sort
    assert reason(text).startswith("too large to be kept: ")
    assert told in reason(text)
    head = re.split("['\"]", whole[:20])[0]
    assert ("begins " + head if len(head) > 1 else "digest ") in reason(text)
    assert len(text) < LIMIT / 2


def test_no_string_is_told_in_part() -> None:
    assert "hunter2" not in encode({"password": "hunter2", "all": list(range(190)), "more": list(range(190))})


def test_what_fits_is_not_cut() -> None:
    assert encode(list(range(200))) == encode(list(range(200)))
    assert "opaque" not in encode([list(range(200)), "a" * 100])


def test_only_the_part_that_is_too_large_is_cut() -> None:
    shop = parse(encode(Shop(name="x", cache=list(range(1000)), open=True)))
    assert (shop.attributes["name"], shop.attributes["open"]) == ("x", True)
    assert shop.attributes["cache"].name == "opaque"


def test_roots_are_cut_one_by_one() -> None:
    texts = encode_roots({"small": [1], "large": list(range(1000))})
    assert texts["small"] == "[1]"
    assert "too large to be kept" in texts["large"]


def test_another_end_is_a_difference() -> None:
    one, other = list(range(1000)), [*range(999), 0]
    (found,) = differences(encode({"all": one}), encode({"all": other}), root="returned")
    assert found.path == "returned['all']"
    assert "digest" in found.expected
    assert found.expected != found.got


def test_it_is_never_the_same_as_what_was_not_cut() -> None:
    cut = encode(list(range(1000)))
    keep_at_most(None)
    assert differences(cut, encode(list(range(1000))))


@given(st.lists(st.integers() | st.text(), min_size=3, max_size=8))
def test_equal_values_have_equal_marks(some: list[Any]) -> None:
    items = some * 100
    assert encode(items) == encode(list(items))
    assert encode([items, [*items, 1]])


def test_whoever_uses_it_is_told() -> None:
    shop: Any = decode(encode(Shop(cache=list(range(1000)))), allow=HERE)
    assert type(shop.cache) is StandIn
    with pytest.raises(StandInUsed, match="too large to be kept: 1000 parts"):
        len(shop.cache)  # type: ignore[arg-type]


def test_it_is_written_again_as_it_was() -> None:
    text = encode({"cache": list(range(1000))})
    assert encode(decode(text)) == text


def test_shared_large_values_come_back_shared() -> None:
    large = list(range(1000))
    both: Any = decode(encode([large, large]))
    assert both[0] is both[1]


def test_references_into_what_was_cut_say_so() -> None:
    inner = [1]
    text = encode({"all": [inner, *range(1000)], "inner": inner})
    with pytest.raises(ValueError, match="it lies in a value that was too large to be kept"):
        decode(text)
