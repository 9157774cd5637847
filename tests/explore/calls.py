"""Calls and entries to try things on."""

from __future__ import annotations

from legacy_seam.calls import Call, Effect
from legacy_seam.explore.corpus import Corpus, Entry
from legacy_seam.explore.mutating import renamed
from legacy_seam.grade.worlds import Met
from legacy_seam.replay.mutation.branches import FIRST_BRANCH
from legacy_seam.targets import Target


def call(**arguments: str) -> Call:
    return renamed(Call(Target("rules", "fee"), "", arguments, {}, {}, 0.0, (), None, "run"))


def entry(branches: set[int], returned: str = "1", **arguments: str) -> Entry:
    met = Met(frozenset(FIRST_BRANCH + one for one in branches), (Effect("returned", "", returned),))
    found = Corpus().take(call(**arguments), met)
    assert found is not None
    return found
