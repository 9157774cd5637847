"""Names of what is watched: `package.module:Class.method`, and patterns over such names.

The spelling is that of entry points. It names a place in source code; finding the live object behind a name is
`resolve`.
"""

from __future__ import annotations

import types
from collections import deque
from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Any, Final

from legacy_seam.plaindata import dataclass


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


_GETTER: Final[types.MemberDescriptorType] = vars(property)["fget"]
_ACCESSORS: Final[dict[str, types.MemberDescriptorType]] = {
    "setter": vars(property)["fset"],
    "deleter": vars(property)["fdel"],
}


def resolve(target: Target, module: types.ModuleType) -> Resolved | None:
    """Find the live function behind a target in its (imported) module, or None where there is none.

    Everything is read as it is stored: no property, descriptor, metaclass or `__getattr__` of the program runs. A
    property's other accessors are named `Class.name.setter` and `Class.name.deleter`. Functions inside functions
    (`outer.<locals>.inner`) have no live object of their own: None.
    """
    path = target.qualname.split(".")
    resolved = _resolve(path, _GETTER, module)
    if resolved is None and len(path) > 2 and path[-1] in _ACCESSORS:
        return _resolve(path[:-1], _ACCESSORS[path[-1]], module)
    return resolved


def _resolve(path: list[str], accessor: types.MemberDescriptorType, module: types.ModuleType) -> Resolved | None:
    owner: types.ModuleType | type = module
    for part in path[:-1]:
        inner: Any = _namespace(owner).get(mangled(part, owner))
        if not _is(inner, type):
            return None
        owner = inner
    attribute = _namespace(owner).get(mangled(path[-1], owner))
    if _is(attribute, property):
        function = _function_within(accessor.__get__(attribute), ".".join(path))
    else:
        function = _function_within(attribute, ".".join(path)) if accessor is _GETTER else None
    return None if function is None else Resolved(owner, attribute, function)


def mangled(name: str, owner: types.ModuleType | type) -> str:
    """The name under which a private attribute (`__name`) stands in its class."""
    if _is(owner, type) and name.startswith("__") and not name.endswith("__"):
        return f"_{_CLASS_NAME.__get__(owner).lstrip('_')}{name}"
    return name


def _function_within(attribute: object, qualname: str) -> types.FunctionType | None:
    """The function whose body was written under `qualname`, however many decorators stand around it.

    Decorators are looked through by way of what they hold: `__wrapped__`, `__func__`, the variables they close over
    and the attributes they keep. The first function found is the answer where none bears the name (a body made by
    `exec`, say).
    """
    first: types.FunctionType | None = None
    waiting, seen = deque([attribute]), set[int]()
    while waiting:
        thing = waiting.popleft()
        if id(thing) in seen or not _may_hold_a_function(thing):
            continue
        seen.add(id(thing))
        if type(thing) is types.FunctionType:
            if thing.__code__.co_qualname == qualname:
                return thing
            first = first or thing
        waiting.extend(_held_by(thing))
    return first


def _held_by(thing: object) -> list[object]:
    held = [_stored(thing, name) for name in ("__wrapped__", "__func__", "func")]
    if type(thing) is types.FunctionType:
        held += _cell_contents(thing)
    return [*held, *_instance_dict(thing).values()]


def _may_hold_a_function(thing: object) -> bool:
    if _is(thing, type):
        return False
    return callable(thing) or any(
        "__get__" in _CLASS_DICT.__get__(kind) for kind in _CLASS_ORDER.__get__(type(thing))
    )


def _cell_contents(function: types.FunctionType) -> list[object]:
    contents: list[object] = []
    for cell in function.__closure__ or ():
        try:
            contents.append(cell.cell_contents)
        except ValueError:  # not filled yet
            continue
    return contents


# --- reading without running anything ---------------------------------------------------------------------------

_CLASS_NAME: Final[types.GetSetDescriptorType] = vars(type)["__name__"]
_CLASS_ORDER: Final[types.MemberDescriptorType] = vars(type)["__mro__"]
_CLASS_DICT: Final[types.GetSetDescriptorType] = vars(type)["__dict__"]


def _is(thing: object, kind: type) -> bool:
    """`isinstance`, by what a thing is and not by what it says of itself."""
    return any(one is kind for one in _CLASS_ORDER.__get__(type(thing)))


def _namespace(owner: types.ModuleType | type) -> Mapping[str, Any]:
    namespace: Mapping[str, Any] = _CLASS_DICT.__get__(owner) if _is(owner, type) else _instance_dict(owner)
    return namespace


def _instance_dict(thing: object) -> dict[str, Any]:
    namespace = _slot(thing, "__dict__")
    return namespace if type(namespace) is dict else {}


def _stored(thing: object, name: str) -> object:
    """An attribute as it lies in a slot or in the dictionary of an instance, or None."""
    held = _slot(thing, name)
    return _instance_dict(thing).get(name) if held is None else held


def _slot(thing: object, name: str) -> object:
    for owner in _CLASS_ORDER.__get__(type(thing)):
        descriptor = _CLASS_DICT.__get__(owner).get(name)
        if type(descriptor) in (types.MemberDescriptorType, types.GetSetDescriptorType):
            try:
                return descriptor.__get__(thing)
            except AttributeError:  # an empty slot
                return None
    return None


def executed(module: types.ModuleType) -> types.ModuleType:
    """The module whose code was executed, where it put an object that holds it in its own place: to warn of old
    names, or to load what is asked for. Any other module is given back as it is.

    Args:
        module: what is found among the loaded modules.
    """
    if type(module) is types.ModuleType or not issubclass(type(module), types.ModuleType):
        return module
    names = types.ModuleType.__getattribute__(module, "__dict__")  # past all code of the program
    held = (one for one in list(names.values()) if type(one) is types.ModuleType)
    return next((one for one in held if vars(one).get("__name__") == names.get("__name__")), module)
