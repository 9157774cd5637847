"""What production imports is small, quick, and needs nothing that is not Python's own."""

from __future__ import annotations

import json
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

PRODUCTION = """
import json, sys
import legacy_seam.experiment as seam
loaded = sorted(name for name in sys.modules if name.startswith("legacy_seam"))
foreign = sorted({name.partition(".")[0] for name in sys.modules} - set(sys.stdlib_module_names) - {"legacy_seam"})

def double(number):
    return number * 2

log = seam.PredictionLog("log.db")
trial = seam.Experiment("double", double, "candidate:double", sys.argv[1], log=log)
trial(4)
assert trial.settle(60) and log.flush()
print(json.dumps({"loaded": loaded, "foreign": foreign, "counts": trial.counts(),
                  "rows": [(row.control, row.candidate) for row in log.rows()]}))
"""


@pytest.mark.parametrize("mode", ["inline", "worker", "fork"])
def test_the_wheel_runs_an_experiment_without_any_dependency(mode: str, bare_python: Path, tmp_path: Path) -> None:
    (tmp_path / "candidate.py").write_text("def double(number):\n    return number + number\n")
    (tmp_path / "production.py").write_text(PRODUCTION)
    ended = subprocess.run(
        [bare_python, "production.py", mode], cwd=tmp_path, capture_output=True, text=True, timeout=120
    )
    assert ended.returncode == 0, ended.stderr
    found = json.loads(ended.stdout)
    assert found["counts"] == {"calls": 1, "compared": 1, "matched": 1} and found["rows"] == [[8, 8]]
    rooms = {name.split(".")[1] for name in found["loaded"] if "." in name}
    assert rooms == {"experiment", "errors", "plaindata"}
    assert not [name for name in found["foreign"] if not name.startswith(("_", "site", "sitecustomize"))]


@pytest.fixture(scope="module")
def bare_python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An interpreter in an environment with the wheel and nothing else."""
    place = tmp_path_factory.mktemp("bare")
    built = subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "-w", place, ROOT], capture_output=True, text=True
    )
    assert built.returncode == 0, built.stderr
    (wheel,) = place.glob("*.whl")
    venv.create(place / "env", with_pip=False)
    site = sysconfig.get_path("purelib", "venv", vars={"base": str(place / "env"), "platbase": str(place / "env")})
    subprocess.run([sys.executable, "-m", "zipfile", "-e", wheel, site], check=True)
    return place / "env" / "bin" / "python"


def test_importing_it_loads_nothing_that_takes_long() -> None:
    program = (
        "import sys; before = set(sys.modules); import legacy_seam.experiment; print(*(set(sys.modules) - before))"
    )
    loaded = subprocess.run(
        [sys.executable, "-I", "-c", program], capture_output=True, text=True, check=True
    ).stdout
    slow = {
        "logging",
        "json",
        "sqlite3",
        "asyncio",
        "inspect",
        "subprocess",
        "pickle",
        "decimal",
        "dataclasses",
        "_ssl",
    }
    assert not slow & set(loaded.split())
