"""What can be wrong with a store."""

from __future__ import annotations

from legacy_seam.errors import SeamError


class StoreError(SeamError):
    """The store cannot be read or written: damaged, in use, read-only, or on a full disk."""


class StoreTooNew(StoreError):
    """The store was written by a later version of legacy-seam than this one."""


class BlobDamaged(StoreError):
    """A stored file content is not there, or is no longer what its digest says."""


class WireError(StoreError):
    """Stored data that does not make a noun: a key is missing, or holds something of the wrong type."""
