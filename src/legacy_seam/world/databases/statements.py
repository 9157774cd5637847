"""What was said to databases that changes them, in order, with the points of commit and rollback."""

from __future__ import annotations

import re
from collections.abc import Callable, Container

from legacy_seam.world.calm import Calm

_WORDS = (
    "INSERT UPDATE DELETE REPLACE WITH CREATE DROP ALTER COMMIT END ROLLBACK SAVEPOINT RELEASE ATTACH DETACH VACUUM"
)
_CHANGING = frozenset(_WORDS.split())
_BEFORE = re.compile(r"(?:\s+|--[^\n]*\n?|/\*.*?\*/|;)*", re.DOTALL)
_ATTACH = re.compile(r"ATTACH\s+(?:DATABASE\s+)?['\"](.*?)['\"]\s+AS\b", re.IGNORECASE)
_LONGEST = 300
_MOST = 200


class Statements:
    """What was said to each database since the call began.

    Args:
        calm: is told where something is said.

    >>> statements = Statements()
    >>> hear = statements.listener("shop.db")
    >>> hear("INSERT INTO item VALUES (1)"); hear("SELECT * FROM item"); hear("COMMIT")
    >>> statements.told()
    {'shop.db': ['INSERT INTO item VALUES (1)', 'COMMIT']}
    """

    def __init__(self, calm: Calm | None = None) -> None:
        self._stir = (calm or Calm()).stir
        self._said: dict[str, list[str]] = {}
        self._more: dict[str, int] = {}

    def begin(self) -> None:
        """Another call begins."""
        self._said.clear()
        self._more.clear()

    def are_any(self) -> bool:
        """Was anything said to a database?"""
        return bool(self._said)

    def listener(self, name: str) -> Callable[[str], None]:
        """What a connection is to report its statements to.

        Args:
            name: of the database.
        """

        def hear(statement: str) -> None:
            if changes_something(statement):
                self._note(name, statement)

        return hear

    def _note(self, name: str, statement: str) -> None:
        """The same once more is no news: SQLite says a statement again for each trigger that it sets off."""
        self._stir()
        said, line = self._said.setdefault(name, []), _shortened(statement)
        if said and said[-1] == line:
            return
        if len(said) < _MOST:
            said.append(line)
        else:
            self._more[name] = self._more.get(name, 0) + 1

    def told(self) -> dict[str, list[str]]:
        """The statements by database; of very many, the first ones and how many there are more."""
        return {
            name: [*said, f"{self._more[name]} more"] if name in self._more else list(said)
            for name, said in self._said.items()
        }

    def attached(self, known: Container[str]) -> str | None:
        """The first file that was attached and is none of those that are known; None where there is none."""
        found = (_ATTACH.match(statement) for said in self._said.values() for statement in said)
        paths = (match[1].replace("''", "'") for match in found if match)
        return next((path for path in paths if path not in ("", ":memory:") and path not in known), None)


def changes_something(statement: str) -> bool:
    """May this statement change a database, or end a transaction? (What a trigger does is reported as a comment.)

    >>> changes_something("  /* new */ update t set a = 1"), changes_something("-- INSERT INTO log VALUES (1)")
    (True, False)
    """
    begun = _BEFORE.match(statement)
    word = re.match(r"[A-Za-z]+", statement[begun.end() :] if begun else statement)
    if word is None:
        return False
    first = word[0].upper()
    if first == "WITH":
        return re.search(r"\b(INSERT|UPDATE|DELETE|REPLACE)\b", statement, re.IGNORECASE) is not None
    return first in _CHANGING


def _shortened(statement: str) -> str:
    line = " ".join(statement.split())
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}… ({len(line)} characters)"
