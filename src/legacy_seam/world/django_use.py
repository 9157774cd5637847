"""Django's databases as a call finds them: looked at when the call first asks one of them something.

Django opens a connection once, and any attribute of any object may then ask it: neither the names that a function
uses nor an event of the interpreter say whether a call will do so. So the library is asked to say it, at the place
where it looks whether the connection may be used in this thread.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import wraps
from typing import Any

from legacy_seam.values.kinds import django_databases
from legacy_seam.world.places import ABSENT, Place

PLACE = "django:databases"


class _Use:
    """Who is told that a database is used."""

    tell: Callable[[Any], None] | None = None


def watch(tell: Callable[[Any], None] | None) -> None:
    """Be told of each use of a database, with the object of Django that stands for it; None ends it."""
    _Use.tell = tell
    library = sys.modules.get("django.db.backends.base.base")
    base: Any = library and vars(library).get("BaseDatabaseWrapper")
    if base is None or hasattr(base.validate_thread_sharing, "__wrapped__"):
        return
    original = base.validate_thread_sharing

    @wraps(original)
    def validate_thread_sharing(self: Any) -> None:
        if _Use.tell is not None and self.connection is not None:
            _Use.tell(self)
        original(self)

    base.validate_thread_sharing = validate_thread_sharing


class OpenDatabases(Place):
    """The connections that are open; None where there are none."""

    is_described = True

    def read(self) -> object:
        """See `Place`."""
        return django_databases.opened()

    def write(self, value: object) -> None:
        """See `Place`."""
        django_databases.put(None if value is ABSENT else value)  # type: ignore[arg-type]


def open_databases() -> Place | None:
    """The place of the connections that are open; None where Django is not used."""
    library = sys.modules.get("django.db")
    return None if library is None else OpenDatabases(PLACE, library, "connections")
