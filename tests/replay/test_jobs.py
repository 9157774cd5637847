"""Calls on their way to a worker: in portions, none of them lost or twice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from legacy_seam.calls import Answer, Call, Effect, FileState, Outcome, Step
from legacy_seam.replay.frames import pack
from legacy_seam.replay.jobs import PORTION, Jobs, portions
from legacy_seam.replay.reading import atoms_ahead
from legacy_seam.replay.wire import Job, gist_of, job_from_data, job_to_data
from legacy_seam.targets import Target
from legacy_seam.values import Allow, decode_roots, encode

TARGET = Target("shop", "f")
PLAIN = Call(TARGET, "c0", {"n": "1"}, {}, {}, 1.25, (), None, "run-1", ("rate",))
RARE = replace(
    PLAIN,
    closure={"free": "2"},
    state={"shop:RATES": "{}"},
    files=(FileState("in.txt", "00" * 16), FileState("gone.txt", None)),
    driven=(Step("next", "", 3),),
    in_loop=True,
    answers=(Answer("time:time()", "returned", "1.0", "shop.py:3", {}),),
)
HEAD = len(pack([])) - len("[]")


def on_the_way(calls: list[Call], approved: Mapping[str, Outcome]) -> Jobs:
    return Jobs(len(calls), [pack(portion)[HEAD:] for portion in portions(calls, approved)])


@pytest.mark.parametrize("call", [PLAIN, RARE], ids=["plain", "rare"])
def test_a_call_arrives_as_it_was_sent(call: Call) -> None:
    outcome = Outcome((Effect("returned", "", "2"),))
    job = job_from_data(job_to_data(call, outcome))
    told = {one.name: getattr(job, one.name) for one in fields(Job) if one.name not in ("expected", "atoms")}
    assert told == {name: getattr(call, name) for name in told}
    assert job.expected == gist_of(outcome.effects)
    assert job_from_data(job_to_data(call, None)).expected is None


@pytest.mark.parametrize("count", [0, 1, PORTION - 1, PORTION, PORTION + 1, 3 * PORTION])
@pytest.mark.parametrize("start", [0, 1, PORTION - 1, PORTION, 2 * PORTION + 7])
def test_some_of_them_are_just_those(start: int, count: int) -> None:
    calls = [replace(PLAIN, instant=float(n)) for n in range(2 * PORTION + 30)]
    jobs = on_the_way(calls, {})
    assert len(jobs) == len(calls)
    assert [job.instant for job in jobs.some(start, count)] == [
        call.instant for call in calls[start : start + count]
    ]


def test_arguments_are_read_ahead_where_they_are_atoms_and_mean_the_same_in_any_program() -> None:
    known: dict[str, object] = {"n": 1, "unit": "kg", "rate": 0.5, "is_new": None}
    texts = ({name: repr(value) for name, value in known.items()}, {"n": "[1]"}, {"path": "'<project>/a'"})
    calls = [replace(PLAIN, arguments=arguments) for arguments in texts] + [replace(RARE, arguments=texts[0])]
    assert [job.atoms for job in on_the_way(calls, {}).some(0, 9)] == [known, None, None, None]


def test_the_gist_of_what_is_long_is_short_and_still_its_own() -> None:
    long = [Effect("returned", "", "1" * length) for length in (150, 5000, 5001)]
    gists = [gist_of([effect]) for effect in long]
    assert len(set(gists)) == 3
    assert max(map(len, gists)) < 200


def test_no_two_outcomes_have_the_same_gist_because_of_where_one_effect_ends() -> None:
    one = [Effect("printed", "a", "x\nprinted 1 b 1 y")]
    two = [Effect("printed", "a", "x"), Effect("printed", "b", "y")]
    assert gist_of(one) != gist_of(two)


_ATOMS = st.one_of(
    st.integers(),
    st.floats(),
    st.text(max_size=6),
    st.none(),
    st.booleans(),
    st.binary(max_size=3),
    st.lists(st.integers()),
)


@given(st.lists(st.fixed_dictionaries({"n": _ATOMS, "unit": _ATOMS}), min_size=1, max_size=5), st.booleans())
def test_calls_that_are_alike_arrive_as_each_of_them_does_alone(
    given: list[dict[str, object]], one_sort: bool
) -> None:
    told = [given[0]] * len(given) if one_sort else given
    calls = [
        replace(PLAIN, arguments={name: encode(value) for name, value in arguments.items()}, instant=float(at))
        for at, arguments in enumerate(told)
    ]
    together = [*on_the_way(calls, {}).some(0, len(calls))]
    alone = [job for call in calls for job in on_the_way([call], {}).some(0, 1)]
    assert repr(together) == repr(alone)  # by their text: nan is not nan
    for job in alone:
        read = atoms_ahead(job.arguments)
        assert repr(job.atoms) == repr(read)
        assert read is None or repr(read) == repr(decode_roots(job.arguments, allow=Allow.for_modules()))
