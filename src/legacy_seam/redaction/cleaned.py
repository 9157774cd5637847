"""What is given to those who take the secrets out of a content, and what they give back."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeAlias

from legacy_seam.plaindata import dataclass
from legacy_seam.redaction.search import Search


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A content that was examined.

    content: it, with pseudonyms in the place of secrets; None where it holds some that cannot be taken out.
    problem: why it could not be examined, or has to be left out; "" where all is well.
    """

    content: bytes | None
    problem: str = ""


Searches: TypeAlias = Callable[[Iterable[str]], Search]
"""Makes a search that knows some secrets, besides those that all searches know."""
