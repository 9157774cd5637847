"""What still looks like a secret: in recordings, in golden masters, in any file.

Pseudonyms are known for what they are, so what is found here was recorded without redaction, written by hand, or
stands where no rule saw it when it was recorded.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from legacy_seam.calls import Call, FileState
from legacy_seam.golden.directory import APPROVED, GoldenDirectory
from legacy_seam.golden.text import GoldenDamaged
from legacy_seam.redaction import AGAIN, Note, Redactor, Rules
from legacy_seam.store.blobs import Blobs
from legacy_seam.store.errors import StoreError
from legacy_seam.store.layout import Layout
from legacy_seam.store.pieces import digests, join
from legacy_seam.store.recordings import Recordings
from legacy_seam.values import NotationError

_SHOWN = 2
_LONGEST_MASK = 12
_MOST_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Suspicion:
    """Something that looks like a secret.

    file:    where it lies: the store, a golden master, a file.
    line:    the line there, where it is known.
    target:  the function concerned, where there is one.
    place:   the place within: a case and the way to the value, a variable, the name of a recorded file.
    rule:    which rule takes it for a secret.
    excerpt: its beginning and its length; never the whole.
    """

    file: Path
    line: int | None
    target: str | None
    place: str
    rule: str
    excerpt: str


@dataclass(frozen=True, slots=True)
class Scanned:
    """What a scan found.

    suspicions: what looks like a secret.
    problems:   what could not be examined, and why.
    """

    suspicions: tuple[Suspicion, ...]
    problems: tuple[str, ...]


def scan(paths: list[Path], rules: Rules) -> Scanned:
    """Look for secrets.

    Args:
        paths: stores, golden directories, other directories and files.
        rules: what the project says about its secrets.

    Raises:
        StoreError: where a store cannot be read.
    """
    scanner = _Scanner(Redactor.public(replace(rules, enabled=True)))
    for path in paths:
        scanner.path(path)
    return Scanned(tuple(dict.fromkeys(scanner.found)), tuple(dict.fromkeys(scanner.problems)))


def masked(secret: str) -> str:
    """So much of a secret as one needs to find it, and no more.

    >>> masked("hunter2"), masked("ghp_0123456789abcdef")
    ('******* (7 characters)', 'gh********** (20 characters)')
    """
    shown = secret[:_SHOWN] if len(secret) > _LONGEST_MASK and secret[:_SHOWN].isprintable() else ""
    return f"{shown}{'*' * min(len(secret) - len(shown), _LONGEST_MASK - len(shown))} ({len(secret)} characters)"


class _Scanner:
    """Collects what is found in one place after the other."""

    def __init__(self, redactor: Redactor) -> None:
        self._redactor = redactor
        self.found: list[Suspicion] = []
        self.problems: list[str] = []

    def path(self, path: Path) -> None:
        layout = Layout(path)
        if path.is_dir() and (layout.database.exists() or layout.spools.is_dir()):
            self._store(path)
        elif path.is_dir() and (next(path.glob(f"*/*{APPROVED}"), None) or (path / "_worlds").is_dir()):
            self._golden(GoldenDirectory(path))
        elif path.is_dir():
            for file in sorted(path.rglob("*")):
                if file.is_file():
                    self._file(file)
        else:
            self._file(path)

    # --- recordings -------------------------------------------------------------------------------------------

    def _store(self, path: Path) -> None:
        recordings = Recordings(path)
        self.problems += [str(damage) for damage in recordings.fold().damages]
        database, blobs = recordings.layout.database, recordings.blobs
        files: dict[str, str] = {}
        pieces: set[str] = set()
        for target in recordings.targets():
            for call in recordings.calls(target):
                files |= _names_of(call.files)
                pieces |= self._call(call, database, f"call {call.identity}", blobs)
        for run in recordings.runs():
            files |= _names_of(run.files)
            self._redactor.look_at_run(run, self._noting(database, f"run {run.identity}"))
        for finding in recordings.findings():
            self._redactor.look_at_text(f"{finding.what}: {finding.why}", self._noting(database, "finding"))
        for verdict in recordings.verdicts():
            note = self._noting(database, "verdict", str(verdict.target))
            self._redactor.look_at_text(f"{verdict.reason} {verdict.depends_on}", note)
        self._blobs(recordings.layout.blobs, files, pieces)
        for spool in sorted(recordings.layout.damaged.glob("*")):
            self._file(spool)

    def _call(self, call: Call, file: Path, what: str, blobs: Blobs) -> set[str]:
        """Look at a call; gives the digests of the pieces of its large texts."""
        pieces: set[str] = set()
        try:
            for text in call.texts():
                pieces |= digests(text, blobs.get)
            whole = replace(
                call,
                arguments={name: join(text, blobs.get) for name, text in call.arguments.items()},
                closure={name: join(text, blobs.get) for name, text in call.closure.items()},
                state={name: join(text, blobs.get) for name, text in call.state.items()},
            )
            self._redactor.look_at_call(whole, self._noting(file, what, str(call.target)))
        except (StoreError, NotationError) as damage:
            self.problems.append(f"{what} of {call.target} in {file} was not examined: {damage}")
        return pieces

    def _blobs(self, directory: Path, names: dict[str, str], pieces: set[str]) -> None:
        """Contents of files; pieces of values were looked at where they belong."""
        for file in sorted(directory.rglob("*")):
            digest = file.parent.name + file.name
            if file.is_file() and digest not in pieces:
                self._file(file, names.get(digest, ""))

    # --- golden masters ---------------------------------------------------------------------------------------

    def _golden(self, directory: GoldenDirectory) -> None:
        files: dict[str, str] = {}
        pieces: set[str] = set()
        for path, master in directory.select():
            if isinstance(master, GoldenDamaged):
                self.problems.append(str(master))
                self._file(path)
                continue
            before = len(self.found)
            for case in master.cases:
                files |= _names_of(case.call.files)
                whole = replace(case.call, observed=case.approved)
                pieces |= self._call(whole, path, f"case {case.call.identity}", directory.files)
            self._add_lines(path, before)
        for path in sorted((directory.path / "_worlds").glob("*.txt")):
            try:
                run = directory.world(path.stem)
            except GoldenDamaged as damage:
                self.problems.append(str(damage))
                continue
            files |= _names_of(run.files)
            self._redactor.look_at_run(run, self._noting(path, "world"))
        for path in sorted(directory.path.glob("*/*.received.*")):
            self._file(path)
        self._blobs(directory.path / "_files", files, pieces)

    def _add_lines(self, path: Path, start: int) -> None:
        """Say in which line the case stands in which something was found."""
        lines = path.read_text(encoding="utf-8", errors="replace").split("\n")
        starts = {line: number for number, line in enumerate(lines, 1) if line.startswith("case ")}
        for at in range(start, len(self.found)):
            one = self.found[at]
            case = " ".join(one.place.split(" ")[:2]).rstrip(":")
            self.found[at] = replace(one, line=starts.get(case))

    # --- files ------------------------------------------------------------------------------------------------

    def _file(self, path: Path, name: str = "") -> None:
        try:
            if path.stat().st_size > _MOST_BYTES:
                self.problems.append(f"{path} was not examined: it is larger than {_MOST_BYTES >> 20} MiB")
                return
            content = path.read_bytes()
        except OSError as error:
            self.problems.append(f"{path} was not examined: {error.strerror or error}")
            return

        def note(rule: str, secret: str, where: str) -> None:
            if rule == AGAIN:
                return
            at = content.find(secret.encode("utf-8", "surrogateescape"))
            line = None if at < 0 or b"\0" in content else content.count(b"\n", 0, at) + 1
            self.found.append(Suspicion(path, line, None, name or where, rule, masked(secret)))

        problem = self._redactor.look_at_content(content, note)
        if problem:
            self.problems.append(f"{path}{f' ({name})' if name else ''}: {problem}")

    def _noting(self, file: Path, what: str, target: str | None = None) -> Note:
        def note(rule: str, secret: str, where: str) -> None:
            place = f"{what}: {where}" if where else what
            self.found.append(Suspicion(file, None, target, place, rule, masked(secret)))

        return note


def _names_of(files: tuple[FileState, ...]) -> dict[str, str]:
    return {state.digest: state.path for state in files if state.digest is not None}


def default_paths(store: Path, golden: Path) -> Iterator[Path]:
    """What is looked at where nothing is named: a project's store and golden masters, as far as they are there."""
    return (path for path in (store, golden) if path.is_dir())
