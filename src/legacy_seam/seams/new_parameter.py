"""One more keyword-only parameter: may a function take it, and what it is called."""

from __future__ import annotations

import keyword
from collections.abc import Iterable, Iterator

from legacy_seam.seams.job import Job
from legacy_seam.seams.plan import Reason
from legacy_seam.seams.preconditions import (
    is_frame_sensitive,
    names_within,
    refuse_dynamic_names,
    refuse_inspected,
    refuse_what_decorates,
)


def refuse_new_parameter(job: Job, full_name: str, *instead: str) -> None:
    """Refuse a function in which a new parameter would be more than a new parameter.

    Args:
        job: its target is the function.
        full_name: what the parameter shall stand for.
        instead: techniques that leave the signature alone.

    Raises:
        Refused: naming the line.
    """
    refuse_what_decorates(job, *instead)
    more = job.function.node.args.kwarg
    if more:
        reason = f"**{more.arg} may hold a key of any name, which a new parameter would take away"
        job.refuse(Reason.TAKES_KWARGS, more.lineno, reason, *instead)
    refuse_dynamic_names(job, *instead)
    refuse_inspected(job, *instead)
    if is_frame_sensitive(full_name) and full_name.startswith("builtins."):
        reason = f"`{full_name}` looks at the names around it"
        job.refuse(Reason.FRAME_SENSITIVE, job.function.first_line, reason)


def parameter_name(job: Job, wanted: str, *others: str) -> str:
    """A name that the function does not know, so that the parameter hides nothing: the user's choice, or the first.

    Args:
        job: its target gets the parameter.
        wanted: the name it would like; with a number where that is taken.
        others: names that come before one with a number.

    Raises:
        Refused: where the user's choice is taken.
    """
    taken = set(names_within(job.function))
    chosen = job.option("name")
    if chosen in taken:
        reason = f"`{chosen}` is a name of `{job.function.name}` already; choose another with --name"
        job.refuse(Reason.NAME_TAKEN, job.function.node.lineno, reason)
    if chosen:
        return job.checked_name(chosen)
    return next(_free((wanted, *others, *(f"{wanted}_{number}" for number in range(2, 100))), taken))


def _free(candidates: Iterable[str], taken: set[str]) -> Iterator[str]:
    return (one for one in candidates if one not in taken and not keyword.iskeyword(one))
