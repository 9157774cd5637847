"""Texts as trees of plain data: what they say, with nothing made of it.

Built-in data stands for itself (`None`, numbers, strings, lists, dicts, sets, ranges ..). The rest is here. A tree
is not changed once it is made.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from legacy_seam.plaindata import dataclass

Tree: TypeAlias = Any
"""Built-in data, or `Node`, `Name`, `Mark`, `Reference`; and containers of such."""


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """`name(arg, attribute=arg)`. Two nodes are equal only if they are the same: they may be keys of a dict."""

    name: str
    args: tuple[Tree, ...]
    attributes: Mapping[Any, Tree]


@dataclass(frozen=True, slots=True)
class Name:
    """A function, a class, a member of an enumeration, a stream: `module:Colour.RED`."""

    name: str


@dataclass(frozen=True, slots=True, eq=False)
class Mark:
    """`&1 [..]`: a container to which others refer."""

    number: str
    tree: Tree


@dataclass(frozen=True, slots=True)
class Reference:
    """`*1` or `*name`: the same object as the one that is marked so, or the root of that name."""

    target: str


@dataclass(frozen=True, slots=True)
class Parsed:
    """A text that was read.

    tree:  what it says.
    woven: `id` of each container (nodes included) that holds anything but plain built-in data.
    marks: number -> what is marked with it.
    """

    tree: Tree
    woven: frozenset[int]
    marks: Mapping[str, Tree]


def with_parts(tree: Tree, changed: Callable[[Tree], Tree]) -> Tree:
    """The same tree with other parts.

    Args:
        tree: what is taken apart, one step deep.
        changed: gives what stands in the place of a part.

    >>> with_parts([1, (2,)], lambda part: part if type(part) is int else None)
    [1, None]
    """
    match tree:
        case Mark():
            return Mark(tree.number, changed(tree.tree))
        case Node():
            attributes = {name: changed(value) for name, value in tree.attributes.items()}
            return Node(tree.name, tuple(map(changed, tree.args)), attributes)
        case dict():
            return {changed(key): changed(value) for key, value in tree.items()}
        case list() | tuple() | set() | frozenset():
            return type(tree)(map(changed, tree))
    return tree
