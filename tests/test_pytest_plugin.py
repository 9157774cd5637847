"""The pytest plugin, tried by running pytest on a project with golden masters."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from shop_project import edit


def run_pytest(
    place: Path, *arguments: str, plugins: tuple[str, ...] | None = (), **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run pytest as a user would.

    Args:
        place: where.
        arguments: what the user types.
        plugins: those that are there beside ours; None for all that are installed, which take their time to import.
        environment: what else there is in the environment.
    """
    hidden = ("CI", "PYTEST_ADDOPTS", "PYTEST_XDIST_WORKER", "PYTHONPATH", "PYTEST_CURRENT_TEST")
    env = {name: value for name, value in os.environ.items() if name not in hidden}
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-p",
        "no:approvaltests_pytest",
        "-p",
        "no:cacheprovider",
        *arguments,
    ]
    if plugins is not None:
        environment = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", **environment}
        command += [part for name in ("legacy_seam.pytest_plugin", *plugins) for part in ("-p", name)]
    return subprocess.run(
        command,
        cwd=place,
        env={**env, "COLUMNS": "120", **environment},
        capture_output=True,
        text=True,
        timeout=300,
    )


def test_golden_masters_are_items_one_for_each_target(shop: Path) -> None:
    done = run_pytest(shop, "--collect-only", "-q")

    assert done.returncode == 0
    items = [line for line in done.stdout.splitlines() if "::" in line]
    assert "tests/golden/shop.rules/score.approved.txt::shop.rules:score" in items
    assert len(items) == 9


def test_unchanged_code_is_green_and_leaves_nothing_behind(shop: Path) -> None:
    before = sorted(path for path in shop.rglob("*") if "__pycache__" not in path.parts)

    done = run_pytest(shop, plugins=None)

    assert done.returncode == 0
    assert "legacy-seam 0" in done.stdout
    assert "9 of 9 golden masters hold" in done.stdout
    assert sorted(path for path in shop.rglob("*") if "__pycache__" not in path.parts) == before


def test_a_change_is_one_failure_in_the_call_phase_told_by_groups(shop: Path) -> None:
    edit(shop / "shop/rules.py", "RATE = 3", "RATE = 4")

    done = run_pytest(shop, "-k", "score")

    assert done.returncode == 1
    assert "1 failed" in done.stdout
    assert "error" not in done.stdout.splitlines()[-1]
    assert "returned: another int" in done.stdout
    assert "If this is what you want: legacy-seam accept" in done.stdout
    assert len(done.stdout.splitlines()) < 45
    assert (shop / "tests/golden/shop.rules/score.received.txt").exists()


def test_pytest_never_changes_what_is_approved(shop: Path) -> None:
    edit(shop / "shop/rules.py", "RATE = 3", "RATE = 4")
    before = {path: path.read_bytes() for path in shop.glob("tests/golden/**/*.approved.txt")}

    run_pytest(shop)

    assert {path: path.read_bytes() for path in shop.glob("tests/golden/**/*.approved.txt")} == before


def test_in_ci_nothing_is_written_but_the_report_that_was_asked_for(shop: Path, tmp_path: Path) -> None:
    edit(shop / "shop/rules.py", "RATE = 3", "RATE = 4")
    before = sorted(path for path in shop.rglob("*") if "__pycache__" not in path.parts)

    done = run_pytest(shop, f"--seam-report={tmp_path / 'out' / 'report.json'}", CI="true")

    assert done.returncode == 1
    assert sorted(path for path in shop.rglob("*") if "__pycache__" not in path.parts) == before
    report = json.loads((tmp_path / "out" / "report.json").read_text())
    assert {one["target"] for one in report["targets"] if one["status"] == "failed"} >= {"shop.rules:score"}


def test_workers_of_xdist_report_to_one_summary(shop: Path, tmp_path: Path) -> None:
    edit(shop / "shop/rules.py", "RATE = 3", "RATE = 4")

    done = run_pytest(shop, "-n", "2", f"--seam-report={tmp_path / 'report.json'}", plugins=("xdist.plugin",))

    assert done.returncode == 1
    assert "of 9 golden masters hold" in done.stdout
    assert len(json.loads((tmp_path / "report.json").read_text())["targets"]) == 9


