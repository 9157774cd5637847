"""A program that works on a PostgreSQL server is recorded, and verified when that server is gone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from legacy_seam.golden.world_text import read_world
from postgres_server import PostgresServer
from shop_project import edit, run_seam

LEDGER = """
import psycopg
from sqlalchemy import String, select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

CONNECTION = None


class Base(DeclarativeBase):
    pass


class Invoice(Base):
    __tablename__ = "invoice"
    id: Mapped[int] = mapped_column(primary_key=True)
    customer: Mapped[str] = mapped_column(String)
    amount: Mapped[int]


class Book:
    def __init__(self, connection):
        self.connection = connection

    def total(self, customer):
        cursor = self.connection.cursor()
        cursor.execute("SELECT sum(amount) FROM invoice WHERE customer = %s", (customer,))
        return cursor.fetchone()[0]


def overdue(url, customer):
    with psycopg.connect(url) as connection:
        rows = connection.execute("SELECT id, amount FROM invoice WHERE customer = %s ORDER BY id", (customer,))
        return sum(amount for _, amount in rows if amount > 5)


def move(source, target, number):
    row = source.execute("SELECT customer, amount FROM invoice WHERE id = %s", (number,)).fetchone()
    target.execute("INSERT INTO archive VALUES (%s, %s)", row)
    source.execute("DELETE FROM invoice WHERE id = %s", (number,))
    target.commit()
    source.commit()


def purge(connection):
    connection.execute("DROP TABLE archive")
    connection.commit()


def held():
    return CONNECTION.execute("SELECT count(*) FROM invoice").fetchone()


def raise_prices(session, customer):
    found = session.scalars(select(Invoice).where(Invoice.customer == customer).order_by(Invoice.id)).all()
    for invoice in found:
        invoice.amount += 1
    session.commit()
    return len(found)
"""

RATES = """
import sys, psycopg

CONNECTION = psycopg.connect(sys.argv[1])
RATES = dict(CONNECTION.execute("SELECT customer, sum(amount) FROM invoice GROUP BY 1").fetchall())


def share(customer, amount):
    return amount / RATES[customer]


def newest():
    return CONNECTION.execute("SELECT max(id) FROM invoice").fetchone()


def bills(connection):
    return connection.execute("SELECT count(*) FROM invoice").fetchone()


def all_bills():
    return bills(CONNECTION)
"""

NIGHT = """
import sys, psycopg, ledger, rates
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

url = sys.argv[1]
print(ledger.overdue(url, "A17"), ledger.overdue(url, "B2"))
with psycopg.connect(url) as one, psycopg.connect(url) as other:
    print(ledger.Book(one).total("A17"))
    ledger.move(one, other, 1)
    ledger.purge(one)
ledger.CONNECTION = psycopg.connect(url)
print(ledger.held())
ledger.CONNECTION.close()
engine = create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
with Session(engine) as session:
    print(ledger.raise_prices(session, "A17"))
