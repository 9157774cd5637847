"""Rows as JSON lines, CSV and Parquet, and back. Pickle is none of them: to read one is to run it."""

from __future__ import annotations

import csv
import importlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from legacy_seam.dataset.columns import Column, Kind
from legacy_seam.errors import SeamError
from legacy_seam.values.flat import Value

Format = Literal["jsonl", "csv", "parquet"]
Row = Mapping[str, Value]

_BATCH = 5_000


def write_rows(path: Path, form: Format, columns: Sequence[Column], rows: Iterable[Row]) -> None:
    """Write rows as they come.

    Args:
        path: the file.
        form: its format.
        columns: all that a row may have; what it has not is missing.
        rows: the rows.

    Raises:
        SeamError: the format needs a library that is not installed.
    """
    _WRITERS[form](path, columns, rows)


def read_rows(path: Path, form: Format, columns: Sequence[Column]) -> Iterator[dict[str, Value]]:
    """The rows of a file, with values as they were.

    Raises:
        SeamError: the format needs a library that is not installed.
        OSError: the file cannot be read.
    """
    yield from _READERS[form](path, columns)


# --- JSON lines


def _write_jsonl(path: Path, columns: Sequence[Column], rows: Iterable[Row]) -> None:
    names = [column.name for column in columns]
    with path.open("w", encoding="utf-8", errors="backslashreplace", newline="\n") as file:
        for row in rows:
            file.write(json.dumps({name: _finite(row.get(name)) for name in names}, ensure_ascii=False) + "\n")


def _read_jsonl(path: Path, columns: Sequence[Column]) -> Iterator[dict[str, Value]]:
    with path.open(encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def _finite(value: Value) -> Value:
    """What is no finite number is missing: JSON, and most models, know of none."""
    return None if isinstance(value, float) and value - value != 0 else value


# --- CSV


def _write_csv(path: Path, columns: Sequence[Column], rows: Iterable[Row]) -> None:
    names = [column.name for column in columns]
    with path.open("w", encoding="utf-8", errors="backslashreplace", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(names)
        writer.writerows([_cell(row.get(name)) for name in names] for row in rows)


def _cell(value: Value) -> str | int | float:
    """A truth value is `true` or `false`; None, and what is missing, are empty."""
    value = _finite(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else value


def _read_csv(path: Path, columns: Sequence[Column]) -> Iterator[dict[str, Value]]:
    kinds = {column.name: column.kind for column in columns}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield {name: _value(cell, kinds[name]) for name, cell in row.items()}


def _value(cell: str, kind: Kind) -> Value:
    if not cell:
        return None
    if kind == "truth":
        return cell == "true"
    if kind == "integer":
        return int(cell)
    return float(cell) if kind == "number" else cell


# --- Parquet


def _write_parquet(path: Path, columns: Sequence[Column], rows: Iterable[Row]) -> None:
    arrow, parquet = _imported("pyarrow"), _imported("pyarrow.parquet")
    if arrow is None or parquet is None:
        _write_by_polars(path, columns, rows)
        return
    types = {"integer": arrow.int64(), "number": arrow.float64(), "truth": arrow.bool_()}
    schema = arrow.schema([(column.name, types.get(column.kind, arrow.string())) for column in columns])
    with parquet.ParquetWriter(path, schema) as writer:
        for batch in _batches(rows):
            writer.write_batch(arrow.RecordBatch.from_pydict(_by_column(columns, batch), schema=schema))


def _write_by_polars(path: Path, columns: Sequence[Column], rows: Iterable[Row]) -> None:
    """By JSON lines that polars turns into Parquet piece by piece."""
    polars: Any = _imported("polars")
    if polars is None:
        raise SeamError("Parquet needs pyarrow or polars, and neither is installed: pip install pyarrow")
    kinds = {"integer": polars.Int64, "number": polars.Float64, "truth": polars.Boolean}
    schema = {column.name: kinds.get(column.kind, polars.String) for column in columns}
    between = path.with_name(f".{path.name}.jsonl")
    try:
        typed = ({column.name: _typed(row.get(column.name), column.kind) for column in columns} for row in rows)
        _write_jsonl(between, columns, typed)
        if between.stat().st_size:
            polars.scan_ndjson(between, schema=schema).sink_parquet(path)
        else:
            polars.DataFrame(schema=schema).write_parquet(path)
    finally:
        between.unlink(missing_ok=True)


def _read_parquet(path: Path, columns: Sequence[Column]) -> Iterator[dict[str, Value]]:
    parquet = _imported("pyarrow.parquet")
    if parquet is not None:
        for batch in parquet.ParquetFile(path).iter_batches(_BATCH):
            yield from batch.to_pylist()
        return
    polars: Any = _imported("polars")
    if polars is None:
        raise SeamError("Parquet needs pyarrow or polars, and neither is installed: pip install pyarrow")
    yield from polars.read_parquet(path).iter_rows(named=True)


def _by_column(columns: Sequence[Column], rows: Sequence[Row]) -> dict[str, list[Value]]:
    return {column.name: [_typed(row.get(column.name), column.kind) for row in rows] for column in columns}


def _typed(value: Value, kind: Kind) -> Value:
    value = _finite(value)
    if value is None or kind in ("integer", "truth"):
        return value
    return float(value) if kind == "number" else str(value)


def _batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    batch: list[Row] = []
    for row in rows:
        batch.append(row)
        if len(batch) == _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _imported(module: str) -> Any:
    try:
        return importlib.import_module(module)
    except ImportError:
        return None


_WRITERS: dict[Format, Callable[[Path, Sequence[Column], Iterable[Row]], None]] = {
    "jsonl": _write_jsonl,
    "csv": _write_csv,
    "parquet": _write_parquet,
}
_READERS: dict[Format, Callable[[Path, Sequence[Column]], Iterator[dict[str, Value]]]] = {
    "jsonl": _read_jsonl,
    "csv": _read_csv,
    "parquet": _read_parquet,
}
