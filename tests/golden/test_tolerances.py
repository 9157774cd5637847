"""Tolerances from the settings: what they cover is neither unstable nor a difference; all else is exact."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from legacy_seam.calls import Effect, Outcome
from legacy_seam.golden.compare import compare, not_compared
from legacy_seam.values import encode
from legacy_seam.values.standin import UNREAD, StandIn
from legacy_seam.values.tolerance import Tolerance
from shop_project import edit, run_seam

RATES = """
from decimal import Decimal


def rate(amount):
    return {"vat": Decimal(amount) * Decimal("0.19"), "net": amount * 1.1}


for amount in (10, 20):
    rate(amount)
"""
SETTINGS = """
[tool.legacy-seam]
tolerances = [{ target = "rates:*", path = "returned['vat']", abs = 0.05 }]
"""


@pytest.fixture(scope="module")
def pinned_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("rates")
    (place / "rates.py").write_text(RATES)
    (place / "pyproject.toml").write_text(SETTINGS)
    for arguments in (("record", "--", "rates.py"), ("pin",)):
        done = run_seam(place, *arguments)
        assert done.returncode == 0, done.stderr
    return place


@pytest.fixture
def rates(pinned_once: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(pinned_once, tmp_path / "rates"))


def test_what_is_within_the_tolerance_holds_and_what_is_beyond_does_not(rates: Path) -> None:
    master = rates / "tests/golden/rates/rate.approved.txt"
    before = master.read_bytes()

    edit(rates / "rates.py", '"0.19"', '"0.192"')
    assert run_seam(rates, "verify").returncode == 0

    edit(rates / "rates.py", '"0.192"', '"0.195"')
    done = run_seam(rates, "verify", "--json")
    assert done.returncode == 1
    (target,) = json.loads(done.stdout)["targets"]
    assert {(one["path"], one["expected"], one["got"]) for one in target["differences"]} == {
        ("returned['vat']", "Decimal('3.80')", "Decimal('3.900')")
    }
    assert master.read_bytes() == before


def test_what_is_not_covered_stays_exact(rates: Path) -> None:
    edit(rates / "rates.py", "amount * 1.1", "amount * 1.1001")
    assert run_seam(rates, "verify").returncode == 1


def test_a_bad_tolerance_is_one_sentence(rates: Path) -> None:
    edit(rates / "pyproject.toml", "abs = 0.05", "absolute = 0.05")
    done = run_seam(rates, "verify")
    assert done.returncode == 2
    assert "tolerances in [tool.legacy-seam]: number 1 has the key 'absolute'; did you mean" in done.stderr


def outcome(*effects: tuple[str, str, object]) -> Outcome:
    return Outcome(tuple(Effect(kind, place, encode(value)) for kind, place, value in effects))  # type: ignore[arg-type]


def test_it_holds_for_every_sort_of_effect() -> None:
    before = outcome(("returned", "", 1.0), ("changed", "acct.score", 2.0), ("logged", "1", ("INFO", 3.0)))
    after = outcome(("returned", "", 1.1), ("changed", "acct.score", 2.1), ("logged", "1", ("INFO", 3.1)))
    assert [one.path for one in compare(before, after)] == ["returned", "logged 1[1]", "changed acct.score"]
    assert compare(before, after, (Tolerance(abs=0.1),)) == []
    assert [one.path for one in compare(before, after, (Tolerance(path="changed acct", abs=0.1),))] == [
        "returned",
        "logged 1[1]",
    ]


def test_texts_are_never_close() -> None:
    before, after = outcome(("printed", "stdout", "1.0\n")), outcome(("printed", "stdout", "1.1\n"))
    assert len(compare(before, after, (Tolerance(abs=9),))) == 1


def test_what_was_too_large_to_be_read_is_never_the_same() -> None:
    unread = Outcome((Effect("returned", "", f"[1, opaque('builtins:list', '{UNREAD}')]"),))
    (found,) = compare(unread, unread)
    assert found.path == "returned (too large to compare)"
    assert compare(outcome(("returned", "", UNREAD)), outcome(("returned", "", UNREAD))) == []
    given = [outcome(("returned", "", StandIn("builtins:dict", UNREAD, number))) for number in (1, 2)]
    assert compare(given[0], given[0]) == []
    assert len(compare(given[0], given[1])) == 1


def test_what_was_changed_and_is_too_large_to_be_read_is_told_and_the_rest_is_compared() -> None:
    def changing(returned: str, changed: str = f"opaque('builtins:dict', '{UNREAD}')") -> Outcome:
        return Outcome((Effect("returned", "", returned), Effect("changed", "self.words", changed)))

    assert compare(changing("1"), changing("1")) == []
    assert [one.path for one in compare(changing("1"), changing("2"))] == ["returned"]
    assert [one.path for one in compare(changing("1"), changing("1", "{}"))] == ["changed self.words"]
    assert not_compared([outcome(("returned", "", 1)), changing("1")]) == "changed self.words"
    assert not_compared([changing("1", "{}")]) == ""
