"""Weak references and what is built of them: what they refer to is written like anything else.

What comes back refers weakly, too; but where the recording has nothing else that holds on to the object, it would
be gone at once. So it is held until the process ends: what was alive in the recorded call is alive in its replay.
"""

from __future__ import annotations

import types
from _weakref import ref
from collections.abc import Callable
from typing import Any

from legacy_seam.values.anatomy import attributes_of
from legacy_seam.values.kinds.kind import Kind, call
from legacy_seam.values.layout import PAIRS, SET, Draft

_deref: Any = ref.__call__
_held: list[object] = []


def _reference(value: Any) -> Draft:
    """`ref(object)`; `ref()` where it is gone."""
    referent = _deref(value)
    return call("ref") if referent is None else call("ref", referent)


def _make_reference(*referent: Any) -> object:
    return _adopt_reference(ref, ref(_hold(*referent) if referent else _Gone()))


def _adopt_reference(cls: Any, value: Any) -> object:
    referent = value()
    return ref.__new__(cls, _Gone() if referent is None else referent)


class _Gone:
    """An object that nobody holds on to."""

    __slots__ = ("__weakref__",)


def _hold(referent: Any) -> Any:
    _held.append(referent)
    return referent


def _method(value: Any) -> Draft:
    """`WeakMethod(object.method)`; `WeakMethod()` where one of the two is gone."""
    owner, function = _deref(value), attributes_of(value).get("_func_ref")
    function = _deref(function) if type(function) is ref else None
    if owner is None or type(function) is not types.FunctionType:
        return call("WeakMethod")
    return call("WeakMethod", types.MethodType(function, owner))


def _make_method(*method: Any) -> object:
    from weakref import WeakMethod

    return WeakMethod(_hold(method[0]) if method else types.MethodType(id, _Gone()))


def _by_name(value: Any) -> Draft:
    """A dict whose values are held weakly, as the dict that it is by now."""
    living: list[object] = []
    references: Any = attributes_of(value)["data"]
    for key, reference in dict.items(references):
        referent = _deref(reference)
        if referent is not None:
            living += key, referent
    return call("WeakValueDictionary", Draft(PAIRS, living))


def _by_object(value: Any) -> Draft:
    """A dict whose keys are held weakly, likewise."""
    living: list[object] = []
    references: Any = attributes_of(value)["data"]
    for reference, entry in dict.items(references):
        referent = _deref(reference)
        if referent is not None:
            living += referent, entry
    return call("WeakKeyDictionary", Draft(PAIRS, living))


def _set(value: Any) -> Draft:
    references: Any = attributes_of(value)["data"]
    living = [referent for one in set.__iter__(references) if (referent := _deref(one)) is not None]
    return call("WeakSet", Draft(SET, living) if living else call("set"))


def _collection(type_name: str, take: Callable[[Any], Draft]) -> Kind:
    """One of the collections of weak references.

    Args:
        type_name: `module:Qualname`.
        take: writes it as the collection of strong references that it is by now.
    """
    word = type_name.partition(":")[2]

    def pour(blank: Any, made: Any) -> None:
        blank.__init__(made)

    def made(living: Any) -> Any:
        import weakref

        _held.extend(living.values() if word == "WeakValueDictionary" else living)
        return getattr(weakref, word)(living)

    return Kind((type_name,), take, word, made, blank=_blank, pour=pour, has_identity=True)


def _blank(cls: Any) -> object:
    return object.__new__(cls)


KINDS = (
    Kind(
        ("weakref:ReferenceType", "builtins:weakref", "builtins:ReferenceType"),
        _reference,
        "ref",
        _make_reference,
        adopt=_adopt_reference,
    ),
    Kind(("weakref:WeakMethod",), _method, "WeakMethod", _make_method, has_identity=True),
    _collection("weakref:WeakValueDictionary", _by_name),
    _collection("weakref:WeakKeyDictionary", _by_object),
    _collection("_weakrefset:WeakSet", _set),
)
