"""Estimators of scikit-learn: parameters and what they have learnt, and back to the same predictions."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import pytest

from legacy_seam.values import NotAllowed, decode, differences, encode

np: Any = pytest.importorskip("numpy")
pytest.importorskip("sklearn")

from sklearn import (  # type: ignore[import-not-found,import-untyped,unused-ignore]  # noqa: E402
    cluster,
    ensemble,
    linear_model,
    neighbors,
    pipeline,
    preprocessing,
    svm,
    tree,
)

POINTS = np.random.RandomState(0).rand(30, 3)
LABELS = (POINTS[:, 0] > 0.5).astype(int)

ESTIMATORS = [
    linear_model.LinearRegression(),
    linear_model.SGDClassifier(random_state=0),
    tree.DecisionTreeClassifier(max_depth=2),
    ensemble.RandomForestClassifier(n_estimators=2, random_state=0),
    ensemble.GradientBoostingClassifier(n_estimators=2),
    pipeline.make_pipeline(preprocessing.StandardScaler(), svm.SVC()),
    cluster.KMeans(2, n_init=1, random_state=0),
    neighbors.KNeighborsClassifier(2, algorithm="kd_tree"),
]


@pytest.mark.parametrize("estimator", ESTIMATORS, ids=lambda estimator: type(estimator).__name__)
def test_a_fitted_estimator_comes_back_and_predicts_the_same(estimator: Any) -> None:
    text = encode(estimator.fit(POINTS, LABELS))
    assert "opaque(" not in text
    made: Any = decode(text)
    assert type(made) is type(estimator)
    assert made.get_params(deep=False).keys() == estimator.get_params(deep=False).keys()
    assert np.array_equal(made.predict(POINTS), estimator.predict(POINTS))


def test_what_was_learnt_is_compared() -> None:
    one = linear_model.Ridge().fit(POINTS, LABELS)
    other = linear_model.Ridge().fit(POINTS, 1 - LABELS)
    paths = {found.path for found in differences(encode(one), encode(other), root="returned")}
    assert "returned.coef_[0]" in paths
    assert "returned.intercept_" in paths


def test_parameters_are_compared() -> None:
    (found,) = differences(encode(svm.SVC(C=1.0)), encode(svm.SVC(C=2.0)), root="returned")
    assert (found.path, found.expected, found.got) == ("returned.C", "1.0", "2.0")


def test_encoders_keep_their_types() -> None:
    made: Any = decode(encode(preprocessing.OneHotEncoder().fit([["a"], ["b"]])))
    assert made.transform([["b"]]).toarray().tolist() == [[0.0, 1.0]]


def test_functions_of_the_library_are_not_to_be_had() -> None:
    import_module("sklearn.datasets")
    with pytest.raises(NotAllowed):
        decode("sklearn.datasets._base:load_files")


def test_parts_in_c_are_made_as_the_library_makes_them_and_in_no_other_way() -> None:
    text = encode(tree.DecisionTreeClassifier(max_depth=1).fit(POINTS, LABELS).tree_)
    with pytest.raises(ValueError, match="it cannot be made"):
        decode(text.replace("state=", "by='_build_pruned_tree_ccp', state="))
