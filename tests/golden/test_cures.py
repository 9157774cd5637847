"""Sources that move outcomes, and what frees code from them."""

from __future__ import annotations

import importlib

import pytest

from legacy_seam.golden.cures import CURES
from legacy_seam.golden.perturb import HELD_STILL


def test_every_source_that_the_world_holds_still_has_a_cure() -> None:
    assert CURES.keys() >= HELD_STILL


def test_a_name_reads_one_source_only() -> None:
    calls = [call for cure in CURES.values() for call in cure.calls]
    assert len(calls) == len(set(calls))


@pytest.mark.parametrize("source", CURES)
def test_what_reads_a_source_is_there(source: str) -> None:
    for call in CURES[source].calls:
        if call.startswith("numpy."):
            continue
        parts = call.split(".")
        at = next(n for n in range(len(parts) - 1, 0, -1) if _is_module(".".join(parts[:n])))
        thing: object = importlib.import_module(".".join(parts[:at]))
        for part in parts[at:]:
            thing = getattr(thing, part)


def _is_module(name: str) -> bool:
    try:
        importlib.import_module(name)
    except ImportError:
        return False
    return True
