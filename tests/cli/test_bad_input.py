"""What users get wrong, and what goes wrong around them: one sentence, exit code 2, everything else is done."""

from __future__ import annotations

import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from shop_project import edit, run_seam

Done = subprocess.CompletedProcess[str]


def approved(shop: Path, name: str = "parse") -> Path:
    return shop / f"tests/golden/shop.rules/{name}.approved.txt"


def told(done: Done, *parts: str, code: int = 2, sentences: int = 1) -> None:
    """It was said in one sentence on stderr; stdout is empty, or one JSON document."""
    lines = [line for line in done.stderr.splitlines() if line.startswith("legacy-seam: ")]
    assert "Traceback" not in done.stderr + done.stdout
    assert len(lines) == sentences, done.stderr
    for part in parts:
        assert any(part in line for line in lines), (part, done.stderr)
    if done.stdout:
        json.loads(done.stdout)
    assert done.returncode == code, done.stderr


def statuses(done: Done, key: str = "status") -> dict[str, str]:
    return {one["target"]: one[key] for one in json.loads(done.stdout)["targets"]}


def golden(shop: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in sorted(shop.glob("tests/golden/**/*")) if path.is_file()}


@pytest.fixture
def mounted() -> Iterator[Callable[..., None]]:
    """Mount something over a directory until the test has ended."""
    places: list[Path] = []

    def mount(place: Path, *how: str) -> None:
        done = subprocess.run(["mount", *how, str(place)], capture_output=True, text=True)
        if done.returncode:
            pytest.skip(f"nothing can be mounted here: {done.stderr.strip()}")
        places.append(place)

    yield mount
    for place in reversed(places):
        subprocess.run(["umount", str(place)], check=True)


@pytest.fixture
def read_only(mounted: Callable[..., None]) -> Callable[[Path], None]:
    def remount(place: Path) -> None:
        mounted(place, "--bind", str(place))
        subprocess.run(["mount", "-o", "remount,ro,bind", str(place)], check=True)

    return remount


@pytest.fixture
def small_disk(mounted: Callable[..., None]) -> Callable[[Path, str], None]:
    def make(place: Path, size: str) -> None:
        place.mkdir(parents=True)
        mounted(place, "-t", "tmpfs", "-o", f"size={size}", "tmpfs")

    return make


# ------------------------------------------------------------------------------------------------- the program


def test_a_module_that_is_not_there_is_told_by_python_itself(shop: Path) -> None:
    done = run_seam(shop, "record", "--", "-m", "no.such")

    assert done.returncode == 1
    assert "No module named 'no'" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_missing_script_leaves_stdout_empty_with_json(shop: Path) -> None:
    done = run_seam(shop, "record", "--json", "--", "missing.py")

    told(done, "there is no script missing.py")
    assert done.stdout == ""


def test_a_program_that_fails_keeps_its_traceback_its_exit_code_and_its_calls(shop: Path) -> None:
    (shop / "fails.py").write_text("from shop import rules\n\nrules.score(3, 'G')\nrules.parse('?')\n")
    plain = subprocess.run([sys.executable, "fails.py"], cwd=shop, capture_output=True, text=True)

    done = run_seam(shop, "record", "--store", "fresh", "--", "fails.py")

    assert done.returncode == plain.returncode == 1
    assert done.stderr.startswith(plain.stderr)
    assert "2 calls of 2 functions seen, 2 kept" in done.stderr


def test_a_target_that_nothing_matches_is_told_after_the_program(shop: Path) -> None:
    done = run_seam(shop, "record", "-t", "shop.rules:scoer", "--", "night.py")

    assert done.returncode == 3
    assert "no function that was called matches 'shop.rules:scoer'" in done.stderr


@pytest.mark.parametrize("verb", ["pin", "verify", "accept"])
def test_an_unknown_target_prints_no_json(shop: Path, verb: str) -> None:
    done = run_seam(shop, verb, "--json", "shop.rules:scor")

    told(done, "matches 'shop.rules:scor'", "shop.rules:score")
    assert done.stdout == ""


# ------------------------------------------------------------------------------------------------- settings


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[tool.legacy-seam]\nrunz = 3\n", "did you mean 'runs'"),
        ('[tool.legacy-seam]\nruns = "three"\n', "must be a whole number"),
        ("[tool.legacy-seam\n", "not valid TOML"),
        ("[tool]\nlegacy-seam = 3\n", "must be a table"),
    ],
)
def test_settings_that_are_wrong_are_told_by_every_verb(shop: Path, text: str, said: str) -> None:
    (shop / "pyproject.toml").write_text(text)

    for arguments in (["record", "--json", "--", "night.py"], ["verify", "--json"], ["status", "--json"]):
        done = run_seam(shop, *arguments)

        told(done, str(shop / "pyproject.toml"), said)
        assert done.stdout == ""


