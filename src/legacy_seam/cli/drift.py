"""`legacy-seam drift`: whether what an experiment sees is still like what it was tried on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING

import click

from legacy_seam.cli.shared import (
    check_known,
    complain,
    console,
    json_option,
    open_workspace,
    patterns_of,
    print_json,
    store_option,
)
from legacy_seam.errors import SeamError

if TYPE_CHECKING:
    from legacy_seam.experiment.log.reading import Prediction
    from legacy_seam.rollout.drifting import Drift
    from legacy_seam.values.flat import Value

_MOST_SHOWN = 10


@click.command()
@click.argument("log", metavar="LOG")
@click.argument("experiment", metavar="EXPERIMENT")
@click.option("--target", metavar="TARGET", help="Compare with the recorded calls of this function.")
@click.option(
    "--before", type=click.DateTime(), help="Compare with what the log has from before this instant (UTC)."
)
@click.option("--since", type=click.DateTime(), help="Look at what the log has from this instant on (UTC).")
@click.option("--until", type=click.DateTime(), help="Look at what it has from before this instant (UTC).")
@click.option("--effect", type=click.FloatRange(0, 1), default=0.1, help="The least effect that matters (0.1).")
@click.option("--least", type=click.IntRange(min=10), default=50, help="Rows needed on either side (50).")
@click.option("--only", multiple=True, metavar="PATTERN", help="Features that are compared: 'account.*'.")
@click.option("--leave-out", multiple=True, metavar="PATTERN", help="Features that are not: 'today*'.")
@store_option
@json_option
def drift(
    log: str,
    experiment: str,
    target: str | None,
    before: datetime | None,
    since: datetime | None,
    until: datetime | None,
    effect: float,
    least: int,
    only: tuple[str, ...],
    leave_out: tuple[str, ...],
    store: str | None,
    as_json: bool,
) -> None:
    """Compare what EXPERIMENT has written into the prediction log LOG with a reference.

    LOG is a file or a URL. The reference is a recording (--target) or an earlier part of the log (--before).
    Inputs, answers and, within a log, the rate of mismatches are compared; an alarm needs significance and effect.

    Exits with 0 where nothing drifts, with 1 for drift and INSUFFICIENT, with 2 where nothing could be compared.
    """
    from legacy_seam.rollout.drifting import compare_samples

    if (target is None) == (before is None):
        raise SeamError("say what to compare with: either --target (its recording), or --before (of the same log)")
    rows = _rows(log, experiment)
    begin = since or before
    live = [row for row in rows if (not begin or row.at >= _text(begin)) and (not until or row.at < _text(until))]
    if target is not None:
        reference = _recorded(target, store)
    else:
        assert before is not None
        reference = [_features(row, with_candidate=True) for row in rows if row.at < _text(before)]
    now = [_features(row, with_candidate=target is None) for row in live]
    found = compare_samples(
        _chosen(reference, only, leave_out), _chosen(now, only, leave_out), floor=effect, least=least
    )
    if not found.columns and found.state == "same":
        raise SeamError("no feature is left to be compared; check --only and --leave-out")
    if as_json:
        print_json(_data(experiment, found))
    else:
        _show(experiment, found, least)
    if found.state != "same":
        raise click.exceptions.Exit(1)


def _rows(log: str, experiment: str) -> list[Prediction]:
    from legacy_seam.experiment import PredictionLog

    if "://" not in log and not Path(log).is_file():
        raise SeamError(f"There is no prediction log {log}.")
    opened = PredictionLog(log)
    try:
        rows = list(opened.rows(experiment))
    finally:
        opened.close()
    if not rows:
        raise SeamError(f"The prediction log has no rows of an experiment {experiment!r}; is the name right?")
    return rows


def _features(row: Prediction, *, with_candidate: bool) -> dict[str, Value]:
    """The inputs and answers of a row of the log, flat."""
    from legacy_seam.values import encode_roots
    from legacy_seam.values.flat import flatten

    known = dict(row.inputs or {})
    answers = {} if row.control_raised else {"legacy's answer": row.control}
    if with_candidate:
        if row.candidate_ns is not None and not row.candidate_raised:
            answers["candidate's answer"] = row.candidate
        if row.matched is not None:
            answers["match"] = row.matched
    return flatten(encode_roots({**known, **answers}))


def _chosen(
    rows: Sequence[Mapping[str, Value]], only: Sequence[str], leave_out: Sequence[str]
) -> list[dict[str, Value]]:
    """The features that are to be compared."""

    def is_wanted(name: str) -> bool:
        meant = not only or any(fnmatchcase(name, one) for one in only)
        return meant and not any(fnmatchcase(name, one) for one in leave_out)

    wanted = {name for name in {name for row in rows for name in row} if is_wanted(name)}
    return [{name: value for name, value in row.items() if name in wanted} for row in rows]


def _recorded(target: str, store: str | None) -> list[dict[str, Value]]:
    """The recorded calls of a function: inputs, and what it was seen to return."""
    from legacy_seam.store.recordings import Recordings
    from legacy_seam.targets import Target, TargetSyntaxError
    from legacy_seam.values.flat import flatten

    recordings = Recordings(open_workspace(store=store).store)
    recordings.fold()
    known = recordings.targets()
    try:
        meant = Target.parse(target)
    except TargetSyntaxError as error:
        raise SeamError(f"{error}.") from None
    check_known(patterns_of([target]), known, "in the recordings")
    if meant not in known:
        raise SeamError(f"{target} is not one function in the recordings; `legacy-seam status` lists them")
    if passed := recordings.counts()[meant].sampled_out:
        complain(
            f"{passed:,} calls of {target} were passed over when it was recorded, since they promised nothing new:"
            " what was kept is not how often things come, and --before is the better reference"
        )
    rows: list[dict[str, Value]] = []
    for call in recordings.calls(meant):
        effects = call.observed.effects if call.observed else ()
        returned = [effect.text for effect in effects if effect.kind == "returned"]
        rows.append(flatten({**call.arguments, **({"legacy's answer": returned[0]} if returned else {})}))
    return rows


def _text(instant: datetime) -> str:
    """An instant as the log writes it."""
    return instant.replace(tzinfo=UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _data(experiment: str, found: Drift) -> dict[str, object]:
    from dataclasses import asdict

    return {
        "version": 1,
        "experiment": experiment,
        "state": found.state,
        "reference": found.reference,
        "live": found.live,
        "columns": [asdict(column) for column in found.columns],
    }


def _show(experiment: str, found: Drift, least: int) -> None:
    terminal = console()

    def say(line: str) -> None:
        terminal.print(line, markup=False)

    say(f"{experiment}: {found.live:,} rows beside {found.reference:,} of the reference: {found.state}")
    if found.state == "INSUFFICIENT":
        say(f"{least:,} are needed on either side")
    shown = [column for column in found.columns if column.alarm or column.adjusted < 0.05 or column.told]
    for column in shown[:_MOST_SHOWN]:
        what = "drifts" if column.alarm else "differs little" if column.adjusted < 0.05 else "is new in part"
        more = f"; {column.told}" if column.told else ""
        say(
            f"  {column.feature} {what}: effect {column.effect:.3f} (usual up to {column.usual:.3f}),"
            f" p {column.adjusted:.2g}, {column.test}{more}"
        )
    if len(shown) > _MOST_SHOWN:
        say(f"  and {len(shown) - _MOST_SHOWN} more: --json")
