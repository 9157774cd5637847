"""Every technique on its own examples: they are what the reference shows, and what it does."""

from __future__ import annotations

from pathlib import Path

import pytest

from legacy_seam.seams.catalogue import catalogue
from legacy_seam.seams.net import with_stub
from legacy_seam.seams.technique import Example, Refuses, Technique
from legacy_seam.seams.without import WITHOUT
from seams.small_program import Module, after, plain, program, proposed

EXAMPLES = [
    pytest.param(technique, example, id=f"{technique.name}: {example.title}")
    for technique in catalogue().values()
    for example in technique.EXAMPLES
    if isinstance(example, Example)
]
WITHOUT_SEAM = {"extract-interface", "retire", "subclass-and-override-method"}
"""Techniques which make no place where another behaviour could be put in."""
ELSEWHERE = {"subclass-and-override-method"}
"""Techniques which leave the module alone and write another one: they have tests of their own."""
REFUSALS = [
    pytest.param(technique, example, id=f"{technique.name}: {example.title}")
    for technique in catalogue().values()
    for example in technique.EXAMPLES
    if isinstance(example, Refuses)
]


@pytest.mark.parametrize(("technique", "example"), EXAMPLES)
def test_an_example_comes_out_as_it_is_shown(technique: Technique, example: Example, tmp_path: Path) -> None:
    proposal = proposed(tmp_path, technique.name, example.before, example.target, example.options, example.others)
    assert [one for one in proposal.findings if one.verdict != "holds"] == []
    assert after(proposal) == plain(example.after)
    assert [one.code for one in proposal.plan.refusals] == list(example.leaves)
    assert proposal.is_sound


@pytest.mark.parametrize(("technique", "example"), EXAMPLES)
def test_an_example_behaves_as_before(technique: Technique, example: Example, tmp_path: Path) -> None:
    if technique.name in ELSEWHERE:
        return
    before, later = (Module(plain(text), tmp_path) for text in (example.before, example.after))
    program(tmp_path, example.others)
    told = before.told(example.calls)
    assert told == later.told(example.calls)
    assert not any(one.startswith("raised") for one in told)


@pytest.mark.parametrize(("technique", "example"), EXAMPLES)
def test_a_stub_put_through_the_seam_of_an_example_is_called(
    technique: Technique, example: Example, tmp_path: Path
) -> None:
    proposal = proposed(tmp_path, technique.name, example.before, example.target, example.options, example.others)
    points = proposal.plan.enabling
    assert bool(points) == (technique.name not in WITHOUT_SEAM) or not example.calls
    if not points:
        return
    told = Module(with_stub(after(proposal), points), tmp_path).told(example.calls)
    assert told == ["raised BaseException: a stub was called"] * len(told)


@pytest.mark.parametrize(("technique", "example"), REFUSALS)
def test_a_refusal_names_the_line_that_forbids_it(technique: Technique, example: Refuses, tmp_path: Path) -> None:
    proposal = proposed(tmp_path, technique.name, example.before, example.target, example.options, example.others)
    assert not proposal.plan.changes
    refusal = proposal.plan.refusals[-1]
    assert (refusal.code, refusal.line) == (example.code, example.line), refusal
    assert refusal.path in {tmp_path / name for name in ("m.py", *example.others)}
    assert set(refusal.instead) <= {*catalogue(), *WITHOUT}


@pytest.mark.parametrize("technique", [pytest.param(one, id=one.name) for one in catalogue().values()])
def test_a_technique_says_what_it_is_for(technique: Technique) -> None:
    assert technique.summary.endswith(".")
    assert technique.when and technique.preconditions
    is_run = any(isinstance(one, Example) and one.calls for one in technique.EXAMPLES)
    assert is_run or technique.name in ELSEWHERE
    assert any(isinstance(one, Refuses) for one in technique.EXAMPLES)
    titles = [one.title for one in technique.EXAMPLES]
    assert len(titles) == len(set(titles))
