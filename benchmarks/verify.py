"""What verifying costs: 2,000 cases of about 1 KB, in processor time per case, beside peers in the same run.

    python benchmarks/verify.py [--cases 2000] [--repeats 3]

Each tool verifies the same 2,000 values (nested dicts of about 1 KB) in one pytest item, with only its own plugins
loaded; the cost of a pytest run that verifies nothing, with the same plugins, is taken off. Processor time is user
and system time of pytest and all its children. The floor reads one JSON file and compares with `==`.

legacy-seam does more than the others in that time: it runs the function in another process, under a frozen clock,
seeded randomness and an audit hook.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

CATALOG = '''
def describe(number):
    """A product as a nested dict of about 1 KB."""
    return {
        "number": number,
        "name": f"article {number} of the spring catalogue",
        "price": {"net": number * 1.25, "vat": number * 0.2, "currency": "EUR", "valid": [2026, number % 12 + 1]},
        "stock": [
            {"place": f"store {place}", "count": (number * place) % 97, "kept": number % 5, "open": place % 2 == 0}
            for place in range(6)
        ],
        "tags": [f"tag-{tag}" for tag in range(number % 7, number % 7 + 8)],
        "sizes": {size: {"width": number % 40 + size, "height": size * 2.5} for size in range(8)},
        "text": "plain words that describe the article at some length, as catalogues do " * 2,
        "discontinued": None if number % 3 else False,
    }
'''


@dataclass(frozen=True)
class Contender:
    """One way of verifying: its name, the module it needs, its plugins, and its test."""

    name: str
    needs: str | None
    plugins: tuple[str, ...]
    test: str


LOOP = "from catalog import describe\nCASES = {cases}\n"
CONTENDERS = (
    Contender(
        "floor: one JSON file, json.loads and ==",
        None,
        (),
        LOOP + "import json, pathlib\nPATH = pathlib.Path(__file__).with_name('floor.jsonl')\n"
        "def norm(value):\n    return json.loads(json.dumps(value))\n"
        "def test_all():\n"
        "    if not PATH.exists():\n"
        "        PATH.write_text('\\n'.join(json.dumps(describe(n)) for n in range(CASES)))\n"
        "    for n, line in enumerate(PATH.read_text().splitlines()):\n"
        "        assert json.loads(line) == norm(describe(n))\n",
    ),
    Contender(
        "approvaltests verify_as_json",
        "approvaltests",
        (),
        LOOP + "import os\nfrom contextlib import suppress\n"
        "from approvaltests import verify_as_json\n"
        "from approvaltests.approval_exception import ApprovalException\n"
        "from approvaltests.namer import NamerFactory\n"
        "from approvaltests.reporters import reporter_that_automatically_approves as automatic\n"
        "def test_all():\n"
        "    for n in range(CASES):\n"
        "        options = NamerFactory.with_parameters(n)\n"
        "        options = options.with_reporter(automatic.ReporterThatAutomaticallyApproves())\n"
        "        with suppress(*([ApprovalException] if 'RECORDING' in os.environ else [])):\n"
        "            verify_as_json(describe(n), options=options)\n",
    ),
    Contender(
        "inline-snapshot external_file",
        "inline_snapshot",
        ("inline_snapshot.pytest_plugin",),
        LOOP + "from inline_snapshot import external_file\n"
        "def test_all():\n"
        "    for n in range(CASES):\n"
        "        assert describe_json(n) == external_file(f'inline/{n}.json')\n"
        "import json\n"
        "def describe_json(n):\n    return json.loads(json.dumps(describe(n)))\n",
    ),
    Contender(
        "syrupy (amber)",
        "syrupy",
        ("syrupy",),
        LOOP + "def test_all(snapshot):\n    for n in range(CASES):\n        assert describe(n) == snapshot\n",
    ),
    Contender(
        "pytest-regressions data_regression",
        "pytest_regressions",
        ("pytest_datadir.plugin", "pytest_regressions.plugin"),
        LOOP + "import json\n"
        "def test_all(data_regression):\n"
        "    for n in range(CASES):\n"
        "        data_regression.check(json.loads(json.dumps(describe(n))), basename=f'case_{n}')\n",
    ),
    Contender(
        "pytest-remaster golden_master",
        "pytest_remaster",
        ("pytest_remaster.plugin",),
        LOOP + "from pathlib import Path\n"
        "from pytest_remaster.golden_master import json_serializer\n"
        "PLACE = Path(__file__).with_name('remaster')\n"
        "WRITE = json_serializer()\n"
        "def test_all(golden_master):\n"
        "    for n in range(CASES):\n"
        "        golden_master.check(describe(n), PLACE / f'{n}.json', serializer=WRITE)\n",
    ),
)
RECORDING = {
    "inline_snapshot": ["--inline-snapshot=create"],
    "syrupy": ["--snapshot-update"],
    "pytest_regressions": ["--regen-all"],
    "pytest_remaster": ["--remaster"],
}
ENVIRONMENT = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "APPROVALTESTS_DISABLE_SCRIPT_DOWNLOADS": "1", "CI": ""}
OURS = "legacy-seam"


def processor_seconds(command: Sequence[str], place: Path) -> float:
    """User and system time of a command and its children."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, cwd=place, env={**os.environ, **ENVIRONMENT}, capture_output=True, text=True)
    if done.returncode not in (0, 5):
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def pytest_command(plugins: Sequence[str], *arguments: str) -> list[str]:
    """pytest with these plugins and no others."""
    loaded = [part for plugin in plugins for part in ("-p", plugin)]
    return [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *loaded, *arguments]


