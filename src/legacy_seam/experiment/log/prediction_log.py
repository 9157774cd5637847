"""`PredictionLog`: what an experiment is given as its log."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

from legacy_seam.errors import SeamError
from legacy_seam.experiment.compare.verdict import told
from legacy_seam.experiment.log.place import shown_place
from legacy_seam.experiment.log.reading import Prediction, Question
from legacy_seam.experiment.log.rows import RowMaker
from legacy_seam.experiment.log.sqlite import SqliteDatabase
from legacy_seam.experiment.log.writer import Database, Writer
from legacy_seam.experiment.observation import Observation


class PredictionLog:
    """Keeps what experiments have seen, in a SQLite file or in PostgreSQL.

    Nothing it does slows or stops a caller: writing happens aside, in batches. A database that is locked, full or
    gone is tried again; what does not fit into the queue meanwhile is dropped and counted. A process that is
    killed loses at most what had not filled a batch (or waited `interval` seconds).

    Args:
        place: A path, for SQLite; or a URL of SQLAlchemy, such as `postgresql+psycopg://user@host/database`, for
            which legacy-seam is installed with `[postgres]`.
        capacity: How many observations may wait.
        batch: How many rows are written at once.
        interval: Seconds after which fewer are written too.
        hide: Paths of inputs that are not to be kept (`account.name`).

    >>> import tempfile
    >>> from legacy_seam.experiment import Experiment
    >>> place = tempfile.mkdtemp() + "/predictions.db"
    >>> with PredictionLog(place) as log:
    ...     trial = Experiment("double", lambda n: n * 2, lambda n: n + n, mode="inline", log=log)
    ...     _ = trial(4), log.flush()
    ...     [(row.inputs, row.control, row.candidate, row.matched) for row in log.rows()]
    [({'n': 4}, 8, 8, True)]
    """

    def __init__(
        self,
        place: str | os.PathLike[str],
        *,
        capacity: int = 10_000,
        batch: int = 200,
        interval: float = 0.5,
        hide: tuple[str, ...] = (),
    ) -> None:
        if capacity < batch or batch < 1 or interval <= 0:
            raise SeamError("A prediction log holds at least one batch of at least one row.")
        self.place = os.fspath(place)
        self._is_url = "://" in self.place
        self._writer = Writer(self._database(), RowMaker(hide), capacity, batch, interval)

    def _database(self) -> Database:
        if not self._is_url:
            return SqliteDatabase(os.path.abspath(self.place))
        try:
            from legacy_seam.experiment.log.server import ServerDatabase
        except ImportError:
            raise SeamError(
                "A prediction log on a server needs SQLAlchemy and a driver: pip install 'legacy-seam[postgres]'."
            ) from None
        return ServerDatabase(self.place)

    def write(self, observation: Observation) -> None:
        """Take down an observation. Returns at once, and never raises."""
        self._writer.put(observation)

    def check(self) -> None:
        """Try whether it can be written to, now: when the program starts, for instance.

        Raises:
            SeamError: It cannot, and why.
        """
        database = self._database()
        try:
            database.write([])
        except SeamError:
            raise
        except Exception as error:
            raise SeamError(
                f"The prediction log {shown_place(self.place)} cannot be written: {told(error)}."
            ) from error
        finally:
            database.close()

    def counts(self) -> dict[str, int]:
        """What became of observations.

        `written`; `waiting`; `dropped`, since too many waited; `refused`, which could not be stored; and
        `failures`, the attempts to write that were made again.
        """
        writer = self._writer
        return {
            "written": writer.written,
            "dropped": writer.dropped,
            "refused": writer.refused,
            "failures": writer.failures,
            "waiting": writer.waiting,
        }

    @property
    def error(self) -> str:
        """What went wrong last; empty if nothing did."""
        return self._writer.error

    def rows(self, experiment: str | None = None, **equal: Any) -> Iterator[Prediction]:
        """What is in it, oldest first.

        Args:
            experiment: Only of this experiment.
            **equal: Only where these columns have these values: `arm="candidate"`, `matched=False`, `mode="queue"`.
        """
        if experiment is not None:
            equal["experiment"] = experiment
        return Question(self.place if self._is_url else os.path.abspath(self.place), self._is_url, equal).answer()

    def flush(self, timeout: float = 10.0) -> bool:
        """Wait until all is written that was taken down; whether that came about within `timeout` seconds."""
        return self._writer.flush(timeout)

    def close(self, timeout: float = 5.0) -> None:
        """Write what waits, for no longer than `timeout` seconds. What is taken down afterwards is dropped."""
        self._writer.close(timeout)

    def __enter__(self) -> PredictionLog:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()