engine.dispose()
print(rates.share("B2", 11), rates.newest(), rates.all_bills())
rates.CONNECTION.close()
"""

OF_RATES = ("rates:share", "rates:newest", "rates:bills", "rates:all_bills")

TABLES = """
CREATE TABLE invoice (id serial PRIMARY KEY, customer text, amount int);
INSERT INTO invoice (customer, amount) VALUES ('A17', 10), ('A17', 4), ('B2', 99);
CREATE TABLE archive (customer text, amount int);
"""


@dataclass(frozen=True)
class Pinned:
    """The project, and how to connect to the database that it was recorded with."""

    place: Path
    server: PostgresServer

    def verified(self, **environment: str) -> dict[str, Any]:
        found = json.loads(run_seam(self.place, "verify", "--json", **environment).stdout)
        return {one["target"].removeprefix("ledger:"): one for one in found["targets"]}


@pytest.fixture(scope="module")
def pinned(tmp_path_factory: pytest.TempPathFactory, postgres: PostgresServer) -> Iterator[Pinned]:
    place = tmp_path_factory.mktemp("ledger")
    (place / "ledger.py").write_text(LEDGER)
    (place / "rates.py").write_text(RATES)
    (place / "night.py").write_text(NIGHT)
    with postgres.database("nightly", TABLES) as url:
        recorded = run_seam(place, "record", "--", "night.py", url)
        assert recorded.returncode == 0, recorded.stderr
        assert recorded.stdout == "10 99\n14\n(2,)\n1\n0.1111111111111111 (3,) (2,)\n"
        postgres.psql(TABLES.splitlines()[-1], "nightly")  # what `purge` dropped is there again
        statements = "SELECT count(*) FROM pg_stat_activity WHERE datname = 'nightly'"
        assert postgres.psql(statements) == "0"
        postgres.psql("ALTER DATABASE nightly ALLOW_CONNECTIONS false")  # nobody can ask it anything from here on
        made = run_seam(place, "pin")
        assert made.returncode == 0, made.stdout + made.stderr
        yield Pinned(place, postgres)
        postgres.psql("ALTER DATABASE nightly ALLOW_CONNECTIONS true")
        assert postgres.psql("SELECT count(*) FROM archive", "nightly") == "0"
        assert postgres.psql("SELECT sum(amount) FROM invoice", "nightly") == "104"


def test_all_are_pinned_and_hold_under_another_hash_seed_zone_and_day(pinned: Pinned) -> None:
    for seed, zone in (("1", "Asia/Tokyo"), ("77", "America/Lima")):
        verified = pinned.verified(PYTHONHASHSEED=seed, TZ=zone)
        assert {name: one["status"] for name, one in verified.items()} == dict.fromkeys(
            ("Book.__init__", "Book.total", "held", "move", "overdue", "purge", "raise_prices", *OF_RATES), "passed"
        )


def test_two_connections_that_are_handed_in_are_told_apart(pinned: Pinned) -> None:
    text = (pinned.place / "tests/golden/ledger/move.approved.txt").read_text()
    assert "given source = outside('psycopg:Connection', 'Connection_1')" in text
    asked = text.partition("  then\n")[2]
    assert [line.split()[3] for line in asked.splitlines() if " asked " in line] == [
        "Connection_1.execute('SELECT",
        "Cursor_1.fetchone()",
        "Connection_2.execute('INSERT",
        "Connection_1.execute('DELETE",
        "Connection_2.commit()",
        "Connection_1.commit()",
    ]


def test_what_a_session_sends_at_its_commit_is_part_of_the_outcome(pinned: Pinned) -> None:
    text = (pinned.place / "tests/golden/ledger/raise_prices.approved.txt").read_text()
    assert "changed answered[1][0].amount = 5\n" in text
    assert "WHERE invoice.customer = :customer_1 ORDER BY invoice.id',\n        customer_1='A17'," in text


@pytest.mark.parametrize(
    ("target", "before", "after", "path", "note"),
    [
        ("overdue", "WHERE customer = %s ORDER", "WHERE amount > %s ORDER", "asked 2", "ledger.py:32 asked"),
        ("purge", "DROP TABLE archive", "DROP TABLE invoice", "asked 1", "ledger.py:45 asked"),
        ("move", "    target.commit()\n    source", "    source", "asked", None),
        ("raise_prices", "amount += 1", "amount += 2", "changed answered[1][0].amount", None),
    ],
)
def test_another_statement_row_or_commit_is_a_difference(
    pinned: Pinned, target: str, before: str, after: str, path: str, note: str | None
) -> None:
    ledger = pinned.place / "ledger.py"
    text = ledger.read_text()
    edit(ledger, before, after)
    try:
        one = pinned.verified()[target]
        assert one["status"] == "failed"
        assert one["differences"][0]["path"].startswith(path)
        assert not note or any(said.startswith(note) for said in one["notes"])
    finally:
        ledger.write_text(text)


def test_what_a_module_asked_while_it_was_imported_is_answered_as_well(pinned: Pinned) -> None:
    (world,) = (pinned.place / "tests/golden/_worlds").iterdir()
    answers = read_world(world.read_text(), world.stem, world.name).answers
    assert [answer.question.partition("(")[0] for answer in answers] == [
        "psycopg:Connection.connect",
        "Connection_1.execute",
        "Cursor_1.fetchall",
    ]


def test_a_connection_that_a_module_opened_is_asked_by_its_type(pinned: Pinned) -> None:
    rates = pinned.place / "rates.py"
    text = rates.read_text()
    edit(rates, "max(id)", "min(id)")
    try:
        one = pinned.verified()["rates:newest"]
        assert one["status"] == "failed"
        assert one["differences"][0]["path"] == "asked 1"
    finally:
        rates.write_text(text)


def test_a_function_that_is_handed_a_connection_runs_within_its_callers(pinned: Pinned) -> None:
    rates = pinned.place / "rates.py"
    text = rates.read_text()
    edit(
        rates, 'return connection.execute("SELECT count(*) FROM invoice")', 'return ()\n    connection.execute("")'
    )
    try:
        assert pinned.verified()["rates:all_bills"]["status"] == "failed"
    finally:
        rates.write_text(text)


def test_the_server_is_really_out_of_reach(pinned: Pinned) -> None:
    with pytest.raises(RuntimeError, match="not currently accepting connections"):
        pinned.server.psql("SELECT 1", "nightly")
