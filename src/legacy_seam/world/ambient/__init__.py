"""What belongs to the process as a whole, and outlives a call: told where a call changes it, and put back.

Each thing is an `Ambient`. To add one, write a file with a tuple of them, and name it in `all_ambient`.
"""

from __future__ import annotations

from legacy_seam.world.ambient.kind import Ambient
from legacy_seam.world.ambient.library import LIBRARY
from legacy_seam.world.ambient.packages import PACKAGES
from legacy_seam.world.ambient.reporting import REPORTING
from legacy_seam.world.ambient.surroundings import surroundings


def all_ambient() -> tuple[Ambient, ...]:
    """All such things of this process; the built-in names first, as everything else needs them."""
    return (*LIBRARY, *surroundings(), *REPORTING, *PACKAGES)


__all__ = ["Ambient", "all_ambient"]
