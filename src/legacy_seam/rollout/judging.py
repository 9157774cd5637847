"""Whether a candidate may be promoted: the checks of a gate on a shadow run.

A check is INSUFFICIENT where the calls are too few to tell: what was seen would do, what it proves would not. The
whole is FAIL where any check fails, else INSUFFICIENT where any is, else PASS. Parity is held against its lower
confidence bound (Clopper and Pearson, 1934), so that nobody passes by having been tried little. Parity with a bad
heuristic is not quality: that is what the labels are for.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from legacy_seam.experiment import Contract
from legacy_seam.rollout.gates import Gate
from legacy_seam.rollout.labels import Labels
from legacy_seam.rollout.ml import needed
from legacy_seam.rollout.relations import Held
from legacy_seam.rollout.results import Ended, Results, Row
from legacy_seam.rollout.slices import find_slices
from legacy_seam.values import DecodeError, NotationError, decode
from legacy_seam.values.flat import Value, flatten

State = Literal["PASS", "FAIL", "INSUFFICIENT"]


@dataclass(frozen=True, slots=True)
class Check:
    """One check: what it says, and the figures behind it."""

    name: str
    state: State
    told: str
    figures: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a gate is judged on.

    results:  the shadow run of the candidate.
    champion: that of the champion; None where there is none.
    legacy:   that of legacy as its own candidate, for its times; None where it was not made.
    held:     what came of the relations.
    labels:   outcomes by key; None where there are none.
    contract: what answers were recorded to look like.
    """

    results: Results
    champion: Results | None = None
    legacy: Results | None = None
    held: tuple[Held, ...] = ()
    labels: Labels | None = None
    contract: Contract | None = None


def judge(gate: Gate, evidence: Evidence) -> list[Check]:
    """All checks of a gate.

    Raises:
        SeamError: a library is not installed.
    """
    needed("scipy.stats", "a gate")
    rows = evidence.results.compared
    flat = [flatten(row.inputs) for row in rows]
    checks = [
        _enough(gate, evidence.results),
        _share("parity", rows, gate.parity, gate.confidence),
        *_declared(gate, rows, flat),
        _discovered(gate, rows, flat),
        *_failures(gate, evidence.results.rows),
        *(_relation(one) for one in evidence.held),
    ]
    if evidence.contract is not None:
        checks.append(_in_range(gate, rows, evidence.contract))
    checks += _latency(gate, rows, evidence.legacy)
    if evidence.champion is not None:
        checks.append(_champion(gate, rows, evidence.champion))
    if evidence.labels is not None:
        checks.append(_labels(gate, rows, flat, evidence.labels))
    return checks


def verdict_of(checks: Sequence[Check]) -> State:
    """The verdict on all of them.

    >>> verdict_of([Check("parity", "PASS", ""), Check("labels", "INSUFFICIENT", "")])
    'INSUFFICIENT'
    """
    states = {check.state for check in checks}
    return "FAIL" if "FAIL" in states else "INSUFFICIENT" if "INSUFFICIENT" in states else "PASS"


def bounds(matched: int, of: int, confidence: float) -> tuple[float, float]:
    """One-sided lower and upper bounds of a share, by Clopper and Pearson.

    >>> low, high = bounds(1000, 1000, 0.95)
    >>> round(1 - low, 5), high
    (0.00299, 1.0)
    """
    stats = needed("scipy.stats", "a gate")
    if of == 0:
        return 0.0, 1.0
    low = stats.binomtest(matched, of, alternative="greater").proportion_ci(confidence, method="exact").low
    high = stats.binomtest(matched, of, alternative="less").proportion_ci(confidence, method="exact").high
    return float(low), float(high)


def _enough(gate: Gate, results: Results) -> Check:
    number = len(results.compared)
    state: State = "PASS" if number >= gate.least and results.complete else "INSUFFICIENT"
    told = f"{number:,} calls compared, {gate.least:,} are needed"
    return Check("calls", state, told if results.complete else f"{told}; the shadow run was interrupted")


def _share(name: str, rows: Sequence[Row], required: float, confidence: float) -> Check:
    """Is the share of matches as high as required, beyond doubt?"""
    matched, of = sum(bool(row.match) for row in rows), len(rows)
    low, _ = bounds(matched, of, confidence)
    share = matched / of if of else 0.0
    state: State = "PASS" if low >= required else "INSUFFICIENT" if share >= required or not of else "FAIL"
    told = f"{matched:,} of {of:,} match ({share:.2%}, at least {low:.2%}), {required:.2%} is required"
    return Check(name, state, told, {"matched": matched, "of": of, "lower_bound": low, "required": required})


