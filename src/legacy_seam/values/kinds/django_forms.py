"""Forms of Django, and the contexts of templates: what differs from one that has just been made.

A form copies all its fields from its class, and a context of a template holds what the settings name for all of
them: both are told without that, and made anew with it.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any

from legacy_seam.values.anatomy import Anatomy, attribute_of, attributes_of, name_of
from legacy_seam.values.kinds.django_registered import Registered
from legacy_seam.values.kinds.kind import Kind, Unreadable, Written, call, call_of, put
from legacy_seam.values.kinds.objects import PlainObjects
from legacy_seam.values.notation import name as spell_name

_NOT_TOLD = (
    "renderer",
    "error_class",
    "label_suffix",
    "bound_field_class",
    "fields",
    "_bound_fields_cache",
    "auto_id",
)
_LEFT_TO_CLASS: Mapping[str, object] = {
    "is_bound": False,
    "empty_permitted": False,
    "_validate_unique": False,
    "_errors": None,
}


class Forms(PlainObjects):
    """What was put in, what was found of it, and fields that are not as in the class."""

    types = ("django.forms.forms:BaseForm",)

    def take(self, anatomy: Anatomy, value: Any) -> Written:
        """Nothing is told that is empty, or as in every form."""
        held = anatomy.attributes(value)
        told = {
            key: part
            for key, part in held.items()
            if key not in _NOT_TOLD
            and not (key in _LEFT_TO_CLASS and part is _LEFT_TO_CLASS[key])
            and not (key in ("files", "initial", "data") and not part)
        }
        usual: Any = attribute_of(anatomy.cls, "base_fields")
        fields: Any = held.get("fields", {})
        changed = {
            key: field for key, field in fields.items() if key not in usual or not _are_same(field, usual[key])
        }
        if changed:
            told["fields"] = changed
        if list(fields) != list(usual):
            told["order"] = list(fields)
        return call_of(spell_name(anatomy.name), (), told)

    def fill(self, anatomy: Anatomy, blank: Any, args: Sequence[Any], attributes: Mapping[Any, Any]) -> object:
        """As its class begins, then what is told."""
        base: Any = import_module("django.forms.forms").BaseForm
        rest = dict(attributes)
        base.__init__(blank, prefix=rest.pop("prefix", None))
        if any(name_of(one) == "django.forms.models:BaseModelForm" for one in anatomy.cls.__mro__):
            blank._validate_unique = False
        fields = {**blank.fields, **rest.pop("fields", {})}
        blank.fields = {key: fields[key] for key in rest.pop("order", blank.fields)}
        put(anatomy, blank, rest)
        return blank


def _are_same(field: Any, usual: Any) -> bool:
    """Is a field a copy that nobody has changed?"""
    from legacy_seam.values.writing import encode

    return type(field) is type(usual) and (field is usual or encode(field, width=None) == encode(usual, width=None))


class Renderers(Registered):
    """What makes HTML of forms: the one that the settings name."""

    types = ("django.forms.renderers:BaseRenderer",)

    def take(self, anatomy: Anatomy, value: Any) -> Written:
        """There is one."""
        if type(_make_renderer()) is not anatomy.cls:
            raise Unreadable("another renderer of forms than the settings name")
        return call("django.renderer")


def _make_renderer() -> object:
    return import_module("django.forms.renderers").get_default_renderer()


# --- contexts of templates ----------------------------------------------------------------------------------------

_NAMES_OF_PROCESSORS = (
    "csrf_token user perms messages DEFAULT_MESSAGE_LEVELS debug sql_queries request LANGUAGES"
    " LANGUAGE_CODE LANGUAGE_BIDI TIME_ZONE STATIC_URL MEDIA_URL block forloop"
)
_OF_PROCESSORS = frozenset(_NAMES_OF_PROCESSORS.split())
"""Variables that Django itself gives to every template."""


class Contexts(PlainObjects):
    """Variables of a template: the inner ones come last, as one who looks for a name finds them."""

    types = ("django.template.context:Context",)

    def take(self, anatomy: Anatomy, value: Any) -> Written:
        """As one table; the request of those that have one."""
        held = anatomy.attributes(value)
        told: dict[str, object] = {}
        for table in held["dicts"][1:]:  # type: ignore[index]
            told |= {key: part for key, part in dict(table).items() if key not in _OF_PROCESSORS}
        request = [held["request"]] if held.get("request") is not None else []
        flags = {flag: held[flag] for flag in ("autoescape", "use_l10n", "use_tz") if flag in held}
        usual = {"autoescape": True, "use_l10n": None, "use_tz": None}
        flags = {flag: part for flag, part in flags.items() if part is not usual[flag]}
        return call_of(spell_name(anatomy.name), request, {"variables": told, **flags})

    def fill(self, anatomy: Anatomy, blank: Any, args: Sequence[Any], attributes: Mapping[Any, Any]) -> object:
        """With the variables that Django gives to every template."""
        library: Any = import_module("django.template.context")
        rest = dict(attributes)
        variables, request = rest.pop("variables"), args[0] if args else None
        if isinstance(blank, library.RequestContext):
            library.RequestContext.__init__(blank, request, variables, **rest)
            blank.dicts[blank._processors_index] = _of_processors(request) if request is not None else {}
        else:
            library.Context.__init__(blank, variables, **rest)
        return blank


def _of_processors(request: Any) -> dict[str, object]:
    made: dict[str, object] = {"request": request}
    if hasattr(request, "user"):
        made |= import_module("django.contrib.auth.context_processors").auth(request)
    if hasattr(request, "_messages"):
        made |= import_module("django.contrib.messages.context_processors").messages(request)
    made |= import_module("django.template.context_processors").csrf(request)
    return made


# --- commands -----------------------------------------------------------------------------------------------------


class Commands(PlainObjects):
    """Commands of `manage.py`: where they write to, and what the program has noted."""

    types = ("django.core.management.base:BaseCommand",)

    def take(self, anatomy: Anatomy, value: Any) -> Written:
        """Nothing is told of one that writes where all do, in no colours."""
        held = anatomy.attributes(value)
        told = {key: part for key, part in held.items() if key not in ("stdout", "stderr", "style")}
        for name in ("stdout", "stderr"):
            stream = attributes_of(held[name]).get("_out")
            if stream is not getattr(import_module("sys"), name):
                told[name] = stream
        style: Any = held["style"]
        if style is not import_module("django.core.management.color").no_style() and style.SUCCESS("") != "":
            told["colours"] = True
        return call_of(spell_name(anatomy.name), (), told)

    def fill(self, anatomy: Anatomy, blank: Any, args: Sequence[Any], attributes: Mapping[Any, Any]) -> object:
        """As its class begins, then what is told."""
        base: Any = import_module("django.core.management.base").BaseCommand
        rest = dict(attributes)
        has_colours = rest.pop("colours", False)
        base.__init__(
            blank,
            rest.pop("stdout", None),
            rest.pop("stderr", None),
            no_color=not has_colours,
            force_color=has_colours,
        )
        put(anatomy, blank, rest)
        return blank


KINDS = (Kind((), copy.copy, "django.renderer", _make_renderer),)
FAMILIES = (Forms(), Renderers(), Contexts(), Commands())
