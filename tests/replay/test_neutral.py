"""What is the same in every replay is left as it is; all else goes by a name that is."""

from __future__ import annotations

import pytest

from legacy_seam.calls import Effect
from legacy_seam.replay.neutral import is_neutral, neutral

WORK, BEYOND, PROJECT = "/run/17/work", "/run/17/beyond", "/home/ann/shop"


def told(effect: Effect) -> Effect:
    return neutral(effect, WORK, BEYOND, PROJECT)


@pytest.mark.parametrize("text", ["12.5", "'half at 0 x'", "[1, 'C:']", "'Profile of A'"])
def test_what_names_no_place_is_the_very_same_effect(text: str) -> None:
    effect = Effect("returned", "", text)
    assert is_neutral(text)
    assert told(effect) is effect


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("'/run/17/work/out.csv'", "'<directory>/out.csv'"),
        ("'/run/17/beyond/etc/shop.ini'", "'/etc/shop.ini'"),
        ("'/home/ann/shop/prices.csv'", "'<project>/prices.csv'"),
        ("'/home/ann/shops/prices.csv'", "'/home/ann/shops/prices.csv'"),
        ("'<Order object at 0x7f93996923e0>'", "'<Order object at 0x...>'"),
        ("'a/b'", "'a/b'"),
    ],
)
def test_places_and_addresses_of_one_run_go_by_names(text: str, expected: str) -> None:
    assert told(Effect("printed", "stdout", text)) == Effect("printed", "stdout", expected)


def test_what_became_shorter_is_laid_out_anew() -> None:
    long = "x" * 60
    text = f"[\n    '{WORK}/{long}',\n    1,\n]"
    assert told(Effect("returned", "", text)).text == f"['<directory>/{long}', 1]"


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        (f"'{WORK}/a'", "'<directory>/a'"),
        (f"'{PROJECT}/shop.ini'", "'<project>/shop.ini'"),
        ("'<Order object at 0x7f93996923e0>'", "'<Order object at 0x...>'"),
    ],
)
def test_the_place_of_an_effect_is_told_likewise(key: str, expected: str) -> None:
    assert told(Effect("changed", f"shop:SEEN[{key}]", "1")).place == f"shop:SEEN[{expected}]"


def test_lines_of_tracebacks_are_not_told() -> None:
    text = r"""'Traceback:\n  File "/home/ann/shop/a.py", line 3, in f\n    1 / 0\nZeroDivisionError'"""
    assert "line 3" not in told(Effect("logged", "1", text)).text
