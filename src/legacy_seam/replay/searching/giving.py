"""What the inputs of a new call stand for, made for it: at a glance, so as cheaply as can be."""

from __future__ import annotations

import marshal
from collections.abc import Sequence
from typing import Any

from legacy_seam.plaindata import dataclass, field
from legacy_seam.replay.batch import Refused
from legacy_seam.replay.inputs import Inputs as Given
from legacy_seam.replay.reading import Reader
from legacy_seam.replay.searching.grafting import CannotGraft, Grafts, differences
from legacy_seam.replay.searching.mutating import Inputs
from legacy_seam.replay.searching.trees import LEAVES, Path, is_self_contained, read, written
from legacy_seam.replay.wire import Job
from legacy_seam.store.errors import BlobDamaged
from legacy_seam.values import Mark, Name, Node, Tree

_OBJECTS = (type(None), Node, Name, Mark)
"""Types of trees that stand for more than built-in data; of what cannot be taken apart there is no tree."""
_VERSION = 2
_MOST_GRAFTED = 25
"""So many calls are given the same object with other parts; who remembers it would not see that they are others."""
_MOST_MISSES = 5
"""How often an object may be found changed after a call, one call after the other, until it is made for each."""


@dataclass(slots=True)
class _Held:
    """An argument of a recorded call.

    tree:    None where it cannot be taken apart, or has to do with other arguments.
    inputs:  what was made of it, if that may be given again; grafts: what was exchanged in it.
    grafted: how often it was given with other parts; missed: how often it was not as it had been.
    """

    text: str
    tree: Tree
    inputs: Given | None = None
    grafts: Grafts = field(default_factory=Grafts)
    grafted: int = 0
    missed: int = 0

    def get(self, reader: Reader) -> Any:
        """What it stands for."""
        is_whole = self.grafts.take_back()
        held = self.inputs
        if held is not None and is_whole and held.are_lasting and self.grafted < _MOST_GRAFTED:
            if held.are_unchanged():
                self.missed = 0
                return held.given[""]
            self.missed += 1
        texts = reader.whole({"": self.text})
        given = reader.read(texts)
        self.grafted = 0
        self.inputs = Given(texts, given) if self.missed <= _MOST_MISSES else None
        return given[""]


