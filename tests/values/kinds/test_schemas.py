"""Tables of SQLAlchemy: made again with their columns, keys and indexes, together with those they refer to."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from legacy_seam.values import DecodeError, decode, encode


def library() -> sa.MetaData:
    metadata = sa.MetaData()
    sa.Table(
        "author",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(40), nullable=False, unique=True),
    )
    sa.Table(
        "book",
        metadata,
        sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("author_id", sa.ForeignKey("author.id", ondelete="CASCADE"), index=True),
        sa.Column("price", sa.Numeric(10, 2), default=7, server_default=sa.text("5")),
        sa.Column("kind", sa.Enum("novel", "play", name="kind")),
        sa.Column("at", sa.DateTime(timezone=True)),
        sa.UniqueConstraint("price", "at", name="once"),
    )
    return metadata


def ddl(metadata: Any) -> list[str]:
    made = [str(sa.schema.CreateTable(table)) for table in metadata.sorted_tables]
    indexes = [str(sa.schema.CreateIndex(one)) for table in metadata.sorted_tables for one in table.indexes]
    return made + indexes


def test_a_table_comes_back_as_it_is_created_and_joined() -> None:
    metadata = library()
    book: Any = decode(encode(metadata.tables["book"]))
    assert ddl(book.metadata) == ddl(metadata)
    author = book.metadata.tables["author"]
    assert str(book.join(author)) == str(metadata.tables["book"].join(metadata.tables["author"]))
    assert book.c.price.default.arg == 7


def test_tables_that_belong_together_do_so_again() -> None:
    metadata = library()
    tables = [metadata.tables["book"], metadata.tables["author"], metadata, metadata.tables["book"]]
    made: Any = decode(encode(tables))
    book, author, whole, again = made
    assert book.metadata is author.metadata is whole
    assert again is book


def test_the_text_does_not_depend_on_what_was_compiled_before() -> None:
    metadata = library()
    text = encode(metadata)
    ddl(metadata)
    str(sa.select(metadata.tables["book"]).where(metadata.tables["book"].c.price > 3))
    assert encode(metadata) == text
    assert encode(decode(text)) == text


def test_what_is_computed_is_told_to_be_a_description_that_cannot_be_held() -> None:
    table = sa.Table("t", sa.MetaData(), sa.Column("n", sa.Integer, default=lambda: 3))
    assert "a description of a database: a default that is computed" in encode(table)


@pytest.mark.parametrize("name", ["os:system", "sqlalchemy.util.langhelpers:decorator", "sqlalchemy.none:X"])
def test_only_types_of_columns_are_made(name: str) -> None:
    with pytest.raises(DecodeError):
        decode(f"sa.metadata(sa.describe('t', sa.column('n', sa.type('{name}'))))")
