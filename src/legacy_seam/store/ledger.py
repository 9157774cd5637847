"""The ledger: what was noticed on the way, and what was decided about each target.

Nothing is dropped in silence. What could not be recorded is a `Finding`; what became of a target when it was to be
pinned is its `Verdict`.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

from legacy_seam.plaindata import dataclass
from legacy_seam.targets import Target

State: TypeAlias = Literal["pinned", "unstable", "refused"]
"""What became of a target.

pinned:   it has a golden master.
unstable: its outcome is not the same every time.
refused:  it could not be run again at all, or not safely.
"""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that could not be recorded, or only in part.

    target: the target concerned, or None for a module, a run or a spool.
    what:   the thing concerned, as its user would name it (`shop/rules.py`, `spool 12-34.spool`).
    why:    the reason, in a few words.
    """

    target: Target | None
    what: str
    why: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What `pin` decided about one target.

    cases:      number of cases in its golden master.
    reason:     why it is not (wholly) pinned; None where all is well.
    site:       the place in the source that is the reason (`shop/rules.py:41`), where one is known.
    depends_on: the controlled sources that its outcome depends on, with sites (`clock at shop/rules.py:41`).
    """

    target: Target
    state: State
    cases: int
    reason: str | None = None
    site: str | None = None
    depends_on: tuple[str, ...] = ()
