"""Rows and mapped objects of SQLAlchemy: what was loaded of them. Nothing is loaded for being written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any, NoReturn

from legacy_seam.values.anatomy import Anatomy, attribute_of, attributes_of, name_of
from legacy_seam.values.kinds.kind import Kind, Unreadable, Written, call, call_of, put
from legacy_seam.values.kinds.objects import PlainObjects
from legacy_seam.values.layout import LIST, SET, TUPLE, Draft
from legacy_seam.values.notation import name as spell_name

_STATE = "_sa_instance_state"
_MANAGER = "_sa_class_manager"


def _held(row: Any, name: str) -> Any:
    """What the base in C keeps in a row. (A row answers for the names of its columns to everybody else.)"""
    return attribute_of(type(row), name).__get__(row)


def _row(word: str) -> Kind:
    def take(value: Any) -> Written:
        """By column, as one reads it; by position where two columns have the same name."""
        names, items = list(attributes_of(_held(value, "_parent"))["_keys"]), tuple(_held(value, "_data"))  # type: ignore[call-overload]
        if len(set(names)) == len(items) and all(type(name) is str for name in names):
            return call_of(f"sa.{word}", (), dict(zip(names, items, strict=True)))
        return call(f"sa.{word}", Draft(TUPLE, names), Draft(TUPLE, items))

    def make(names: tuple[Any, ...] = (), items: tuple[object, ...] = (), **columns: object) -> object:
        engine: Any = import_module("sqlalchemy.engine")
        parent = engine.result.SimpleResultMetaData((*names, *columns))
        cls: Any = getattr(engine.row, word)
        return cls(parent, None, parent._key_to_index, (*items, *columns.values()))

    return Kind((f"sqlalchemy.engine.row:{word}",), take, f"sa.{word}", make)


class Mapped(PlainObjects):
    """Objects of mapped classes: the attributes that are loaded, and their identity in the database."""

    types = ()  # type: ignore[assignment]

    def take(self, anatomy: Anatomy, value: Any) -> Written:
        """Attributes, without what the library keeps about them."""
        found: dict[Any, Any] = dict(sorted(anatomy.attributes(value).items()))  # they are loaded in any order
        state = found.pop(_STATE, None)
        key = attributes_of(state).get("key") if state is not None else None
        if type(key) is tuple:
            found["__identity__"] = key[1]
        return call_of(spell_name(anatomy.name), (), found)

    def blank(self, anatomy: Anatomy) -> Any:
        """An instance that the library knows of, and that no `__init__` has seen."""
        import_module("sqlalchemy.orm").configure_mappers()  # as the first statement of a session would
        return attribute_of(anatomy.cls, _MANAGER).new_instance()

    def fill(self, anatomy: Anatomy, blank: Any, args: Sequence[Any], attributes: Mapping[Any, Any]) -> object:
        """Put the attributes. One that has an identity is detached: what is not loaded cannot be had."""
        if args:
            raise ValueError(f"{anatomy.name} holds attributes only")
        rest = dict(attributes)
        identity = rest.pop("__identity__", None)
        put(anatomy, blank, rest)
        state: Any = attributes_of(blank)[_STATE]
        if identity is not None:
            state.key = (attribute_of(anatomy.cls, _MANAGER).mapper.class_, identity, None)
        return blank


def _collection(name: str, plain: Any) -> Kind:
    """Related objects. Of the link to the object they belong to nothing is kept."""

    iterate: Any = vars(plain)["__iter__"]

    def take(value: Any) -> Draft:
        items = list(iterate(value))
        return call(f"sa.{name}", Draft(SET if plain is set else LIST, items) if items else plain())

    def blank(cls: Any) -> object:
        return plain.__new__(cls)

    pour: Any = set.update if plain is set else list.extend
    return Kind(
        (f"sqlalchemy.orm.collections:{name}",),
        take,
        f"sa.{name}",
        lambda items: items,
        blank=blank,
        pour=pour,
        has_identity=True,
    )


class Statements:
    """Statements of SQL that are built from parts, by what they say and the values in it."""

    types = ()

    def has_identity(self, anatomy: Anatomy) -> bool:
        """They do not change: each step of building gives another."""
        return False

    def take(self, anatomy: Anatomy, value: Any) -> Written:
        """As the library spells them; the values stand apart, by their names in it."""
        try:
            compiled = value.compile(dialect=_dialect(anatomy), compile_kwargs={"render_postcompile": True})
            return call_of("sa.sql", (" ".join(str(compiled).split()),), compiled.params or {})
        except Exception:
            raise Unreadable("a part of a statement of SQL that says nothing by itself") from None

    def blank(self, anatomy: Anatomy) -> Any:
        """There is none: what a statement was built of is not told."""
        return None

    def fill(self, anatomy: Anatomy, blank: Any, args: Sequence[Any], attributes: Mapping[Any, Any]) -> object:
        """They are told only."""
        _told_only()


def _dialect(anatomy: Anatomy) -> Any:
    """What spells a class of statements: for those that only one database has, that one's own."""
    engine: Any = import_module("sqlalchemy.engine")
    home = attribute_of(anatomy.cls, "stringify_dialect")
    if type(home) is not str or home == "default":
        return engine.default.StrCompileDialect()
    return engine.make_url(f"{home}://").get_dialect()()


def _attribute(value: Any) -> Written:
    """A column of a mapped class, by its name (`Invoice.paid`)."""
    return call("sa.attribute", f"{name_of(value.class_)}.{value.key}")


def _told_only(*parts: object, **named: object) -> NoReturn:
    raise ValueError("statements of SQL, and parts of them, are told, not made again")


_ATTRIBUTES = (
    "sqlalchemy.orm.attributes:QueryableAttribute",
    "sqlalchemy.orm.attributes:InstrumentedAttribute",
)
_HANDLES = {  # those that lie outside are told so (`outside`); what is built on them is opaque
    "sqlalchemy.engine.base:Engine": "an engine: it opens connections to a database",
    "sqlalchemy.engine.base:Connection": "a connection to a database",
    "sqlalchemy.orm.session:Session": "a session of a database",
    "sqlalchemy.orm.session:sessionmaker": "a maker of sessions of a database",
    "sqlalchemy.orm.scoping:scoped_session": "a session of a database",
    "sqlalchemy.orm.query:Query": "a query of a database",
    "sqlalchemy.orm.mapper:Mapper": "a mapping of a class to a database",
}


def _handle(name: str, reason: str) -> Kind:
    def take(value: Any) -> Written:
        raise Unreadable(reason)

    return Kind((name,), take)


KINDS = (
    _row("Row"),
    _row("RowMapping"),
    _collection("InstrumentedList", list),
    _collection("InstrumentedSet", set),
    Kind(_ATTRIBUTES, _attribute, "sa.attribute", _told_only),
    Kind((), _attribute, "sa.sql", _told_only),
    *(_handle(name, reason) for name, reason in _HANDLES.items()),
)
