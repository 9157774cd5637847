"""What differs between two states of a database, and what was said to it."""

from __future__ import annotations

import gc
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from legacy_seam.values import encode, parse
from legacy_seam.values.kinds.connections import own_cursor
from legacy_seam.world.databases import Statements, changes_of_database, is_database
from legacy_seam.world.databases.connections import file_of
from legacy_seam.world.databases.wal import merged
from legacy_seam.world.databases.way import way

BASE = "create table t (id integer primary key, name text); insert into t values (1, 'a'), (2, 'b');"
MANY = (
    "with recursive n(i) as (select 10 union all select i + 1 from n where i < 500)"
    " insert into t select i, 'x' from n"
)


def content(script: str, wal: bool = False) -> bytes:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(script)
        data = bytearray(connection.serialize())
    if wal:
        data[18:20] = b"\2\2"
    return bytes(data)


def changed(*scripts: str, base: str = BASE) -> dict[str, object]:
    return changes_of_database(content(base), content("".join([base, *scripts])))


def test_a_row_that_was_updated_is_told_by_its_columns() -> None:
    assert changed("update t set name = 'z' where id = 2") == {"t[2].name": ("b", "z")}


def test_rows_that_came_and_went_are_told_as_a_whole() -> None:
    assert changed("delete from t where id = 1; insert into t values (3, 'c')") == {
        "t[1]": ({"id": 1, "name": "a"}, None),
        "t[3]": (None, {"id": 3, "name": "c"}),
    }


CHANGES = (
    "update t set name = 'z' where id = 2",
    "delete from t",
    MANY,
    "pragma user_version = 7",
    "pragma application_id = -7",
    "drop table t",
    # two that leave the same number of changes to the schema behind, and other tables
    "drop table t; create table t (name text, id integer primary key); insert into t values ('a', 1)",
    "drop table t; create table u (id integer primary key); insert into u values (1)",
    "create table more (a, b, primary key (b, a)) without rowid; insert into more values (1, 2)",
    "create index by_name on t (name)",
)


def test_what_is_told_does_not_depend_on_what_was_compared_before() -> None:
    # a larger database is opened anew each time
    padding = "create table filler (x); insert into filler values (zeroblob(1100000));"
    anew = [changed(change, base=BASE + padding) for change in CHANGES]
    assert [changed(change) for change in CHANGES] == anew
    assert [changed(change) for change in reversed(CHANGES)] == anew[::-1]


def test_no_connection_stays_open_for_a_program_to_come_upon() -> None:
    def connections() -> list[int]:
        return [id(one) for one in gc.get_objects() if type(one) is sqlite3.Connection]

    before = connections()
    assert changed("delete from t where id = 1")
    assert connections() == before


def test_sqlite_tells_1_from_1_point_0_and_so_do_we() -> None:
    base = "create table n (id integer primary key, v); insert into n values (1, 1);"
    assert repr(changed("update n set v = 1.0", base=base)) == "{'n[1].v': (1, 1.0)}"


def test_rows_without_a_primary_key_go_by_their_number() -> None:
    base = "create table log (what); insert into log values ('x'), ('x');"
    assert changed("update log set what = 'y' where rowid = 2", base=base) == {"log[2].what": ("x", "y")}


def test_keys_of_several_columns_and_tables_without_numbers() -> None:
    base = "create table k (a, b, v, primary key (a, b)) without rowid; insert into k values (1, 'x', 0);"
    assert changed("update k set v = 1", base=base) == {"k[1, 'x'].v": (0, 1)}


def test_tables_and_indices_that_came_and_went() -> None:
    changes = changed("create index i on t (name); create table u (x); drop table u; pragma user_version = 7")
    assert changes == {"index i": (None, "CREATE INDEX i on t (name)"), "user_version": (0, 7)}


def test_a_column_that_was_added() -> None:
    changes = changed("alter table t add column more default 5")
    assert changes["t[1].more"] == (None, 5)
    assert "table t" in changes


def test_the_same_rows_are_no_change() -> None:
    assert changes_of_database(content(BASE), content(BASE, wal=True)) == {}


def test_a_new_database_tells_its_tables_and_rows() -> None:
    assert list(changes_of_database(b"", content(BASE))) == ["table t", "t[1]", "t[2]"]


def test_many_rows_are_counted_by_table_with_the_first_of_them() -> None:
    changes = changed(MANY, "; update t set name = 'q' where id = 1")
    summed = changes["table t"]
    assert isinstance(summed, dict)
    assert (summed["added"], summed["changed"], summed["removed"]) == (491, 1, 0)
    assert summed["first"]["t[1].name"] == ("a", "q")
    assert len(summed["first"]) == 20


def test_of_many_rows_each_value_counts() -> None:
    assert changed(MANY) != changed(MANY, "; update t set name = 'y' where id = 499")


def test_what_is_no_database() -> None:
    assert not is_database(b"text")
    assert is_database(content(BASE))
    broken = changes_of_database(b"", b"SQLite format 3\0" + b"garbage" * 100)
    assert broken["reason"] == "unreadable: DatabaseError"


def test_text_that_is_no_utf_8_is_told_nevertheless() -> None:
    assert changed("insert into t values (9, cast(x'ff41' as text))")["t[9]"] == (None, {"id": 9, "name": "\\xffA"})


CELLS = st.one_of(st.none(), st.integers(-(2**63), 2**63 - 1), st.floats(allow_nan=False), st.text(), st.binary())
TABLES = st.dictionaries(st.integers(1, 20), st.tuples(CELLS, CELLS), max_size=8)


