"""Whether a call that was glanced at seems to show something that no call before it has shown.

It is told from live values, in microseconds. That may be wrong either way in rare cases: what seems to be new is
replayed, and judged by its text.
"""

from __future__ import annotations

import marshal
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from legacy_seam.calls import Effect
from legacy_seam.plaindata import dataclass, field
from legacy_seam.replay.performing import Performance
from legacy_seam.replay.searching.edges import Edges
from legacy_seam.replay.searching.trees import LEAVES
from legacy_seam.values import Node, Tree, fingerprint
from legacy_seam.values.anatomy import attributes_of
from legacy_seam.values.sorts import SAID, sort_of

MOST_ON_A_PATH = 4
"""So many different values are kept of calls that take the same branches."""
_NO_OUTCOME = ("unanswered", "ended")
"""Kinds of effect of calls that say nothing."""
_NUMBERS = (int, float)
_TEXTS = (str, bytes)
_TABLES = (list, dict)
_NOTHING = object()
_COLLECTIONS = (list, tuple, set, frozenset)
_arguments_of: Any = BaseException.args.__get__  # type: ignore[attr-defined]  # whatever a subclass makes of it


@dataclass(frozen=True, slots=True)
class Shown:
    """What a call shows: the sort of its outcome and, where it is told apart from others by that, its value.

    is_familiar: its inputs are such as the program may get, as far as anything is known of that.
    """

    sort: str
    value: int | None
    is_familiar: bool = True


def _always(inputs: Mapping[str, Tree]) -> bool:
    return True


@dataclass(slots=True)
class Novelty:
    """All that calls have shown so far.

    What was shown by an input of which nothing speaks is new once more where one shows it that the program may get:
    a branch that is reached by a dict in the place of a text would hide the text that reaches it.

    branches: that were taken; sorts: of outcomes; values: keys of what was given back.
    variety:  so many calls more are new by nothing but another value, and so many of each path (`varied`).
    edges:    the least and the most that inputs were on each path.
    familiar_branches, familiar_sorts: those that inputs have shown which the program may get.
    is_familiar: tells which ones these are.
    """

    branches: set[int] = field(default_factory=set)
    sorts: set[str] = field(default_factory=set)
    values: set[int] = field(default_factory=set)
    variety: int = 0
    varied: Counter[frozenset[int]] = field(default_factory=Counter)
    edges: Edges = field(default_factory=Edges)
    familiar_branches: set[int] = field(default_factory=set)
    familiar_sorts: set[str] = field(default_factory=set)
    is_familiar: Callable[[Mapping[str, Tree]], bool] = _always

    def seems_new(
        self,
        branches: Collection[int],
        done: Performance,
        inputs: Mapping[str, Tree] = MappingProxyType({}),
        given: Mapping[str, object] = MappingProxyType({}),
    ) -> Shown | None:
        """What a call shows, if any of that is new; from then on it is not.

        Args:
            branches: that it takes.
            done: how it ended.
            inputs: its arguments; given: what was made of them, as it is now.
        """
        if done.used is not None:
            return None
        has_room = done.raised is None and self._has_room(branches)
        told = (done.returned, tuple(done.items or ()), *changed(inputs, given)) if has_room else ()
        value = hash(fingerprint(told)) if has_room else None
        return self._if_new(branches, Shown(sort_at_a_glance(done), value), inputs, done.raised is not None)

    def tells_new(
        self,
        branches: Collection[int],
        effects: Sequence[Effect],
        inputs: Mapping[str, Tree] = MappingProxyType({}),
    ) -> Shown | None:
        """The same of a call that was replayed: all that is visible of it counts.

        Args:
            branches: that it takes.
            effects: what came of it.
            inputs: its arguments.
        """
        kinds = {one.kind for one in effects}
        if not kinds.isdisjoint(_NO_OUTCOME):
            return None
        has_room = "raised" not in kinds and self._has_room(branches)
        value = hash(tuple((one.kind, one.place, one.text) for one in effects)) if has_room else None
        shown = Shown("; ".join(map(sort_of, effects))[:300], value)
        return self._if_new(branches, shown, inputs, "raised" in kinds)

    def take(self, branches: Iterable[int], shown: Shown) -> None:
        """A call has shown that."""
        self.branches.update(branches)
        self.sorts.add(shown.sort)
        if shown.is_familiar:
            self.familiar_branches.update(branches)
            self.familiar_sorts.add(shown.sort)
        if shown.value is not None and shown.value not in self.values:
            self.values.add(shown.value)
            self.varied[frozenset(branches)] += 1
            self.variety -= 1

    def _if_new(
        self, branches: Collection[int], shown: Shown, inputs: Mapping[str, Tree], has_failed: bool
    ) -> Shown | None:
        is_new = (
            shown.sort not in self.sorts
            or not self.branches.issuperset(branches)
            or (shown.value is not None and shown.value not in self.values)
        )
        if not has_failed and self.edges.take(branches, inputs):
            is_new = True
        is_new_here = shown.sort not in self.familiar_sorts or not self.familiar_branches.issuperset(branches)
        if not is_new and not is_new_here:
            return None
        is_familiar = self.is_familiar(inputs)
        if not is_new and not is_familiar:
            return None
        shown = Shown(shown.sort, shown.value, is_familiar)
        self.take(branches, shown)
        return shown

    def _has_room(self, branches: Collection[int]) -> bool:
        """May a call be new by nothing but its value?"""
        return self.variety > 0 and self.varied[frozenset(branches)] < MOST_ON_A_PATH


