"""Names of what is watched: `package.module:Class.method`, and patterns over such names.

The spelling is that of entry points. It names a place in source code; finding the live object behind a name is
`resolve`.
"""

from __future__ import annotations

import functools
import types
from collections import deque
from dataclasses import dataclass
from fnmatch import fnmatchcase


class TargetSyntaxError(ValueError):
    """A target or pattern that cannot be read."""


@dataclass(frozen=True, slots=True, order=True)
class Target:
    """One function, method or property, by module and qualified name.

    >>> Target.parse("shop.rules:Account.score").qualname
    'Account.score'
    """

    module: str
    qualname: str

    @classmethod
    def parse(cls, text: str) -> Target:
        """Read `package.module:Class.method`.

        Raises:
            TargetSyntaxError: where there is no module, no colon or no name.
        """
        module, colon, qualname = text.partition(":")
        if not (module and colon and qualname):
            raise TargetSyntaxError(f"{text!r} is not a target: write it as package.module:Class.method")
        return cls(module, qualname)

    def __str__(self) -> str:
        return f"{self.module}:{self.qualname}"


@dataclass(frozen=True, slots=True)
class Pattern:
    """A target, or a prefix of targets (`package`, `package.module`, `package.module:Class`), with wildcards.

    >>> Pattern("shop").matches(Target("shop.rules", "score"))
    True
    >>> Pattern("*.rules:Account").matches(Target("shop.rules", "Account.score"))
    True
    """

    text: str

    def matches(self, target: Target) -> bool:
        """Does `target` lie at or below this pattern?"""
        module, colon, qualname = self.text.partition(":")
        if not colon:
            return _at_or_below(target.module, module)
        return fnmatchcase(target.module, module) and _at_or_below(target.qualname, qualname)


def _at_or_below(name: str, pattern: str) -> bool:
    return fnmatchcase(name, pattern) or fnmatchcase(name, pattern + ".*")


@dataclass(frozen=True, slots=True)
class Resolved:
    """The live object behind a target.

    owner:     the module or class in whose namespace it stands.
    attribute: what stands there (function, classmethod, property, a decorated thing).
    function:  the function whose body is the target's, unwrapped.
    """

    owner: types.ModuleType | type
    attribute: object
    function: types.FunctionType


def resolve(target: Target, module: types.ModuleType) -> Resolved | None:
    """Find the live function behind a target in its (imported) module, or None where there is none.

    Only plain attributes are followed, by way of `__dict__`: no property, descriptor or `__getattr__` of the
    program runs. A property's other accessors are named `Class.name.setter` and `Class.name.deleter`. Functions
    inside functions (`outer.<locals>.inner`) have no live object of their own: None.
    """
    path = target.qualname.split(".")
    accessor = path.pop() if len(path) > 2 and path[-1] in ("setter", "deleter") else "getter"
    owner: types.ModuleType | type = module
    for part in path[:-1]:
        inner = vars(owner).get(part)
        if not isinstance(inner, type):
            return None
        owner = inner
    attribute = vars(owner).get(mangled(path[-1], owner))
    if isinstance(attribute, property):
        accessors = {"getter": attribute.fget, "setter": attribute.fset, "deleter": attribute.fdel}
        function = _function_within(accessors[accessor], ".".join(path))
    else:
        function = _function_within(attribute, target.qualname)
    return None if function is None else Resolved(owner, attribute, function)


def mangled(name: str, owner: types.ModuleType | type) -> str:
    """The name under which a private attribute (`__name`) stands in its class."""
    if isinstance(owner, type) and name.startswith("__") and not name.endswith("__"):
        return f"_{owner.__name__.lstrip('_')}{name}"
    return name


def _function_within(attribute: object, qualname: str) -> types.FunctionType | None:
    """The function whose body was written under `qualname`, however many decorators stand around it.

    Wrappers are looked through by way of `__wrapped__`, `__func__`, and the variables they close over; the first
    function found is the answer where none bears the name (a body made by `exec`, say).
    """
    first: types.FunctionType | None = None
    waiting, seen = deque([attribute]), set[int]()
    while waiting:
        thing = waiting.popleft()
        if thing is None or id(thing) in seen:
            continue
        seen.add(id(thing))
        if isinstance(thing, types.FunctionType):
            if thing.__code__.co_qualname == qualname:
                return thing
            first = first or thing
            waiting.append(vars(thing).get("__wrapped__"))
            waiting.extend(_cell_contents(thing))
        elif isinstance(thing, (staticmethod, classmethod)):
            waiting.append(thing.__func__)
        elif isinstance(thing, functools.cached_property):
            waiting.append(thing.func)
        elif isinstance(thing, (functools.partial, functools.partialmethod)):
            waiting.append(thing.func)
        elif hasattr(type(thing), "__wrapped__") or "__wrapped__" in getattr(thing, "__dict__", ()):
            waiting.append(getattr(thing, "__wrapped__", None))
    return first


def _cell_contents(function: types.FunctionType) -> list[object]:
    contents: list[object] = []
    for cell in function.__closure__ or ():
        try:
            contents.append(cell.cell_contents)
        except ValueError:  # not filled yet
            continue
    return [item for item in contents if callable(item)]
