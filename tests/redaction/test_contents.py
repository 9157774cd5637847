"""Files without their secrets: as long as before, and still what they were."""

from __future__ import annotations

import csv
import gzip
import json
import pickle
import sqlite3
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from legacy_seam.redaction import Redactor


def cleaned(content: bytes) -> bytes:
    """By a redactor that has met nothing before: what it remembers would hide what it does not find."""
    found = Redactor(b"k").content(content).content
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("content", "secret"),
    [
        (b"[db]\npassword = hunter2\nuser = bob\n", b"hunter2"),
        (b"DB_PASSWORD=hunter2\nDEBUG=1\n", b"hunter2"),
        (b"db:\n  password: swordfish\n  port: 1\n", b"swordfish"),
        (b'{"api_key": "ab\\n-12", "port": 1}', b"-12"),
        (b"url = postgres://me:hunter2@db/shop\n", b"hunter2"),
        (b"2024-01-31 12:00 sent to bob@shop.example.com\n", b"bob@shop"),
        (b"name;password;age\nbob;hunter2;3\n", b"hunter2"),
        (b'name,password\nbob,"x,hunter2"\n', b"hunter2"),
        (b"password = hunter2\nnote = it is hunter2 again\n", b"hunter2"),
        ("name = Zo\u00eb\npassword = \u00fcberh\u00e4nter2\n".encode(), "\u00fcberh\u00e4nter2".encode()),
        ("name = Zo\u00eb\npassword = hunter2\n".encode("latin-1"), b"hunter2"),
        (pickle.dumps({"mail": "bob@shop.example.com"}), b"bob@shop"),
        (b"\x00\x01\x02 ghp_abcdefghijklmnopqrstuvwxyz0123456789 \x00", b"ghp_abcdefgh"),
    ],
)
def test_secrets_go_and_lengths_stay(content: bytes, secret: bytes) -> None:
    result = cleaned(content)
    assert secret not in result
    assert len(result) == len(content)
    assert cleaned(result) == result


def test_formats_stay_what_they_were() -> None:
    document = {"password": 'a "quoted" one\n', "list": [1, 2], "mail": "bob@shop.example.com"}
    assert json.loads(cleaned(json.dumps(document).encode()))["list"] == [1, 2]
    rows = list(csv.reader(cleaned(b'name,password\nbob,"a ""b"", c"\nann,\n').decode().splitlines()))
    assert [len(row) for row in rows] == [2, 2, 2]
    assert pickle.loads(cleaned(pickle.dumps({"mail": "bob@shop.example.com"})))["mail"].endswith(".invalid")


@pytest.mark.parametrize(
    "content", [b"", b"hello\n", bytes(range(256)), b"a,b\n1,2\n", b"\x89PNG\r\n\x1a\nbob@shop.org"]
)
def test_other_contents_are_left_alone(content: bytes) -> None:
    assert cleaned(content) == content


@given(st.binary(max_size=400))
def test_any_bytes_keep_their_length(content: bytes) -> None:
    assert len(cleaned(content)) == len(content)


def test_what_cannot_be_examined_is_told() -> None:
    packed = Redactor(b"k").content(gzip.compress(b"password = hunter2"))
    assert packed.content is not None
    assert "packed (gzip)" in packed.problem


def test_pages_not_yet_taken_over_by_a_database_are_left_out_where_they_hold_secrets() -> None:
    kept = Redactor(b"k").content(b"\x37\x7f\x06\x82" + bytes(40) + b"plain text here" + bytes(40))
    assert kept.content is not None
    left_out = Redactor(b"k").content(b"\x37\x7f\x06\x82" + bytes(40) + b"mail: bob@shop.example.com" + bytes(40))
    assert left_out.content is None
    assert "left out" in left_out.problem


# --- databases ----------------------------------------------------------------------------------------------------

TABLES = """
create table users (id integer primary key, name text unique, password text check (length(password) > 3), card int);
create table notes (word text primary key, text text) without rowid;
create table shown (mail text, upper_mail text generated always as (upper(mail)));
create trigger watch after update on users begin insert into notes values ('changed', old.password); end;
create view every_user as select * from users;
insert into users values (1, 'bob', 'hunter2', 4111111111111111), (2, 'ann', null, null), (3, 'eve', 'hunter2', 7);
insert into notes values ('a', 'write to bob@shop.example.com'), ('b', 'hunter2 is wrong'), ('c', 'nothing');
insert into shown values ('bob@shop.example.com');
create table gone (secret text);
insert into gone values ('left-over-4711');
delete from gone;
"""


@pytest.fixture
def database(tmp_path: Path) -> bytes:
    with sqlite3.connect(tmp_path / "x.db") as connection:
        connection.executescript(TABLES)
    connection.close()
    return (tmp_path / "x.db").read_bytes()


def opened(content: bytes) -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:")
    connection.deserialize(content)
    return connection


def test_databases_are_changed_by_column_and_by_pattern(database: bytes) -> None:
    result = cleaned(database)
    assert not [s for s in (b"hunter2", b"bob@shop", b"BOB@SHOP", b"left-over", b"4111111111111111") if s in result]
    connection = opened(result)
    rows = connection.execute("select id, name, password, length(card) from users order by id").fetchall()
    assert [(row[0], row[1], row[3]) for row in rows] == [(1, "bob", 16), (2, "ann", None), (3, "eve", 1)]
    assert rows[0][2] == rows[2][2]
    assert rows[1][2] is None
    notes = dict(connection.execute("select * from notes"))
    assert set(notes) == {"a", "b", "c"}
    assert notes["c"] == "nothing"
    assert rows[0][2] in notes["b"]
    assert connection.execute("select count(*) from sqlite_schema where type = 'trigger'").fetchone() == (1,)
    assert connection.execute("pragma integrity_check").fetchone() == ("ok",)
    connection.close()


def test_cells_in_which_nothing_was_found_are_searched_again_for_what_later_columns_tell(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "x.db") as connection:
        connection.execute("create table notes (text text)")
        connection.execute("insert into notes values ('hunter2 is wrong')")
        connection.execute("create table users (password text)")
        connection.execute("insert into users values ('hunter2')")
    connection.close()
    assert b"hunter2" not in cleaned((tmp_path / "x.db").read_bytes())


def test_databases_without_secrets_are_left_byte_for_byte(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "x.db") as connection:
        connection.execute("create table plain (a int, b text)")
        connection.execute("insert into plain values (1, 'one')")
    connection.close()
    content = (tmp_path / "x.db").read_bytes()
    assert cleaned(content) == content


def test_damaged_databases_are_told(database: bytes) -> None:
    assert "cannot be read" in Redactor(b"k").content(database[:300]).problem


def test_write_ahead_databases_stay_so(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "x.db") as connection:
        connection.execute("pragma journal_mode = wal")
        connection.execute("create table users (password text)")
        connection.execute("insert into users values ('hunter2')")
    connection.close()
    content = (tmp_path / "x.db").read_bytes()
    result = cleaned(content)
    assert result[18:20] == content[18:20] == b"\2\2"
    assert b"hunter2" not in result


def test_counts_in_a_file_of_data_are_no_secrets_whatever_they_are_counted_by() -> None:
    profile = b'{"freq": {"pan": 1931, "sid": 28, "Pan": 8296, "otp": 77}, "n_words": [260942223, 308553243]}'
    assert cleaned(profile) == profile


def test_a_number_in_json_that_is_a_secret_is_covered_and_stays_a_number() -> None:
    told = json.loads(cleaned(b'{"ssn": 100200300, "age": 7}'))
    assert (told["ssn"] != 100200300, told["age"]) == (True, 7)
