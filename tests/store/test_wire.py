"""The wire: exact there and back, tolerant of the unknown, plain about what is wrong."""

from __future__ import annotations

from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from legacy_seam.calls import Call, Count, Effect, FileState, Kind, Outcome, Run
from legacy_seam.store import wire
from legacy_seam.store.errors import WireError
from legacy_seam.store.ledger import Finding, State, Verdict
from legacy_seam.targets import Target

texts = st.text(st.characters(exclude_categories=()), max_size=20)
names = texts.filter(lambda text: ":" not in text).filter(bool)
targets = st.builds(Target, names, texts.filter(bool))
instants = st.floats(allow_nan=False, allow_infinity=False)
tallies = st.integers(0, 10**12)
words = st.lists(texts, max_size=3).map(tuple)
values = st.dictionaries(texts, texts, max_size=3)
files = st.lists(st.builds(FileState, texts, st.none() | texts), max_size=3).map(tuple)
effects = st.builds(Effect, st.sampled_from(get_args(Kind)), texts, texts)
outcomes = st.builds(Outcome, st.lists(effects, max_size=4).map(tuple))
calls = st.builds(
    Call,
    target=targets,
    identity=texts,
    arguments=values,
    closure=values,
    state=values,
    instant=instants,
    files=files,
    observed=st.none() | outcomes,
    run=texts,
    defaulted=words,
)
runs = st.builds(
    Run,
    identity=texts,
    command=words,
    directory=texts,
    main=st.none() | st.tuples(texts, texts),
    search_path=words,
    started=instants,
    timezone=texts,
    environment=st.dictionaries(texts, st.none() | texts, max_size=3),
    files=files,
    python=texts,
    platform=texts,
    commit=st.none() | texts,
    imports=st.lists(texts, max_size=2).map(tuple),
)
counts = st.builds(
    Count, tallies, tallies, tallies, tallies, tallies, why=st.dictionaries(texts, tallies, max_size=3)
)
findings = st.builds(Finding, st.none() | targets, texts, texts)
verdicts = st.builds(
    Verdict, targets, st.sampled_from(get_args(State)), tallies, st.none() | texts, st.none() | texts, words
)


def there_and_back(data: object) -> Any:
    line = wire.to_bytes(data)
    assert b"\n" not in line
    return wire.from_bytes(line)


@given(calls)
def test_a_call_comes_back(call: Call) -> None:
    back = wire.call_from_data(there_and_back(wire.call_to_data(call)))
    assert back == call
    assert list(back.arguments) == list(call.arguments)


@given(runs)
def test_a_run_comes_back(run: Run) -> None:
    assert wire.run_from_data(there_and_back(wire.run_to_data(run))) == run


@given(targets, counts)
def test_a_count_comes_back(target: Target, count: Count) -> None:
    assert wire.count_from_data(there_and_back(wire.count_to_data(target, count))) == (target, count)


@given(findings)
def test_a_finding_comes_back(finding: Finding) -> None:
    assert wire.finding_from_data(there_and_back(wire.finding_to_data(finding))) == finding


@given(verdicts)
def test_a_verdict_comes_back(verdict: Verdict) -> None:
    assert wire.verdict_from_data(there_and_back(wire.verdict_to_data(verdict))) == verdict


CALL: dict[str, Any] = {
    "target": "shop.rules:score",
    "identity": "c1",
    "arguments": {"account": "{'id': 7}"},
    "closure": {},
    "state": {},
    "instant": 1_700_000_000.25,
    "files": [{"path": "rates.csv", "digest": None}],
    "observed": [{"kind": "returned", "place": "", "text": "12"}],
    "run": "r1",
    "defaulted": [],
}


def test_keys_of_a_later_version_are_ignored() -> None:
    extended = CALL | {"weather": "fine", "files": [{"path": "rates.csv", "digest": None, "owner": "root"}]}
    assert wire.call_from_data(extended) == wire.call_from_data(CALL)


def test_keys_of_a_later_version_may_be_absent() -> None:
    older = {key: value for key, value in CALL.items() if key not in ("defaulted", "observed")}
    call = wire.call_from_data(older)
    assert (call.defaulted, call.observed) == ((), None)


@pytest.mark.parametrize("key", sorted(CALL.keys() - {"defaulted", "observed"}))
def test_a_missing_key_is_named(key: str) -> None:
    with pytest.raises(WireError, match=f"has no '{key}'"):
        wire.call_from_data({name: value for name, value in CALL.items() if name != key})


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("target", "no colon"),
        ("target", 3),
        ("identity", None),
        ("arguments", [1]),
        ("arguments", {"account": 7}),
        ("instant", True),
        ("instant", float("nan")),
        ("instant", float("-inf")),
        ("instant", 10**400),
        ("instant", "noon"),
        ("files", {}),
        ("files", [{"path": 1, "digest": None}]),
        ("files", ["rates.csv"]),
        ("observed", "12"),
        ("observed", [{"kind": "guessed", "place": "", "text": ""}]),
        ("defaulted", [1]),
        ("run", []),
    ],
)
def test_a_wrong_value_is_named(key: str, value: object) -> None:
    with pytest.raises(WireError, match=r"Stored data has a wrong '\w+'"):
        wire.call_from_data(CALL | {key: value})


@pytest.mark.parametrize("data", [None, [], "call", 3])
def test_anything_else_is_no_call(data: object) -> None:
    with pytest.raises(WireError, match="wrong 'call': expected an object"):
        wire.call_from_data(data)


def test_a_run_with_half_a_main_is_wrong() -> None:
    run = Run("r", ("x.py",), "/", ("x", "x.py"), (), 0.0, "UTC", {}, (), "3.12", "linux")
    with pytest.raises(WireError, match="wrong 'main'"):
        wire.run_from_data({**wire.run_to_data(run), "main": ["x"]})


@pytest.mark.parametrize("seen", [-1, 1.5, True, None])
def test_a_count_is_a_whole_number(seen: object) -> None:
    with pytest.raises(WireError, match="wrong 'seen'"):
        wire.count_from_data({**wire.count_to_data(Target("m", "f"), Count()), "seen": seen})


@pytest.mark.parametrize("line", [b"", b"{", b"\xff\xfe", b"[" * 100_000, b"1" * 10_000])
def test_bytes_that_are_not_json_are_told_as_such(line: bytes) -> None:
    with pytest.raises(WireError, match="not JSON"):
        wire.from_bytes(line)
