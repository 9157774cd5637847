"""Where a copy of the process that has imported a program is not trusted, each mutant takes an import."""

from __future__ import annotations

from pathlib import Path

from grade.nets import net_of
from legacy_seam.grade.operators import named
from legacy_seam.grade.scope import Scope
from legacy_seam.grade.verdicts import DETECTED
from legacy_seam.targets import Pattern

ALONE = """
    import os

    def fee(days):
        if days > 10:
            os.abort()
        return days * 2
    """
THREADED = """
    import os, queue, threading

    WAITING = queue.Queue()
    threading.Thread(target=WAITING.get, daemon=True).start()

    def fee(days):
        if days > 10:
            os.abort()
        return days * 2
    """
OPERATORS = named(["comparison-negation", "number-plus-one"])


def graded(directory: Path, source: str) -> tuple[dict[str, str], tuple[str, ...]]:
    net = net_of(directory, {"rules": source}, [("rules:fee", {"days": "5"})])
    found = net.grade(operators=OPERATORS, scope=Scope((Pattern("rules:fee"),)), outside=0)
    assert found.problems == ()
    return {f"{one.mutant.before} {one.mutant.after}": one.state for one in found.judged}, found.notes


def test_a_mutant_that_ends_its_process_is_tried_by_an_import(tmp_path: Path) -> None:
    states, notes = graded(tmp_path / "threaded", THREADED)
    assert states == {"> <=": "crash", "10 11": "survived", "2 3": "killed"}
    assert any("too long (1) were tried again" in note for note in notes)
    alone, no_notes = graded(tmp_path / "alone", ALONE)
    assert (alone, no_notes) == (states, ())


SELF_AWARE = """
    def fee(days):
        if fee.__code__ is not CODE:
            return "somebody was here"
        return days * 2 if days > 3 else 0

    CODE = fee.__code__
    """


def test_a_function_that_sees_that_it_was_compiled_again_is_judged_by_imports(tmp_path: Path) -> None:
    net = net_of(tmp_path, {"rules": SELF_AWARE}, [("rules:fee", {"days": "5"})])
    plan = {"operators": OPERATORS, "scope": Scope((Pattern("rules:fee"),)), "outside": 0}

    first, again = net.grade(**plan), net.grade(**plan)

    for found in (first, again):
        states = {f"{one.mutant.before} {one.mutant.after}": one.state for one in found.judged}
        assert states == {
            "is not is": "killed",
            "> <=": "killed",
            "3 4": "survived",
            "2 3": "killed",
            "0 1": "survived",
        }
        assert found.problems == ()
        assert any("rules:fee behaves differently once it is compiled again" in note for note in found.notes)
    assert {one.mutant.identity: one.state in DETECTED for one in first.judged} == net.truth(first)
