"""Pseudonyms: as long as what they stand for, of the same make-up, the same for the same, and known again."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from legacy_seam.redaction.numbers import card_check_digit, iban_check_digits, is_card, is_iban
from legacy_seam.redaction.pseudonyms import Pseudonyms, is_pseudonym

PSEUDONYMS = Pseudonyms(b"a key")
OTHERS = Pseudonyms(b"another key")

texts = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=60)
passwords = st.text("abcdefghijkmnpqrstuvwxyzABCDEFGH0123456789-_.!", min_size=6, max_size=40)


@st.composite
def cards(draw: st.DrawFn) -> str:
    prefix, length = draw(st.sampled_from([("4", 16), ("4", 13), ("55", 16), ("37", 15), ("6011", 16), ("36", 14)]))
    rest = draw(st.text("0123456789", min_size=length - len(prefix) - 1, max_size=length - len(prefix) - 1))
    return prefix + rest + card_check_digit(prefix + rest)


@st.composite
def ibans(draw: st.DrawFn) -> str:
    country, digits = draw(st.sampled_from([("DE", 18), ("FR", 23), ("NO", 11), ("GB", 18)]))
    account = draw(st.text("0123456789", min_size=digits, max_size=digits))
    return country + iban_check_digits(country, account) + account


def shape(text: str) -> list[str]:
    return [
        "a"
        if one in "abcdefghijklmnopqrstuvwxyz"
        else "A"
        if "A" <= one <= "Z"
        else "0"
        if one.isdecimal()
        else "?"
        for one in text
    ]


@given(texts)
def test_length_is_kept_in_characters_and_in_bytes(secret: str) -> None:
    made = PSEUDONYMS.of(secret)
    assert len(made) == len(secret)
    assert len(made.encode()) == len(secret.encode())


@given(st.text("abcXYZ0189-_ /", min_size=1, max_size=60))
def test_letters_stay_letters_and_separators_stay_where_they_are(secret: str) -> None:
    made = PSEUDONYMS.of(secret)
    if any(map(str.isalnum, secret)) and sum(map(str.isalnum, secret)) > 2:
        assert shape(made) == shape(secret)
        assert [one for one in made if one in "-_ /"] == [one for one in secret if one in "-_ /"]


@given(texts | passwords | cards() | ibans())
def test_the_same_secret_has_one_pseudonym_that_is_never_replaced_again(secret: str) -> None:
    made = PSEUDONYMS.of(secret)
    assert made == PSEUDONYMS.of(secret)
    assert PSEUDONYMS.of(made) == made
    assert OTHERS.of(made) == made


@given(st.lists(st.text("abcdefghijkmnpqrstuvwxyz0123456789", min_size=12, max_size=24), min_size=2, unique=True))
def test_different_secrets_have_different_pseudonyms(secrets: list[str]) -> None:
    assert len({PSEUDONYMS.of(secret) for secret in secrets}) == len(secrets)


def test_no_secret_of_a_thousand_passes_for_a_pseudonym() -> None:
    assert not [secret for secret in (f"pass-word-{number:05}" for number in range(1000)) if is_pseudonym(secret)]


def test_without_the_key_a_pseudonym_tells_nothing() -> None:
    assert PSEUDONYMS.of("hunter2-hunter2") != OTHERS.of("hunter2-hunter2")


@given(cards())
def test_cards_stay_valid_cards_of_their_issuer(number: str) -> None:
    made = PSEUDONYMS.of(number)
    assert is_card(made)
    assert made[:4] == number[:4]
    spaced = f"{number[:4]} {number[4:8]}-{number[8:]}"
    assert PSEUDONYMS.of(spaced).replace(" ", "").replace("-", "") == made


@given(ibans())
def test_ibans_stay_valid_ibans_of_their_country(number: str) -> None:
    made = PSEUDONYMS.of(number)
    assert is_iban(made)
    assert made[:2] == number[:2]


def test_hexadecimal_stays_hexadecimal() -> None:
    made = PSEUDONYMS.of("deadbeef0123456789abcdef00ff11ee")
    assert int(made, 16)
    assert made != "deadbeef0123456789abcdef00ff11ee"


@given(st.emails())
def test_addresses_stay_addresses_nobody_can_own(address: str) -> None:
    made = PSEUDONYMS.of_email(address)
    assert made.count("@") >= 1
    assert made.endswith((".invalid", ".zz"))
    assert PSEUDONYMS.of_email(made) == made


def test_addresses_of_one_domain_share_their_new_one() -> None:
    one, other = PSEUDONYMS.of_email("ann@shop.example.com"), PSEUDONYMS.of_email("bob@shop.example.com")
    assert one.partition("@")[2] == other.partition("@")[2]
    assert len(one) == len("ann@shop.example.com")
    assert one != other
