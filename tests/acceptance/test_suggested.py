"""`insert --suggested` takes what pin and survey propose."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from legacy_seam.cli import main


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as left:
        main(list(arguments))
    code = left.value.code
    return code if isinstance(code, int) else 0


@pytest.fixture(autouse=True)
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "pyproject.toml").write_text("")
    text = "import time\n\n\ndef f(a):\n    return a, time.time()\n\n\ndef g(a):\n    return a\n"
    (tmp_path / "m.py").write_text(text)
    monkeypatch.chdir(tmp_path)
    return tmp_path / "m.py"


def test_the_first_is_taken_and_the_others_are_named(program: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("insert", "--suggested", "m:f", "--no-verify") == 0
    assert (
        "proposed as well: legacy-seam insert parameterize-method m:f --call time.time" in capsys.readouterr().err
    )
    assert "return a, _time()" in program.read_text()


def test_it_can_be_looked_at_before(program: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = program.read_text()
    assert run("insert", "--suggested", "m:f", "--dry-run", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["technique"], told["status"]) == ("replace-global-reference-with-getter", "planned")
    assert program.read_text() == before


@pytest.mark.parametrize(
    ("arguments", "told"),
    [(("m:g",), "neither `pin` nor `survey` proposes"), (("model-seam", "m:f"), "chooses the technique itself")],
)
def test_where_nothing_can_be_taken_it_is_told(
    arguments: tuple[str, ...], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("insert", "--suggested", *arguments) == 2
    assert told in capsys.readouterr().err


def test_what_pin_has_found_comes_first(
    shop: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (shop / "pyproject.toml").write_text("")
    monkeypatch.chdir(shop)
    assert run("insert", "--suggested", "shop.rules:age", "--dry-run", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert "_today()" in told["diff"]
