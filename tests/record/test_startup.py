"""Programs whose start cannot be changed are recorded by way of their environment, and run as ever."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from legacy_seam.record.startup import HOOK, wished

PROGRAM = """
    import os, subprocess, sys, helper
    def job(n): return helper.work(n)
    if __name__ == "__main__":
        print(job(4), sys.argv, sys.orig_argv, sys.path, getattr(sys, "customized", None), flush=True)
        print(sorted(name for name in os.environ if "SEAM" in name), os.environ.get("PYTHONPATH"), flush=True)
        child = [sys.executable, "-c", "import helper; print(helper.work(8))"]
        print(subprocess.run(child, capture_output=True, text=True, env={}))
"""


@pytest.fixture
def shop(project: Any) -> Any:
    project.write(program=PROGRAM, helper="def work(n):\n    return n + 1\n", bad="def f(:\n")
    return project


def run(project: Any, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    hidden = ("PYTHON", "PYTEST", "COV", "LEGACY_SEAM")
    env = {name: value for name, value in os.environ.items() if not name.startswith(hidden)}
    return subprocess.run(
        [sys.executable, *words],
        cwd=project.directory,
        env=env | {"PYTHONDONTWRITEBYTECODE": "1"} | environment,
        capture_output=True,
        text=True,
        timeout=60,
        input=environment.get("INPUT", ""),
    )


def hooked(project: Any, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join([HOOK, *filter(None, [environment.pop("PYTHONPATH", "")])])
    settings = {"LEGACY_SEAM_RECORD": "all", "LEGACY_SEAM_STORE": str(project.store)}
    return run(project, *words, **(settings | environment | {"PYTHONPATH": path}))


def same(one: subprocess.CompletedProcess[str], other: subprocess.CompletedProcess[str]) -> bool:
    return (one.returncode, one.stdout, one.stderr) == (other.returncode, other.stdout, other.stderr)


def test_a_program_and_what_it_starts_are_recorded_and_find_no_trace(shop: Any) -> None:
    assert same(hooked(shop, "-B", "program.py", "a", LEGACY_SEAM_HIDE="1"), run(shop, "-B", "program.py", "a"))
    recorded = shop.recorded()
    assert recorded.inputs("program:job") == [{"n": "4"}]
    assert sorted(call["n"] for call in recorded.inputs("helper:work")) == ["4", "8"]


def test_unless_asked_only_the_environment_shows_it(shop: Any) -> None:
    plain, seen = run(shop, "-m", "program"), hooked(shop, "-m", "program")
    assert seen.stderr == plain.stderr == ""
    lines = zip(plain.stdout.splitlines(), seen.stdout.splitlines(), strict=True)
    assert [one == other for one, other in lines] == [True, False, True]
    assert "['LEGACY_SEAM_RECORD', 'LEGACY_SEAM_STORE']" in seen.stdout
    assert shop.recorded().inputs("program:job") == [{"n": "4"}]


def test_the_next_sitecustomize_is_run_as_ever(shop: Any, tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text("import sys\nsys.customized = (__name__, __file__)\n")
    environment = {"PYTHONPATH": str(tmp_path)}
    seen = hooked(shop, "program.py", LEGACY_SEAM_HIDE="1", **environment)
    assert same(seen, run(shop, "program.py", **environment))
    assert f"('sitecustomize', '{tmp_path}/sitecustomize.py')" in seen.stdout


@pytest.mark.parametrize("words", [("bad.py",), ("-c", "1/"), ("no_such.py",), ("-m", "no_such"), ("--version",)])
def test_programs_that_cannot_begin_say_so_as_ever(shop: Any, words: tuple[str, ...]) -> None:
    assert same(hooked(shop, *words), run(shop, *words))


def test_a_program_from_stdin_is_recorded_from_where_it_stands(shop: Any) -> None:
    seen = hooked(shop, "-", INPUT="import helper; print(helper.work(9))")
    assert (seen.stdout, seen.stderr) == ("10\n", "")
    assert shop.recorded().inputs("helper:work") == [{"n": "9"}]


@pytest.mark.parametrize(
    "environment",
    [{"LEGACY_SEAM_STORE": "/proc/none"}, {"LEGACY_SEAM_RECORD": "{"}, {"LEGACY_SEAM_RECORD": '{"a":1}'}],
)
def test_what_is_wrong_is_told_in_a_line_and_the_program_runs(shop: Any, environment: Mapping[str, str]) -> None:
    seen = hooked(shop, "-c", "import helper; print(helper.work(1))", **environment)
    assert (seen.returncode, seen.stdout) == (0, "2\n")
    assert seen.stderr.startswith("legacy-seam: ") and seen.stderr.count("\n") == 1


def test_without_a_wish_nothing_happens(shop: Any) -> None:
    seen = hooked(
        shop, "-c", "import helper, sys; print(helper.work(1), 'json' in sys.modules)", LEGACY_SEAM_RECORD=""
    )
    assert (seen.stdout, seen.stderr) == ("2 False\n", "")
    assert not shop.store.exists()


def test_the_verb_prints_what_a_shell_needs(shop: Any) -> None:
    command = f"{sys.executable} -m legacy_seam hook -t helper --hide --store {shop.store}"
    script = f'eval "$({command})"; exec {sys.executable} program.py'
    done = subprocess.run(["sh", "-c", script], cwd=shop.directory, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert set(shop.recorded().counts) == {"helper:work"}
    plain = subprocess.run(
        [*command.split(), "--plain"], cwd=shop.directory, capture_output=True, text=True, timeout=60
    )
    assert [line.partition("=")[0] for line in plain.stdout.splitlines()] == [
        "LEGACY_SEAM_RECORD",
        "LEGACY_SEAM_HIDE",
        "PYTHONPATH",
    ]


def test_wishes() -> None:
    assert wished({"LEGACY_SEAM_RECORD": "all"}).targets == ()
    assert wished({"LEGACY_SEAM_RECORD": "a.b  c:D, e"}).targets == ("a.b", "c:D", "e")
    assert wished({"LEGACY_SEAM_RECORD": "x", "LEGACY_SEAM_SOURCE": "/a:/b"}).sources == ("/a", "/b")
    assert wished({"LEGACY_SEAM_RECORD": "x"}).sources == (str(Path.cwd()),)
