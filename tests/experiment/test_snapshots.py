"""Copies of arguments."""

from __future__ import annotations

import collections
import copy
import datetime
import io
import sqlite3
import threading
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum
from typing import Any

import numpy as np
import pandas as pd  # type: ignore[import-untyped]
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from legacy_seam.experiment.compare import exact
from legacy_seam.experiment.snapshots import CannotSnapshot, snapshot, snapshot_of_call


class Colour(Enum):
    RED = 1


class Account:
    def __init__(self, rows: Any) -> None:
        raise_if_called.append("init")
        self.rows = rows


class Slotted:
    __slots__ = ("__hidden", "empty", "rows")

    def __init__(self, rows: Any) -> None:
        self.rows, self.__hidden = rows, [1]


class Counted(dict[str, Any]):
    pass


class Careful:
    def __init__(self) -> None:
        self.copies = 0

    def __deepcopy__(self, memo: Any) -> Careful:
        made = Careful()
        made.copies = self.copies + 1
        return made


@dataclass
class Letter:
    lines: list[str] = field(default_factory=list)


raise_if_called: list[str] = []

hashable = st.integers() | st.text(max_size=2) | st.none() | st.dates()
values = st.recursive(
    hashable | st.floats() | st.binary(max_size=2) | st.decimals() | st.just(Colour.RED),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.tuples(inner, inner)
        | st.dictionaries(hashable, inner, max_size=3)
        | st.sets(hashable, max_size=3)
        | st.builds(Account, inner)
        | st.builds(Slotted, inner)
        | st.builds(lambda item: Letter([item]), inner)
    ),
    max_leaves=8,
)


@settings(max_examples=60)
@given(values)
def test_a_copy_is_the_same_and_shares_nothing_that_can_change(value: Any) -> None:
    made = snapshot(value)
    assert exact()(value, made).match
    assert not (changeable(value) & changeable(made))


def changeable(value: Any, found: set[int] | None = None) -> set[int]:
    """The identities of everything in a value that can be changed."""
    found = set() if found is None else found
    if isinstance(value, (list, dict, set, Account, Slotted, Letter)):
        found.add(id(value))
    if isinstance(value, dict):
        for item in value.values():
            changeable(item, found)
    elif isinstance(value, (list, tuple)):
        for item in value:
            changeable(item, found)
    elif isinstance(value, (Account, Slotted)):
        changeable(value.rows, found)
    elif isinstance(value, Letter):
        changeable(value.lines, found)
    return found


def test_what_is_shared_stays_shared_and_cycles_stay_cycles() -> None:
    rows = [1]
    endless: list[Any] = []
    endless.append(endless)
    (first, second), named = snapshot_of_call((rows, {"rows": rows}), {"again": rows, "endless": endless})
    assert first is second["rows"] is named["again"] and first is not rows
    assert named["endless"][0] is named["endless"] is not endless


def test_no_code_of_a_class_runs_unless_it_says_how_it_is_copied() -> None:
    account = Account([1])
    raise_if_called.clear()
    assert snapshot(account).rows == [1] and not raise_if_called
    assert snapshot(Careful()).copies == 1


def test_subclasses_and_others_are_copied_as_they_say() -> None:
    for value in (
        Counted(a=[1]),
        collections.Counter("ab"),
        collections.deque([[1]]),
        bytearray(b"a"),
        slice(1, [2]),
    ):
        made = snapshot(value)
        assert made == value and type(made) is type(value) and made is not value
    assert snapshot(ValueError("a")).args == ("a",)


def test_tables_are_copied() -> None:
    array, frame = np.array([1, 2]), pd.DataFrame({"a": [1, 2]})
    one, other = snapshot(array), snapshot({"frame": frame})["frame"]
    array[0] = 9
    frame.loc[0, "a"] = 9
    assert one[0] == 1 and other.loc[0, "a"] == 1


def test_what_cannot_change_is_shared() -> None:
    for value in (
        Decimal("1.1"),
        datetime.date(2026, 1, 1),
        (1, ("a",)),
        len,
        copy,
        Account,
        Colour.RED,
        np.int64(3),
    ):
        assert snapshot(value) is value or snapshot(value) == value
    pair = (1, "a")
    assert snapshot([pair])[0] is pair


@pytest.mark.parametrize(
    "value",
    [
        (number for number in [1]),
        iter([1]),
        map(str, [1]),
        io.StringIO("a"),
        threading.Lock(),
        sqlite3.connect(":memory:"),
        memoryview(b"a"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_has_a_position_or_a_handle_cannot_be_copied(value: Any) -> None:
    if isinstance(value, io.StringIO):
        assert snapshot(value).getvalue() == "a"  # but this is all memory
        return
    with pytest.raises(CannotSnapshot):
        snapshot([value])
    if hasattr(value, "close"):
        value.close()


def test_what_is_too_large_is_not_copied() -> None:
    with pytest.raises(CannotSnapshot, match="more than 200,000"):
        snapshot([[number] for number in range(200_001)])
