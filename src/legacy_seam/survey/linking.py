"""Modules put together: which function, class or variable of the program a path means, or which name of a library.

A path is followed one name at a time: through imports, re-exports and star imports, what variables hold, what
functions give back, and attributes of classes and their bases. Python decides at run time; this is the best guess
of somebody who has only the text.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Literal, TypeAlias

from legacy_seam.survey.facts import IMPORT_TIME, SCRIPT, Function, Module

What: TypeAlias = Literal["function", "class", "instance", "variable", "module", "outside", "unknown"]

_MOST_STEPS: Final = 40
_MOST_VARIABLES: Final = 5
_MOST_CANDIDATES: Final = 3
"""A method whose object is not known is one of so many methods of that name in the program, or nobody can tell."""
_COMMON: Final = frozenset(
    name for kind in (dict, list, set, str, bytes, tuple, int, float) for name in dir(kind)
) | frozenset(
    [
        "close",
        "read",
        "write",
        "readline",
        "flush",
        "open",
        "run",
        "start",
        "join",
        "send",
        "put",
        "get_name",
        "debug",
        "info",
        "warning",
        "error",
    ]
)
"""Methods of so many things that their name tells nothing."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a path means.

    path: its canonical form; of a function, class or variable of the program the one it is defined under.
    """

    what: What
    path: str


class Linker:
    """Follows paths through a program.

    Args:
        modules: its modules.

    >>> import ast
    >>> from legacy_seam.survey.reading import read_module
    >>> texts = {"a": "from b import save", "b": "def save(): ..."}
    >>> modules = [
    ...     read_module(ast.parse(text), name, name, 1, is_package=False, is_test=False)
    ...     for name, text in texts.items()
    ... ]
    >>> Linker(modules).meaning("a.save")
    Meaning(what='function', path='b.save')
    """

    def __init__(self, modules: Iterable[Module]) -> None:
        self._modules: dict[str, Module] = {}
        self.functions: dict[str, Function] = {}
        self._packages: set[str] = set()
        for module in modules:
            self._modules.setdefault(module.name, module)
            above = module.name
            while above:
                self._packages.add(above)
                above = above.rpartition(".")[0]
            for function in module.functions:
                self.functions.setdefault(function.path, function)
        self._classes = {
            f"{module.name}.{name}": one
            for module in self._modules.values()
            for name, one in module.classes.items()
        }
        self._known: dict[str, Meaning] = {}
        self._bases: dict[str, tuple[str, ...]] = {}
        self._overriding: dict[str, Sequence[str]] = {}
        self._methods = _by_method(self.functions.values(), self._classes.keys())

    # -------------------------------------------------------------------------------------------- what a path means

    def meaning(self, path: str) -> Meaning:
        """What a path means."""
        known = self._known.get(path)
        if known is None:
            self._known[path] = Meaning("unknown", path)  # what refers to itself means nothing
            known = self._known[path] = self._follow(path)
        return known

    def _follow(self, path: str) -> Meaning:
        tokens = path.split(".")
        if tokens[0] == "?":
            return Meaning("unknown", path)
        found = Meaning("module", "")
        for steps, token in enumerate(tokens):
            if steps > _MOST_STEPS or found.what == "unknown":
                return Meaning("unknown", path)
            name, calls = _split(token)
            found = self._step(found, name)
            if calls:
                found = self._called(found, calls)
        if found.what == "module" and found.path not in self._packages:
            return Meaning("outside", found.path)
        return found

    def _step(self, at: Meaning, name: str) -> Meaning:
        """From one meaning to one of its attributes."""
        path = f"{at.path}.{name}" if at.path else name
        if at.what == "module":
            return self._member(at.path, name, path)
        if at.what in ("class", "instance"):
            return self._attribute(at, name)
        if at.what == "variable":
            return self._step(self.held(at), name)
        return Meaning(at.what if at.what == "outside" else "unknown", path)

    def _member(self, owner: str, name: str, path: str) -> Meaning:
        module = self._modules.get(owner)
        if module is None:
            return Meaning("module" if path in self._packages or not owner else "outside", path)
        if path in self.functions:
            return Meaning("function", path)
        if path in self._classes:
            return Meaning("class", path)
        if name in module.variables:
            return Meaning("variable", path)
        if name in module.names and module.names[name] != path:
            return self.meaning(module.names[name])
        if path in self._packages:
            return Meaning("module", path)
        for star in module.stars:
            found = self.meaning(f"{star}.{name}") if star != owner else Meaning("unknown", path)
            if found.what not in ("unknown", "outside"):
                return found
        return Meaning("unknown", path)

    def _attribute(self, at: Meaning, name: str) -> Meaning:
        order = self.ancestry(at.path)
        if name == "__super__":
            return Meaning("instance", f"{at.path}^")
        if at.path.endswith("^"):
            order = self.ancestry(at.path[:-1])[1:]
        for owner in order:
            path = f"{owner}.{name}"
            if path in self.functions:
                return Meaning("function", path)
            if path in self._classes:
                return Meaning("class", path)
            held = self._classes[owner].attributes.get(name) if owner in self._classes else None
            if held is not None:
                return self.meaning(held)
        outside = [base for owner in order for base in self._outside_bases(owner)]
        return Meaning("outside", f"{outside[0]}().{name}") if outside else Meaning("unknown", f"?.{name}")

    def _called(self, at: Meaning, calls: str) -> Meaning:
        """What a call gives back."""
        if at.what == "function":
            returned = self.functions[at.path].returns
            rest = calls.removeprefix("()")
            if returned is None or "[" in calls:
                return Meaning("unknown", f"{at.path}{calls}")
            return self._called(self.meaning(returned), rest) if rest else self.meaning(returned)
        if at.what == "class":
            return Meaning("instance", at.path)
        if at.what == "instance" and at.path.endswith("^"):  # super()
            return at
        if at.what == "variable":
            return self._called(self.held(at), calls)
        if at.what in ("module", "outside"):
            return Meaning("outside", f"{at.path}{calls}")
        return Meaning("unknown", f"{at.path}{calls}")

    def held(self, variable: Meaning) -> Meaning:
        """What a variable of a module holds, as far as its first assignment tells; never a variable again."""
        for _ in range(_MOST_VARIABLES):
            owner, _, name = variable.path.rpartition(".")
            held = self._modules[owner].variables.get(name)
            if held is None:
                break
            found = self.meaning(held)
            if found.what != "variable":
                return found
            variable = found
        return Meaning("unknown", "?")

    # -------------------------------------------------------------------------------------------- classes

    def ancestry(self, path: str) -> tuple[str, ...]:
        """A class of the program and all its bases that belong to it, the nearest first."""
        known = self._bases.get(path)
        if known is not None:
            return known
        self._bases[path] = (path,)
        found = dict.fromkeys([path])
        for base in self._classes[path].bases if path in self._classes else ():
            meaning = self.meaning(base)
            if meaning.what == "class":
                found.update(dict.fromkeys(self.ancestry(meaning.path)))
        self._bases[path] = tuple(found)
        return self._bases[path]

    def _outside_bases(self, path: str) -> list[str]:
        bases = self._classes[path].bases if path in self._classes else ()
        return [found.path for base in bases if (found := self.meaning(base)).what == "outside"]

    def overriding(self, method: str) -> Sequence[str]:
        """Methods of classes below that take the place of a method."""
        if method not in self._overriding:  # a base of thousands is asked for again and again
            owner, _, name = method.rpartition(".")
            below = self._below.get(owner, ())
            self._overriding[method] = [one for each in below if (one := f"{each}.{name}") in self.functions]
        return self._overriding[method]

    @cached_property
    def _below(self) -> Mapping[str, Sequence[str]]:
        """Class → the classes that inherit from it, by whatever way."""
        found: dict[str, list[str]] = {}
        for path in self._classes:
            for base in self.ancestry(path)[1:]:
                found.setdefault(base, []).append(path)
        return found

    def candidates(self, method: str) -> Sequence[str]:
        """The methods of the program that a call of this name may mean; none where too many."""
        found = self._methods.get(method, ()) if method not in _COMMON else ()
        return found if len(found) <= _MOST_CANDIDATES else ()

    def table(self, variable: str) -> Sequence[str]:
        """Functions that a variable's value mentions."""
        owner, _, name = variable.rpartition(".")
        return self._modules[owner].tables.get(name, ()) if owner in self._modules else ()


def _split(token: str) -> tuple[str, str]:
    """A name, and the calls and marks behind it.

    >>> _split("open[w]()"), _split("name")
    (('open', '[w]()'), ('name', ''))
    """
    for at, character in enumerate(token):
        if character in "([":
            return token[:at], token[at:]
    return token, ""


def _by_method(functions: Iterable[Function], classes: Iterable[str]) -> dict[str, list[str]]:
    owners = set(classes)
    found: dict[str, list[str]] = {}
    for one in functions:
        owner, _, name = one.path.rpartition(".")
        if owner in owners and not name.startswith("__") and one.qualname not in (IMPORT_TIME, SCRIPT):
            found.setdefault(name, []).append(one.path)
    return found
