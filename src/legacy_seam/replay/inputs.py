"""What a call is given, and whether it is still as it was given."""

from __future__ import annotations

from collections.abc import Mapping

from legacy_seam.values.fingerprints import fingerprint_of_trees
from legacy_seam.values.stillness import still
from legacy_seam.world.places import ATOMS

_NOTHING = fingerprint_of_trees(())


class Inputs:
    """The inputs of one call: as recorded, as given, and which of these may change.

    names: id -> name of what has an identity, so that an input which is given back is told as itself.
    are_plain: they are built-in data, all the way down.
    are_lasting: that they are unchanged can be told, so that they may be given again.
    """

    __slots__ = ("_key", "_mutable", "_still", "are_lasting", "are_plain", "given", "names", "texts")

    def __init__(self, texts: Mapping[str, str], given: dict[str, object]) -> None:
        self.texts, self.given = texts, given
        self.names = {id(value): name for name, value in given.items() if type(value) not in ATOMS}
        self._mutable = tuple([given[name] for name in self.names.values()]) if self.names else ()
        self._key = fingerprint_of_trees(self._mutable) if self.names else _NOTHING
        self._still = still(self._mutable) if self._key is None else None
        self.are_plain = self._key is not None
        self.are_lasting = self.are_plain or self._still is not None

    @classmethod
    def of_atoms(cls, texts: Mapping[str, str], given: dict[str, object]) -> Inputs:
        """Those of a call that is given atoms only, all of which is known then."""
        inputs = cls.__new__(cls)
        inputs.texts, inputs.given = texts, given
        inputs.names, inputs._mutable, inputs._key, inputs._still = {}, (), _NOTHING, None
        inputs.are_plain = inputs.are_lasting = True
        return inputs

    def are_unchanged(self, now: Mapping[str, object] | None = None) -> bool:
        """Are all of them the very objects that were given, with equal content? (False may be said in vain.)

        Args:
            now: what stands in their places.
        """
        if (
            now is not None
            and now is not self.given
            and any(value is not self.given[name] for name, value in now.items())
        ):
            return False
        if not self._mutable:
            return True
        if self._still is not None:
            return self._still.holds()
        return self._key is not None and self._key == fingerprint_of_trees(self._mutable)
