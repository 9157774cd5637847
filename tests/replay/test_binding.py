from collections.abc import Callable
from typing import Any

import pytest

from legacy_seam.replay.batch import Refused
from legacy_seam.replay.binding import bind


def spread(function: Any, given: dict[str, Any], defaulted: tuple[str, ...] = ()) -> tuple[Any, ...]:
    binding = bind(function, list(given), defaulted)
    positional, keywords = binding.spread(given)
    return positional, keywords, binding.notes


def f(a: int, /, b: int, *args: int, c: int = 3, **rest: int) -> None: ...
def plain(a: int, b: int = 2, c: int = 3) -> None: ...
def only(*, a: int, b: int = 2) -> None: ...
def method(self: object, total: int) -> None: ...


@pytest.mark.parametrize(
    ("function", "given", "defaulted", "expected"),
    [
        (f, {"a": 1, "b": 2, "args": (3,), "c": 4, "rest": {"d": 5}}, (), ((1, 2, 3), {"c": 4, "d": 5}, ())),
        (plain, {"a": 1, "c": 5}, ("b",), ((1,), {"c": 5}, ())),
        (plain, {"a": 1}, ("b", "c"), ((1,), {}, ())),
        (plain, {"a": 1}, ("b",), ((1,), {}, ("parameter c was added since",))),
        (plain, {"x": 1, "b": 2, "c": 3}, (), ((1, 2, 3), {}, ("parameter x is now called a",))),
        (only, {"a": 1}, ("b",), ((), {"a": 1}, ())),
        (method, {"self": "s", "amount": 3}, (), (("s", 3), {}, ("parameter amount is now called total",))),
    ],
)
def test_arguments_find_their_parameters(
    function: Callable[..., None], given: dict[str, Any], defaulted: tuple[str, ...], expected: tuple[Any, ...]
) -> None:
    assert spread(function, given, defaulted) == expected


@pytest.mark.parametrize(
    ("function", "given"),
    [(plain, {"a": 1, "b": 2, "c": 3, "d": 4}), (plain, {"b": 2}), (only, {"b": 1}), (only, {"a": 1, "z": 2})],
)
def test_arguments_without_a_parameter_and_parameters_without_an_argument(
    function: Callable[..., None], given: dict[str, Any]
) -> None:
    with pytest.raises(Refused) as refused:
        bind(function, list(given), ())  # type: ignore[arg-type]
    assert refused.value.kind == "signature"
