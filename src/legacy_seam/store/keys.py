"""The key of a store: 32 random bytes from which the pseudonyms of secrets are made.

All processes that record into a store have the same one, so that a secret has one pseudonym. It never leaves the
store: who has it can try out which secret stands behind a pseudonym.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import Final

from legacy_seam.store.layout import Layout

_SIZE: Final = 32


def key_of(layout: Layout) -> bytes:
    """The key of a store; made where there is none yet, and then the same for all who ask at the same time.

    Raises:
        OSError: where it can be neither read nor made.
    """
    path = layout.key
    with suppress(FileNotFoundError):
        return _read(path)
    beside = path.with_name(f"{path.name}.{os.getpid()}-{os.urandom(6).hex()}")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        os.write(descriptor, os.urandom(_SIZE))
        with suppress(FileExistsError):  # another process was quicker
            os.link(beside, path)
    finally:
        os.close(descriptor)
        beside.unlink()
    return _read(path)


def _read(path: Path) -> bytes:
    key = path.read_bytes()
    if len(key) != _SIZE:
        raise OSError(f"the key {path} was altered: remove it, with all recordings beside it")
    return key
