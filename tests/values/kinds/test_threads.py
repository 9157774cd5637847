"""The number of the thread at work: written as what it is, and another one where it is read."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import get_ident

import pytest

from legacy_seam.values import decode, encode
from legacy_seam.values.changes import changes
from legacy_seam.values.writing import encode_roots

pytestmark = pytest.mark.skipif(get_ident() < 1 << 32, reason="threads have small numbers here")


def test_connections_are_kept_under_the_thread_wherever_it_runs() -> None:
    text = encode({get_ident(): "connection", 7: [get_ident(), get_ident() + 1]})
    assert text == f"{{this_thread(): 'connection', 7: [this_thread(), {get_ident() + 1}]}}"
    with ThreadPoolExecutor() as pool:
        other, held = pool.submit(lambda: (get_ident(), decode(text))).result()
    assert held == {other: "connection", 7: [other, get_ident() + 1]}


def test_numbers_of_other_threads_are_numbers() -> None:
    with ThreadPoolExecutor() as pool:
        other = pool.submit(get_ident).result()
    assert encode_roots({"one": other, "mine": get_ident()}) == {"one": str(other), "mine": "this_thread()"}


def test_a_text_that_holds_the_number_stays_a_text() -> None:
    assert decode(encode(f"<Thread {get_ident()}>")) == f"<Thread {get_ident()}>"


def test_what_changes_under_it_is_told_at_its_place() -> None:
    before, after = encode({get_ident(): 1}), encode({get_ident(): 2})
    assert [(one.path, one.got) for one in changes(before, after, root="self")] == [("self[this_thread()]", "2")]
