"""Pinning: what holds still is written, what does not is named."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from legacy_seam.cli import commands
from shop_project import edit, run_seam

TRICKY = """
CACHE = []


class Thing:
    pass


def address(x):
    return id(Thing()) % 1_000_003 + id(x)


def steady(x):
    return x * 2


for number in range(3):
    steady(number)
    address("abc")
"""


@pytest.fixture(scope="module")
def tricky(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, dict[str, Any]]]:
    place = tmp_path_factory.mktemp("tricky")
    (place / "tricky.py").write_text(TRICKY)
    assert run_seam(place, "record", "--", "tricky.py").returncode == 0
    done = run_seam(place, "pin", "--json")
    assert done.returncode == 0, done.stderr
    return place, {one["target"]: one for one in json.loads(done.stdout)["targets"]}


def test_a_function_that_reads_addresses_is_unstable_and_its_place_is_named(
    tricky: tuple[Path, dict[str, dict[str, Any]]],
) -> None:
    place, found = tricky

    one = found["tricky:address"]

    assert (one["state"], one["cases"]) == ("unstable", 0)
    assert "returned differs with" in one["reason"]
    assert one["site"] == "tricky.py:10"
    assert not list(place.glob("tests/golden/tricky/address*"))


def test_what_holds_still_beside_it_is_pinned_and_green(tricky: tuple[Path, dict[str, dict[str, Any]]]) -> None:
    place, found = tricky

    assert found["tricky:steady"]["state"] == "pinned"
    assert run_seam(place, "verify").returncode == 0


def test_a_golden_master_that_departs_is_not_touched_even_where_calls_are_new(shop: Path) -> None:
    edit(shop / "shop/rules.py", "RATE = 3", "RATE = 4")
    (shop / "more.py").write_text("from shop import rules\n\nrules.score(77, 'G')\nrules.parse('42')\n")
    assert run_seam(shop, "record", "--", "more.py").returncode == 0
    path = shop / "tests/golden/shop.rules/score.approved.txt"
    before = path.read_bytes()

    done = run_seam(shop, "pin", "--json", "shop.rules:score", "shop.rules:parse")

    found = {one["target"]: one for one in json.loads(done.stdout)["targets"]}
    assert done.returncode == 1
    assert found["shop.rules:score"]["differs_from_golden_master"]
    assert path.read_bytes() == before
    assert found["shop.rules:parse"]["cases"] == 4, "others get their new cases"


def test_what_a_script_outside_the_project_hands_over_is_made_again(tmp_path: Path) -> None:
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "jobs.py").write_text(
        "def each(work, items):\n    return [work(item) for item in items]\n"
    )
    (tmp_path / "drive.py").write_text(
        "import sys\n\nsys.path.insert(0, 'shop')\n\nimport jobs\n\n\n"
        "class Note:\n    def __init__(self, text):\n        self.text = text\n\n\n"
        "def shout(text):\n    return Note(text.upper())\n\n\njobs.each(shout, ['a', 'b'])\n"
    )
    run_seam(tmp_path, "record", "--source", "shop", "--", "drive.py")

    pinned = run_seam(tmp_path, "pin", "--json")

    assert {one["target"]: one["state"] for one in json.loads(pinned.stdout)["targets"]} == {"jobs:each": "pinned"}
    golden = (tmp_path / "tests/golden/jobs/each.approved.txt").read_text()
    assert "returned = [drive:Note(text='A'), drive:Note(text='B')]" in golden


SCRIPT = """
import functools
import json

RATE = 2
config = json.loads('{"low": 1}')
names = list(map(str, config))
total = 0


def noted(log):
    def around(function):
        @functools.wraps(function)
        def noting(*arguments):
            log.append(function.__name__)
            return function(*arguments)

        return noting

    return around


def price(amount):
    global total
    total += amount
    return amount * RATE + config["low"]


@noted(names)
def label(text):
    return f"{text} {names} {config}"


def show(text):
    return label(text) + "!"


for amount in (1, 3, 5):
    print(price(amount), show("a"), amounts) if total > 3 else price(amount)
    amounts = total
"""


def test_of_a_script_that_runs_when_it_is_imported_the_state_is_recorded_that_its_definitions_do_not_make(
    tmp_path: Path,
) -> None:
    (tmp_path / "script.py").write_text(SCRIPT)
    run_seam(tmp_path, "record", "--", "script.py")

    pinned = json.loads(run_seam(tmp_path, "pin", "--all", "--json").stdout)["targets"]

    assert {one["target"]: (one["state"], one["departs_from_the_wild"]) for one in pinned} == {
        "script:label": ("pinned", None),
        "script:noted": ("pinned", None),
        "script:noted.<locals>.around": ("pinned", None),
        "script:noted.<locals>.around.<locals>.noting": ("pinned", None),
        "script:price": ("pinned", None),
        "script:show": ("pinned", None),
    }
    golden = (tmp_path / "tests/golden/script/price.approved.txt").read_text()
    assert "state script:config = {'low': 1}" in golden
    assert "RATE" not in golden, "a constant is read from the source, where it may be changed"
    edit(tmp_path / "script.py", "RATE = 2", "RATE = 3")
    assert run_seam(tmp_path, "verify").returncode == 1


def test_the_fewest_calls_that_show_all_become_cases_and_all_on_request(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "fees.py").write_text(
        "def fee(days):\n    return 9 if days > 15 else 0\n\n\nfor days in range(30):\n    fee(days)\n"
    )
    run_seam(tmp_path, "record", "--", "fees.py")
    monkeypatch.chdir(tmp_path)

    def pin(*arguments: str) -> dict[str, Any]:
        done = CliRunner().invoke(commands, ["pin", "--json", *arguments])
        one: dict[str, Any] = json.loads(done.stdout)["targets"][0]
        return one

    assert (pin()["cases"], pin()["left_out"]) == (4, 26)
    golden = (tmp_path / "tests/golden/fees/fee.approved.txt").read_text()
    assert [f"given days = {days}\n" in golden for days in (0, 1, 14, 15, 16, 17, 29)] == [
        True, False, False, True, True, False, True,
    ], "each path, and where it ends"  # fmt: skip
    assert "26 more calls show nothing that these cases do not show" in CliRunner().invoke(commands, ["pin"]).stdout
    assert (pin("--all")["cases"], pin()["cases"]) == (30, 30), "what is a case stays one"