def test_a_source_directory_that_is_not_there_is_told(shop: Path) -> None:
    (shop / "pyproject.toml").write_text('[tool.legacy-seam]\nsource = ["nowhere"]\n')

    told(run_seam(shop, "record", "--", "night.py"), "nowhere", "pyproject.toml")


def test_a_working_directory_that_is_gone_is_told(shop: Path) -> None:
    gone = shop / "gone"
    gone.mkdir()
    done = subprocess.run(
        ["sh", "-c", f"rmdir ../gone; {sys.executable} -m legacy_seam status"],
        cwd=gone,
        capture_output=True,
        text=True,
    )

    told(done, "the current directory was removed")


# ------------------------------------------------------------------------------------------------- the store


def test_a_store_from_a_newer_version_is_left_alone(shop: Path) -> None:
    database = shop / ".legacy-seam/recordings.db"
    with sqlite3.connect(database) as connection:
        connection.execute("UPDATE format SET version = 9")
    connection.close()
    before = database.read_bytes()

    for arguments in (["status", "--json"], ["pin", "--json"], ["record", "--json", "--", "night.py"]):
        done = run_seam(shop, *arguments)
        told(done, "recordings.db", "upgrade legacy-seam")
        assert done.stdout == ""
    assert database.read_bytes() == before
    assert run_seam(shop, "verify").returncode == 0


def test_a_database_that_is_damaged_costs_neither_the_exit_code_nor_what_was_recorded_now(shop: Path) -> None:
    database = shop / ".legacy-seam/recordings.db"
    with database.open("r+b") as file:
        file.seek(5_000)
        file.write(b"\xfe" * 20_000)

    done = run_seam(shop, "record", "--", "night.py")
    pinned = run_seam(shop, "pin", "--json")

    assert done.returncode == 3
    assert "recordings.db cannot be used" in done.stderr
    assert "Traceback" not in done.stderr
    told(pinned, "recordings.db cannot be used")
    database.unlink()
    assert run_seam(shop, "status", "--json").stdout.count('"kept": 0') == 0, "it was still in the spool"


def test_a_mangled_spool_is_named_and_kept_and_all_others_are_taken_in(shop: Path) -> None:
    spool = shop / ".legacy-seam/spools/12-34.spool"
    spool.write_bytes(b'legacy-seam spool 1\n0000002f 9b8e5a17 ["finding",{"target":null}]\n')
    damaged = shop / ".legacy-seam/spools/damaged/12-34.spool"

    done = run_seam(shop, "pin", "--json")

    told(done, "12-34.spool", "checksum", "everything else was taken in")
    assert set(statuses(done, "state").values()) == {"pinned"}
    assert damaged.exists()
    assert run_seam(shop, "pin", "shop.rules:parse").returncode == 0, "it is told once"


def test_a_spool_from_a_newer_version_waits_for_it(shop: Path) -> None:
    spool = shop / ".legacy-seam/spools/12-34.spool"
    spool.write_bytes(b"legacy-seam spool 9\nwho knows\n")

    told(run_seam(shop, "status", "--json"), "12-34.spool was written by a later version", "upgrade legacy-seam")
    assert spool.exists()


def test_two_programs_recorded_at_once_both_arrive(shop: Path) -> None:
    for name in ("one", "two"):
        (shop / f"{name}.py").write_text(f"def {name}(x):\n    return x\n\nfor i in range(30):\n    {name}(i)\n")
    programs = [
        subprocess.Popen(
            [sys.executable, "-m", "legacy_seam", "record", "--", f"{name}.py"],
            cwd=shop,
            stderr=subprocess.DEVNULL,
        )
        for name in ("one", "two", "one", "two")
    ]
    assert [program.wait() for program in programs] == [0, 0, 0, 0]

    targets = json.loads(run_seam(shop, "status", "--json").stdout)["targets"]

    assert {one["target"]: one["calls"]["seen"] for one in targets if one["target"] in ("one:one", "two:two")} == {
        "one:one": 60,
        "two:two": 60,
    }


# ------------------------------------------------------------------------------------------------- golden masters


def without_then(path: Path) -> None:
    path.write_text(path.read_text().replace("  then\n", ""))


def emptied(path: Path) -> None:
    path.write_text("")


def not_text(path: Path) -> None:
    path.write_bytes(b"\xff\xfe\x00")


def without_target(path: Path) -> None:
    path.write_text(path.read_text().replace("shop.rules:parse", "parse", 1))


