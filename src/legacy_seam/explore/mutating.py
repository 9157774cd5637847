"""New calls, made of recorded ones by changing a few parts of them."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from legacy_seam.calls import Call
from legacy_seam.explore.habits import Habits
from legacy_seam.explore.ideas import Ideas
from legacy_seam.explore.trees import Part, parts, read, replaced, written
from legacy_seam.golden.sorts import kind_of
from legacy_seam.record.taken import identity_of
from legacy_seam.values import Name, Node, Tree

_MOST_CHANGES = 4
_LONGEST = 200
_STRANGE = 0.03
"""How often a value is tried of a type that its place has never held."""
_TYPES_OF_STRANGERS: tuple[Any, ...] = (None, 0, "", 1.5, "x", [], True, {})
_MARKS = " \t\n-+.,:;/_#'\"()[]%0123456789aZé"


@dataclass(slots=True)
class Mutator:
    """Makes new calls of old ones.

    Args:
        habits: what recorded calls have in common.
        ideas: values to try.
        chance: all that is left to chance comes from here.
    """

    habits: Habits
    ideas: Ideas
    chance: random.Random

    def child_of(self, call: Call, others: Sequence[Call]) -> Call | None:
        """A call that is like another one but for a part or a few; None where nothing came of it.

        Args:
            call: the one that it is like.
            others: of which parts may be taken over.
        """
        arguments = dict(call.arguments)
        defaulted = list(call.defaulted)
        trees = read(arguments)
        for _ in range(self._how_many()):
            if defaulted and self.chance.random() < 0.2:
                name = self.chance.choice(defaulted)
                if name in self.ideas.hinted:
                    defaulted.remove(name)
                    trees[name] = self.chance.choice(self.ideas.hinted[name])
                    continue
            if others and self.chance.random() < 0.1:
                other = read(self.chance.choice(others).arguments)
                if shared := [name for name in trees if name in other]:
                    name = self.chance.choice(shared)
                    trees[name] = other[name]
                    continue
            if trees:
                self._change(trees)
        for name, tree in trees.items():
            text = written(tree)
            if text is None:
                return None
            arguments[name] = text
        if arguments == call.arguments:
            return None
        return renamed(replace(call, arguments=arguments, defaulted=tuple(defaulted), observed=None))

    def _how_many(self) -> int:
        number = 1
        while number < _MOST_CHANGES and self.chance.random() < 0.35:
            number += 1
        return number

    def _change(self, trees: dict[str, Tree]) -> None:
        name = self.chance.choice(list(trees))
        found = list(parts(trees[name], name))
        leaves = [part for part in found if part.is_leaf or type(part.tree) is Name]
        pick_leaf = leaves and (len(leaves) == len(found) or self.chance.random() < 0.75)
        part = self.chance.choice(leaves if pick_leaf else found)
        trees[name] = replaced(trees[name], part.path, self._instead_of(part, trees))

    def _instead_of(self, part: Part, trees: dict[str, Tree]) -> Tree:
        chance, habit = self.chance, self.habits.roles.get(part.role)
        if chance.random() < _STRANGE and type(part.tree) is not Node:  # nobody calls a method on a number
            return chance.choice(_TYPES_OF_STRANGERS)
        hinted = self.ideas.hinted.get(part.role, ())
        if hinted and chance.random() < 0.2:
            return chance.choice(hinted)
        if habit is not None and habit.keys and chance.random() < 0.5:
            return chance.choice(habit.keys)
        if habit is not None and len(habit.values) > 1 and chance.random() < 0.2:
            return chance.choice(list(habit.values.values()))
        return self._other(part.tree, part.role)

    def _other(self, tree: Tree, role: str) -> Tree:
        kind = type(tree)
        if kind is bool:
            return not tree
        if kind in (int, float):
            return self._number(tree, role)
        if kind is str:
            return self._text(tree)[:_LONGEST]
        if kind is bytes:
            return self._text(tree.decode("latin-1")).encode("latin-1", "replace")[:_LONGEST]
        if kind is list:
            return self._items(tree)
        if kind is tuple:
            return tuple(self._items(list(tree)))
        if kind is dict:
            return self._table(tree)
        if kind is Node or tree is None:
            alike = [value for value in self._values(role) if value is not tree]
            return self.chance.choice(alike) if alike else tree
        return tree

    def _values(self, role: str) -> list[Tree]:
        habit = self.habits.roles.get(role)
        return [] if habit is None else list(habit.values.values())

    def _number(self, number: Any, role: str) -> Any:
        chance, habit = self.chance, self.habits.roles.get(role)
        written_down = self.ideas.literals.numbers or self.ideas.around.numbers
        way = chance.randrange(9)
        if way < 3 and written_down:
            pool = self.ideas.around.numbers if way == 0 and self.ideas.around.numbers else written_down
            return chance.choice(pool)
        if way == 3:
            return -number
        if way == 4:
            return chance.choice((0, 1, 2, 10, 100, 1000, 10**6, 10**12, -1))
        if way == 5 and habit is not None and habit.low < habit.high and abs(habit.high) < 1e15:
            found = chance.uniform(habit.low, habit.high)
            return int(found) if type(number) is int else round(found, 2)
        if way == 6:
            return number * chance.choice((2, 10, 1000)) if abs(number) < 1e15 else 0
        if way == 7 and type(number) is int:
            return number // chance.choice((2, 10)) if abs(number) > 1 else number + chance.randrange(100)
        return number + chance.choice((-1, 1)) * (1 if type(number) is int else chance.choice((1.0, 0.5, 0.01)))

    def _text(self, text: str) -> str:
        chance, ideas = self.chance, self.ideas
        way = chance.randrange(10)
        if way < 3 and ideas.matching:
            found = chance.choice(chance.choice(ideas.matching))
            return found if way else self._edited(found)
        if way < 6:
            pool = ideas.literals.texts if way == 3 or not ideas.around.texts else ideas.around.texts
            if pool:
                return self._joined(text, chance.choice(pool))
        return self._edited(text)

    def _joined(self, text: str, piece: str) -> str:
        """A piece in the place of a text, before it, behind it, or within."""
        way, at = self.chance.randrange(6), self.chance.randint(0, len(text))
        if way < 3:
            return piece
        if way == 3:
            return piece + text
        return text + piece if way == 4 else text[:at] + piece + text[at:]

    def _edited(self, text: str) -> str:
        chance = self.chance
        at = chance.randint(0, len(text))
        upto = min(len(text), at + chance.choice((1, 1, 1, 2, 4)))
        letter = chance.choice(text + _MARKS)
        match chance.randrange(9):
            case 0:
                return text[:at] + letter + text[at:]
            case 1:
                return text[:at] + text[upto:]
            case 2:
                return text[:at] + letter + text[upto:]
            case 3:
                return text[:at] + text[at:upto] * 2 + text[upto:]
            case 4:
                return chance.choice((text.upper(), text.lower(), text.swapcase(), text.title()))
            case 5:
                return chance.choice(("", text.strip(), f" {text} ", text + text, text[::-1]))
            case 6:
                return text[:at] if chance.random() < 0.5 else text[at:]
            case 7:
                digits = [place for place, one in enumerate(text) if one in "0123456789"]
                if digits:
                    place = chance.choice(digits)
                    return text[:place] + chance.choice("0123456789") + text[place + 1 :]
                return text + chance.choice("0123456789")
        return text[:at] + chance.choice(("0", "1", "9", "a", "Z", "é", "\n", ".")) + text[upto:]

    def _items(self, items: list[Tree]) -> list[Tree]:
        chance = self.chance
        if not items:
            pool = self.ideas.literals.texts or self.ideas.literals.numbers
            return [chance.choice(pool)] if pool and chance.random() < 0.5 else items
        at = chance.randrange(len(items))
        match chance.randrange(5):
            case 0:
                return []
            case 1:
                return items[:at] + items[at + 1 :]
            case 2:
                return [*items, items[at]] if type(items[at]) not in (list, dict, Node) else items[: at + 1]
            case 3:
                return items[at:] + items[:at]
        return [*items[:at], self._other(items[at], ""), *items[at + 1 :]]

    def _table(self, table: dict[Any, Tree]) -> dict[Any, Tree]:
        chance = self.chance
        texts = self.ideas.literals.texts
        if table and chance.random() < 0.5:
            gone = chance.choice(list(table))
            return {key: value for key, value in table.items() if key != gone}
        if texts and (not table or all(type(key) is str for key in table)):
            new = chance.choice(texts)
            like = chance.choice(list(table.values())) if table else chance.choice((0, "", None))
            return {**table, new: like if kind_of(like) in ("int", "str", "float", "bool", "NoneType") else 0}
        return table


def renamed(call: Call) -> Call:
    """A call under the identity that a recording of the same inputs would give it."""
    how = {f"step {n}": f"{step.kind} {step.times} {step.text}" for n, step in enumerate(call.driven)}
    told = {
        f"answer {n}": f"{answer.question} {answer.form} {answer.text}" for n, answer in enumerate(call.answers)
    }
    inputs = (call.arguments, call.closure, call.state, *filter(None, (how, told)))
    return replace(call, identity=identity_of(call.target, *inputs))
