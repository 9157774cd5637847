"""Connections that Django keeps open between calls, as one value: to which database, and within what.

Django opens a connection when the first row is wanted, and what it has registered with it, and how it is set up, is
the same for all of them. So they are told by the database, and by the transaction that they are in.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from contextlib import suppress
from importlib import import_module
from typing import Any

from legacy_seam.values.anatomy import name_of
from legacy_seam.values.held import Opening, is_replayed, name_in_memory, name_of_file, opener
from legacy_seam.values.kinds.connections import LARGEST, Questions, keep_content, path_in_bytes, quoted
from legacy_seam.values.kinds.kind import Kind, Unreadable, call, call_of
from legacy_seam.values.layout import Draft

_SQLITE = "django.db.backends.sqlite3.base:DatabaseWrapper"
_SCHEMAS = "SELECT cast(name AS blob), cast(file AS blob) FROM pragma_database_list"


class Databases:
    """The connections that are open, by the names that the settings have for them."""

    def __init__(self, wrappers: Mapping[str, Any]) -> None:
        self.wrappers = dict(wrappers)


def opened() -> Databases | None:
    """Those of this thread; None where there are none."""
    handler = _handler()
    if handler is None:
        return None
    found = {name: one for name in handler.settings if (one := _made(handler, name)) is not None}
    still_open = {name: one for name, one in found.items() if one.connection is not None}
    return Databases(still_open) if still_open else None


def opened_connections() -> list[Any]:
    """To databases of SQLite, those that this thread has open; a new one to each of the others, only to read."""
    import sqlite3

    handler, found = _handler(), []
    for name in handler.settings if handler is not None else ():
        wrapper = handler[name]
        if name_of(type(wrapper)) != _SQLITE:
            continue
        file = str(wrapper.settings_dict["NAME"])
        if wrapper.connection is not None:
            found.append(wrapper.connection)
        else:
            with suppress(sqlite3.Error):  # there is no such file
                found.append(sqlite3.Connection(f"file:{quoted(file)}?mode=ro", uri=True, timeout=0))
    return found


def put(databases: Databases | None) -> None:
    """From now on, these are open, and no others."""
    handler = _handler()
    if handler is None:
        return
    for name in handler.settings:
        if _made(handler, name) is not None:
            delattr(handler._connections, name)
    for name, wrapper in databases.wrappers.items() if databases else ():
        handler[name] = wrapper


def _handler() -> Any:
    library, configuration = sys.modules.get("django.db"), sys.modules.get("django.conf")
    if library is None or configuration is None or not vars(configuration)["settings"].configured:
        return None
    return vars(library)["connections"]


def _made(handler: Any, name: str) -> Any:
    return getattr(handler._connections, name, None)


# --- written ------------------------------------------------------------------------------------------------------


def _databases(value: Databases) -> Draft:
    return call_of("django.databases", (), {name: _database(one) for name, one in sorted(value.wrappers.items())})


def _database(wrapper: Any) -> Draft:
    if name_of(type(wrapper)) != _SQLITE:
        raise Unreadable(
            f"a database of {wrapper.vendor}: only those of SQLite can be put back for a replay;"
            " record a driver or the tests with settings whose DATABASES are SQLite"
        )
    connection = wrapper.connection
    ask = Questions(connection)
    if ask.size() > LARGEST:
        raise Unreadable(f"a database of {ask.size()} bytes: more than is kept; record with a smaller one")
    (_, file), *others = [(name, path_in_bytes(path)) for name, path in ask(_SCHEMAS) if name != b"temp"]
    if others:
        raise Unreadable(f"a connection with another database attached to it ({others[0][0].decode()})")
    name = name_of_file(connection, lambda: file) if file else name_in_memory(connection)
    if not is_replayed():
        keep_content(connection, name, file, ask, connection.in_transaction)
    said = {
        "in_transaction": connection.in_transaction,
        "atomic": wrapper.in_atomic_block,
        "needs_rollback": wrapper.needs_rollback,
    }
    return call("django.database", name, **{key: True for key, held in said.items() if held})


# --- made ---------------------------------------------------------------------------------------------------------


def _make_databases(**told: Any) -> Databases:
    handler = _handler() or import_module("django.db").connections
    return Databases({name: _connected(handler.create_connection(name), *one) for name, one in told.items()})


def _make_database(name: str, **said: bool) -> tuple[str, Mapping[str, bool]]:
    return name, said


def _connected(wrapper: Any, name: str, said: Mapping[str, bool]) -> Any:
    import sqlite3

    how = {
        "detect_types": sqlite3.PARSE_DECLTYPES | sqlite3.PARSE_COLNAMES,
        "isolation_level": None,
        "foreign_keys": True,
    }
    if said.get("in_transaction"):
        how["in_transaction"] = True
    connection = sqlite3.Connection.__new__(sqlite3.Connection)
    opener().connect(connection, Opening(name, how))
    import_module("django.db.backends.sqlite3._functions").register(connection)
    wrapper.get_connection_params()  # takes note of some of the settings on the way
    wrapper.connection = connection
    wrapper.autocommit = True
    wrapper.needs_rollback = said.get("needs_rollback", False)
    if said.get("atomic"):
        block = import_module("django.db.transaction").Atomic(wrapper.alias, True, False)
        block._from_testcase = True
        wrapper.in_atomic_block = True
        wrapper.atomic_blocks = [block]
    return wrapper


KINDS = (
    Kind(
        ("legacy_seam.values.kinds.django_databases:Databases",),
        _databases,
        "django.databases",
        _make_databases,
        has_identity=True,
    ),
    Kind((), _databases, "django.database", _make_database),
)
