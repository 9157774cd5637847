"""What the bare command says: every verb with one line, in chapters, at the cost of none of them."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from click.testing import CliRunner

from legacy_seam.cli import CHAPTERS, VERBS, commands, main


def test_each_verb_has_a_whole_line_in_its_chapter() -> None:
    lines = CliRunner().invoke(commands, ["--help"]).output.splitlines()

    for chapter, verbs in CHAPTERS.items():
        begin = lines.index(f"{chapter}:") + 1
        told = dict(line.split(maxsplit=1) for line in lines[begin : begin + len(verbs)])
        assert told == {name: verb.summary for name, verb in verbs.items()}


def test_each_verb_is_found_where_the_list_says() -> None:
    for verb in VERBS:
        assert CliRunner().invoke(commands, [verb, "--help"]).output.startswith(f"Usage: commands {verb} ")


def test_the_list_of_verbs_imports_none_of_them() -> None:
    code = (
        "import sys\n"
        "from legacy_seam.cli import VERBS, commands\n"
        "commands.main(['--help'], standalone_mode=False)\n"
        "sys.exit(', '.join(verb for verb in VERBS if f'legacy_seam.cli.{verb}' in sys.modules) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)

    assert (done.returncode, done.stderr) == (0, "")


def test_where_processes_cannot_be_copied_each_verb_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delattr(os, "fork")
    for verb in VERBS:
        with pytest.raises(SystemExit) as ended:
            main([verb])

        told = capsys.readouterr()
        assert (ended.value.code, told.out) == (2, "")
        assert told.err.startswith("legacy-seam: calls are replayed in copies of a process")
        assert told.err.count("\n") == 1
    assert CliRunner().invoke(commands, ["--help"]).exit_code == 0
