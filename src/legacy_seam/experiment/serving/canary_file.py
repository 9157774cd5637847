"""How far a canary has come, in a file that `legacy-seam canary` writes and production reads while it runs.

{"format": "legacy-seam canary", "version": 1, "share": 0.05, "since": "2026-07-01T02:15:00Z", "why": "…",
 "history": [{"share": 0.0, "since": …, "why": …}]}
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from typing import Any

from legacy_seam.experiment.serving import Serving
from legacy_seam.experiment.serving.coercion import Rounding
from legacy_seam.experiment.serving.contract import Contract

FORMAT, VERSION = "legacy-seam canary", 1

_INTERVAL = 1.0


class CanaryFile:
    """A serving that goes by a file: `Experiment(..., serving=CanaryFile("score.canary.json"))`.

    The file is looked at no more often than once a second. While it is not there, cannot be read, or says 0, the
    legacy function answers, and the candidate runs beside it. From 1 on the candidate answers for all keys, and for
    calls without a key.

    Args:
        path: The file.
        salt: See `Serving`; and so `contract`, `guardrail` and `rounding`.
        clock: Where seconds come from.
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        *,
        salt: str = "",
        contract: Contract | None = None,
        guardrail: Callable[[Any, dict[str, Any]], object] | None = None,
        rounding: Rounding = "exact",
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.path = os.path.abspath(os.fspath(path))
        self._settings: dict[str, Any] = {
            "salt": salt, "contract": contract, "guardrail": guardrail, "rounding": rounding,
        }  # fmt: skip
        self._clock, self._next, self._share = clock, float("-inf"), -1.0
        self._serving = Serving(**self._settings)

    def current(self) -> Serving:
        """What holds now, as of a second ago."""
        now = self._clock()
        if now >= self._next:
            self._next = now + _INTERVAL
            share = share_in(self.path)
            if share != self._share:
                stage: Any = "live" if share >= 1 else "canary" if share > 0 else "shadow"
                self._share, self._serving = share, Serving(stage, share, **self._settings)
        return self._serving


def share_in(path: str) -> float:
    """The share of keys for which the candidate answers, of a canary's file; 0 where it cannot be told."""
    import json

    try:
        with open(path, encoding="utf-8") as file:
            found = json.load(file)
        share = float(found["share"]) if found["format"] == FORMAT and found["version"] == VERSION else 0.0
    except (OSError, ValueError, KeyError, TypeError):
        return 0.0
    return share if 0 <= share <= 1 else 0.0
