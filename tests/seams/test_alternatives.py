"""Whoever is refused is told what would work instead, and it does."""

from __future__ import annotations

from pathlib import Path

import pytest

from legacy_seam.seams.catalogue import catalogue, technique_named
from legacy_seam.seams.insertion import propose
from legacy_seam.seams.technique import Refuses
from legacy_seam.seams.without import WITHOUT
from legacy_seam.targets import Target
from seams.small_program import program, proposed

PARAMETER, MODEL = "parameterize-method", "model-seam"
REFUSALS = [
    pytest.param(technique.name, example, id=f"{technique.name}: {example.title}")
    for technique in catalogue().values()
    for example in technique.EXAMPLES
    if isinstance(example, Refuses)
]


@pytest.mark.parametrize(("technique", "example"), REFUSALS)
def test_what_is_told_is_not_refused_in_its_turn(technique: str, example: Refuses, tmp_path: Path) -> None:
    read = program(tmp_path, {"m.py": example.before, **example.others})
    refused = propose(technique_named(technique), read, Target("m", example.target), example.options)
    for name in refused.plan.refusals[-1].instead:
        if name not in WITHOUT:
            known = {one.name: one.required for one in technique_named(name).options}
            told = {key: value for key, value in example.options.items() if known.get(key) or key == "lines"}
            assert propose(technique_named(name), read, Target("m", example.target), told).plan.changes, name


def test_the_next_best_comes_first(tmp_path: Path) -> None:
    text = "import time\n\n\nclass A:\n    def f(self, **more):\n        return time.time(), more\n"
    refusal = proposed(tmp_path, PARAMETER, text, "A.f", {"call": "time.time"}).plan.refusals[-1]
    assert refusal.instead[:2] == ("replace-global-reference-with-getter", "extract-and-override-call")


def test_what_needs_no_edit_is_told_where_no_technique_works(tmp_path: Path) -> None:
    text = "import time\n\n\ndef f(now=time.time()):\n    return now\n\n\nasync def g():\n    yield 1\n"
    default = proposed(tmp_path, PARAMETER, text, "f", {"call": "time.time"}).plan.refusals[-1]
    generator = proposed(tmp_path, MODEL, text, "g").plan.refusals[-1]
    assert (default.instead, generator.instead) == (("link-substitution",), ("text-redefinition",))


@pytest.mark.parametrize(
    ("text", "call", "told"),
    [
        (
            "import datetime\ndef f():\n    return datetime.datetime.now()\n",
            "datetime.now",
            "datetime.datetime.now",
        ),
        ("from time import time as now\ndef f():\n    return now()\n", "time.tim", "time.time"),
        (
            "n = 1\ndef g():\n    global n\n    n = 2\ndef f():\n    return n\n",
            "m.n",
            "encapsulate-global-reference m:n",
        ),
    ],
)
def test_a_name_that_is_not_used_is_told_with_the_one_that_was_meant(
    text: str, call: str, told: str, tmp_path: Path
) -> None:
    for technique in (PARAMETER, "replace-global-reference-with-getter"):
        assert told in proposed(tmp_path, technique, text, "f", {"call": call}).plan.refusals[-1].reason


def test_a_reason_that_says_what_to_do_is_enough(tmp_path: Path) -> None:
    text = "def f(a):\n    return a\n"
    assert proposed(tmp_path, PARAMETER, text, "f", {"call": "time.time"}).plan.refusals[-1].instead == ()
