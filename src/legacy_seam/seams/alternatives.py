"""What else would work where a technique refuses: tried before it is told, since a suggestion that is refused again
helps nobody."""

from __future__ import annotations

from typing import Final

from legacy_seam.seams.catalogue import catalogue
from legacy_seam.seams.job import Job
from legacy_seam.seams.plan import Reason, Refusal, Refused
from legacy_seam.seams.technique import Technique
from legacy_seam.source import Program
from legacy_seam.targets import Target

_FAMILIES: Final[tuple[tuple[str, ...], ...]] = (
    (
        "replace-global-reference-with-getter",
        "extract-and-override-call",
        "extract-and-override-factory-method",
        "parameterize-method",
        "parameterize-constructor",
        "introduce-instance-delegator",
    ),
    ("model-seam", "wrap-function", "wrap-method", "subclass-and-override-method", "break-out-method-object"),
    ("expose-static-method", "break-out-method-object", "model-seam"),
    ("adapt-parameter", "primitivize-parameter", "model-seam"),
    ("sprout-function", "sprout-class", "break-out-method-object"),
    ("introduce-static-setter", "encapsulate-global-reference", "qualify-import"),
)
"""Techniques for one end, the one with the fewest preconditions first."""

_SAID: Final = frozenset(
    {
        *(Reason.NO_SUCH_TARGET, Reason.OPTION_MISSING, Reason.NAME_TAKEN, Reason.CUT, Reason.SHARED_LINE),
        *(Reason.UNPARSABLE, Reason.ENCODING, Reason.NOTHING_TO_DO, Reason.ALREADY_DONE),
    }
)
"""Reasons that say themselves what to do, or that there is nothing to do."""

_MOST: Final = 3


def alternatives(
    technique: Technique, program: Program, target: Target, options: dict[str, str], refusal: Refusal
) -> tuple[str, ...]:
    """The techniques that would have something to do where one has refused, the next-best first.

    Args:
        technique: which one has refused.
        program: all its source.
        target: where.
        options: what it was told. The others are told as much of it as they understand.
        refusal: names what the technique itself would do next.

    Returns:
        at most three. Where none of them works, the way that needs no edit of the source at all.
    """
    if refusal.code in _SAID:
        return refusal.instead
    others = [*refusal.instead, *(one for family in _FAMILIES if technique.name in family for one in family)]
    found: list[str] = []
    for name in dict.fromkeys(others):
        if name != technique.name and len(found) < _MOST and _works(catalogue()[name], program, target, options):
            found.append(name)
    if found or refusal.code is Reason.NESTED:
        return tuple(found)
    return ("link-substitution",) if "call" in options else ("text-redefinition",)


def _works(technique: Technique, program: Program, target: Target, options: dict[str, str]) -> bool:
    known = {one.name: one.required for one in technique.options}
    told = {name: value for name, value in options.items() if name in known and name != "name"}
    if not all(name in options for name, required in known.items() if required):
        return False
    if "name" in options and known.get("name"):
        told["name"] = options["name"]
    try:
        return bool(technique.plan(Job(program, target, told)).changes)
    except Refused:
        return False
