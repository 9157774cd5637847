from __future__ import annotations

import pytest

from legacy_seam.source import Program, find

FILES = {
    "a.py": "import time\ndef f():\n    return time.time()\n",
    "b.py": "from time import (\n    sleep,\n    time as clock,\n)\nx = clock()\n",
    "c.py": "runtime = 1\ntime = 2\nx = time.time()\n",
    "d.py": "from time import *\nx = time()\n",
    "e.py": "import time as t; y = t.time\n",
    "f.py": "import os, \\\n  time\nz = time.time()\n",
    "g.py": "# time.time()\nimport time\n",
    "pkg/__init__.py": "",
    "pkg/clock.py": "def now(): ...\nx = now()\n",
    "pkg/h.py": "from . import clock\nfrom .clock import now\nclock.now()\nnow()\n",
    "pkg/i.py": "import pkg.clock\npkg.clock.now()\n",
    "bad.py": "import time\ntime.time(\n",
    "j.py": "import time\r\nx = 1\r\ny = time.time()\r\n",
    "k.py": "import os\nos.environ.get('A')\nos.environ['B']\nos.environ = {}\n",
}


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Program:
    root = tmp_path_factory.mktemp("program")
    for name, text in FILES.items():
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_bytes(text.encode())
    return Program.at([root], roots=[root])


def found(program: Program, *targets: str) -> list[tuple[str, int, bool]]:
    return [(site.module.name, site.line, site.is_certain) for site in find(program, targets)]


def test_what_is_used_is_found_however_it_is_imported(program: Program) -> None:
    assert found(program, "time.time") == [
        ("a", 3, True),
        ("b", 5, True),
        ("d", 2, False),
        ("e", 1, True),
        ("f", 3, True),
        ("j", 3, True),
    ]
    assert [path.name for path in program.skipped] == ["bad.py"]


def test_what_lies_in_the_program_is_found_in_its_own_module_and_by_relative_imports(program: Program) -> None:
    sites = found(program, "pkg.clock.now")
    assert sorted(sites) == [("pkg.clock", 2, True), ("pkg.h", 3, True), ("pkg.h", 4, True), ("pkg.i", 2, True)]


def test_a_part_of_a_chain_is_what_is_looked_for(program: Program) -> None:
    sites = list(find(program, ["os.environ"]))
    assert [(one.line, one.reference.names, one.node is one.reference.node) for one in sites] == [
        (2, ("os", "environ", "get"), False),
        (3, ("os", "environ"), True),
    ]
    assert sites[0].call is None


def test_several_targets_are_looked_for_at_once(program: Program) -> None:
    assert {site.dotted for site in find(program, ["time.time", "pkg.clock.now", "builtins.open"])} == {
        "time.time",
        "pkg.clock.now",
    }
