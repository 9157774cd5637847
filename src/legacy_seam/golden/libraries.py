"""Outcomes that tell where Python's libraries lie: on another machine, and in another environment, elsewhere."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable
from pathlib import Path

from legacy_seam.calls import Outcome
from legacy_seam.world.recorded_paths import library_directories

WHY = "tells where Python's libraries lie, which is elsewhere on another machine"


class Libraries:
    """The directories of libraries, as paths name them in a project.

    Args:
        project: the directory that modules are imported from. What lies below it goes along with it.
        directories: where libraries lie.

    >>> libraries = Libraries(Path("/srv/shop"), ["/srv/env/lib/python3.11/site-packages"])
    >>> from legacy_seam.calls import Effect
    >>> outcome = Outcome((Effect("returned", "", "'../env/lib/python3.11/site-packages/certifi/cacert.pem'"),))
    >>> libraries.told_by(outcome, given=list)
    'returned'
    """

    def __init__(self, project: Path, directories: Iterable[str] | None = None) -> None:
        found = library_directories() if directories is None else directories
        below = str(project) + os.sep
        places = [place for one in found if not (place := one.rstrip("/")).startswith(below)]
        names = dict.fromkeys([*places, *(os.path.relpath(place, project) for place in places)])
        either = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True) if "/" in name)
        self._names = re.compile(rf"(?:{either})(?=[/'\"])") if either else None

    def told_by(self, outcome: Outcome, given: Callable[[], Iterable[str]]) -> str | None:
        """The place in an outcome where one of the directories is told; None where none is.

        Args:
            outcome: what came of a call.
            given: gives the texts of its inputs; what it was told, it may tell.
        """
        if self._names is None:
            return None
        for effect in outcome.effects:
            found = self._names.search(effect.text)
            if found is not None and not any(found[0] in text for text in given()):
                return f"{effect.kind} {effect.place}".rstrip()
        return None
