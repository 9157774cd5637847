"""What the bare command says: every verb with one line, in chapters, at the cost of none of them."""

from __future__ import annotations

import subprocess
import sys

from click.testing import CliRunner

from legacy_seam.cli import CHAPTERS, VERBS, commands


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
