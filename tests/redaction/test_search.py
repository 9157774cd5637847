"""The search: what is found in texts and values, by name and by pattern, and what is left alone."""

from __future__ import annotations

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from legacy_seam.redaction.redactor import Redactor
from legacy_seam.redaction.rules import Rules
from legacy_seam.redaction.search import Place, Search
from legacy_seam.values import encode, parse

JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5NqXgL0n3I9PlFUP0THsR8U"
PEM = "-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA7bq\nabc+/==\n-----END RSA PRIVATE KEY-----\n"


def found(text: str, **rules: tuple[str, ...]) -> list[str]:
    """The secrets in a text in the notation."""
    secrets: list[str] = []

    def cover(rule: str, secret: str, where: str) -> str:
        secrets.append(secret)
        return secret

    Search(Rules(**rules), cover, target="shop:pay").tree(parse(text), Place())  # type: ignore[arg-type]
    return secrets


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("{'user': 'bob', 'password': 'hunter2'}", "hunter2"),
        ("[{'a': [{'Api-Key': 'k2'}]}]", "k2"),
        ("shop:User(name='Ann', secret='x1')", "x1"),
        ("shop:Point(x=1, client_secret=b'abc')", "abc"),
        ("{'passwords': {'bob': 'swordfish'}}", "swordfish"),
        ("{'secrets': ['one', 2]}", "one"),
        ("[('Authorization', 'Bearer abc-123'), ('Accept', 'text/html')]", "abc-123"),
        ("(b'X-Api-Key', b'abc-1234')", "abc-1234"),
        ("['--user', 'bob', '--password', 'hunter2']", "hunter2"),
        ("['--password=hunter2']", "hunter2"),
        ("{'auth': ('bob', 'swordfish')}", "swordfish"),
        ("{'cookie': 'sid=abc123def; theme=dark'}", "abc123def"),
        ("{'token': 'tok_12ab34cd'}", "tok_12ab34cd"),
        ("{'ssn': 123456789}", "23456789"),
        ("{'card_number': '1234-5678'}", "1234-5678"),
        ("4111111111111111", "4111111111111111"),
        ("'card 4111 1111 1111 1111.'", "4111 1111 1111 1111"),
        ("'3782-822463-10005'", "3782-822463-10005"),
        ("'to DE89 3704 0044 0532 0130 00 NOW'", "DE89 3704 0044 0532 0130 00"),
        ("'NL91ABNA0417164300'", "NL91ABNA0417164300"),
        ("'mail Bob.Smith+x@shop.example.com, please'", "Bob.Smith+x@shop.example.com"),
        ("{'bob@shop.example.com': 1}", "bob@shop.example.com"),
        ("b'bob@shop.example.com'", "bob@shop.example.com"),
        (f"'token {JWT}'", JWT.partition(".")[2]),
        (encode(PEM), "\nMIIEpAIBAAKCAQEA7bq\nabc+/==\n"),
        ("'postgres://me:hunter2@db/shop'", "hunter2"),
        ("'key AKIAIOSFODNN7EXAMPLE'", "IOSFODNN7EXAMPLE"),
        ("'ghp_abcdefghijklmnopqrstuvwxyz0123456789'", "abcdefghijklmnopqrstuvwxyz0123456789"),
        ("'xoxb-1234567890-abcdefGHIJ'", "1234567890-abcdefGHIJ"),
        ("'sk_live_abcDEF123456'", "abcDEF123456"),
        ("'Bearer abcdef123456'", "abcdef123456"),
        ("'Authorization: Basic dXNlcjpwYXNzd29yZA=='", "dXNlcjpwYXNzd29yZA=="),
        ("'login failed: password=hunter2; user=bob'", "hunter2"),
        ("'https://h/?user=bob&api_key=abc&x=1'", "abc"),
        ('\'{"user": "bob", "password": "hunter2"}\'', "hunter2"),
        ("\"wrong password 'hunter2'\"", "hunter2"),
        ("'curl --api-token abc123 x'", "abc123"),
        ("ValueError('password: hunter2')", "hunter2"),
        ("&1 {'password': 'hunter2', 'me': *1}", "hunter2"),
    ],
)
def test_secrets_are_found(text: str, secret: str) -> None:
    assert secret in found(text)


