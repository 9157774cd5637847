"""Golden masters name no directory of the machine they were made on, neither in inputs nor in outcomes."""

from __future__ import annotations

import json
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


BELOW = """
import json, os, sys

HERE = os.path.dirname(os.path.abspath(__file__))

def by_its_place(name):
    with open(os.path.join(HERE, "..", "data", name)) as file:
        return json.load(file)

def by_where_it_stands():
    with open("../data/rates.json") as file:
        return file.read()

def by_a_setting():
    with open(os.environ["DATA"] + "/rates.json") as file:
        return file.read(), os.environ["DATA"]

def by_a_constant(name):
    with open(os.path.join("<place>/data", name), "w") as file:
        file.write("kept")
    return sorted(os.listdir("<place>/data")), os.path.exists("<place>/data/none")

if __name__ == "__main__":
    by_its_place("rates.json"), by_where_it_stands(), by_a_setting(), by_a_constant("kept.txt")
"""


def test_files_of_a_program_below_the_project_are_found_however_it_names_them(tmp_path: Path) -> None:
    project, elsewhere = tmp_path / "here", tmp_path / "else" / "where"
    for name in ("bin", "data"):
        (project / name).mkdir(parents=True)
    (project / "pyproject.toml").touch()
    (project / "bin" / "below.py").write_text(BELOW.replace("<place>", str(project)))
    (project / "data" / "rates.json").write_text("[1]")
    recorded = run_seam(project / "bin", "record", "--", "below.py", DATA=str(project / "data"))
    assert recorded.returncode == 0, recorded.stderr
    pinned = run_seam(project, "pin", "--json")
    assert [
        (one["target"], one["state"], one["departs_from_the_wild"]) for one in json.loads(pinned.stdout)["targets"]
    ] == [
        (f"below:by_{how}", "pinned", None) for how in ("a_constant", "a_setting", "its_place", "where_it_stands")
    ]

    golden = project / "tests" / "golden"
    (world,) = golden.glob("_worlds/*")
    assert [line for line in world.read_text().splitlines() if str(project) in line] == [f"project = '{project}'"]
    assert "environ DATA = '<project>/data'" in world.read_text()
    constant = (golden / "below" / "by_a_constant.approved.txt").read_text()
    assert "file <project>/data/kept.txt = none" in constant
    assert "wrote <project>/data/kept.txt = 'kept'" in constant
    assert not [path for path in golden.rglob("*.approved.txt") if str(project) in path.read_text()]

    shutil.copytree(project, elsewhere, ignore=shutil.ignore_patterns(".legacy-seam"))
    shutil.rmtree(project)
    verified = run_seam(elsewhere, "verify")
    assert verified.returncode == 0, verified.stdout + verified.stderr
    assert "looked up" not in verified.stdout
