"""How close a found input is to what was recorded: nobody should pin by accident what nobody would ever send."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias

from legacy_seam.replay.searching.habits import Habits
from legacy_seam.replay.searching.trees import Part, parts
from legacy_seam.values import Tree, encode
from legacy_seam.values.sorts import kind_of

Familiarity: TypeAlias = Literal["recorded-like", "plausible", "outside"]
"""recorded-like: each part of it has a type that was recorded there, and lies within the range, the length and the
               letters that were.
plausible:     the types are those that were recorded or that hints speak of; a value goes beyond what was met, or a
               key is missing that always was there.
outside:       some part has a type that nothing speaks of, or stands where nothing ever stood.
"""

_ORDER: tuple[Familiarity, ...] = ("recorded-like", "plausible", "outside")
_NUMBERS = frozenset({"int", "float"})


def familiarity(inputs: Mapping[str, Tree], habits: Habits, hinted: Habits) -> Familiarity:
    """Say how close the inputs of a call are to the recorded ones.

    Args:
        inputs: its arguments.
        habits: what recorded calls have in common.
        hinted: what type hints and defaults speak of.
    """
    found = (part for name, tree in inputs.items() for part in parts(tree, name))
    return _ORDER[max((_of_part(part, habits, hinted) for part in found), default=0)]


def _of_part(part: Part, habits: Habits, hinted: Habits) -> int:
    habit, kind = habits.roles.get(part.role), kind_of(part.tree)
    if habit is None or (kind not in habit.kinds and not {kind, *habit.kinds} <= _NUMBERS):
        spoken_of = hinted.roles.get(part.role)
        return 1 if spoken_of is not None and kind in spoken_of.kinds else 2
    if type(part.tree) in (int, float):
        return 0 if habit.low <= part.tree <= habit.high else 1
    if type(part.tree) is str:
        is_like = len(part.tree) <= habit.longest and habit.letters.issuperset(part.tree)
        return 0 if is_like or encode(part.tree) in habit.values else 1
    if type(part.tree) is dict and habit.always is not None:
        return 0 if habit.always.issubset(part.tree) else 1
    return 0
