"""A technique applied a second time finds nothing to do."""

from __future__ import annotations

from legacy_seam.seams.job import Job
from legacy_seam.seams.plan import Refused
from legacy_seam.seams.trial import Broken, Trial


def nothing_is_left_to_do(trial: Trial) -> str:
    """What has been done is not done again, and what was left alone is still left alone."""
    job = Job(trial.after, trial.plan.target, trial.options)
    try:
        again = trial.technique.plan(job)
    except Refused:
        return ""
    if again.changes:
        where = again.changes[0]
        line = where.source.line_at(where.patches[0].start)
        raise Broken(f"{where.path}:{line}: {trial.technique.name} would change this a second time")
    return ""
