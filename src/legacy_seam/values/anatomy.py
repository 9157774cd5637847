"""What a class is made of, read without asking it: no attribute of the program is looked up, none of its code runs.

Metaclasses may define `__hash__`, `__eq__`, `__mro__` or `__module__` of their own, and classes may hide their
`__dict__` or `__class__` behind properties. So everything here goes by way of the descriptors of `type` and
`object`, and classes are told apart by `is` and by `id`.
"""

from __future__ import annotations

import sys
import types
from collections.abc import Callable, Container, Mapping
from typing import Any

from legacy_seam.plaindata import dataclass

mro_of: Callable[[type], tuple[type, ...]] = type.__dict__["__mro__"].__get__
namespace_of: Callable[[type], Mapping[str, Any]] = type.__dict__["__dict__"].__get__
_base_of: Callable[[type], type | None] = type.__dict__["__base__"].__get__
_qualname_of: Callable[[type], str] = type.__dict__["__qualname__"].__get__
_module_of: Callable[[type], object] = type.__dict__["__module__"].__get__
_size_of: Callable[[type], int] = type.__dict__["__basicsize__"].__get__
_flags_of: Callable[[type], int] = type.__dict__["__flags__"].__get__
_dict_offset_of: Callable[[type], int] = type.__dict__["__dictoffset__"].__get__
_weakref_offset_of: Callable[[type], int] = type.__dict__["__weakrefoffset__"].__get__
module_namespace: Callable[[types.ModuleType], dict[str, Any]] = vars(types.ModuleType)["__dict__"].__get__

_HEAP_TYPE = 1 << 9
_DESCRIPTORS = (types.GetSetDescriptorType, types.MemberDescriptorType)
_POINTER = 8 if sys.maxsize > 2**32 else 4


class _Main:
    """The name under which the module `__main__` is known, where that is not its own."""

    name = "__main__"


def call_main(name: str | None) -> None:
    """Write what belongs to the module `__main__` as belonging to the module `name`, and read it back likewise.

    A program is recorded as `__main__` and replayed as a module: its values look the same in both. None undoes it.

    >>> call_main("nightly")
    >>> called("__main__")
    'nightly'
    >>> call_main(None)
    """
    _Main.name = name or "__main__"


def called(module: str) -> str:
    """The name under which a module is written."""
    return _Main.name if module == "__main__" or module == "__mp_main__" else module


def module_called(name: str) -> dict[str, Any] | None:
    """The namespace of the loaded module that is written as `name`, or None. Nothing is imported."""
    module = sys.modules.get(name)
    if module is None and name == _Main.name:
        module = sys.modules.get("__main__")
    if module is None or types.ModuleType not in mro_of(type(module)):
        return None
    return module_namespace(module)


def name_of(cls: type) -> str:
    """`module:Qualname` of a class.

    >>> name_of(dict)
    'builtins:dict'
    """
    module = _module_of(cls)
    return f"{called(module) if type(module) is str else '?'}:{_qualname_of(cls)}"


def derives(cls: type, base: type) -> bool:
    """Is `base` among the bases of `cls`? `issubclass`, without asking either."""
    for one in mro_of(cls):  # noqa: SIM110  (it is asked often, and `any` takes twice as long)
        if one is base:
            return True
    return False


def getter(cls: type, name: str) -> Callable[[Any], Any]:
    """Reads a field of a type in C from any instance, past whatever a subclass has put in its place.

    >>> getter(complex, "imag")(2j)
    2.0
    """
    for base in mro_of(cls):
        if name in namespace_of(base):
            get: Callable[[Any], Any] = namespace_of(base)[name].__get__
            return get
    raise AttributeError(name)


def is_one_of(cls: type, others: tuple[type, ...]) -> bool:
    """Is the class one of these? `in`, without asking its metaclass."""
    return any(one is cls for one in others)


def attribute_of(cls: type, name: str) -> Any:
    """What stands under a name in the class or the first of its bases that has it, unbound; None where nowhere."""
    for base in mro_of(cls):
        namespace = namespace_of(base)
        if name in namespace:
            return namespace[name]
    return None


