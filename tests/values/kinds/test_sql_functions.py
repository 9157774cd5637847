"""What a program registers with a connection is known to whoever saw it."""

from __future__ import annotations

import gc
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest

from legacy_seam.values import encode
from legacy_seam.values.kinds.sql_functions import found, may_register, note, noting, registered

HERE = __name__


def shout(text: str) -> str:
    return text.upper()


def backwards(one: str, other: str) -> int:
    return (one < other) - (one > other)


class Longest:
    def __init__(self) -> None:
        self.found = ""

    def step(self, text: str) -> None:
        self.found = max(self.found, text, key=len)

    def finalize(self) -> str:
        return self.found


@pytest.fixture
def connection() -> Iterator[Any]:
    with closing(sqlite3.connect(":memory:")) as made:
        yield made


def register(callee: Any, *arguments: Any, **keywords: Any) -> None:
    registered(callee, arguments, keywords)
    callee(*arguments, **keywords)


def test_functions_aggregates_and_orders_of_text_are_told_with_the_connection(connection: Any) -> None:
    register(connection.create_function, "SHOUT", 1, shout, deterministic=True)
    register(connection.create_aggregate, "longest", -1, Longest)
    register(connection.create_collation, "backwards", backwards)
    text = encode(connection, width=None)
    assert f"('longest', -1, {HERE}:Longest), ('shout', 1, {HERE}:shout, True)" in text
    assert f"('backwards', {HERE}:backwards)" in text.replace("BACKWARDS", "backwards")


def test_who_registers_in_a_replay_is_heard_too(connection: Any) -> None:
    noting(connection.create_function)("shout", 1, shout)
    assert connection.execute("select shout('a')").fetchone() == ("A",)
    assert found(connection, "Shout", 1) == (shout,)
    others: list[Any] = [connection.execute, shout, Longest, [].append]
    assert list(map(noting, others)) == [None] * 4


def test_what_was_registered_without_being_seen_is_told_by_its_name(connection: Any) -> None:
    connection.create_function("unseen", 1, shout)
    assert "functions=[('unseen', 1)]" in encode(connection)


def test_another_one_of_the_same_name_takes_its_place(connection: Any) -> None:
    register(connection.create_function, "shout", 1, shout)
    register(connection.create_function, "shout", 1, str.upper)  # which cannot be told from a value
    assert found(connection, "shout", 1) == ()


def test_to_be_noted_keeps_nothing_alive(connection: Any) -> None:
    gone: list[object] = []

    class Held:
        def __del__(self) -> None:
            gone.append(self)

    held = Held()
    note(connection, "f", 0, lambda held=held: held)
    del held
    gc.collect()
    assert len(gone) == 1
    assert found(connection, "f", 0) == ()


def test_modules_that_may_register_are_known_by_their_text() -> None:
    assert may_register(b"db.create_function('a', 1, f)")
    assert not may_register(b"db.execute('create table t (a)')")
