"""Texts as trees of plain data: what they say, with nothing made of it.

Built-in data stands for itself (`None`, numbers, strings, lists, dicts, sets, ranges ..). The rest is here. A tree
is not changed once it is made.
"""

from __future__ import annotations

from collections.abc import Mapping
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
