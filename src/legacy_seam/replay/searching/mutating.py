"""New inputs, made of recorded ones by changing a few parts of them."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from itertools import islice
from typing import Any, TypeVar

from legacy_seam.plaindata import dataclass, field
from legacy_seam.replay.searching.habits import Habits
from legacy_seam.replay.searching.ideas import Ideas
from legacy_seam.replay.searching.scales import equal_to, is_on_scale, moved, neighbours, numbers_among
from legacy_seam.replay.searching.texts import Texts
from legacy_seam.replay.searching.trees import LEAVES, Part, is_self_contained, parts, replaced
from legacy_seam.replay.searching.yields import Yields
from legacy_seam.values import Name, Node, Tree
from legacy_seam.values.sorts import kind_of

_One = TypeVar("_One")
_MOST_CHANGES = 4
_MOST_CHOICES = 5
"""So many parts are looked at until one is changed that it was not worth so far."""
_MOST_KNOWN = 500
"""Values whose parts are remembered."""
_MOST_REPEATED = 40
"""Items of a list that is made longer."""
_RELATED = 0.06
"""How often a value is made of another argument: equal to it, as long as it is, one of its keys."""
_RELATED_COLLECTION = 0.2
"""The same of a collection: sets, lists and tables that are given together mostly belong together."""
_HINTED, _OF_A_HINT = 0.2, 0.02
"""How often a value is tried that a hint speaks of, or that the function asks for; and each of few at most."""
_HELD = 0.3
"""How often a number of a table, or one beside it, is tried in the place of one that is written in the source."""
_OF_ITS_SCALE = 0.25
"""How often a date is tried that stands elsewhere, or the day before or after it."""
_STRANGE = 0.03
"""How often a value is tried of a type that its place has never held."""
_TYPES_OF_STRANGERS: tuple[Any, ...] = (None, 0, "", 1.5, "x", [], True, {})
_LEFT_OUT = 0.04
"""How often an argument is left to the default of its parameter."""
_OTHER_OBJECTS = 0.15
"""How often an object is tried that was met elsewhere, in the place of another one."""
_INSTEAD_OF_SCALED = 0.08
"""The same in the place of a date, a decimal and the like: many functions take a duration of their own as well."""
_SELVES = ("self", "cls")
_MOST_RELATED = 30
_COLLECTIONS = (list, tuple, set)
_ITEMS = (list, tuple, set, dict)
_NEAR = 50
_ROUND = (0, 1, 2, 10, 100, 1000, 10**6, 10**12, -1, 2**31, 10**18)


@dataclass(frozen=True, slots=True)
class Inputs:
    """What goes into a call: trees by name, and parameters that are left to their defaults."""

    trees: Mapping[str, Tree]
    defaulted: tuple[str, ...]


@dataclass(slots=True)
class Mutator:
    """Makes new inputs of old ones.

    Args:
        habits: what recorded calls have in common.
        ideas: values to try.
        chance: all that is left to chance comes from here.
        yields: which parts it was worth to change so far.
    optional: parameters that have a default, in the order of the function.

    changed_roles: of the parts that were changed last.
    """

    habits: Habits
    ideas: Ideas
    chance: random.Random
    yields: Yields = field(default_factory=Yields)
    optional: Sequence[str] = ()
    changed_roles: list[str] = field(default_factory=list)
    _parts: dict[tuple[int, str], tuple[Tree, list[Part], list[Part]]] = field(default_factory=dict)
    _texts: Texts | None = None

    @property
    def texts(self) -> Texts:
        """What makes new texts."""
        if self._texts is None:
            self._texts = Texts(self.ideas, self.chance)
        return self._texts

    def changed(
        self,
        trees: Mapping[str, Tree],
        defaulted: Sequence[str],
        other: Callable[[], Mapping[str, Tree]] | None,
    ) -> Inputs | None:
        """Inputs like these but for a part or a few; None where nothing came of it.

        Args:
            trees: the inputs, by name.
            defaulted: parameters that were left to their defaults.
            other: gives the inputs of another call, of which parts may be taken over.
        """
        new, left = dict(trees), list(defaulted)
        self.changed_roles.clear()
        for _ in range(self._how_many()):
            if left and self.chance.random() < 0.2:
                name = self._one_of(left)
                if name in self.ideas.hinted:
                    left.remove(name)
                    new[name] = self._given(name)
                    continue
            if self.optional and self.chance.random() < _LEFT_OUT:
                given = [name for name in self.optional if name in new]
                if given:
                    left.append(name := self._one_of(given))
                    del new[name]
                    continue
            if other is not None and self.chance.random() < 0.1:
                others = other()
                if shared := [name for name in new if name in others]:
                    name = self._one_of(shared)
                    new[name] = others[name]
                    continue
            if new:
                self._change(new)
        if new.keys() == trees.keys() and all(tree is trees[name] for name, tree in new.items()):
            return None
        place = {name: number for number, name in enumerate(self.optional)}
        return Inputs(new, tuple(sorted(left, key=lambda name: place.get(name, -1))))

    def _given(self, name: str) -> Tree:
        """A value for a parameter that was left to its default: of its type, and often one that is written down."""
        value = self._one_of(self.ideas.hinted[name])
        for kind, written_down in ((str, self.ideas.around.texts), (int, self.ideas.around.numbers)):
            if type(value) is kind and written_down and self.chance.random() < 0.4:
                return self._one_of(written_down)
        return value

    def _one_of(self, some: Sequence[_One]) -> _One:
        return some[int(self.chance.random() * len(some))]

    def _how_many(self) -> int:
        number = 1
        while number < _MOST_CHANGES and self.chance.random() < 0.35:
            number += 1
        return number

    def _change(self, trees: dict[str, Tree]) -> None:
        for _ in range(_MOST_CHOICES):
            name = self._one_of(list(trees))
            tree = trees[name]
            part = Part((), name, tree) if type(tree) in LEAVES else self._part_of(tree, name)
            if self.chance.random() < self.yields.worth(part.role):
                break
        self.changed_roles.append(part.role)
        other = self._instead_of(part, trees)
        trees[name] = replaced(tree, part.path, other) if part.path else other

    def _part_of(self, tree: Tree, name: str) -> Part:
        """One of the parts of a value, mostly one that has none itself."""
        known = self._parts.get((id(tree), name))
        if known is None:
            found = list(parts(tree, name))
            leaves = [part for part in found if part.is_leaf or type(part.tree) is Name]
            if len(self._parts) >= _MOST_KNOWN:
                self._parts.clear()
            known = self._parts[id(tree), name] = tree, found, leaves
        _, found, leaves = known
        pick_leaf = leaves and (len(leaves) == len(found) or self.chance.random() < 0.75)
        return self._one_of(leaves if pick_leaf else found)

    def _instead_of(self, part: Part, trees: dict[str, Tree]) -> Tree:
        chance, habit = self.chance, self.habits.roles.get(part.role)
        is_of_any_type = type(part.tree) is not Node and part.role not in _SELVES  # no method is called on a number
        if chance.random() < _STRANGE and is_of_any_type:
            return self._one_of(_TYPES_OF_STRANGERS)
        if chance.random() < (_RELATED_COLLECTION if type(part.tree) in _COLLECTIONS else _RELATED):
            found = _related(part, trees, chance)
            if found:
                return self._one_of(found)
        is_scaled = is_on_scale(part.tree)
        if is_scaled and not (self.ideas.objects and chance.random() < _INSTEAD_OF_SCALED):
            return self._on_scale(part, trees)
        if type(part.tree) is Node and self.ideas.objects and (is_scaled or chance.random() < _OTHER_OBJECTS):
            other = self._one_of(self.ideas.objects)
            if part.role not in _SELVES or other.name == part.tree.name:
                return other
        hinted = self.ideas.hinted.get(part.role, ())
        if hinted and chance.random() < min(_HINTED, _OF_A_HINT * len(hinted)):
            return self._one_of(hinted)
        if habit is not None and habit.keys and chance.random() < 0.5:
            return self._one_of(habit.keys)
        if habit is not None and len(habit.values) > 1 and chance.random() < 0.2:
            return self._one_of(list(habit.values.values()))
        return self._other(part.tree, part.role)

    def _on_scale(self, part: Part, trees: Mapping[str, Tree]) -> Tree:
        """A decimal, a date and the like: one that stands elsewhere, or beside it, or moved from where it was."""
        alike = [value for value in self._values(part.role) if value is not part.tree]
        if alike and self.chance.random() < 0.2:
            return self._one_of(alike)
        others = _others_of_its_scale(part, trees)
        if others and self.chance.random() < _OF_ITS_SCALE:
            return self._one_of(neighbours(self._one_of(others)))
        return self._moved(part.tree)

    def _moved(self, tree: Node) -> Tree:
        literals = self.ideas.literals if self.ideas.literals.numbers else self.ideas.around
        return moved(tree, self.chance, (*literals.numbers, *numbers_among(self.ideas.literals.texts)))

    def _other(self, tree: Tree, role: str) -> Tree:
        kind = type(tree)
        if is_on_scale(tree):
            return self._moved(tree)
        if kind is bool:
            return not tree
        if kind in (int, float):
            return self._number(tree, role)
        if kind is str:
            return self.texts.other(tree)
        if kind is bytes:
            return self.texts.other(tree.decode("latin-1")).encode("latin-1", "replace")
        if kind is list:
            return self._items(tree)
        if kind is tuple:
            return tuple(self._items(list(tree)))
        if kind is set:
            return self._members(tree)
        if kind is dict:
            return self._table(tree)
        if kind is Node or tree is None:
            alike = [value for value in self._values(role) if value is not tree]
            return self._one_of(alike) if alike else tree
        return tree

    def _values(self, role: str) -> list[Tree]:
        habit = self.habits.roles.get(role)
        return [] if habit is None else list(habit.values.values())

    def _number(self, number: Any, role: str) -> Any:
        chance, habit = self.chance, self.habits.roles.get(role)
        written_down = self.ideas.literals.numbers or self.ideas.around.numbers
        way = chance.randrange(9)
        if way < 3 and self.ideas.held.numbers and chance.random() < _HELD:
            return self._one_of(self.ideas.held.numbers) + chance.randrange(-1, 2)
        if way < 3 and written_down:
            pool = self.ideas.around.numbers if way == 0 and self.ideas.around.numbers else written_down
            return self._one_of(pool)
        if way == 3:
            return -number
        if way == 4:
            return self._one_of(_ROUND) if type(number) is int else self._one_of((*_ROUND, 0.5, 1e-9, float("inf")))
        if way == 5 and habit is not None and habit.low < habit.high and abs(habit.high) < 1e15:
            found = chance.uniform(habit.low, habit.high)
            return int(found) if type(number) is int else round(found, 2)
        if way == 6:
            return number * self._one_of((2, 10, 1000)) if abs(number) < 1e15 else 0
        if way == 7 and type(number) is int:
            return number // self._one_of((2, 10)) if abs(number) > 1 else number + chance.randrange(100)
        if way == 8 and type(number) is int and chance.random() < 0.5:  # one in so many is at a half, or divisible
            return number + chance.randrange(-_NEAR, _NEAR + 1)
        return number + self._one_of((-1, 1)) * (1 if type(number) is int else self._one_of((1.0, 0.5, 0.01)))

    def _items(self, items: list[Tree]) -> list[Tree]:
        chance = self.chance
        if not items:
            pool = self.ideas.literals.texts or self.ideas.literals.numbers
            return [self._one_of(pool)] if pool and chance.random() < 0.5 else items
        at = chance.randrange(len(items))
        match chance.randrange(7):
            case 0:
                return []
            case 1:
                return items[:at] + items[at + 1 :]
            case 2:
                return [*items, _copied(items[at])]
            case 3:
                return items[at:] + items[:at]
            case 4:
                return [*items, self._other(_copied(items[at]), "")]
            case 5:
                length = self.texts.length(_MOST_REPEATED) or 2
                return [_copied(items[place % len(items)]) for place in range(length)]
        return [*items[:at], self._other(items[at], ""), *items[at + 1 :]]

    def _members(self, members: set[Tree]) -> set[Tree]:
        """A set with a member more, less, or another."""
        items = list(members)
        if items and self.chance.random() < 0.3:
            return {*items, self._other(self._one_of(items), "")}
        try:
            return set(self._items(items))
        except TypeError:  # what was put in is nothing that a set can hold
            return members

    def _table(self, table: dict[Any, Tree]) -> dict[Any, Tree]:
        chance = self.chance
        texts = self.ideas.literals.texts
        if table and chance.random() < 0.5:
            gone = self._one_of(list(table))
            return {key: value for key, value in table.items() if key != gone}
        if texts and (not table or all(type(key) is str for key in table)):
            new = self._one_of(texts)
            like = self._one_of(list(table.values())) if table else self._one_of((0, "", None))
            return {**table, new: like if kind_of(like) in ("int", "str", "float", "bool", "NoneType") else 0}
        return table


def _related(part: Part, trees: Mapping[str, Tree], chance: random.Random) -> list[Tree]:
    """What has to do with other arguments, and may stand in a place."""
    kind = type(part.tree)
    found: list[Tree] = []
    for name, tree in trees.items():
        for other in islice(parts(tree, name), _MOST_RELATED):
            if other.role == part.role:
                continue
            value = other.tree
            if kind is str and type(value) is str:
                found += [value, _piece_of(value, chance)]
            elif kind is str and type(value) is dict:
                found += [key for key in value if type(key) is str]
            elif kind in (int, float) and type(value) in (int, float):
                found += [value, value + 1, value - 1]
            elif kind is int and type(value) in (str, list, tuple, dict):
                found += [len(value), len(value) + 1, len(value) - 1]
            elif kind in _COLLECTIONS and type(value) in _ITEMS and is_self_contained(value):
                found += _as_collection(kind, value)
    return found


def _piece_of(text: str, chance: random.Random) -> str:
    """A letter of a text, or some that follow each other."""
    at = int(chance.random() * len(text))
    return text[at : at + (1 if chance.random() < 0.6 else 1 + int(chance.random() * 5))]


def _as_collection(kind: type, value: Tree) -> list[Tree]:
    """What is in another collection, as one of this kind: equal to it, or one item more or less."""
    items = list(value)
    try:
        return [kind(some) for some in (items, items[1:], items[:-1], items[::-1]) if kind is not set or set(some)]
    except TypeError:  # what a set cannot hold
        return []


def _others_of_its_scale(part: Part, trees: Mapping[str, Tree]) -> list[Node]:
    """What a decimal, a date and the like would be if it were equal to what stands elsewhere."""
    found = (other for name, tree in trees.items() for other in islice(parts(tree, name), _MOST_RELATED))
    made = (equal_to(other.tree, part.tree) for other in found if other.role != part.role)
    return [one for one in made if one is not None]


def _copied(tree: Tree) -> Tree:
    """The same once more: what is one object in two places is something else than two."""
    if type(tree) is list:
        return [_copied(one) for one in tree]
    if type(tree) is dict:
        return {key: _copied(one) for key, one in tree.items()}
    return Node(tree.name, tree.args, tree.attributes) if type(tree) is Node else tree
