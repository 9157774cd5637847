"""Descriptions of tables of SQLAlchemy: what `Table(..)` and `Column(..)` were told, or a database answered.

A table is written as one of its description (`MetaData`), which holds all that belong together, so that what refers
to another table finds it. Nothing but the library's own classes is made of a text.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from importlib import import_module
from inspect import Parameter, signature
from typing import Any

from legacy_seam.values.anatomy import attributes_of, mro_of, name_of
from legacy_seam.values.kinds.kind import Kind, Unreadable, Written, call, call_of
from legacy_seam.values.layout import Draft

_LIBRARY = "sqlalchemy."
_PLAIN = (bool, int, float, str)
_NAMED = (Parameter.POSITIONAL_OR_KEYWORD, Parameter.KEYWORD_ONLY)


def _library() -> Any:
    return import_module("sqlalchemy")


# --- written ------------------------------------------------------------------------------------------------------


def _metadata(value: Any) -> Draft:
    """All tables, by name; what a naming convention and events would add to later ones is not told."""
    tables = sorted(value.tables.items())
    named = {} if value.schema is None else {"schema": str(value.schema)}
    return call_of("sa.metadata", [_described(table) for _, table in tables], named)


def _table(value: Any) -> Draft:
    if value.metadata.tables.get(value.key) is not value:
        raise Unreadable("a table that its description holds no more")
    return call("sa.table", value.metadata, str(value.key))


def _described(table: Any) -> Draft:
    columns = [_column(column) for column in table.columns]
    named: dict[str, object] = {} if table.schema is None else {"schema": str(table.schema)}
    if unique := sorted(_unique(table), key=str):
        named["unique"] = unique
    if indexes := sorted((_index(one) for one in table.indexes), key=str):
        named["indexes"] = indexes
    return call_of("sa.describe", (str(table.name), *columns), named)


def _column(column: Any) -> Draft:
    said: dict[str, object] = {"primary_key": bool(column.primary_key), "nullable": bool(column.nullable)}
    said = {name: value for name, value in said.items() if value != (name == "nullable")}
    if column.autoincrement != "auto":
        said["autoincrement"] = column.autoincrement
    if column.default is not None:
        said["default"] = _plain(getattr(column.default, "arg", column.default), "a default that is computed")
    if column.server_default is not None:
        told = getattr(column.server_default, "arg", column.server_default)
        said["server_default"] = str(told)
    if column.onupdate is not None or column.computed is not None or column.identity is not None:
        raise Unreadable(f"a description of a database: {column.name} is computed")
    if references := [_reference(one) for one in sorted(column.foreign_keys, key=lambda key: key.target_fullname)]:
        said["references"] = references
    return call_of("sa.column", (str(column.name), _type(column.type)), said)


def _reference(key: Any) -> tuple[str | None, ...]:
    if key.constraint is not None and len(key.constraint.elements) > 1:
        raise Unreadable("a description of a database: a key of several columns")
    return str(key.target_fullname), key.ondelete, key.onupdate


def _unique(table: Any) -> Iterator[tuple[str | None, ...]]:
    for one in table.constraints:
        if type(one).__name__ == "UniqueConstraint":
            yield _name(one), *(str(column.name) for column in one.columns)


def _index(index: Any) -> tuple[object, ...]:
    names = [getattr(one, "name", None) for one in index.expressions]
    if None in names:
        raise Unreadable("a description of a database: an index of an expression")
    return _name(index), bool(index.unique), *map(str, names)


def _name(named: Any) -> str | None:
    return str(named.name) if isinstance(named.name, str) else None


def _type(value: Any) -> Draft:
    """The type of a column as the call of its class; what the library works out later is none of it."""
    name = name_of(type(value))
    if not name.startswith(_LIBRARY):
        raise Unreadable(f"a description of a database: a column of the type {name}")
    held = attributes_of(value)
    if held.get("enums") is not None:
        return call(
            "sa.type", name, *_words(held), **{"name": _plain(held["name"], name)} if held.get("name") else {}
        )
    said = {
        parameter: _plain(held[parameter], f"a column of the type {name}")
        for parameter, usual in _parameters(type(value))
        if held.get(parameter) is not None and held[parameter] != usual
    }
    return call_of("sa.type", (name,), said)


def _words(held: Mapping[str, Any]) -> list[str]:
    """The words of an enumeration."""
    if held.get("enum_class") is not None:
        raise Unreadable("a description of a database: a column of a class of members")
    return list(map(str, held["enums"]))


def _parameters(cls: type) -> Iterator[tuple[str, object]]:
    """What the constructors of a class take by name, and what they take for it otherwise."""
    met: dict[str, object] = {}
    for base in mro_of(cls):
        if "__init__" in vars(base) and base is not object:
            for name, one in signature(vars(base)["__init__"]).parameters.items():
                if one.kind in _NAMED and name != "self":
                    met.setdefault(name, one.default)
    yield from met.items()


def _plain(value: Any, what: str) -> object:
    if value is not None and type(value) not in _PLAIN:
        value = str(value) if isinstance(value, str) else value
        if type(value) is not str:
            raise Unreadable(f"a description of a database: {what}")
    return value


# --- made ---------------------------------------------------------------------------------------------------------


def _make_metadata(*tables: tuple[Any, ...], schema: str | None = None) -> object:
    library = _library()
    metadata = library.MetaData(schema=schema)
    for name, columns, table_schema, unique, indexes in tables:
        constraints = [library.UniqueConstraint(*names, name=constraint) for constraint, *names in unique]
        table = library.Table(name, metadata, *columns, *constraints, schema=table_schema)
        for index, is_unique, *names in indexes:
            library.Index(index, *(table.columns[one] for one in names), unique=is_unique)
    return metadata


def _make_table(metadata: Any, key: str) -> object:
    return metadata.tables[key]


def _make_described(
    name: str, *columns: object, schema: str | None = None, unique: Any = (), indexes: Any = ()
) -> tuple[Any, ...]:
    return name, columns, schema, unique, indexes


def _make_column(name: str, kind: Any, /, *, references: Iterable[Any] = (), **said: Any) -> object:
    library = _library()
    keys = [
        library.ForeignKey(target, ondelete=deleted, onupdate=updated) for target, deleted, updated in references
    ]
    if "server_default" in said:
        said["server_default"] = library.text(said["server_default"])
    return library.Column(name, kind, *keys, **said)


def _make_type(name: str, /, *words: Any, **said: Any) -> object:
    module, _, qualname = name.partition(":")
    if not module.startswith(_LIBRARY):
        raise ValueError("only types of the library are made")
    cls: Any = vars(import_module(module)).get(qualname)
    if not (isinstance(cls, type) and issubclass(cls, _library().types.TypeEngine)):
        raise ValueError(f"{name} is no type of a column")
    return cls(*words, **said)


def _told(value: Any) -> Written:
    raise Unreadable("a description of a database")


def _names(value: Any) -> tuple[object, ...]:
    """Quick to make: a description that was changed has another table, or another column."""
    tables = value.metadata.tables if hasattr(value, "metadata") else value.tables
    key = str(value.key) if hasattr(value, "metadata") else ""
    return key, tuple((str(name), tuple(map(str, table.columns.keys()))) for name, table in tables.items())


KINDS = (
    Kind(
        ("sqlalchemy.sql.schema:MetaData",),
        _metadata,
        "sa.metadata",
        _make_metadata,
        has_identity=True,
        content=_names,
    ),
    Kind(("sqlalchemy.sql.schema:Table",), _table, "sa.table", _make_table, has_identity=True, content=_names),
    Kind((), _told, "sa.describe", _make_described),
    Kind((), _told, "sa.column", _make_column),
    Kind((), _told, "sa.type", _make_type),
)