def write_golden_master(place: Path, cases: int) -> None:
    """A golden master with so many cases, made by the library from calls that nobody had to record."""
    from legacy_seam.calls import Call, Case, Run
    from legacy_seam.golden.approval import approve
    from legacy_seam.golden.directory import GoldenDirectory
    from legacy_seam.golden.master import GoldenMaster
    from legacy_seam.golden.world_text import named_by_content
    from legacy_seam.replay import Batch, Conditions, Replayer
    from legacy_seam.targets import Target

    target = Target("catalog", "describe")
    run = named_by_content(
        Run("", ("driver.py",), str(place), None, (".",), 1_790_000_000.0, "UTC", {}, (), "3", sys.platform)
    )
    calls = tuple(
        Call(target, f"{number:012x}", {"number": str(number)}, {}, {}, 1_790_000_000.0, (), None, run.identity)
        for number in range(cases)
    )
    directory = GoldenDirectory(place / "tests" / "golden")
    with Replayer(place, directory.files, allow=()) as replayer:
        outcomes = {one.identity: one.outcome for one in replayer.run([Batch(target, calls, run)], Conditions())}
    master = GoldenMaster(
        target, tuple(Case(call, outcome) for call in calls if (outcome := outcomes[call.identity]) is not None)
    )
    directory.save_worlds([run])
    approve(directory.path_of(target), directory.write(master))


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=2000)
    parser.add_argument("--repeats", type=int, default=3)
    options = parser.parse_args()
    place = Path(tempfile.mkdtemp(prefix="verify-benchmark-"))
    try:
        rows = measure(place, options.cases, options.repeats)
    finally:
        shutil.rmtree(place, ignore_errors=True)
    print(f"Python {sys.version.split()[0]}, {options.cases} cases, min of {options.repeats}, ms of CPU per case")
    ours = rows[OURS]
    for name, cost in sorted(rows.items(), key=lambda row: row[1]):
        print(f"  {name:<42} {cost * 1000:8.4f}   {cost / ours:7.1f} x legacy-seam")


def measure(place: Path, cases: int, repeats: int) -> dict[str, float]:
    """Seconds of processor time per case, by contender."""
    (place / "pyproject.toml").write_text("[tool.pytest.ini_options]\npythonpath = ['.']\n")
    (place / "catalog.py").write_text(CATALOG)
    (place / "test_nothing.py").write_text("def test_nothing():\n    pass\n")
    write_golden_master(place, cases)
    commands: dict[str, tuple[tuple[str, ...], str]] = {OURS: (("legacy_seam.pytest_plugin",), "tests/golden")}
    for number, one in enumerate(CONTENDERS):
        if one.needs is not None and importlib.util.find_spec(one.needs) is None:
            print(f"  ({one.name} is not installed)", file=sys.stderr)
            continue
        file = f"test_contender_{number}.py"
        (place / file).write_text(one.test.replace("{cases}", str(cases)))
        record = pytest_command(one.plugins, *RECORDING.get(one.needs or "", []), file)
        subprocess.run(record, cwd=place, capture_output=True, env={**os.environ, **ENVIRONMENT, "RECORDING": "1"})
        commands[one.name] = (one.plugins, file)
    best: dict[str, float] = {}
    nothing: dict[str, float] = {}
    for _ in range(repeats):
        for name, (plugins, path) in commands.items():
            spent = processor_seconds(pytest_command(plugins, path), place)
            best[name] = min(best.get(name, spent), spent)
            idle = processor_seconds(pytest_command(plugins, "test_nothing.py"), place)
            nothing[name] = min(nothing.get(name, idle), idle)
    return {name: (best[name] - nothing[name]) / cases for name in commands}


if __name__ == "__main__":
    main()
