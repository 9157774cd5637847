"""A candidate that answers: for whom, and why not."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from legacy_seam.errors import SeamError
from legacy_seam.experiment import (
    REASONS,
    Breaker,
    Contract,
    Experiment,
    Field,
    LoadedModel,
    Model,
    Observation,
    Serving,
)
from legacy_seam.experiment.buckets import bucket
from legacy_seam.experiment.serving.coercion import NotFinite, WrongType, coerced

CONTRACT = Contract(
    "rules:score",
    {
        "account.region": Field(("str",), categories=("HH", "MUC")),
        "account.days": Field(("int",), low=0, high=400),
        "account.note": Field(("str",), optional=True),
    },
    {"": Field(("int",), low=0, high=710)},
    {"calls": 12_000},
)
ACCOUNT = {"id": 17, "region": "HH", "days": 30}


def score(account: dict[str, Any]) -> int:
    if account.get("broken"):
        raise LookupError("no such account")
    return int(700 - account["days"])


def live(candidate: Any, observed: list[Observation] | None = None, **settings: Any) -> Experiment:
    serving = Serving("live", contract=CONTRACT, **settings.pop("serving", {}))
    log = observed.append if observed is not None else None
    return Experiment("score", score, candidate, "inline", key="account.id", serving=serving, log=log, **settings)


def fail_to_load() -> Any:
    raise OSError("no such file")


class OtherVersion:
    version = "4"

    def __call__(self, account: dict[str, Any]) -> int:
        return 1


def answering(answer: Any) -> Callable[[Any], Any]:
    return lambda account: answer


def raising(account: Any) -> int:
    raise ValueError("not ready")


CASES: list[tuple[str, Any, dict[str, Any], dict[str, Any]]] = [
    ("exception", raising, {}, ACCOUNT),
    ("timeout", answering(600), {"deadline": 1e-9}, ACCOUNT),
    ("non_finite", answering(float("nan")), {}, ACCOUNT),
    ("non_finite", answering(np.float32("inf")), {}, ACCOUNT),
    ("out_of_range", answering(711), {}, ACCOUNT),
    ("out_of_range", answering(600), {}, ACCOUNT | {"days": 401}),
    ("type_mismatch", answering("600"), {}, ACCOUNT),
    ("type_mismatch", answering(600.5), {}, ACCOUNT),
    ("type_mismatch", answering(None), {}, ACCOUNT),
    ("schema_violation", answering(600), {}, ACCOUNT | {"days": 30.0}),
    ("schema_violation", answering(600), {}, {"region": "HH", "days": 30} | {"note": 3}),
    ("unseen_category", answering(600), {}, ACCOUNT | {"region": "BER"}),
    ("model_load_failed", LoadedModel(fail_to_load), {}, ACCOUNT),
    ("model_load_failed", LoadedModel("no_such_module:model"), {}, ACCOUNT),
    ("version_mismatch", LoadedModel(OtherVersion, model=Model("score", "3")), {}, ACCOUNT),
    ("version_mismatch", LoadedModel(OtherVersion, model=Model(libraries=(("pytest", "0.1"),))), {}, ACCOUNT),
    ("guardrail", answering(600), {"serving": {"guardrail": lambda answer, inputs: answer < 500}}, ACCOUNT),
    ("guardrail", answering(600), {"serving": {"guardrail": lambda answer, inputs: 1 / 0}}, ACCOUNT),
]


@pytest.mark.parametrize(("reason", "candidate", "settings", "account"), CASES)
def test_for_each_reason_the_legacy_answer_is_served(
    reason: str, candidate: Any, settings: dict[str, Any], account: dict[str, Any]
) -> None:
    observed: list[Observation] = []
    trial = live(candidate, observed, **settings)
    assert trial(account) == score(account)
    (seen,) = observed
    assert (seen.reason, seen.arm, seen.served) == (reason, "legacy", score(account))
    assert seen.detail and reason in REASONS
    assert trial.counts()[f"fallback_{reason}"] == 1


def test_an_answer_like_those_recorded_is_served_as_the_type_that_legacy_returns() -> None:
    observed: list[Observation] = []
    for answer in (600, 600.0, np.int64(600), np.float32(600), np.array([600.0]), Decimal(600)):
        served = live(answering(answer), observed)(ACCOUNT)
        assert served == 600 and type(served) is int
    assert {(seen.arm, seen.reason, seen.served) for seen in observed} == {("candidate", "", 600)}


def test_an_exception_of_legacy_is_what_callers_get() -> None:
    observed: list[Observation] = []
    with pytest.raises(LookupError, match="no such account"):
        live(answering(600), observed)(ACCOUNT | {"broken": True})
    assert (observed[0].reason, observed[0].arm) == ("legacy_raised", "legacy")


def test_without_a_contract_the_type_is_that_of_the_legacy_answer() -> None:
    trial = Experiment("score", score, answering(600.0), "inline", serving=Serving("live"))
    assert type(trial(ACCOUNT)) is int


def test_the_breaker_opens_and_lets_a_probe_through_later() -> None:
    now = [0.0]
    broken = [True]
    breaker = Breaker(failures=3, window=5, cooldown=30, clock=lambda: now[0])

    def candidate(account: dict[str, Any]) -> int:
        if broken:
            raise ValueError("down")
        return 600

    observed: list[Observation] = []
    trial = live(candidate, observed, breaker=breaker)
    assert [trial(ACCOUNT) for _ in range(6)] == [670] * 6
    assert [seen.reason for seen in observed] == ["exception"] * 3 + ["breaker_open"] * 3
    now[0] = 31
    trial(ACCOUNT)
    trial(ACCOUNT)
    assert [seen.reason for seen in observed[6:]] == ["exception", "breaker_open"]  # the wait has doubled
    broken.clear()
    now[0] = 31 + 59
    assert trial(ACCOUNT) == 670
    now[0] = 31 + 61
    assert [trial(ACCOUNT), trial(ACCOUNT)] == [600, 600]
    assert breaker.state == "closed"


def test_it_is_killed_by_a_file_or_the_environment_without_a_restart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [0.0]
    observed: list[Observation] = []
    trial = live(answering(600), observed, kill_file=tmp_path / "kill")
    trial._admission._kill._clock = lambda: now[0]

    def call() -> int:
        now[0] += 1
        return int(trial(ACCOUNT))

    assert call() == 600
    (tmp_path / "kill").touch()
    assert call() == 670 and observed[-1].reason == "killed"
    (tmp_path / "kill").unlink()
    assert call() == 600
    for value, answer in (("other, score", 670), ("other", 600), ("all", 670), ("", 600)):
        monkeypatch.setenv("LEGACY_SEAM_KILL", value)
        assert call() == answer
    shared = tmp_path / "shared"
    monkeypatch.setenv("LEGACY_SEAM_KILL_FILE", str(shared))
    assert call() == 600
    for text, answer in (("", 670), ("other\n", 600), ("other\nscore\n", 670)):
        shared.write_text(text)
        assert call() == answer
    assert trial.counts()["fallback_killed"] == 5


# --- the canary


def test_a_canary_serves_a_share_of_the_keys_and_always_the_same() -> None:
    trial = Experiment("score", score, answering(0), "inline", key="account.id", serving=Serving("canary", 0.2))

    def served() -> set[int]:
        return {number for number in range(500) if trial(ACCOUNT | {"id": number}) == 0}

    first = served()
    assert 60 < len(first) < 140 and served() == first
    trial.serving = Serving("canary", 0.4)
    assert first < served()
    trial.serving = Serving("canary", 0.2, salt="other")
    assert len(first & served()) < 40


def test_who_has_no_key_is_not_in_the_canary() -> None:
    trial = Experiment(
        "score", score, answering(0), "inline", key="account.nothing", serving=Serving("canary", 1.0)
    )
    assert trial(ACCOUNT) == 670
    assert trial.counts()["fallback_not_in_canary"] == 1 and trial.counts()["compared"] == 1


@given(st.text(max_size=10), st.floats(0, 1), st.floats(0, 1))
def test_a_canary_only_ever_grows(key: str, one: float, other: float) -> None:
    small, large = sorted((one, other))
    place = bucket("salt", "score", key)
    assert 0 <= place < 1
    assert not Serving("canary", small).refusal(place) <= "" or not Serving("canary", large).refusal(place)


def test_places_are_even_and_independent_between_experiments() -> None:
    places = sorted(bucket("", "one", str(number)) for number in range(20_000))
    assert (
        max(abs(place - index / 20_000) for index, place in enumerate(places)) < 0.0136
    )  # 1.92/sqrt(n): 1 in 1,000
    both = sum(bucket("", "one", str(n)) < 0.1 and bucket("", "two", str(n)) < 0.1 for n in range(20_000))
    assert 140 < both < 260


def test_places_are_the_same_in_every_process() -> None:
    program = "from legacy_seam.experiment.buckets import bucket; print(bucket('s', 'score', 'straße'))"
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert float(said) == bucket("s", "score", "straße") == 0.2004326444491796


# --- settings, contracts and types


def test_stages_that_make_no_sense_are_refused() -> None:
    with pytest.raises(ValueError, match="shadow, canary or live"):
        Serving("production")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="from 0 to 1"):
        Serving("canary", 5)
    for mode in ("replay", "queue"):
        with pytest.raises(SeamError, match="in which a candidate cannot answer"):
            Experiment("score", score, raising, mode, log=print, serving=Serving("live"))
    trial = Experiment("score", score, raising)
    with pytest.raises(SeamError, match="in which a candidate cannot answer"):
        trial.serving = Serving("live")


def test_a_contract_is_a_file_that_people_edit(tmp_path: Path) -> None:
    CONTRACT.save(tmp_path / "contract.json")
    assert Contract.load(tmp_path / "contract.json") == CONTRACT
    text = (tmp_path / "contract.json").read_text()
    assert (
        '"account.days": {\n      "types": [\n        "int"\n      ],\n      "low": 0,\n      "high": 400\n    }'
        in text
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (None, "There is no contract"),
        ("{", "cannot be read"),
        ("[]", "is not a contract"),
        ('{"format": "legacy-seam contract", "version": 2}', "has version 2"),
        ('{"format": "legacy-seam contract", "version": 1, "inputs": {"a": {"lo": 1}}}', "lo is not known"),
        ('{"format": "legacy-seam contract", "version": 1, "inputs": {"a": {"low": "x"}}}', "low is a number"),
    ],
)
def test_a_contract_that_cannot_be_read_says_why(tmp_path: Path, text: str | None, message: str) -> None:
    path = tmp_path / "contract.json"
    if text is not None:
        path.write_text(text)
    with pytest.raises(SeamError, match=message):
        Contract.load(path)


@pytest.mark.parametrize(
    ("value", "types", "made"),
    [
        (3, ("float",), 3.0), (3.0, ("int",), 3), (np.float64(2.5), ("float",), 2.5), (1, ("bool",), True),
        (np.bool_(True), ("bool",), True), (1.1, ("Decimal",), Decimal("1.1")), ([1], ("tuple",), (1,)),
        (np.array([1, 2]), ("list",), [1, 2]), (np.str_("a"), ("str",), "a"), (None, ("int", "NoneType"), None),
        (3, (), 3), (True, ("int", "bool"), True),
    ],
)  # fmt: skip
def test_answers_become_the_type_that_was_recorded(value: Any, types: tuple[str, ...], made: Any) -> None:
    found = coerced(value, types)
    assert found == made and type(found) is type(made)


def test_whole_numbers_are_rounded_only_if_that_was_said() -> None:
    assert [coerced(value, ("int",), "half_even") for value in (2.5, 3.5, 2.6)] == [2, 4, 3]
    assert coerced(2.9, ("int",), "floor") == 2
    for value, types in ((2.5, ("int",)), (True, ("int",)), ("1", ("int",)), ({}, ("list",)), (2, ("bool",))):
        with pytest.raises(WrongType):
            coerced(value, types)
    with pytest.raises(NotFinite):
        coerced(float("inf"), ("float",))
