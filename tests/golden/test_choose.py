"""Which calls become cases."""

from __future__ import annotations

import random

from legacy_seam.calls import Call, Effect, Outcome
from legacy_seam.golden.choose import choose
from legacy_seam.store.pieces import Sizes
from legacy_seam.targets import Target


def call(number: int, *, text: str = "1", returned: str = "1", kind: str = "returned") -> Call:
    return Call(
        target=Target("shop.rules", "score"),
        identity=f"{number:012x}",
        arguments={"late": text},
        closure={},
        state={},
        instant=0.0,
        files=(),
        observed=Outcome((Effect("raised" if kind == "raised" else "returned", "", returned),)),
        run="r",
    )


def no_pieces(digest: str) -> bytes:
    raise KeyError(digest)


SIZES = Sizes(no_pieces)


def test_every_sort_of_outcome_is_present_however_rare() -> None:
    calls = [call(number, returned=str(number)) for number in range(500)]
    calls.append(call(999, kind="raised", returned="builtins:ValueError('x')"))

    assert calls[-1] in choose(calls, SIZES, 2, 10_000)


def test_the_order_of_the_calls_does_not_matter() -> None:
    calls = [call(number, returned="'x'" if number % 3 else "7") for number in range(50)]
    shuffled = random.Random(7).sample(calls, len(calls))

    assert choose(calls, SIZES, 10, 10_000) == choose(shuffled, SIZES, 10, 10_000)


def test_no_more_cases_than_asked_for_and_sorted() -> None:
    chosen = choose([call(number) for number in range(50)], SIZES, 10, 10_000)

    assert [one.identity for one in chosen] == sorted(one.identity for one in chosen)
    assert len(chosen) == 10


def test_small_ones_first_and_none_beyond_the_room_for_characters() -> None:
    calls = [call(1, text="'" + "x" * 5_000 + "'"), call(2), call(3)]

    assert choose(calls, SIZES, 10, 100) == calls[1:]


def test_one_is_chosen_however_large() -> None:
    calls = [call(1, text="'" + "x" * 5_000 + "'")]

    assert choose(calls, SIZES, 10, 100) == calls
