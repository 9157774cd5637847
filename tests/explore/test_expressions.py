"""Regular expressions that are like one, and calls that tell them apart."""

from __future__ import annotations

import re
import time
from itertools import count

import pytest

from explore.calls import call
from legacy_seam.calls import Effect
from legacy_seam.explore.corpus import Corpus
from legacy_seam.explore.expressions import Expressions, telling_texts, variants_of
from legacy_seam.explore.ideas import matching
from legacy_seam.grade.worlds import Met
from legacy_seam.replay.searching.relations import is_branch, is_step
from legacy_seam.values import parse

SEPARATOR = r"\d*([.,€])(?:\d{1,2}?|\d{4}\d*?)$"


@pytest.mark.parametrize(
    ("pattern", "others"),
    [
        (r"a{2,3}", {"a{3,3}", "a{1,3}", "a{2,4}", "a{2,2}", "a"}),
        (r"\s+x$", {"[ ]+x$", r"\s*x$", r"\s+x"}),
        (r"[^%\d]|b", {r"[^\d]|b", r"[^%]|b", r"[^%\d]", "b"}),
        ("x(?:ab|cd|e)", {"x(?:cd|e)", "x(?:ab|e)", "x(?:ab|cd)"}),
        ("ab", set()),
    ],
)
def test_expressions_that_are_like_one_have_a_repetition_a_set_or_an_anchor_otherwise(
    pattern: str, others: set[str]
) -> None:
    assert {one.pattern for one in variants_of(re.compile(pattern)).others} == others


def test_a_few_short_texts_tell_an_expression_from_all_that_are_like_it_and_differ() -> None:
    pattern = re.compile(SEPARATOR)
    texts = telling_texts(pattern, tuple(matching(pattern, 1)), 1)

    variants = variants_of(pattern)
    told = set[int]().union(*map(variants.told_by, texts))
    untold = {variants.others[place].pattern for place in set(range(len(variants.others))) - told}

    assert len(texts) < 10 and all(len(one) <= 24 for one in texts)
    assert untold == {SEPARATOR.replace("2}?", "2}"), SEPARATOR.replace(r"\d*?)", r"\d*)")}, (
        "nothing tells these apart"
    )


def test_calls_are_made_of_recorded_ones_that_tell_expressions_apart_wherever_a_text_stands() -> None:
    pattern = re.compile("[AB]-[0-9]+")
    known = Expressions.of([(pattern, ["A-1", "B-22"]), (re.compile("x"), ["x"])])
    recorded = call(order="shop:Order(number='C-1', lines=[5])", strict="True")

    made = known.calls([recorded], 1)

    notes = [known.notes(one.arguments) for one in made]
    assert made and all(notes)
    assert set(known.notes({"number": "'A-1'"})) <= set().union(*notes)
    assert all(parse(one.arguments["order"]).attributes["lines"] == [5] for one in made)
    assert not any(is_branch(one) or is_step(one) for some in notes for one in some)


def test_an_expression_that_takes_long_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    known = [(re.compile("[ab]{2}$"), ["ab"])]
    slow, quick = Expressions.of(known), Expressions.of(known)
    clock = count(0.0, 0.4)
    with monkeypatch.context() as patch:
        patch.setattr(time, "process_time", lambda: next(clock))
        for number in range(6):
            slow.notes({"text": repr("-" * number)})

    assert quick.notes({"text": "'aaa'"})
    assert not slow.notes({"text": "'aaa'"})


def test_what_tells_an_expression_takes_the_place_of_what_it_found() -> None:
    known = Expressions.of([(re.compile(r"\s+"), [" "])])

    made = known.calls([call(text="'1 298,00'", unit="'kg'"), call(text="'2 000'", unit="'t'")], 1)

    texts = [parse(one.arguments["text"]) for one in made]
    assert any(re.fullmatch(r"(1|2)\s*[\t\n]\s*(298,00|000)", one) for one in texts)
    assert {one.arguments["unit"] for one in made} >= {"'kg'", "'t'"}, "other arguments are as in several calls"


def test_a_call_is_kept_for_what_it_tells_of_an_expression_and_another_that_tells_the_same_is_not() -> None:
    known, corpus = Expressions.of([(re.compile("a{2}"), ["aa"])]), Corpus()
    met = Met(frozenset({1 << 40}), (Effect("returned", "", "1"),))

    def is_kept(text: str) -> bool:
        made = call(text=repr(text))
        return corpus.take(made, met, notes=known.notes(made.arguments)) is not None

    assert [is_kept("-----"), is_kept("aa"), is_kept("aa-"), is_kept("a"), is_kept("a--")] == [
        True,
        True,
        False,
        True,
        False,
    ]
