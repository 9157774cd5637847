"""Iterators are written with what they have still to give, keep it, and come back as themselves."""

from __future__ import annotations

import array
import asyncio
import collections
import copy
import itertools
import threading
import warnings
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from legacy_seam.values import Allow, Seen, StandInUsed, changes, decode, encode, encode_roots, fingerprint

HERE = Allow.for_modules(__name__)
LETTERS = {"a": 1, "b": 2, "c": 3}


class Pages:
    """What the program reads page by page."""

    def __init__(self, count: int) -> None:
        self.count = count

    def __getitem__(self, number: int) -> int:
        if number >= self.count:
            raise IndexError(number)
        return number


class Loud(map):  # type: ignore[type-arg]
    pass


def after(count: int, iterator: Iterator[Any]) -> Iterator[Any]:
    """The iterator, from which that many items were taken."""
    for _ in range(count):
        next(iterator)
    return iterator


WRITTEN: list[tuple[Callable[[], Any], str]] = [
    (lambda: after(1, iter([1, 2, 3])), "list_iterator([2, 3])"),
    (lambda: iter([]), "list_iterator([])"),
    (lambda: after(1, reversed([1, 2, 3])), "list_reverseiterator([2, 1])"),
    (lambda: after(3, reversed([1, 2, 3])), "list_reverseiterator([])"),
    (lambda: after(1, iter((1, 2))), "tuple_iterator((2,))"),
    (lambda: after(1, iter("abc")), "str_iterator('bc')"),
    (lambda: after(1, iter("äöü")), "str_iterator('öü')"),
    (lambda: after(1, iter(b"abc")), "bytes_iterator(b'bc')"),
    (lambda: after(1, iter(bytearray(b"abc"))), "bytearray_iterator(bytearray(b'bc'))"),
    (lambda: after(1, iter(range(1, 9, 2))), "range_iterator(range(3, 9, 2))"),
    (lambda: after(1, iter({7})), "set_iterator([])"),
    (lambda: iter({"b", "a"}), "set_iterator(['a', 'b'])"),
    (lambda: iter({Pages(1)}), f"set_iterator([{__name__}:Pages(count=1)])"),
    (lambda: after(1, iter(LETTERS)), "dict_keyiterator(['b', 'c'])"),
    (lambda: after(1, iter(LETTERS.values())), "dict_valueiterator([2, 3])"),
    (lambda: after(2, iter(LETTERS.items())), "dict_itemiterator([('c', 3)])"),
    (lambda: after(1, reversed(LETTERS)), "dict_reversekeyiterator(['b', 'a'])"),
    (lambda: after(1, reversed(LETTERS.values())), "dict_reversevalueiterator([2, 1])"),
    (lambda: after(2, reversed(LETTERS.items())), "dict_reverseitemiterator([('a', 1)])"),
    (lambda: after(1, iter(collections.OrderedDict(LETTERS))), "odict_iterator(['b', 'c'])"),
    (lambda: after(1, iter(collections.deque([1, 2, 3]))), "_deque_iterator([2, 3])"),
    (lambda: after(1, reversed(collections.deque([1, 2, 3]))), "_deque_reverse_iterator([2, 1])"),
    (lambda: after(1, iter(array.array("i", [1, 2]))), "arrayiterator(array('i', [2]))"),
    (lambda: after(1, reversed((1, 2, 3))), "reversed((1, 2, 3), state=1)"),
    (lambda: after(2, iter(Pages(4))), f"sequence_iterator({__name__}:Pages(count=4), 2)"),
    (lambda: iter(int, 1), "callable_iterator(builtins:int, 1)"),
    (lambda: after(1, enumerate("ab", 5)), "enumerate(str_iterator('b'), 6)"),
    (lambda: after(1, zip("ab", [1, 2], strict=False)), "zip(str_iterator('b'), list_iterator([2]))"),
    (lambda: zip("a", [1], strict=True), "zip(str_iterator('a'), list_iterator([1]), strict=True)"),
    (lambda: after(1, map(len, ["a", "b"])), "map(builtins:len, list_iterator(['b']))"),
    (lambda: Loud(len, ["a"]), f"{__name__}:Loud(map(builtins:len, list_iterator(['a'])))"),
    (lambda: filter(None, [0, 1]), "filter(None, list_iterator([0, 1]))"),
    (lambda: after(2, itertools.count(3)), "itertools.count(5)"),
    (lambda: after(1, itertools.repeat("x", 3)), "itertools.repeat('x', 2)"),
    (lambda: after(1, itertools.cycle([1, 2])), "itertools.cycle(list_iterator([2]), state=([1], False))"),
    (
        lambda: after(1, itertools.chain([1, 2], [3])),
        "itertools.chain(state=(tuple_iterator(([3],)), list_iterator([2])))",
    ),
    (
        lambda: after(1, itertools.islice([1, 2, 3], 2)),
        "itertools.islice(list_iterator([2, 3]), 1, 2, 1, state=1)",
    ),
    (
        lambda: after(2, itertools.accumulate([1, 2, 3])),
        "itertools.accumulate(list_iterator([3]), None, state=3)",
    ),
    (
        lambda: after(1, itertools.groupby([1, 1, 2])),
        "itertools.groupby(list_iterator([1, 2]), None, state=(1, 1, 1))",
    ),
    (lambda: after(1, itertools.product([1, 2], "a")), "itertools.product((1, 2), ('a',), state=(0, 0))"),
    (
        lambda: after(1, itertools.combinations("abc", 2)),
        "itertools.combinations(('a', 'b', 'c'), 2, state=(0, 1))",
    ),
    (
        lambda: after(1, itertools.zip_longest("ab", [1], fillvalue=9)),
        "itertools.zip_longest(str_iterator('b'), list_iterator([]), state=9)",
    ),
    (
        lambda: after(1, itertools.tee([1, 2])[0]),
        "itertools._tee((), state=(itertools._tee_dataobject(list_iterator([2]), [1], None), 1))",
    ),
    (lambda: itertools.starmap(pow, [(2, 3)]), "itertools.starmap(builtins:pow, list_iterator([(2, 3)]))"),
    (
        lambda: after(1, itertools.dropwhile(bool, [1, 0, 2])),
        "itertools.dropwhile(builtins:bool, list_iterator([2]), state=1)",
    ),
]


