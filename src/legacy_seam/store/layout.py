"""Which part of a store stands where.

    .legacy-seam/
        .gitignore         "*": recordings hold live data and are never committed
        recordings.db      the database made from the spools
        spools/            one append-only file per recorded process
        spools/damaged/    spools that could be read only in part, kept as they were
        blobs/             contents of files, by digest
        redaction.key      what pseudonyms of secrets are made with; for its owner only
        seams/             edits of the source: the one being made, and those that can be undone
        gates/             the evidence behind the last verdict of each gate
        shadow/            what came of recorded calls beside a candidate: one file for both names
        explored/          calls that exploring found, so that it can go on
        grade.json         verdicts on mutants, so that they need not be reached again

Nothing else in the project spells these names.
"""

from __future__ import annotations

from pathlib import Path

from legacy_seam.plaindata import dataclass
from legacy_seam.store.errors import StoreError


@dataclass(frozen=True, slots=True)
class Layout:
    """The places within the directory of a store.

    >>> Layout(Path(".legacy-seam")).spools.as_posix()
    '.legacy-seam/spools'
    """

    directory: Path

    @property
    def database(self) -> Path:
        """The SQLite file."""
        return self.directory / "recordings.db"

    @property
    def spools(self) -> Path:
        """The directory of spool files."""
        return self.directory / "spools"

    @property
    def damaged(self) -> Path:
        """Where spools are laid aside that could be read only in part."""
        return self.spools / "damaged"

    @property
    def blobs(self) -> Path:
        """The directory of file contents."""
        return self.directory / "blobs"

    @property
    def key(self) -> Path:
        """The file with the key of pseudonyms."""
        return self.directory / "redaction.key"

    @property
    def seams(self) -> Path:
        """The directory of edits."""
        return self.directory / "seams"

    @property
    def shadow(self) -> Path:
        """The directory of results of shadow runs."""
        return self.directory / "shadow"

    @property
    def gates(self) -> Path:
        """The directory of the evidence of gates."""
        return self.directory / "gates"

    @property
    def explored(self) -> Path:
        """The directory of what exploring found."""
        return self.directory / "explored"

    @property
    def verdicts(self) -> Path:
        """The file with verdicts on mutants."""
        return self.directory / "grade.json"

    def prepare(self) -> Layout:
        """Make the directories, and have git ignore them all, where that is not so yet.

        Raises:
            StoreError: where the directory cannot be made.
        """
        try:
            for directory in (self.spools, self.blobs):
                directory.mkdir(parents=True, exist_ok=True)
            ignore = self.directory / ".gitignore"
            if not ignore.exists():
                ignore.write_text("*\n", encoding="utf-8")
        except OSError as error:
            raise StoreError(
                f"The store {self.directory} cannot be made ({error.strerror or error}): "
                "free the place, or choose another with --store."
            ) from error
        return self
