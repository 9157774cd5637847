"""Golden masters name no directory of the machine they were made on, neither in inputs nor in outcomes."""

from __future__ import annotations

import shutil
from pathlib import Path

from shop_project import run_seam

PATHS = """
import os
from pathlib import Path

HERE = os.path.dirname(os.path.abspath(__file__))

def prices(path):
    return path, path == os.path.join(HERE, "prices.csv"), os.path.dirname(path)


def settings(table):
    table["seen"] = True
    return table["root"], len(table), Path(table["root"], "prices.csv").name


def relative(path):
    return os.path.relpath(path, "in"), path.startswith(os.getcwd()), os.path.abspath("out.csv")


def library(name):
    return os.path.relpath(os.__file__, "."), name


def mark(table, path):
    table[path] = True


if __name__ == "__main__":
    relative(os.path.abspath("prices.csv"))
    library("os")
    mark({}, os.path.abspath("prices.csv"))
    prices(os.path.join(HERE, "prices.csv"))
    many = {f"key{number}": f"value {number}" * 10 for number in range(80)}
    settings({"root": HERE, **many, "log": os.path.join(HERE, "log.txt")})
"""


def test_paths_of_the_project_follow_it_to_where_it_lies(tmp_path: Path) -> None:
    project = tmp_path / "here"
    project.mkdir()
    (project / "paths.py").write_text(PATHS)
    assert run_seam(project, "record", "--", "paths.py").returncode == 0
    pinned = run_seam(project, "pin")
    assert pinned.returncode == 0, pinned.stdout + pinned.stderr

    written = [path for path in (project / "tests/golden").rglob("*") if path.is_file()]
    assert not [path for path in written if str(project) in path.read_text()]
    prices = (project / "tests/golden/paths/prices.approved.txt").read_text()
    assert "given path = '<project>/prices.csv'" in prices
    assert "returned = ('<project>/prices.csv', True, '<project>')" in prices
    assert "returned tells where Python's libraries lie" in pinned.stdout.replace("\n", " ").replace("  ", "")
    relative = (project / "tests/golden/paths/relative.approved.txt").read_text()
    assert "returned = ('../prices.csv', True, '<project>/out.csv')" in relative
    marked = (project / "tests/golden/paths/mark.approved.txt").read_text()
    assert "changed table['<project>/prices.csv'] = True" in marked

    elsewhere = tmp_path / "else" / "where"
    shutil.copytree(project, elsewhere, ignore=shutil.ignore_patterns(".legacy-seam"))
    verified = run_seam(elsewhere, "verify")
    assert verified.returncode == 0, verified.stdout + verified.stderr
    assert run_seam(project, "pin").returncode == 0  # nothing of it departs
