"""Open files and connections that a call is handed: opened again as they were, and what became of them."""

from __future__ import annotations

import dataclasses
import sqlite3
from contextlib import closing
from typing import Any

import pytest

from legacy_seam.calls import MISSING, Call, FileState
from legacy_seam.values import Node, parse

SOURCE = """
import sqlite3, threading
class Ledger(sqlite3.Connection):
    def __init__(self, *args, **kwargs): raise RuntimeError('made by the program')
MEMORY = sqlite3.connect(':memory:')
MEMORY.executescript("create table m (id integer primary key, v); insert into m values (1, 'a')")
POOL = sqlite3.connect('pool.db')
POOL.execute('create table p (id integer primary key)'); POOL.commit()

def pay(db, who, amount):
    db.execute('update account set balance = balance - ? where id = ?', (amount, who))
    db.execute("insert into log(what) values ('paid')")
    if amount > 100:
        db.rollback()
    elif amount > 50:
        return 'left open'
    db.commit()
def read(db): return db.execute('select id, balance from account order by id').fetchall(), type(db).__name__
def by_name(db): return db.execute('select * from account').fetchone()['balance']
def through(cursor): return cursor.execute('select count(*) from account').fetchone()
def undo(db): db.rollback(); return read(db)[0]
def settle(db): db.commit()
def close(db): db.close()
def same(a, b): return a is b, a.cursor().connection is b
def elsewhere(db):
    found = []
    thread = threading.Thread(target=lambda: found.append(read(db)[0])); thread.start(); thread.join()
    return found
def gone(db): return db.execute("select shout('a')").fetchone()
def shout(text): return text.upper() + '!'
def registers(db): db.create_function('shout', 1, shout)
def attach(db): db.execute("attach 'other.db' as o")
def times(db):
    db.execute('insert into log(what) values (?)', ('x',)); db.commit()
    return db.execute('select at from log').fetchall()
def refuse_twice(db): db.execute('insert into account values (1, 0)')
def kinds(db): return db.execute('select 1 as "n [upper]"').description[0][0]
def remember(v):
    MEMORY.execute('insert into m(v) values (?)', (v,)); return MEMORY.execute('select count(*) from m').fetchone()
def lend(): POOL.execute('insert into p values (7)')
def copy(db):
    other = sqlite3.connect('copy.db'); db.backup(other); other.close()
    return len(list(db.iterdump()))
def wal():
    c = sqlite3.connect('w.db'); c.execute('pragma journal_mode = wal')
    c.execute('create table if not exists w (a)')
    c.execute('insert into w values (1)'); c.commit(); keep.append(c)
keep = []

def line(file): return file.readline(), file.tell(), file.name, file.mode, file.encoding
def rest(file): return file.read()
def put(file, text): file.write(text)
def finish(file): file.write('end'); file.close()
def back(file): file.seek(0); file.write(file.read().upper() if 'r' in file.mode else 'X')
"""

SCRIPT = """
create table account (id integer primary key, balance);
create table log (what, at timestamp default current_timestamp);
insert into account values (1, 100), (2, 50);
"""


def content(script: str = SCRIPT) -> bytes:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(script)
        return bytes(connection.serialize())


@pytest.fixture
def ask(program: Any) -> Any:
    """Replays one call of `job`, which was handed these contents, twice: the second time must be like the first."""
    program.write(job=SOURCE)

    def replayed(function: str, held: dict[str, bytes], **arguments: str) -> Any:
        call: Call = program.call(f"job:{function}", **arguments)
        states = tuple(FileState(path, program.blobs.put(body)) for path, body in held.items())
        call = dataclasses.replace(call, files=states)
        first, second = program.replay(call, dataclasses.replace(call, identity="again"))
        assert (first.outcome, first.refusal) == (second.outcome, second.refusal)
        return first

    return replayed


def effects(replayed: Any) -> dict[str, Any]:
    assert replayed.refusal is None, replayed.refusal
    return {f"{one.kind} {one.place}".strip(): _plain(one.text) for one in replayed.outcome.effects}


def _plain(text: str) -> Any:
    parsed = None if text == MISSING else parse(text)
    return text if isinstance(parsed, Node) else parsed


DB = "sqlite3.connect('a.db')"


