"""What a program puts in the place of what others made."""

from __future__ import annotations

import sys
import types

from legacy_seam.world.ambient.patches import patches

PROGRAM = """
import json
import json.encoder
from json import JSONDecoder

class Own:
    pass

def patch_function():
    json.dumps = len

def patch_deeper():
    json.encoder.ESCAPE = None

def patch_class():
    JSONDecoder.greets = 3

def of_our_own():
    Own.flag = 1
    other.flag = 2
"""


def program() -> types.ModuleType:
    module = types.ModuleType("patching")
    sys.modules["patching"] = module
    exec(PROGRAM, vars(module))
    return module


def test_assigned_attributes_of_others_are_told_and_put_back() -> None:
    module = program()
    try:
        found = patches([module], lambda owner: owner is module)
        held = [one.read() for one in found]
        before = {place for one, was in zip(found, held, strict=True) for place in one.tell(was)}
        module.patch_function(), module.patch_deeper(), module.patch_class()
        now = [one.read() for one in found]

        assert all(was != is_now for was, is_now in zip(held, now, strict=True))
        told = {
            place: thing
            for one, is_now in zip(found, now, strict=True)
            for place, thing in one.tell(is_now).items()
        }
        assert told == {"json.dumps": len, "json.encoder.ESCAPE": None, "json.decoder.JSONDecoder.greets": 3}
        assert before == {"json.dumps", "json.encoder.ESCAPE"}
    finally:
        for one, was in zip(found, held, strict=True):
            one.put_back(was)
        del sys.modules["patching"]

    assert [one.read() for one in found] == held


def test_only_what_the_code_reaches_is_looked_at() -> None:
    module = program()
    del sys.modules["patching"]

    found = patches([module], lambda owner: owner is module or owner is None)

    assert len([one for one in found if one.is_reached_by(frozenset({"dumps"}))]) == 1
    assert not any(one.is_reached_by(frozenset({"loads"})) for one in found)