@pytest.mark.parametrize(("make", "text"), WRITTEN, ids=[text for _, text in WRITTEN])
def test_what_is_left_is_written_kept_and_comes_back(make: Callable[[], Any], text: str) -> None:
    iterator = make()
    assert encode(iterator, width=None) == text
    back: Any = decode(text, allow=HERE)
    assert encode(back, width=None) == text
    in_order = sorted if text.startswith("set_iterator") else list  # two equal sets may differ in their order
    ahead = in_order(encode(item) for item in itertools.islice(iterator, 6))
    assert in_order(encode(item) for item in itertools.islice(back, 6)) == ahead
    assert encode(back) == encode(iterator)
    if "opaque" not in encode(ahead):
        assert type(back).__name__.replace("_ascii", "") == type(iterator).__name__.replace("_ascii", "")


@given(items=st.lists(st.integers() | st.text()), taken=st.integers(0, 9))
def test_iterators_over_any_items_go_on_where_they_stood(items: list[Any], taken: int) -> None:
    for make in (iter, reversed, enumerate, itertools.cycle, itertools.accumulate, itertools.pairwise):
        kept = items if make is not itertools.accumulate else list(map(str, items))
        iterator, control = make(kept), make(kept)
        for one in (iterator, control):
            collections.deque(itertools.islice(one, taken), 0)
        text = encode(iterator)
        ahead = list(itertools.islice(control, 12))
        if make is not itertools.pairwise:
            assert list(itertools.islice(decode(text), 12)) == ahead  # type: ignore[call-overload]
        assert list(itertools.islice(iterator, 12)) == ahead


def test_iterators_that_share_one_still_share_it() -> None:
    rows = iter(range(6))
    text = encode([zip(rows, rows, strict=False), rows])
    assert text == "[zip(&1 range_iterator(range(0, 6, 1)), *1), *1]"
    back: Any = decode(text)
    pairs, left = back
    assert (next(pairs), list(left)) == ((0, 1), [2, 3, 4, 5])


def test_the_user_is_not_warned_and_filters_stay_as_they_are() -> None:
    rows = itertools.cycle([1, 2])
    for action in ("error", "always", "default", "ignore"):
        with warnings.catch_warnings(record=True) as said:
            warnings.simplefilter(action)
            filters = list(warnings.filters)
            assert encode(rows) == "itertools.cycle(list_iterator([1, 2]), state=([], False))"
            assert next(decode(encode(rows))) == 1  # type: ignore[call-overload]
            assert warnings.filters == filters
        assert said == []


def test_a_container_that_changed_meanwhile_is_told() -> None:
    table = dict(LETTERS)
    keys = after(1, iter(table))
    table["d"] = 4
    assert "an iterator whose container has changed since" in encode(keys)


