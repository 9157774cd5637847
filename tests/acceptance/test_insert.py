"""A seam is inserted into a pinned program, and kept only while the net is green."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from legacy_seam.cli import main
from legacy_seam.seams.insertion import Insertion, propose
from legacy_seam.seams.job import Job
from legacy_seam.seams.journal import Journal
from legacy_seam.seams.net import Net
from legacy_seam.seams.plan import Change, EnablingPoint, Patch, Plan
from legacy_seam.settings import load_settings
from legacy_seam.targets import Target
from legacy_seam.workspace import Workspace

GETTER = "replace-global-reference-with-getter"
IMPORTS = "imports with the same names and output"
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(shop: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """The command line, in this process."""
    monkeypatch.chdir(shop)

    def call(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as left:
            main(list(arguments))
        told = capsys.readouterr()
        code = left.value.code
        return (code if isinstance(code, int) else 0), told.out, told.err

    return call


def tree(shop: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(shop)): path.read_bytes()
        for path in sorted(shop.rglob("*"))
        if path.is_file() and not {".legacy-seam", "__pycache__", ".git"} & set(path.parts)
    }


def test_a_clock_is_cut_out_and_put_back(run: Run, shop: Path) -> None:
    before = tree(shop)
    code, out, _ = run("insert", GETTER, "shop.rules:age", "--call", "datetime.date.today", "--json")
    told = json.loads(out)
    assert (code, told["status"], told["verified"], told["refusals"]) == (0, "kept", True, [])
    assert {one["step"]: one["verdict"] for one in told["steps"]} == {
        "compiles": "holds",
        "nothing else is touched": "holds",
        "no name changes its scope": "holds",
        "every call still binds": "holds",
        "a second time does nothing": "holds",
        IMPORTS: "holds",
        "a stub through the seam is called": "holds",
        "golden masters hold": "holds",
        "undo gives the same bytes": "holds",
    }
    assert "return (_today() - born).days" in (shop / "shop/rules.py").read_text()
    assert run("insert", GETTER, "shop.rules:age", "--call", "datetime.date.today")[0] == 1, "there is nothing left"
    code, out, _ = run("undo", "--json")
    assert (code, json.loads(out)["edits"][0]["number"]) == (0, told["undo"])
    assert tree(shop) == before


def test_seams_without_a_net_are_inserted_only_when_told_so(run: Run, shop: Path) -> None:
    shutil.rmtree(shop / "tests")
    before = tree(shop)
    code, _, err = run("insert", "model-seam", "shop.rules:score")
    assert code == 2 and "no golden master" in err and "--no-verify" in err
    assert tree(shop) == before
    code, out, _ = run("insert", "model-seam", "shop.rules:score", "--no-verify")
    assert code == 0 and "was not verified" in out
    assert tree(shop) != before


def test_nothing_is_written_where_it_is_only_shown(run: Run, shop: Path) -> None:
    before = tree(shop)
    code, out, _ = run("insert", "model-seam", "shop.rules:score", "--diff")
    assert code == 0 and out.startswith("--- a/shop/rules.py") and "holds" not in out
    patched = subprocess.run(["git", "apply", "--check", "-"], input=out, text=True, cwd=shop, check=False)
    assert patched.returncode == 0
    assert run("insert", "model-seam", "shop.rules:score", "--dry-run")[0] == 0
    assert tree(shop) == before


def test_a_refusal_names_the_line_and_what_else_would_work(run: Run, shop: Path) -> None:
    (shop / "shop/more.py").write_text("import time\n\n\ndef f(**more):\n    return time.time()\n")
    code, _, err = run("insert", "parameterize-method", "shop.more:f", "--call", "time.time")
    assert code == 1
    assert "shop/more.py:4: **more" in err and f"instead: {GETTER}" in err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("insert",), "say which technique"),
        (("insert", "model-sea", "shop.rules:score"), "choose model-seam"),
        (("insert", "model-seam", "shop.rules"), "not a target"),
        (("insert", "model-seam", "shop.rules:scor"), "the nearest are score"),
        (("insert", "model-seam", "shop.ruls:score"), "no module shop.ruls"),
        (("insert", GETTER, "shop.rules:age"), "needs --call"),
        (("insert", "model-seam", "shop.rules:score", "--call", "x.y"), "has no option 'call'"),
        (("insert", "model-seam", "shop.rules:score", "--with", "x"), "NAME=VALUE"),
        (("undo",), "no edit to undo"),
        (("undo", "7"), "no edit"),
    ],
)
def test_what_is_said_wrongly_is_told_in_a_sentence(run: Run, arguments: tuple[str, ...], told: str) -> None:
    code, out, err = run(*arguments)
    assert (code, out) == (2, "") and told in err and len(err.splitlines()) == 1


def test_changes_that_are_not_committed_are_not_edited(run: Run, shop: Path) -> None:
    for command in (
        ["init", "-q"],
        ["add", "-A"],
        ["-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "x"],
    ):
        subprocess.run(["git", *command], cwd=shop, check=True)
    (shop / "shop/rules.py").write_text((shop / "shop/rules.py").read_text() + "# mine\n")
    code, _, err = run("insert", "model-seam", "shop.rules:score", "--no-verify")
    assert code == 2 and "not committed" in err and "--allow-dirty" in err
    assert run("insert", "model-seam", "shop.rules:score", "--no-verify", "--allow-dirty")[0] == 0
    assert run("insert", "model-seam", "shop.rules:parse", "--no-verify")[0] == 0, "the change is one of ours"


# --- edits that must not stay -------------------------------------------------------------------------------------


class Careless:
    """A technique that replaces one text by another."""

    name = "careless"

    def __init__(self, old: str, new: str, always: bool = False) -> None:
        self.old, self.new, self.always = old, new, always

    def plan(self, job: Job) -> Plan:
        source = job.module.source
        at = source.text.find(self.old)
        if at < 0:
            return Plan(self.name, job.target)
        change = Change(job.target.module, source, (Patch(at, at + len(self.old), self.new),))
        points = (EnablingPoint(job.target.module, "_impl = {stub}", always=True),) if self.always else ()
        return Plan(self.name, job.target, (change,), introduces=frozenset({"_impl"}), enabling=points)


def applied(shop: Path, technique: Careless, target: str = "shop.rules:score") -> Any:
    workspace = Workspace(shop, load_settings(shop))
    net = Net(workspace.golden, workspace.replayer, (".",))
    proposal = propose(technique, workspace.program(), Target.parse(target), {}, net)  # type: ignore[arg-type]
    assert proposal.is_sound, proposal.findings
    journal = Journal(workspace.store / "seams")
    with journal.locked():
        return Insertion(proposal, journal, net).run()


@pytest.mark.parametrize(
    ("old", "new", "always", "step"),
    [
        ("points * RATE", "points + RATE", False, "golden masters hold"),
        ("if late <= 15", "if late < 15", False, "golden masters hold"),
        (
            "RATE = 3\nSEEN",
            "RATE = 3\nglobals()['Late'] = RATE\nSEEN",
            False,
            IMPORTS,
        ),
        ("RATE = 3\nSEEN", "RATE = 3\nprint('here')\nSEEN", False, IMPORTS),
        ("RATE = 3\n", "RATE = 3 / 0\n", False, IMPORTS),
        ("return points * RATE", "return (points * RATE)", True, "a stub through the seam is called"),
    ],
)
def test_what_turns_the_net_red_is_put_back(shop: Path, old: str, new: str, always: bool, step: str) -> None:
    before = tree(shop)
    result = applied(shop, Careless(old, new, always))
    assert result.status == "restored"
    assert (result.findings[-1].step, result.findings[-1].verdict) == (step, "fails")
    assert tree(shop) == before


def test_a_net_that_is_red_already_stops_it(run: Run, shop: Path) -> None:
    rules = shop / "shop/rules.py"
    rules.write_text(rules.read_text().replace("points * RATE", "points + RATE"))
    before = tree(shop)
    code, _, err = run("insert", "model-seam", "shop.rules:parse")
    assert code == 2 and "not green before" in err
    assert tree(shop) == before


def test_a_kill_in_the_middle_leaves_the_tree_as_it_was(run: Run, shop: Path) -> None:
    before = tree(shop)
    rules = shop / "shop/rules.py"
    changed = rules.stat().st_mtime_ns
    command = [sys.executable, "-m", "legacy_seam", "insert", "model-seam", "shop.rules:score", "--yes"]
    with subprocess.Popen(command, cwd=shop, stdout=subprocess.DEVNULL, start_new_session=True) as process:
        deadline = time.monotonic() + 300
        while rules.stat().st_mtime_ns == changed:
            assert process.poll() is None and time.monotonic() < deadline
            time.sleep(0.001)
        os.kill(process.pid, signal.SIGKILL)
    assert tree(shop) != before
    _, _, err = run("status")
    assert "was interrupted; every file is as it was before" in err
    assert tree(shop) == before
    assert rules.stat().st_mtime_ns == changed
    assert run("undo")[0] == 2
