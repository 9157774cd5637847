"""What root may do beyond others: in a container everybody is root, and a replay must be no more than a user."""

from __future__ import annotations

import ctypes
import struct

from legacy_seam.world.confinement.kernel import call

_VERSION = 0x20080522
_HEADER = struct.pack("=Ii", _VERSION, 0)
_SETS = struct.Struct("=6I")
_KEPT = 0b11111
"""CHOWN, DAC_OVERRIDE, DAC_READ_SEARCH, FOWNER, FSETID: how root meets files. Landlock says which files."""


def drop() -> None:
    """Give up all privileges but those that concern files.

    Raises:
        OSError: where the kernel refuses.
    """
    held = ctypes.create_string_buffer(_SETS.size)
    call("capget", _HEADER, ctypes.addressof(held))
    effective, permitted, inheritable, *_ = _SETS.unpack(held.raw)
    call("capset", _HEADER, _SETS.pack(effective & _KEPT, permitted & _KEPT, inheritable & _KEPT, 0, 0, 0))
