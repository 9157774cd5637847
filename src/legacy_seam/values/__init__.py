"""Values as text, and back: the notation in which everything is recorded, pinned and compared.

The notation looks like Python, is the same for equal values in every process, and is harmless to read.

>>> encode({"when": 1.5, "tags": {"b", "a"}})
"{'when': 1.5, 'tags': {'a', 'b'}}"
"""

from legacy_seam.values.allow import Allow
from legacy_seam.values.anatomy import call_main
from legacy_seam.values.changes import changes
from legacy_seam.values.code import find_code
from legacy_seam.values.comparing import differences
from legacy_seam.values.cutting import keep_at_most
from legacy_seam.values.decode_errors import DecodeError, NotAllowed, TypeGone
from legacy_seam.values.fingerprints import fingerprint
from legacy_seam.values.kinds.iterators import Seen
from legacy_seam.values.notation import NotationError
from legacy_seam.values.reading import parse
from legacy_seam.values.rebuilding import decode, decode_roots
from legacy_seam.values.standin import StandIn, StandInUsed
from legacy_seam.values.tree import Mark, Name, Node, Reference, Tree
from legacy_seam.values.writing import encode, encode_roots

__all__ = [
    "Allow",
    "DecodeError",
    "Mark",
    "Name",
    "Node",
    "NotAllowed",
    "NotationError",
    "Reference",
    "Seen",
    "StandIn",
    "StandInUsed",
    "Tree",
    "TypeGone",
    "call_main",
    "changes",
    "decode",
    "decode_roots",
    "differences",
    "encode",
    "encode_roots",
    "find_code",
    "fingerprint",
    "keep_at_most",
    "parse",
]
