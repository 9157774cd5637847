"""Whether anything has happened in the world since it was put in order for a call.

Most calls do nothing to the world. Where that is known, nothing has to be told of it, and nothing to be put back
before the next call. Two things tell: what we have put in the place of functions, or handed out, or hear of by an
audit event, says itself that it was used: it *stirs*. What a call can do without a word to us is looked at: each
part of the world that this can be done to has a method `is_untouched`.
"""

from __future__ import annotations


class Calm:
    """It lasts from the moment at which the world was put in order, until something stirs.

    `is_over` says that something did. `was_seen` says that all that can be looked at has been, and that no garbage
    was collected since: whatever is collected may have code of the program that runs then. `hears_all` says that no
    code in C is loaded but Python's own: any other may change what the system keeps of a process (the working
    directory, the locale, timers, threads) and say nothing.

    >>> calm = Calm()
    >>> calm.is_over
    True
    >>> calm.begin()
    >>> calm.is_over
    False
    >>> calm.stir()
    >>> calm.is_over
    True
    """

    __slots__ = ("hears_all", "is_over", "was_seen")

    def __init__(self) -> None:
        self.is_over = True
        self.was_seen = False
        self.hears_all = True

    def begin(self) -> None:
        """The world is in order."""
        self.is_over = False

    def stir(self) -> None:
        """Something of the world was used."""
        self.is_over = True

    def meet_foreign_code(self) -> None:
        """There is code in C that is not Python's own."""
        self.hears_all = False

    def collected(self, phase: str, info: object) -> None:
        """For `gc.callbacks`."""
        self.was_seen = False
