"""Golden masters as text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from legacy_seam.calls import Call, Case, Effect, FileState, Outcome, Step
from legacy_seam.golden.instants import read_instant, write_instant
from legacy_seam.golden.master import GoldenMaster
from legacy_seam.golden.text import GoldenDamaged, read, write
from legacy_seam.store.blobs import digest_of
from legacy_seam.store.pieces import join
from legacy_seam.targets import Target

names = st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,8}", fullmatch=True)
lines = st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1, max_size=30)
scalar_texts = lines.map(repr) | st.integers().map(str)
block_texts = st.lists(scalar_texts, min_size=1, max_size=4).map(
    lambda items: "[\n" + "".join(f"    {i},\n" for i in items) + "]"
)
long_text = "[\n" + "".join(f"    {number},\n" for number in range(8)) + "]"
value_texts = scalar_texts | block_texts | st.just(long_text)
paths = st.text(min_size=1, max_size=20).filter(lambda text: "\x00" not in text)
effects = st.builds(
    Effect,
    st.sampled_from(["returned", "raised", "changed", "printed", "logged", "wrote", "denied"]),
    st.just("") | paths,
    value_texts,
)
digests = st.binary(min_size=16, max_size=16).map(bytes.hex)
calls = st.builds(
    Call,
    target=st.just(Target("shop.rules", "Account.score")),
    identity=st.from_regex(r"[0-9a-f]{12}", fullmatch=True),
    arguments=st.dictionaries(names, value_texts, max_size=4),
    closure=st.dictionaries(names, value_texts, max_size=2),
    state=st.dictionaries(names.map(lambda name: f"shop.rules:{name}"), value_texts, max_size=2),
    instant=st.integers(0, 4_000_000_000_000_000).map(lambda us: read_instant(write_instant(us / 1e6))),
    files=st.lists(st.builds(FileState, paths, st.none() | digests), max_size=2).map(tuple),
    observed=st.none(),
    run=st.just("3fa9c20d11ab"),
    defaulted=st.lists(names, max_size=2).map(tuple),
    driven=st.lists(
        st.builds(Step, st.just("next"), st.just(""), st.integers(1, 10_000))
        | st.builds(Step, st.sampled_from(["send", "throw"]), value_texts)
        | st.just(Step("close")),
        max_size=3,
    ).map(tuple),
    in_loop=st.booleans(),
)
masters = st.builds(
    GoldenMaster,
    target=st.just(Target("shop.rules", "Account.score")),
    cases=st.lists(
        st.builds(Case, calls, st.builds(Outcome, st.lists(effects, max_size=3).map(tuple))),
        max_size=3,
        unique_by=lambda case: case.call.identity,
    ).map(tuple),
    signature=st.just("") | st.just("(self, today=None)"),
    isolation=st.sampled_from(["shared", "fresh"]),
    depends_on=st.lists(st.just("clock at shop/rules.py:31"), max_size=1).map(tuple),
)


class Kept(dict[str, bytes]):
    def put(self, piece: bytes) -> str:
        digest = digest_of(piece)
        self[digest] = piece
        return digest


@given(masters)
def test_what_is_written_is_read_back(master: GoldenMaster) -> None:
    kept = Kept()

    assert read(write(master, kept.put), "x.approved.txt", kept.__getitem__) == master


@pytest.mark.parametrize("place", ["''", "'a'", '"a"', "'a' b 'c'", "x['a']", "'", "a = b"])
def test_a_place_that_looks_quoted_is_read_back(place: str) -> None:
    target = Target("shop.rules", "score")
    call = Call(target, "000000000000", {}, {}, {}, 0.0, (), None, "3fa9c20d11ab")
    case = Case(call, Outcome((Effect("changed", place, "1"),)))
    master = GoldenMaster(target, (case,))

    assert read(write(master, Kept().put), "x.approved.txt", Kept().__getitem__) == master


@given(masters)
def test_the_text_has_no_line_end_but_newline(master: GoldenMaster) -> None:
    text = write(master, Kept().put)

    assert text.splitlines() == text.removesuffix("\n").split("\n")


@given(masters)
def test_large_inputs_are_cut_and_can_be_joined(master: GoldenMaster) -> None:
    kept = Kept()

    copy = read(write(master, kept.put, limit=20), "x", kept.__getitem__)

    for case, again in zip(master.cases, copy.cases, strict=True):
        assert tuple(join(text, kept.__getitem__) for text in again.call.texts()) == case.call.texts()
        assert again.approved == case.approved


@given(st.integers(0, 4_000_000_000_000_000))
def test_instants_keep_microseconds(microseconds: int) -> None:
    written = write_instant(microseconds / 1e6)

    assert write_instant(read_instant(written)) == written


def one_case(**changes: str) -> str:
    text = (
        "golden master 1 of rules:score\n"
        "signature (acct)\n"
        "\n"
        "case 5f1c9a02e7b4\n"
        "    world 3fa9c20d11ab\n"
        "    clock 2026-11-22T01:15:00.123456Z\n"
        "    given acct = {\n"
        "        'id': 7,\n"
        "    }\n"
        "  then\n"
        "    returned = 412\n"
    )
    for before, after in changes.items():
        text = text.replace(before, after)
    return text


def test_a_value_of_several_lines_loses_only_its_indentation() -> None:
    master = read(one_case(), "x", lambda name: b"")

    assert master.cases[0].call.arguments == {"acct": "{\n    'id': 7,\n}"}
    assert master.cases[0].approved == Outcome((Effect("returned", "", "412"),))


@pytest.mark.parametrize(
    ("before", "after", "line", "why"),
    [
        ("golden master 1 of", "something else", 1, "not the first line"),
        ("signature (acct)", "signatur (acct)", 2, "not a line that belongs"),
        ("  then\n", "", 4, "no line `  then`"),
        ("    returned = 412", "    ?returned", 11, "cannot be read"),
        ("    returned", "    gave", 11, "not a kind of effect"),
        ("    clock 2026-11-22T01:15:00.123456Z", "    clock yesterday", 6, "not an instant"),
        ("    world 3fa9c20d11ab\n", "", 4, "names no world"),
        ("    given acct", "    taken acct", 7, "not a word that belongs"),
    ],
)
def test_a_mangled_file_is_told_by_file_and_line(before: str, after: str, line: int, why: str) -> None:
    with pytest.raises(GoldenDamaged, match=rf"x\.approved\.txt:{line}: .*({why})"):
        read(one_case(**{before: after}), "x.approved.txt", lambda name: b"")


def test_a_file_from_a_newer_version_is_not_guessed_at() -> None:
    with pytest.raises(GoldenDamaged, match="newer legacy-seam"):
        read(one_case(**{"golden master 1": "golden master 9"}), "x", lambda name: b"")


@pytest.mark.parametrize(
    "step", ["drive", "drive jump", "drive next 0", "drive next x", "drive send", "drive close = 1"]
)
def test_a_way_to_drive_a_generator_that_there_is_not(step: str) -> None:
    text = (
        "golden master 1 of shop:f\n\ncase 0\n    world 1\n    clock 2026-11-22T01:15:00.123456Z\n"
        f"    {step}\n  then\n    returned = 1\n"
    )
    with pytest.raises(GoldenDamaged, match=r"x\.txt:6: "):
        read(text, "x.txt", Kept().__getitem__)
