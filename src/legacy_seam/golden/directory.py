"""Where golden masters lie, and everything that lies beside them.

    tests/golden/<module>/<qualname>.approved.txt   a golden master, for people
    tests/golden/_worlds/<name>.txt                 the surroundings in which calls were recorded
    tests/golden/_files/<digest>                    files which those calls opened, and pieces of large values

The directory is all that a replay needs: recordings may be deleted, and another machine has never seen them.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from legacy_seam.calls import Run
from legacy_seam.errors import SeamError
from legacy_seam.golden.master import GoldenMaster
from legacy_seam.golden.text import FIRST_LINE, GoldenDamaged, read, write
from legacy_seam.golden.world_text import read_world, write_world
from legacy_seam.store.atomic import write_atomically
from legacy_seam.store.blobs import Blobs
from legacy_seam.targets import Pattern, Target, TargetSyntaxError

APPROVED = ".approved.txt"
RECEIVED = ".received.txt"
_RESTORE = "restore the file from version control, or replace it: legacy-seam pin --afresh"


class CannotWrite(SeamError):
    """The golden directory, or a file in it, cannot be written: read-only, or on a full disk."""

    def __init__(self, path: Path, error: OSError) -> None:
        super().__init__(
            f"golden masters cannot be written below {path} ({error.strerror or error}); make it writable or make"
            " room, or name another directory with --golden"
        )


class GoldenDirectory:
    """Reads and writes the golden masters below one directory.

    Args:
        path: the directory; it need not exist before something is written.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.files = Blobs(path / "_files")

    # -------------------------------------------------------------------------------------------- names

    def path_of(self, target: Target) -> Path:
        """The approved file of a target. Names that a file system would not keep apart get a digest."""
        plain = target.qualname.replace(".<locals>.", ".").replace("<lambda>", "lambda")
        name = re.sub(r"[^\w.-]", "-", plain)[:100]
        path = self.path / target.module / f"{name}{APPROVED}"
        if name != target.qualname or _belongs_to_other(path, target):
            mark = hashlib.blake2b(str(target).encode(), digest_size=3).hexdigest()
            path = path.with_name(f"{name}-{mark}{APPROVED}")
        return path

    # -------------------------------------------------------------------------------------------- reading

    def paths(self) -> list[Path]:
        """All approved files, sorted."""
        return sorted(self.path.glob(f"*/*{APPROVED}"))

    def select(self, patterns: Iterable[Pattern] = ()) -> Iterator[tuple[Path, GoldenMaster | GoldenDamaged]]:
        """All golden masters which a pattern matches (all, where there is no pattern), or why not readable."""
        wanted = tuple(patterns)
        for path in self.paths():
            try:
                target = self.target_of(path)
                if wanted and not any(pattern.matches(target) for pattern in wanted):
                    continue
                yield path, self.load(path)
            except GoldenDamaged as damage:
                yield path, damage

    def target_of(self, path: Path) -> Target:
        """The target of an approved file, from its first line alone."""
        try:
            with path.open(encoding="utf-8") as file:
                first = FIRST_LINE.fullmatch(file.readline().rstrip("\n"))
        except (OSError, UnicodeDecodeError) as error:
            raise _unreadable(path, error) from None
        if first is None:
            raise GoldenDamaged(f"{path}:1: this is not the first line of a golden master; {_RESTORE}")
        try:
            return Target.parse(first[2])
        except TargetSyntaxError as error:
            raise GoldenDamaged(f"{path}:1: {error}; {_RESTORE}") from None

    def load(self, path: Path) -> GoldenMaster:
        """Read one golden master.

        Raises:
            GoldenDamaged: naming the file, the line and what is wrong.
        """
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise _unreadable(path, error) from None
        return read(text, str(path), self.files.get)

    def world(self, identity: str) -> Run:
        """The surroundings of a case by their name."""
        path = self.path / "_worlds" / f"{identity}.txt"
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise _unreadable(path, error) from None
        return read_world(text, identity, str(path))

    # -------------------------------------------------------------------------------------------- writing

    def write(self, master: GoldenMaster) -> str:
        """The text of a golden master; pieces of large values are saved on the way.

        Raises:
            CannotWrite: where they cannot be saved.
        """
        try:
            return write(master, self.files.put)
        except OSError as error:
            raise CannotWrite(self.path, error) from error

    def keep(self, content: bytes) -> None:
        """Save a file that calls opened, or a piece of a large input.

        Raises:
            CannotWrite: where it cannot be saved.
        """
        try:
            self.files.put(content)
        except OSError as error:
            raise CannotWrite(self.path, error) from error

    def save_worlds(self, worlds: Iterable[Run]) -> None:
        """Save the surroundings that golden masters refer to, before they are saved themselves.

        Raises:
            CannotWrite: where the directory cannot be written.
        """
        try:
            for run in worlds:
                write_atomically(self.path / "_worlds" / f"{run.identity}.txt", write_world(run).encode())
        except OSError as error:
            raise CannotWrite(self.path, error) from error


def _unreadable(path: Path, error: OSError | UnicodeDecodeError) -> GoldenDamaged:
    why = f"byte {error.start} is not UTF-8" if isinstance(error, UnicodeDecodeError) else error.strerror
    return GoldenDamaged(f"{path}: cannot be read ({why}); {_RESTORE}")


def _belongs_to_other(path: Path, target: Target) -> bool:
    try:
        with path.open(encoding="utf-8") as file:
            first = FIRST_LINE.fullmatch(file.readline().rstrip("\n"))
    except (OSError, UnicodeDecodeError):
        return False
    return first is not None and ":" in first[2] and first[2] != str(target)
