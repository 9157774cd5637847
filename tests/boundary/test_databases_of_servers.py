"""What is asked a PostgreSQL server is answered from the recording when the server is not asked any more."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from legacy_seam.boundary.answering import Unanswered
from postgres_server import PostgresServer

LEDGER = """
    CREATE TABLE payment (id serial PRIMARY KEY, customer text UNIQUE, amount numeric(10, 2), day date);
    INSERT INTO payment (customer, amount, day) VALUES ('A17', 10.50, '2024-01-31'), ('B2', 7, '2024-07-01');
"""
ALL = "SELECT id, customer, amount FROM payment ORDER BY id"


@pytest.fixture
def ledger(postgres: PostgresServer) -> Iterator[str]:
    with postgres.database("ledger", LEDGER) as url:
        yield url


def test_rows_are_answered_and_what_was_sent_is_told_with_its_commits(
    program_of: Any, postgres: PostgresServer, ledger: str
) -> None:
    program = program_of("""
        import psycopg
        def pay(url, who, amount):
            with psycopg.connect(url) as connection:
                with connection.transaction():
                    cursor = connection.execute("SELECT amount, day FROM payment WHERE customer = %s", [who])
                    for before, day in cursor:
                        values = [before + amount, who]
                        connection.execute("UPDATE payment SET amount = %s WHERE customer = %s", values)
                return before, day.isoformat(), cursor.rowcount
        """)
    _, answers = program.record("pay", ledger, "A17", 5)
    assert postgres.psql("SELECT amount FROM payment WHERE customer = 'A17'", "ledger") == "15.50"
    before = program.replay(answers, "pay", ledger, "A17", 5)
    assert (str(before[0]), *before[1:]) == ("10.50", "2024-01-31", 1)
    assert postgres.psql("SELECT amount FROM payment WHERE customer = 'A17'", "ledger") == "15.50"
    assert program.answering.asked[2:] == [
        "Connection_1.execute('SELECT amount, day FROM payment WHERE customer = %s', ['A17'])",
        "Connection_1.execute(\n    'UPDATE payment SET amount = %s WHERE customer = %s',\n"
        "    [Decimal('15.50'), 'A17'],\n)",
        "_GeneratorContextManager_1.__exit__()",
        "Connection_1.__exit__()",
    ]
    assert not program.answering.departures


def test_a_with_that_is_left_by_an_exception_is_told_so(program_of: Any, ledger: str) -> None:
    program = program_of("""
        import psycopg
        def fail(url):
            try:
                with psycopg.connect(url) as connection:
                    connection.autocommit = False
                    connection.execute("DELETE FROM payment")
                    raise LookupError
            except LookupError:
                return "rolled back"
        """)
    program.both("fail", ledger)
    assert program.answering.asked[1:] == [
        "Connection_1.__setattr__('autocommit', False)",
        "Connection_1.execute('DELETE FROM payment')",
        "Connection_1.__exit__(builtins:LookupError)",
    ]


def test_an_error_of_the_server_knows_what_it_knew(program_of: Any, ledger: str) -> None:
    program = program_of("""
        import psycopg
        def add(url, who):
            connection = psycopg.connect(url, autocommit=True)
            try:
                connection.execute("INSERT INTO payment (customer) VALUES (%s)", [who])
            except psycopg.IntegrityError as error:
                return type(error).__name__, error.sqlstate, error.diag.constraint_name, str(error).splitlines()[0]
            finally:
                connection.close()
        """)
    program.both("add", ledger, "A17")


@pytest.mark.parametrize("driver", ["psycopg2", "pg8000.dbapi"])
def test_any_driver_will_do(program_of: Any, postgres: PostgresServer, ledger: str, driver: str) -> None:
    program = program_of(f"""
        import {driver} as driver
        def rows(port):
            connection = driver.connect(user="tester", host="127.0.0.1", port=port, database="ledger")
            cursor = connection.cursor()
            cursor.execute({ALL!r})
            found = [tuple(row) for row in cursor.fetchall()], [column[0] for column in cursor.description]
            cursor.execute("DELETE FROM payment WHERE customer = %s", ("nobody",))
            connection.commit()
            connection.close()
            return found
        """)
    answers = program.both("rows", postgres.port)
    assert "connection_1.commit()" in [answer.question.lower() for answer in answers]


def test_another_statement_is_answered_in_order_and_one_too_many_is_not(program_of: Any, ledger: str) -> None:
    program = program_of("""
        import psycopg
        def count(url, table):
            with psycopg.connect(url) as connection:
                return connection.execute("SELECT count(*) FROM " + table).fetchone()[0]
        """)
    _, answers = program.record("count", ledger, "payment")
    assert program.replay(answers, "count", ledger, "invoice") == 2
    assert list(map(str, program.answering.departures)) == [
        "shop.py:5 asked Connection_1.execute('SELECT count(*) FROM invoice') - "
        "recorded: Connection_1.execute('SELECT count(*) FROM payment')"
    ]
    with pytest.raises(Unanswered, match=r"shop.py:5 asked Connection_1.execute\(.* - never recorded"):
        program.replay(answers[:1], "count", ledger, "payment")


def test_statements_that_are_built_are_told_by_what_they_say(program_of: Any, ledger: str) -> None:
    program = program_of("""
        from psycopg import connect, sql
        from sqlalchemy import NullPool, column, create_engine, select, table
        def composed(url, name):
            with connect(url) as connection:
                asked = sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(name))
                return connection.execute(asked).fetchone()[0]
        def built(url, who):
            payment = table("payment", column("customer"), column("amount"))
            with create_engine(url, poolclass=NullPool).connect() as connection:
                asked = select(payment.c.amount).where(payment.c.customer == who)
                return connection.execute(asked).scalar_one()
        """)
    program.both("composed", ledger, "payment")
    assert "psycopg.sql:Identifier" in program.answering.asked[1]
    program.both("built", ledger.replace("postgresql:", "postgresql+psycopg:"), "A17")
    said = " ".join(program.answering.asked[1].split())
    assert said == (
        "Connection_1.execute(sa.sql( 'SELECT payment.amount FROM payment WHERE payment.customer = :customer_1',"
        " customer_1='A17', ))"
    )
