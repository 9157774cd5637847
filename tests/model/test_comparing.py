"""A challenger beside the champion."""

from __future__ import annotations

import random

import numpy
import pytest
import sklearn.metrics  # type: ignore[import-untyped]
from hypothesis import given
from hypothesis import strategies as st

from legacy_seam.errors import SeamError
from legacy_seam.model.comparing import compare
from legacy_seam.model.metrics import area_errors, checked

CHANCE = random.Random(5)
LABELS = [int(CHANCE.random() < 0.3) for _ in range(500)]


def scored(noise: float, seed: int) -> list[float]:
    chance = random.Random(seed)
    return [label + chance.gauss(0, noise) for label in LABELS]


@pytest.mark.parametrize("metric", ["auc", "brier"])
def test_the_same_answers_are_no_worse_and_much_worse_ones_are_worse(metric: str) -> None:
    good, bad = scored(0.4, 1), scored(3.0, 2)
    assert compare(metric, LABELS, good, good).state == "not worse"  # type: ignore[arg-type]
    assert compare(metric, LABELS, good, bad).state == "worse"  # type: ignore[arg-type]
    assert compare(metric, LABELS, bad, good).state == "better"  # type: ignore[arg-type]


def test_what_may_be_chance_is_not_said_to_be_worse_nor_let_in() -> None:
    found = compare("auc", LABELS[:60], scored(1.0, 1)[:60], scored(1.05, 2)[:60])
    assert found.state == "INSUFFICIENT" and not found.may_replace and found.low < 0 < found.high


def test_few_rows_or_one_label_say_nothing() -> None:
    assert compare("mae", [1.0] * 10, [1.0] * 10, [1.0] * 10).state == "INSUFFICIENT"
    assert compare("auc", [1] * 100, [0.5] * 100, [0.6] * 100).state == "INSUFFICIENT"


def test_categories_are_right_or_wrong() -> None:
    labels = ["HOLD", "CALL"] * 50
    assert compare("accuracy", labels, labels, ["HOLD"] * 100).state == "worse"


def test_a_faulty_challenger_replaces_a_champion_as_seldom_as_is_said() -> None:
    """Of challengers that are worse by just the margin, one in twenty gets in, or fewer."""
    let_in = 0
    for seed in range(60):
        chance = numpy.random.default_rng(seed)
        labels = chance.normal(size=200)
        champion = labels + chance.laplace(scale=1.0, size=200)
        challenger = labels + chance.laplace(scale=1.3, size=200)
        let_in += compare("mae", list(labels), list(champion), list(challenger), margin=0.3).may_replace
    assert let_in <= 8


@given(st.lists(st.tuples(st.integers(0, 1), st.floats(0, 1)), min_size=2, max_size=40))
def test_the_area_under_the_curve_is_that_of_scikit_learn(rows: list[tuple[int, float]]) -> None:
    labels, answers = (numpy.array(column, dtype=float) for column in zip(*rows, strict=True))
    if len(set(labels)) == 2:
        assert 1 - area_errors(labels, answers) == pytest.approx(sklearn.metrics.roc_auc_score(labels, answers))


def test_a_metric_that_says_nothing_about_the_labels_is_refused() -> None:
    assert checked(None, [0, 1]) == "auc" and checked("accuracy", ["a"]) == "accuracy"
    with pytest.raises(SeamError, match="says nothing"):
        checked("auc", ["HOLD", "CALL"])
