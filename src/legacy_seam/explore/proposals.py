"""Found cases on paper: beside the golden master, for a person to look at, and to accept or not.

    tests/golden/<module>/<qualname>.explored.txt

It is written like a golden master, with a line for each case that says how close its input is to recorded ones, and
why it is proposed. Nothing reads it but a person and `accept --explored`: a case that is struck out of the file is
not accepted.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from legacy_seam.calls import Case
from legacy_seam.golden.approval import approve
from legacy_seam.golden.directory import APPROVED, CannotWrite, GoldenDirectory
from legacy_seam.golden.master import GoldenMaster
from legacy_seam.replay.searching.familiarity import Familiarity
from legacy_seam.store.atomic import write_atomically

EXPLORED = ".explored.txt"
_REMARK = re.compile(r"# case (\w+) (recorded-like|plausible|outside)(, to ask about)?: (.*)")


@dataclass(frozen=True, slots=True)
class Remark:
    """What is said of a proposed case.

    familiarity: how close its input is to recorded ones.
    is_crash:    an exception leaves the call that nothing recorded raised, and that is raised nowhere on purpose.
    why:         what it shows, in a few words.
    """

    familiarity: Familiarity
    is_crash: bool
    why: str

    @property
    def is_plain(self) -> bool:
        """Is there nothing about it that somebody has to be asked?"""
        return not self.is_crash and self.familiarity != "outside"


def proposal_path(approved: Path) -> Path:
    """Where the proposal beside an approved file is."""
    return approved.with_name(approved.name.removesuffix(APPROVED) + EXPLORED)


def propose(
    approved: Path,
    directory: GoldenDirectory,
    master: GoldenMaster,
    cases: Sequence[Case],
    remarks: Mapping[str, Remark],
) -> Path | None:
    """Leave cases for a person to look at; without any, an earlier proposal is taken away.

    Args:
        approved: the approved file.
        directory: where it lies.
        master: what it says.
        cases: the proposed ones.
        remarks: what is said of each, by identity.

    Returns:
        the file; None where there is nothing to propose.

    Raises:
        CannotWrite: where it cannot be written.
    """
    path = proposal_path(approved)
    try:
        if not cases:
            path.unlink(missing_ok=True)
            return None
        lines = directory.write(replace(master, cases=tuple(cases))).split("\n")
        lines[1:2] = [
            "# Found by legacy-seam, recorded by nobody; it counts for nothing until somebody accepts it:",
            f"# legacy-seam accept --explored {master.target}   (strike out the cases that are not wanted)",
            *(_line(case.call.identity, remarks[case.call.identity]) for case in cases),
        ]
        write_atomically(path, "\n".join(lines).encode("utf-8"))
    except OSError as error:
        raise CannotWrite(directory.path, error) from error
    return path


def _line(identity: str, remark: Remark) -> str:
    crash = ", to ask about" if remark.is_crash else ""
    return f"# case {identity} {remark.familiarity}{crash}: {remark.why}"


def read_proposal(approved: Path, directory: GoldenDirectory) -> tuple[GoldenMaster, dict[str, Remark]]:
    """What is proposed beside an approved file: cases as of a golden master, and what is said of them.

    Raises:
        GoldenDamaged: where it cannot be read.
        OSError: where it is not there.
    """
    path = proposal_path(approved)
    master = directory.load(path)
    remarks: dict[str, Remark] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if found := _REMARK.fullmatch(line):
            identity, familiarity, crash, why = found.groups()
            remarks[identity] = Remark(familiarity, bool(crash), why)  # type: ignore[arg-type]
    return master, remarks


def accept_proposal(
    approved: Path, directory: GoldenDirectory, cases: Collection[str] = (), *, everything: bool = False
) -> tuple[list[str], list[str]]:
    """Take proposed cases into a golden master.

    Args:
        approved: the approved file.
        directory: where it lies.
        cases: identities of those that are taken; without any, all about which nobody has to be asked.
        everything: take them all.

    Returns:
        the identities of those that were taken, and of those that are still proposed.

    Raises:
        GoldenDamaged: where a file cannot be read; nothing is changed then.
        OSError: where one cannot be written.
    """
    proposed, remarks = read_proposal(approved, directory)
    present = directory.load(approved)
    known = {case.call.identity for case in present.cases}
    taken: list[Case] = []
    left: list[Case] = []
    for case in proposed.cases:
        identity = case.call.identity
        remark = remarks.get(identity)
        is_wanted = identity in cases if cases else everything or remark is None or remark.is_plain
        (taken if is_wanted else left).append(case)
    if taken:
        new = [case for case in taken if case.call.identity not in known]
        merged = sorted((*present.cases, *new), key=lambda case: case.call.identity)
        approve(approved, directory.write(replace(present, cases=tuple(merged))))
        propose(approved, directory, proposed, left, {**_unremarked(left), **remarks})
    return [case.call.identity for case in taken], [case.call.identity for case in left]


def _unremarked(cases: Sequence[Case]) -> dict[str, Remark]:
    return {case.call.identity: Remark("plausible", False, "its remark was struck out") for case in cases}
