"""Connections and cursors as values: what is told of them, and that looking does not disturb them."""

from __future__ import annotations

import gc
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from legacy_seam.values import DecodeError, decode, encode, encode_roots, fingerprint
from legacy_seam.values.held import Held


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(tmp_path / "shop.db")) as made:
        made.executescript("create table t (id integer primary key, at timestamp); insert into t values (1, null)")
        yield made


def kept() -> tuple[Held, dict[str, bytes]]:
    contents: dict[str, bytes] = {}
    return Held(lambda name, content: (contents.setdefault(name, content) and "") or name), contents


def rows(content: bytes) -> list[Any]:
    with closing(sqlite3.connect(":memory:")) as copy:
        copy.deserialize(content)
        return copy.execute("select * from t").fetchall()


def test_a_connection_is_told_by_its_database_and_its_settings(connection: sqlite3.Connection) -> None:
    assert encode(connection) == "sqlite3.connect('shop.db')"
    connection.row_factory = sqlite3.Row
    connection.isolation_level = None
    connection.execute("pragma foreign_keys = on")
    connection.create_function("shout", 1, str.upper)
    connection.create_collation("backwards", lambda a, b: (a < b) - (a > b))
    assert encode(connection, width=None) == (
        "sqlite3.connect('shop.db', row_factory=sqlite3:Row, isolation_level=None, functions=[('shout', 1)],"
        " collations=['backwards'], foreign_keys=True)"
    ).replace("'backwards'", "'BACKWARDS'" if "BACKWARDS" in encode(connection) else "'backwards'")


@pytest.mark.parametrize("types", [0, 1, 2, 3])
def test_how_types_are_detected_is_found_out(tmp_path: Path, types: int) -> None:
    with closing(sqlite3.connect(tmp_path / "x.db", detect_types=types)) as connection:
        connection.execute("create table t (at timestamp)")
        assert encode(connection) == f"sqlite3.connect('x.db'{f', detect_types={types}' if types else ''})"


def test_what_is_not_committed_is_kept_beside_what_is(connection: sqlite3.Connection) -> None:
    connection.execute("insert into t values (2, 'new')")
    held, contents = kept()
    with held:
        assert encode(connection) == "sqlite3.connect('shop.db', in_transaction=True)"
    assert rows(contents["shop.db"]) == [(1, None)]
    assert rows(contents["/dev/held/shop.db"]) == [(1, None), (2, "new")]


def test_contents_are_kept_when_inputs_are_first_written_and_not_again(connection: sqlite3.Connection) -> None:
    held, contents = kept()
    with held:
        encode(connection)
    connection.execute("insert into t values (2, null)")
    with held:
        encode(connection)
    assert rows(contents["shop.db"]) == [(1, None)]
    assert list(contents) == ["shop.db"]


def test_databases_in_memory_are_numbered() -> None:
    held, contents = kept()
    with closing(sqlite3.connect(":memory:")) as a, closing(sqlite3.connect(":memory:")) as b, held:
        a.execute("create table t (x)")
        texts = encode_roots({"a": a, "b": b, "again": a})
    assert texts == {
        "a": "sqlite3.connect(':memory:')",
        "b": "sqlite3.connect(':memory: 2')",
        "again": "*a",
    }
    assert set(contents) == {"/dev/held/:memory:", "/dev/held/:memory: 2"}


def test_looking_changes_nothing(connection: sqlite3.Connection) -> None:
    def refuse(*args: object) -> object:
        raise AssertionError("code of the program has run")

    class Own(sqlite3.Connection):
        cursor = execute = serialize = refuse  # type: ignore[assignment]

    path = connection.execute("pragma database_list").fetchone()[2]
    with closing(sqlite3.connect(path, factory=Own)) as own:
        own.row_factory = own.text_factory = refuse
        before = own.total_changes, own.in_transaction
        held, contents = kept()
        with held:
            assert encode(own).startswith("tests.") or "sqlite3.connect('shop.db'" in encode(own)
        fingerprint((own,))
        assert (own.total_changes, own.in_transaction) == before
    assert rows(contents["shop.db"]) == [(1, None)]


def test_a_half_read_result_goes_on_where_it_was(connection: sqlite3.Connection) -> None:
    connection.executemany("insert into t values (?, null)", [(n,) for n in range(2, 6)])
    connection.commit()
    cursor = connection.execute("select id from t order by id")
    assert cursor.fetchone() == (1,)
    held, _ = kept()
    with held:
        assert encode(cursor).startswith("outside('sqlite3:Cursor'"), "it is asked for the rest of them"
        encode(connection)
    assert [row[0] for row in cursor] == [2, 3, 4, 5]
    assert encode(cursor) == "sqlite3.Cursor(sqlite3.connect('shop.db'))"


def test_callbacks_of_the_program_hear_nothing_of_us(connection: sqlite3.Connection) -> None:
    heard: list[str] = []
    connection.set_trace_callback(heard.append)
    assert "callback" in encode(connection)
    fingerprint((connection,))
    assert heard == []


def test_a_connection_of_another_thread_is_not_told(connection: sqlite3.Connection) -> None:
    told: list[str] = []
    thread = threading.Thread(target=lambda: told.append(encode(connection)))
    thread.start()
    thread.join()
    assert told == ["opaque('sqlite3:Connection', 'a connection to a database that belongs to another thread')"]


def test_a_closed_connection_is_told_as_such(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "x.db")
    connection.close()
    assert encode(connection) == "sqlite3.connect(closed=True)"


def test_what_cannot_be_made_again_says_why(connection: sqlite3.Connection) -> None:
    connection.execute("create temp table scratch (a)")
    assert "temporary tables" in encode(connection)
    connection.execute("drop table scratch")
    connection.commit()
    connection.execute("attach ':memory:' as other")
    assert "another database attached to it (other)" in encode(connection)


def test_a_key_tells_what_was_written(connection: sqlite3.Connection) -> None:
    before = fingerprint((connection,))
    assert before == fingerprint((connection,))
    connection.execute("insert into t values (2, null)")
    assert fingerprint((connection,)) != before


def test_a_recording_opens_nothing_outside_of_a_replay(tmp_path: Path) -> None:
    with pytest.raises(DecodeError, match="where calls are replayed only"):
        decode(f"sqlite3.connect('{tmp_path}/made.db')")
    with pytest.raises(DecodeError, match="where calls are replayed only"):
        decode(f"open('{tmp_path}/made.txt', 'w')")
    assert list(tmp_path.iterdir()) == []


def test_to_write_one_down_leaves_nothing_behind_in_it() -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.row_factory = sqlite3.Row
        before = encode(connection)
        for _ in range(200):
            assert encode(connection) == before
        cursors = [part for part in gc.get_referents(connection) if type(part) is list]
        assert max(map(len, cursors)) < 300
