"""What exploring finds: branches taken and mutants noticed, from one recorded call of each function.

    python benchmarks/explore.py                          # all modules, 10 s of search each
    python benchmarks/explore.py --seconds 30 roman       # some of them

A driver calls each function of a released module once, or twice. That is recorded and pinned; `explore`
(`--no-mutants`) searches, all that it proposes is accepted, and the golden masters are graded: every mutant is held
out, since the search has seen none. Branches are those that coverage.py counts in the functions of the module.
Seconds are of processor time, of the command `explore` with all its processes.

Pynguin is no peer here: it holds pytest, bytecode and black to versions that conflict with this project's own.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

SEAM = [sys.executable, "-m", "legacy_seam"]


@dataclass(frozen=True)
class Subject:
    """A module of a library that is installed, and calls of its functions, as they are written."""

    module: str
    calls: tuple[str, ...]

    @property
    def package(self) -> str:
        """What is imported at the top."""
        return self.module.partition(".")[0]


SUBJECTS = (
    Subject(
        "webcolors._html5",
        (
            "m.html5_parse_simple_color('#ffffff')",
            "m.html5_serialize_simple_color(m.html5_parse_simple_color('#01a0ff'))",
            "m.html5_parse_legacy_color('chucknorris')",
        ),
    ),
    Subject("stdnum.it.codicefiscale", ("m.validate('RCCMNL83S18D969H')", "m.get_gender('RCCMNL83S18D969H')")),
    Subject("humanize.filesize", ("m.naturalsize(3000)", "m.naturalsize('12', binary=True, format='%.2f')")),
    Subject("isodate.isoduration", ("m.parse_duration('P1D')", "m.duration_isoformat(m.timedelta(days=2))")),
    Subject(
        "num2words.lang_EN",
        (
            "m.Num2Word_EN().to_cardinal(21)",
            "m.Num2Word_EN().to_ordinal(2)",
            "m.Num2Word_EN().to_ordinal_num(3)",
            "m.Num2Word_EN().to_year(1999)",
        ),
    ),
    Subject("roman", ("m.toRoman(4)", "m.fromRoman('IX')")),
    Subject("cron_descriptor.ExpressionParser", ("m.ExpressionParser('* * * * *', m.Options()).parse()",)),
    Subject("textdistance.algorithms.phonetic", ("m.MRA()('Byrne', 'Boern')", "m.Editex()('cat', 'hat')")),
    Subject(
        "flutils.strutils",
        (
            "m.as_escaped_unicode_literal('1.x')",
            "m.as_escaped_utf8_literal('1.x')",
            "m.camel_to_underscore('FooBar')",
            "m.convert_escaped_unicode_literal('\\\\x31x')",
            "m.convert_escaped_utf8_literal('\\\\x31x')",
            "m.underscore_to_camel('foo_bar')",
        ),
    ),
)
"""The modules on which other makers of tests were measured once: Pynguin took 83 % of their branches and noticed
55 % of mutants, in 30 s a module."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("modules", nargs="*", help="names of modules, or parts of them; by default all")
    parser.add_argument("--seconds", type=float, default=10.0, help="of search, for each module")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--all", action="store_true", help="keep all that was found, not the fewest")
    arguments = parser.parse_args()
    print(f"{'module':34}{'cases':>12}{'branches':>26}{'mutants noticed':>26}{'CPU s':>8}{'calls tried':>13}")
    measured: list[Measured] = []
    for subject in SUBJECTS:
        if arguments.modules and not any(one in subject.module for one in arguments.modules):
            continue
        with tempfile.TemporaryDirectory() as place:
            measured.append(measure(subject, Path(place), arguments))
    if len(measured) > 1:
        tell("all", sum_of(measured))


@dataclass(frozen=True)
class Measured:
    """What was measured, before and after: cases, (branches taken, of), (mutants noticed, of); seconds, calls."""

    cases: tuple[int, int]
    branches: tuple[tuple[int, int], tuple[int, int]]
    mutants: tuple[tuple[int, int], tuple[int, int]]
    seconds: float
    tried: int