def _declared(gate: Gate, rows: Sequence[Row], flat: Sequence[Mapping[str, Value]]) -> Iterator[Check]:
    """The worst value of each declared feature, of those with enough calls."""
    for feature in gate.slices:
        groups: dict[Value, list[Row]] = defaultdict(list)
        for row, features in zip(rows, flat, strict=True):
            if feature in features:
                groups[features[feature]].append(row)
        name = f"slices by {feature}"
        judged = [
            _share(f"{feature} = {value!r}", some, gate.slice_parity, gate.confidence)
            for value, some in groups.items()
            if len(some) >= gate.least_in_slice
        ]
        small = len(groups) - len(judged)
        if not judged:
            told = f"no value of it has {gate.least_in_slice} calls" if groups else "no call has this feature"
            yield Check(name, "INSUFFICIENT", told, {"small": small})
            continue
        order = {"FAIL": 0, "INSUFFICIENT": 1, "PASS": 2}
        worst = min(judged, key=lambda one: (order[one.state], one.figures["lower_bound"]))
        rest = f"; {small} with fewer than {gate.least_in_slice} calls not judged" if small else ""
        yield Check(
            name, worst.state, f"worst is {worst.name}: {worst.told}{rest}", {**worst.figures, "small": small}
        )


def _discovered(gate: Gate, rows: Sequence[Row], flat: Sequence[Mapping[str, Value]]) -> Check:
    """The worst slice that the search finds by itself."""
    found = find_slices(flat, [not row.match for row in rows], least=min(gate.least_in_slice, 20))
    bad = [one for one in found if 1 - one.departed / len(one.members) < gate.slice_parity]
    if not bad:
        return Check("discovered slices", "PASS", f"none below {gate.slice_parity:.2%}", {"found": len(found)})
    worst = max(bad, key=lambda one: one.departed / len(one.members))
    told = f"{worst.departed:,} of {len(worst.members):,} calls depart where {worst}"
    more = f"; and {len(bad) - 1} more below {gate.slice_parity:.2%}" if len(bad) > 1 else ""
    return Check("discovered slices", "FAIL", told + more, {"slices": [str(one) for one in bad]})


def _failures(gate: Gate, rows: Sequence[Row]) -> Iterator[Check]:
    tried = [row for row in rows if row.reason != "no_control"]
    errors = sum(row.reason in ("exception", "refused") and not row.match for row in tried)
    timeouts = sum(row.reason == "timeout" for row in tried)
    denied = sum(bool(row.denied) for row in tried)
    for name, number, allowed in (
        ("errors", errors, gate.errors),
        ("timeouts", timeouts, gate.timeouts),
        ("denied acts", denied, 0.0),
    ):
        share = number / len(tried) if tried else 0.0
        told = f"{number:,} of {len(tried):,} calls ({share:.2%}), {allowed:.2%} is allowed"
        yield Check(name, "FAIL" if share > allowed else "PASS", told, {"share": share, "allowed": allowed})


def _relation(held: Held) -> Check:
    name = f"{held.kind} {held.function}"
    figures = {"tried": held.tried, "broken": held.broken}
    if held.broken:
        told = f"broken on {held.broken:,} of {held.tried:,} calls, such as {held.example}: {held.why}"
        return Check(name, "FAIL", told, figures)
    if not held.tried:
        return Check(name, "INSUFFICIENT", "applies to no recorded call", figures)
    return Check(name, "PASS", f"holds on {held.tried:,} calls", figures)


def _in_range(gate: Gate, rows: Sequence[Row], contract: Contract) -> Check:
    outside = unread = judged = 0
    first = ""
    for row in rows:
        if row.candidate is None or row.candidate.value is None:
            continue
        try:
            value = decode(row.candidate.value)
        except (DecodeError, NotationError):
            unread += 1
            continue
        judged += 1
        violation = contract.check_output(_served(contract, value))
        if violation is not None:
            outside += 1
            first = first or f", such as {row.id}: {violation[1]}"
    share = outside / judged if judged else 0.0
    state: State = "FAIL" if share > gate.out_of_range else "PASS" if judged and not unread else "INSUFFICIENT"
    told = f"{outside:,} of {judged:,} answers ({share:.2%}), {gate.out_of_range:.2%} is allowed{first}"
    return Check("out of range", state, told + (f"; {unread:,} could not be read" if unread else ""))


