"""Whether `grade` says of each mutant what a fresh interpreter with the mutated file does, and the same every time.

    python benchmarks/verdicts.py                        # three ordinary modules, and a hostile one
    python benchmarks/verdicts.py hostile --sample 400   # so many mutants of it (chosen by --seed)
    python benchmarks/verdicts.py --repeats 4            # again and again, while others use all processors
    python benchmarks/verdicts.py --repeats 1 --interpreters python3.12,python3.13   # and there, too

Truth is found out without any of what makes grading fast: a mutant is written into a copy of the project, and its
golden masters are verified there by processes that were started for this one mutant. It is noticed where one of
them does not hold. `benchmarks/hostile` is a module in which short cuts go wrong.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grade import PYTEST, SEAM, Subject, run, unpacked
from legacy_seam.settings import load_settings
from legacy_seam.workspace import Workspace

HOSTILE = Path(__file__).with_name("hostile")
SUBJECTS = (
    Subject("humanize==4.17.0", "src", "humanize.number", ("tests/test_number.py",)),
    Subject("isodate==0.7.2", "src", "isodate.duration", ("tests/test_duration.py",)),
    Subject("roman==5.2", "src", "roman", ("src/tests.py",)),
)
NOTICED = ("Killed", "Timeout", "RuntimeError")
UNNOTICED = ("Survived", "NoCoverage")


@dataclass(frozen=True)
class Pinned:
    """A project that is recorded and pinned, and the module in it that is graded."""

    project: Path
    module: str


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("modules", nargs="*", help="names of modules, or parts of them; by default all")
    parser.add_argument("--sample", type=int, default=150, metavar="N", help="mutants of a module; 0: no truth")
    parser.add_argument("--seed", type=int, default=0, help="by which they are chosen")
    parser.add_argument("--repeats", type=int, default=0, metavar="N", help="grade N times under load, and compare")
    parser.add_argument("--interpreters", default="", help="others that have legacy-seam; several with commas")
    parser.add_argument("--operators", default="all")
    parser.add_argument("--outside", type=int, default=30, metavar="N", help="mutants outside of functions")
    options = parser.parse_args()
    wrong = False
    for name in (*(one.module for one in SUBJECTS), "hostile"):
        if options.modules and not any(one in name for one in options.modules):
            continue
        with tempfile.TemporaryDirectory() as place:
            pinned = made_ready(name, Path(place))
            how = ["--operators", options.operators, "--outside", str(options.outside)]
            if options.sample:
                wrong |= compare_with_truth(pinned, how, options.sample, random.Random(options.seed))
            if options.repeats:
                others = [one for one in options.interpreters.split(",") if one]
                wrong |= repeat(pinned, how, options.repeats, others)
    sys.exit(1 if wrong else 0)


def made_ready(name: str, place: Path) -> Pinned:
    """A module's project, recorded and pinned."""
    if name == "hostile":
        project = place / "project"
        shutil.copytree(HOSTILE, project, ignore=shutil.ignore_patterns("__pycache__"))
        (project / "pyproject.toml").write_text("[tool.legacy-seam]\ncpu_seconds = 3\n")
        run([*SEAM, "record", "-t", name, "--", "use.py"], project)
    else:
        subject = next(one for one in SUBJECTS if one.module == name)
        project = unpacked(subject, place)
        run([*SEAM, "record", "-t", name, "--", *PYTEST, *subject.tests], project)
    run([*SEAM, "pin"], project)
    return Pinned(project, name)


# --- truth ------------------------------------------------------------------------------------------------------


