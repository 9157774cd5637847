"""Edits of many files as one: all of them, or none, whatever happens in between; and the way back.

    seams/lock          held while an edit is being made
    seams/open/         the edit that is being made
    seams/done/000001/  edits that were kept, oldest first
        journal.json    which files, what they held before, and what they may hold meanwhile
        0.before        the bytes of the first file before, and so on

Before a byte of the tree changes, the bytes as they were are on disk. A process that dies in the middle leaves
`open/`; the next command finds it, and puts everything back (`recover`). A file that holds neither what it held
before nor anything that was written here was changed by somebody else, and is never overwritten.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import shutil
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from legacy_seam.errors import SeamError
from legacy_seam.seams.plan import digest

_JOURNAL: Final = "journal.json"


class InTheWay(SeamError):
    """The tree is not as it must be for an edit, an undo or a recovery."""


@dataclass
class _File:
    """One file of an edit.

    path:   where it lies.
    before: the digest of what it held, None where there was no such file.
    known:  digests of what may have been written to it since.
    mode:   its permissions.
    times:  when it was read and changed last, in nanoseconds.
    """

    path: Path
    before: str | None
    known: list[str]
    mode: int
    times: tuple[int, int]

    def to_data(self) -> dict[str, Any]:
        return {
            "path": str(self.path),
            "before": self.before,
            "known": self.known,
            "mode": self.mode,
            "times": list(self.times),
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> _File:
        times = data["times"]
        return cls(Path(data["path"]), data["before"], list(data["known"]), data["mode"], (times[0], times[1]))


@dataclass(frozen=True)
class Entry:
    """An edit that was kept.

    number: by which it is undone.
    title:  the technique and the target.
    paths:  the files it changed.
    """

    number: int
    title: str
    paths: tuple[Path, ...]


@dataclass
class Transaction:
    """One edit that is being made; made by `Journal.begin`."""

    directory: Path
    title: str
    files: list[_File] = field(default_factory=list)
    undoes: int | None = None

    def write(self, contents: Mapping[Path, bytes]) -> None:
        """Put contents in files of this edit.

        Raises:
            InTheWay: where one holds by now what nobody here has written.
            OSError: where one cannot be written.
        """
        for one in self.files:
            if one.path in contents:
                _check_untouched(one)
                mark = digest(contents[one.path])
                if mark not in one.known:
                    one.known.append(mark)
        self.save()
        for one in self.files:
            if one.path in contents:
                _put(one.path, contents[one.path], one.mode)

    def restore(self) -> None:
        """Put every file back as it was, byte for byte, with its permissions and times.

        Raises:
            InTheWay: where one was changed by somebody else; the others are put back all the same.
        """
        strangers: list[Path] = []
        for number, one in enumerate(self.files):
            _temporary(one.path).unlink(missing_ok=True)
            found = _digest_of(one.path)
            if found == one.before:
                continue
            if found is not None and found not in one.known:
                strangers.append(one.path)
            elif one.before is None:
                one.path.unlink(missing_ok=True)
            else:
                _put(one.path, self.content(number), one.mode)
                os.utime(one.path, ns=one.times)
        if strangers:
            raise InTheWay(
                f"{', '.join(map(str, strangers))} changed while it was being edited; what it held before is in"
                f" {self.directory}: compare, and delete that directory"
            )

    def content(self, number: int) -> bytes:
        """What the so-many-th file held before."""
        return (self.directory / f"{number}.before").read_bytes()

    def save(self) -> None:
        """Write the journal down, so that a dead process can be cleaned up after."""
        data = {"title": self.title, "undoes": self.undoes, "files": [one.to_data() for one in self.files]}
        _put(self.directory / _JOURNAL, json.dumps(data, indent=1).encode(), 0o644)

    @classmethod
    def load(cls, directory: Path) -> Transaction:
        """Read one that lies on disk.

        Raises:
            InTheWay: where its journal cannot be read.
        """
        try:
            data = json.loads((directory / _JOURNAL).read_text("utf-8"))
            files = [_File.from_data(one) for one in data["files"]]
            return cls(directory, data["title"], files, data["undoes"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise InTheWay(f"{directory / _JOURNAL} cannot be read ({error}); move {directory} away") from None


class Journal:
    """The edits of one project.

    Args:
        directory: where they are kept: `Layout.seams` of the store.
    """

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._open, self._done = directory / "open", directory / "done"

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the lock, and put in order what a dead process left.

        Raises:
            InTheWay: where another process is at it, or what was left cannot be put in order.
        """
        self.directory.mkdir(parents=True, exist_ok=True)
        with (self.directory / "lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise InTheWay("another legacy-seam is editing this project; wait until it has finished") from None
            self._recover()
            yield

    def recover(self) -> str | None:
        """Put in order what a process left that died in the middle of an edit.

        Returns:
            what was put back, or None where nothing was left, or its process still lives.
        """
        if not self._open.exists():
            return None
        with (self.directory / "lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                return None
            return self._recover()

    def _recover(self) -> str | None:
        for torn in self.directory.glob("new-*"):
            shutil.rmtree(torn, ignore_errors=True)
        if not self._open.exists():
            return None
        left = Transaction.load(self._open)
        if left.undoes is None or (self._done / f"{left.undoes:06}").exists():
            left.restore()
        shutil.rmtree(self._open)
        return left.title

    def begin(self, title: str, paths: Mapping[Path, bytes | None], undoes: int | None = None) -> Transaction:
        """Begin an edit; the lock must be held.

        Args:
            title: the technique and the target.
            paths: the files it will change, with what they must hold; None for those it will make.
            undoes: the number of the edit that this one takes back.

        Raises:
            InTheWay: where a file is not what it was when the edit was planned.
            OSError: where there is no room for what was before.
        """
        new = self.directory / f"new-{os.getpid()}"
        shutil.rmtree(new, ignore_errors=True)
        new.mkdir(parents=True)
        transaction = Transaction(new, title, undoes=undoes)
        for number, (path, expected) in enumerate(paths.items()):
            one = _file(path)
            if one.before != (None if expected is None else digest(expected)):
                shutil.rmtree(new)
                raise InTheWay(f"{path} has changed since the edit was planned; run the command again")
            transaction.files.append(one)
            if expected is not None:
                _put(new / f"{number}.before", expected, 0o644)
        transaction.save()
        _sync(new)
        new.rename(self._open)
        _sync(self.directory)
        transaction.directory = self._open
        return transaction

    def keep(self, transaction: Transaction) -> Entry:
        """End an edit, whose files stay as they are now."""
        for one in transaction.files:
            one.known = [mark] if (mark := _digest_of(one.path)) else []
        transaction.save()
        if transaction.undoes is not None:
            shutil.rmtree(self._done / f"{transaction.undoes:06}")
            shutil.rmtree(self._open)
            return Entry(transaction.undoes, transaction.title, tuple(one.path for one in transaction.files))
        number = max([entry.number for entry in self.entries()], default=0) + 1
        self._done.mkdir(exist_ok=True)
        self._open.rename(self._done / f"{number:06}")
        _sync(self._done)
        return Entry(number, transaction.title, tuple(one.path for one in transaction.files))

    def abandon(self, transaction: Transaction) -> None:
        """End an edit and put everything back.

        Raises:
            InTheWay: where a file was changed by somebody else meanwhile.
        """
        transaction.restore()
        shutil.rmtree(self._open)

    def entries(self) -> list[Entry]:
        """The edits that were kept and not undone, oldest first."""
        found = sorted(self._done.iterdir()) if self._done.is_dir() else []
        loaded = [(int(one.name), Transaction.load(one)) for one in found if one.name.isdigit()]
        return [Entry(number, one.title, tuple(file.path for file in one.files)) for number, one in loaded]

    def undo(self, number: int | None = None) -> Entry:
        """Take an edit back; the lock must be held.

        Args:
            number: which one; by default the last.

        Raises:
            InTheWay: where there is none, or one of its files has changed since.
        """
        entries = self.entries()
        entry = next((one for one in reversed(entries) if number in (None, one.number)), None)
        if entry is None:
            known = ", ".join(f"{one.number} ({one.title})" for one in entries)
            raise InTheWay(f"there is no edit {number}; there are {known}" if known else "there is no edit to undo")
        done = Transaction.load(self._done / f"{entry.number:06}")
        held: dict[Path, bytes | None] = {}
        for one in done.files:
            found = _digest_of(one.path)
            if found not in one.known:
                raise InTheWay(self._changed_since(one.path, entry, entries))
            held[one.path] = one.path.read_bytes()
        transaction = self.begin(f"undo of {done.title}", held, undoes=entry.number)
        try:
            before = {one.path: done.content(number) for number, one in enumerate(done.files) if one.before}
            transaction.write(before)
            for one in done.files:
                if one.before is None:
                    one.path.unlink()
        except BaseException:
            self.abandon(transaction)
            raise
        return self.keep(transaction)

    @staticmethod
    def _changed_since(path: Path, entry: Entry, entries: list[Entry]) -> str:
        later = [one for one in entries if one.number > entry.number and path in one.paths]
        if later:
            return f"{path} was edited again by {later[-1].title}; undo number {later[-1].number} first"
        return f"{path} has changed since {entry.title}; undo the change by hand, or with git"


def _file(path: Path) -> _File:
    try:
        status = path.stat()
    except FileNotFoundError:
        return _File(path, None, [], 0o666 & ~_umask(), (0, 0))
    times = (status.st_atime_ns, status.st_mtime_ns)
    return _File(path, _digest_of(path), [], stat.S_IMODE(status.st_mode), times)


def _check_untouched(one: _File) -> None:
    found = _digest_of(one.path)
    if found != one.before and found not in one.known:
        raise InTheWay(f"{one.path} was changed by somebody else meanwhile")


def _digest_of(path: Path) -> str | None:
    try:
        return digest(path.read_bytes())
    except FileNotFoundError:
        return None


def _temporary(path: Path) -> Path:
    """Beside the file itself, where the path is a link to it."""
    real = path.resolve()
    return real.with_name(f".{real.name}.legacy-seam")


def _put(path: Path, content: bytes, mode: int) -> None:
    """Put a file in place in one step; a link to it stays one. Its temporary name is known beforehand, so that it
    can be cleaned up."""
    temporary = _temporary(path)
    try:
        with temporary.open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.chmod(mode)
        temporary.replace(path.resolve())
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _sync(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
