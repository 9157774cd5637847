"""Which calls are kept, how they are made simpler, and which of them are proposed."""

from __future__ import annotations

from collections.abc import Sequence

from explore.calls import call, entry
from legacy_seam.calls import Call, Effect
from legacy_seam.explore.choosing import Sight, choose, worth_reading
from legacy_seam.explore.corpus import MOST_VARIETY, Corpus, Entry, end_of, shape_of
from legacy_seam.explore.shrinking import Recorded, shrink
from legacy_seam.grade.worlds import Met
from legacy_seam.replay.mutation.branches import FIRST_BRANCH
from legacy_seam.replay.searching.novelty import MOST_ON_A_PATH
from legacy_seam.values import parse


def met(branches: set[int], returned: str = "1") -> Met:
    numbers = frozenset(FIRST_BRANCH + one for one in branches)
    return Met(numbers, (Effect("returned", "", returned),))


def letter(number: int) -> Call:
    """Calls of different arguments of one length."""
    return call(a=repr(chr(ord("a") + number)))


def test_kept_is_what_takes_a_new_branch_ends_in_a_new_way_or_gives_another_value() -> None:
    corpus = Corpus()
    whys = [
        None if (one := corpus.take(letter(number), some)) is None else one.why
        for number, some in enumerate(
            (
                met({1, 2}),
                met({1, 2}),
                met({1, 2, 3}),
                met({1, 2}, "'x'"),
                met({1, 2}, "'y'"),
                met({1, 2}, "'y'"),
                Met(refusal="no"),
            )
        )
    ]
    assert whys == ["branch", None, "branch", "outcome", "variety", None, None]


def test_kept_is_the_least_and_the_most_input_of_each_path_as_long_as_it_is() -> None:
    corpus = Corpus()
    for number in (5, 7, 6, 9, 2):
        corpus.take(call(a=str(number)), met({1}))
    assert [(one.call.arguments["a"], one.why) for one in corpus.found()] == [
        ("5", "branch"),
        ("9", "edge"),
        ("2", "edge"),
    ]


def test_kept_is_a_call_that_the_program_may_get_though_a_strange_one_showed_the_same() -> None:
    corpus = Corpus(is_familiar=lambda call: call.arguments["a"].startswith("'"))
    strange, familiar = (corpus.take(call(a=text), met({1, 2})) for text in ("{}", "'x'"))
    assert strange is not None and familiar is not None and familiar.why == "branch"
    assert corpus.take(call(a="[]"), met({1, 2})) is None and corpus.take(call(a="'y'"), met({1, 2})) is None


def test_variety_has_an_end_on_each_path_and_in_all_and_recorded_calls_are_always_kept() -> None:
    corpus, paths = Corpus(), [{n for n in range(7) if number >> n & 1} for number in range(128)]
    corpus.take(letter(0), met(set(range(7)), "0"))
    for number in range(10):
        corpus.take(letter(1), met({1}, str(number + 1)))
    assert sum(one.why == "variety" for one in corpus.found()) == MOST_ON_A_PATH
    for number, path in enumerate(paths):
        corpus.take(letter(1), met(path, str(number + 100)))
    assert sum(one.why == "variety" for one in corpus.found()) == MOST_VARIETY
    assert corpus.take(letter(1), met({1}, "5"), recorded=True) is not None
    assert len(corpus.recorded()) == 1


def test_few_messages_of_one_exception_are_kept() -> None:
    corpus = Corpus()
    raised = [Met(frozenset({1}), (Effect("raised", "", f"ValueError('no {word} here')"),)) for word in "abcdefgh"]
    kept = [corpus.take(letter(number), one) is not None for number, one in enumerate(raised)]
    assert sum(kept) == 4


def test_outcomes_of_one_sort_have_one_shape() -> None:
    def shape(kind: str, text: str) -> str:
        return shape_of([Effect(kind, "", text)])  # type: ignore[arg-type]

    assert (
        shape("raised", "KeyError('a')") == shape("raised", "KeyError('b')") != shape("raised", "ValueError('a')")
    )
    one, other = "ValueError('no number: 7\\n\\nx')", "ValueError('no number: y')"
    assert shape("raised", one) == shape("raised", other)
    assert shape_of([Effect("wrote", "a.txt", "'x'")]) == shape_of([Effect("wrote", "b.txt", "'y'")])
    assert shape("returned", "True") != shape("returned", "False")
    assert shape("returned", "[1, 2]") == shape("returned", "[3]") != shape("returned", "[]")
    assert shape("returned", "5") == shape("returned", "7") != shape("returned", "-7")