def test_rows_are_told_net_and_in_order_with_the_points_of_commit(ask: Any) -> None:
    told = effects(ask("pay", {"a.db": content()}, db=DB, who="1", amount="30"))
    assert told["wrote a.db"]["account[1].balance"] == (100, 70)
    assert told["wrote a.db"]["log[1]"] == (None, {"what": "paid", "at": "2023-11-14 22:13:20"})
    assert told["wrote a.db, in order"] == [
        "update account set balance = balance - 30 where id = 1",
        "insert into log(what) values ('paid')",
        "COMMIT",
    ]


def test_what_was_rolled_back_is_told_in_order_only(ask: Any) -> None:
    told = effects(ask("pay", {"a.db": content()}, db=DB, who="1", amount="200"))
    assert "wrote a.db" not in told
    assert told["wrote a.db, in order"][-1] == "ROLLBACK"


def test_what_was_left_open_is_told_as_the_connection_sees_it(ask: Any) -> None:
    told = effects(ask("pay", {"a.db": content()}, db=DB, who="2", amount="60"))
    assert told["changed db.in_transaction"] is True
    assert told["wrote a.db"]["account[2].balance"] == (50, -10)


def test_a_database_in_memory_is_told_too(ask: Any) -> None:
    told = effects(
        ask("pay", {"/dev/held/:memory:": content()}, db="sqlite3.connect(':memory:')", who="2", amount="60")
    )
    assert told["wrote :memory:"]["account[2].balance"] == (50, -10)


def test_an_open_transaction_goes_on_and_can_be_undone(ask: Any) -> None:
    held = {"a.db": content(), "/dev/held/a.db": content(SCRIPT + "update account set balance = 7 where id = 2")}
    within = "sqlite3.connect('a.db', in_transaction=True)"
    assert effects(ask("read", held, db=within))["returned"][0] == [(1, 100), (2, 7)]
    undone = effects(ask("undo", held, db=within))
    assert undone["returned"] == [(1, 100), (2, 50)]
    assert undone["wrote a.db"] == {"account[2].balance": (7, 50)}
    settled = effects(ask("settle", held, db=within))
    assert "wrote a.db" not in settled
    assert settled["wrote a.db, in order"] == ["COMMIT"]


def test_the_programs_class_and_its_factories_without_its_init(ask: Any) -> None:
    held = {"a.db": content()}
    assert effects(ask("read", held, db=f"job:Ledger({DB})"))["returned"][1] == "Ledger"
    assert effects(ask("by_name", held, db="sqlite3.connect('a.db', row_factory=sqlite3:Row)"))["returned"] == 100
    shared = effects(ask("same", held, a=DB, b="*a"))
    assert shared["returned"] == (True, True)
    assert effects(ask("through", held, cursor=f"sqlite3.Cursor({DB})"))["returned"] == (2,)
    assert effects(ask("elsewhere", held, db=DB))["returned"] == [[(1, 100), (2, 50)]]


def test_types_are_detected_as_they_were(ask: Any) -> None:
    told = effects(ask("kinds", {"a.db": content()}, db="sqlite3.connect('a.db', detect_types=2)"))
    assert told["returned"] == "n"


def test_clocks_in_defaults_are_controlled(ask: Any) -> None:
    told = effects(ask("times", {"a.db": content()}, db=DB))
    assert told["returned"] == [("2023-11-14 22:13:20",)]


def test_exceptions_are_those_of_sqlite(ask: Any) -> None:
    told = effects(ask("refuse_twice", {"a.db": content()}, db=DB))
    assert told["raised"].startswith("sqlite3:IntegrityError(")
    assert "UNIQUE constraint failed: account.id" in told["raised"]


def test_a_connection_that_is_closed(ask: Any) -> None:
    assert effects(ask("close", {"a.db": content()}, db=DB))["changed db.closed"] is True
    told = effects(ask("read", {}, db="sqlite3.connect(closed=True)"))
    assert "Cannot operate on a closed database" in told["raised"]


def test_functions_of_sql_that_are_known_are_registered_again(ask: Any) -> None:
    db = "sqlite3.connect('a.db', functions=[('shout', 1, job:shout)])"
    assert effects(ask("gone", {"a.db": content()}, db=db)) == {"returned": ("A!",)}
    told = ask("registers", {"a.db": content()}, db=DB).outcome.effects
    assert (told[-1].place, told[-1].text) == ("db.functions", "[('shout', 1, job:shout)]")