def from_the_future(path: Path) -> None:
    path.write_text(path.read_text().replace("golden master 1", "golden master 7", 1))


def a_directory(path: Path) -> None:
    path.unlink()
    path.mkdir()


def open_bracket_in_an_input(path: Path) -> None:
    path.write_text(re.sub(r"(?m)^( +given .* = ).*", r"\1[1, {", path.read_text(), count=1))


def open_bracket_in_an_outcome(path: Path) -> None:
    path.write_text(re.sub(r"(?m)^( +returned = ).*", r"\1[1, {", path.read_text(), count=1))


MANGLED: dict[str, Callable[[Path], None]] = {
    "Account.__init__": without_then,
    "Account.label": from_the_future,
    "Account.rate": emptied,
    "age": not_text,
    "letter": a_directory,
    "parse": without_target,
    "remember": open_bracket_in_an_outcome,
    "score": open_bracket_in_an_input,
}


def test_mangled_golden_masters_are_named_and_left_and_all_others_are_processed(shop: Path) -> None:
    for name, mangle in MANGLED.items():
        mangle(approved(shop, name))
    before = golden(shop)

    verified = run_seam(shop, "verify", "--json")
    pinned = run_seam(shop, "pin", "--json")

    for done in (verified, pinned):
        told(done, *(f"{name}.approved.txt" for name in MANGLED), sentences=len(MANGLED))
    assert {target for target, status in statuses(verified).items() if status == "passed"} == {"night:main"}
    assert len(statuses(pinned, "state")) == 9
    assert golden(shop) == before


def test_a_golden_master_that_is_cut_short_is_named(shop: Path) -> None:
    path = approved(shop)
    path.write_text(path.read_text()[:200])

    told(run_seam(shop, "verify", "--json", "shop.rules:parse"), "parse.approved.txt")


def test_a_mangled_golden_master_is_replaced_on_request(shop: Path) -> None:
    without_then(approved(shop))

    assert run_seam(shop, "pin", "--afresh", "shop.rules:parse").returncode == 0
    assert run_seam(shop, "verify").returncode == 0


def test_a_mangled_golden_master_fails_in_pytest_and_no_other_does(shop: Path) -> None:
    emptied(approved(shop))

    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            "-p",
            "legacy_seam.pytest_plugin",
            "tests",
        ],
        cwd=shop,
        env=os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
    )

    assert done.returncode == 1
    assert "1 failed, 8 passed" in done.stdout
    assert "not the first line of a golden master" in done.stdout
    assert "Traceback" not in done.stdout


@pytest.mark.parametrize("what", ["missing", "mangled", "empty", "newer"])
def test_a_world_that_cannot_be_read_is_told_once(shop: Path, what: str) -> None:
    (world,) = (shop / "tests/golden/_worlds").glob("*.txt")
    text = world.read_text()
    world.write_text(
        {"mangled": text.replace("started = ", "started = ["), "newer": text.replace("world 1", "world 8")}.get(
            what, ""
        )
    )
    if what == "missing":
        world.unlink()
    before = golden(shop)

    for verb in ("verify", "pin"):
        done = run_seam(shop, verb, "--json")
        told(done, world.name, "restore the file")
    assert golden(shop) == before
    if what == "mangled":
        assert run_seam(shop, "pin", "--afresh").returncode == 0
        assert run_seam(shop, "verify").returncode == 0


LOOK = """
def total(path):
    with open(path) as file:
        return sum(map(int, file))


def count(items):
    return len(items)


if __name__ == "__main__":
    total("numbers.txt")
    count(list(range(3000)))
    count([])
"""


@pytest.fixture(scope="module")
def pinned_look_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("look")
    (place / "look.py").write_text(LOOK)
    (place / "numbers.txt").write_text("1\n2\n")
    assert run_seam(place, "record", "--", "look.py").returncode == 0
    assert run_seam(place, "pin").returncode == 0
    return place


@pytest.fixture
def look(pinned_look_once: Path, tmp_path: Path) -> Path:
    """A project whose golden masters have files beside them: a private copy."""
    return Path(shutil.copytree(pinned_look_once, tmp_path / "look"))


@pytest.mark.parametrize("what", ["missing", "mangled"])
def test_a_file_beside_the_golden_masters_that_is_not_as_it_was_is_told(look: Path, what: str) -> None:
    for path in (look / "tests/golden/_files").rglob("*"):
        if path.is_file():
            path.unlink() if what == "missing" else path.write_text("mangled")

    done = run_seam(look, "verify", "--json")

    assert "Traceback" not in done.stderr
    assert done.returncode == 2, done.stdout
    assert set(statuses(done)) == {"look:total", "look:count"}
    assert set(statuses(done).values()) == {"error"}
    assert "look/total.approved.txt" in done.stderr
    assert "look/count.approved.txt" in done.stderr


