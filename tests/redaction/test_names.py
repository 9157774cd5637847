"""Names: what tells of a secret, and what only sounds like it."""

from __future__ import annotations

import pytest

from legacy_seam.redaction.names import (
    Weight,
    holds_number,
    is_likely_secret,
    looks_secret,
    names_in,
    weight_of,
)


@pytest.mark.parametrize(
    "name",
    (
        *("password", "Password", "db_password", "dbPasswordOld", "userpassword", "PGPASSWORD", "passwd", "pwd"),
        *("secret", "client_secret", "SECRET_KEY_BASE", "api_key", "apikey", "X-Api-Key", "apiKey", "privateKey"),
        *("access_token", "authToken", "refresh_token", "AWS_SECRET_ACCESS_KEY", "credentials", "Authorization"),
        *("iban", "card_number", "cardNo", "ccnumber", "cvv", "cvv2", "ssn", "session_id", "password_hash", "sid"),
    ),
)
def test_names_of_secrets_are_known(name: str) -> None:
    assert weight_of(name) is Weight.CERTAIN


@pytest.mark.parametrize("name", ["token", "tokens", "auth", "session", "Cookie", "card", "smtp_pass"])
def test_some_names_need_a_value_that_looks_like_a_secret(name: str) -> None:
    assert weight_of(name) is Weight.LIKELY


@pytest.mark.parametrize(
    "name",
    (
        *(
            "author",
            "authors",
            "tokenizer",
            "max_tokens",
            "token_count",
            "cardinality",
            "discard",
            "password_length",
        ),
        *("has_password", "token_type", "passenger", "compass", "PWD", "secretary", "keyboard", "sidebar", "panel"),
        *("name", "key", "number", "primary_key", "foreign_key", "sort_key", "monkey", "accession", "", "x" * 70),
    ),
)
def test_other_names_are_left_alone(name: str) -> None:
    assert weight_of(name) is None


def test_the_users_own_names_count() -> None:
    assert weight_of("employee_number") is None
    assert weight_of("Employee_Number", ("employee_*",)) is Weight.CERTAIN


@pytest.mark.parametrize("value", ["IDENTIFIER", "<=", "3.14", "1e-5", "basic", "x1", "two words", "", "is_open"])
def test_what_a_parser_calls_a_token_looks_like_no_secret(value: str) -> None:
    assert not looks_secret(value)


@pytest.mark.parametrize("value", ["news,web,daily", "--dry-run", "</section>", "x.append(y)", "don't", "http://"])
def test_words_with_signs_between_them_are_no_secret_where_the_name_leaves_doubt(value: str) -> None:
    assert not is_likely_secret(value)


@pytest.mark.parametrize("value", ["hunter2", "tok_12ab34cd", "averylongsecretword", "ab-cd-e4", "dGhpcyBpcyBh.IA"])
def test_all_else_that_looks_like_one_is(value: str) -> None:
    assert is_likely_secret(value)


@pytest.mark.parametrize("value", ["hunter2", "s3cr3t-t0ken", "averylongsecretword", "dGhpcyBpcyBhIA"])
def test_what_was_drawn_or_chosen_with_care_looks_like_one(value: str) -> None:
    assert looks_secret(value)


def test_numbers_are_secrets_under_names_of_numbers_only() -> None:
    assert holds_number("card_number")
    assert holds_number("ssn")
    assert not holds_number("session_id")


def test_the_words_of_a_text_are_found_that_may_be_names() -> None:
    assert names_in("{'db_password': 'x', 'X-Api-KEY': 1, 'author': 2, 'colour': 3}") == {
        "db_password",
        "X-Api-KEY",
        "author",
    }


def test_of_a_word_without_an_end_only_what_lies_around_the_hint_is_taken() -> None:
    assert names_in("a" * 1000 + "password" + "b" * 1000) == {"a" * 64 + "password" + "b" * 56}
