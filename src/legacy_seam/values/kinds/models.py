"""Models of pydantic and structs of msgspec: their fields, and what else the library keeps of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any

from legacy_seam.values.anatomy import Anatomy, attribute_of, attributes_of, getter, name_of
from legacy_seam.values.kinds.kind import Kind, Written, call_of, put
from legacy_seam.values.kinds.objects import PlainObjects
from legacy_seam.values.notation import name as spell_name

_SET, _EXTRA, _PRIVATE = "__pydantic_fields_set__", "__pydantic_extra__", "__pydantic_private__"


class Models(PlainObjects):
    """Models of pydantic. That every field was given, and that there is nothing else, goes without saying."""

    types = ("pydantic.main:BaseModel",)

    def take(self, anatomy: Anatomy, value: Any) -> Written:
        """Fields; then what else there is."""
        found: dict[Any, Any] = dict(attributes_of(value))
        kept = {name: found.pop(name, None) for name in (_EXTRA, _SET, _PRIVATE)}
        if kept[_EXTRA] == {} and _takes_more(anatomy.cls):
            kept[_EXTRA] = None
        if kept[_SET] == {*found, *(kept[_EXTRA] or ())}:
            kept[_SET] = None
        return call_of(spell_name(anatomy.name), (), {**found, **{k: v for k, v in kept.items() if v is not None}})

    def fill(self, anatomy: Anatomy, blank: Any, args: Sequence[Any], attributes: Mapping[Any, Any]) -> object:
        """Put them back, and what went without saying."""
        whole = Anatomy.of(anatomy.cls)
        usual: dict[Any, object] = dict.fromkeys(name for name in (_EXTRA, _PRIVATE) if name in whole.slots)
        if _takes_more(anatomy.cls):
            usual[_EXTRA] = {}
        fields = {name for name in attributes if name not in (_EXTRA, _SET, _PRIVATE)}
        extra = attributes.get(_EXTRA)
        usual[_SET] = {*fields, *(extra if type(extra) is dict else ())}
        return super().fill(whole, blank, args, {**usual, **attributes})


def _takes_more(cls: type) -> bool:
    """May instances of the model have fields that it does not name? They have a place for them then."""
    config = attribute_of(cls, "model_config")
    return type(config) is dict and config.get("extra") == "allow"


class Structs(PlainObjects):
    """Structs of msgspec, which only their class can make: its `__post_init__` runs, if it has one."""

    types = ("msgspec:Struct",)

    def take(self, anatomy: Anatomy, value: Any) -> Written:
        """Fields in their order, then attributes."""
        found = anatomy.attributes(value)
        order = {name: found[name] for name in _fields(anatomy.cls) if name in found}
        return call_of(spell_name(anatomy.name), (), {**order, **found})

    def blank(self, anatomy: Anatomy) -> Any:
        """A struct whose fields hold nothing of use yet."""
        return anatomy.cls(**dict.fromkeys(_fields(anatomy.cls)))

    def fill(self, anatomy: Anatomy, blank: Any, args: Sequence[Any], attributes: Mapping[Any, Any]) -> object:
        """Put the fields, past the class."""
        if args:
            raise ValueError(f"{anatomy.name} holds attributes only")
        put(anatomy, blank, attributes)
        return blank


def _fields(cls: type) -> tuple[str, ...]:
    names = getter(type(cls), "__struct_fields__")(cls)
    return tuple(names)


def _unset() -> Any:
    return import_module("msgspec").UNSET


KINDS = (
    Kind(("msgspec:UnsetType", "msgspec._core:UnsetType"), lambda value: "msgspec.UNSET", "msgspec.UNSET", _unset),
    Kind(("msgspec._core:StructMeta",), lambda value: spell_name(name_of(value))),
)
FAMILIES = (Models(), Structs())
