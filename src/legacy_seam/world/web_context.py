"""The context in which a web framework handles a request, as a place of state: views reach it by its names.

Flask keeps it in variables of its own, which `request`, `session`, `g` and `current_app` look up; so do functions
that a view calls (`jsonify`, `render_template`). A call that uses any of them is recorded with the context it ran
in, and a replay enters it again.
"""

from __future__ import annotations

import sys
import types

from legacy_seam.values.kinds import django_caches, web_contexts
from legacy_seam.world.namespaces import is_class, namespace_of
from legacy_seam.world.places import ABSENT, Place

NAMES_IN_CONTEXT = (
    *("request", "session", "g", "current_app", "current_user"),
    *("has_app_context", "has_request_context", "copy_current_request_context", "after_this_request"),
    *("abort", "flash", "get_flashed_messages", "jsonify", "make_response", "redirect", "url_for"),
    *("render_template", "render_template_string", "stream_template", "stream_with_context"),
    *("send_file", "send_from_directory", "login_user", "logout_user"),
)
"""By which code gets at it."""


NAMES_OF_CACHES = ("cache", "caches", "cache_page", "get_or_set")
"""By which code gets at what Django's caches hold."""


class _FlaskContext(Place):
    """What is current in Flask; None outside of any request."""

    def read(self) -> object:
        """See `Place`."""
        return web_contexts.current()

    def write(self, value: object) -> None:
        """See `Place`."""
        web_contexts.enter(None if value is ABSENT else value)


def web_context(module: types.ModuleType) -> Place | None:
    """The place of the context; None where a module holds nothing of a framework that has one.

    Flask keeps it in these variables since its release 2.2.
    """
    library = sys.modules.get("flask.globals")
    if library is None or not all(name in vars(library) for name in ("_cv_app", "_cv_request")):
        return None
    if not any(map(_is_of_flask, list(namespace_of(module).values()))):
        return None
    return _FlaskContext("flask:context", library, "_cv_request")


class _DjangoCaches(Place):
    """What the caches of Django hold that live in the memory of the process."""

    is_described = True

    def read(self) -> object:
        """See `Place`."""
        return django_caches.in_memory()

    def write(self, value: object) -> None:
        """See `Place`."""
        django_caches.put(None if value is ABSENT else value)  # type: ignore[arg-type]


def caches() -> Place | None:
    """The place of what caches hold; None where Django is not used."""
    library = sys.modules.get("django.core.cache")
    return None if library is None else _DjangoCaches("django:caches", library, "caches")


def _is_of_flask(value: object) -> bool:
    """Is it the library itself, or a function, a class or an object of it?"""
    if type(value) is types.ModuleType:
        return value is sys.modules.get("flask")
    if type(value) is types.FunctionType:
        home: object = value.__module__
    else:
        home = namespace_of(value if is_class(value) else type(value)).get("__module__")
    return type(home) is str and (home.partition(".")[0] == "flask" or home == "werkzeug.local")
