"""SQLite below SQLAlchemy: its files are restored and compared (`world.databases`); nothing is asked outside."""

from __future__ import annotations

from typing import Any

from legacy_seam.values.anatomy import attribute_of, attributes_of, name_of

_LEADS = ("dialect", "engine", "bind", "session", "connection", "_real_result", "registry", "createfunc")
"""Attributes that lead from an object of SQLAlchemy to the dialect that it speaks."""
_FARTHEST = 8


def speaks_sqlite(thing: Any) -> bool:
    """Is this engine, connection, session, query or result of SQLAlchemy one of an SQLite database?

    Follows attributes only, and runs no code of the program. Of a session with several databases, all have to be.
    """
    for _ in range(_FARTHEST):
        if thing is None or not name_of(type(thing)).startswith("sqlalchemy."):
            return False
        if name_of(type(thing)).startswith("sqlalchemy.dialects."):
            return bool(attribute_of(type(thing), "name") == "sqlite")
        held = attributes_of(thing)
        several = held.get("_Session__binds") or held.get("binds")
        if type(several) is dict and several:
            return all(speaks_sqlite(bind) for bind in several.values())
        named = held.get("kw")
        thing = next((held[lead] for lead in _LEADS if held.get(lead) is not None), None)
        if thing is None and type(named) is dict:
            thing = named.get("bind")
    return False
