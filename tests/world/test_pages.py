"""Which tables of a database need not be compared, since all their pages are the same."""

from __future__ import annotations

import sqlite3
from contextlib import closing

from hypothesis import given, settings
from hypothesis import strategies as st

from legacy_seam.world.databases.layout import roots_of
from legacy_seam.world.databases.pages import untouched

TABLES = ("few", "many", "long")
ROWS = (
    "with recursive n(i) as (select 1 union all select i + 1 from n where i < {})"
    " insert into {} select i, {} from n"
)
MADE = "".join(f"create table {table} (id integer primary key, told text); " for table in TABLES) + ";".join(
    (
        ROWS.format(3, "few", "'x'"),
        ROWS.format(900, "many", "hex(i)"),  # an inner node, and leaves below it
        ROWS.format(3, "long", "hex(zeroblob(3000)) || i"),  # the end of each lies on a page of its own
        "create index by_text on many (told)",
    )
)


def states(*statements: str) -> tuple[set[str], dict[str, bool]]:
    """The tables that are told to be untouched by statements; and for each whether its rows are the same."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        connection.execute("pragma page_size = 1024")
        connection.executescript(MADE)
        before, old = connection.serialize(), roots_of(connection)
        rows = {table: connection.execute(f"select * from {table}").fetchall() for table in TABLES}
        for statement in statements:
            connection.execute(statement)
        found = untouched(before, connection.serialize(), old, roots_of(connection))
        same = {table: connection.execute(f"select * from {table}").fetchall() == rows[table] for table in TABLES}
        return set(found) & set(TABLES), same


def test_tables_that_no_statement_named_are_untouched() -> None:
    assert states("update few set told = 'y' where id = 2")[0] == {"many", "long"}
    assert states("update many set told = 'y' where id = 777")[0] == {"few", "long"}
    assert states("insert into few values (4, 'z')", "delete from many where id < 500")[0] == {"long"}


def test_where_a_page_outside_of_all_trees_differs_any_table_may_be_another() -> None:
    found, same = states("update long set told = substr(told, 1, 5999) || 'z' where id = 3")
    assert found == set()
    assert same == {"few": True, "many": True, "long": False}


def test_two_databases_that_are_read_differently_are_not_compared_by_pages() -> None:
    held = []
    for size in (1024, 2048):
        with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
            connection.execute(f"pragma page_size = {size}")
            connection.execute("create table few (id integer)")
            held.append((connection.serialize(), roots_of(connection)))
    (before, old), (after, new) = held
    assert untouched(before, after, old, new) == frozenset()
    assert untouched(before, before, old, old) == {"few"}
    assert untouched(before, before[:1500], old, old) == frozenset()  # cut off: no page where its tree begins


@settings(max_examples=30)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(TABLES),
            st.sampled_from(
                (
                    "update {} set told = told || '.' where id = {}",
                    "delete from {} where id >= {}",
                    "insert or replace into {} values ({}, hex(zeroblob(800)))",
                    "insert or ignore into {} values ({}, '')",
                )
            ),
            st.integers(1, 950),
        ),
        max_size=4,
    )
)
def test_what_is_untouched_has_the_same_rows(changes: list[tuple[str, str, int]]) -> None:
    found, same = states(*(statement.format(table, number) for table, statement, number in changes))
    assert all(same[table] for table in found)
