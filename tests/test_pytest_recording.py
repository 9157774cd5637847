"""`pytest --seam=record`: an existing suite runs as ever, and what it calls is recorded, wherever it runs."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from legacy_seam.calls import Count
from legacy_seam.store.recordings import Recordings
from test_pytest_plugin import run_pytest

SUITE = {
    "shop/__init__.py": "",
    "shop/rules.py": """
        def score(n): return n * 2
        def check(n):
            assert n < 100, n
            return n
    """,
    "conftest.py": """
        import pytest
        from shop import rules        # before the recording begins
        @pytest.fixture
        def scored():
            yield rules.score(1000)
            rules.score(2000)
    """,
    "test_shop.py": """
        import os, subprocess, sys
        import pytest
        from shop.rules import check, score
        @pytest.mark.parametrize("number", range(8))
        def test_score(number):
            assert score(number) == number * 2
        def test_fixture(scored):
            assert scored == 2000
        def test_failing():
            assert score(50) == score(51)
        def test_check():
            with pytest.raises(AssertionError):
                check(100)
        def test_process():
            subprocess.run([sys.executable, "-c", "from shop.rules import score; score(3000)"], check=True)
    """,
}


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    place = tmp_path / "suite"
    for name, text in SUITE.items():
        path = place / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text))
    return place


def recorded(place: Path) -> tuple[list[int], dict[str, Count]]:
    recordings = Recordings(place / ".legacy-seam")
    assert recordings.fold().damages == ()
    calls = [call for target in recordings.targets() for call in recordings.calls(target)]
    scored = sorted(int(call.arguments["n"]) for call in calls if call.target.qualname == "score")
    return scored, {str(target): count for target, count in recordings.counts().items()}


@pytest.mark.parametrize("workers", [[], ["-n", "2"]])
def test_a_suite_is_recorded_in_one_process_and_in_several(suite: Path, workers: list[str]) -> None:
    done = run_pytest(suite, *workers, "--seam=record", plugins=("xdist.plugin",) if workers else ())

    assert "1 failed, 11 passed" in done.stdout
    assert "assert 100 == 102" in done.stdout
    assert "where 100 = score(50)" in done.stdout
    scored, counts = recorded(suite)
    assert scored == [*range(8), 50, 51, 1000, 2000, 3000]
    assert counts["shop.rules:score"].seen == 13
    assert counts["shop.rules:check"].seen == 1
    assert "13 calls of 2 functions seen, 13 kept. Next: legacy-seam pin" in done.stdout


def test_a_suite_that_calls_nothing_says_what_to_look_at(suite: Path) -> None:
    done = run_pytest(suite, "--seam=record", "-k", "nothing")

    assert "No function below the source directories was called" in done.stdout


def test_a_store_that_cannot_be_made_is_one_sentence(suite: Path) -> None:
    (suite / ".legacy-seam").write_text("in the way")

    done = run_pytest(suite, "--seam=record")

    assert done.returncode == 4
    assert "legacy-seam: The store" in done.stdout + done.stderr
    assert "INTERNALERROR" not in done.stdout + done.stderr
