"""What a gate asks, as pyproject.toml says it."""

from __future__ import annotations

from typing import Any

import pytest

from legacy_seam.errors import SeamError
from legacy_seam.rollout.gates import gate_called

GOOD: dict[str, Any] = {"target": "rules:score", "candidate": "model:score"}


def test_a_gate_is_read_with_its_defaults() -> None:
    gate = gate_called("score", {"score": {**GOOD, "parity": 1, "slices": ["region"], "least": 10}})
    assert (gate.parity, gate.slices, gate.least, gate.slice_parity) == (1.0, ("region",), 10, 0.8)
    assert not gate.asks_the_candidate


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"paritty": 1}, "has no key 'paritty': did you mean 'parity'?"),
        ({"parity": 95}, "parity cannot be 95"),
        ({"parity": "95 %"}, "parity must be a number from 0"),
        ({"parity": True}, "parity must be a number from 0"),
        ({"least": 0}, "least must be a whole number from 1"),
        ({"slices": "region"}, "slices must be a list of texts"),
        ({"slices": [1]}, "slices must be a list of texts"),
        ({"candidate": ""}, "does not say which candidate"),
        ({"candidate": 1}, "candidate must be a text"),
        ({"label_metric": "f1"}, "label_metric is one of auc, accuracy, mae"),
        ({"labels": "labels.csv"}, "has labels and no `label_key`"),
        ({"confidence": 0.2}, "confidence cannot be 0.2"),
    ],
)
def test_what_cannot_be_followed_is_said(change: dict[str, Any], told: str) -> None:
    with pytest.raises(SeamError) as raised:
        gate_called("score", {"score": {**GOOD, **change}})
    assert "[tool.legacy-seam.gate.score]" in str(raised.value) and told in str(raised.value)


def test_a_gate_that_is_not_there_is_said() -> None:
    with pytest.raises(SeamError, match=r"There is no gate scor: .*there are score"):
        gate_called("scor", {"score": GOOD})
