"""How a tutorial is read, run, and compared with what it shows.

A fence of the language `console` is read like this:

- `$ command` is a command; all commands of the page run in one shell, so that `cd` lasts;
- `# exits with 1`, directly below a command, says that it is meant to exit with 1 (0 otherwise);
- the lines after it are its output, stdout and stderr together, up to the next command; a command below which
  nothing is shown must print nothing;
- a line `...` stands for any number of lines, `…` within a line for any text; blank lines and the widths of blanks
  do not matter.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]
TUTORIALS = REPOSITORY / "docs" / "tutorial"
A_NET = ("first-net.md",)
A_MODEL = ("a-seam.md", "a-model.md")
"""Pages that are gone through in one go, one in the place where the former ended."""

MARK = "@@ legacy-seam tutorial @@"


@dataclass(frozen=True)
class Step:
    """One command of the page, and what the page shows below it."""

    line: int
    command: str
    exits_with: int
    shown: tuple[str, ...]


@dataclass(frozen=True)
class Ran:
    """How a command fared."""

    exited_with: int
    printed: tuple[str, ...]


def steps_of(page: str) -> list[Step]:
    steps: list[Step] = []
    fence = ""
    for number, line in enumerate(page.splitlines(), 1):
        if line.startswith("```"):
            fence = "" if fence else line
        elif fence != "```console" or not line.strip():
            continue
        elif line.startswith("$ "):
            steps.append(Step(number, line[2:], 0, ()))
        else:
            last = steps.pop()
            said = re.fullmatch(r"# exits with (\d+)", line)
            if said and not last.shown:
                steps.append(Step(last.line, last.command, int(said[1]), ()))
            else:
                steps.append(Step(last.line, last.command, last.exits_with, (*last.shown, line)))
    return steps


def agree(shown: tuple[str, ...], printed: tuple[str, ...]) -> bool:
    """Is `printed` what `shown` shows? Wildcards as the top of this file says."""
    pattern = ""
    for line in shown:
        if line.strip() == "...":
            pattern += r"(?:[^\n]*\n)*?"
        else:
            pattern += "[^\n]*".join(re.escape(part) for part in _narrow(line).split("…")) + "\n"
    text = "".join(f"{narrow}\n" for narrow in map(_narrow, printed) if narrow)
    return re.fullmatch(pattern, text) is not None


def _narrow(line: str) -> str:
    return " ".join(line.split())


def run(steps: list[Step], place: Path) -> list[Ran]:
    """Run all commands in one bash, which tells after each how it exited."""
    script = "".join(f'{step.command}\necho "{MARK}$?"\n' for step in steps)
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in ("CI", "PYTHONPATH", "FORCE_COLOR") and not name.startswith("PYTEST_")
    }
    environment |= {
        "PATH": os.pathsep.join((str(Path(sys.executable).parent), environment["PATH"])),
        "NO_COLOR": "1",
        "COLUMNS": "100",
        "TZ": "Europe/Berlin",
        "LC_ALL": "C.UTF-8",
    }
    done = subprocess.run(
        ["bash", "-c", script],
        cwd=place,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        timeout=1200,
    )
    parts = re.split(rf"{MARK}(\d+)\n", done.stdout)
    return [
        Ran(int(status), tuple(printed.splitlines()))
        for printed, status in zip(parts[::2], parts[1::2], strict=False)
    ]


def departures(pages: tuple[str, ...], place: Path) -> str:
    """Every command of some pages is run, in order: where what it prints is not what the page shows.

    Args:
        pages: Names of tutorials.
        place: A directory in which nothing is.
    """
    checkout = place / "legacy-seam"
    shutil.copytree(
        REPOSITORY / "examples", checkout / "examples", ignore=shutil.ignore_patterns("__pycache__", "*.db", "out")
    )
    read = [(page, step) for page in pages for step in steps_of((TUTORIALS / page).read_text(encoding="utf-8"))]
    ran = run([step for _, step in read], checkout)
    assert len(ran) == len(read) > 10
    return "\n".join(
        f"\n{page}:{step.line}: $ {step.command}\n"
        f"shown (exits with {step.exits_with}):\n" + "\n".join(f"  {line}" for line in step.shown) + "\n"
        f"printed (exited with {one.exited_with}):\n" + "\n".join(f"  {line}" for line in one.printed)
        for (page, step), one in zip(read, ran, strict=True)
        if one.exited_with != step.exits_with or not agree(step.shown, one.printed)
    )
