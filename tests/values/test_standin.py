"""A stand-in tells whoever uses it that the recording does not have the value."""

from __future__ import annotations

import copy
import math
import operator
import os
from collections.abc import Callable
from typing import Any

import pytest

from legacy_seam.values import StandIn, StandInUsed

USES: list[Callable[[Any], object]] = [
    lambda it: it.read,
    lambda it: it(),
    lambda it: it[0],
    lambda it: iter(it),
    lambda it: next(it),
    lambda it: len(it),
    lambda it: bool(it),
    lambda it: str(it),
    lambda it: repr(it),
    lambda it: f"{it}",
    lambda it: it == 1,
    lambda it: it != 1,
    lambda it: it > 1,
    lambda it: it + 1,
    lambda it: 1 + it,
    lambda it: it @ it,
    lambda it: -it,
    lambda it: int(it),
    lambda it: float(it),
    lambda it: math.floor(it),
    lambda it: operator.iadd(it, 1),  # type: ignore[no-untyped-call]
    lambda it: 1 in it,
    lambda it: setattr(it, "x", 1),
    lambda it: delattr(it, "x"),
    lambda it: it.__enter__(),
    lambda it: isinstance(it, int),
    lambda it: copy.copy(it),
    lambda it: bytes(it),
    lambda it: dir(it),
    lambda it: vars(it),
    lambda it: os.fspath(it),
]


@pytest.mark.parametrize("use", USES)
def test_every_use_is_told(use: Callable[[Any], object]) -> None:
    stand_in = StandIn("_socket:socket", "a socket")
    with pytest.raises(StandInUsed) as used:
        use(stand_in)
    assert (used.value.type_name, used.value.reason) == ("_socket:socket", "a socket")
    assert str(used.value) == "_socket:socket is not in the recording (a socket)"


def test_the_program_does_not_take_it_for_a_failure_of_its_own() -> None:
    assert not issubclass(StandInUsed, Exception)


def test_it_can_be_passed_on_and_kept() -> None:
    stand_in = StandIn("a:B", "c")
    kept = {stand_in: [stand_in]}
    assert kept[stand_in][0] is stand_in
