"""`legacy-seam dataset`: recorded calls as rows to learn from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from legacy_seam.cli.shared import (
    complain,
    complain_of_damages,
    console,
    json_option,
    one_target,
    open_workspace,
    print_json,
    progress,
    seconds_of,
    several,
    store_option,
)
from legacy_seam.errors import SeamError

if TYPE_CHECKING:
    from legacy_seam.dataset.exporting import Exported, Plan
    from legacy_seam.dataset.manifest import Manifest
    from legacy_seam.dataset.origin import Source
    from legacy_seam.dataset.samples import Sample
    from legacy_seam.targets import Target
    from legacy_seam.workspace import Workspace


@click.group()
def dataset() -> None:
    """Recorded calls as rows to learn from."""


@dataset.command()
@click.argument("target", metavar="TARGET")
@click.option(
    "--to", type=click.Path(file_okay=False, path_type=Path), help="Where it goes (data/ and the target's name)."
)
@click.option(
    "--format", "form", type=click.Choice(["jsonl", "csv", "parquet"]), default="jsonl", help="Of its files."
)
@click.option("--log", metavar="LOG", help="Take the rows of a prediction log, a file or a URL, not the recording.")
@click.option("--experiment", metavar="NAME", help="Whose rows these are.")
@click.option("--since", type=click.DateTime(), help="Calls from this instant on (UTC).")
@click.option("--until", type=click.DateTime(), help="Calls from before this instant (UTC).")
@click.option("--split", default="70/15/15", metavar="SHARES", help="Of train, valid and test (70/15/15).")
@click.option(
    "--split-by", type=click.Choice(["time", "group"]), default="time",
    help="The latest calls are for testing; or each group stays in one split.",
)  # fmt: skip
@click.option("--time", default="", metavar="FEATURE", help="When calls are said to be: today; not when recorded.")
@click.option("--group", default="", metavar="FEATURE", help="What belongs together: account.id.")
@click.option(
    "--labels", type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="What really happened: CSV or JSON lines with label, perhaps at, and features to join by, or key.",
)  # fmt: skip
@click.option("--key", default="", metavar="FEATURE", help="What the column key of the labels stands for.")
@click.option("--horizon", type=seconds_of, metavar="TIME", help="Take labels known so soon after the call: 30d.")
@click.option("--purge", is_flag=True, help="Leave out rows whose label was known only after the next split began.")
@click.option("--answer", default="", metavar="PATH", help="Without labels: the part of legacy's answer to learn.")
@click.option("--only", multiple=True, metavar="PATTERN", help="Features that are wanted: 'account.*'.")
@click.option("--leave-out", multiple=True, metavar="PATTERN", help="Features that are not.")
@click.option("--accept", multiple=True, metavar="LEAK", help="A leak that is meant: group, foresees:account.days.")
@store_option
@json_option
def export(target: str, as_json: bool, **options: Any) -> None:
    """Write the recorded calls of TARGET as a dataset: inputs before the call, and legacy's answer or labels.

    Inputs become columns (`account.days`). The rows are split by the time of the call, and a manifest says where
    they come from. What a model should not know is looked for, and refused: columns that are the label or foretell
    it, groups in several splits, labels that nobody knew yet.

    Exits with 0 when it is written, with 1 where leaks stand against it (nothing is written then), with 2 where
    there is nothing to write.
    """
    from legacy_seam.dataset.exporting import export as run

    left_out: Counter[str] = Counter()
    plan, samples, total = _planned(target, left_out, options)
    with progress() as bar:
        task = bar.add_task("reading calls", total=total)
        done = run(plan, samples, left_out, lambda: bar.update(task, advance=1))
    if as_json:
        print_json(
            {**done.manifest.as_json(), "version": 1, "written": done.written, "directory": str(plan.directory)}
        )
    else:
        _show(done, plan)
    if not done.written:
        raise click.exceptions.Exit(1)


def _planned(
    target: str, left_out: Counter[str], options: dict[str, Any]
) -> tuple[Plan, Iterator[Sample], int | None]:
    """What is asked for, as a plan; the samples, and how many there may be."""
    from legacy_seam.dataset.exporting import Plan
    from legacy_seam.dataset.labels import Labels
    from legacy_seam.dataset.splitting import Shares

    if (options["log"] is None) != (options["experiment"] is None):
        raise SeamError("--log and --experiment go together: which rows of which prediction log")
    if options["split_by"] == "group" and not options["group"]:
        raise SeamError("--split-by group needs --group: which feature says what belongs together")
    if options["horizon"] is not None and options["labels"] is None:
        raise SeamError("--horizon is about labels: give --labels as well")
    workspace = open_workspace(store=options["store"])
    meant, origin, samples, total, source = _found(workspace, target, left_out, options)
    labels = options["labels"] and Labels(options["labels"], options["key"], options["horizon"])
    plan = Plan(
        str(meant),
        options["to"] or workspace.project / "data" / str(meant).replace(":", "."),
        source,
        origin,
        options["form"],
        Shares.read(options["split"]),
        options["split_by"],
        options["time"],
        options["group"],
        labels,
        options["answer"],
        options["leave_out"],
        options["only"],
        options["accept"],
        options["purge"],
    )
    return plan, samples, total


def _found(
    workspace: Workspace, target: str, left_out: Counter[str], options: dict[str, Any]
) -> tuple[Target, dict[str, Any], Iterator[Sample], int | None, Source]:
    """The target that is meant, where its calls come from, the calls, how many there are, and its source."""
    from legacy_seam.dataset.logged import logged_samples
    from legacy_seam.dataset.samples import recorded_samples
    from legacy_seam.store.recordings import Recordings

    since, until = (_seconds(options[name]) for name in ("since", "until"))
    if options["log"] is not None:
        from legacy_seam.experiment import PredictionLog

        if "://" not in options["log"] and not Path(options["log"]).is_file():
            raise SeamError(f"There is no prediction log {options['log']}.")
        log = PredictionLog(options["log"])
        origin = {"log": _shown(options["log"]), "experiment": options["experiment"]}
        meant = one_target(target, ())
        return (
            meant,
            origin,
            logged_samples(log, options["experiment"], left_out, since, until),
            None,
            _source(workspace, meant),
        )
    recordings = Recordings(workspace.store)
    complain_of_damages(recordings.fold().damages)
    meant = one_target(target, recordings.targets())
    count = recordings.counts()[meant]
    runs = recordings.runs()
    origin = {
        "store": workspace.settings.store,
        "redacted": any(run.redacted for run in runs),
        "commit": runs[-1].commit if runs else None,
        "calls_seen": count.seen,
        "repeated": count.duplicate,
        "passed_over": count.sampled_out,
    }
    source = _source(workspace, meant)
    samples = recorded_samples(recordings, meant, left_out, source.defaults, since, until)
    return meant, origin, samples, count.kept, source


def _source(workspace: Workspace, target: Target) -> Source:
    from legacy_seam.dataset.origin import source_of

    return source_of(workspace.program(), target, workspace.project)


def _shown(log: str) -> str:
    """Where a log lies, without the password of its database."""
    from legacy_seam.experiment.log.place import shown_place

    return shown_place(log)


def _seconds(instant: datetime | None) -> float | None:
    return None if instant is None else instant.replace(tzinfo=UTC).timestamp()


def _say_what_share(manifest: Manifest, say: Callable[[str], None]) -> None:
    """A recording keeps what promises something new: what share of the calls its rows stand for."""
    seen, passed_over = manifest.origin.get("calls_seen"), manifest.origin.get("passed_over", 0)
    if not seen:
        return
    again = manifest.origin["repeated"]
    say(
        f"  {several(seen, 'call')} recorded: {(seen - passed_over) / seen:.1%} are kept, {again:,} of them as the"
        f" same inputs again (call:seen); {passed_over:,} were passed over"
    )
    if passed_over:
        say("  rows are not how often things come: the log of an experiment has every call (--log)")


def _show(done: Exported, plan: Plan) -> None:
    terminal = console()

    def say(line: str) -> None:
        terminal.print(line, markup=False)

    manifest = done.manifest
    label = "what really happened" if plan.labels else "legacy's answer (imitation)"
    features = several(len(manifest.features), "feature")
    say(f"{several(manifest.rows, 'row')} of {manifest.target}, {features}; label: {label}")
    for split in manifest.splits:
        period = f"  {split.first[:16]} to {split.last[:16]}" if split.rows else ""
        say(f"  {split.name:<5} {split.rows:>9,}{period}")
    _say_what_share(manifest, say)
    for reason, number in sorted(manifest.left_out.items(), key=lambda one: -one[1]):
        say(f"  {number:>7,} calls left out: {reason}")
    for leak in manifest.leaks:
        state = "accepted" if leak["accepted"] else "REFUSED" if leak["refused"] else "note"
        say(f"  {state}: {leak['told']}")
    if done.written:
        say(f"written to {plan.directory}; sha256 {manifest.sha256[:12]}")
        return
    names = " ".join(f"--accept {leak.name}" for leak in done.leaks if leak.refused)
    complain(f"nothing was written, since a model would know too much; where that is meant: {names}")
