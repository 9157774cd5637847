"""What the main thread keeps in `threading.local` objects of the program: told where it changes, and put back."""

from __future__ import annotations

import _thread
from collections.abc import Mapping
from typing import Any

from legacy_seam.world.interpreter import Change


class ThreadLocals:
    """The `threading.local` objects that stand in places of the program's modules."""

    def __init__(self) -> None:
        self._held: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {}

    def take(self, values: Mapping[str, object]) -> None:
        """Take what is in those of these values that are such objects for what every call begins with."""
        for name, value in values.items():
            if name not in self._held and issubclass(type(value), _thread._local):
                content: dict[str, Any] = _thread._local.__getattribute__(value, "__dict__")  # type: ignore[arg-type]
                self._held[name] = (content, dict(content))

    def changes(self) -> list[Change]:
        """What is otherwise than it was taken; it is put back."""
        found: list[Change] = []
        for name, (content, held) in self._held.items():
            now = dict(content)
            content.clear()
            content.update(held)
            found += [(f"{name}.{key}", one, True) for key, one in now.items() if held.get(key, self) is not one]
            found += [(f"{name}.{key}", None, False) for key in held if key not in now]
        return found
