"""State of the program that a target reaches: it is put back for each call, and what the call did to it is told."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from legacy_seam.replay import Isolation, Replayed


def effects(replayed: Replayed) -> dict[str, str]:
    assert replayed.outcome is not None, replayed
    return {f"{one.kind} {one.place}".strip(): one.text for one in replayed.outcome.effects}


STATEFUL = """
    CACHE = {}
    COUNT = 0
    HISTORY = [["first"]]
    class Registry:
        members = []
        total = 0
    def remember(key, seen=[]):
        global COUNT, LATER
        COUNT += 1
        LATER = COUNT
        CACHE[key] = COUNT
        HISTORY[0].append(key)
        Registry.members.append(key)
        Registry.total += 1
        seen.append(key)
        remember.calls = getattr(remember, "calls", 0) + 1
        return COUNT, dict(CACHE), list(HISTORY[0]), list(Registry.members), Registry.total, list(seen)
"""


@pytest.mark.parametrize("isolation", ["shared", "fresh"])
def test_state_is_put_back_between_calls(program: Any, isolation: Isolation) -> None:
    program.write(shop=STATEFUL)
    replays = program.replay(
        program.call("shop:remember", key="'a'"), program.call("shop:remember", key="'b'"), isolation=isolation
    )
    for key, replayed in zip("ab", replays, strict=True):
        found = effects(replayed)
        assert found["returned"] == f"(1, {{'{key}': 1}}, ['first', '{key}'], ['{key}'], 1, ['{key}'])"
        assert found[f"changed shop:CACHE['{key}']"] == "1"
        assert found["changed shop:COUNT"] == "1"
        assert found["changed shop:LATER"] == "1"
        assert found["changed shop:HISTORY[0][1]"] == f"'{key}'"
        assert found["changed shop:Registry.members[0]"] == f"'{key}'"
        assert found["changed shop:Registry.total"] == "1"


def test_state_is_put_back_between_targets(program: Any) -> None:
    program.write(shop=STATEFUL + "\n    def look(): return COUNT, CACHE, 'LATER' in globals()")
    replays = program.replay(program.call("shop:remember", key="'a'"), program.call("shop:look"))
    assert effects(replays[1]) == {"returned": "(0, {}, False)"}


def test_a_change_of_recorded_state_is_told(program: Any) -> None:
    program.write(
        shop="COUNT = 0\nSEEN = {}\ndef count():\n    global COUNT\n    COUNT += 1\n    SEEN[COUNT] = True"
    )
    call = replace(program.call("shop:count"), state={"shop:COUNT": "41", "shop:SEEN": "{41: True}"})
    (replayed,) = program.replay(call)
    assert effects(replayed) == {
        "returned": "None",
        "changed shop:COUNT": "42",
        "changed shop:SEEN[42]": "True",
    }


def test_an_input_that_is_put_into_state_is_told_as_itself(program: Any) -> None:
    program.write(
        shop="""
        class Order:
            all = []
            last = None
            def __init__(self, lines):
                self.lines = lines
                self.all.append(self)
                Order.last = lines
        """
    )
    (replayed,) = program.replay(program.call("shop:Order.__init__", self="shop:Order()", lines="['pen']"))
    assert effects(replayed) == {
        "returned": "None",
        "changed self.lines": "*lines",
        "changed shop:Order.all[0]": "*self",
        "changed shop:Order.last": "*lines",
    }


def test_what_two_modules_hold_under_one_name_is_told_once(program: Any) -> None:
    program.write(
        core="TABLE = {}\ndef fill(key): TABLE[key] = 1\n",
        front="""
        from core import *
        import core
        def rebind(key):
            core.TABLE = dict(TABLE)
            TABLE[key] = 2
            return fill(key)
        def use(key):
            fill(key)
            return TABLE
        """,
    )
    (filled,) = program.replay(program.call("core:fill", key="'a'"))
    assert effects(filled) == {"returned": "None", "changed core:TABLE['a']": "1"}
    (used,) = program.replay(program.call("front:use", key="'a'"))
    assert effects(used) == {"returned": "{'a': 1}", "changed front:TABLE['a']": "1"}
    given = replace(program.call("core:fill", key="'b'"), state={"core:TABLE": "{'a': 1}"})
    (more,) = program.replay(given)
    assert effects(more) == {"returned": "None", "changed core:TABLE['b']": "1"}
    (rebound,) = program.replay(program.call("front:rebind", key="'a'"))
    assert effects(rebound) == {
        "returned": "None",
        "changed front:TABLE['a']": "2",
        "changed core:TABLE['a']": "1",
    }