@dataclass(frozen=True, slots=True)
class Anatomy:
    """How the state of the instances of a class is reached.

    cls:     the class.
    name:    `module:Qualname`.
    trunk:   the nearest base (or the class itself) that is `known` to be read in a way of its own, or whose
             instances hold more than attributes and slots (types of extension modules); else `object`.
    entries: gives the `__dict__` of an instance; None where it has none.
    slots:   the name of each slot -> its descriptor, in the order of the bases.
    """

    cls: type
    name: str
    trunk: type
    entries: Callable[[object], dict[str, object]] | None
    slots: Mapping[str, types.MemberDescriptorType]

    @classmethod
    def of(cls, subject: type, known: Container[str] = ()) -> Anatomy:
        """Look at a class; `known` has the names of the types that may be a trunk."""
        trunk = subject
        while name_of(trunk) not in known and _is_written_in_python(trunk):
            base = _base_of(trunk)
            assert base is not None, "only object has no base, and it is not written in Python"
            trunk = base
        grown = [base for base in mro_of(subject) if not derives(trunk, base)]
        return cls(subject, name_of(subject), trunk, _entries(subject), _slots(grown))

    def attributes(self, instance: object) -> dict[str, object]:
        """The attributes of an instance: those in its `__dict__`, in their order, then the filled slots."""
        found = dict(self.entries(instance)) if self.entries else {}
        for name, slot in self.slots.items():
            try:
                found[name] = slot.__get__(instance)
            except AttributeError:  # not filled
                continue
        return found

    def put(self, instance: object, attributes: Mapping[Any, object]) -> str | None:
        """Give an instance its attributes, past every `__setattr__`.

        Returns:
            The first of the names for which the class has no room, or None.
        """
        loose: dict[Any, object] = {}
        for name, value in attributes.items():
            slot = self.slots.get(name)
            if slot is None:
                loose[name] = value
            else:
                slot.__set__(instance, value)
        if not loose:
            return None
        if self.entries is None:
            return str(next(iter(loose)))
        self.entries(instance).update(loose)
        return None


_LOOKED_AT: dict[int, Anatomy] = {}
_MOST_LOOKED_AT = 2000


def attributes_of(value: object) -> dict[str, object]:
    """The attributes and slots of a value, those of its class and of all its bases."""
    cls = type(value)
    anatomy = _LOOKED_AT.get(id(cls))
    if anatomy is None:
        if len(_LOOKED_AT) >= _MOST_LOOKED_AT:
            _LOOKED_AT.clear()
        anatomy = _LOOKED_AT[id(cls)] = Anatomy.of(cls)
    return anatomy.attributes(value)


def _is_written_in_python(cls: type) -> bool:
    """Does the class come from a `class` statement? Its instances have nothing but slots and a `__dict__` then.

    Types of extension modules are told by their size: there is more in them than that.
    """
    base = _base_of(cls)
    if base is None or not _flags_of(cls) & _HEAP_TYPE:
        return False
    own_slots = sum(type(item) is types.MemberDescriptorType for item in namespace_of(cls).values())
    has_dict = _has_room_for_dict(cls) and not _has_room_for_dict(base)
    has_weakrefs = _weakref_offset_of(cls) > 0 and _weakref_offset_of(base) <= 0
    return _size_of(cls) - _size_of(base) <= _POINTER * (own_slots + has_dict + has_weakrefs)


def _has_room_for_dict(cls: type) -> bool:
    """Does the size of its instances count a pointer to a `__dict__`? It may stand at their end, or before them."""
    return _dict_offset_of(cls) > 0 or _dict_offset_of(cls) == -_POINTER


def _entries(cls: type) -> Callable[[object], dict[str, object]] | None:
    for base in mro_of(cls):
        descriptor: Any = namespace_of(base).get("__dict__")
        if type(descriptor) in _DESCRIPTORS and descriptor.__objclass__ is base:
            get: Callable[[object], dict[str, object]] = descriptor.__get__
            return get
    return None


def _slots(classes: list[type]) -> dict[str, types.MemberDescriptorType]:
    slots: dict[str, types.MemberDescriptorType] = {}
    for cls in classes:
        for name, item in namespace_of(cls).items():
            if type(item) is types.MemberDescriptorType and name == item.__name__ and name not in slots:
                slots[name] = item
    return slots
