"""An SQLite database that is too large to be kept is asked, and answered from the recording."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from legacy_seam.values.kinds.connections import LARGEST
from shop_project import edit, run_seam

SHOP = """
import sqlite3

class Shop:
    def __init__(self, path):
        self.database = sqlite3.connect(path)
        self.database.row_factory = sqlite3.Row

    def names(self):
        cursor = self.database.cursor()
        cursor.execute("SELECT name FROM item ORDER BY name")
        return [row["name"] for row in cursor]


def price(name):
    with sqlite3.connect("shop.db") as database:
        found = database.execute("SELECT price FROM item WHERE name = ?", (name,)).fetchone()
        return found and found[0]


def raise_prices(database, by):
    database.execute("UPDATE item SET price = price + ?", (by,))
    database.commit()
    return database.execute("SELECT sum(price) FROM item").fetchone()[0]


def small(name):
    with sqlite3.connect("small.db") as database:
        return database.execute("SELECT price FROM item WHERE name = ?", (name,)).fetchone()


if __name__ == "__main__":
    print(price("tea"), price("none"), small("tea"), Shop("shop.db").names())
    print(raise_prices(sqlite3.connect("shop.db"), 5))
"""
TABLE = "CREATE TABLE item (name, price, picture); INSERT INTO item VALUES ('tea', 3, NULL), ('cup', 9, NULL);"
CHANGES = [
    ("price", "SELECT price FROM item WHERE name = ?", "SELECT price FROM item WHERE name != ?", "asked 2"),
    ("raise_prices", "    database.commit()\n", "", "asked"),
    ("Shop.names", 'row["name"]', 'row["name"].upper()', "returned"),
]


@pytest.fixture(scope="module")
def pinned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("shop")
    (place / "shop.py").write_text(SHOP)
    for name, size in (("shop.db", LARGEST), ("small.db", 10)):
        database = sqlite3.connect(place / name)
        database.executescript(f"{TABLE} UPDATE item SET picture = zeroblob({size}) WHERE name = 'cup'")
        database.close()
    recorded = run_seam(place, "record", "--", "shop.py")
    assert recorded.stdout == "3 None (3,) ['cup', 'tea']\n22\n", recorded.stderr
    made = run_seam(place, "pin")
    assert made.returncode == 0, made.stdout + made.stderr
    (place / "shop.db").unlink()
    return place


def verified(place: Path) -> dict[str, Any]:
    found = json.loads(run_seam(place, "verify", "--json").stdout)
    return {one["target"].removeprefix("shop:"): one for one in found["targets"]}


def test_whoever_asks_it_is_pinned_and_holds_without_it(pinned: Path) -> None:
    names = ("Shop.__init__", "Shop.names", "price", "raise_prices", "small")
    assert {name: one["status"] for name, one in verified(pinned).items()} == dict.fromkeys(names, "passed")


def test_a_small_one_beside_it_is_restored(pinned: Path) -> None:
    assert "asks" not in (pinned / "tests/golden/shop/small.approved.txt").read_text()


def test_another_statement_commit_or_use_of_a_row_is_a_difference(pinned: Path) -> None:
    text = (pinned / "shop.py").read_text()
    try:
        for _, before, after, _ in CHANGES:
            edit(pinned / "shop.py", before, after)
        found = verified(pinned)
    finally:
        (pinned / "shop.py").write_text(text)
    for name, _, _, path in CHANGES:
        assert found[name]["status"] == "failed"
        assert found[name]["differences"][0]["path"].startswith(path)
