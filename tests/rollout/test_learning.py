"""A contract learnt from recorded calls."""

from __future__ import annotations

import json
import math
from decimal import Decimal
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st

from legacy_seam.cli import commands
from legacy_seam.errors import SeamError
from legacy_seam.experiment import Contract
from legacy_seam.rollout.learning import Learner
from legacy_seam.values import encode, encode_roots

plain = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.decimals(allow_nan=False)
    | st.dates()
    | st.text("abc.", max_size=5)
)
values = plain | st.lists(plain, max_size=2) | st.dictionaries(st.text("xyz.", max_size=3), plain, max_size=3)
inputs_of_calls = st.fixed_dictionaries({"account": values, "day": plain})


@settings(max_examples=30)
@given(st.lists(st.tuples(inputs_of_calls, values), min_size=1, max_size=8))
def test_every_call_that_was_learnt_from_is_within_the_contract(calls: list[tuple[dict[str, Any], Any]]) -> None:
    learner = Learner("rules:score")
    for inputs, answer in calls:
        learner.add(encode_roots(inputs), encode(answer))
    contract = learner.contract()
    json.dumps(contract.as_json())
    for inputs, answer in calls:
        assert contract.check_inputs(inputs) is None
        assert contract.check_output(answer) is None


def learnt(*answers: Any) -> Contract:
    learner = Learner("rules:score")
    for answer in answers:
        learner.add({}, encode(answer))
    return learner.contract()


def test_ranges_are_those_that_were_seen() -> None:
    assert learnt(3, 9).check_output(10) == ("out_of_range", "the result is 10, above 9")
    assert learnt(Decimal("0.1"), Decimal("0.3")).check_output(Decimal("0.1")) is None
    assert learnt(Decimal("0.1"), Decimal("0.3")).check_output(Decimal("0.31")) is not None
    assert learnt(1.0, math.inf).output[""].high is None


def test_few_texts_seen_often_are_categories_and_names_are_not() -> None:
    often = learnt(*["HOLD", "CALL"] * 5)
    assert often.check_output("SUE") == ("unseen_category", "the result is 'SUE', which was never seen")
    names = learnt(*(f"A-{number}" for number in range(30)))
    assert names.check_output("A-99") is None and names.check_output(3) is not None


def test_what_some_calls_lack_may_be_missing() -> None:
    contract = learnt({"a": 1, "b": 2}, {"a": 3})
    assert contract.check_output({"a": 1}) is None
    assert contract.check_output({"b": 2}) == ("schema_violation", "a is missing")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(commands, ["contract", *arguments])


def test_a_contract_is_written_for_people_and_not_overwritten(here: Path) -> None:
    done = run("rules:score", "--json")
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)
    contract = Contract.load(found["file"])
    assert contract.inputs["account.region"].types == ("str",) and contract.output_types == ("int",)
    assert contract.inputs["day"].types == ("date",) and contract.learnt_from["calls"] == 40
    again = run("rules:score")
    assert isinstance(again.exception, SeamError) and "--force" in str(again.exception)
    assert run("rules:score", "--force").exit_code == 0
    objects = run("rules:bonus", "--to", "bonus.json")
    assert objects.exit_code == 0 and "account.number" in objects.stdout


def test_the_contract_is_what_a_gate_holds_answers_against(here: Path) -> None:
    assert run("rules:score", "--to", "score.json").exit_code == 0
    gate = 'target = "rules:score"\ncandidate = "model:score"\ncontract = "score.json"\n'
    (here / "pyproject.toml").write_text(f"[tool.legacy-seam.gate.score]\n{gate}")
    (here / "model.py").write_text("def score(account, day):\n    return 5000\n")
    CliRunner().invoke(commands, ["shadow", "rules:score", "--candidate", "model:score"])
    judged = json.loads(CliRunner().invoke(commands, ["gate", "score", "--json"]).stdout)
    states = {check["name"]: check["state"] for check in judged["checks"]}
    assert states["out of range"] == "FAIL"
