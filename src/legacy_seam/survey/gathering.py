"""All files to facts: in several processes where that pays, one file in memory at a time in each."""

from __future__ import annotations

import multiprocessing
import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from fnmatch import fnmatchcase
from multiprocessing.context import BaseContext
from pathlib import Path
from typing import Final, TypeAlias

from legacy_seam.source import Module as Parsed
from legacy_seam.source import Program, Skipped
from legacy_seam.source.modules import INIT
from legacy_seam.source.parsing import read
from legacy_seam.survey.facts import LeftOut, Module
from legacy_seam.survey.reading import read_module

MOST_BYTES: Final = 1024 * 1024
"""Of one file. Nobody wrote a larger one by hand."""
_WORTH_PROCESSES: Final = 600_000
"""Bytes of source from which on several processes are done sooner than one."""
_AT_ONCE: Final = 16
_MOST_PROCESSES: Final = 8
_TESTS: Final = ("test_*.py", "*_test.py", "*_tests.py", "tests.py", "Test*.py", "conftest.py")

Read: TypeAlias = Module | LeftOut


@dataclass(frozen=True, slots=True)
class _Job:
    """What a worker has to know of a file.

    name: of its module.
    file: how people name it.
    """

    path: Path
    name: str
    file: str
    is_test: bool


def gather(program: Program, root: Path) -> Iterator[Read]:
    """The facts of every file of a program, or why it was left out, in the order of its files.

    Args:
        program: its files and the names of their modules.
        root: the directory relative to which files are named, and tests are told from the program.
    """
    names = _told_apart(program.names, root)
    jobs = [_Job(path, names[path], shown(path, root), is_test(path, root)) for path in program.files]
    workers = min(len(os.sched_getaffinity(0)), _MOST_PROCESSES) if hasattr(os, "sched_getaffinity") else 2
    if workers < 2 or sum(_size(job.path) for job in jobs) < _WORTH_PROCESSES:
        yield from map(_read, jobs)
    else:
        yield from _read_in_processes(jobs, workers)


def _told_apart(names: Mapping[Path, str], root: Path) -> dict[Path, str]:
    """Names of modules, of which no two are the same: scripts of one name are named by their directories too."""
    often = Counter(names.values())
    return {
        path: name if often[name] == 1 else shown(path.with_suffix(""), root).strip("/").replace("/", ".")
        for path, name in names.items()
    }


def shown(path: Path, root: Path) -> str:
    """How people name a file.

    >>> shown(Path("/shop/rules.py"), Path("/shop")), shown(Path("/lib/x.py"), Path("/shop"))
    ('rules.py', '/lib/x.py')
    """
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else path.as_posix()


def is_test(path: Path, root: Path) -> bool:
    """Does a file hold tests, by its name or the name of a directory around it?

    >>> is_test(Path("/shop/tests/helpers.py"), Path("/shop"))
    True
    >>> is_test(Path("/tests/shop/rules.py"), Path("/tests/shop"))
    False
    """
    inner = path.relative_to(root) if path.is_relative_to(root) else path
    return "tests" in inner.parts[:-1] or any(fnmatchcase(path.name, pattern) for pattern in _TESTS)


def _read_in_processes(jobs: Sequence[_Job], workers: int) -> Iterator[Read]:
    methods = multiprocessing.get_all_start_methods()
    context = multiprocessing.get_context("forkserver" if "forkserver" in methods else "spawn")
    batches = [jobs[at : at + _AT_ONCE] for at in range(0, len(jobs), _AT_ONCE)]
    done = 0
    try:
        with ProcessPoolExecutor(workers, mp_context=context) as pool:
            try:
                for future in [pool.submit(_read_batch, one) for one in batches]:
                    yield from future.result()
                    done += 1
            finally:
                pool.shutdown(cancel_futures=True)
    except BrokenProcessPool:
        for batch in batches[done:]:
            yield from _read_alone(batch, context)


def _read_alone(jobs: Sequence[_Job], context: BaseContext) -> Iterator[Read]:
    """A file that ends the process which reads it costs only itself."""
    for job in jobs:
        try:
            with ProcessPoolExecutor(1, mp_context=context) as pool:
                yield pool.submit(_read, job).result()
        except BrokenProcessPool:
            yield LeftOut(job.file, 0, "crashed", "the process that read it ended")


def _read_batch(jobs: Sequence[_Job]) -> list[Read]:
    return [_read(job) for job in jobs]


def _read(job: _Job) -> Read:
    size = _size(job.path)
    if size > MOST_BYTES:
        return LeftOut(job.file, 0, "too-large", f"it has {size:,} bytes, more than {MOST_BYTES:,}")
    source = read(job.path)
    if isinstance(source, Skipped):
        return _left_out(job, source)
    if source.generated_at is not None:
        return LeftOut(job.file, source.generated_at, "generated", "it says that it is generated")
    parsed = Parsed.of(source, job.name)
    if isinstance(parsed, Skipped):
        return _left_out(job, parsed)
    try:
        return read_module(
            parsed.tree,
            job.name,
            job.file,
            len(source.lines),
            is_package=job.path.stem == INIT,
            is_test=job.is_test,
        )
    except (RecursionError, MemoryError):
        return LeftOut(job.file, 0, "too-deep", "it nests too deeply to be followed")


def _left_out(job: _Job, skipped: Skipped) -> LeftOut:
    return LeftOut(job.file, skipped.line, skipped.code, skipped.reason)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
