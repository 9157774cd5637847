"""Running recorded calls again, each in the world it was recorded in, where it can do no harm.

`Replayer` takes `Batch`es of calls and gives a `Replayed` for each. The work is done by worker processes, forked
from a lean zygote which has executed nothing recorded; a call that never ends, or takes its process with it, costs
one case.
"""

from typing import TYPE_CHECKING

from legacy_seam.replay.batch import (
    NO_ANSWER,
    WAITS_FOR_EVER,
    Batch,
    Conditions,
    Isolation,
    Limits,
    RefusalKind,
    Replayed,
    SourceRead,
)

if TYPE_CHECKING:
    from legacy_seam.replay.forkserver import Zygotes
    from legacy_seam.replay.replayer import Replayer

__all__ = [
    "NO_ANSWER",
    "WAITS_FOR_EVER",
    "Batch",
    "Conditions",
    "Isolation",
    "Limits",
    "RefusalKind",
    "Replayed",
    "Replayer",
    "SourceRead",
    "Zygotes",
]


def __getattr__(name: str) -> object:
    if name in ("Replayer", "Zygotes"):  # a zygote loads this package as well, and has no use for them
        from legacy_seam.replay.forkserver import Zygotes
        from legacy_seam.replay.replayer import Replayer

        return Replayer if name == "Replayer" else Zygotes
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
