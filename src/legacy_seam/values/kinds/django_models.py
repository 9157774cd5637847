"""Objects of Django's models, and queries of them. Nothing is asked of a database for being written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any

from legacy_seam.values.anatomy import Anatomy, attributes_of, derives
from legacy_seam.values.kinds.django_registered import label_of
from legacy_seam.values.kinds.kind import Kind, Unreadable, Written, call, call_of, put
from legacy_seam.values.kinds.objects import PlainObjects
from legacy_seam.values.layout import Draft
from legacy_seam.values.notation import name as spell_name

_STATE, _UNSAVED, _DATABASE = "_state", "_unsaved", "_database"
_USUAL_DATABASE = "default"


class Objects(PlainObjects):
    """Objects of models: the fields that are loaded, related objects that are, and whether they were saved."""

    types = ("django.db.models.base:Model",)

    def take(self, anatomy: Anatomy, value: Any) -> Written:
        """What Django keeps about an object is told where it is not as after loading it."""
        label_of(anatomy.cls)
        found: dict[Any, Any] = dict(anatomy.attributes(value))
        state = attributes_of(found.pop(_STATE, None))
        for name, related in (state.get("fields_cache") or {}).items():  # type: ignore[attr-defined]
            found.setdefault(name, related)
        if state.get("adding", True):
            found[_UNSAVED] = True
        if state.get("db") not in ((None,) if state.get("adding", True) else (_USUAL_DATABASE,)):
            found[_DATABASE] = state.get("db")
        return call_of(spell_name(anatomy.name), (), found)

    def fill(self, anatomy: Anatomy, blank: Any, args: Sequence[Any], attributes: Mapping[Any, Any]) -> object:
        """Put the fields, and what Django keeps about the object."""
        if args:
            raise ValueError(f"{anatomy.name} holds fields only")
        rest = dict(attributes)
        state: Any = import_module("django.db.models.base").ModelState()
        state.adding = rest.pop(_UNSAVED, False)
        state.db = rest.pop(_DATABASE, None if state.adding else _USUAL_DATABASE)
        related = [name for name in rest if _is_related(anatomy.cls, name)]
        if related:
            state.fields_cache = {name: rest.pop(name) for name in related}
        put(anatomy, blank, {_STATE: state, **rest})
        return blank


def _is_related(model: Any, name: object) -> bool:
    """Is it the name of a related object, not of a column? (That has the name of its key: `member_id`.)"""
    return any(
        field.is_relation and name in (field.name, getattr(field, "cache_name", None))
        for field in (*model._meta.fields, *model._meta.related_objects)
        if getattr(field, "attname", None) != name
    )


# --- queries ------------------------------------------------------------------------------------------------------


def _query_set(value: Any) -> Draft:
    """The model and the query; rows where they were loaded; the rest where it is not as usual."""
    held = dict(attributes_of(value))
    model: Any = held.pop("model")
    usual = attributes_of(_library().QuerySet(model))  # not of its class, which may be the program's
    told = {
        key.lstrip("_"): part
        for key, part in held.items()
        if key not in ("_query", "_known_related_objects") and part != usual.get(key, value)
    }
    if held.get("_known_related_objects"):
        told["known"] = [(field, list(found.values())) for field, found in held["_known_related_objects"].items()]  # type: ignore[attr-defined]
    return call_of("django.query_set", (type(value), label_of(model), value._query), told)


class QuerySets:
    """Queries that are asked when somebody wants their rows."""

    types = ("django.db.models.query:QuerySet",)

    def has_identity(self, anatomy: Anatomy) -> bool:
        """Rows that were loaded stay in them."""
        return True

    def take(self, anatomy: Anatomy, value: Any) -> Written:
        """See `_query_set`."""
        return _query_set(value)

    def blank(self, anatomy: Anatomy) -> Any:
        """They are made by `django.query_set`."""
        return None

    def fill(self, anatomy: Anatomy, blank: Any, args: Sequence[Any], attributes: Mapping[Any, Any]) -> object:
        """They are made by `django.query_set`."""
        raise ValueError("query sets are made by django.query_set(..)")


def _library() -> Any:
    return import_module("django.db.models.query")


def _make_query_set(cls: Any, label: str, query: Any, known: Any = (), **told: Any) -> object:
    if not derives(type(cls), type) or not derives(cls, _library().QuerySet):
        raise ValueError("query sets are made of classes of query sets")
    made = cls(import_module("django.apps").apps.get_model(label))
    made._query = query
    for key, part in told.items():
        setattr(made, f"_{key}", part)
    if made._result_cache is not None and "iterable_class" not in told:
        made._result_cache = list(made._result_cache)
    made._known_related_objects = {field: {one.pk: one for one in found} for field, found in known}
    return made


class Queries(PlainObjects):
    """What a query set will ask: the parts that are not as in a query of everything."""

    types = ("django.db.models.sql.query:Query",)

    def take(self, anatomy: Anatomy, value: Any) -> Written:
        """Joins are told without what Django works out again."""
        held = anatomy.attributes(value)
        usual = attributes_of(anatomy.cls(held["model"]))
        told = {key: part for key, part in held.items() if key not in usual or not _is_same(part, usual[key])}
        told.pop("base_table", None)
        return call_of(spell_name(anatomy.name), (), {"model": held["model"], **told})

    def fill(self, anatomy: Anatomy, blank: Any, args: Sequence[Any], attributes: Mapping[Any, Any]) -> object:
        """Put what is told into a query of everything."""
        anatomy.cls.__init__(blank, attributes["model"])  # type: ignore[misc]
        return super().fill(anatomy, blank, args, attributes)


def _is_same(part: Any, usual: Any) -> bool:
    if type(part) is not type(usual):
        return False
    if not isinstance(part, (dict, list, set, tuple, str, int, bool, type(None), frozenset)):
        children = attributes_of(part)
        return part is usual or (bool(children) and children == attributes_of(usual))
    return bool(part == usual)


def _manager(value: Any) -> Draft:
    """By the model and its name there."""
    held = attributes_of(value)
    model: Any = held.get("model")
    if model is None or held.get("_constructor_args") is None or "instance" in held:
        raise Unreadable("the objects that are related to another object: hand on a query of them (.all())")
    return call("django.manager", label_of(model), held.get("name"))


class Managers(QuerySets):
    """`Order.objects` and its like."""

    types = ("django.db.models.manager:BaseManager",)

    def has_identity(self, anatomy: Anatomy) -> bool:
        """They are found by their names."""
        return False

    def take(self, anatomy: Anatomy, value: Any) -> Written:
        """See `_manager`."""
        return _manager(value)


def _make_manager(label: str, name: str) -> object:
    return import_module("django.apps").apps.get_model(label)._meta.managers_map[name]


KINDS = (
    Kind((), _query_set, "django.query_set", _make_query_set, has_identity=True),
    Kind((), _manager, "django.manager", _make_manager),
)
FAMILIES = (Objects(), QuerySets(), Queries(), Managers())
