"""Values beyond the limit of the settings: pinned by their digest, never taken for something they may not be."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from shop_project import edit, run_seam

BIG = """
def total(rows):
    return sum(rows)


def numbers(count):
    return list(range(count))


def length(rows):
    return len(rows)


class Shop:
    def __init__(self, prices):
        self.prices = prices
        self.log = []

    def note(self, word):
        self.log.append(word.upper())
        return len(self.log)

    def first(self):
        return self.prices[0]


if __name__ == "__main__":
    length([0] * 3_000_001)
    shop = Shop([5] * 3_000_001)
    shop.note("open")
    shop.first()
    total(numbers(200_000))
"""


@pytest.fixture(scope="module")
def big(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("big")
    (place / "big.py").write_text(BIG)
    (place / "pyproject.toml").write_text("[tool.legacy-seam]\nvalue_mb = 1\n")
    done = run_seam(place, "record", "--", "big.py")
    assert done.returncode == 0, done.stderr
    return place


def test_a_cut_input_is_refused_with_the_reason_and_a_cut_outcome_is_pinned(big: Path) -> None:
    done = run_seam(big, "pin", "--json")
    found = {one["target"]: one for one in json.loads(done.stdout)["targets"]}
    assert found["big:numbers"]["state"] == "pinned"
    assert found["big:total"]["state"] == "refused"
    assert found["big:length"]["reason"] == (
        "its only call was not kept: its inputs are too large to be read; pin who calls it, or record a run with"
        " smaller data"
    )
    assert "too large to be kept: 200000 parts" in found["big:total"]["reason"]
    counts = json.loads(run_seam(big, "status", "--json").stdout)["calls"]
    assert (counts["kept"], counts["unserialisable"]) == (1, 5)

    assert found["big:Shop.note"]["state"] == "pinned"
    assert "changed self.log[0] = 'OPEN'" in (big / "tests/golden/big/Shop.note.approved.txt").read_text()
    first = found["big:Shop.first"]
    assert first["reason"] == "every call: builtins:list is not in the recording (too large to be read)"
    assert first["site"] == f"big.py:{BIG.splitlines().index('        return self.prices[0]') + 1}"

    master = big / "tests/golden/big/numbers.approved.txt"
    assert "returned = opaque('builtins:list', 'too large to be kept: 200000 parts" in master.read_text()
    assert len(master.read_text()) < 1000
    assert run_seam(big, "verify").returncode == 0

    edit(big / "big.py", "list(range(count))", "[*range(count - 1), 7]")
    assert run_seam(big, "verify").returncode == 1
