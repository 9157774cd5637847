"""A dataset made in two passes: the first looks at all rows, the second writes them.

Between both, rows wait in a file. What is held in memory is what is known of columns and groups, a sample for the
guard, of each row an instant and a digest, and the labels.
"""

from __future__ import annotations

import fnmatch
import json
import shutil
import tempfile
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from hashlib import blake2b
from pathlib import Path
from typing import Any, TextIO

from legacy_seam import __version__
from legacy_seam.dataset.columns import Column, Columns
from legacy_seam.dataset.formats import Format, write_rows
from legacy_seam.dataset.labels import Label, Labels
from legacy_seam.dataset.leaks import (
    Leak,
    Sampled,
    column_leaks,
    future_leak,
    group_leak,
    repeated_leak,
    written_leaks,
)
from legacy_seam.dataset.manifest import FILE, Manifest, SplitFile, digest_of_all, digest_of_file
from legacy_seam.dataset.origin import Source
from legacy_seam.dataset.samples import ANSWER, Sample
from legacy_seam.dataset.splitting import NAMES, By, Shares, split_at, split_of_group, time_bounds
from legacy_seam.errors import SeamError
from legacy_seam.values.flat import Value

ID, AT, SEEN, GROUP, LABEL = "call:id", "call:at", "call:seen", "call:group", "call:label"


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to become of the samples.

    target, origin: see `Manifest`.
    source:    of the function.
    directory: where the dataset goes.
    form:      the format of its files.
    shares:    of the splits.
    split_by:  `time`, or `group`, each of which stays in one split.
    time:      the feature that says when a call was; empty for when it was recorded.
    group:     the feature that says what belongs together; empty for none.
    labels:    what really happened; None to learn what legacy answers.
    answer:    which part of legacy's answer that is (`score`); empty for all of it.
    leave_out: patterns of features that are not wanted.
    only:      patterns of those that are; none for all.
    accept:    names of leaks that are meant.
    purge:     leave out rows whose labels were known only when the next split had begun.
    """

    target: str
    directory: Path
    source: Source = field(default_factory=Source)
    origin: Mapping[str, Any] = field(default_factory=dict)
    form: Format = "jsonl"
    shares: Shares = field(default_factory=Shares)
    split_by: By = "time"
    time: str = ""
    group: str = ""
    labels: Labels | None = None
    answer: str = ""
    leave_out: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    accept: tuple[str, ...] = ()
    purge: bool = False

    @property
    def label_column(self) -> str:
        """The column that is to be foretold."""
        if self.labels is not None:
            return LABEL
        return f"{ANSWER}.{self.answer}" if self.answer else ANSWER

    def wants(self, feature: str) -> bool:
        """Whether a feature is to be a column."""
        is_wanted = not self.only or any(fnmatch.fnmatchcase(feature, one) for one in self.only)
        return is_wanted and not any(fnmatch.fnmatchcase(feature, one) for one in self.leave_out)


@dataclass(frozen=True, slots=True)
class Exported:
    """What came of it. `written` is False where leaks stood against it."""

    manifest: Manifest
    leaks: tuple[Leak, ...]
    written: bool


def export(
    plan: Plan, samples: Iterable[Sample], left_out: Counter[str], tick: Callable[[], object] = lambda: None
) -> Exported:
    """Make a dataset of samples.

    Args:
        plan: how.
        samples: the calls, the earliest first.
        left_out: counts those that do not get in, by reason.
        tick: called for each sample.

    Raises:
        SeamError: there is nothing to make it of, or a library is missing.
    """
    _check_place(plan.directory)
    plan.directory.parent.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        part = Path(tempfile.mkdtemp(prefix=f".{plan.directory.name}.", dir=plan.directory.parent))
        stack.callback(shutil.rmtree, part, ignore_errors=True)
        looked = _Look(plan, left_out)
        waiting = part / ".waiting"
        with waiting.open("w", encoding="utf-8", errors="surrogatepass") as file:
            for sample in samples:
                looked.at(sample, file)
                tick()
        looked.check()
        written = _Written(plan, looked)
        splits = [written.split(part, waiting, name) for name in NAMES]
        waiting.unlink()
        leaks = (*looked.leaks, *written.leaks())
        manifest = _manifest(plan, looked, splits, leaks)
        if any(leak.refused and not _is_accepted(leak, plan.accept) for leak in leaks):
            return Exported(manifest, leaks, written=False)
        (part / ".gitignore").write_text("*\n", encoding="utf-8")
        manifest.save(part)
        part.chmod(0o755)
        shutil.rmtree(plan.directory, ignore_errors=True)
        part.rename(plan.directory)
        return Exported(manifest, leaks, written=True)


def _check_place(directory: Path) -> None:
    if directory.exists() and not (directory / FILE).is_file() and any(directory.iterdir()):
        raise SeamError(f"{directory} is not empty and no dataset: say where else it is to go (--to).")


class _Look:
    """The first pass: what is in the columns, and what is wrong with them."""

    def __init__(self, plan: Plan, left_out: Counter[str]) -> None:
        self.plan, self.left_out = plan, left_out
        self.columns, self.instants = Columns(), array("d")
        self.leaks: list[Leak] = []
        self.dropped: set[str] = set()
        self._sampled, self._written = Sampled(), set[str]()
        self._answers: set[str] = set()

    def at(self, sample: Sample, file: TextIO) -> None:
        """Look at a sample, and put it aside."""
        plan = self.plan
        at = sample.at if not plan.time else _said(sample.features.get(plan.time))
        if at is None:
            self.left_out[f"no time in {plan.time}"] += 1
            return
        label = self._label(sample, at)
        if label is None:
            return
        features = {name: value for name, value in sample.features.items() if plan.wants(name)}
        row: dict[str, Value] = {ID: sample.id, AT: _instant(at), SEEN: sample.seen}
        if plan.group:
            group = sample.features.get(plan.group)
            if group is None:
                self.left_out[f"no {plan.group}"] += 1
                return
            row[GROUP] = str(group)
        row |= {**features, **sample.answer}
        if plan.labels is not None:
            row[LABEL] = label.value
        self.columns.add(row)
        self.instants.append(at)
        self._sampled.add(features, label.value)
        self._written |= sample.written
        file.write(json.dumps([at, label.at, row]) + "\n")

    def _label(self, sample: Sample, at: float) -> Label | None:
        if self.plan.labels is not None:
            label = self.plan.labels.of(sample.features, at)
            if label is None:
                self.left_out["no label"] += 1
            return label
        self._answers |= sample.answer.keys()
        value = sample.answer.get(self.plan.label_column)
        if value is None:
            self.left_out["legacy's answer is None, or not the part that is meant"] += 1
            return None
        return Label(value, None)

    def check(self) -> None:
        """What the columns give away.

        Raises:
            SeamError: there are no rows, or no columns.
        """
        if not self.instants:
            raise SeamError(self._nothing())
        features = [column.name for column in self.columns.told() if not column.name.startswith("call:")]
        if not features:
            raise SeamError(f"No input of {self.plan.target} is left as a column: see --only and --leave-out.")
        for leak in column_leaks(self._sampled, features, is_imitation=self.plan.labels is None):
            if leak.kind == "redacted" and not _is_accepted(leak, self.plan.accept):
                self.dropped.add(leak.column)
                told = f"{leak.column} holds stand-ins in the place of secrets, and was left out"
                self.leaks.append(Leak(leak.kind, leak.column, told, refused=False))
            else:
                self.leaks.append(leak)
        self.leaks.extend(written_leaks(sorted(self._written), features))

    def _nothing(self) -> str:
        told = "; ".join(f"{number:,} times {reason}" for reason, number in self.left_out.most_common(3))
        parts = sorted(name.removeprefix(f"{ANSWER}.") for name in self._answers - {ANSWER})
        more = f"; its answer has the parts {', '.join(parts[:8])} (--answer)" if parts else ""
        return f"There is no row to export of {self.plan.target}{': ' + told if told else ''}{more}."

    def kept(self) -> list[Column]:
        """The columns that are written: about the call first, what came of it last."""
        found = [column for column in self.columns.told() if column.name not in self.dropped]
        return sorted(found, key=lambda column: _place(column.name))


class _Written:
    """The second pass: rows into the files of their splits."""

    def __init__(self, plan: Plan, looked: _Look) -> None:
        self._plan, self._looked = plan, looked
        self._bounds = time_bounds(sorted(looked.instants), plan.shares)
        self._columns = looked.kept()
        self._groups: dict[str, str] = {}
        self._shared: set[str] = set()
        self._met: set[bytes] = set()
        self._repeated = self._future = 0

    def split(self, part: Path, waiting: Path, name: str) -> SplitFile:
        """Write one split."""
        path = part / f"{name}.{self._plan.form}"
        instants: list[str] = []
        write_rows(path, self._plan.form, self._columns, self._rows(waiting, name, instants))
        first, last = (instants[0], instants[1]) if instants else ("", "")
        return SplitFile(name, path.name, self._counted, first, last, digest_of_file(path))

    def _rows(self, waiting: Path, name: str, instants: list[str]) -> Iterator[dict[str, Value]]:
        self._counted = 0
        met: set[bytes] = set()
        with waiting.open(encoding="utf-8", errors="surrogatepass") as file:
            for line in file:
                at, known, row = json.loads(line)
                if self._split_of(at, row) != name or self._is_too_late(name, known):
                    continue
                self._note(name, row, met)
                instants[:] = [min([row[AT], *instants]), max([row[AT], *instants])]
                self._counted += 1
                yield row
        self._met |= met

    def _split_of(self, at: float, row: Mapping[str, Value]) -> str:
        if self._plan.split_by == "group":
            return split_of_group(str(row[GROUP]), self._plan.shares)
        return split_at(at, self._bounds)

    def _is_too_late(self, name: str, known: float | None) -> bool:
        """Whether the label was known only when the next split had begun, and the row is left out for that."""
        if known is None or name == NAMES[-1] or self._plan.split_by != "time":
            return False
        if known <= self._bounds[NAMES.index(name)]:
            return False
        if self._plan.purge:
            self._looked.left_out["its label was known only when the next split had begun"] += 1
            return True
        self._future += name == NAMES[0]
        return False

    def _note(self, name: str, row: Mapping[str, Value], met: set[bytes]) -> None:
        if self._plan.group and self._groups.setdefault(str(row[GROUP]), name) != name:
            self._shared.add(str(row[GROUP]))
        inputs = json.dumps([[key, value] for key, value in row.items() if not key.startswith("call:")])
        digest = blake2b(inputs.encode("utf-8", "surrogatepass"), digest_size=8).digest()
        self._repeated += digest in self._met
        met.add(digest)

    def leaks(self) -> Iterator[Leak]:
        """What rows give away."""
        found = (
            group_leak(self._plan.group, len(self._groups), len(self._shared)),
            future_leak(self._future),
            repeated_leak(self._repeated),
        )
        return (leak for leak in found if leak is not None)


def _manifest(plan: Plan, looked: _Look, splits: Sequence[SplitFile], leaks: Sequence[Leak]) -> Manifest:
    label: dict[str, Any] = {"column": plan.label_column, "kind": "imitation"}
    if plan.labels is not None:
        label |= {
            "kind": "outcome",
            "file": plan.labels.path.name,
            "sha256": digest_of_file(plan.labels.path),
            "joined_by": list(plan.labels.joined_by),
        }
    return Manifest(
        plan.target,
        plan.source.told(),
        dict(plan.origin),
        plan.form,
        plan.source.parameters,
        dict(plan.source.defaults),
        label,
        plan.group,
        plan.split_by,
        tuple(splits),
        tuple(looked.kept()),
        dict(looked.left_out),
        tuple({**asdict(leak), "accepted": _is_accepted(leak, plan.accept)} for leak in leaks),
        digest_of_all(splits),
        datetime.now(UTC).isoformat(timespec="seconds"),
        __version__,
    )


def _is_accepted(leak: Leak, accept: Sequence[str]) -> bool:
    return leak.name in accept or leak.kind in accept


def _said(value: Value) -> float | None:
    """The instant that a feature says; a number is one of seconds since the epoch."""
    if isinstance(value, (int, float)):
        return float(value)
    try:
        at = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp()


def _instant(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _place(name: str) -> int:
    first = (ID, AT, SEEN, GROUP)
    if name in first:
        return first.index(name)
    return len(first) + (0 if not name.startswith("call:") else 2 if name == LABEL else 1)