def changed(inputs: Mapping[str, Tree], given: Mapping[str, Any]) -> list[object]:
    """What a call has made of its inputs, as far as a glance shows it: lists and tables of built-in data, and what
    lies in attributes of objects. No code of the program runs.

    Args:
        inputs: as they were; given: what was made of them, as it is now.

    >>> changed({"rows": [1], "more": [2]}, {"rows": [1, 5], "more": [2]})
    ['rows', [1, 5]]
    """
    found: list[object] = []
    for name, tree in inputs.items():
        kind, now = type(tree), given.get(name)
        if kind in _TABLES and type(now) is kind:
            try:
                if marshal.dumps(now, 2) != marshal.dumps(tree, 2):
                    found += name, now
            except ValueError:  # not just built-in data
                continue
        elif kind is Node and not tree.args:
            for key, value in attributes_of(now).items():
                before = tree.attributes.get(key, _NOTHING)
                if type(value) in LEAVES and (type(before) in LEAVES or before is _NOTHING) and value != before:
                    found += name, key, value
    return found


def sort_at_a_glance(done: Performance) -> str:
    """The sort of an outcome: the same for outcomes that differ in their numbers and texts only.

    >>> sort_at_a_glance(Performance(returned=(-5,))), sort_at_a_glance(Performance(raised=KeyError("a")))
    ('-int', 'KeyError #')
    """
    if done.raised is not None:
        said = [one for one in _arguments_of(done.raised) if type(one) is str]
        told = [SAID.sub("#", one) if " " in one else "#" for one in said]
        return f"{type(done.raised).__qualname__} {', '.join(told)}"[:300]
    items = "" if done.items is None else f"items {bool(done.items)} {done.whole} "
    return items + (_sort_of(done.returned[0]) if done.returned is not None else "")


def _sort_of(value: Any) -> str:
    kind = type(value)
    if value is None or kind is bool:
        return str(value)
    if kind in _NUMBERS:
        return f"{'0' if value == 0 else '-' if value < 0 else '+'}{kind.__name__}"
    if kind in _TEXTS:
        return kind.__name__ if value else f"no {kind.__name__}"
    if kind is dict:
        return str(sorted({repr(key) if type(key) is str else type(key).__qualname__ for key in value}))
    if kind in _COLLECTIONS:
        return f"{kind.__name__} {sorted({type(one).__qualname__ for one in value})}"
    return kind.__qualname__
