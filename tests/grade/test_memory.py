"""What is remembered of verdicts, and how long it holds."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from legacy_seam.calls import Difference
from legacy_seam.grade.memory import Ground, Memory
from legacy_seam.grade.mutants import Mutant
from legacy_seam.grade.verdicts import Judged, Noticed
from legacy_seam.rewriting.edits import Edit

MUTANT = Mutant("m1", "rules", "fee", "bool", Edit(("body", 0), "x"), 0, 1, "a", "b", 1, (1, 1))
KILLED = Judged(MUTANT, "killed", 2, Noticed("rules:fee", "c2", Difference("returned", "1", "2")))
SURVIVED = Judged(MUTANT, "survived", 2)


def ground(cases: str, function: str = "f", *, is_stateful: bool = False) -> Ground:
    """Stands on some cases; the digest of each is a letter."""
    return Ground("w", function, set(cases), is_stateful)


def test_a_kill_holds_as_long_as_the_case_is_there_that_noticed_it() -> None:
    memory = Memory()
    memory.keep(KILLED, ground("ab"), "b")
    assert memory.recall(MUTANT, ground("bcd")) == replace(KILLED, cases=3)
    assert memory.recall(MUTANT, ground("ac")) is None
    assert memory.recall(MUTANT, ground("ab", "another")) is None


def test_what_cases_do_not_notice_none_of_them_does_and_of_new_ones_it_is_not_known() -> None:
    memory = Memory()
    memory.keep(SURVIVED, ground("abc"), None)
    assert memory.recall(MUTANT, ground("ca")) == SURVIVED
    assert memory.recall(MUTANT, ground("abcd")) is None
    assert memory.unnoticing(MUTANT, ground("abcd")) == {"a", "b", "c"}
    assert not memory.unnoticing(MUTANT, ground("abcd", "another"))


def test_what_did_not_notice_a_mutant_is_still_known_when_a_case_does_and_when_that_is_gone() -> None:
    memory = Memory()
    memory.keep(SURVIVED, ground("ab"), None)
    memory.keep(KILLED, ground("abk"), "k")
    assert memory.recall(MUTANT, ground("abk")) == replace(KILLED, cases=3)
    assert memory.recall(MUTANT, ground("ab")) == SURVIVED
    assert memory.unnoticing(MUTANT, ground("abc")) == {"a", "b"}


def test_where_something_is_left_of_cases_a_survivor_holds_for_just_these() -> None:
    memory, same = Memory(), ground("ba", is_stateful=True)
    memory.keep(SURVIVED, ground("ab", is_stateful=True), None)
    assert memory.recall(MUTANT, same) == SURVIVED
    assert memory.recall(MUTANT, ground("a", is_stateful=True)) is None
    assert not memory.unnoticing(MUTANT, same)
    memory.keep(SURVIVED, ground("ab"), None)
    assert memory.recall(MUTANT, ground("a", is_stateful=True)) is None


def test_it_is_the_same_once_it_was_written_and_read_and_a_suspicion_is_not_written(tmp_path: Path) -> None:
    path, other = tmp_path / "grade.json", replace(MUTANT, identity="m2")
    memory = Memory(path)
    memory.keep(SURVIVED, ground("abc"), None)
    memory.keep(replace(KILLED, mutant=other), ground("ab"), "b")
    memory.suspect(other, ground("ab"), "a")
    assert set(memory.suspected(other, ground("ab"))) == {"a"}
    memory.save()
    read = Memory(path)
    assert read.recall(MUTANT, ground("ac")) == SURVIVED
    assert read.recall(other, ground("b")) == replace(KILLED, mutant=other, cases=1)
    assert not read.suspected(other, ground("ab"))
    path.write_text(path.read_text().replace('"digests":["a","b","c"]', '"digests":[]'))
    assert Memory(path).recall(MUTANT, ground("ac")) is None