def test_which_file_is_written_and_which_item_is_changed_is_no_other_way_to_end() -> None:
    def end(*effects: Effect) -> str:
        return end_of([Effect("returned", "", "1"), *effects])

    wrote = [end(Effect("wrote", name, "'x'")) for name in ("a.txt", "b.txt")]
    items = [end(Effect("changed", f"shop:STOCK[{name!r}]", "1")) for name in ("tea", "cup")]
    logged = [end(*(Effect("logged", str(one), "Log('x')") for one in range(1, last))) for last in (2, 4)]
    assert all(one == other for one, other in (wrote, items, logged))
    assert len({end(), wrote[0], items[0], logged[0], end(Effect("changed", "order.state", "1"))}) == 5


def test_calls_are_made_simpler_as_long_as_they_show_the_same() -> None:
    def meet(calls: Sequence[Call]) -> list[Entry | None]:
        """A function that looks at the first letter of `a`, and whether `n` is above 15."""
        found: list[Entry | None] = []
        for one in calls:
            first, n = parse(one.arguments["a"])[:1], parse(one.arguments["n"])
            found.append(Corpus().take(one, met({ord(first or " "), int(n > 15)})))
        return found

    big = call(a="'quite a long text'", n="90000", other="'never recorded'")
    (start,) = meet([big])
    assert start is not None
    (small,) = shrink([start], meet, Recorded.of([call(other="'as recorded'")]))
    arguments = small.call.arguments
    assert arguments["a"] == "'q'" and arguments["other"] == "'as recorded'"
    assert 15 < parse(arguments["n"]) < 50


def test_letters_of_other_scripts_are_exchanged_where_they_do_not_matter() -> None:
    def meet(calls: Sequence[Call]) -> list[Entry | None]:
        return [Corpus().take(one, met({int(parse(one.arguments["a"])[-2:-1].isdigit())})) for one in calls]

    (start,) = meet([call(a="'\u0663€'")])
    assert start is not None
    (small,) = shrink([start], meet, Recorded())
    assert small.call.arguments["a"] == "'3€'"


def test_parts_of_an_object_are_as_recorded_where_they_do_not_matter() -> None:
    def meet(calls: Sequence[Call]) -> list[Entry | None]:
        return [Corpus().take(one, met({int("days=16" in one.arguments["order"])})) for one in calls]

    (start,) = meet([call(order="rules:Order(days=16, rate=77)")])
    assert start is not None
    (small,) = shrink([start], meet, Recorded.of([call(order="rules:Order(days=3, rate=2)")]))
    assert small.call.arguments["order"] == "rules:Order(days=16, rate=2)"


def test_the_fewest_are_chosen_that_show_everything_the_smallest_first() -> None:
    recorded = [entry({1}, a="0")]
    one, two, both = entry({1, 2}, a="1"), entry({1, 3}, a="2"), entry({1, 2, 3}, a="'a long text'")
    assert choose([one, two, both], recorded) == [both]
    small = entry({1, 2, 3}, a="3")
    assert choose([one, both, small], recorded) == [small]


def test_what_other_cases_of_the_net_show_is_not_shown_again() -> None:
    recorded = [entry({1}, a="0")]
    one, two = entry({1, 2}, a="1"), entry({1, 3}, a="2")
    assert choose([one, two], recorded, one.branches) == [two]


def test_of_calls_that_just_give_other_values_two_are_chosen_that_have_much_in_them() -> None:
    corpus = Corpus()
    texts = ["'a'", "'ab'", "'abc and more'", "'abc and still more'", f"'{'z' * 100}'"]
    found = [one for text in texts if (one := corpus.take(call(a=text), met({1}, text))) is not None]
    chosen = [one.call.arguments["a"] for one in choose(found, [], variety=0, edges=0)]
    assert chosen == ["'a'", "'abc and still more'", "'abc and more'"]


def test_a_case_is_worth_reading_for_one_thing_that_must_not_be_lost_or_for_several_others() -> None:
    both = Sight("both", frozenset({"branch", "end"}), {"bound": 0.1}, size=30)
    one, other = Sight("one", frozenset({"branch"}), {}, size=5), Sight("other", frozenset({"end"}), {}, size=5)
    few, many = Sight("few", frozenset(), {"m1": 1.0}), Sight("many", frozenset(), {"m1": 1.0, "m2": 1.0})
    assert worth_reading([one, other, both, few, many], []) == ["both", "many"]
    present = [one, few, Sight("bound", frozenset(), {"bound": 0.1})]
    assert worth_reading([one, other, both, few, many], present) == ["other"], "m2 alone is not worth it"


def test_what_became_superfluous_by_later_choices_is_left_out_the_large_first() -> None:
    first = Sight("first", frozenset("abcd"), {}, size=9)
    second, third = Sight("second", frozenset("abx"), {}, size=5), Sight("third", frozenset("cdy"), {}, size=5)
    assert worth_reading([first, second, third], []) == ["second", "third"]
