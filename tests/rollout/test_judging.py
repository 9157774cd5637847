"""The gate's self-test: it lets the identity pass, and none of the candidates that are known to be bad."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from legacy_seam.errors import SeamError
from legacy_seam.experiment import Contract, Field
from legacy_seam.rollout.gates import Gate
from legacy_seam.rollout.judging import Check, Evidence, bounds, judge, verdict_of
from legacy_seam.rollout.labels import Labels
from legacy_seam.rollout.relations import Held
from legacy_seam.rollout.results import Ended, Header, Results, Row
from legacy_seam.values import encode

ensemble = pytest.importorskip("sklearn.ensemble")
threads = pytest.importorskip("threadpoolctl")

Account = dict[str, Any]
GATE = Gate("score", "rules:action", "model:action", slices=("account.region",))
HEADER = Header("rules:action", "model:action", "exact", "2026-11-27T05:00:00+00:00", 1500)


def legacy(account: Account) -> int:
    """Whether to call: the heuristic, with a rule for one region that people rely on."""
    limit = 10 if account["region"] == 3 else 60
    return int(account["days"] > limit and account["amount"] > 500)


def former_legacy(account: Account) -> int:
    """As it was a year ago."""
    return int(account["days"] > 40)


def accounts(count: int, seed: int) -> list[Account]:
    chance = random.Random(seed)
    return [
        {
            "number": seed * 100_000 + number,
            "days": chance.randint(0, 120),
            "amount": chance.randint(0, 2000),
            "region": chance.randint(0, 5),
        }
        for number in range(count)
    ]


FEATURES = ("days", "amount", "region")


def matrix(some: Sequence[Account], names: Sequence[str] = FEATURES) -> list[list[float]]:
    return [[float(account[name]) for name in names] for account in some]


def trained(
    labels: Sequence[int], some: Sequence[Account], names: Sequence[str] = FEATURES
) -> Callable[[Account], int]:
    model = ensemble.HistGradientBoostingClassifier(max_iter=30, random_state=0)
    with threads.threadpool_limits(1):  # threads that wait for each other are slow on a busy machine
        model.fit(matrix(some, names), labels)
        found = model.predict(matrix(TODAY, names))
    answers = {account["number"]: int(one) for account, one in zip(TODAY, found, strict=True)}
    return lambda account: answers[account["number"]]


def in_hours(account: Account) -> Account:
    return {**account, "days": account["days"] * 24}


PAST, TODAY = accounts(1500, 1), accounts(1200, 2)


def run(candidate: Callable[[Account], Any], some: Sequence[Account] = TODAY) -> Results:
    def row(account: Account) -> Row:
        expected, got = legacy(account), candidate(account)
        return Row(
            str(account["number"]), 0.0, 1, {"account": encode(account)}, "replayed", Ended(encode(expected)),
            Ended(encode(got)), expected == got, nanoseconds=1_000_000,
        )  # fmt: skip

    return Results(HEADER, tuple(map(row, some)), True)


def judged(candidate: Callable[[Account], Any], some: Sequence[Account] = TODAY) -> str:
    return verdict_of(judge(GATE, Evidence(run(candidate, some))))


def state_of(checks: Sequence[Check], name: str) -> str:
    return next(check.state for check in checks if check.name.startswith(name))


def test_the_identity_passes() -> None:
    assert judged(legacy) == "PASS"


def test_a_model_that_has_learnt_it_passes() -> None:
    assert judged(trained([legacy(account) for account in PAST], PAST)) == "PASS"


def test_a_constant_fails() -> None:
    assert judged(lambda account: 0) == "FAIL"


def test_a_model_of_shuffled_labels_fails() -> None:
    labels = [legacy(account) for account in PAST]
    random.Random(3).shuffle(labels)
    assert judged(trained(labels, PAST)) == "FAIL"


def test_a_model_without_a_feature_fails() -> None:
    labels = [legacy(account) for account in PAST]
    assert judged(trained(labels, PAST, names=("amount", "region"))) == "FAIL"


def test_a_model_given_another_unit_fails() -> None:
    assert judged(lambda account: legacy(in_hours(account))) == "FAIL"
    labels = [legacy(account) for account in PAST]
    assert judged(trained(labels, [in_hours(account) for account in PAST])) == "FAIL"


def test_a_stale_model_fails() -> None:
    assert judged(trained([former_legacy(account) for account in PAST], PAST)) == "FAIL"


def test_overall_parity_does_not_hide_the_slice() -> None:
    def forgets_a_region(account: Account) -> int:
        return legacy({**account, "region": 0})

    checks = judge(replace(GATE, parity=0.8), Evidence(run(forgets_a_region)))
    assert state_of(checks, "parity") == "PASS"
    assert state_of(checks, "slices by account.region") == state_of(checks, "discovered slices") == "FAIL"


def test_too_few_calls_are_insufficient_even_if_all_match() -> None:
    assert judged(legacy, TODAY[:40]) == "INSUFFICIENT"
    assert judged(legacy, []) == "INSUFFICIENT"
    interrupted = replace(run(legacy), complete=False)
    assert verdict_of(judge(GATE, Evidence(interrupted))) == "INSUFFICIENT"


@pytest.mark.parametrize(
    ("change", "check"),
    [
        ({"reason": "timeout", "match": None, "candidate": None}, "timeouts"),
        ({"reason": "exception", "match": False}, "errors"),
        ({"reason": "refused", "match": None}, "errors"),
        ({"denied": ("open",)}, "denied acts"),
    ],
)
def test_one_failure_is_too_many_unless_it_is_allowed(change: dict[str, Any], check: str) -> None:
    results = run(legacy)
    results = replace(results, rows=(replace(results.rows[0], **change), *results.rows[1:]))
    assert state_of(judge(GATE, Evidence(results)), check) == "FAIL"
    if check != "denied acts":
        assert state_of(judge(replace(GATE, errors=0.01, timeouts=0.01), Evidence(results)), check) == "PASS"


def test_relations_decide_without_tolerance() -> None:
    held = (
        Held("invariants", "a:b", 10, 0),
        Held("minimum", "a:c", 0, 0),
        Held("same_under", "a:d", 10, 1, "1 → 2"),
    )
    checks = judge(GATE, Evidence(run(legacy), held=held))
    assert [state_of(checks, one) for one in ("invariants", "minimum", "same_under")] == [
        "PASS", "INSUFFICIENT", "FAIL",
    ]  # fmt: skip


def test_answers_outside_the_contract_fail() -> None:
    contract = Contract("rules:action", {}, {"": Field(("int",), 0, 1)})
    assert state_of(judge(GATE, Evidence(run(legacy), contract=contract)), "out of range") == "PASS"
    far = judge(GATE, Evidence(run(lambda account: 7), contract=contract))
    assert state_of(far, "out of range") == "FAIL"


def test_latency_is_held_against_a_limit_and_against_legacy() -> None:
    slow = replace(GATE, p95_ms=0.5, latency_ratio=2.0)
    checks = judge(slow, Evidence(run(legacy)))
    assert (state_of(checks, "latency"), state_of(checks, "latency ratio")) == ("FAIL", "INSUFFICIENT")
    checks = judge(slow, Evidence(run(legacy), legacy=run(legacy)))
    assert state_of(checks, "latency ratio") == "PASS"


def test_a_challenger_must_not_match_less_than_the_champion() -> None:
    gate = replace(GATE, champion="model:former", champion_drop=0.01)
    worse = judge(gate, Evidence(run(lambda account: 0), champion=run(legacy)))
    assert state_of(worse, "champion") == "FAIL"
    assert state_of(judge(gate, Evidence(run(legacy), champion=run(lambda account: 0))), "champion") == "PASS"
    assert (
        state_of(judge(gate, Evidence(run(legacy), champion=run(legacy, TODAY[:9]))), "champion") == "INSUFFICIENT"
    )


@pytest.mark.parametrize(("metric", "bad"), [("auc", 0), ("accuracy", 0), ("mae", 9)])
def test_labels_say_who_was_right(metric: str, bad: int) -> None:
    gate = replace(GATE, labels="labels.csv", label_key="account.number", label_metric=metric)
    labels = Labels({str(account["number"]): float(legacy(account)) for account in TODAY})
    assert state_of(judge(gate, Evidence(run(legacy), labels=labels)), "labels") == "PASS"
    assert state_of(judge(gate, Evidence(run(lambda account: bad), labels=labels)), "labels") == "FAIL"
    few = Labels({str(TODAY[0]["number"]): 1.0})
    assert state_of(judge(gate, Evidence(run(legacy), labels=few)), "labels") == "INSUFFICIENT"


def test_labels_are_read_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "labels.csv"
    file.write_text("key,label\n7,1\n")
    assert Labels.load(file).of(7) == 1.0 and Labels.load(file).of(None) is None
    file.write_text("id,label\n7,1\n")
    with pytest.raises(SeamError, match="columns key and label"):
        Labels.load(file)
    with pytest.raises(SeamError, match="cannot be read"):
        Labels.load(tmp_path / "none.csv")


def test_bounds_are_those_of_the_tables() -> None:
    assert round(bounds(100, 100, 0.95)[0], 4) == 0.9705
    assert round(1 - bounds(997, 1000, 0.95)[0], 4) == 0.0077  # three mismatches in a thousand
    assert bounds(0, 0, 0.95) == (0.0, 1.0)