def sum_of(some: Sequence[Measured]) -> Measured:
    def both(pairs: Iterable[tuple[int, int]]) -> tuple[int, int]:
        first, second = zip(*pairs, strict=True)
        return sum(first), sum(second)

    return Measured(
        both(one.cases for one in some),
        (both(one.branches[0] for one in some), both(one.branches[1] for one in some)),
        (both(one.mutants[0] for one in some), both(one.mutants[1] for one in some)),
        sum(one.seconds for one in some),
        sum(one.tried for one in some),
    )


def tell(name: str, one: Measured) -> None:
    counted = f"{one.cases[0]} -> {one.cases[1]}"
    print(
        f"{name:34}{counted:>12}{_step(*one.branches):>26}{_step(*one.mutants):>26}"
        f"{one.seconds:>8.1f}{one.tried:>13,}",
        flush=True,
    )


def measure(subject: Subject, place: Path, arguments: argparse.Namespace) -> Measured:
    prepare(subject, place)
    run(place, [*SEAM, "record", "--", "driver.py"])
    run(place, [*SEAM, "pin"])
    patterns = [subject.module]
    before = covered(place, patterns), noticed(place, patterns)
    cases = count_cases(place, subject.module)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    extra = ["--all"] if arguments.all else []
    chosen = ["--seconds", str(arguments.seconds), "--seed", str(arguments.seed), *extra]
    told = run(place, [*SEAM, "explore", *patterns, "--no-mutants", "--json", *chosen])
    after_use = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after_use.ru_utime + after_use.ru_stime - used.ru_utime - used.ru_stime
    tried = sum(one["tried"] for one in json.loads(told)["targets"])
    run(place, [*SEAM, "accept", "--explored", "--all"])
    after = covered(place, patterns), noticed(place, patterns)
    counted = cases, count_cases(place, subject.module)
    measured = Measured(counted, (before[0], after[0]), (before[1], after[1]), cpu, tried)
    tell(subject.module, measured)
    return measured


def prepare(subject: Subject, place: Path) -> None:
    """Copy the library, and write a program that calls it."""
    spec = find_spec(subject.package)
    if spec is None or spec.origin is None:
        raise SystemExit(f"{subject.package} is not installed")
    source = Path(spec.origin)
    home = source.parent if source.name == "__init__.py" else source
    shutil.copytree(home, place / home.name, ignore=shutil.ignore_patterns("__pycache__"))
    (place / "pyproject.toml").write_text("[tool.legacy-seam]\n")
    calls = "\n".join(subject.calls)
    (place / "driver.py").write_text(
        f"import importlib\nm = importlib.import_module({subject.module!r})\n{calls}\n"
    )


def run(place: Path, command: list[str]) -> str:
    done = subprocess.run(
        command, cwd=place, env={**os.environ, "CI": ""}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} gave {done.returncode}:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return done.stdout


def covered(place: Path, patterns: list[str]) -> tuple[int, int]:
    """Branches of the module's functions that golden masters take, and all that these have."""
    data: dict[str, Any] = json.loads(run(place, [*SEAM, "coverage", *patterns, "--json"]))
    counted = [one["net"] for one in data["functions"]]
    return sum(one["branches"] for one in counted), sum(one["of_branches"] for one in counted)


def noticed(place: Path, patterns: list[str]) -> tuple[int, int]:
    """Mutants that the cases notice, and all that count."""
    data: dict[str, Any] = json.loads(
        run(place, [*SEAM, "grade", *patterns, "--no-probes", "--outside", "0", "--json"])
    )
    states = data["states"]
    detected = sum(states.get(one, 0) for one in ("killed", "timeout", "crash"))
    return detected, detected + states.get("survived", 0) + states.get("not-covered", 0)


def count_cases(place: Path, module: str) -> int:
    return sum(path.read_text().count("\ncase ") for path in place.glob(f"tests/golden/{module}/*.approved.txt"))


def _step(before: tuple[int, int], after: tuple[int, int]) -> str:
    return f"{before[0]} -> {after[0]} of {after[1]} ({after[0] / max(after[1], 1):.0%})"


if __name__ == "__main__":
    main()
