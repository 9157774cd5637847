"""What commands print for scripts and agents: plain data, documented in `docs/reference/json.md`.

The schemas are versioned and only ever grow: readers may rely on every key that is there today.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from legacy_seam.calls import Count
    from legacy_seam.golden.pin import Pinned
    from legacy_seam.golden.verify import Verification
    from legacy_seam.grade.cards import Card
    from legacy_seam.grade.verdicts import Graded, Judged
    from legacy_seam.report.cures import Advice
    from legacy_seam.scanning import Scanned
    from legacy_seam.seams.insertion import Proposal, Result, Status
    from legacy_seam.seams.plan import Refusal
    from legacy_seam.store.ledger import Finding, Verdict
    from legacy_seam.targets import Target

VERSION = 1


def verification_data(verifications: Iterable[Verification]) -> dict[str, Any]:
    """What `verify --json` and `--seam-report` give."""
    return {"version": VERSION, "targets": [_verified(one) for one in verifications]}


def _verified(one: Verification) -> dict[str, Any]:
    return {
        "target": str(one.target),
        "status": one.status,
        "cases": one.cases,
        "failed": one.failed,
        "differences": [
            {
                "case": found.case,
                "path": found.difference.path,
                "expected": found.difference.expected,
                "got": found.difference.got,
            }
            for found in one.differences
        ],
        "groups": [
            {"path": group.place, "change": group.change, "cases": list(group.cases)} for group in one.groups
        ],
        "notes": list(one.notes),
        "problem": one.problem,
        "file": str(one.path),
    }


def pinned_data(
    pinned: Iterable[Pinned], advice: Mapping[Target, Sequence[Advice]] = MappingProxyType({})
) -> dict[str, Any]:
    """What `pin --json` gives.

    Args:
        pinned: what became of each target.
        advice: what would free those that are not wholly pinned.
    """
    return {
        "version": VERSION,
        "targets": [
            {
                "target": str(one.target),
                "state": one.state,
                "cases": one.cases,
                "left_out": one.left_out,
                "reason": one.reason,
                "site": one.site,
                "depends_on": list(one.depends_on),
                "asks": list(one.asks),
                "departs_from_the_wild": None
                if one.departures is None
                else {"cases": one.departures[0], "first": one.departures[1]},
                "not_compared": one.unread or None,
                "differs_from_golden_master": one.differs is not None,
                "seams": seams_data(advice.get(one.target, ())),
            }
            for one in pinned
        ],
    }


def seams_data(advice: Iterable[Advice]) -> list[dict[str, Any]]:
    """Commands that would free a function, and from what."""
    return [
        {"source": one.source, "site": one.site, "technique": one.technique, "command": one.command}
        for one in advice
    ]


def status_data(
    counts: Mapping[Target, Count], verdicts: Mapping[Target, Verdict], findings: Iterable[Finding]
) -> dict[str, Any]:
    """What `status --json` gives: the ledger."""
    total = {
        name: sum(getattr(count, name) for count in counts.values())
        for name in ("seen", "kept", "duplicate", "sampled_out", "unserialisable", "failed")
    }
    targets = sorted({*counts, *verdicts})
    return {
        "version": VERSION,
        "calls": total,
        "targets": [target_data(target, counts.get(target), verdicts.get(target)) for target in targets],
        "findings": [
            {"target": None if one.target is None else str(one.target), "what": one.what, "why": one.why}
            for one in findings
        ],
    }


def scanned_data(scanned: Scanned) -> dict[str, Any]:
    """What `scan --json` gives."""
    return {
        "version": VERSION,
        "found": [
            {
                "file": str(one.file),
                "line": one.line,
                "target": one.target,
                "place": one.place,
                "rule": one.rule,
                "excerpt": one.excerpt,
            }
            for one in scanned.suspicions
        ],
        "problems": list(scanned.problems),
    }


def grade_data(graded: Graded, cards: Iterable[Card], failures: Iterable[str]) -> dict[str, Any]:
    """What `grade --json` gives."""
    from legacy_seam.grade.score import plain, weighted
    from legacy_seam.grade.verdicts import count

    has_score = not graded.problems
    return {
        "version": VERSION,
        "score": plain(graded.judged) if has_score else None,
        "weighted_score": weighted(graded.judged) if has_score else None,
        "states": count(graded.judged),
        "cases": graded.cases,
        "unstable_cases": graded.unstable,
        "operators": list(graded.operators),
        "functions": [
            {
                "function": f"{module}:{function}",
                "score": plain(judged) if has_score else None,
                "weighted_score": weighted(judged) if has_score else None,
                "states": count(judged),
            }
            for (module, function), judged in graded.by_function().items()
        ],
        "mutants": [_judged(one) for one in graded.judged],
        "cards": [_card(card) for card in cards],
        "problems": list(graded.problems),
        "failures": list(failures),
        "notes": list(graded.notes),
    }


def _judged(one: Judged) -> dict[str, Any]:
    mutant, noticed = one.mutant, one.noticed
    return {
        "id": mutant.identity,
        "function": f"{mutant.module}:{mutant.function}",
        "line": mutant.line,
        "operator": mutant.operator,
        "before": mutant.before,
        "after": mutant.after,
        "state": one.state,
        "cases": one.cases,
        "reason": one.reason,
        "noticed": noticed
        and {
            "target": noticed.target,
            "case": noticed.case,
            "path": noticed.difference.path,
            "expected": noticed.difference.expected,
            "got": noticed.difference.got,
        },
    }


def _card(card: Card) -> dict[str, Any]:
    return {
        "file": card.file,
        "line": card.line,
        "code": card.code,
        "mutants": [one.mutant.identity for one in card.survivors],
        "killer": card.killer
        and {
            "target": card.killer.target,
            "arguments": dict(card.killer.arguments),
            "original": card.killer.original,
            "mutant": card.killer.mutant,
            "case": card.killer.case,
            "differs": card.killer.differs,
        },
    }


def target_data(target: Target, count: Count | None, verdict: Verdict | None) -> dict[str, Any]:
    """One target in the ledger."""
    return {
        "target": str(target),
        "state": "recorded" if verdict is None else verdict.state,
        "cases": 0 if verdict is None else verdict.cases,
        "reason": None if verdict is None else verdict.reason,
        "site": None if verdict is None else verdict.site,
        "depends_on": [] if verdict is None else list(verdict.depends_on),
        "calls": None
        if count is None
        else {
            "seen": count.seen,
            "kept": count.kept,
            "duplicate": count.duplicate,
            "sampled_out": count.sampled_out,
            "unserialisable": count.unserialisable,
            "failed": count.failed,
            "why": dict(count.why),
        },
    }


def insertion_data(
    proposal: Proposal, status: Status, diff: str, result: Result | None, root: Path | None = None
) -> dict[str, Any]:
    """What `insert --json` gives.

    Args:
        proposal: what was to be done.
        status: how it ended.
        diff: what changes.
        result: where it was applied.
        root: where files shall be told relative to a directory.
    """
    steps = result.findings if result else proposal.findings
    return {
        "version": VERSION,
        "technique": proposal.plan.technique,
        "target": str(proposal.plan.target),
        "status": status,
        "verified": bool(result and result.verified),
        "files": [_place(change.path, root) for change in proposal.plan.changes],
        "diff": diff,
        "introduces": sorted(proposal.plan.introduces),
        "enabling": [{"module": one.module, "statement": one.statement} for one in proposal.plan.enabling],
        "refusals": [_refused(one, root) for one in proposal.plan.refusals],
        "steps": [{"step": one.step, "verdict": one.verdict, "detail": one.detail} for one in steps],
        "notes": list(proposal.plan.notes),
        "undo": result.entry.number if result and result.entry else None,
    }


def _place(path: Path, root: Path | None) -> str:
    return str(path.relative_to(root) if root else path)


def _refused(one: Refusal, root: Path | None) -> dict[str, Any]:
    return {
        "code": one.code.value,
        "file": _place(one.path, root),
        "line": one.line,
        "reason": one.reason,
        "instead": list(one.instead),
    }
