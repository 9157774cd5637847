"""What differs, as few lines as tell the whole."""

from __future__ import annotations

from pathlib import Path

from legacy_seam.calls import Call, Case, Difference, Outcome
from legacy_seam.golden.compare import CaseDifference
from legacy_seam.golden.master import GoldenMaster
from legacy_seam.golden.verify import Status, Verification
from legacy_seam.report.differences import MOST_LINES, headline, in_full, shorten, shorten_both, summarize
from legacy_seam.targets import Target


def failed(name: str = "score", cases: int = 2_000, differing: int = 50, ways: int = 3) -> Verification:
    target = Target("shop.rules", name)
    calls = [Call(target, f"{n:012x}", {"late": str(n)}, {}, {}, 0.0, (), None, "r") for n in range(cases)]
    found = [
        CaseDifference(call.identity, Difference(f"changed acct[{way!r}]", str(number), str(number + 1)))
        for number, call in enumerate(calls[:differing])
        for way in range(ways)
        if way == number % ways
    ]
    received = GoldenMaster(target, tuple(Case(call, Outcome(())) for call in calls))
    return Verification(target, Path("x"), "failed", cases, differing, tuple(found), received=received)


def other(name: str, status: Status, problem: str | None = None) -> Verification:
    return Verification(Target("shop.rules", name), Path("x"), status, 3, problem=problem)


def test_fifty_of_two_thousand_cases_in_three_ways_take_no_more_than_a_screen() -> None:
    lines = summarize([failed(ways=3)])

    assert len(lines) <= MOST_LINES
    text = "\n".join(lines)
    assert "50 of 2000 cases differ, in 1 way" in text or "50 of 2000 cases differ, in 3 ways" in text
    assert "given" in text
    assert "expected 0" in text


def test_ways_that_do_not_fit_are_counted() -> None:
    one = failed(differing=90, ways=30)
    ways = len(one.groups)

    lines = summarize([one])

    assert len(lines) <= MOST_LINES
    shown = sum(line.strip().startswith(f"{number}. ") for line in lines for number in range(1, ways + 1))
    assert shown == ways or f"… and {ways - shown} more ways" in "\n".join(lines)


def test_golden_masters_that_do_not_fit_are_counted_and_named() -> None:
    lines = summarize([failed(f"f{number}") for number in range(100)])

    assert len(lines) <= MOST_LINES + 1
    named = sum("cases differ" in line for line in lines)
    assert f"… and {100 - named} more golden masters" in lines[-1]


def test_what_holds_takes_no_line_and_errors_take_one() -> None:
    lines = summarize([other("a", "passed"), other("b", "error", "it is not there any more")])

    assert lines == ["shop.rules:b: could not be verified: it is not there any more"]
    assert headline(other("a", "passed")) == "shop.rules:a: 3 cases hold"


def test_a_long_value_says_how_much_was_left_out() -> None:
    assert shorten("x" * 500, 100) == "x" * 100 + "… (400 more characters)"
    assert shorten("short") == "short"


def test_the_file_has_every_difference_of_every_case() -> None:
    text = in_full([failed(), other("a", "passed")])

    assert text.count("  case ") == 50
    assert "shop.rules:a" not in text


def test_long_texts_are_shown_where_they_part() -> None:
    before, after = (repr("a" * 500 + middle + "z" * 500) for middle in ("abcX", "abcY"))
    expected, got = shorten_both(before, after, 40)
    assert "abcXzzz" in expected
    assert "abcYzzz" in got
    assert expected.endswith("… (parts at character 505 of 1006)")


def test_texts_that_part_early_are_shown_from_their_beginning() -> None:
    expected, got = shorten_both("x" * 5 + "1" * 100, "x" * 5 + "2" * 100, 40)
    assert expected.startswith("xxxxx1111")
    assert got.endswith("… (65 more characters)")
    assert shorten_both("short", "shorter", 40) == ("short", "shorter")
