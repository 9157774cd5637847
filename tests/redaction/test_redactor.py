"""The redactor: calls and runs without their secrets."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from legacy_seam.calls import Answer, Call, Effect, Outcome, Run, Step
from legacy_seam.redaction import Redactor, Rules
from legacy_seam.redaction.gate import Gate
from legacy_seam.targets import Target
from legacy_seam.values import encode, parse

SECRET = "hunter2-Secret"


def call(**parts: object) -> Call:
    plain: dict[str, object] = {
        "target": Target.parse("shop:pay"),
        "identity": "x",
        "arguments": {},
        "closure": {},
        "state": {},
        "instant": 0.0,
        "files": (),
        "observed": None,
        "run": "r",
    }
    return Call(**{**plain, **parts})  # type: ignore[arg-type]


def test_a_call_is_covered_wherever_its_secret_turns_up() -> None:
    redacted = Redactor(b"k").call(
        call(
            arguments={"message": encode(f"for {SECRET}!"), "password": encode(SECRET)},
            closure={"api_key": encode("abcd-1234")},
            state={"shop:SECRET_KEY": encode("zyxw-9876"), "shop:TABLE": "[1, 2]"},
            driven=(Step("send", encode({"token": "tok-12345678"})),),
            observed=Outcome(
                (
                    Effect("raised", "", encode(ValueError(f"no {SECRET}"))),
                    Effect("changed", "acct.password", encode("other-4711")),
                    Effect("changed", "users['bob@shop.example.com']", "1"),
                )
            ),
        )
    )
    assert not [
        s for s in (SECRET, "abcd-1234", "zyxw-9876", "tok-1234", "other-4711", "bob@") if s in str(redacted)
    ]
    assert redacted.state["shop:TABLE"] == "[1, 2]"
    pseudonym = parse(redacted.arguments["password"])
    assert pseudonym in redacted.arguments["message"]


def test_what_holds_no_secret_is_not_touched_at_all() -> None:
    plain = call(arguments={"lines": encode([{"sku": "AB-12", "price": 12.5}])}, observed=Outcome(()))
    assert Redactor(b"k").call(plain) is plain


def test_redacting_again_changes_nothing() -> None:
    once = Redactor(b"k").call(call(arguments={"password": encode(SECRET), "mail": encode("bob@shop.example.com")}))
    assert Redactor.public().call(once) == once


def test_what_becomes_of_outcomes_does_not_depend_on_those_before_them() -> None:
    named = Outcome((Effect("returned", "", encode({"password": SECRET})),))
    bare = Outcome((Effect("returned", "", encode([SECRET])),))
    redactor = Redactor.public()

    alone = redactor.outcome(bare)

    assert SECRET not in redactor.outcome(named).effects[0].text
    assert redactor.outcome(bare) == alone == bare


def test_secrets_of_the_surroundings_are_known_in_what_is_recorded_later() -> None:
    redactor = Redactor(b"k")
    redactor.learn({"DB_PASSWORD": SECRET, "HOME": "/home/ann"}, ["main.py", "--api-key", "abcd-12345"])
    redacted = redactor.values({"text": encode(f"{SECRET} abcd-12345 /home/ann")})
    assert SECRET not in redacted["text"]
    assert "abcd-12345" not in redacted["text"]
    assert "/home/ann" in redacted["text"]


def test_the_surroundings_of_a_run_are_covered() -> None:
    run = Run(
        "r",
        ("main.py", "--password", SECRET),
        "/",
        None,
        (),
        0.0,
        "UTC",
        {"API_KEY": SECRET, "X": None},
        (),
        "",
        "",
    )
    answers = (Answer("db:connect('x')", "returned", encode(f"token={SECRET}"), "", {}),)
    redacted = Redactor(b"k").run(replace(run, answers=answers))
    assert SECRET not in str(redacted)
    assert redacted.answers[0].question == answers[0].question
    assert redacted.environment["X"] is None
    assert redacted.command[:2] == ("main.py", "--password")
    assert redacted.command[2] == redacted.environment["API_KEY"]


def test_redaction_can_be_switched_off() -> None:
    plain = call(arguments={"password": encode(SECRET)})
    assert Redactor(b"k", Rules(enabled=False)).call(plain) is plain


def test_the_key_is_asked_for_when_it_is_needed() -> None:
    def fail() -> bytes:
        raise OSError("no key")

    redactor = Redactor(fail)
    assert redactor.values({"a": "[1]"}) == {"a": "[1]"}
    with pytest.raises(OSError, match="no key"):
        redactor.values({"password": "'abcdefg'"})


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20) | st.binary(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=12,
)


@given(values)
def test_any_value_stays_readable_and_settles_at_once(value: object) -> None:
    redactor = Redactor(b"k")
    once = redactor.values({"secret_thing": encode(value)})
    parse(once["secret_thing"])
    assert redactor.values(once) == once


@given(st.dictionaries(st.sampled_from(["password", "name", "api_key", "note"]), st.text("abc123@. -", min_size=8)))
def test_equal_secrets_stay_equal_and_lengths_stay(value: dict[str, str]) -> None:
    redacted = parse(Redactor(b"k").values({"row": encode(value)})["row"])
    assert {key: len(text) for key, text in redacted.items()} == {key: len(text) for key, text in value.items()}


@pytest.mark.parametrize(
    "text",
    [
        "'bob@x.org'",
        "{'password': 1}",
        "'4111 1111 1111 1111'",
        "'NL91ABNA0417164300'",
        "apiKey='x'",
        "'sk_live_a1b2c3d4e5'",
    ],
)
def test_the_gate_lets_secrets_through(text: str) -> None:
    assert Gate().lets_through(text)
    assert Gate().lets_through("[1, 2, 3, 'abc']," * 50 + text)


def test_the_gate_stops_ordinary_data() -> None:
    assert not Gate().lets_through(
        "[{'sku': 'AB-12', 'price': Decimal('12.50'), 'qty': 3, 'city': 'Hamburg'}]" * 50
    )
    assert Gate(("employee_*",)).lets_through("{'employee_number': 3}")
