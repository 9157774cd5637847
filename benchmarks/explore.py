"""What exploring finds: branches taken and mutants noticed, from one recorded call of each function.

    python benchmarks/explore.py                          # the modules that are known here, 10 s of search each
    python benchmarks/explore.py --seconds 36 roman       # some; 36 s of search are up to 50 in all
    python benchmarks/explore.py --calls 10000            # so many calls of each function, on whatever machine
    python benchmarks/explore.py --unseen --seconds 30    # modules by which nothing was tuned
    python benchmarks/explore.py --effects                # what functions do besides returning, channel by channel
    python benchmarks/explore.py --missing roman          # and which branches are not taken, which mutants survive
    python benchmarks/explore.py --alone --minimize       # do cases hold each alone? and what can be left out?

A driver calls each function of a released module once, or twice. That is recorded and pinned; `explore` searches,
all that it proposes is accepted, and the golden masters are graded. Half of the mutants are held out: `explore` is
told that they are equivalent, so that neither its search nor its choice has seen them. With --no-mutants all are.
Branches are those that coverage.py counts in the functions of the module. Seconds are of processor time, of the
command `explore` with all its processes.

Pynguin is no peer here: it holds pytest, bytecode and black to versions that conflict with this project's own.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from explore_subjects import CHANNELS, EFFECTS, KNOWN, UNSEEN, Subject

from legacy_seam.golden.master import GoldenMaster
from legacy_seam.golden.verify import verify
from legacy_seam.replay import Conditions
from legacy_seam.settings import load_settings
from legacy_seam.workspace import Workspace

SEAM = [sys.executable, "-m", "legacy_seam"]
GRADE = [*SEAM, "grade", "--no-probes", "--outside", "0", "--json"]
HASH_SEEDS = (0, 1, 2)
_DETECTED = ("killed", "timeout", "crash")
_UNDETECTED = ("survived", "not-covered")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("modules", nargs="*", help="names of modules, or parts of them; by default all")
    parser.add_argument("--unseen", action="store_true", help="modules by which nothing was tuned")
    parser.add_argument("--effects", action="store_true", help="what functions do besides returning a value")
    parser.add_argument("--seconds", type=float, default=10.0, help="of search, for each module")
    parser.add_argument("--calls", type=int, help="of each function, however long they take")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--all", action="store_true", help="keep all that was found, not the fewest")
    parser.add_argument("--no-mutants", action="store_true", help="explore without any mutants")
    parser.add_argument("--missing", action="store_true", help="name what is not taken, and what survives")
    parser.add_argument("--alone", action="store_true", help="replay each case alone, under several hash seeds")
    parser.add_argument("--minimize", action="store_true", help="and measure what is left then")
    arguments = parser.parse_args()
    counted = f"{'cases':>12}{'branches':>26}{'mutants noticed':>26}{'held out':>22}"
    print(f"{'module':34}{counted}{'CPU s':>8}{'calls tried':>13}", flush=True)
    measured: list[Measured] = []
    for subject in [EFFECTS] if arguments.effects else UNSEEN if arguments.unseen else KNOWN:
        if arguments.modules and not any(one in subject.module for one in arguments.modules):
            continue
        with tempfile.TemporaryDirectory() as place:
            measured.append(measure(subject, Path(place), arguments))
    if len(measured) > 1:
        tell("all", sum_of(measured))


@dataclass(frozen=True)
class Seen:
    """What golden masters show of a module: how many cases they have, branches that are taken, of how many, and
    which are not; mutants likewise."""

    cases: int = 0
    branches: int = 0
    of_branches: int = 0
    mutants: int = 0
    of_mutants: int = 0
    held_out: int = 0
    of_held_out: int = 0
    not_taken: tuple[str, ...] = ()
    surviving: tuple[str, ...] = ()
    channels: Counter[tuple[str, bool]] = field(default_factory=Counter)

    def __add__(self, other: Seen) -> Seen:
        return Seen(
            self.cases + other.cases,
            self.branches + other.branches,
            self.of_branches + other.of_branches,
            self.mutants + other.mutants,
            self.of_mutants + other.of_mutants,
            self.held_out + other.held_out,
            self.of_held_out + other.of_held_out,
        )


@dataclass(frozen=True)
class Measured:
    """What was measured, before and after, and minimized where that was asked for; seconds, calls."""

    before: Seen
    after: Seen
    least: Seen | None
    seconds: float
    tried: int


def sum_of(some: Sequence[Measured]) -> Measured:
    least = [one.least for one in some if one.least is not None]
    return Measured(
        sum((one.before for one in some), Seen()),
        sum((one.after for one in some), Seen()),
        sum(least, Seen()) if least else None,
        sum(one.seconds for one in some),
        sum(one.tried for one in some),
    )


def tell(name: str, one: Measured) -> None:
    print(f"{name:34}{_row(one.before, one.after)}{one.seconds:>8.1f}{one.tried:>13,}", flush=True)
    if one.least is not None:
        print(f"{'  minimized':34}{_row(one.after, one.least)}", flush=True)


def _row(before: Seen, after: Seen) -> str:
    cases = f"{before.cases} -> {after.cases}"
    branches = _step(before.branches, after.branches, after.of_branches)
    held = f"{after.held_out} of {after.of_held_out} ({after.held_out / max(after.of_held_out, 1):.1%})"
    return f"{cases:>12}{branches:>26}{_step(before.mutants, after.mutants, after.of_mutants):>26}{held:>22}"


def _step(before: int, after: int, of: int) -> str:
    return f"{before} -> {after} of {of} ({after / max(of, 1):.1%})"


def measure(subject: Subject, place: Path, arguments: argparse.Namespace) -> Measured:
    prepare(subject, place)
    run(place, [*SEAM, "record", "--", "driver.py"])
    run(place, [*SEAM, "pin"])
    before = seen(place, subject.module)
    held_out = () if arguments.no_mutants else hold_out(place, subject.module)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    extra = [one for one in ("--all", "--no-mutants") if getattr(arguments, one[2:].replace("-", "_"))]
    long = ["--seconds", "3600", "--calls", str(arguments.calls)]
    chosen = long if arguments.calls else ["--seconds", str(arguments.seconds)]
    chosen += ["--seed", str(arguments.seed), *extra]
    told = run(place, [*SEAM, "explore", subject.module, "--json", *chosen])
    after_use = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after_use.ru_utime + after_use.ru_stime - used.ru_utime - used.ru_stime
    tried = sum(one["tried"] for one in json.loads(told)["targets"])
    run(place, [*SEAM, "accept", "--explored", "--all"])
    (place / "tests/golden/_equivalents.json").unlink(missing_ok=True)
    after = seen(place, subject.module, held_out)
    alone = hold_alone(place) if arguments.alone else ""
    least = None
    if arguments.minimize:
        run(place, [*SEAM, "minimize"])
        least = seen(place, subject.module, held_out)
    measured = Measured(before, after, least, cpu, tried)
    tell(subject.module, measured)
    for line in (*after.not_taken, *after.surviving) if arguments.missing else ():
        print(f"    {line}")
    for channel in dict.fromkeys(CHANNELS.values()) if arguments.effects else ():
        noticed, of = after.channels[channel, True], sum(after.channels[channel, one] for one in (True, False))
        print(f"    {channel:30}{noticed:>4} of {of}")
    if alone:
        print(f"    {alone}", flush=True)
    return measured


def prepare(subject: Subject, place: Path) -> None:
    """Copy the library, and write a program that calls it."""
    own = Path(__file__).parent / "drivers" / f"{subject.module}.py"
    spec = find_spec(subject.package)
    if own.exists():
        home = own
    elif spec is None or spec.origin is None:
        raise SystemExit(f"{subject.package} is not installed")
    else:
        source = Path(spec.origin)
        home = source.parent if source.name == "__init__.py" else source
    if home.is_dir():
        shutil.copytree(home, place / home.name, ignore=shutil.ignore_patterns("__pycache__"))
    else:
        shutil.copy(home, place / home.name)
    (place / "pyproject.toml").write_text("[tool.legacy-seam]\n")
    lines = [
        "import importlib",
        *subject.imports,
        f"m = importlib.import_module({subject.module!r})",
        *subject.calls,
    ]
    (place / "driver.py").write_text("\n".join(lines) + "\n")


def run(place: Path, command: list[str]) -> str:
    environment = {**os.environ, "CI": ""}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # nobody's programs are compiled anew each time they start
    done = subprocess.run(command, cwd=place, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} gave {done.returncode}:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return done.stdout


def hold_out(place: Path, module: str) -> Sequence[str]:
    """Say of half of the mutants, chosen by chance, that they are equivalent; gives their identities."""
    graded = json.loads(run(place, [*GRADE, module]))
    scored = [one["id"] for one in graded["mutants"] if one["state"] in (*_DETECTED, *_UNDETECTED)]
    held_out = random.Random(0).sample(sorted(scored), len(scored) // 2)
    accepted = [word for one in held_out for word in ("--accept", one)]
    run(place, [*GRADE, module, *accepted, "--reason", "held out"])
    return held_out


def seen(place: Path, module: str, held_out: Sequence[str] = ()) -> Seen:
    """What all golden masters show of a module; without any that are held out, all mutants are."""
    data: dict[str, Any] = json.loads(run(place, [*SEAM, "coverage", module, "--json"]))
    counted = [one["net"] for one in data["functions"]]
    graded: dict[str, Any] = json.loads(run(place, [*GRADE, module]))
    held = [
        one["state"] in _DETECTED
        for one in graded["mutants"]
        if one["state"] in (*_DETECTED, *_UNDETECTED) and (not held_out or one["id"] in held_out)
    ]
    states = graded["states"]
    detected = sum(states.get(one, 0) for one in _DETECTED)
    channels = Counter(
        (CHANNELS.get(one["function"].partition(":")[2], ""), one["state"] in _DETECTED)
        for one in graded["mutants"]
        if one["state"] in (*_DETECTED, *_UNDETECTED)
    )
    return Seen(
        count_cases(place, module),
        sum(one["branches"] for one in counted),
        sum(one["of_branches"] for one in counted),
        detected,
        detected + sum(states.get(one, 0) for one in _UNDETECTED),
        sum(held),
        len(held),
        tuple(
            f"not taken: {one['function'].partition(':')[2]}, from line {start} to {max(end, 0) or 'the end'}"
            for one in data["functions"]
            for start, end in one["net"]["missing_branches"]
        ),
        tuple(
            f"{one['state']}: {one['function'].partition(':')[2]}, line {one['line']}:"
            f" {one['before']!r} -> {one['after']!r}"
            for one in graded["mutants"]
            if one["state"] in _UNDETECTED
        ),
        channels,
    )


def count_cases(place: Path, module: str) -> int:
    return sum(path.read_text().count("\ncase ") for path in place.glob(f"tests/golden/{module}/*.approved.txt"))


def hold_alone(place: Path) -> str:
    """Replay all cases each in a process of its own, and all in one process in both orders, under several hash
    seeds: it is told how many hold."""
    workspace = Workspace(place, load_settings(place))
    masters = [(path, one) for path, one in workspace.golden.select() if isinstance(one, GoldenMaster)]
    departed: dict[str, set[str]] = {}
    with workspace.replayer() as replayer:
        for seed in HASH_SEEDS:
            for how in (Conditions(hash_seed=seed), Conditions(hash_seed=seed, order="reversed")):
                for isolation in ("fresh", "shared"):
                    some = [(path, replace(one, isolation=isolation)) for path, one in masters]
                    for one in verify(some, workspace.golden, replayer, how):
                        cases = {difference.case for difference in one.differences}
                        name = f"{isolation} {how.order} {seed}"
                        departed.setdefault(name, set()).update(f"{one.target} {case}" for case in cases)
                        if one.problem:
                            departed[name].add(f"{one.target}: {one.problem}")
    count = sum(len(one.cases) for _, one in masters)
    wrong = {one for some in departed.values() for one in some}
    named = "".join(f"\n      {name}: {', '.join(sorted(some))}" for name, some in departed.items() if some)
    hold = f"{count - len(wrong)} of {count} cases hold alone, in either order"
    return f"{hold}, under {len(HASH_SEEDS)} hash seeds{named}"


if __name__ == "__main__":
    main()
