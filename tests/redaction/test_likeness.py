"""Two texts that part only by pseudonyms say the same; all else does not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from legacy_seam.redaction.likeness import are_same_but_for_pseudonyms
from legacy_seam.redaction.pseudonyms import Pseudonyms

ONE, OTHER = Pseudonyms(b"one"), Pseudonyms(b"other")
secrets = st.text("abcdefghijkmnpqrstuvwxyzABCDEFGH0123456789-_.!", min_size=6, max_size=40)
FORMS = ["{!r}", "shop:Login(name='ann', token={!r})", "'Bearer {}'", "'postgres://me:{}@db/x'", "['a', {!r}, 3]"]


@pytest.mark.parametrize("form", FORMS)
@given(secrets)
def test_one_secret_under_two_keys(form: str, secret: str) -> None:
    assert are_same_but_for_pseudonyms(form.format(ONE.of(secret)), form.format(OTHER.of(secret)))


@given(st.from_regex(r"[a-z0-9.+_-]{1,12}@[a-z0-9-]{1,12}\.(org|co)", fullmatch=True))
def test_one_address_under_two_keys(address: str) -> None:
    one, other = (f"'to {keys.of_email(address)}, now'" for keys in (ONE, OTHER))
    assert are_same_but_for_pseudonyms(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("'open'", "'paid'"),
        ("'ann@example.org'", "'bob@example.org'"),
        (repr(ONE.of_email("ann@example.org")), "'ann@example.org'"),
        (f"[{ONE.of('Tr0ub4dor')!r}, 1]", f"[{OTHER.of('Tr0ub4dor')!r}, 2]"),
        (f"[{ONE.of('Tr0ub4dor')!r}]", f"[{OTHER.of('Tr0ub4dor')!r}, {OTHER.of('Tr0ub4dor')!r}]"),
    ],
)
def test_what_parts_by_anything_else(one: str, other: str) -> None:
    assert not are_same_but_for_pseudonyms(one, other)
