"""A long input that many cases have in common is written once; the others say in which case it stands.

Of a method that was called fifty times with the same table in reach, that table would else be shown fifty times,
and readers would look for what is different in it.

    state rules:TABLE as in case 5f1c9a02e7b4
"""

from __future__ import annotations

from collections.abc import Mapping

_LINES = 5
"""What takes no more lines is written again: it is read faster than it is looked up."""
_AS_IN_CASE = " as in case "


class Written:
    """The long inputs that were written so far, and in which case each of them stands."""

    def __init__(self) -> None:
        self._cases: dict[str, str] = {}

    def once(self, head: str, entry: str, case: str) -> str:
        """An input as it is to be written.

        Args:
            head: its word and place.
            entry: the whole of it, head included.
            case: the case it belongs to.

        Example:
            >>> written, table = Written(), "state TABLE = [\\n1,\\n2,\\n3,\\n4,\\n]"
            >>> written.once("state TABLE", table, "5f1c") == table
            True
            >>> written.once("state TABLE", table, "a02e")
            'state TABLE as in case 5f1c'
        """
        if entry.count("\n") < _LINES:
            return entry
        before = self._cases.setdefault(entry, case)
        return entry if before == case else f"{head}{_AS_IN_CASE}{before}"


class Above:
    """The inputs of the cases that were read so far, by case, word and place."""

    def __init__(self) -> None:
        self._inputs: dict[str, Mapping[str, Mapping[str, str]]] = {}

    def add(self, case: str, inputs: Mapping[str, Mapping[str, str]]) -> None:
        """Take note of the inputs of a case: texts by place by word."""
        self._inputs[case] = inputs

    def text_of(self, word: str, place: str, case: str) -> str:
        """What stands in a case above.

        Raises:
            KeyError: there is no such case above, or it has no such input.
        """
        return self._inputs[case][word][place]


def reference(place: str) -> tuple[str, str] | None:
    """The place of an input and the case in which it stands; None where that is not what is said.

    Example:
        >>> reference("rules:TABLE as in case 5f1c9a02e7b4")
        ('rules:TABLE', '5f1c9a02e7b4')
    """
    held, said, case = place.rpartition(_AS_IN_CASE)
    return (held, case) if said else None
