"""Rows and mapped objects of SQLAlchemy: what is loaded is written, and nothing is loaded for that."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import orm

from legacy_seam.values import Allow, DecodeError, decode, encode

HERE = Allow.for_modules(__name__)


class Base(orm.DeclarativeBase):
    pass


class Parent(Base):
    __tablename__ = "parent"
    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    name: orm.Mapped[str]
    kids: orm.Mapped[list[Kid]] = orm.relationship(back_populates="parent")


class Kid(Base):
    __tablename__ = "kid"
    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    parent_id: orm.Mapped[int] = orm.mapped_column(sa.ForeignKey("parent.id"))
    parent: orm.Mapped[Parent] = orm.relationship(back_populates="kids")


@pytest.fixture
def session() -> Iterator[orm.Session]:
    engine = sa.create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with orm.Session(engine) as session:
        session.add(Parent(id=1, name="n", kids=[Kid(id=5)]))
        session.commit()
        yield session
    engine.dispose()


def statements(session: orm.Session) -> list[str]:
    seen: list[str] = []
    sa.event.listen(session.get_bind(), "before_cursor_execute", lambda *args: seen.append(args[2]))
    return seen


def test_nothing_is_loaded_for_being_written(session: orm.Session) -> None:
    parent = session.get_one(Parent, 1)
    seen = statements(session)
    assert encode(parent) == f"{__name__}:Parent(id=1, name='n', __identity__=(1,))"
    session.expire(parent)
    encode(parent)
    assert not seen


def test_a_mapped_object_comes_back_detached(session: orm.Session) -> None:
    made: Any = decode(encode(session.get_one(Parent, 1)), allow=HERE)
    assert (made.id, made.name) == (1, "n")
    assert sa.inspect(made).identity == (1,)
    with pytest.raises(orm.exc.DetachedInstanceError):
        made.kids  # noqa: B018
    made.name = "changed"
    assert made.name == "changed"


def test_related_objects_are_shared(session: orm.Session) -> None:
    parent = session.get_one(Parent, 1)
    assert parent.kids[0].parent is parent
    made: Any = decode(encode(parent), allow=HERE)
    assert made.kids[0].parent is made
    assert encode(made) == encode(parent)


def test_a_new_object_has_no_identity() -> None:
    made: Any = decode(encode(Parent(id=3, name="t")), allow=HERE)
    assert sa.inspect(made).transient
    assert made.kids == []


@pytest.mark.parametrize("as_mapping", [False, True])
def test_rows_are_written_by_column(session: orm.Session, as_mapping: bool) -> None:
    result = session.execute(sa.select(Parent.id, Parent.name))
    row: Any = result.mappings().one() if as_mapping else result.one()
    assert encode(row) == ("sa.RowMapping(id=1, name='n')" if as_mapping else "sa.Row(id=1, name='n')")
    made: Any = decode(encode(row))
    assert made == row
    assert (made["name"] if as_mapping else made.name) == "n"


def test_rows_with_the_same_name_twice_are_written_by_position(session: orm.Session) -> None:
    row = session.execute(sa.text("SELECT 1 AS a, 2 AS a")).one()
    assert encode(row) == "sa.Row(('a', 'a'), (1, 2))"
    made: Any = decode(encode(row))
    assert tuple(made) == (1, 2)


def test_handles_say_what_they_are(session: orm.Session) -> None:
    result = session.execute(sa.select(Parent.id))
    for handle in (session, session.get_bind(), result, session.query(Parent)):
        assert encode(handle).startswith("outside('sqlalchemy.")
    assert encode(type("Own", (orm.Session,), {})()).endswith("'a session of a database')")
    assert result.all() == [(1,)]


def test_statements_are_told_by_what_they_say() -> None:
    asked = sa.select(Parent.id).where(Parent.id.in_([1, 2])).order_by(Parent.id.desc())
    assert " ".join(encode(asked).split()).endswith(
        "IN (:id_1_1, :id_1_2) ORDER BY parent.id DESC', id_1_1=1, id_1_2=2, )"
    )
    assert encode(Parent.id).endswith(":Parent.id')")
    with pytest.raises(DecodeError, match="told, not made again"):
        decode(encode(sa.text("SELECT :a").bindparams(a=5)))
