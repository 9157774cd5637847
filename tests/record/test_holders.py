"""Databases that a library holds open are inputs of the calls that use that library."""

from __future__ import annotations

from typing import Any

ORM = """
    from sqlalchemy import String, create_engine, select
    from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
    class Base(DeclarativeBase): pass
    class User(Base):
        __tablename__ = "users"
        id: Mapped[int] = mapped_column(primary_key=True)
        name: Mapped[str] = mapped_column(String)
    engine = create_engine("sqlite:///users.db")
    def prepare(): Base.metadata.create_all(engine)
    def add(name):
        with Session(engine) as session:
            session.add(User(name=name))
            session.commit()
    def names():
        with Session(engine) as session: return [user.name for user in session.scalars(select(User))]
    def nothing(): return len("abc")
"""
PROGRAM = """
    import orm, pathlib
    pathlib.Path("users.db").unlink(missing_ok=True)
    orm.prepare(); orm.add("Ann"); print(orm.names(), orm.nothing())
"""


def test_the_file_of_a_database_is_kept_for_calls_that_find_it_open(project: Any) -> None:
    project.write(program=PROGRAM, orm=ORM)
    _, recorded = project.both("program.py")

    def database(target: str) -> list[str | None]:
        return [state.digest for call in recorded.of(target) for state in call.files if state.path == "users.db"]

    (empty,), (filled,) = database("orm:add"), database("orm:names")
    assert None not in (empty, filled)
    assert empty != filled
    assert database("orm:nothing") == []
    assert [call.answers for call in recorded.of("orm:names")] == [()], "what a file holds is asked of nobody"
