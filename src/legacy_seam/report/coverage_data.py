"""What golden masters run, in the form of coverage.py: its data, its counts, and what it measures already.

Each case is a context of its own, `target|case`; what was run when the program was imported has none.
"""

from __future__ import annotations

import json
import tempfile
import warnings
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from coverage import Coverage, CoverageData
from coverage.exceptions import CoverageWarning
from coverage.files import GlobMatcher, prep_patterns

from legacy_seam.golden.running import Running
from legacy_seam.replay.steps import Step


@dataclass(frozen=True, slots=True)
class Counts:
    """How much of a function is run: statements and branches, of how many.

    missing:          lines that are not run.
    missing_branches: branches that are not taken, from which line to which; out of the function to a negative one.
    """

    lines: int
    of_lines: int
    branches: int
    of_branches: int
    missing: tuple[int, ...]
    missing_branches: tuple[tuple[int, int], ...] = ()


@contextmanager
def data_of(
    running: Running, covers: Callable[[str], bool] = lambda file: True, *, branch: bool = True
) -> Iterator[CoverageData]:
    """The data of coverage.py for what was run: a database in memory, which is closed at the end.

    Args:
        running: what was run.
        covers: told a file; does it count?
        branch: with branches; otherwise lines alone.
    """
    data = CoverageData(no_disk=True)
    try:
        _add(data, None, running.at_import, covers, branch=branch)
        for (target, case), ran in running.cases.items():
            _add(data, f"{target}|{case}", ran, covers, branch=branch)
        yield data
    finally:
        data.close(force=True)  # without force, one in memory stays open until it is garbage


def _add(
    data: CoverageData,
    context: str | None,
    ran: Mapping[str, Collection[Step]],
    covers: Callable[[str], bool],
    *,
    branch: bool,
) -> None:
    counted = {file: steps for file, steps in ran.items() if covers(file)}
    data.set_context(context)
    if branch:
        data.add_arcs(counted)
    else:
        data.add_lines({file: {line for _, line in steps if line > 0} for file, steps in counted.items()})


def join(measuring: Coverage, running: Running) -> None:
    """Let what was run count as if coverage.py itself had seen it, files that it leaves out left out.

    Args:
        measuring: what measures this process.
        running: what was run in others.
    """
    with (
        data_of(running, _covered_by(measuring), branch=bool(measuring.get_option("run:branch"))) as data,
        warnings.catch_warnings(),  # that nothing was measured so far
    ):
        warnings.simplefilter("ignore", CoverageWarning)
        measuring.get_data().update(data)


def write(running: Running, path: Path) -> None:
    """Write a data file of coverage.py, in the place of what was there."""
    path.unlink(missing_ok=True)
    written = CoverageData(basename=str(path))
    with data_of(running) as data:
        written.update(data)
    written.write()
    written.close()


def counts_of(steps: Mapping[str, Collection[Step]], files: Iterable[str]) -> dict[tuple[str, str], Counts]:
    """How much of each function is run, as coverage.py counts, by its file and its name there.

    Args:
        steps: what was run, by file.
        files: of which it is told.
    """
    with tempfile.TemporaryDirectory(prefix="legacy-seam-coverage-") as place:
        kept = Path(place) / "coverage"
        data = CoverageData(basename=str(kept))
        data.add_arcs({file: steps.get(file, ()) for file in files})
        data.touch_files(list(files))
        data.write()
        data.close()
        cover = Coverage(data_file=str(kept), branch=True, config_file=False)
        cover.load()
        told = Path(place) / "coverage.json"
        cover.json_report(morfs=list(files), outfile=str(told), ignore_errors=True)
        report = json.loads(told.read_text("utf-8"))
    found: dict[tuple[str, str], Counts] = {}
    for name, one in report["files"].items():
        for function, counted in one["functions"].items():
            summary = counted["summary"]
            found[str(Path(name).absolute()), function] = Counts(
                lines=summary["covered_lines"],
                of_lines=summary["num_statements"],
                branches=summary.get("covered_branches", 0),
                of_branches=summary.get("num_branches", 0),
                missing=tuple(counted["missing_lines"]),
                missing_branches=tuple((start, end) for start, end in counted.get("missing_branches", ())),
            )
    return found


def _covered_by(measuring: Coverage) -> Callable[[str], bool]:
    """Which files coverage.py was told to measure, by its settings."""
    source = [*_texts(measuring, "run:source"), *_texts(measuring, "run:source_pkgs")]
    include = GlobMatcher(prep_patterns(_texts(measuring, "run:include")), "include")
    omit = GlobMatcher(prep_patterns(_texts(measuring, "run:omit")), "omit")
    has_include = bool(_texts(measuring, "run:include"))

    def covers(file: str) -> bool:
        if omit.match(file):
            return False
        if source:
            return any(_is_below(file, one) for one in source)
        return not has_include or bool(include.match(file))

    return covers


def _texts(measuring: Coverage, option: str) -> list[str]:
    said = measuring.get_option(option)
    return [one for one in said if isinstance(one, str)] if isinstance(said, (list, tuple)) else []


def _is_below(file: str, source: str) -> bool:
    """Is a file in a directory, or in a package of that name?"""
    directory = Path(source).absolute()
    if directory.is_dir():
        return Path(file).is_relative_to(directory)
    name = source.replace(".", "/")
    return f"/{name}/" in file or file.endswith(f"/{name}.py")
