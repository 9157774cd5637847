"""What a mutant costs, beside other tools for mutation testing.

    python benchmarks/grade.py                  # modules of humanize and isodate by their golden masters
    python benchmarks/grade.py filesize         # some of them
    python benchmarks/grade.py --peers mutmut   # the same tests and module under a peer (minutes)
    python benchmarks/grade.py --peers cosmic-ray --most 16   # which starts pytest for each mutant: so many of them

The tests of a library's source distribution are recorded and pinned; its golden masters are then graded. Costs are
seconds of processor time, children included, of whole commands: start, import, baseline, coverage and all mutants.
"One more" is what a mutant costs beside all that does not grow with their number: the module is graded by the
default operators and by all of them, and what the latter took longer is divided by how many mutants they have more.
Peers run the same tests on the same module, one worker each.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import resource
import shutil
import sqlite3
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

SEAM = [sys.executable, "-m", "legacy_seam"]
PYTEST = ["-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:randomly", "-p", "no:xdist"]


@dataclass(frozen=True)
class Subject:
    """A module of a released library, and its tests.

    package: name and version; source: where its packages lie in the distribution; module: what is graded; tests:
    files.
    """

    package: str
    source: str
    module: str
    tests: tuple[str, ...]

    @property
    def file(self) -> str:
        """Where the module lies below the directory of packages."""
        return self.module.replace(".", "/") + ".py"


SUBJECTS = (
    Subject("humanize==4.17.0", "src", "humanize.number", ("tests/test_number.py",)),
    Subject("humanize==4.17.0", "src", "humanize.filesize", ("tests/test_filesize.py",)),
    Subject("isodate==0.7.2", "src", "isodate.duration", ("tests/test_duration.py",)),
    Subject("isodate==0.7.2", "src", "isodate.isodates", ("tests/test_date.py",)),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("modules", nargs="*", help="names of modules, or parts of them; by default all")
    parser.add_argument("--peers", default="", help="mutmut, cosmic-ray, poodle; several with commas")
    parser.add_argument("--most", type=int, default=0, metavar="N", help="mutants that cosmic-ray tries; 0: all")
    options = parser.parse_args()
    print(f"{'module':18} {'judge':12} {'mutants':>8} {'noticed':>8} {'CPU s':>8} {'ms each':>8} {'one more':>8}")
    for subject in SUBJECTS:
        if options.modules and not any(one in subject.module for one in options.modules):
            continue
        with tempfile.TemporaryDirectory() as place:
            project = unpacked(subject, Path(place))
            pin(subject, project)
            report, seconds = graded(subject, project, "default")
            whole, longer = graded(subject, project, "all")
            more = (longer - seconds) / (tried(whole) - tried(report))
            tell(subject, "legacy-seam", tried(report), noticed(report), seconds, more)
            for peer in filter(None, options.peers.split(",")):
                print_peer(subject, peer, Path(place), options.most)


def unpacked(subject: Subject, place: Path) -> Path:
    """A project with the library and its tests."""
    download = [
        sys.executable,
        "-m",
        "pip",
        "download",
        "-q",
        "--no-deps",
        "--no-binary",
        ":all:",
        "-d",
        str(place),
    ]
    subprocess.run([*download, subject.package], check=True, stderr=subprocess.DEVNULL)
    (archive,) = place.glob("*.tar.gz")
    with tarfile.open(archive) as tar:
        tar.extractall(place, filter="data")
    archive.unlink()
    (root,) = (one for one in place.iterdir() if one.is_dir())
    project = place / "project"
    top = subject.module.partition(".")[0]
    shutil.copytree(root / subject.source / top, project / top)
    for test in subject.tests:
        (project / test).parent.mkdir(exist_ok=True)
        shutil.copy(root / test, project / test)
    (project / "pyproject.toml").write_text("[tool.legacy-seam]\n")
    return project


def pin(subject: Subject, project: Path) -> None:
    """Record the tests, and pin what they call."""
    run([*SEAM, "record", "-t", subject.module, "--", *PYTEST, *subject.tests], project)
    run([*SEAM, "pin"], project)


def graded(subject: Subject, project: Path, operators: str) -> tuple[dict[str, Any], float]:
    """The report of grading, and what it took."""
    command = [*SEAM, "grade", subject.module, "--json", "--no-probes", "--outside", "0", "--operators", operators]
    run([*command, "--afresh"], project)  # compiles what is new, and is not measured
    output, seconds = run([*command, "--afresh"], project)
    report: dict[str, Any] = json.loads(output)
    return report, seconds


def tried(report: Mapping[str, Any]) -> int:
    return sum(report["states"].get(state, 0) for state in ("killed", "survived", "timeout", "crash"))


def noticed(report: Mapping[str, Any]) -> int:
    return sum(report["states"].get(state, 0) for state in ("killed", "timeout", "crash"))


def tell(subject: Subject, judge: str, mutants: int, found: int, seconds: float, more: float | None = None) -> None:
    each = 1000 * seconds / max(mutants, 1)
    alone = "" if more is None else f"{1000 * more:8.2f}"
    print(f"{subject.module:18} {judge:12} {mutants:8} {found:8} {seconds:8.2f} {each:8.2f} {alone}", flush=True)


# --- peers ------------------------------------------------------------------------------------------------------


def print_peer(subject: Subject, peer: str, place: Path, most: int) -> None:
    project = place / peer
    shutil.copytree(place / "project", project, ignore=shutil.ignore_patterns(".legacy-seam", "golden"))
    judges: dict[str, Callable[[Subject, Path], tuple[dict[str, int], float]]]
    judges = {"mutmut": mutmut, "cosmic-ray": partial(cosmic_ray, most=most), "poodle": poodle}
    counted, seconds = judges[peer](subject, project)
    if counted.get("killed"):
        tell(subject, peer, sum(counted.values()), counted["killed"], seconds)
    else:  # its tests did not run: what that took says nothing
        print(f"{subject.module:18} {peer:12} ran no tests: it killed none of {sum(counted.values())}", flush=True)


def mutmut(subject: Subject, project: Path) -> tuple[dict[str, int], float]:
    top = subject.module.partition(".")[0]
    (project / "pyproject.toml").write_text(  # in one process it runs tests twice, which not all of them stand
        f'[tool.mutmut]\nsource_paths = ["{top}"]\nonly_mutate = ["{subject.file}"]\n'
        'process_isolation = "forkserver"\n'
    )
    _, seconds = run([sys.executable, "-m", "mutmut", "run", "--max-children", "1"], project)
    listed, _ = run([sys.executable, "-m", "mutmut", "results", "--all", "true"], project)
    return counts(line.rpartition(":")[2].strip() for line in listed.splitlines() if ":" in line), seconds


def cosmic_ray(subject: Subject, project: Path, most: int) -> tuple[dict[str, int], float]:
    command = " ".join([Path(sys.executable).name, *PYTEST, "-x", *subject.tests])
    (project / "cosmic.toml").write_text(
        f'[cosmic-ray]\nmodule-path = "{subject.file}"\ntimeout = 60.0\nexcluded-modules = []\n'
        f'test-command = "{command}"\n[cosmic-ray.distributor]\nname = "local"\n'
    )
    cosmic = [sys.executable, "-m", "cosmic_ray.cli"]
    run([*cosmic, "init", "cosmic.toml", "session.sqlite"], project)
    if most:
        leave_some(project / "session.sqlite", most)
    _, seconds = run([*cosmic, "exec", "cosmic.toml", "session.sqlite"], project)
    listed, _ = run([*cosmic, "dump", "session.sqlite"], project)
    outcomes = (json.loads(line)[1] for line in listed.splitlines())
    return counts((one or {}).get("test_outcome", "none") for one in outcomes), seconds


def leave_some(session: Path, most: int) -> None:
    """Take all mutants but so many, from all over, out of a session of cosmic-ray."""
    with contextlib.closing(sqlite3.connect(session)) as connection, connection:
        jobs = [job for (job,) in connection.execute("SELECT job_id FROM work_items ORDER BY job_id")]
        kept = {jobs[number * len(jobs) // most] for number in range(most)}
        for table in ("mutation_specs", "work_items"):
            rest = [(job,) for job in jobs if job not in kept]
            connection.executemany(f"DELETE FROM {table} WHERE job_id = ?", rest)


def poodle(subject: Subject, project: Path) -> tuple[dict[str, int], float]:
    command = " ".join([sys.executable, *PYTEST, "-x", *subject.tests])
    (project / "poodle.toml").write_text(
        f'[poodle]\nsource_folders = ["."]\nonly_files = ["{Path(subject.file).name}"]\nmax_workers = 1\n'
        f'reporters = ["json"]\n[poodle.runner_opts]\ncommand_line = "{command}"\n'
    )
    _, seconds = run([Path(sys.executable).with_name("poodle")], project)
    report = json.loads((project / "mutation-testing-report.json").read_text())
    found = report["summary"]  # one by one it tells survivors only
    return {"killed": found["found"], "survived": found["not_found"]}, seconds


def counts(states: Iterator[str] | Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for state in states:
        found[state] = found.get(state, 0) + 1
    return found


# --- running ----------------------------------------------------------------------------------------------------


def run(command: Sequence[str | Path], place: Path, well: Collection[int] = (0, 1)) -> tuple[str, float]:
    """What a command prints, and the processor time that it took, children included.

    Where it exits with anything that does not say that all is well, so does the benchmark.
    """
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    environment = {**os.environ, "PYTHONPATH": str(place)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # nobody's programs are compiled anew each time they start
    done = subprocess.run(command, cwd=place, capture_output=True, text=True, check=False, env=environment)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode not in well:
        sys.exit(f"{' '.join(map(str, command))}\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return done.stdout, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


if __name__ == "__main__":
    main()
