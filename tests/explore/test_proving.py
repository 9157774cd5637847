"""What is said of the end of a found call: is it refused on purpose, or does it crash?"""

from __future__ import annotations

import ast

import pytest

from legacy_seam.calls import Effect, Outcome
from legacy_seam.explore.proving import is_refused_on_purpose, raised_on_purpose

SHOP = ast.parse(
    """
class Unknown(Exception): pass

def f(x, told):
    if x == 1:
        raise TypeError("cannot take %r as an index" % x)
    if x == 2:
        raise ValueError(f"no {x} is sold here")
    if x == 3:
        raise Unknown(told())
    assert x != 5
    if x == 4:
        raise KeyError(told())
"""
)


@pytest.mark.parametrize(
    ("raised", "is_on_purpose"),
    [
        ("TypeError('cannot take 1.5 as an index')", True),
        ("ValueError('no [] is sold here')", True),
        ("shop:Unknown('whatever')", True),
        ("AssertionError()", True),
        ("TypeError('list indices must be integers')", False),
        ("ValueError('cannot take 1.5 as an index')", False),
        ("KeyError('a')", False),
        ("OSError()", False),
    ],
)
def test_an_end_is_on_purpose_where_the_module_has_its_words_or_its_own_exception(
    raised: str, is_on_purpose: bool
) -> None:
    assert is_refused_on_purpose(Outcome((Effect("raised", "", raised),)), SHOP) is is_on_purpose


def test_what_a_module_raises_or_asserts_is_no_crash() -> None:
    assert raised_on_purpose(SHOP) == {"TypeError", "ValueError", "Unknown", "KeyError", "AssertionError"}


def test_what_returns_is_not_refused() -> None:
    assert not is_refused_on_purpose(Outcome((Effect("returned", "", "1"),)), SHOP)
