"""What recorded values have in common, part by part: types, ranges, alphabets, and what refers to what.

A part is known by its role (`order['lines'][].price`), wherever in how many calls it was met.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from legacy_seam.plaindata import dataclass, field
from legacy_seam.replay.searching.trees import LEAVES, parts, read
from legacy_seam.values import Name, Node, Tree, encode
from legacy_seam.values.sorts import kind_of

_MOST_VALUES = 60


@dataclass(slots=True)
class Habit:
    """What was met in one role.

    kinds:   names of types (`int`, `str`, `shop:Order`).
    values:  different ones, with their texts; so many at most.
    low, high: of its numbers.
    longest: of its texts, in characters; letters: all that stood in them.
    keys:    keys of dicts elsewhere in the call, where its values were always among those.
    always:  keys that all of its dicts have.
    """

    kinds: set[str] = field(default_factory=set)
    values: dict[str, Tree] = field(default_factory=dict)
    low: float = float("inf")
    high: float = float("-inf")
    longest: int = 0
    letters: set[str] = field(default_factory=set)
    keys: list[Tree] | None = None
    always: frozenset[Tree] | None = None

    def take(self, tree: Tree, text: str | None) -> None:
        """Take note of a value."""
        self.kinds.add(kind_of(tree))
        if text is not None and len(self.values) < _MOST_VALUES:
            self.values.setdefault(text, tree)
        if type(tree) in (int, float):
            self.low, self.high = min(self.low, tree), max(self.high, tree)
        elif type(tree) is str:
            self.longest = max(self.longest, len(tree))
            self.letters.update(tree[:1000])
        elif type(tree) is dict:
            self.always = frozenset(tree) if self.always is None else self.always & frozenset(tree)


@dataclass(slots=True)
class Habits:
    """What was met in all roles of the calls of a target.

    >>> habits = Habits.of([{"late": "3", "tier": "'G'"}, {"late": "40", "tier": "'S'"}])
    >>> habits.roles["late"].low, habits.roles["late"].high, sorted(habits.roles["tier"].letters)
    (3, 40, ['G', 'S'])
    """

    roles: dict[str, Habit] = field(default_factory=dict)

    @classmethod
    def of(cls, calls: Iterable[Mapping[str, str]]) -> Habits:
        """Learn from the arguments of calls."""
        habits = cls()
        for arguments in calls:
            habits._take_call(read(arguments))
        return habits

    def _take_call(self, trees: Mapping[str, Tree]) -> None:
        found = [part for name, tree in trees.items() for part in parts(tree, name)]
        tables = [list(part.tree) for part in found if type(part.tree) is dict and part.tree]
        for part in found:
            first = part.role not in self.roles
            habit = self.roles.setdefault(part.role, Habit())
            habit.take(part.tree, encode(part.tree) if type(part.tree) in (*LEAVES, Name, Node) else None)
            if type(part.tree) in (int, str):
                keys = next((table for table in tables if part.tree in table), None)
                if first:
                    habit.keys = keys
                elif habit.keys is not None:
                    habit.keys = None if keys is None else list(dict.fromkeys([*habit.keys, *keys]))
