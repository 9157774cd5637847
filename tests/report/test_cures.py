"""From a place that makes a function unsteady to the command that frees it."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from legacy_seam.report.cures import Adviser
from legacy_seam.seams.catalogue import catalogue
from legacy_seam.seams.job import Job
from legacy_seam.source import Program
from legacy_seam.targets import Target

RULES = """\
import datetime
import os
import random as dice
from time import time
from urllib.request import urlopen


def stamp(text):
    return f"{text} {datetime.datetime.now()}"


class Till:
    def close(self):
        return os.getpid(), self.total

    def draw(self):
        return dice.choice([1, 2])


def spread(n):
    return max(
        n,
        time(),
    )


def both():
    return (
        time(),
        os.getpid(),
    )


def fetch(address):
    return urlopen(address).read()


def shadowed(time):
    return time()


NOW = time()
"""


@pytest.fixture
def adviser(tmp_path: Path) -> Adviser:
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "__init__.py").touch()
    (tmp_path / "shop" / "rules.py").write_text(RULES)
    return Adviser(Program.at([tmp_path], roots=[tmp_path]))


def line_of(text: str) -> str:
    return f"shop/rules.py:{RULES[: RULES.index(text)].count(chr(10)) + 1}"


def test_a_clock_is_replaced_by_a_getter_in_the_function_that_reads_it(adviser: Adviser) -> None:
    site = line_of("datetime.datetime.now()")

    advice = adviser.at(site)

    assert advice is not None
    assert (advice.source, advice.site) == ("clock", site)
    assert advice.technique == "Replace Global Reference with Getter"
    assert advice.command == (
        "legacy-seam insert replace-global-reference-with-getter shop.rules:stamp --call datetime.datetime.now"
    )


@pytest.mark.parametrize(
    ("text", "target", "call"),
    [
        ("os.getpid(), self", "shop.rules:Till.close", "os.getpid"),
        ("dice.choice", "shop.rules:Till.draw", "random.choice"),
        ("max(", "shop.rules:spread", "time.time"),
    ],
)
def test_every_command_is_one_that_its_technique_accepts(
    adviser: Adviser, tmp_path: Path, text: str, target: str, call: str
) -> None:
    advice = adviser.at(line_of(text))

    assert advice is not None
    _, verb, technique, *rest = shlex.split(advice.command)
    assert (verb, rest) == ("insert", [target, "--call", call])
    job = Job(Program.at([tmp_path], roots=[tmp_path]), Target.parse(target), {"call": call})
    assert catalogue()[technique].plan(job).changes


@pytest.mark.parametrize("text", ["both()", "time()\n\n\nNOW", "NOW = time()", "import datetime"])
def test_where_it_is_not_plain_what_to_cut_there_is_no_command(adviser: Adviser, text: str) -> None:
    assert adviser.at(line_of(text)) is None


def test_a_place_that_is_not_there_any_more_gives_no_command(adviser: Adviser) -> None:
    assert adviser.at("gone.py:3") is None
    assert adviser.at("shop/rules.py:999") is None


def test_whoever_is_asked_outside_can_be_replaced(adviser: Adviser) -> None:
    advice = adviser.of_question(Target.parse("shop.rules:fetch"), "urllib.request.urlopen")

    assert advice is not None
    assert advice.command.endswith("shop.rules:fetch --call urllib.request.urlopen")
    assert adviser.of_question(Target.parse("shop.rules:stamp"), "urllib.request.urlopen") is None


def test_of_a_function_that_was_not_replayed_all_sources_of_its_class_are_named(adviser: Adviser) -> None:
    found = adviser.beside(Target.parse("shop.rules:Till.close"))

    assert [(one.source, one.site) for one in found] == [
        ("process", line_of("os.getpid(), self")),
        ("random", line_of("dice.choice")),
    ]
    assert [one.source for one in adviser.beside(Target.parse("shop.rules:stamp"))] == ["clock"]
    assert adviser.beside(Target.parse("shop.rules:shadowed")) == ()
    assert adviser.beside(Target.parse("gone:f")) == ()


def test_places_are_found_in_what_was_said_of_a_function(adviser: Adviser) -> None:
    site = line_of("datetime.datetime.now()")
    remarks = [f"clock at {site} (seam: replace global reference with getter)", "nothing to see", site]

    (advice,) = adviser.on(remarks, ["urllib.request.urlopen"], Target.parse("shop.rules:stamp"))

    assert advice.site == site