def test_off_collects_nothing(shop: Path) -> None:
    assert "no tests" in run_pytest(shop, "--seam=off").stdout


def test_last_failed_runs_only_what_failed(shop: Path) -> None:
    edit(shop / "shop/rules.py", "days late", "days behind")
    run_pytest(shop, "-p", "cacheprovider")

    done = run_pytest(shop, "-p", "cacheprovider", "--lf", "-v")

    assert "deselected" not in done.stdout or "passed" not in done.stdout.splitlines()[-1]
    assert "failed" in done.stdout.splitlines()[-1]


def test_a_mangled_golden_master_fails_with_a_sentence(shop: Path) -> None:
    path = shop / "tests/golden/shop.rules/parse.approved.txt"
    path.write_text(path.read_text().replace("  then\n", ""))

    done = run_pytest(shop, "-k", "parse")

    assert done.returncode == 1
    assert "parse.approved.txt:" in done.stdout
    assert "Traceback" not in done.stdout


def test_approved_files_of_others_are_left_alone(shop: Path) -> None:
    (shop / "tests/other.approved.txt").write_text("something that approvaltests wrote\n")

    assert "9 passed" in run_pytest(shop).stdout


def test_the_calls_that_tests_make_can_be_recorded(tmp_path: Path) -> None:
    (tmp_path / "pricing.py").write_text("def price(amount):\n    return amount * 3\n")
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests/test_pricing.py").write_text(
        "import pricing\n\n\ndef test_price():\n    assert pricing.price(2) == 6\n"
    )

    done = run_pytest(tmp_path, "--seam=record", "--import-mode=importlib", PYTHONPATH=str(tmp_path))
    status = subprocess.run(
        [sys.executable, "-m", "legacy_seam", "status", "--json"], cwd=tmp_path, capture_output=True, text=True
    )

    assert done.returncode == 0, done.stdout
    assert [one["target"] for one in json.loads(status.stdout)["targets"]] == ["pricing:price"]


def test_a_value_is_characterized_by_hand(tmp_path: Path) -> None:
    (tmp_path / "test_orders.py").write_text(
        "def put(orders, number):\n"
        "    orders.append(number)\n"
        "    print('put', number)\n"
        "    return {'n': number, 'half': number / 2}\n\n\n"
        "def test_put(characterize):\n"
        "    characterize.call(put, [1], number=4)\n"
    )
    first = run_pytest(tmp_path)
    received, approved = (tmp_path / f"test_orders.test_put.{word}.txt" for word in ("received", "approved"))

    assert first.returncode == 1
    assert "nothing is approved yet as test_orders.test_put.approved.txt" in first.stdout
    assert "changed argument 0[1] = 4" in received.read_text()
    received.rename(approved)
    assert run_pytest(tmp_path).returncode == 0
    edit(tmp_path / "test_orders.py", "number / 2", "number // 2")
    assert "expected" in run_pytest(tmp_path).stdout


def test_loading_the_plugin_imports_the_standard_library_and_pytest_only(tmp_path: Path) -> None:
    code = (
        "import pytest, sys; before = set(sys.modules); import legacy_seam.pytest_plugin;"
        "print(sorted(name for name in set(sys.modules) - before if not name.startswith('legacy_seam')"
        " and name.partition('.')[0] not in sys.stdlib_module_names))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True)

    assert done.stdout.strip() == "[]", done.stderr
    assert list(tmp_path.iterdir()) == []


def test_what_golden_masters_run_counts_for_coverage(shop: Path) -> None:
    options = ("--cov=shop", "--cov-branch", "--cov-report=json", "-W", "error", "-k", "parse or letter")
    done = run_pytest(shop, *options, plugins=("pytest_cov.plugin",))

    assert done.returncode == 0, done.stdout
    functions = json.loads((shop / "coverage.json").read_text())["files"]["shop/rules.py"]["functions"]
    assert {name: one["summary"]["percent_covered"] for name, one in functions.items()} == {
        "": 100.0,
        "parse": 100.0,
        "letter": 100.0,
        **dict.fromkeys(("Account.__init__", "Account.rate", "Account.label", "score", "remember", "age"), 0.0),
    }
