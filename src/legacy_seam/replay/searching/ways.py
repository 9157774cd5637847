"""The ways that calls go through some files: the branches they take, and what comparisons saw on them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from types import FunctionType

from legacy_seam.replay.mutation.bodies import Bodies, all_within
from legacy_seam.replay.mutation.branches import Branches, branches_of
from legacy_seam.replay.searching.relations import Relations


class Ways(Branches):
    """Functions note their ways themselves (`legacy_seam.replay.searching.relations`); those that cannot have other
    code are watched, as `legacy_seam.replay.mutation.branches` does."""

    def __init__(self) -> None:
        self.seen: set[int] = set()
        self.relations = Relations(self.seen.add)
        self._others: Branches | None = None

    @contextmanager
    def looked_at(self, bodies: Sequence[Bodies], functions: Sequence[FunctionType]) -> Iterator[None]:
        """While functions take notes.

        Args:
            bodies: of their files, with notes in them.
            functions: the functions.
        """
        before = [one.__code__ for one in functions]
        with ExitStack() as stack:
            for one in bodies:
                stack.enter_context(one.all_compiled_again())
            left = [one.__code__ for one, code in zip(functions, before, strict=True) if one.__code__ is code]
            codes = dict.fromkeys(inner for code in left for inner in all_within(code))
            self._others = branches_of(codes, self.seen) if codes else None
            yield

    def __enter__(self) -> Branches:
        if self._others is not None:
            self._others.__enter__()
        return self

    def __exit__(self, *failure: object) -> None:
        if self._others is not None:
            self._others.__exit__(*failure)

    @property
    def is_costly(self) -> bool:
        """Is it better entered around each call?"""
        return self._others is not None and self._others.is_costly

    def line(self, branch: int) -> int:
        """The line that a branch goes to, or on which a comparison stands."""
        return self.relations.line(branch) or (0 if self._others is None else self._others.line(branch))
