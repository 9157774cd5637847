"""The set-up of Django: with which settings a program made it, and the same again before it is imported.

A model cannot be imported before Django knows settings and applications. Programs see to that in many ways, from
`manage.py` to a plugin of pytest; what a replay needs is the name of the settings alone, which stands in the
environment variable that all of them understand.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from importlib import import_module
from types import SimpleNamespace
from typing import Any

VARIABLE = "DJANGO_SETTINGS_MODULE"


def told_in(environment: Mapping[str, str | None]) -> dict[str, str | None]:
    """An environment in which the variable names the settings that Django has been set up with, whoever set it.

    As long as it has not been, nothing is said of a variable that is not set yet.
    """
    told = dict(environment)
    settings = _settings_in_use()
    if settings is not None:
        told[VARIABLE] = settings
    elif told.get(VARIABLE, "") is None:
        del told[VARIABLE]
    return told


def _settings_in_use() -> str | None:
    configuration, registry = sys.modules.get("django.conf"), sys.modules.get("django.apps")
    if configuration is None or registry is None or not getattr(vars(registry).get("apps"), "ready", False):
        return None
    settings: Any = vars(vars(configuration).get("settings")).get("_wrapped")
    while (outer := vars(settings).get("default_settings")) is not None:
        settings = outer
    name = vars(settings).get("SETTINGS_MODULE")
    return name if type(name) is str else None


def set_up() -> None:
    """Set Django up, as the environment says."""
    import_module("django").setup()


def keep_names_still() -> None:
    """Let names that Django makes up be the same in every replay: nobody's outcome depends on which they are.

    Tokens against forged requests stand in each page that has a form, masked anew each time. Transactions within
    others are called by the number of the thread.
    """
    base: Any = import_module("django.db.backends.base.base")
    if hasattr(base, "_thread"):
        base._thread = SimpleNamespace(get_ident=lambda: 1)
    library: Any = import_module("django.middleware.csrf")
    if hasattr(library, "_get_new_csrf_string"):
        library._get_new_csrf_string = lambda: "s" * library.CSRF_SECRET_LENGTH