class Giving:
    """Makes the inputs of calls that descend from recorded ones.

    Args:
        reader: reads recorded values.
        seeds: the recorded calls.

    origins: their inputs as trees, by their number.
    """

    def __init__(self, reader: Reader, seeds: Sequence[Job]) -> None:
        self.reader, self.seeds = reader, seeds
        self.origins = {number: read(job.arguments) for number, job in enumerate(seeds)}
        self._held: dict[tuple[str, str], _Held] = {}
        self._named: dict[Name, Any] = {}
        self._tried: set[bytes | tuple[str, ...]] = set()

    def texts(self, root: int, made: Inputs) -> dict[str, str] | None:
        """The inputs of a call as texts, those that are as recorded in the words of the recording; None where one
        of them cannot be written.

        Args:
            root: the recorded call that it descends from.
            made: its inputs.
        """
        origin, recorded = self.origins[root], self.seeds[root].arguments
        texts: dict[str, str] = {}
        for name, tree in made.trees.items():
            text = recorded[name] if name in recorded and tree is origin.get(name) else written(tree)
            if text is None:
                return None
            texts[name] = text
        return texts

    def was_tried(self, key: bytes | tuple[str, ...]) -> bool:
        """Was a call made before? From now on it was."""
        before = len(self._tried)
        self._tried.add(key)
        return len(self._tried) == before

    def alive(self, root: int, made: Inputs) -> dict[str, Any] | None:
        """What the inputs of a call stand for, made anew, since it may change them; None where they were tried.

        What is no built-in data is given again as long as nothing in it has changed, with other parts where the
        call is to have other ones.

        Args:
            root: the recorded call that it descends from.
            made: its inputs.
        """
        rest, lasting = self._parted(root, made)
        if len(rest) + len(lasting) < len(self._names(root, made)):
            return self._read(root, made)
        changes = [(name, path, tree) for name, (_, some) in lasting.items() for path, tree in some]
        whole = {name: tree for name, tree in rest.items() if type(tree) is Node and is_self_contained(tree)}
        changes += [(name, (), tree) for name, tree in whole.items()]
        rest = {name: tree for name, tree in rest.items() if name not in whole} if whole else rest
        try:
            told = [(name, path, _packable(tree)) for name, path, tree in changes]
            packed = marshal.dumps((root, rest, made.defaulted, told), _VERSION)
        except ValueError:  # not just built-in data
            return self._read(root, made)
        if self.was_tried(packed):
            return None
        given: dict[str, Any] = marshal.loads(packed)[1]
        try:
            given |= {name: self._made(tree) for name, tree in whole.items()}
            for name, (held, some) in lasting.items():
                given[name] = held.get(self.reader)
                for path, tree in some:
                    held.grafts.put(given[name], path, self._made(tree))
                held.grafted += bool(some)
        except (Refused, BlobDamaged):
            return None
        except CannotGraft:
            return self._as_written(root, made)
        return given

    def _parted(
        self, root: int, made: Inputs
    ) -> tuple[dict[str, Tree], dict[str, tuple[_Held, list[tuple[Path, Tree]]]]]:
        """Inputs that are made anew, and those of which something is given again, with what is other in them."""
        origin, texts = self.origins[root], self.seeds[root].arguments
        rest: dict[str, Tree] = {}
        lasting: dict[str, tuple[_Held, list[tuple[Path, Tree]]]] = {}
        for name in self._names(root, made):
            old, new = origin.get(name), made.trees.get(name)
            if name in texts and type(old) in _OBJECTS and (new is old or type(new) is Node):
                held = self._holds(name, texts[name], old)
                if new is old and (held.tree is not None or "*" not in held.text):
                    lasting[name] = held, []
                    continue
                changes = [] if held.tree is None else list(differences(held.tree, new))
                if changes and changes[0][0] and all(is_self_contained(tree) for _, tree in changes):
                    lasting[name] = held, changes
                    continue
            if name in made.trees:
                rest[name] = new
        return rest, lasting

    def _names(self, root: int, made: Inputs) -> list[str]:
        """The parameters that are given something."""
        names = dict.fromkeys((*self.seeds[root].arguments, *made.trees))
        return [name for name in names if name not in made.defaulted] if made.defaulted else list(names)

    def _holds(self, name: str, text: str, tree: Tree) -> _Held:
        held = self._held.get((name, text))
        if held is None:
            alone = tree if type(tree) is Node and is_self_contained(tree) else None
            held = self._held[name, text] = _Held(text, alone)
        return held

    def _made(self, tree: Tree) -> Any:
        """What one part stands for."""
        if type(tree) in LEAVES:
            return tree
        if type(tree) is Name and tree in self._named:
            return self._named[tree]
        text = written(tree)
        if text is None:
            raise CannotGraft
        made = self.reader.read(self.reader.whole({"": text}))[""]
        if type(tree) is Name:
            self._named[tree] = made
        return made

    def _read(self, root: int, made: Inputs) -> dict[str, Any] | None:
        texts = self.texts(root, made)
        if texts is None or self.was_tried((str(root), *texts.values(), *made.defaulted)):
            return None
        return self._as_written(root, made)

    def _as_written(self, root: int, made: Inputs) -> dict[str, Any] | None:
        texts = self.texts(root, made)
        if texts is None:
            return None
        try:
            given = {**self.seeds[root].arguments, **texts}
            return self.reader.read(self.reader.whole({name: given[name] for name in self._names(root, made)}))
        except (Refused, BlobDamaged):
            return None


def _packable(tree: Tree) -> Tree:
    """What tells a tree from others, as built-in data."""
    kind = type(tree)
    if kind is Node:
        attributes = [(name, _packable(inner)) for name, inner in tree.attributes.items()]
        return Node.__name__, tree.name, [_packable(inner) for inner in tree.args], attributes
    if kind is Name:
        return Name.__name__, tree.name
    if kind is list or kind is tuple:
        return kind(map(_packable, tree))
    if kind is dict:
        return [(_packable(key), _packable(inner)) for key, inner in tree.items()]
    return tree
