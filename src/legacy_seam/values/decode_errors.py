"""Why no value is made of a text that is well formed."""

from __future__ import annotations


class DecodeError(ValueError):
    """A text that is well formed, but of which no value can be made.

    name: what it fails at.
    """

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"{name}: {reason}")
        self.name = name


class NotAllowed(DecodeError):
    """The text names code which it may not name."""

    def __init__(self, name: str) -> None:
        super().__init__(name, "a recording may not name this; only code under test and harmless types")


class TypeGone(DecodeError):
    """The text names a class or function that there is not (any more), or whose module is not loaded."""

    def __init__(self, name: str) -> None:
        inside = "it was made inside a function, where nothing can find it again"
        gone = "there is no such class or function in what is loaded"
        super().__init__(name, inside if "<locals>" in name else gone)
