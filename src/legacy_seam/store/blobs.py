"""Blobs: contents of files, each stored once under the digest of its bytes.

A blob appears whole or not at all (it is written beside its place and renamed into it), so any number of processes
and threads may put the same content at the same time, and a process may be killed at any point.
"""

from __future__ import annotations

import contextlib
import os
import re
import threading
import time
from _blake2 import blake2b
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final

from legacy_seam.store.errors import BlobDamaged

_DIGEST_SIZE: Final = 16
_DIGEST: Final = re.compile(r"[0-9a-f]{32}", re.ASCII)
_CHUNK: Final = 1 << 20


def digest_of(content: bytes) -> str:
    """The name of a content: 128 bits of BLAKE2b, as 32 hexadecimal digits.

    >>> digest_of(b"")
    'cae66941d9efbd404e4d88758ea67670'
    """
    return blake2b(content, digest_size=_DIGEST_SIZE).hexdigest()


class Blobs:
    """Contents of files in a directory, by digest.

    >>> blobs = Blobs(Path(".legacy-seam/blobs"))                       # doctest: +SKIP
    >>> blobs.get(blobs.put(b"account;balance"))                        # doctest: +SKIP
    b'account;balance'
    """

    def __init__(self, directory: Path) -> None:
        self._directory = directory.absolute()  # the program may change its working directory

    def put(self, content: bytes) -> str:
        """Store a content and return its digest.

        Raises:
            OSError: where it cannot be written.
        """
        digest = digest_of(content)
        if not self._holds(digest, len(content)):
            with self._beside() as (stream, temporary):
                stream.write(content)
                self._settle(stream, temporary, digest)
        return digest

    def put_file(self, path: str | os.PathLike[str]) -> str:
        """Store the present content of a file, of any size, and return its digest.

        Raises:
            OSError: where the file cannot be read, or its content not written.
        """
        digest = blake2b(digest_size=_DIGEST_SIZE)
        with Path(path).open("rb") as source, self._beside() as (stream, temporary):
            while chunk := source.read(_CHUNK):
                digest.update(chunk)
                stream.write(chunk)
            self._settle(stream, temporary, digest.hexdigest())
        return digest.hexdigest()

    def get(self, digest: str) -> bytes:
        """The content with this digest.

        Raises:
            BlobDamaged: where it is missing, unreadable, or no longer the content that its digest names.
        """
        try:
            content = self._place(digest).read_bytes()
        except OSError as error:
            raise BlobDamaged(
                f"The stored file content {digest} cannot be read from {self._directory} "
                f"({error.strerror or error}): record the program again."
            ) from error
        if digest_of(content) != digest:
            raise BlobDamaged(
                f"The stored file content {self._place(digest)} was altered since it was recorded: "
                "remove it and record the program again."
            )
        return content

    def has(self, digest: str) -> bool:
        """Is there a content with this digest? (It is not read, so it may still prove damaged.)"""
        return _DIGEST.fullmatch(digest) is not None and self._place(digest).is_file()

    def digests(self) -> Iterator[str]:
        """The digests of all contents there are."""
        for path in self._directory.glob("??/*"):
            if _DIGEST.fullmatch(digest := path.parent.name + path.name) is not None:
                yield digest

    def remove(self, digest: str) -> None:
        """Remove a content, if it is there.

        Raises:
            OSError: where it cannot be removed.
        """
        place = self._place(digest)
        place.unlink(missing_ok=True)
        with contextlib.suppress(OSError):  # others are in it
            place.parent.rmdir()

    def _place(self, digest: str) -> Path:
        # A digest comes out of a file that a stranger may have written: it must not lead out of the directory.
        if _DIGEST.fullmatch(digest) is None:
            raise BlobDamaged(f"{digest!r} is not the digest of a stored file content: record the program again.")
        return self._directory / digest[:2] / digest[2:]

    def _holds(self, digest: str, size: int) -> bool:
        try:
            return self._place(digest).stat().st_size == size
        except OSError:
            return False

    @contextlib.contextmanager
    def _beside(self) -> Iterator[tuple[BinaryIO, Path]]:
        """A new file to write a content into before its digest is known; gone afterwards, unless settled."""
        self._directory.mkdir(parents=True, exist_ok=True)
        temporary = self._directory / f".{os.getpid()}-{threading.get_ident()}-{time.monotonic_ns()}"
        try:
            with temporary.open("xb") as stream:
                yield stream, temporary
        finally:
            temporary.unlink(missing_ok=True)

    def _settle(self, stream: BinaryIO, temporary: Path, digest: str) -> None:
        stream.flush()
        place = self._place(digest)
        place.parent.mkdir(exist_ok=True)
        temporary.replace(place)