def filled(rows: dict[int, tuple[object, object]]) -> bytes:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.text_factory = str
        connection.execute("create table t (id integer primary key, a, b)")
        for key, cells in rows.items():
            connection.execute("insert into t values (?, ?, ?)", (key, *map(_storable, cells)))
        connection.commit()
        return bytes(connection.serialize())


def _storable(cell: object) -> object:
    return cell.encode("utf-8", "replace").decode() if isinstance(cell, str) else cell


@given(TABLES, TABLES)
def test_the_statements_lead_from_one_state_to_the_other(before: dict, after: dict) -> None:  # type: ignore[type-arg]
    old, new = filled(before), filled(after)
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.deserialize(old)
        for statement, values in way(old, new):
            connection.execute(statement, values or ())
        connection.commit()
        assert changes_of_database(connection.serialize(), new) == {}


@given(TABLES, TABLES)
def test_changes_are_none_just_where_the_rows_are_the_same(before: dict, after: dict) -> None:  # type: ignore[type-arg]
    changes = changes_of_database(filled(before), filled(after))
    same = {k: tuple(map(repr, map(_storable, v))) for k, v in before.items()} == {
        k: tuple(map(repr, map(_storable, v))) for k, v in after.items()
    }
    assert (changes == {}) or not same
    assert parse(encode(changes)) == changes


SCHEMAS = [
    BASE,
    BASE + "create table u (x unique, y default 3); insert into u (x) values (1), (null); create index i on u (y)",
    BASE + "alter table t add column extra; update t set extra = id; create view v as select * from t",
    BASE + "create table log (at); create trigger r after insert on t begin insert into log values (1); end;"
    "insert into t values (99, 'x')",
    "create table numbered (id integer primary key autoincrement, a); insert into numbered (a) values (1), (2);"
    "delete from numbered",
    "create table w (a, b, primary key (a, b)) without rowid; insert into w values (1, 2), (1, 3)",
]


@pytest.mark.parametrize("before", SCHEMAS)
@pytest.mark.parametrize("after", SCHEMAS)
def test_an_open_transaction_may_have_made_and_changed_tables(before: str, after: str) -> None:
    old, new = content(before), content(after)
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        connection.deserialize(old)
        connection.execute("begin")
        for statement, values in way(old, new):
            connection.execute(statement, values or ())
        assert connection.in_transaction
        connection.commit()
        assert changes_of_database(connection.serialize(), new) == {}
        for side in (old, new):
            assert list(way(side, side)) == []


def test_of_a_virtual_table_that_was_made_only_itself_knows_what_it_keeps() -> None:
    with pytest.raises(ValueError, match="virtual tables were changed"):
        list(way(content(BASE), content(BASE + "; create virtual table f using fts5 (x)")))


def test_a_log_beside_a_database_belongs_to_it(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(f"pragma journal_mode = wal; {BASE}")
        files = {"x.db": path.read_bytes(), "x.db-wal": (tmp_path / "x.db-wal").read_bytes()}
    beside = tmp_path / "beside"
    beside.mkdir()
    whole = merged("x.db", files, str(beside))
    assert list(changes_of_database(b"", whole)) == ["table t", "t[1]", "t[2]"]
    assert list(beside.iterdir()) == []


# --- what was said -----------------------------------------------------------------------------------------------


def test_statements_are_told_in_order_with_the_points_of_commit() -> None:
    statements = Statements()
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.set_trace_callback(statements.listener("x.db"))
        trigger = "create trigger r after insert on t begin delete from t where 0; end"
        connection.executescript(f"create table t (a); {trigger}")
        connection.execute("select 1")
        connection.execute("insert into\n  t values (?)", ("it's",))
        connection.commit()
        connection.execute("delete from t where a = 1")
        connection.rollback()
    assert statements.told()["x.db"][2:] == [
        "insert into t values ('it''s')",
        "COMMIT",
        "delete from t where a = 1",
        "ROLLBACK",
    ]
    statements.begin()
    assert statements.told() == {}


def test_very_many_statements_are_counted_and_long_ones_cut() -> None:
    statements = Statements()
    hear = statements.listener("x.db")
    for number in range(250):
        hear(f"insert into t values ({number + 100}, '" + "x" * 1000 + "')")
    told = statements.told()["x.db"]
    assert (len(told), told[-1]) == (201, "50 more")
    assert told[0].endswith("… (1030 characters)")


def test_to_ask_leaves_nothing_behind_in_a_connection() -> None:
    with closing(sqlite3.connect(":memory:", factory=Deceiving)) as connection:
        connection.row_factory = sqlite3.Row
        for _ in range(1_000):
            assert file_of(connection) == ""
        cursors = [part for part in gc.get_referents(connection) if type(part) is list]
        assert max(map(len, cursors)) < 300
        assert tuple(own_cursor(connection).execute("SELECT 1").fetchone()) == (1,)
        assert type(own_cursor(connection).execute("SELECT 1").fetchone()) is tuple


class Deceiving(sqlite3.Connection):
    """A connection of the program's own kind."""

    def cursor(self, factory: object = None) -> sqlite3.Cursor:  # type: ignore[override]
        raise AssertionError("asked")


def test_files_that_are_attached_are_found() -> None:
    statements = Statements()
    hear = statements.listener("x.db")
    hear("ATTACH DATABASE ':memory:' AS m")
    hear("attach 'old''s.db' as old")
    assert statements.attached({"x.db"}) == "old's.db"
    assert statements.attached({"old's.db"}) is None
