"""A series of techniques is tried on a copy, and the project is as it was."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from legacy_seam.cli import main

GETTER = "replace-global-reference-with-getter --call datetime.date.today"


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as left:
        main(list(arguments))
    code = left.value.code
    return code if isinstance(code, int) else 0


def tree(shop: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(shop)): path.read_bytes()
        for path in sorted(shop.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    }


@pytest.fixture
def inside(shop: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(shop)
    return shop


def test_techniques_are_applied_one_upon_the_other(inside: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = tree(inside)
    steps = ["--apply", GETTER, "--apply", "retire shop.rules:_today"]
    assert run("scratch", "shop.rules:age", *steps, "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert [(one["status"], one["target"]) for one in told["steps"]] == [
        ("kept", "shop.rules:age"),
        ("kept", "shop.rules:_today"),
    ]
    assert told["held"] == 2 and told["steps"][0]["files"] == ["shop/rules.py"]
    assert "+    return (_today() - born).days" in told["steps"][0]["diff"]
    assert tree(inside) == before


def test_what_is_refused_is_told_and_the_next_is_tried(inside: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = tree(inside)
    steps = ["--apply", "retire", "--apply", "model-seam"]
    assert run("scratch", "shop.rules:score", *steps, "--diff", "--no-verify") == 1
    told = capsys.readouterr()
    assert "refused: retire shop.rules:score" in told.out and "holds: model-seam shop.rules:score" in told.out
    assert "+_score_impl = _score_legacy" in told.out and "1 of 2 techniques would be kept" in told.out
    assert "shop/rules.py:" in told.err and "no function pointer" in told.err
    assert tree(inside) == before


@pytest.mark.parametrize(
    ("step", "told"),
    [
        ("no-such-technique", "there is no technique"),
        ("model-seam --with", "requires an argument"),
        ("model-seam 'open", "No closing quotation"),
        ("replace-global-reference-with-getter", "needs --call"),
        ("", "say which technique"),
    ],
)
def test_a_step_that_says_nothing_useful_is_told(step: str, told: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("scratch", "shop.rules:score", "--apply", step) == 2
    assert told in capsys.readouterr().err
