"""What Django keeps in its registries once it is set up: by the name under which everybody finds it there.

Models and their fields, applications, admin pages, settings and signals are made when the program starts, refer to
each other, and are not changed by calls: what a call is handed of them is known by its name.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib import import_module
from types import FunctionType, ModuleType
from typing import Any, NoReturn

from legacy_seam.values.anatomy import Anatomy, attribute_of, attributes_of, module_called, name_of
from legacy_seam.values.kinds.kind import Kind, Unreadable, Written, call
from legacy_seam.values.layout import Draft


def _registry() -> Any:
    return import_module("django.apps").apps


# --- models and fields --------------------------------------------------------------------------------------------


def label_of(model: type) -> str:
    """How Django calls a model that it has registered: `shop.Order`.

    Raises:
        Unreadable: it is another one of the same name, or none (a model within a migration).
    """
    options = attribute_of(model, "_meta")
    held = attributes_of(options)
    label, name = held.get("app_label"), held.get("model_name")
    registered = _registry().all_models.get(label, {}).get(name)
    if registered is not model:
        raise Unreadable("a model that Django has not registered (those of migrations are such)")
    return f"{label}.{held['object_name']}"


def _options(value: Any) -> Draft:
    return call("django.options", label_of(attributes_of(value)["model"]))  # type: ignore[arg-type]


def _make_options(label: str) -> object:
    return _registry().get_model(label)._meta


class Fields:
    """Fields of models, and the relations between them: by model and name."""

    types = ("django.db.models.fields:Field", "django.db.models.fields.reverse_related:ForeignObjectRel")

    def has_identity(self, anatomy: Anatomy) -> bool:
        """They are found by their names."""
        return False

    def take(self, anatomy: Anatomy, value: Any) -> Written:
        """Its name; of a relation, as the field at the other end has it."""
        held = attributes_of(value)
        if name_of(anatomy.trunk) == self.types[1]:
            return call("django.relation", held["field"])
        model: Any = held.get("model")
        if model is None or not any(one is value for one in _fields_of(model)):
            raise Unreadable("a field of a database that belongs to no model")
        return call("django.field", label_of(model), held["name"])

    def blank(self, anatomy: Anatomy) -> Any:
        """They are found, not made."""
        return None

    def fill(self, *parts: object) -> NoReturn:
        """They are found, not made."""
        raise ValueError("fields of models are found, not made")


def _fields_of(model: Any) -> Iterator[Any]:
    options = model._meta
    yield from options.local_fields
    yield from options.local_many_to_many
    yield from options.private_fields
    for base in options.parents:
        yield from _fields_of(base)


def _make_field(label: str, name: str) -> object:
    return _registry().get_model(label)._meta.get_field(name)


def _make_relation(field: Any) -> object:
    return field.remote_field


# --- applications, admin pages ------------------------------------------------------------------------------------


class Registered:
    """Objects that are found in a registry."""

    types: tuple[str, ...] = ()

    def has_identity(self, anatomy: Anatomy) -> bool:
        """They are found by their names."""
        return False

    def blank(self, anatomy: Anatomy) -> Any:
        """They are found, not made."""
        return None

    def fill(self, *parts: object) -> NoReturn:
        """They are found, not made."""
        raise ValueError("what Django registers is found, not made")


class Applications(Registered):
    """What Django knows of an application of the program."""

    types = ("django.apps.config:AppConfig",)

    def take(self, anatomy: Anatomy, value: Any) -> Written:
        """The label."""
        return call("django.app", attributes_of(value)["label"])


class AdminPages(Registered):
    """What shows a model in the admin pages."""

    types = ("django.contrib.admin.options:ModelAdmin",)

    def take(self, anatomy: Anatomy, value: Any) -> Written:
        """The pages that it belongs to, and the model."""
        held = attributes_of(value)
        site, model = held.get("admin_site"), held.get("model")
        if model is None or vars(_site_itself(site)).get("_registry", {}).get(model) is not value:
            raise Unreadable("a page of the admin that is not registered")
        return call("django.admin", _site(site), label_of(model))  # type: ignore[arg-type]


def _make_application(label: str) -> object:
    return _registry().get_app_config(label)


def _site_itself(site: Any) -> Any:
    """Behind the object that makes the pages when they are first wanted."""
    wrapped = attributes_of(site).get("_wrapped")
    return site if wrapped is None else wrapped


def _site(value: Any) -> Draft:
    name = attributes_of(_site_itself(value)).get("name")
    if type(name) is not str or _make_site(name) is not _site_itself(value):
        raise Unreadable("admin pages that are not registered")
    return call("django.admin_site", name)


def _make_site(name: str) -> object:
    known: Any = import_module("django.contrib.admin.sites")
    found = [site for site in known.all_sites if site.name == name]
    if len(found) != 1:
        raise ValueError(f"there are no admin pages {name}")
    return found[0]


def _make_admin(site: Any, label: str) -> object:
    return site._registry[_registry().get_model(label)]


# --- signals, lazy texts ------------------------------------------------------------------------------------------


def _signal(value: Any) -> Draft:
    return call("django.signal", *_variable_of(value))


_variables: dict[int, tuple[str, str]] = {}
"""`id` of a signal -> module and name of a variable that holds it."""


def _variable_of(signal: object) -> tuple[str, str]:
    known = _variables.get(id(signal))
    if known is not None and (module_called(known[0]) or {}).get(known[1]) is signal:
        return known
    for module in list(sys.modules.values()):
        if type(module) is ModuleType:
            for key, held in list(vars(module).items()):
                if held is signal:
                    found = _variables[id(signal)] = str(vars(module)["__name__"]), key
                    return found
    raise Unreadable("a signal that no variable of a module holds")


def _make_signal(module: str, key: str) -> object:
    found = (module_called(module) or {}).get(key)
    if not any(name_of(base) == "django.dispatch.dispatcher:Signal" for base in type(found).__mro__):
        raise ValueError(f"{module}:{key} is no signal")
    return found


_LAZY = {
    "gettext": "django.utils.translation",
    "ngettext": "django.utils.translation",
    "pgettext": "django.utils.translation",
    "npgettext": "django.utils.translation",
    "reverse": "django.urls",
    "_format_lazy": "django.utils.text",
}
"""What texts are made by when they are first wanted -> where it is found."""


def _lazy(value: Any) -> Draft:
    """By the function that makes the text, and what it will be given."""
    of_number = attributes_of(value).get("__reduce__")  # it says "1 day" or "2 days", by what it is filled with
    if of_number is not None:
        _, (function, _, number, keywords) = of_number()  # type: ignore[operator]
        return call("django.lazy_number", _name_of_maker(function), number, **keywords)
    _, (function, arguments, keywords, *_) = attribute_of(type(value), "__reduce__")(value)
    return call("django.lazy", _name_of_maker(function), *arguments, **keywords)


def _name_of_maker(function: object) -> str:
    name = function.__name__ if type(function) is FunctionType else ""
    if name not in _LAZY or getattr(import_module(_LAZY[name]), name, None) is not function:
        raise Unreadable("a text that is made when it is first wanted, by a function of the program")
    return name


def _make_lazy_number(name: str, number: object, **keywords: object) -> object:
    library: Any = import_module("django.utils.translation")
    return library.lazy_number(getattr(library, name), str, number=number, **keywords)


def _make_lazy(name: str, *arguments: object, **keywords: object) -> object:
    function = getattr(import_module(_LAZY[name]), name)
    return import_module("django.utils.functional").lazy(function, str)(*arguments, **keywords)


def _only(word: str, name: str, found: str) -> Kind:
    """The one object of a type that there is."""

    def make() -> object:
        module, _, key = found.partition(":")
        return getattr(import_module(module), key)

    def take(value: Any) -> Draft:
        if value is not make():
            raise Unreadable("not the one that the program as a whole has")
        return call(word)

    return Kind((name,), take, word, make)


_SIGNALS = ("django.dispatch.dispatcher:Signal", "django.db.models.signals:ModelSignal")
KINDS = (
    Kind(("django.db.models.options:Options",), _options, "django.options", _make_options),
    Kind((), _options, "django.field", _make_field),
    Kind((), _options, "django.relation", _make_relation),
    Kind((), _options, "django.app", _make_application),
    Kind((), _options, "django.admin", _make_admin),
    Kind(
        ("django.contrib.admin.sites:AdminSite", "django.contrib.admin.sites:DefaultAdminSite"),
        _site,
        "django.admin_site",
        _make_site,
    ),
    Kind(_SIGNALS, _signal, "django.signal", _make_signal),
    Kind(("django.utils.functional:lazy.<locals>.__proxy__",), _lazy, "django.lazy", _make_lazy),
    Kind((), _lazy, "django.lazy_number", _make_lazy_number),
    _only("django.apps", "django.apps.registry:Apps", "django.apps:apps"),
    _only("django.settings", "django.conf:LazySettings", "django.conf:settings"),
)
FAMILIES = (Fields(), Applications(), AdminPages())