def test_what_is_not_in_the_recording_is_refused(ask: Any) -> None:
    refused = ask("gone", {"a.db": content()}, db="sqlite3.connect('a.db', functions=[('shout', 1)])").refusal
    assert refused == "the function shout of SQL, which the program had registered, is not in the recording"
    attached = ask("attach", {"a.db": content()}, db=DB).refusal
    assert attached == "the database other.db, which was attached by SQL, is not in the recording"


def test_connections_opened_at_import_tell_what_only_they_can_see(ask: Any) -> None:
    told = effects(ask("remember", {}, v="'b'"))
    assert told["returned"] == (2,)
    assert told["wrote :memory:"] == {"m[2]": (None, {"id": 2, "v": "b"})}
    assert effects(ask("lend", {}))["wrote pool.db"] == {"p[7]": (None, {"id": 7})}


def test_backups_dumps_and_write_ahead_logs(ask: Any) -> None:
    told = effects(ask("copy", {"a.db": content()}, db=DB))
    assert list(told["wrote copy.db"]) == ["table account", "table log", "account[1]", "account[2]"]
    assert list(effects(ask("wal", {}))["wrote w.db"]) == ["table w", "w[1]"]


# --- open files --------------------------------------------------------------------------------------------------

CSV = {"in/a.csv": b"one\ntwo\nthree\n"}


def test_a_file_is_read_on_from_where_it_stood(ask: Any) -> None:
    told = effects(ask("line", CSV, file="open('in/a.csv', 'r', encoding='UTF-8', position=4)"))
    assert told["returned"] == ("two\n", 8, "in/a.csv", "r", "UTF-8")
    assert told["changed file.position"] == 8
    assert effects(ask("rest", CSV, file="open('in/a.csv', 'rb', position=8)"))["returned"] == b"three\n"


def test_what_is_written_to_a_file_is_told(ask: Any) -> None:
    appending = "open('out.txt', 'a', encoding='UTF-8', position=4)"
    told = effects(ask("put", {"out.txt": b"old\n"}, file=appending, text="'new'"))
    assert told["wrote out.txt"] == "old\nnew"
    told = effects(ask("finish", {"out.txt": b""}, file="open('out.txt', 'w', encoding='UTF-8')"))
    assert told["wrote out.txt"] == "end"
    assert told["changed file"] == "open('out.txt', 'w', closed=True)"


def test_of_what_waited_to_be_written_only_the_rest_is_told(ask: Any) -> None:
    waiting = "open('out.txt', 'w', encoding='UTF-8', position=12)"
    told = effects(ask("put", {"out.txt": b""}, file=waiting, text="'new'"))
    assert told["wrote out.txt"] == {"from": 12, "added": "new"}
    assert told["changed file.position"] == 15
    assert "wrote out.txt" not in effects(ask("put", {"out.txt": b""}, file=waiting, text="''"))


def test_a_file_that_is_both_read_and_written(ask: Any) -> None:
    told = effects(ask("back", {"x": b"abc"}, file="open('x', 'r+', encoding='UTF-8', position=1)"))
    assert told["wrote x"] == "abcABC"


def test_a_file_that_lay_elsewhere(ask: Any) -> None:
    told = effects(ask("line", {"/data/a.csv": b"far\n"}, file="open('/data/a.csv', 'r', encoding='UTF-8')"))
    assert told["returned"][0] == "far\n"
    assert told["changed file.position"] == 4


def test_a_temporary_file_goes_when_it_is_closed_and_no_other_of_its_name(ask: Any, tmp_path: Any) -> None:
    real = tmp_path / "tmp1234"
    real.write_text("real")
    opened = f"open({str(real)!r}, 'w', encoding='UTF-8')"
    told = effects(ask("finish", {str(real): b""}, file=f"temporary({opened}, delete=True)"))
    assert told[f"wrote {real}"] is None
    told = effects(ask("finish", {str(real): b""}, file=f"temporary({opened}, delete=False)"))
    assert told[f"wrote {real}"] == "end"
    assert real.read_text() == "real"
