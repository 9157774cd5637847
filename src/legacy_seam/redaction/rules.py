"""What a project says about its secrets: `[tool.legacy-seam.redaction]`."""

from __future__ import annotations

import re
from typing import Final

from legacy_seam.errors import SeamError
from legacy_seam.plaindata import dataclass
from legacy_seam.redaction.patterns import NAMES


class RuleError(SeamError):
    """A rule that cannot be followed: an expression that is none."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What is a secret besides what always is one, and what is none.

    enabled:  False leaves everything as it is.
    names:    names whose values are secrets, with shell-style wildcards.
    patterns: regular expressions; what they match is secret (or their first group, where they have one).
    keep:     what is left as it is: the name of a pattern (`email`), a name (`session_*`), or a place: the target,
              a dot, and the way to the value (`shop.cards:*.token_count`). Wildcards are the shell's.
    """

    enabled: bool = True
    names: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()

    def checked(self) -> Rules:
        """The same rules.

        Raises:
            RuleError: where one of them cannot be followed.

        >>> Rules(patterns=("EMP-[0-9]{6}",)).checked().patterns
        ('EMP-[0-9]{6}',)
        """
        for source in self.patterns:
            try:
                matches_nothing = re.compile(source).match("") is None
            except re.error as error:
                raise RuleError(_complaint(source, f"is not a regular expression ({error})")) from None
            if not matches_nothing:
                raise RuleError(_complaint(source, "matches the empty text"))
        return self

    def kept_patterns(self) -> frozenset[str]:
        """Names of the patterns that are not looked for."""
        return frozenset(NAMES).intersection(self.keep)

    def kept_places(self) -> tuple[str, ...]:
        """Places that are left alone: those which name a target."""
        return tuple(entry for entry in self.keep if ":" in entry)

    def kept_names(self) -> tuple[str, ...]:
        """Names whose values are left alone."""
        return tuple(entry for entry in self.keep if ":" not in entry)


def _complaint(source: str, why: str) -> str:
    return f"the pattern {source!r} in [tool.legacy-seam.redaction] {why}; correct it, or try it with Python's re"


DEFAULT: Final = Rules()