@pytest.mark.parametrize(
    "text",
    [
        "[1706745600, 1706745600000, 1706745600000000, 1706745600000000000]",
        "['2024-01-31 12:00:00.123456', '+49 30 1234567890', '030 / 12 34 56 78 90', '4.111111111111111']",
        "[0.4111111111111111, 41111111111111.11, 4111111111111112, '4111-1111', '20240131-0000-4711']",
        "'9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08'",
        "UUID('12345678-1234-5678-1234-567812345678')",
        "{'tokens': ['if', 'NUMBER', '<=', '12', '3.14', 'foo'], 'token': 'IDENT'}",
        "('password', 'username')",
        "['password', 'username', 'email']",
        "'password: must be at least 8 characters'",
        "'enter your password: '",
        "'select * from users where password = ? and token = :token'",
        "'password=%s' ",
        "{'max_tokens': 100, 'password_length': 12, 'author': 'Ann Smith 1', 'cardinality': 'many1'}",
        "'@dataclass def f(x): return x @ y'",
        "'a@b 3@4 x@y.1'",
        "'kx@uzhkiu.invalid'",
        "{'password': ''}",
        "{'password': None, 'secret': True, 'api_key': '***'}",
        "opaque('socket:socket', 'an open socket')",
        "'Basic understanding of tokens'",
        "'sqlalchemy.orm.session:Session.scalar auth.token:verify(1), session:UserSession._py too'",
    ],
)
def test_other_things_are_left_alone(text: str) -> None:
    assert found(text) == []


def test_the_secret_of_a_key_is_looked_for_beside_it_only() -> None:
    secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
    assert found(f"['{secret}']") == []
    assert secret in found(f"['AKIAIOSFODNN7EXAMPLE', '{secret}']")


def test_the_users_own_rules_count() -> None:
    assert found("{'employee': 'E-17'}", names=("employ*",)) == ["E-17"]
    assert found("'see EMP-123456 there'", patterns=("EMP-[0-9]{6}",)) == ["EMP-123456"]
    assert found("'see EMP-123456 there'", patterns=("EMP-([0-9]{6})",)) == ["123456"]


def test_what_the_user_keeps_is_kept() -> None:
    assert found("'bob@shop.example.com'", keep=("email",)) == []
    assert found("{'session_id': 'abc-123'}", keep=("session_*",)) == []
    assert found("{'x': {'secret': 'abc-123'}}", keep=("shop:pay.x.secret",)) == []
    assert found("{'x': {'secret': 'abc-123'}}", keep=("shop:*.secret",)) == []
    assert found("{'x': {'secret': 'abc-123'}}", keep=("other:*.secret",)) == ["abc-123"]


def test_values_may_be_deeper_than_the_stack() -> None:
    depth = sys.getrecursionlimit() * 3
    assert found("[" * depth + "{'password': 'hunter2'}" + "]" * depth) == ["hunter2"]


@given(st.integers(min_value=0, max_value=10**12) | st.floats(allow_nan=False) | st.datetimes() | st.timedeltas())
def test_ordinary_numbers_and_moments_are_no_secrets(value: object) -> None:
    assert found(encode(value)) == []
    assert found(encode(str(value))) == []


@pytest.mark.parametrize(
    "text",
    [
        "shop:Maker(iban=method(shop:Bank(country='GB'), 'iban'), password=method(shop:Misc(), 'password'))",
        "{'secret_log': getLogger('shop.payments')}",
        "shop:Call(token=closure('shop:make.<locals>.token', 0, {'length': 8}, None, None))",
    ],
)
def test_names_of_methods_loggers_and_functions_are_no_secrets_under_the_name_of_one(text: str) -> None:
    assert found(text) == []


def test_what_a_method_of_a_secret_is_called_on_is_one() -> None:
    assert found("{'password': method('hunter2', 'upper')}") == ["hunter2"]


def test_a_secret_that_is_its_own_name_is_not_covered_where_it_stands_as_a_name() -> None:
    search = Search(Rules(), lambda rule, secret, where: "*", target="shop:pay")
    covered = search.tree(parse("{'password': 'password', 'token': 'tok_12ab34cd'}"), Place())
    assert covered == {"password": "*", "token": "*"}
    assert list(search.met) == ["tok_12ab34cd"]


def test_a_string_in_which_nothing_was_found_is_a_secret_under_the_name_of_one() -> None:
    assert found("['hunter2x', {'password': 'hunter2x'}, 'hunter2x']") == ["hunter2x"]


def test_a_search_for_other_secrets_looks_again_at_strings_in_which_nothing_was_found() -> None:
    redactor = Redactor(b"a key")
    assert redactor.values({"token_count": "{'note': 'by hunter2x'}"}) == {"token_count": "{'note': 'by hunter2x'}"}
    assert "hunter2x" not in redactor.values({"password": "'hunter2x'"})["password"]
    assert "hunter2x" not in redactor.values({"token_count": "{'note': 'by hunter2x'}"})["token_count"]
