"""The main job on the bundled application."""

from __future__ import annotations

import json
from pathlib import Path

from shop_project import run_seam


def test_the_demo_pins_nearly_everything_and_catches_the_change(tmp_path: Path) -> None:
    done = run_seam(tmp_path, "demo", "--accounts", "40", "--json")

    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert result["caught"] and not result["false_alarms"]
    assert result["pinned"] >= 0.9 * result["functions"]
    assert list(tmp_path.iterdir()) == []


def test_a_directory_that_is_not_empty_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("")

    done = run_seam(tmp_path, "demo", "--directory", ".")

    assert done.returncode == 2
    assert "is not empty" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
