"""The inputs of a recorded call as one flat row: what slices, drift and models look at.

Texts are read as trees; no value is made, and no class of the program is needed. The rules:

- a key of a dict or an attribute of an object goes on with a dot (`account.days`);
- of a list, tuple or set there is its length (`lines.length`), and its items where it is a tuple (`pair[0]`);
- a number, a text, a truth value and None are themselves; `Decimal`, `timedelta` and numpy scalars are numbers;
- a date or an instant, also one written as text (`2026-02-28`), is its text, and its `year`, `month`, `day` and
  `weekday` (0 is Monday) beside it;
- what two places share is told at the first; what has no such form is the name of its type.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping, Set
from typing import Any, TypeAlias

from legacy_seam.values.notation import NotationError
from legacy_seam.values.reading import parse
from legacy_seam.values.tree import Mark, Name, Node, Reference

Value: TypeAlias = str | int | float | bool | None

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}(?:[T ].*)?")
_DEEPEST = 12


def flatten(texts: Mapping[str, str]) -> dict[str, Value]:
    """The flat row of the inputs of a call.

    Args:
        texts: parameter -> text in the notation.

    >>> flatten({"account": "{'days': 3, 'lines': [1, 2]}", "scale": "Decimal('1.5')"})
    {'account.days': 3, 'account.lines.length': 2, 'scale': 1.5}
    """
    row: dict[str, Value] = {}
    for name, text in texts.items():
        try:
            row.update(_flat(name, parse(text), 0))
        except NotationError:
            row[name] = text
    return row


def _flat(path: str, tree: Any, depth: int) -> Iterator[tuple[str, Value]]:
    if isinstance(tree, Mark):
        tree = tree.tree
    if tree is None or isinstance(tree, (bool, int, float)):
        yield path, tree
    elif isinstance(tree, str):
        yield path, tree
        yield from _parts_of_a_date(path, tree)
    elif isinstance(tree, Name):
        yield path, tree.name.rpartition(":")[2]
    elif isinstance(tree, Reference) or depth > _DEEPEST:
        return
    elif isinstance(tree, Mapping):
        for key, item in tree.items():
            if isinstance(key, (str, int)):
                yield from _flat(f"{path}.{key}", item, depth + 1)
    elif isinstance(tree, (list, tuple, Set)):
        yield f"{path}.length", len(tree)
        if isinstance(tree, tuple):
            for place, item in enumerate(tree):
                yield from _flat(f"{path}[{place}]", item, depth + 1)
    elif isinstance(tree, Node):
        yield from _of_node(path, tree, depth)
    else:
        yield path, type(tree).__name__


def _of_node(path: str, node: Node, depth: int) -> Iterator[tuple[str, Value]]:
    plain = _plain(node)
    if plain is not None:
        yield from _flat(path, plain, depth)
        return
    if not node.args and not node.attributes:
        yield path, node.name
    for place, item in enumerate(node.args):
        yield from _flat(path if len(node.args) == 1 else f"{path}[{place}]", item, depth + 1)
    for name, item in node.attributes.items():
        yield from _flat(f"{path}.{name}", item, depth + 1)


def _plain(node: Node) -> Value:
    """What a node is in plain data; None where it is not."""
    try:
        if node.name in ("date", "datetime"):
            numbers = [one for one in node.args if isinstance(one, int)]
            return str(getattr(datetime, node.name)(*numbers).isoformat())
        if node.name == "timedelta":
            return datetime.timedelta(**node.attributes).total_seconds()
        if node.name == "Decimal":
            return float(node.args[0])
    except (TypeError, ValueError, IndexError):
        return None
    is_scalar = (
        node.name.startswith("numpy:") and len(node.args) == 1 and isinstance(node.args[0], (int, float, str))
    )
    return node.args[0] if is_scalar else None


def _parts_of_a_date(path: str, text: str) -> Iterator[tuple[str, Value]]:
    if not _DATE.fullmatch(text):
        return
    try:
        day = datetime.date.fromisoformat(text[:10])
    except ValueError:
        return
    yield from ((f"{path}.{part}", getattr(day, part)) for part in ("year", "month", "day"))
    yield f"{path}.weekday", day.weekday()
