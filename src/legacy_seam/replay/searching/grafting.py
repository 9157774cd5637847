"""An object that is made once and given to many calls, with some of its parts exchanged for each.

An object of which a method is called is mostly larger than all the rest, and hardly two calls differ in more than a
few of its attributes. To write and to read all of it for each call would take ten times as long as the call.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from legacy_seam.plaindata import dataclass, field
from legacy_seam.replay.searching.trees import LEAVES, Path, Step
from legacy_seam.values import Node, Tree
from legacy_seam.values.anatomy import derives
from legacy_seam.values.kinds import look_at
from legacy_seam.values.kinds.objects import PlainObjects

_KEYS = frozenset(LEAVES)


class CannotGraft(Exception):
    """A part lies where it cannot be exchanged."""


def differences(old: Tree, new: Tree, path: Path = ()) -> Iterator[tuple[Path, Tree]]:
    """Where two trees differ, and what stands there in the new one; parts that they share are not looked at.

    >>> shared = [1]
    >>> list(differences({"a": shared, "b": 2}, {"a": shared, "b": 3}))
    [((('key', 'b'),), 3)]
    """
    kind = type(new)
    if new is old:
        return
    if kind is not type(old):
        yield path, new
    elif kind is Node and _are_alike(old, new):
        yield from _within(old.attributes, new.attributes, "attribute", path)
    elif kind is list and len(old) == len(new):
        yield from _within(dict(enumerate(old)), dict(enumerate(new)), "item", path)
    elif kind is dict and _KEYS.issuperset(map(type, new)) and list(old) == list(new):
        yield from _within(old, new, "key", path)
    elif not (new == old if kind in LEAVES else kind is tuple and _are_equal(old, new)):
        yield path, new


def _are_equal(old: tuple[Tree, ...], new: tuple[Tree, ...]) -> bool:
    return len(old) == len(new) and not any(any(differences(*both)) for both in zip(old, new, strict=True))


def _are_alike(old: Node, new: Node) -> bool:
    return old.name == new.name and not old.args and not new.args and old.attributes.keys() == new.attributes.keys()


def _within(old: Mapping[Any, Tree], new: Mapping[Any, Tree], step: Any, path: Path) -> Iterator[tuple[Path, Tree]]:
    for key, inner in new.items():
        if inner is not old[key]:
            yield from differences(old[key], inner, (*path, (step, key)))


@dataclass(slots=True)
class Grafts:
    """Parts that were exchanged, and how it was before.

    >>> order = {"lines": [1, 2]}
    >>> grafts = Grafts()
    >>> grafts.put(order, (("key", "lines"), ("item", 0)), 5)
    >>> order
    {'lines': [5, 2]}
    >>> grafts.take_back()
    True
    >>> order
    {'lines': [1, 2]}
    """

    _before: list[tuple[Any, Step, object]] = field(default_factory=list)

    def put(self, whole: object, path: Path, part: object) -> None:
        """Put a part in its place.

        Args:
            whole: what was made of the old tree.
            path: where the part belongs in it.
            part: the part.

        Raises:
            CannotGraft: where that place cannot be written to past all code of the program.
        """
        if not path:
            raise CannotGraft
        for step in path[:-1]:
            whole = _read(whole, step)
        before = _read(whole, path[-1])
        _write(whole, path[-1], part)
        self._before.append((whole, path[-1], before))

    def take_back(self) -> bool:
        """Have all be as it was before; False where somebody has changed the places meanwhile."""
        while self._before:
            owner, step, before = self._before.pop()
            try:
                _write(owner, step, before)
            except (CannotGraft, LookupError, TypeError):
                self._before.clear()
                return False
        return True


def _read(whole: Any, step: Step) -> Any:
    kind, key = step
    try:
        if kind == "attribute":
            entries, slots = _places_of(whole)
            return slots[key].__get__(whole) if key in slots else entries(whole)[key]
        if (kind == "item" and type(whole) is list) or (kind == "key" and type(whole) is dict):
            return whole[key]
    except (LookupError, AttributeError):
        pass
    raise CannotGraft


def _write(whole: Any, step: Step, part: object) -> None:
    kind, key = step
    if kind == "attribute":
        entries, slots = _places_of(whole)
        if key in slots:
            slots[key].__set__(whole, part)
        else:
            entries(whole)[key] = part
    else:
        whole[key] = part


def _places_of(whole: object) -> tuple[Callable[[object], dict[Any, object]], Mapping[Any, Any]]:
    """What gives the attributes of an object, and its slots, without asking it."""
    subject = look_at(type(whole))
    entries = subject.anatomy.entries
    if subject.family is None or not derives(type(subject.family), PlainObjects):
        raise CannotGraft
    return entries or _no_entries, subject.anatomy.slots


def _no_entries(whole: object) -> dict[Any, object]:
    raise CannotGraft
