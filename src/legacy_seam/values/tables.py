"""Where two arrays or two tables part: their type, their shape, their labels, and the cells that differ.

Both are read from their texts, whether these have the cells or their bytes, so that a changed cell is one
difference whatever the size of the table: `returned.loc['A17']['score']`, `returned[3][0]`. Where the types of
elements differ, cells are compared as numbers: the type is the difference then, not every cell.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import product
from typing import Any, TypeAlias

from legacy_seam.calls import MISSING, Difference
from legacy_seam.values.tabular import ARRAYS, TABLES, Column, Table, Unfamiliar, column_of, rest_of, table_of
from legacy_seam.values.tree import Node, Tree
from legacy_seam.values.writing import encode

Found: TypeAlias = "Iterator[Difference | tuple[str, Tree, Tree]]"
Same: TypeAlias = Callable[[Tree, Tree], bool]

_PLAIN = frozenset({float, int, str, bool, bytes, complex})
_NUMBERS = frozenset({float, int, bool})


def differences_of_cells(path: str, old: Node, new: Node, same: Same, alignment: Any) -> Found | None:
    """The places where two arrays or tables of one sort part; None where the two are neither.

    Args:
        path: of both.
        old, new: their trees.
        same: are two parts of the trees the same?
        alignment: puts stretches of two lists of numbers beside each other (`comparing`).
    """
    try:
        if old.name in ARRAYS:
            return _arrays(path, old, new, same)
        if old.name in TABLES:
            return _tables(path, table_of(old), table_of(new), same, alignment)
    except (Unfamiliar, ValueError, TypeError, KeyError, IndexError, AttributeError):
        pass  # written by hand, perhaps: it is compared as it stands
    return None


# --------------------------------------------------------------------------------------------------- arrays


def _arrays(path: str, old: Node, new: Node, same: Same) -> Found:
    before, after = column_of(old), column_of(new)
    return _array_differences(path, before, after, rest_of(old), rest_of(new), same)


def _array_differences(
    path: str, old: Column, new: Column, old_rest: Mapping[str, Tree], new_rest: Mapping[str, Tree], same: Same
) -> Found:
    yield from _attributes(path, old_rest, new_rest, same)
    yield f"{path}.dtype", old.dtype, new.dtype
    if old.shape != new.shape:
        yield Difference(f"{path} (shape)", encode(old.shape), encode(new.shape))
        return
    places = product(*map(range, old.shape))
    if old.mask or new.mask:
        yield from _masks(path, old, new)
    for at, place in enumerate(places):
        if not _cells_same(old, new, at, at, same):
            yield from _cell(path + "".join(f"[{step}]" for step in place), old, new, at, same)


def _masks(path: str, old: Column, new: Column) -> Found:
    for at, place in enumerate(product(*map(range, old.shape))):
        before, after = (bool(one.mask) and one.mask[at] for one in (old, new))
        if before != after:
            yield Difference(f"{path}.mask" + "".join(f"[{step}]" for step in place), str(before), str(after))


def _attributes(path: str, old: Mapping[str, Tree], new: Mapping[str, Tree], same: Same) -> Found:
    for key in {**old, **new}:
        if key in old and key in new:
            yield f"{path}.{key}", old[key], new[key]
        else:
            yield Difference(f"{path}.{key}", _text(old, key), _text(new, key))


def _text(attributes: Mapping[str, Tree], key: str) -> str:
    return encode(attributes[key], width=None) if key in attributes else MISSING


def _cell(path: str, old: Column, new: Column, at: int, same: Same) -> Found:
    """One cell that differs; of a record, the fields that do."""
    before, after = old.cells[at], new.cells[at]
    if not (type(before) is type(after) is tuple and type(old.dtype) is type(new.dtype) is list):
        yield path, before, after
        return
    names = [field[0] for field in old.dtype]
    is_same_type = repr(old.dtype) == repr(new.dtype)
    for name, one, other in zip(names, before, after, strict=False):
        if not _values_same(one, other, is_same_type, same):
            yield f"{path}[{name!r}]", one, other


def _cells_same(old: Column, new: Column, at: int, to: int, same: Same) -> bool:
    if (old.mask and old.mask[at]) or (new.mask and new.mask[to]):
        return True
    before, after = old.cells[at], new.cells[to]
    return before is after or _values_same(before, after, old.dtype == new.dtype, same)


def _values_same(before: Tree, after: Tree, is_same_type: bool, same: Same) -> bool:
    kind = type(before)
    if kind is type(after) and kind in _PLAIN:
        if kind in (float, complex):
            return repr(before) == repr(after)
        return bool(before == after) or (not is_same_type and kind is str and _as_naive(before) == _as_naive(after))
    if kind is type(after) is tuple:
        return len(before) == len(after) and all(
            _values_same(one, other, is_same_type, same) for one, other in zip(before, after, strict=True)
        )
    if kind in _NUMBERS and type(after) in _NUMBERS:
        return not is_same_type and bool(before == after)
    return same(before, after)


def _as_naive(moment: str) -> str:
    """A moment without its zone: whether it has one is a matter of the type."""
    return moment.removesuffix("Z").removesuffix("T00:00:00")


# --------------------------------------------------------------------------------------------------- tables


def _tables(path: str, old: Table, new: Table, same: Same, alignment: Any) -> Found:
    yield from _attributes(path, old.rest, new.rest, same)
    pairs = list(_paired_columns(path, old, new))
    yield from (pair for pair in pairs if isinstance(pair, Difference))
    columns = [pair for pair in pairs if not isinstance(pair, Difference)]
    for before, after in columns:
        yield f"{_of_column(path, before)}.dtype", before.dtype, after.dtype
    for pair in _paired_rows(path, old, new, [*columns], alignment):
        if isinstance(pair, Difference):
            yield pair
            continue
        at, to, place = pair
        for before, after in columns:
            if not _cells_same(before, after, at, to, same):
                yield _of_cell(path, before, place), before.cells[at], after.cells[to]


def _of_column(path: str, column: Column) -> str:
    return path if column.label is None else f"{path}[{encode(column.label, width=None)}]"


def _of_cell(path: str, column: Column, place: str) -> str:
    """`returned['score'][3]` where rows are numbered, else `returned.loc['A17']['score']`."""
    return _of_column(path + place, column) if place.startswith(".") else _of_column(path, column) + place


def _paired_columns(path: str, old: Table, new: Table) -> Iterator[Difference | tuple[Column, Column]]:
    before, after = ([encode(one.label, width=None) for one in table.columns] for table in (old, new))
    if before == after:
        yield from zip(old.columns, new.columns, strict=True)
        return
    if len(set(before)) < len(before) or len(set(after)) < len(after):
        yield Difference(f"{path} (columns)", f"[{', '.join(before)}]", f"[{', '.join(after)}]")
        return
    kept = [key for key in before if key in after]
    if kept != [key for key in after if key in before]:
        yield Difference(f"{path}.columns (order)", f"[{', '.join(before)}]", f"[{', '.join(after)}]")
    others = dict(zip(after, new.columns, strict=True))
    for key, column in zip(before, old.columns, strict=True):
        if key in others:
            yield column, others[key]
        else:
            yield Difference(f"{path}[{key}]", _shown(column), MISSING)
    for key, column in others.items():
        if key not in before:
            yield Difference(f"{path}[{key}]", MISSING, _shown(column))


def _shown(column: Column) -> str:
    """A column that is on one side only, all of it: it may be the only record of what was put there."""
    return encode(Node("pd.Series", (list(column.cells),), {"dtype": column.dtype}), width=None)


def _paired_rows(
    path: str, old: Table, new: Table, columns: Sequence[tuple[Column, Column]], alignment: Any
) -> Iterator[Difference | tuple[int, int, str]]:
    """Rows that stand for each other, as their numbers and the place of their cells; rows without counterpart."""
    before, after = _row_names(old), _row_names(new)
    is_unique = len(set(before)) == len(before) and len(set(after)) == len(after)
    if before == after or (is_unique and len(before) == len(after) and _are_renamed(before, after)):
        for at, (label, other) in enumerate(zip(before, after, strict=True)):
            if label != other:
                yield Difference(f"{path}.index[{at}]", label, other)
            yield at, at, _place(label, at, old.is_numbered, is_unique)
        return
    if is_unique and not (old.is_numbered and new.is_numbered):
        yield from _rows_by_label(path, old, new, before, after)
    else:
        yield from _rows_by_content(path, old, new, columns, alignment)


def _place(label: str, at: int, is_numbered: bool, is_unique: bool) -> str:
    if is_numbered:
        return f"[{at}]"
    return f".loc[{label}]" if is_unique else f".iloc[{at}]"


def _row_names(table: Table) -> list[str]:
    if isinstance(table.rows, range):
        return list(map(str, table.rows))
    return [encode(label, width=None) for label in table.rows]


def _are_renamed(before: Sequence[str], after: Sequence[str]) -> bool:
    """Are the labels that differ new ones, each in the place of an old one?"""
    old, new = set(before), set(after)
    return all(
        label == other or (label not in new and other not in old)
        for label, other in zip(before, after, strict=True)
    )


def _rows_by_label(
    path: str, old: Table, new: Table, before: Sequence[str], after: Sequence[str]
) -> Iterator[Difference | tuple[int, int, str]]:
    places = {label: to for to, label in enumerate(after)}
    known = set(before)
    kept = [label for label in before if label in places]
    if kept != [label for label in after if label in known]:
        yield Difference(f"{path}.index (order)", f"[{', '.join(before)}]", f"[{', '.join(after)}]")
    for at, label in enumerate(before):
        if label in places:
            yield at, places[label], f".loc[{label}]"
        else:
            yield Difference(f"{path}.loc[{label}]", _row_text(old, at), MISSING)
    for to, label in enumerate(after):
        if label not in known:
            yield Difference(f"{path}.loc[{label}]", MISSING, _row_text(new, to))


def _rows_by_content(
    path: str, old: Table, new: Table, columns: Sequence[tuple[Column, Column]], alignment: Any
) -> Iterator[Difference | tuple[int, int, str]]:
    """Rows without labels of their own: those that are the same on both sides stand for each other."""
    numbers: dict[object, int] = {}
    sides = []
    for side, table in enumerate((old, new)):
        texts = [[encode(cell, width=None) for cell in pair[side].cells] for pair in columns]
        keys = zip(*texts, strict=True) if texts else iter([()] * len(table.rows))
        sides.append([numbers.setdefault(key, len(numbers)) for key in keys])
    at = to = 0
    for i, j, k, m in [*alignment(*sides), (len(sides[0]), len(sides[0]), len(sides[1]), len(sides[1]))]:
        yield from ((at + step, to + step, f"[{at + step}]") for step in range(i - at))
        paired = min(j - i, m - k)
        yield from ((i + step, k + step, f"[{i + step}]") for step in range(paired))
        yield from (Difference(f"{path}.iloc[{row}]", _row_text(old, row), MISSING) for row in range(i + paired, j))
        yield from (Difference(f"{path}.iloc[{row}]", MISSING, _row_text(new, row)) for row in range(k + paired, m))
        at, to = j, m


def _row_text(table: Table, at: int) -> str:
    if len(table.columns) == 1 and table.columns[0].label is None:
        return encode(table.columns[0].cells[at], width=None)
    return encode(tuple(column.cells[at] for column in table.columns), width=None)
