"""One project as the verbs see it."""

from __future__ import annotations

from pathlib import Path

from legacy_seam.settings import Settings
from legacy_seam.targets import Pattern
from legacy_seam.workspace import Workspace


def test_store_and_golden_masters_lie_below_the_project_unless_told_otherwise(tmp_path: Path) -> None:
    assert Workspace(tmp_path, Settings()).store == tmp_path / ".legacy-seam"
    assert Workspace(tmp_path, Settings()).golden.path == tmp_path / "tests/golden"
    assert Workspace(tmp_path, Settings(golden="/elsewhere")).golden.path == Path("/elsewhere")


def test_only_what_a_pattern_matches_is_verified(shop: Path) -> None:
    found = list(Workspace(shop, Settings()).verify([Pattern("shop.rules:parse")]))

    assert [(str(one.target), one.status) for one in found] == [("shop.rules:parse", "passed")]


def test_a_golden_master_that_cannot_be_read_is_an_error_under_the_name_of_its_file(shop: Path) -> None:
    (shop / "tests/golden/shop.rules/parse.approved.txt").write_text("")

    (found,) = Workspace(shop, Settings()).verify([Pattern("shop.rules:parse")])

    assert (str(found.target), found.status) == ("shop.rules:parse", "error")
    assert "parse.approved.txt:1" in str(found.problem)
