"""How the two models are trained: `legacy-seam model train propensity.recipes:naive --data ...`."""

from __future__ import annotations

from typing import Any

from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from propensity.features import Features


def naive(dataset: Any) -> Any:
    """Who pays, from tidied raw data."""
    return _fitted("cleaned", dataset)


def careful(dataset: Any) -> Any:
    """Who pays, from what the old score looks at, in the way in which it looks at it."""
    return _fitted("as_legacy_sees_it", dataset)


def _fitted(made_by: str, dataset: Any) -> Any:
    model = make_pipeline(
        Features(made_by), DictVectorizer(sparse=False), StandardScaler(), LogisticRegression(C=0.1)
    )
    return model.fit(dataset.train.rows, dataset.train.labels)
