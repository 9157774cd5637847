"""What the gate asks of a candidate: see `gate.toml`."""

from __future__ import annotations

from typing import Any

Inputs = dict[str, Any]
STEPS = (150, 300, 430, 580)
"""Where the ladder of the dunning goes one step down."""


def same_step(legacy: int, candidate: int) -> bool:
    """Do both scores lead to the same step of the ladder? The points themselves may differ."""
    return [legacy >= least for least in STEPS] == [candidate >= least for least in STEPS]


def disputed_as_ever(inputs: Inputs, legacy: int, candidate: int) -> bool:
    """The law: a disputed account is treated as it always was."""
    return not inputs["acct"]["disputed"] or candidate == legacy


def hh_as_ever(inputs: Inputs, legacy: int, candidate: int) -> bool:
    """The contract: the same for region HH."""
    return inputs["acct"]["region"] != "HH" or candidate == legacy


def in_range(inputs: Inputs, candidate: int) -> bool:
    """Other programs pack the score into two bytes, and expect it from 0 to 710."""
    return type(candidate) is int and 0 <= candidate <= 710


def one_more_broken_promise(inputs: Inputs) -> Inputs:
    """Who breaks a promise must not be better off."""
    return {**inputs, "brk": inputs["brk"] + 1}


def another_name(inputs: Inputs) -> Inputs:
    """A name says nothing about who pays."""
    return {**inputs, "acct": {**inputs["acct"], "name": "JANE DOE", "phone": ""}}
