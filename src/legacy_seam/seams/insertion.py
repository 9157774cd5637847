"""Inserting a seam: plan, show, check, apply, check again, and keep it or put every byte back."""

from __future__ import annotations

import difflib
import os
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from legacy_seam.errors import SeamError
from legacy_seam.golden.verify import Verification
from legacy_seam.seams.alternatives import alternatives
from legacy_seam.seams.checks import climb
from legacy_seam.seams.interpreter import Interpreter
from legacy_seam.seams.job import Job
from legacy_seam.seams.journal import Entry, Journal, Transaction
from legacy_seam.seams.net import Imported, Net, is_reached, with_names, with_stub
from legacy_seam.seams.plan import Change, Plan, Refused
from legacy_seam.seams.technique import Technique
from legacy_seam.seams.trial import Finding, Trial
from legacy_seam.source import Program
from legacy_seam.targets import Target

Status = Literal["planned", "refused", "kept", "restored"]


@dataclass(frozen=True, slots=True)
class Proposal:
    """What would be done, with what the checks of the text found.

    plan:     without changes where everything was refused.
    findings: up to the first that fails.
    trial:    what they looked at.
    """

    plan: Plan
    findings: tuple[Finding, ...]
    trial: Trial

    @property
    def is_sound(self) -> bool:
        """Is there something to do, and does every check hold?"""
        return bool(self.plan.changes) and all(one.verdict == "holds" for one in self.findings)

    def diff(self, root: Path) -> str:
        """What would change, as `diff -u` shows it, with paths relative to a directory."""
        return "".join(_diff(change, root) for change in self.plan.changes)


@dataclass(frozen=True, slots=True)
class Result:
    """How an insertion ended.

    status:   kept, or everything put back.
    findings: of all the steps that were taken.
    entry:    by which it can be undone.
    verified: the golden masters afterwards; none where the net was not asked.
    """

    status: Status
    findings: tuple[Finding, ...]
    entry: Entry | None = None
    verified: tuple[Verification, ...] = ()


def propose(
    technique: Technique,
    program: Program,
    target: Target,
    options: Mapping[str, str],
    net: Net | None = None,
    other: Interpreter | None = None,
) -> Proposal:
    """Ask a technique for a plan, and check it; nothing is written.

    Args:
        technique: which.
        program: all its source.
        target: where.
        options: what the technique is told.
        net: knows how the target was seen to be called.
        other: the interpreter that the program runs under, where it is another one than ours.
    """
    job = Job(program, target, options)
    try:
        plan = technique.plan(job)
    except Refused as refused:
        last = refused.refusal
        instead = alternatives(technique, program, target, dict(options), last)
        plan = Plan(technique.name, target, refusals=(*job.refusals, replace(last, instead=instead)))
    trial = Trial(technique, options, program, plan, net.shapes(target) if net and plan.changes else (), other)
    findings = tuple(climb(trial)) if plan.changes else ()
    return Proposal(plan, findings, trial)


def refuse_unsafe_files(changes: Sequence[Change], journal: Journal, *, allow_dirty: bool) -> None:
    """Refuse to edit what could not be put back by other means, or is not for people to edit.

    Raises:
        SeamError: naming the file and what to do.
    """
    for change in changes:
        path = change.path
        if path.exists() and not path.stat().st_mode & 0o200:
            raise SeamError(f"{path} is read-only: make it writable if it is yours to edit")
    ours = {path for entry in journal.entries() for path in entry.paths}
    for path in [] if allow_dirty else _dirty([change.path for change in changes]):
        if path not in ours:
            raise SeamError(f"{path} has changes that are not committed: commit them, or say --allow-dirty")


def _dirty(paths: Sequence[Path]) -> list[Path]:
    """Those that git knows and that differ from what was committed; none where there is no git."""
    found: list[Path] = []
    for path in paths:
        command = ["git", "-C", str(path.parent), "status", "--porcelain", "-uno", "--", str(path)]
        try:
            answer = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        except (OSError, subprocess.TimeoutExpired):
            return []
        found += [path] if answer.returncode == 0 and answer.stdout.strip() else []
    return found