def compare_with_truth(pinned: Pinned, how: Sequence[str], sample: int, chance: random.Random) -> bool:
    """Grade a module, and look what becomes of some of its mutants in a file; gives whether any fares otherwise."""
    ((name, file),) = report(pinned, how, sys.executable).items()
    mutants = [one for one in file["mutants"] if one["status"] in (*NOTICED, *UNNOTICED)]
    failed = sum(one["status"] == "Pending" for one in file["mutants"])
    chosen = sorted(chance.sample(mutants, min(sample, len(mutants))), key=lambda one: str(one["location"]))
    wrong = []
    for mutant in chosen:
        truth = is_noticed(pinned.project, name, with_mutant(file["source"], mutant))
        if truth != (mutant["status"] in NOTICED):
            wrong.append(mutant)
            print(
                f"  {told(name, mutant, file['source'])}; truth: {'noticed' if truth else 'unnoticed'}", flush=True
            )
    if is_noticed(pinned.project, name, file["source"]):
        sys.exit(f"{pinned.module}: golden masters do not hold without a mutant: there is no truth")
    print(
        f"{pinned.module}: of {len(chosen)} of {len(mutants)} mutants in a file and fresh processes,"
        f" {len(wrong)} fare otherwise; grade failed on {failed}",
        flush=True,
    )
    return bool(wrong or failed)


def is_noticed(project: Path, name: str, text: str) -> bool:
    """Does a golden master not hold where a file has that text?"""
    with tempfile.TemporaryDirectory() as place:
        copy = Path(place) / "project"
        shutil.copytree(project, copy, ignore=shutil.ignore_patterns("__pycache__", ".legacy-seam"))
        (copy / name).write_text(text)
        found = Workspace(copy, load_settings(copy)).verify()  # starts interpreters of its own
        return any(one.status != "passed" for one in found)


def with_mutant(source: str, mutant: Mapping[str, Any]) -> str:
    """The text of a module with a mutant of Stryker's schema in it."""
    first, last = span(source, mutant)
    return source[:first] + str(mutant["replacement"]) + source[last:]


def span(source: str, mutant: Mapping[str, Any]) -> tuple[int, int]:
    """Where the characters stand that a mutant replaces."""
    starts = [0]
    for line in source.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    place = mutant["location"]
    first, last = (starts[place[end]["line"] - 1] + place[end]["column"] - 1 for end in ("start", "end"))
    return first, last


def told(name: str, mutant: Mapping[str, Any], source: str) -> str:
    """A mutant, for people."""
    first, last = span(source, mutant)
    change = f"{source[first:last]!r} -> {mutant['replacement']!r}"
    where = f"{name}:{mutant['location']['start']['line']}"
    why = mutant.get("statusReason", "")
    return f"{where} {mutant['id']} {mutant['mutatorName']} {change}: {mutant['status']} {why}"


# --- again and again ---------------------------------------------------------------------------------------------


def repeat(pinned: Pinned, how: Sequence[str], times: int, others: Sequence[str]) -> bool:
    """Grade several times by several interpreters, while all processors are busy; tell which verdicts differ."""
    burn = ["nice", sys.executable, "-c", "while True: pass"]
    load = [subprocess.Popen(burn) for _ in range(2 * (os.cpu_count() or 1))]
    found: list[dict[str, str]] = []
    try:
        for python in (sys.executable, *others):
            for _ in range(times):
                ((_, file),) = report(pinned, how, python).items()
                found.append({one["id"]: one["status"] for one in file["mutants"]})
    finally:
        for one in load:
            one.kill()
            one.wait()
    names = found[0].keys()
    differing = [name for name in names if len({one.get(name) in NOTICED for one in found}) > 1]
    finer = [name for name in names if len({one.get(name) for one in found}) > 1]
    lists = "the same mutants" if all(one.keys() == names for one in found) else "not the same mutants"
    print(
        f"{pinned.module}: {len(found)} times under load: {lists}; of {len(names)} verdicts {len(differing)} differ"
        f" as to whether they are noticed, {len(finer)} in any way",
        flush=True,
    )
    for name in finer:
        print(f"  {name}: {', '.join(one.get(name, 'missing') for one in found)}", flush=True)
    return bool(differing)


def report(pinned: Pinned, how: Sequence[str], python: str) -> dict[str, Any]:
    """What grading says of the files of a module, in Stryker's schema."""
    written = pinned.project / "stryker.json"
    command = [python, "-m", "legacy_seam", "grade", pinned.module, "--no-probes", "--afresh", "--json", *how]
    run(
        [*command, "--stryker", str(written)], pinned.project, (0, 1, 2)
    )  # 2: there is no score; verdicts there are
    files: dict[str, Any] = json.loads(written.read_text())["files"]
    return files


if __name__ == "__main__":
    main()