class Shy:
    """Counts how often its code runs."""

    runs = 0

    def __len__(self) -> int:
        Shy.runs += 1
        return 3

    def __getitem__(self, number: int) -> int:
        Shy.runs += 1
        return number

    def __reduce__(self) -> Any:
        Shy.runs += 1
        return super().__reduce__()


class ShyList(list[Any]):
    def __getitem__(self, place: Any) -> Any:
        Shy.runs += 1
        return super().__getitem__(place)


class ShyMap(map):  # type: ignore[type-arg]
    def __reduce__(self) -> Any:
        Shy.runs += 1
        return super().__reduce__()


def test_no_code_of_the_program_runs() -> None:
    iterators = [reversed(Shy()), iter(Shy()), iter(ShyList([1])), ShyMap(Shy.__len__, [Shy()])]
    Shy.runs = 0
    texts = list(map(encode, iterators))
    assert Shy.runs == 0
    assert "tells its length in its own way" in texts[0]
    assert texts[2] == "list_iterator([1])"


def generated() -> Iterator[int]:
    yield from (1, 2, 3)


def test_what_was_seen_of_a_generator_stands_in_its_place() -> None:
    rows, other = generated(), generated()

    def seen(generator: object) -> Seen | None:
        return Seen((1, [2]), ended=True) if generator is rows else None

    assert encode(rows, seen=seen) == "generator([1, [2]], ended=True)"
    assert encode(rows).startswith("opaque('builtins:generator'")
    assert encode_roots({"rows": rows, "all": [{"rows": rows}], "other": (other,)}, seen=seen) == {
        "rows": "generator([1, [2]], ended=True)",
        "all": "[{'rows': *rows}]",
        "other": "(opaque('builtins:generator', 'a generator: it stands in the middle of its code'),)",
    }
    assert encode({frozenset([rows])}, seen=seen) == "{frozenset({generator([1, [2]], ended=True)})}"
    assert encode([rows, rows], seen=seen) == "[&1 generator([1, [2]], ended=True), *1]"
    assert list(rows) == [1, 2, 3]


def test_it_comes_back_as_a_generator_of_these_items() -> None:
    both: Any = decode("[&1 generator([1, 2], ended=True, returned='end'), *1]")
    assert both[0] is both[1]
    assert [next(both[0]), next(both[1])] == [1, 2]
    with pytest.raises(StopIteration) as stopped:
        next(both[0])
    assert stopped.value.value == "end"


def test_it_gives_the_same_whatever_it_is_sent() -> None:
    rows: Any = decode("generator([None, 1, 2], ended=True)")
    assert [rows.send(None), rows.send(7), rows.send("x")] == [None, 1, 2]


def test_it_ends_as_it_was_seen_to_end() -> None:
    rows: Any = decode(encode(Seen((1,), ended=True, raised=ValueError("bad row"))))
    assert next(rows) == 1
    with pytest.raises(ValueError, match="bad row"):
        next(rows)


def test_more_than_was_seen_is_not_made_up() -> None:
    rows: Any = decode("generator([1, 2], ended=False)")
    assert list(itertools.islice(rows, 2)) == [1, 2]
    with pytest.raises(StandInUsed, match="the recorded call took 2 of its items and no more"):
        next(rows)
    decode("generator([], ended=False)").close()  # type: ignore[attr-defined]


async def awaited(coroutine: Coroutine[Any, Any, object]) -> object:
    return await asyncio.create_task(coroutine)


async def collected(rows: AsyncIterator[object]) -> list[object]:
    return [row async for row in rows]


def test_asynchronous_ones_come_back_likewise() -> None:
    coroutine: Any = decode(encode(Seen((), True, "coroutine", returned={"id": 3})))
    assert asyncio.run(awaited(coroutine)) == {"id": 3}
    rows: Any = decode(encode(Seen((1, 2), True, "async_generator")))
    assert asyncio.run(collected(rows)) == [1, 2]


def test_equal_iterators_have_equal_fingerprints() -> None:
    iterator = after(1, iter([0, 1, 2]))
    assert fingerprint((iterator,)) == fingerprint((copy.copy(iterator),)) == fingerprint((iter([1, 2]),))
    assert fingerprint((iterator,)) != fingerprint((iter([1, 3]),))


def test_several_threads_may_read_at_once() -> None:
    rows = itertools.count()
    failed: list[BaseException] = []

    def read() -> None:
        try:
            for _ in range(300):
                assert encode(rows) == "itertools.count(0)"
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []


def test_what_a_call_took_is_one_change() -> None:
    (change,) = changes(encode(iter([1, 2, 3])), encode(iter([3])), root="rows")
    assert (change.path, change.got) == ("rows", "list_iterator([3])")
