import sqlite3

from legacy_seam.world.databases import changes_of_database, is_database


def content(script: str, wal: bool = False) -> bytes:
    connection = sqlite3.connect(":memory:")
    connection.executescript(script)
    data = bytearray(connection.serialize())
    connection.close()
    if wal:
        data[18:20] = b"\2\2"
    return bytes(data)


BASE = "create table t (id integer primary key, name text); insert into t values (1, 'a'), (2, 'b');"


def test_rows_that_came_and_went() -> None:
    assert changes_of_database(
        content(BASE), content(BASE + "delete from t where id = 1; insert into t values (3, 'c')")
    ) == {
        "removed": ["INSERT INTO \"t\" VALUES(1,'a');"],
        "added": ["INSERT INTO \"t\" VALUES(3,'c');"],
    }


def test_the_same_rows_are_no_change() -> None:
    assert changes_of_database(content(BASE), content(BASE, wal=True)) == {}


def test_a_new_database() -> None:
    assert len(str(changes_of_database(b"", content(BASE))["added"]).split(", '")) >= 3


def test_many_rows_are_counted() -> None:
    many = (
        BASE
        + "with recursive n(i) as (select 10 union all select i + 1 from n where i < 500)"
        + "insert into t select i, 'x' from n"
    )
    changes = changes_of_database(content(BASE), content(many))
    assert changes["rows added"] == 491
    assert changes["rows removed"] == 0


def test_what_is_no_database() -> None:
    assert not is_database(b"text")
    assert is_database(content(BASE))
    assert "added" in changes_of_database(b"", b"SQLite format 3\0" + b"garbage" * 100)
