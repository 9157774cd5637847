"""The parts of a recorded value, and the same value with a part of it replaced.

Values are trees in the notation of `legacy_seam.values`: nothing of the program is built or run to take one apart,
so whatever can be recorded can be changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal, TypeAlias

from legacy_seam.plaindata import dataclass
from legacy_seam.replay.searching.scales import is_on_scale
from legacy_seam.values import Mark, NotationError, Tree, encode, parse
from legacy_seam.values.tree import Name, Node

Step: TypeAlias = tuple[Literal["item", "key", "argument", "attribute", "mark"], Any]
Path: TypeAlias = tuple[Step, ...]

LEAVES = (type(None), bool, int, float, str, bytes)
_MOST_PARTS = 400
_MOST_ITEMS = 30


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a value.

    path: where it stands.
    role: the same for parts that mean the same: `order['lines'][].price`.
    tree: what stands there.
    """

    path: Path
    role: str
    tree: Tree

    @property
    def is_leaf(self) -> bool:
        """Is it a number, a text, a truth value, None; a decimal, a date?"""
        return type(self.tree) in LEAVES or is_on_scale(self.tree)


def parts(tree: Tree, role: str) -> Iterator[Part]:
    """A value and all parts of it, the outer ones first; of a large one only the beginning.

    >>> [(part.role, part.tree) for part in parts([{"a": 1}], "rows")][1:]
    [('rows[]', {'a': 1}), ("rows[]['a']", 1)]
    """
    waiting, number = [Part((), role, tree)], 0
    while waiting and number < _MOST_PARTS:
        part = waiting.pop(0)
        number += 1
        yield part
        waiting += [Part((*part.path, step), part.role + name, inner) for step, name, inner in _inside(part.tree)]


def _inside(tree: Tree) -> Iterator[tuple[Step, str, Tree]]:
    if type(tree) in (list, tuple):
        for place, inner in enumerate(tree[:_MOST_ITEMS]):
            yield ("item", place), "[]" if type(tree) is list else f"[{place}]", inner
    elif type(tree) is dict:
        for key, inner in list(tree.items())[:_MOST_ITEMS]:
            yield ("key", key), f"[{key!r}]" if type(key) is str else "[]", inner
    elif type(tree) is Node and not is_on_scale(tree):
        for place, inner in enumerate(tree.args):
            yield ("argument", place), f".{tree.name}({place})", inner
        for name, inner in tree.attributes.items():
            yield ("attribute", name), f".{name}", inner
    elif type(tree) is Mark:
        yield ("mark", None), "", tree.tree


def replaced(tree: Tree, path: Path, new: Tree) -> Tree:
    """The same value with another part at a path; the value itself stays as it is.

    >>> replaced({"a": [1, 2]}, (("key", "a"), ("item", 1)), 5)
    {'a': [1, 5]}
    """
    if not path:
        return new
    (kind, place), rest = path[0], path[1:]
    if kind == "item":
        items = list(tree)
        items[place] = replaced(items[place], rest, new)
        return items if type(tree) is list else tuple(items)
    if kind == "key":
        return {key: replaced(inner, rest, new) if key == place else inner for key, inner in tree.items()}
    if kind == "argument":
        args = list(tree.args)
        args[place] = replaced(args[place], rest, new)
        return Node(tree.name, tuple(args), tree.attributes)
    if kind == "attribute":
        changed = replaced(tree.attributes[place], rest, new)
        return Node(tree.name, tree.args, {**tree.attributes, place: changed})
    return Mark(tree.number, replaced(tree.tree, rest, new))


def read(texts: Mapping[str, str]) -> dict[str, Tree]:
    """Those of some texts that can be taken apart, as trees."""
    trees: dict[str, Tree] = {}
    for name, text in texts.items():
        try:
            trees[name] = parse(text)
        except NotationError:  # pieces of it lie elsewhere
            continue
    return trees


def is_self_contained(tree: Tree) -> bool:
    """Is there nothing in it to which others refer, and nothing that refers to others?

    >>> is_self_contained([1, (2,), {3}]), is_self_contained(parse("[&1 [], *1]"))
    (True, False)
    """
    waiting = [tree]
    while waiting:
        one = waiting.pop()
        kind = type(one)
        if kind is list or kind is tuple or kind is set:
            waiting += one
        elif kind is dict:
            waiting += one
            waiting += one.values()
        elif kind is Node:
            waiting += one.args
            waiting += one.attributes.values()
        elif kind not in LEAVES and kind is not Name:
            return False
    return True


def written(tree: Tree) -> str | None:
    """A tree in the notation; None where it cannot be written."""
    try:
        return encode(tree)
    except (ValueError, RecursionError):
        return None


def as_tree(value: object) -> Tree:
    """A live value of the standard library as a tree."""
    return parse(encode(value))
