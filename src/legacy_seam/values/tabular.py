"""Trees of arrays and tables read as columns of cells, be they written by row, by column or as bytes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import prod

from legacy_seam.values.kinds.cells import elements, unpacked, zoned_moment
from legacy_seam.values.tree import Mark, Name, Node, Tree

ARRAYS = frozenset({"np.array", "np.ma.array", "pd.array", "pd.Index", "pl.Series"})
TABLES = frozenset({"pd.DataFrame", "pd.Series", "pl.DataFrame"})
_CONTENT = frozenset(["dtype", "shape", "head", "base64", "nulls", "numbers", "missing", "codes", "mask"])


class Unfamiliar(Exception):
    """Nobody wrote it so with `encode`."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table, or all of an array.

    label: None for an array or a series.
    mask:  which cells say nothing.
    """

    dtype: Tree
    cells: Sequence[Tree]
    shape: tuple[int, ...]
    label: Tree = None
    mask: Sequence[bool] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """Columns and the labels of their rows. `rest` is what else is told of it, by name."""

    columns: Sequence[Column]
    rows: Sequence[Tree]
    rest: Mapping[str, Tree] = field(default_factory=dict)
    is_numbered: bool = False


def rest_of(node: Node) -> dict[str, Tree]:
    """What an array is told to have beside its cells."""
    return {key: tree for key, tree in node.attributes.items() if key not in _CONTENT}


def column_of(node: Tree, label: Tree = None) -> Column:
    """The cells of an array, whichever way they are written."""
    node = node.tree if type(node) is Mark else node
    if type(node) is not Node or node.name not in (*ARRAYS, *TABLES):
        raise Unfamiliar
    known = node.attributes
    dtype = known["dtype"]
    if "base64" in known:
        shape = known["shape"]
        cells = _from_bytes(dtype, unpacked(known["base64"]), prod(shape))
        if "nulls" in known:
            cells = [None if gone else cell for cell, gone in zip(cells, unpacked(known["nulls"]), strict=True)]
    elif "numbers" in known:
        cells = _from_numbers(node)
        shape = (len(cells),)
    elif "codes" in known:
        names = column_of(dtype.args[0]).cells
        cells = [names[code] if code >= 0 else float("nan") for code in column_of(known["codes"]).cells]
        shape = (len(cells),)
    else:
        (content,) = node.args
        shape = known["shape"] if "shape" in known else _shape(content, dtype)
        cells = _flat(content, len(shape)) if prod(shape) else []
    mask = column_of(known["mask"]).cells if "mask" in known else ()
    if prod(shape) != len(cells) or (mask and len(mask) != len(cells)):
        raise Unfamiliar
    return Column(dtype, cells, tuple(shape), label, mask)


def _from_bytes(dtype: Tree, content: bytes, count: int) -> list[Tree]:
    try:
        return elements(dtype, content)
    except ValueError:
        size = len(content) // count
        return [content[at : at + size] for at in range(0, len(content), size)]


def _from_numbers(node: Node) -> list[Tree]:
    numbers = column_of(node.attributes["numbers"]).cells
    if "missing" not in node.attributes:
        return list(map(zoned_moment, numbers))
    missing = column_of(node.attributes["missing"]).cells
    return [_NOT_AVAILABLE if gone else number for number, gone in zip(numbers, missing, strict=True)]


_NOT_AVAILABLE = Name("pd.NA")


def _shape(content: Tree, dtype: Tree) -> tuple[int, ...]:
    shape: list[int] = []
    while type(content) is list and not (shape and dtype == "object"):
        shape.append(len(content))
        content = content[0] if content else None
    return tuple(shape)


def _flat(content: Tree, axes: int) -> list[Tree]:
    items = [content]
    for _ in range(axes):
        items = [item for row in items for item in row]
    return items


# --------------------------------------------------------------------------------------------------- tables


def table_of(node: Node) -> Table:
    """The columns of a frame or a series, whichever way it is written."""
    known = dict(node.attributes)
    if node.name == "pd.Series":
        index = known.pop("index", None)
        column = column_of(node)
        rest = {key: tree for key, tree in known.items() if key not in _CONTENT}
        return Table([column], *_axis(index, len(column.cells), rest))
    if "arrays" in known:
        held = known.pop("arrays")
        labels = list(held) if type(held) is dict else _labels(known.pop("columns"))
        trees = list(held.values()) if type(held) is dict else held
        columns = [column_of(tree, label) for tree, label in zip(trees, labels, strict=True)]
        return Table(columns, *_axis(known.pop("index", None), len(columns[0].cells) if columns else 0, known))
    (rows,) = node.args
    names = known.pop("columns")
    types = known.pop("dtypes", None)
    labels, types = (list(names), list(names.values())) if type(names) is dict else (_labels(names), types)
    cells = list(rows.values()) if type(rows) is dict else rows
    columns = [
        Column(dtype, [row[at] for row in cells], (len(cells),), label)
        for at, (label, dtype) in enumerate(zip(labels, types, strict=True))
    ]
    if type(rows) is dict:
        rest = {key.replace("index_", "index."): tree for key, tree in known.items()}
        return Table(columns, list(rows), rest)
    return Table(columns, *_axis(known.pop("index", None), len(rows), known))


def _axis(index: Tree, count: int, rest: Mapping[str, Tree]) -> tuple[Sequence[Tree], dict[str, Tree], bool]:
    """Labels of the rows; what is told of the index is put to the rest; whether the rows are only numbered."""
    if index is None:
        return range(count), dict(rest), True
    node = index.tree if type(index) is Mark else index
    told = {f"index.{key}": tree for key, tree in rest_of(node).items() if key != "levels"}
    if "dtype" in node.attributes:
        told["index.dtype"] = node.attributes["dtype"]
    return _labels(node), {**rest, **told}, False


def _labels(index: Tree) -> list[Tree]:
    node = index.tree if type(index) is Mark else index
    if node.name == "pd.RangeIndex":
        return list(range(*node.args))
    if node.name != "pd.MultiIndex":
        return list(column_of(node).cells)
    if node.args:
        return list(node.args[0])
    levels = [_labels(level) for level in node.attributes["levels"]]
    codes = [column_of(one).cells for one in node.attributes["codes"]]
    return [
        tuple(level[code] if code >= 0 else float("nan") for level, code in zip(levels, row, strict=True))
        for row in zip(*codes, strict=True)
    ]
