"""`legacy-seam survey`, as a user types it."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import pytest

from legacy_seam.cli import main
from small_program import write_program

SHOP = {
    "pyproject.toml": "[tool.legacy-seam]\n",
    "shop.py": "import time\ndef age(born):\n    return time.time() - born\ndef double(x):\n    return 2 * x\n",
    "old.py": "print 'hello'\n",
}


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(write_program(tmp_path, SHOP))
    return tmp_path


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(["survey", *arguments])
    assert isinstance(ended.value.code, int | None)
    return ended.value.code or 0


def test_it_tells_of_the_current_directory(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run() == 0

    told = capsys.readouterr().out
    assert "shop:age" in told
    assert "old.py:1" in told


def test_json_is_one_document(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--json", "-t", "shop:age") == 0

    data = json.loads(capsys.readouterr().out)
    assert [one["target"] for one in data["functions"]] == ["shop:age"]
    assert [one["code"] for one in data["left_out"]] == ["python-2"]


def test_the_sketch_is_written_and_printed(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--mermaid", "--svg", "out/sketch.svg") == 0

    assert "shop:age" in capsys.readouterr().out
    assert ElementTree.parse(place / "out" / "sketch.svg").getroot().tag.endswith("svg")


def test_a_golden_master_counts_as_a_net(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = place / "tests" / "golden" / "shop" / "age.approved.txt"
    path.parent.mkdir(parents=True)
    path.write_text("golden master of shop:age\n")
    run("--json", "-t", "shop:age")
    [without] = json.loads(capsys.readouterr().out)["functions"]
    assert without["net"] == {"golden": None, "test": None}

    path.write_text(FIRST_LINE)
    run("--json", "-t", "shop:age")
    [held] = json.loads(capsys.readouterr().out)["functions"]
    assert held["net"] == {"golden": 0, "test": None}
    assert held["risk"] < without["risk"]


FIRST_LINE = "golden master 1 of shop:age\n"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("nowhere",), "there is no nowhere"),
        (("empty",), "there are no Python files"),
        (("-t", "shop:agee"), "the nearest are shop:age"),
        (("--json", "--mermaid"), "ask for one of them"),
    ],
)
def test_a_mistake_is_one_sentence(
    place: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], told: str
) -> None:
    (place / "empty").mkdir()

    assert run(*arguments) == 2

    captured = capsys.readouterr()
    assert captured.out == ""
    assert told in captured.err
    assert len(captured.err.splitlines()) == 1


def test_files_elsewhere_can_be_surveyed(
    place: Path, tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str]
) -> None:
    elsewhere = write_program(
        tmp_path_factory.mktemp("elsewhere"), {"app/__init__.py": "", "app/m.py": "def f(): ...\n"}
    )

    assert run("--json", str(elsewhere)) == 0

    data = json.loads(capsys.readouterr().out)
    assert [(one["target"], one["file"]) for one in data["functions"]] == [("app.m:f", "app/m.py")]


def test_history_is_that_of_the_project(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def git(*arguments: str) -> None:
        who = ("-c", "user.name=ann", "-c", "user.email=ann@shop")
        subprocess.run(["git", *who, *arguments], cwd=place, check=True, capture_output=True)

    git("init", "-q")
    for text in (SHOP["shop.py"], SHOP["shop.py"].replace("2 *", "3 *")):
        (place / "shop.py").write_text(text)
        git("add", "-A")
        git("commit", "-qm", "x")

    run("--json", "-t", "shop")

    data = json.loads(capsys.readouterr().out)
    assert data["history"]["commits"] == 2
    assert {one["target"]: one["churn"] and one["churn"]["commits"] for one in data["functions"]} == {
        "shop:age": None,
        "shop:double": 1,
        "shop:<module>": None,
    }
