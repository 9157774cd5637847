"""Columns that know what a model is to find out, and rows that know what comes later.

A model that is trained on them looks excellent until it is live. So an export that finds any is refused, unless a
person has said that it is meant (`--accept`) or has left the column out.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from legacy_seam.redaction.pseudonyms import is_pseudonym
from legacy_seam.rollout.ml import needed
from legacy_seam.values.flat import Value

Kind = Literal["outcome", "foresees", "written", "redacted", "group", "future", "repeated"]

_SAMPLE = 4_000
_LEAST = 40
"""Rows on either half without which nothing is said of how well a column foresees the label."""

_SAME, _FORESEEN, _EXPLAINED = 0.999, 0.99, 0.999
_REDACTED = 0.2
"""Any text passes for a pseudonym once in 500 times; so many do not."""


@dataclass(frozen=True, slots=True)
class Leak:
    """One finding.

    kind:     - `outcome`: the column is the label;
              - `foresees`: it alone foretells the label nearly without fault;
              - `written`: the call itself changes it, so what stands there is what an earlier call left;
              - `redacted`: it holds stand-ins of secrets, which a model never meets when it is live;
              - `group`: rows of one group are in several splits;
              - `future`: labels of training rows were known only when later splits had begun;
              - `repeated`: rows with the same inputs are in several splits.
    column:   the column; empty where it is about rows.
    told:     in words, with what to do.
    refused:  whether it keeps the dataset from being written.
    """

    kind: Kind
    column: str
    told: str
    refused: bool

    @property
    def name(self) -> str:
        """What `--accept` calls it."""
        return f"{self.kind}:{self.column}" if self.column else self.kind


@dataclass(slots=True)
class Sampled:
    """A sample of all rows, the same one each time: what columns are judged on.

    rows: features and label, as they were drawn.
    """

    rows: list[tuple[int, dict[str, Value], Value]] = field(default_factory=list)
    _met: int = 0
    _chance: random.Random = field(default_factory=lambda: random.Random(0))

    def add(self, features: dict[str, Value], label: Value) -> None:
        """Look at one more row."""
        self._met += 1
        if len(self.rows) < _SAMPLE:
            self.rows.append((self._met, features, label))
            return
        place = self._chance.randrange(self._met)
        if place < _SAMPLE:
            self.rows[place] = (self._met, features, label)


def column_leaks(sampled: Sampled, columns: Sequence[str], *, is_imitation: bool) -> Iterator[Leak]:
    """What single columns give away.

    Args:
        sampled: some rows.
        columns: the columns of inputs.
        is_imitation: whether the label is what legacy answered. A heuristic may well rest on one column alone, so
            that is told and not refused.

    Raises:
        SeamError: scikit-learn is not installed.
    """
    rows = sorted(sampled.rows, key=lambda row: row[0])
    labels = [label for _, _, label in rows]
    for name in columns:
        values = [features.get(name) for _, features, _ in rows]
        texts = Counter(value for value in values if isinstance(value, str))
        if texts and _stand_ins(texts) > _REDACTED * texts.total():
            yield Leak("redacted", name, f"{name} holds stand-ins in the place of secrets: leave it out", True)
        elif _is_the_label(values, labels):
            yield Leak("outcome", name, f"{name} is the label itself: leave it out", True)
        elif (told := _foresees(values, labels)) is not None:
            yield Leak("foresees", name, f"{name} alone {told}", not is_imitation)


def _stand_ins(texts: Counter[str]) -> int:
    return sum(number for text, number in texts.items() if is_pseudonym(text))


def _is_the_label(values: Sequence[Value], labels: Sequence[Value]) -> bool:
    if len(values) < _LEAST or len(set(labels)) < 2:
        return False
    return sum(one == other for one, other in zip(values, labels, strict=True)) >= _SAME * len(labels)


def _foresees(values: Sequence[Value], labels: Sequence[Value]) -> str | None:
    """How well a column alone foretells the label of later rows, in words; None where it does not.

    A tree learns from the first half and is tried on the second, so that a column of names with one row each, which
    any table fits, says nothing.
    """
    half = len(labels) // 2
    if half < _LEAST or len(set(labels[half:])) < 2 or len({*values}) < 2:
        return None
    learnt, tried = labels[:half], labels[half:]
    if set(labels) <= {0, 1} and len(set(learnt)) == 2:
        tree = needed("sklearn.tree", "the leak guard").DecisionTreeRegressor(max_depth=8, min_samples_leaf=3)
        foretold = _tree(tree, values, [float(label) for label in learnt if label is not None], learnt)
        area = needed("sklearn.metrics", "the leak guard").roc_auc_score(tried, foretold)
        return f"foretells the label (area under the curve {area:.3f})" if area >= _FORESEEN else None
    if all(isinstance(label, (int, float)) for label in labels):
        tree = needed("sklearn.tree", "the leak guard").DecisionTreeRegressor(max_depth=10, min_samples_leaf=3)
        foretold = _tree(tree, values, learnt, learnt)
        share = needed("sklearn.metrics", "the leak guard").r2_score(tried, foretold)
        return f"explains {share:.1%} of the label" if share >= _EXPLAINED else None
    tree = needed("sklearn.tree", "the leak guard").DecisionTreeClassifier(max_depth=8, min_samples_leaf=3)
    texts = [str(label) for label in learnt]
    foretold = _tree(tree, values, texts, learnt)
    right = sum(one == str(other) for one, other in zip(foretold, tried, strict=True)) / len(tried)
    commonest = max(texts.count(one) for one in set(texts)) / len(texts)
    return f"foretells {right:.1%} of the labels" if right >= _FORESEEN and commonest < 0.9 * right else None


def _tree(tree: Any, values: Sequence[Value], targets: Sequence[Any], learnt: Sequence[Value]) -> Any:
    """What a tree foretells for the second half, having learnt from the first."""
    half = len(learnt)
    numbers = _as_numbers(values, learnt)
    tree.random_state = 0
    tree.fit(numbers[:half], list(targets))
    return tree.predict(numbers[half:])


def _as_numbers(values: Sequence[Value], learnt: Sequence[Value]) -> list[list[float]]:
    """A column as a tree takes it: texts are in the order of the mean label that they had in the first half."""
    groups: dict[str, list[float]] = {}
    places = {label: float(place) for place, label in enumerate(sorted({str(label) for label in learnt}))}
    for value, label in zip(values, learnt, strict=False):
        if isinstance(value, str):
            number = float(label) if isinstance(label, (int, float)) else places[str(label)]
            groups.setdefault(value, []).append(number)
    means = {value: sum(numbers) / len(numbers) for value, numbers in groups.items()}
    nowhere = sum(means.values()) / len(means) if means else 0.0
    return [
        [_finite(means.get(value, nowhere) if isinstance(value, str) else value), float(value is None)]
        for value in values
    ]


def _finite(value: float | None) -> float:
    number = 0.0 if value is None else float(value)
    return max(-1e30, min(number, 1e30)) if number == number else 0.0


def written_leaks(written: Sequence[str], columns: Sequence[str]) -> Iterator[Leak]:
    """Columns that the function itself changes: told, since what stands there before the call is an input too."""
    for name in sorted(set(written) & set(columns)):
        yield Leak(
            "written", name, f"{name} is changed by the call: what stands there before is what an earlier one left",
            False,
        )  # fmt: skip


def group_leak(name: str, groups: int, shared: int) -> Leak | None:
    """Groups of which several splits have rows."""
    if not shared:
        return None
    return Leak(
        "group", "",
        f"{shared:,} of {groups:,} values of {name} are in several splits, so that a model may know them by heart:"
        " --split-by group keeps each in one, --accept group says that they come back in production as well",
        True,
    )  # fmt: skip


def future_leak(rows: int) -> Leak | None:
    """Rows for training whose labels nobody knew when the next split began."""
    if not rows:
        return None
    return Leak(
        "future", "",
        f"the labels of {rows:,} training rows were known only after the next split had begun:"
        " --purge leaves these rows out",
        True,
    )  # fmt: skip


def repeated_leak(rows: int) -> Leak | None:
    """Rows of later splits that training has already."""
    if not rows:
        return None
    return Leak("repeated", "", f"{rows:,} rows of later splits have the inputs of a row before them", False)