def test_a_damaged_recording_of_one_function_does_not_keep_others_from_being_pinned(look: Path) -> None:
    shutil.rmtree(look / "tests/golden")
    shutil.rmtree(look / ".legacy-seam/blobs")
    (look / ".legacy-seam/blobs").mkdir()
    (look / "more.py").write_text("def more(x):\n    return x\n\nmore(1)\n")
    assert run_seam(look, "record", "--", "more.py").returncode == 0

    done = run_seam(look, "pin", "--json")

    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert "record the program again" in done.stderr
    assert statuses(done, "state")["more:more"] == "pinned"


def test_a_class_that_is_gone_is_told_by_name_and_file(shop: Path) -> None:
    edit(shop / "shop/rules.py", "class Account:", "class Customer:")

    done = run_seam(shop, "verify", "--json")

    assert done.returncode == 1, "night:main uses it, and fails"
    assert "Traceback" not in done.stderr
    assert statuses(done)["shop.rules:score"] == "passed"
    assert statuses(done)["shop.rules:Account.rate"] == "error"
    assert "shop.rules:Account.rate is not there any more" in done.stderr
    assert "Account.rate.approved.txt" in done.stderr


# ------------------------------------------------------------------------------------------------- the disk


def test_a_store_below_a_regular_file_is_told_before_the_program_runs(shop: Path) -> None:
    done = run_seam(shop, "record", "--store", "night.py/store", "--", "night.py")

    told(done, "night.py/store")
    assert done.stdout == ""


def test_a_read_only_store_is_told_before_the_program_runs(shop: Path, read_only: Callable[[Path], None]) -> None:
    read_only(shop / ".legacy-seam")

    done = run_seam(shop, "record", "--json", "--", "night.py")

    told(done, ".legacy-seam/spools cannot be written")
    assert done.stdout == ""


def test_a_read_only_project_can_be_verified(shop: Path, read_only: Callable[[Path], None]) -> None:
    read_only(shop)

    assert run_seam(shop, "verify").returncode == 0
    assert run_seam(shop, "status").returncode == 0


def test_what_differs_is_told_though_no_received_file_can_be_left(
    shop: Path, read_only: Callable[[Path], None]
) -> None:
    edit(shop / "shop/rules.py", "RATE = 3", "RATE = 4")
    read_only(shop)

    done = run_seam(shop, "verify", "--json")

    told(done, "received files cannot be left", code=1)
    assert statuses(done)["shop.rules:score"] == "failed"


def test_a_read_only_golden_directory_is_told_once(shop: Path, read_only: Callable[[Path], None]) -> None:
    before = golden(shop)
    read_only(shop / "tests/golden")

    done = run_seam(shop, "pin", "--afresh", "--json", "shop.rules:parse", "shop.rules:age")

    told(done, "tests/golden", "Read-only")
    assert golden(shop) == before


def test_a_full_disk_under_the_store_costs_the_program_nothing(
    shop: Path, small_disk: Callable[[Path, str], None]
) -> None:
    small_disk(shop / "small", "200k")

    done = run_seam(shop, "record", "--store", "small", "--", "night.py")
    status = run_seam(shop, "status", "--store", "small", "--json")

    assert done.returncode == 3
    assert done.stdout.endswith("done []\n")
    assert "the disk is full" in done.stderr
    assert "Traceback" not in done.stderr
    told(status, "the disk is full")
    subprocess.run(["mount", "-o", "remount,size=4m", str(shop / "small")], check=True)
    seen: Any = json.loads(run_seam(shop, "status", "--store", "small", "--json").stdout)["calls"]
    assert seen["kept"] == 206, "what had been recorded is taken in when there is room"


def test_a_full_disk_under_the_golden_masters_leaves_no_half_of_one(
    shop: Path, small_disk: Callable[[Path, str], None]
) -> None:
    small_disk(shop / "small", "16k")

    done = run_seam(shop, "pin", "--golden", "small", "--json")

    told(done, "small (No space left on device)")
    written = [path for path in (shop / "small").rglob("*") if path.is_file()]
    assert written
    assert all(path.read_text().endswith("\n") for path in written)
    states = statuses(done, "state")
    assert list(states.values()).count("pinned") == sum(path.name.endswith(".approved.txt") for path in written)
    verified = run_seam(shop, "verify", "--golden", "small", "--json", TMPDIR=str(shop))
    assert set(statuses(verified).values()) == {"passed"}
