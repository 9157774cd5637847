import sys
from pathlib import Path
from typing import Any

from legacy_seam.world import sites
from legacy_seam.world.sites import OUTSIDE, Sites


def test_the_longest_root_counts() -> None:
    known = Sites(["/p", "/p/lib-1.0/"])
    assert known.relative("/p/lib-1.0/a.py") == "a.py"
    assert known.relative("/p/b/c.py") == "b/c.py"
    assert known.relative("/pp/b.py") is None


def test_installed_packages_are_not_the_projects() -> None:
    assert Sites(["/p"]).relative("/p/.venv/lib/python3.11/site-packages/x.py") is None


def test_we_are_not_the_projects_though_both_lie_in_one_directory() -> None:
    source = Path(sites.__file__)

    assert Sites([str(source.parents[2])]).relative(str(source)) is None


def test_the_innermost_frame_of_the_project(tmp_path: Path) -> None:
    source = tmp_path / "shop.py"
    source.write_text("def outer(f):\n    return f()\n")
    namespace: dict[str, Any] = {}
    exec(compile(source.read_text(), str(source), "exec"), namespace)
    known = Sites([str(tmp_path)])
    frame = namespace["outer"](sys._getframe)
    assert known.function(frame) == "shop.py, outer"
    assert known.line(frame) == "shop.py:2"
    assert Sites(["/nowhere"]).function() == OUTSIDE
    assert Sites(["/nowhere"]).line() is None


def test_where_an_exception_came_from(tmp_path: Path) -> None:
    source = tmp_path / "shop.py"
    source.write_text("import json\ndef f():\n    json.loads('{')\n")
    namespace: dict[str, Any] = {}
    exec(compile(source.read_text(), str(source), "exec"), namespace)
    try:
        namespace["f"]()
    except ValueError as error:
        assert Sites([str(tmp_path)]).line_of_traceback(error.__traceback__) == "shop.py:3"


def test_libraries_in_a_directory_of_their_own_on_the_search_path_are_no_part_of_the_project() -> None:
    known = Sites(["/p/site-packages", "/opt/x/site-packages", "/opt/lib/"])
    assert known.relative("/opt/x/site-packages/y.py") is None
    assert known.relative("/opt/lib/z.py") == "z.py"
    assert known.relative("/p/site-packages/shop.py") == "shop.py"