class Insertion:
    """Applies a proposal.

    Args:
        proposal: what.
        journal: where the way back is kept. Its lock must be held.
        net: what must stay green; None to apply without.
        told: is told each step as it begins.
    """

    def __init__(
        self, proposal: Proposal, journal: Journal, net: Net | None, told: Callable[[str], None] = lambda _: None
    ) -> None:
        self._plan, self._journal, self._net, self._told = proposal.plan, journal, net, told
        self._findings = list(proposal.findings)
        self._before: dict[Target, str] = {}

    def run(self) -> Result:
        """Apply, check, and keep it or put everything back; also where something is raised.

        Raises:
            SeamError: where the net is red already, or a file cannot be edited.
        """
        if self._net:
            self._told("verifying before")
            self._must_be_green(self._net.verify())
        contents = {change.path: change.after for change in self._plan.changes}
        originals = {change.path: None if change.creates else change.before for change in self._plan.changes}
        transaction = self._journal.begin(f"{self._plan.technique} {self._plan.target}", originals)
        try:
            verified = self._try(transaction, contents) if self._net else ()
            transaction.write(contents)
            held = all(one.verdict != "fails" for one in self._findings)
        except BaseException:
            self._journal.abandon(transaction)
            raise
        if not held:
            self._journal.abandon(transaction)
            return Result("restored", tuple(self._findings), verified=verified)
        self._findings.append(Finding("undo gives the same bytes", *self._way_back(transaction)))
        return Result("kept", tuple(self._findings), self._journal.keep(transaction), verified)

    def _must_be_green(self, verified: Sequence[Verification]) -> None:
        self._before = {one.target: one.status for one in verified}
        red = [one for one in verified if one.status != "passed"]
        if red:
            what = f"{red[0].target}: {red[0].problem or 'it behaves otherwise'}"
            raise SeamError(f"the net is not green before the edit ({what}): see `legacy-seam verify` first")

    # --- the steps that run the program ---------------------------------------------------------------------

    def _try(self, transaction: Transaction, contents: Mapping[Path, bytes]) -> tuple[Verification, ...]:
        self._told("importing")
        self._check_imports(transaction, contents)
        if self._failed():
            return ()
        self._told("putting a stub through the seam")
        self._check_liveness(transaction, contents)
        if self._failed():
            return ()
        transaction.write(contents)
        self._told("verifying after")
        assert self._net
        verified = tuple(self._net.verify())
        red = [one for one in verified if one.status != "passed"]
        reason = f"{red[0].target}: {red[0].problem or _first_difference(red[0])}" if red else ""
        detail = reason or f"{sum(one.cases for one in verified)} cases"
        self._note("golden masters hold", not red, detail)
        return verified

    def _failed(self) -> bool:
        return any(one.verdict == "fails" for one in self._findings)

    def _note(self, step: str, holds: bool, detail: str = "") -> None:
        self._findings.append(Finding(step, "holds" if holds else "fails", detail))

    def _check_imports(self, transaction: Transaction, contents: Mapping[Path, bytes]) -> None:
        """Each changed module imports in a fresh process, has the same public names, and prints nothing new."""
        assert self._net
        step = "imports with the same names and output"
        for change in self._plan.changes:
            module = change.module
            transaction.write({**contents, change.path: _with(change, with_names(change.text_after))})
            after = self._net.imported(module)
            if isinstance(after, Imported) and not change.creates:
                transaction.write({one.path: one.before for one in self._plan.changes if not one.creates})
                transaction.write({change.path: _with(change, with_names(change.source.text))})
                before = self._net.imported(module)
                told = self._departure(before, after)
                if told:
                    self._note(step, False, f"{module}: {told}")
                    return
            elif not isinstance(after, Imported):
                transaction.write({change.path: _with(change, with_names(change.source.text))})
                if isinstance(self._net.imported(module), Imported):
                    self._note(step, False, f"{module}: {after}")
                    return
                self._findings.append(Finding(step, "unproved", f"{module} could not be imported before: {after}"))
                return
        self._note(step, True)

    def _departure(self, before: Imported | str, after: Imported) -> str:
        """What an import does otherwise than before: the names it makes, what it prints, that it works at all."""
        if not isinstance(before, Imported):
            return before
        changed = (before.names ^ after.names) - self._plan.introduces - self._plan.retires
        if changed:
            return ", ".join(sorted(changed))
        same = before.printed == after.printed
        return "" if same else f"it printed {before.printed!r}, and now prints {after.printed!r}"

    def _check_liveness(self, transaction: Transaction, contents: Mapping[Path, bytes]) -> None:
        """A stub that is put through the seam is called: some golden master notices it."""
        assert self._net
        step = "a stub through the seam is called"
        if not self._plan.enabling:
            self._findings.append(Finding(step, "unproved", "this technique makes no place to put one"))
            return
        stubbed = dict(contents)
        for change in self._plan.changes:
            points = [one for one in self._plan.enabling if one.module == change.module]
            if points:
                stubbed[change.path] = _with(change, with_stub(change.text_after, points))
        transaction.write(stubbed)
        reached = is_reached(self._net.verify(), self._before)
        if reached:
            self._note(step, True, f"seen by {', '.join(map(str, reached))}")
            return
        target = self._plan.target
        called = target in self._before
        if called and any(point.always for point in self._plan.enabling):
            self._note(step, False, f"no case of {target} notices it")
        else:
            missing = f"no case of {target} gets there" if called else f"no golden master is of {target}"
            self._findings.append(Finding(step, "unproved", missing))

    def _way_back(self, transaction: Transaction) -> tuple[Literal["holds", "fails"], str]:
        numbered = enumerate(transaction.files)
        kept = {one.path: transaction.content(number) for number, one in numbered if one.before is not None}
        same = all(change.creates or kept[change.path] == change.before for change in self._plan.changes)
        return ("holds", "") if same else ("fails", "what was kept is not what was there")


def _first_difference(one: Verification) -> str:
    first = one.differences[0].difference if one.differences else None
    return f"{first.path} was {first.expected}, and is {first.got}" if first else "it behaves otherwise"


def _with(change: Change, text: str) -> bytes:
    """A text as bytes of the file that a change is of."""
    mark = b"\xef\xbb\xbf" if change.source.bom else b""
    return mark + text.encode(change.source.encoding)


def _diff(change: Change, root: Path) -> str:
    name = os.path.relpath(change.path, root)
    before, after = change.source.text, change.text_after
    pieces = difflib.unified_diff(
        before.splitlines(keepends=True), after.splitlines(keepends=True), f"a/{name}", f"b/{name}"
    )
    return "".join(one if one.endswith("\n") else one + "\n\\ No newline at end of file\n" for one in pieces)
