"""What a kind of value is: one record that says how such values are written and how they are made again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from legacy_seam.plaindata import dataclass
from legacy_seam.values.anatomy import derives, name_of
from legacy_seam.values.layout import Draft, Labelled
from legacy_seam.values.notation import is_word, string

if TYPE_CHECKING:
    from legacy_seam.values.anatomy import Anatomy

Written: TypeAlias = "str | Draft"
"""What a kind makes of a value: its text, or the parts that are still to be written."""


class Unreadable(Exception):
    """A value that cannot be held. The message is the reason, in words that are the same in every process.

    type_name: of the value, where that is not the type it has here.
    """

    def __init__(self, reason: str, type_name: str | None = None) -> None:
        super().__init__(reason)
        self.type_name = type_name


@dataclass(frozen=True, slots=True)
class Kind:
    """Values with a notation of their own, and the classes built on them.

    types: `module:Qualname` of the types; they are known by name, so that no module is imported for their sake.
    take:  reads a value. It is given instances of subclasses, too, and must not run their code.
    word:  the word before the bracket, for those that are written as a call; "" for others.
    make:  the inverse of `take`: makes a value from the parts of the call.
    adopt: makes an instance of a subclass that holds what a value of the type itself holds (immutable ones).
    blank: makes an empty instance of the type or of a subclass (mutable ones).
    pour:  fills a blank instance with what a value of the type itself holds.
    has_identity: two places that hold the same object are told from two that hold equal ones.
    content: what makes two values the same, as a tuple that is quick to make (for fingerprints); None where the
             text is all there is.
    """

    types: tuple[str, ...]
    take: Callable[[Any], Written]
    word: str = ""
    make: Callable[..., object] | None = None
    adopt: Callable[[Any, Any], object] | None = None
    blank: Callable[[Any], object] | None = None
    pour: Callable[[Any, Any], object] | None = None
    has_identity: bool = False
    content: Callable[[Any], tuple[object, ...]] | None = None

    def empty(self) -> Any:
        """An empty value of the type itself, whose module this kind names (never one that a text names)."""
        module, _, name = self.types[0].partition(":")
        assert self.blank is not None
        return self.blank(getattr(import_module(module), name))


class Family(Protocol):
    """All classes below a common base, each written under its own name: enumerations, exceptions, plain objects."""

    @property
    def types(self) -> tuple[str, ...]:
        """`module:Qualname` of the bases."""

    def has_identity(self, anatomy: Anatomy) -> bool:
        """Are two places that hold the same object told from two that hold equal ones?"""

    def take(self, anatomy: Anatomy, value: Any) -> Written:
        """Read an instance, without running its code."""

    def blank(self, anatomy: Anatomy) -> Any:
        """Make an empty instance; None where there can be none before its parts are there."""

    def fill(self, anatomy: Anatomy, blank: Any, args: Sequence[Any], attributes: Mapping[Any, Any]) -> object:
        """Give a blank instance its state, or make one where it is None. Returns the instance.

        Raises:
            ValueError: where the class has no room for it.
        """


def call(name: str, /, *args: object, **kwargs: object) -> Draft:
    """A draft of `name(arg, keyword=arg)`."""
    return call_of(name, args, kwargs)


def call_of(name: str, args: Sequence[object], attributes: Mapping[Any, object]) -> Draft:
    """A draft of a call with any attributes, be their names words or not. The name is spelled already."""
    labels = tuple(map(attribute_name, attributes))
    return Draft(_call_shape(name, len(args), labels), [*args, *attributes.values()])


def attribute_name(key: object) -> str:
    """The name of an attribute as a plain string: namespaces of objects may have any keys."""
    if type(key) is str:
        return key
    return str.__str__(key) if derives(type(key), str) else name_of(type(key))


@lru_cache(maxsize=4096)
def _call_shape(name: str, count: int, labels: tuple[str, ...]) -> Labelled:
    spelled = [f"{label}=" if is_word(label) else f"**{{{string(label)}: " for label in labels]
    return Labelled(f"{name}(", [""] * count + spelled, ")")


def put(anatomy: Anatomy, instance: object, attributes: Mapping[Any, object]) -> None:
    """Give an instance its attributes.

    Raises:
        ValueError: where its class has no room for one of them.
    """
    homeless = anatomy.put(instance, attributes)
    if homeless is not None:
        raise ValueError(f"{anatomy.name} has no room for the attribute {homeless}")
