"""What the verbs say of one run, of one thing, and of nothing at all."""

from __future__ import annotations

import json
from pathlib import Path

from shop_project import run_seam


def project(place: Path) -> Path:
    (place / "rules.py").write_text("def score(n): return n\n")
    (place / "one.py").write_text("import rules\nrules.score(1)\n")
    started = "subprocess.run([sys.executable, 'one.py'])"
    (place / "two.py").write_text(f"import rules, subprocess, sys\nrules.score(1)\n{started}\nrules.score(3)\n")
    (place / "none.py").write_text("print('nothing')\n")
    return place


def test_the_summary_is_of_this_run_and_of_what_it_started(tmp_path: Path) -> None:
    place = project(tmp_path)
    first = run_seam(place, "record", "--", "two.py")
    assert "3 calls of 1 function seen, 3 kept" in first.stderr
    second = run_seam(place, "record", "--", "one.py")
    assert "1 call of 1 function seen, 1 kept" in second.stderr
    third = json.loads(run_seam(place, "record", "--json", "--", "two.py").stderr)
    assert (third["runs"], third["calls"], third["targets"]) == (2, {"seen": 3, "kept": 3}, 1)
    nothing = run_seam(place, "record", "--", "none.py")
    assert "no call of a function below the source directories was seen" in nothing.stderr
    assert json.loads(run_seam(place, "status", "--json").stdout)["calls"]["seen"] == 7


def test_a_killed_program_is_summed_up_by_what_it_left(tmp_path: Path) -> None:
    place = project(tmp_path)
    (place / "killed.py").write_text("import os, rules\nrules.score(5)\nos.kill(os.getpid(), 9)\n")
    done = run_seam(place, "record", "--", "killed.py")
    assert done.returncode == -9
    assert "1 call of 1 function seen, 1 kept" in done.stderr


def test_one_case_of_one_function(tmp_path: Path) -> None:
    place = project(tmp_path)
    run_seam(place, "record", "--", "one.py")
    assert "1 of 1 function pinned, 1 case in" in run_seam(place, "pin").stdout
    assert "1 of 1 golden master holds; 0 of 1 case differs" in run_seam(place, "verify").stdout


def test_status_where_nothing_is_recorded_says_so_and_makes_nothing(tmp_path: Path) -> None:
    done = run_seam(tmp_path, "status")
    assert done.returncode == 0
    assert f"nothing is recorded in {tmp_path / '.legacy-seam'} yet" in done.stdout
    told = json.loads(run_seam(tmp_path, "status", "--json").stdout)
    assert (told["targets"], told["findings"], told["damages"], told["calls"]["seen"]) == ([], [], [], 0)
    assert list(tmp_path.iterdir()) == []


def test_a_project_that_was_moved_after_it_was_recorded_can_be_pinned(tmp_path: Path) -> None:
    before = tmp_path / "before"
    before.mkdir()
    run_seam(project(before), "record", "--", "two.py")
    after = before.rename(tmp_path / "after")
    pinned = run_seam(after, "pin")
    assert pinned.returncode == 0, pinned.stdout + pinned.stderr
    assert str(before) not in "".join(path.read_text() for path in (after / "tests/golden").rglob("*.txt"))
