"""Which surroundings a call is replayed under, to learn whether its outcome depends on them.

Two sorts are moved. What the controlled world does *not* hold still (the process, the order of cases, the zone and
locale of the machine, the directory, the layout of memory, the turns of threads) must not matter: where it does,
the target is unstable.
What the world *does* hold still (clock, randomness, hash seed) is moved on purpose afterwards, to learn which of
them the target depends on: that is no fault, it is where a seam may go.
"""

from __future__ import annotations

from legacy_seam.golden.cures import CURES
from legacy_seam.plaindata import dataclass
from legacy_seam.replay import Conditions

DAY = 86_400.0


@dataclass(frozen=True, slots=True)
class Perturbation:
    """One change of the surroundings.

    moves:   the name of what it moves.
    sources: the sources of nondeterminism (as the tracer names them) through which a program notices.
    seam:    the technique (Feathers' name) that frees the code from it.
    """

    moves: str
    conditions: Conditions
    sources: frozenset[str] = frozenset()
    seam: str = ""


_SHORT_TURN = 1 / 64
"""Of threads, in seconds, where `Conditions.thread_turn` is eight times as long.

A turn is enough for most of what a thread does before it waits: those that ask or write in parallel come in the
order in which they were started. Where they compute for as long it is chance who comes first. An outcome that is
the same with short turns has a margin: the machine that verifies it may be slower, or busier.
"""

BASE = Conditions()
"""The surroundings under which golden masters are made."""

ELSEWHERE = Conditions(
    order="reversed",
    timezone="Pacific/Chatham",
    locale="tr_TR.UTF-8",
    directory="elsewhere in a longer place",
    padding=3_000_017,
    thread_turn=_SHORT_TURN,
)
"""Everything that must not matter, all at once."""

AGAIN = Conditions(order=7, timezone="America/New_York", locale="C", directory="again", padding=70_001)

UNCONTROLLED = (
    Perturbation("another process", Conditions()),
    Perturbation("the order of cases", Conditions(order="reversed")),
    Perturbation("the machine's time zone", Conditions(timezone="Pacific/Chatham")),
    Perturbation("the machine's locale", Conditions(locale="tr_TR.UTF-8")),
    Perturbation("the working directory", Conditions(directory="elsewhere in a longer place")),
    Perturbation("the layout of memory", Conditions(padding=3_000_017)),
    Perturbation("the turns of threads", Conditions(thread_turn=_SHORT_TURN)),
)
"""One at a time, to say which of them it was."""

_CLOCKS = frozenset({"clock", "running clock"})
_RANDOMNESS = frozenset({"random", "uuid", "randomness of the system", "temporary names"})
_HASHES = frozenset({"hash of text"})

CONTROLLED = (
    Perturbation("clock", Conditions(clock_shift=DAY), _CLOCKS, CURES["clock"].name),
    Perturbation("clock", Conditions(clock_shift=400 * DAY), _CLOCKS, CURES["clock"].name),
    Perturbation("randomness", Conditions(random_seed=1), _RANDOMNESS, CURES["random"].name),
    Perturbation("hash seed", Conditions(hash_seed=1), _HASHES, CURES["hash of text"].name),
)
"""What the controlled world holds still, moved on purpose."""

AT_ONCE = (
    Conditions(clock_shift=DAY, random_seed=1, hash_seed=1),
    Conditions(clock_shift=400 * DAY, random_seed=1, hash_seed=1),
)
"""The same, all together: what comes out the same under these depends on none of it."""

HELD_STILL = _CLOCKS | _RANDOMNESS | _HASHES
"""Sources which the controlled world answers the same way each time."""


def surroundings(runs: int) -> list[Conditions]:
    """The surroundings for so many runs: the base first, then ones that differ in all that must not matter.

    Args:
        runs: how often each call is replayed, at least 2.
    """
    others = [ELSEWHERE, AGAIN]
    further = [
        AGAIN.replace(order=seed, directory=f"run {seed}", padding=1_000_003 * seed) for seed in range(3, runs)
    ]
    return [BASE, *(others + further)[: max(runs - 1, 1)]]
