"""A name for a case and all that it runs: as long as it stays the same, so does what was found with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from legacy_seam.calls import Case
from legacy_seam.grade.mutants import Function, Source, digest_of
from legacy_seam.grade.scope import source_of
from legacy_seam.grade.worlds import Ran
from legacy_seam.replay.wire import gist_of
from legacy_seam.source.parsing import Skipped
from legacy_seam.values.tolerance import Tolerance, tolerances_for


def digests_of_cases(
    cases: Sequence[Case],
    ran: Mapping[int, Ran],
    modules: Mapping[str, str],
    tolerances: tuple[Tolerance, ...] = (),
) -> dict[int, str]:
    """The digest of each case that ran, by number: of its inputs, what is approved and tolerated, and what it ran.

    Args:
        cases: all cases of a world.
        ran: what they ran, by number.
        modules: files of the program's modules, by name.
        tolerances: how far numbers in outcomes may be apart.
    """
    names = {file: name for name, file in modules.items()}
    code: dict[str, _Code] = {}
    found: dict[int, str] = {}
    for number, one in ran.items():
        case = cases[number]
        parts = [_inputs(case), gist_of(case.approved.effects)]
        parts += map(repr, tolerances_for(case.call.target, tolerances))
        for file in sorted(one.functions):
            if file not in code:
                code[file] = _Code(source_of(names.get(file, file), file))
            parts += code[file].digests(one.functions[file])
        found[number] = digest_of("\0".join(parts))
    return found


def _inputs(case: Case) -> str:
    call = case.call
    files = [f"{state.path} {state.digest}" for state in call.files]
    return "\0".join([call.identity, str(call.target), *call.texts(), *files, str(call.instant)])


class _Code:
    """The functions of a file by the name and the line under which a running program knows them."""

    def __init__(self, source: Source | Skipped) -> None:
        self._functions: list[Function] = []
        self._rest = ""
        if isinstance(source, Source):
            self._functions = list(source.functions.values())
            self._rest = source.digest_outside_of_functions()

    def digests(self, functions: Iterable[tuple[str, int]]) -> list[str]:
        """Those of some functions, in any order, and of all that stands outside of them."""
        lines = [line for _, line in functions]
        ran = {one.digest for one in self._functions if any(one.first <= line <= one.last for line in lines)}
        return [self._rest, *sorted(ran)]
