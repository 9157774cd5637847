"""What is read from one source file: plain facts that travel between processes, and know nothing of other files.

Names in facts are **paths**: dotted names as far as the file itself tells them. `()` stands for what a call gives
back, `?` for something of which nothing is known:

    time.time                    a function of a library
    shop.rules.Account().rate    a method of an instance of a class of the project
    sqlite3.connect().cursor     a method of what a library gave back
    ?.execute                    a method of something unknown
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

from legacy_seam.targets import Target

IMPORT_TIME: Final = "<module>"
"""The name of what runs when a module is imported."""
SCRIPT: Final = "<main>"
"""The name of what runs below `if __name__ == "__main__"`."""
IN_PLACE: Final = "[*]"
"""The mark of something that is not set anew, but changed in place (`CACHE[key] = 1`, `SEEN.append(2)`)."""


class Use(NamedTuple):
    """One place where a function uses a name.

    called: whether it is called there, or only looked at, handed on or stored.
    """

    path: str
    line: int
    called: bool


class Site(NamedTuple):
    """One place in a function, and what is there: a path, or a few words."""

    what: str
    line: int


@dataclass(frozen=True, slots=True)
class Function:
    """One function or method, functions within it included; or what a module does at import.

    last:       its last line; of what a module does at import, as if its statements stood together.
    complexity: independent ways through it (McCabe): 1, and 1 for every branch.
    nesting:    how deep its blocks lie within each other.
    parameters: their number, `self` not counted.
    uses:       what it uses that is not local to it.
    writes:     paths of globals, or of attributes of modules and classes, that it sets or changes in place.
    iterates:   paths of what it goes through in order.
    returns:    path of what it gives back, where that is known.
    decorated:  paths of its decorators.
    """

    module: str
    qualname: str
    file: str
    line: int
    last: int
    complexity: int
    nesting: int
    parameters: int
    uses: tuple[Use, ...]
    writes: tuple[Site, ...] = ()
    iterates: tuple[Site, ...] = ()
    returns: str | None = None
    decorated: tuple[str, ...] = ()

    @property
    def target(self) -> Target:
        """Its name."""
        return Target(self.module, self.qualname)

    @property
    def path(self) -> str:
        """Its path."""
        return f"{self.module}.{self.qualname}"

    @property
    def lines(self) -> int:
        """Its size."""
        return self.last - self.line + 1

    @property
    def is_named(self) -> bool:
        """Is it a function that can be called by name, and not what a module does at import?"""
        return self.qualname not in (IMPORT_TIME, SCRIPT)


@dataclass(frozen=True, slots=True)
class Class:
    """One class at module level, or within another.

    bases:      their paths.
    attributes: what its attributes hold, by name, where that is known.
    """

    bases: tuple[str, ...]
    attributes: dict[str, str]


@dataclass(frozen=True, slots=True)
class Module:
    """One source file.

    names:     what imports bind at module level: name → path.
    variables: names that are assigned at module level → path of what they hold, or None.
    tables:    variables whose value mentions functions → the paths of those (`HANDLERS = {"pay": pay}`).
    stars:     modules of which it imports everything (`from m import *`).
    is_test:   whether it holds tests rather than the program.
    """

    name: str
    file: str
    lines: int
    functions: tuple[Function, ...]
    classes: dict[str, Class]
    names: dict[str, str]
    variables: dict[str, str | None]
    tables: dict[str, tuple[str, ...]]
    stars: tuple[str, ...]
    is_test: bool


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A file that is not part of the survey, and why.

    line: the line that stands in the way, 0 where it is the whole file. code: the kind of reason: `python-2`,
    `not-python`, `not-text`, `too-large`, `too-deep`, `unreadable`, `generated`
          or `crashed`.
    """

    file: str
    line: int
    code: str
    reason: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.reason}" if self.line else f"{self.file}: {self.reason}"