def _served(contract: Contract, value: object) -> object:
    """A number as it would be served: a whole one where legacy always gave whole ones."""
    whole = contract.output_types == ("int",) and isinstance(value, float) and math.isfinite(value)
    return round(value) if whole else value  # type: ignore[call-overload]


def _latency(gate: Gate, rows: Sequence[Row], legacy: Results | None) -> Iterator[Check]:
    if gate.p95_ms:
        mine = _p95(rows)
        state: State = "INSUFFICIENT" if mine is None else "PASS" if mine <= gate.p95_ms else "FAIL"
        shown = "no answers" if mine is None else f"95 of 100 answers within {mine:.3g} ms"
        yield Check("latency", state, f"{shown}, {gate.p95_ms:g} ms is allowed", {"p95_ms": mine})
    if gate.latency_ratio:
        mine, theirs = _p95(rows), None if legacy is None else _p95(legacy.compared)
        if mine is None or not theirs:
            told = f"legacy was not timed: run `legacy-seam shadow {gate.target} --candidate {gate.target}`"
            yield Check("latency ratio", "INSUFFICIENT", told)
            return
        ratio = mine / theirs
        told = f"{ratio:.3g} times legacy's {theirs:.3g} ms, {gate.latency_ratio:g} is allowed"
        yield Check("latency ratio", "PASS" if ratio <= gate.latency_ratio else "FAIL", told, {"ratio": ratio})


def _p95(rows: Sequence[Row]) -> float | None:
    """The 95th percentile of the times of the answers, in milliseconds."""
    times = sorted(row.nanoseconds for row in rows if row.nanoseconds)
    return times[min(len(times) - 1, math.ceil(0.95 * len(times)) - 1)] / 1e6 if times else None


def _champion(gate: Gate, rows: Sequence[Row], champion: Results) -> Check:
    theirs = {row.id: row for row in champion.compared}
    both = [(row, theirs[row.id]) for row in rows if row.id in theirs]
    mine, other = (sum(bool(pair[side].match) for pair in both) for side in (0, 1))
    drop = (other - mine) / len(both) if both else 0.0
    state: State = "INSUFFICIENT" if len(both) < gate.least else "FAIL" if drop > gate.champion_drop else "PASS"
    told = (
        f"matches {mine:,} of {len(both):,} calls that both have, {gate.champion} {other:,};"
        f" {gate.champion_drop:.2%} less is allowed"
    )
    return Check("champion", state, told, {"drop": drop, "calls": len(both)})


def _labels(gate: Gate, rows: Sequence[Row], flat: Sequence[Mapping[str, Value]], labels: Labels) -> Check:
    """The candidate beside legacy on what really happened."""
    known = [
        (label, float(legacy), float(mine))
        for row, features in zip(rows, flat, strict=True)
        if (label := labels.of(features.get(gate.label_key))) is not None
        and (legacy := _number(row.control)) is not None
        and (mine := _number(row.candidate)) is not None
    ]
    name = f"labels ({gate.label_metric})"
    if len(known) < gate.least:
        return Check(name, "INSUFFICIENT", f"{len(known):,} calls have a label, {gate.least:,} are needed")
    truth = [label for label, _, _ in known]
    theirs = labels.metric(gate.label_metric, truth, [legacy for _, legacy, _ in known])
    ours = labels.metric(gate.label_metric, truth, [mine for _, _, mine in known])
    if theirs is None or ours is None:
        return Check(name, "INSUFFICIENT", "all labels are the same")
    worse = ours - theirs if gate.label_metric == "mae" else theirs - ours
    told = f"{ours:.4g} on {len(known):,} calls, legacy {theirs:.4g}; {gate.label_drop:g} worse is allowed"
    return Check(name, "FAIL" if worse > gate.label_drop else "PASS", told, {"candidate": ours, "legacy": theirs})


def _number(ended: Ended | None) -> float | None:
    try:
        return None if ended is None or ended.value is None else float(decode(ended.value))  # type: ignore[arg-type]
    except (DecodeError, NotationError, TypeError, ValueError):
        return None
