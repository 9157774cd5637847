"""Large texts in pieces."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from legacy_seam.store.blobs import Blobs, digest_of
from legacy_seam.store.pieces import LIMIT, cut, digests, join, join_all
from legacy_seam.values import encode

values = st.recursive(
    st.integers() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=8) | st.dictionaries(st.text(max_size=8), inner, max_size=8),
    max_leaves=60,
)


class Kept(dict[str, bytes]):
    def put(self, piece: bytes) -> str:
        digest = digest_of(piece)
        self[digest] = piece
        return digest


@given(values, st.sampled_from([1, 30, 100, 1000]))
def test_what_is_cut_is_joined_again(value: object, limit: int) -> None:
    text, kept = encode(value), Kept()

    short = cut(text, kept.put, limit=limit)

    assert join(short, kept.__getitem__) == text
    assert digests(short, kept.__getitem__) == set(kept)


@given(values, st.integers(20, 60))
def test_what_lies_below_the_deepest_indentation_is_joined_again(value: object, depth: int) -> None:
    kept = Kept()
    for level in range(depth):
        value = {"level": level, "below": value}
    text = encode(value)

    assert join(cut(text, kept.put, limit=100), kept.__getitem__) == text


@given(values)
def test_a_text_that_was_cut_is_not_cut_again(value: object) -> None:
    kept = Kept()
    short = cut(encode(value), kept.put, limit=200)

    if len(short) <= 200:
        assert cut(short, kept.put, limit=200) == short


def test_worlds_that_differ_in_one_room_share_all_pieces_but_a_few() -> None:
    kept = Kept()
    world = {"rooms": {f"room {n}": {"exits": [n, n + 1], "text": "a place " * 9} for n in range(200)}, "turn": 1}
    cut(encode(world), kept.put)
    before = len(kept)
    world["rooms"]["room 77"]["exits"] = []  # type: ignore[index]

    short = cut(encode(world), kept.put)

    assert before > 5
    assert len(kept) - before <= 2
    assert len(short) < LIMIT


def test_a_long_string_is_left_alone() -> None:
    assert cut(repr("x" * 9000), Kept().put) == repr("x" * 9000)


def test_texts_are_joined_by_name_or_not_at_all_where_a_piece_is_missing(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path)
    whole = "[" + "".join(f"\n    {number}," for number in range(99)) + "\n]"
    shortened = cut(whole, blobs.put, limit=40)
    assert join_all({"a": shortened, "b": "1"}, blobs.get) == {"a": whole, "b": "1"}
    assert join_all({"a": f"[\n    @{'0' * 32}\n]"}, blobs.get) is None
