"""The prediction log on a PostgreSQL server, through SQLAlchemy. Imported only where a URL asks for it.

JSON is kept as it was written (`json`, not `jsonb`), so that 680.0 stays 680.0 and parameters stay in order.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy import exc

from legacy_seam.errors import SeamError
from legacy_seam.experiment.log.encoding import as_json
from legacy_seam.experiment.log.rows import COLUMNS, Row
from legacy_seam.experiment.log.writer import RowRefused

_TYPES = {
    "text": "text",
    "time": "timestamptz",
    "real": "double precision",
    "integer": "bigint",
    "truth": "boolean",
    "json": "json",
    "value": "json",
}
_SCHEMA = (
    "CREATE TABLE IF NOT EXISTS predictions ("
    + ", ".join(f"{name} {_TYPES[kind]}" for name, kind in COLUMNS)
    + ", PRIMARY KEY (id))",
    "CREATE INDEX IF NOT EXISTS predictions_at ON predictions (experiment, at)",
)
_INSERT = sa.text(
    f"INSERT INTO predictions ({', '.join(name for name, _ in COLUMNS)}) VALUES ("
    + ", ".join(f"CAST(:{name} AS {_TYPES[kind]})" for name, kind in COLUMNS)
    + ") ON CONFLICT (id) DO NOTHING"
)
_AT = """to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS at"""
_SELECTED = ", ".join(
    _AT if kind == "time" else f"CAST({name} AS text) AS {name}" if kind in ("json", "value") else name
    for name, kind in COLUMNS
)


class ServerDatabase:
    """One connection to a server, made by whoever writes first.

    Args:
        url: A URL of SQLAlchemy.

    Raises:
        SeamError: It is not one of PostgreSQL.
    """

    def __init__(self, url: str) -> None:
        self._engine = _engine(url)
        self._prepared = False

    def write(self, rows: list[Row]) -> None:
        """Write rows in one transaction."""
        try:
            with self._engine.begin() as connection:
                if not self._prepared:
                    for statement in _SCHEMA:
                        connection.execute(sa.text(statement))
                if rows:
                    connection.execute(_INSERT, [_parameters(row) for row in rows])
            self._prepared = True
        except (exc.DataError, exc.IntegrityError) as error:
            raise RowRefused(str(error)) from error
        except exc.ProgrammingError:
            self._prepared = False  # the table has been dropped
            raise

    def forget(self) -> None:
        """Leave the connection to the parent process."""
        self._engine.dispose(close=False)

    def close(self) -> None:
        """End the connection."""
        self._engine.dispose()


def read_server(url: str, equal: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The rows of a log, as they are stored."""
    conditions = " AND ".join(f"{name} IS NOT DISTINCT FROM :{name}" for name in equal)
    where = f"WHERE {conditions}" if conditions else ""
    engine = _engine(url)
    try:
        with engine.connect() as connection:
            found = connection.execute(
                sa.text(f"SELECT {_SELECTED} FROM predictions {where} ORDER BY at, id"), equal
            )
            yield from (dict(row) for row in found.mappings())
    finally:
        engine.dispose()


def _engine(url: str) -> sa.Engine:
    try:
        made = sa.make_url(url)
        if made.get_backend_name() != "postgresql":
            raise SeamError(
                f"A prediction log is a SQLite file or in PostgreSQL, not in {made.get_backend_name()}."
            )
        if made.drivername == "postgresql":
            made = made.set(drivername="postgresql+psycopg")
        return sa.create_engine(
            made,
            pool_size=1,
            max_overflow=0,
            connect_args={"connect_timeout": 5, "options": "-c statement_timeout=10000 -c lock_timeout=5000"},
        )
    except (exc.ArgumentError, ValueError) as error:
        raise SeamError(f"The URL of the prediction log cannot be read: {error}.") from None
    except ImportError as error:
        raise SeamError(
            f"A prediction log in PostgreSQL needs a driver ({error}): pip install 'legacy-seam[postgres]'."
        ) from None


def _parameters(row: Row) -> dict[str, Any]:
    return {name: _stored(kind, value) for (name, kind), value in zip(COLUMNS, row, strict=True)}


def _stored(kind: str, value: Any) -> Any:
    if kind == "value" and value is not None and type(value) is not str:
        return as_json(value)
    if kind == "text" and value is not None:
        return value.replace("\0", "\ufffd")
    return value
