"""Calls that showed something that no call before had shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from legacy_seam.calls import Call, Effect
from legacy_seam.grade.worlds import Met
from legacy_seam.replay.searching.edges import Edges
from legacy_seam.replay.searching.novelty import MOST_ON_A_PATH
from legacy_seam.replay.searching.relations import is_branch, is_step
from legacy_seam.replay.searching.trees import read
from legacy_seam.values.sorts import sort_of

Why = Literal["recorded", "branch", "bound", "outcome", "edge", "variety", "mutant", "step"]
"""What a call is kept for: a new branch; a comparison or condition that came out as in no call before; a new sort
of outcome; an input that is the least or the most of its path; a value unlike the others; a mutant it notices; or
just that it came closer to a bound, so that others may be made of it."""

MOST_VARIETY = 60
"""So many different values that are given back are kept of a target, beyond what is new in them; of each path
`MOST_ON_A_PATH`."""
_MOST_SHAPES = 60
_MOST_FAILURES = 4
"""Sorts of messages of one type of exception that are kept."""
_LONGEST_SHAPE = 300


@dataclass(frozen=True, slots=True)
class Entry:
    """A call, and what came of it.

    branches: that it takes, and what comparisons saw (`legacy_seam.replay.searching.relations`).
    shape: what sort of outcome it was.
    new:   of the branches, those that no call before had taken.
    """

    call: Call
    branches: frozenset[int]
    effects: tuple[Effect, ...]
    shape: str
    why: Why
    new: frozenset[int] = frozenset()

    @property
    def size(self) -> int:
        """How much there is to read of its inputs, in characters."""
        return sum(map(len, self.call.arguments.values()))


@dataclass(slots=True)
class Corpus:
    """What is kept of all calls that were tried.

    entries:  in the order in which they came.
    branches: all that were taken by any of them.
    is_familiar: may the program get such a call? What another one has shown is new once more where such a one does.
    """

    entries: list[Entry] = field(default_factory=list)
    branches: set[int] = field(default_factory=set)
    is_familiar: Callable[[Call], bool] = lambda call: True
    _shapes: set[str] = field(default_factory=set)
    _familiar_branches: set[int] = field(default_factory=set)
    _familiar_shapes: set[str] = field(default_factory=set)
    _returned: set[str] = field(default_factory=set)
    _failures: Counter[str] = field(default_factory=Counter)
    _edges: Edges = field(default_factory=Edges)
    _variety: int = 0
    _varied: Counter[frozenset[int]] = field(default_factory=Counter)
    _known: set[str] = field(default_factory=set)

    def is_known(self, call: Call) -> bool:
        """Was a call with the same inputs met before? From now on it was."""
        if call.identity in self._known:
            return True
        self._known.add(call.identity)
        return False

    def take(
        self, call: Call, met: Met, *, recorded: bool = False, notes: frozenset[int] = frozenset()
    ) -> Entry | None:
        """Keep a call if it shows something new.

        Args:
            call: the call.
            met: what came of it.
            notes: what its inputs tell by themselves, beside branches.
            recorded: it is a case already, and is kept whatever it shows.

        Returns:
            the entry; None where it was not kept.
        """
        effects = met.effects
        if effects is None or any(effect.kind in ("unanswered", "ended") for effect in effects):
            return None
        shape, told = shape_of(effects), _told(effects)
        is_at_edge = not is_failure(effects) and self._edges.take(met.branches, read(call.arguments), call.identity)
        met = replace(met, branches=met.branches | notes) if notes else met
        is_familiar = self._shows_more_than_familiar_ones(met, shape) and self.is_familiar(call)
        known = (self._familiar_branches, self._familiar_shapes) if is_familiar else (self.branches, self._shapes)
        why = self._why(met, shape, told, *known) or ("edge" if is_at_edge else None)
        if recorded:
            why = "recorded"
        if why is None:
            return None
        shown = frozenset(one for one in met.branches if not is_step(one))
        entry = Entry(call, shown, effects, shape, why, shown - known[0])
        self.entries.append(entry)
        self.branches |= met.branches
        if shape not in self._shapes and is_failure(effects):
            self._failures[_type_of(shape)] += 1
        self._shapes.add(shape)
        if is_familiar:
            self._familiar_branches |= met.branches
            self._familiar_shapes.add(shape)
        self._returned.add(told)
        if why == "variety":
            self._variety += 1
            self._varied[met.branches] += 1
        return entry

    @property
    def variety_left(self) -> int:
        """So many calls more may be kept for nothing but another value."""
        return max(0, MOST_VARIETY - self._variety)

    def recorded(self) -> list[Entry]:
        """Those that are cases already."""
        return [one for one in self.entries if one.why == "recorded"]

    def telling(self) -> list[Entry]:
        """Those that went another way than all before them, or ended in another."""
        return [one for one in self.entries if one.why in ("branch", "bound", "outcome")]

    def steps(self) -> list[Entry]:
        """Those that are kept for nothing but that others may be made of them."""
        return [one for one in self.entries if one.why == "step"]

    def found(self) -> list[Entry]:
        """Those that nobody recorded; of those that were at an edge, the ones that are so still."""
        at_edges = self._edges.holders()
        return [
            one
            for one in self.entries
            if one.why not in ("recorded", "step") and (one.why != "edge" or one.call.identity in at_edges)
        ]

    def _shows_more_than_familiar_ones(self, met: Met, shape: str) -> bool:
        """Does a call show what no call has shown that the program may get?"""
        return shape not in self._familiar_shapes or not self._familiar_branches.issuperset(met.branches)

    def _why(
        self, met: Met, shape: str, told: str, branches: Collection[int], shapes: Collection[str]
    ) -> Why | None:
        """What a call is kept for, if these branches and sorts of outcome are known."""
        new = met.branches.difference(branches)
        if any(map(is_branch, new)):
            return "branch"
        if not all(map(is_step, new)):
            return "bound"
        is_rare = not is_failure(met.effects or ()) or self._failures[_type_of(shape)] < _MOST_FAILURES
        if shape not in shapes and len(self._shapes) < _MOST_SHAPES and is_rare:
            return "outcome"
        has_room = self._variety < MOST_VARIETY and self._varied[met.branches] < MOST_ON_A_PATH
        if has_room and told not in self._returned and not is_failure(met.effects or ()):
            return "variety"
        return "step" if new else None


def is_failure(effects: Iterable[Effect]) -> bool:
    """Did an exception leave the call?"""
    return any(effect.kind == "raised" for effect in effects)


def shape_of(effects: Sequence[Effect]) -> str:
    """What sort of outcome that is: the same for outcomes that differ in numbers and texts only.

    >>> shape_of([Effect("raised", "", "ValueError('no number: x7')")])
    "raised : ValueError('no number: #')"
    """
    return "; ".join(map(sort_of, effects))[:_LONGEST_SHAPE]


def end_of(effects: Iterable[Effect]) -> str:
    """In which way a call ends: the exception, or that there is none, and what it does besides, and where.

    Which file is written, and which item of a list or table is changed, is a matter of inputs and no other way.

    >>> end_of([Effect("raised", "", "ValueError('no number: x7')"), Effect("wrote", "a.txt", "'x'")])
    'raised ValueError; wrote'
    >>> end_of([Effect("changed", "shop:STOCK['tea']", "3"), Effect("changed", "shop:STOCK['cup']", "1")])
    'changed shop:STOCK'
    """
    return "; ".join(dict.fromkeys(map(_way, effects)))


def _way(effect: Effect) -> str:
    match effect.kind:
        case "raised":
            return f"raised {_type_of(effect.text)}"
        case "changed":
            return f"changed {effect.place.partition('[')[0]}"
        case "printed":
            return f"printed {effect.place}"
    return effect.kind


def _type_of(shape: str) -> str:
    """The type of an exception, by its text or its shape."""
    return shape.partition("(")[0]


def _told(effects: Iterable[Effect]) -> str:
    return "\n".join(f"{one.kind} {one.place} {one.text}" for one in effects)
