"""An experiment to its callers is the legacy function, and nothing is lost of what it saw."""

from __future__ import annotations

import asyncio
import copy
import functools
import inspect
import os
import pickle
import random
import threading
import time
import warnings
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from experiment import candidates
from forked import children
from legacy_seam.errors import SeamError
from legacy_seam.experiment import (
    Budget,
    Contract,
    Experiment,
    Field,
    Observation,
    PredictionLog,
    Raised,
    RecordedCall,
    Sampling,
    Serving,
    exact,
    experiment,
    replay,
    score_queued,
)
from legacy_seam.experiment.observation import Outcome
from legacy_seam.experiment.parameters import Parameters
from legacy_seam.experiment.switches import key_reader


def double(number: Any, *, scale: int = 1) -> Any:
    """Twice as much."""
    return number * 2 * scale


@experiment(candidate=candidates.double, mode="inline")
def decorated(number: int) -> int:
    """Twice as much, decorated."""
    return number * 2


class Shop:
    def __init__(self, factor: int) -> None:
        self.factor = factor

    def price(self, number: int) -> int:
        return number * self.factor

    price_tried = Experiment("price", price, lambda self, number: self.factor * number, "inline", breaker=False)


def inline(control: Any, candidate: Any, **settings: Any) -> tuple[Experiment, list[Observation]]:
    observed: list[Observation] = []
    return Experiment("test", control, candidate, "inline", log=observed.append, **settings), observed


# --- in the place of the function


def test_it_looks_like_the_legacy_function() -> None:
    assert decorated.__name__ == "decorated" and decorated.__doc__ == "Twice as much, decorated."
    assert decorated.__module__ == __name__ and decorated.__wrapped__ is not decorated
    assert str(inspect.signature(decorated)) == "(number: 'int') -> 'int'"
    assert inspect.unwrap(decorated) is decorated.__wrapped__
    assert decorated(4) == 8 and decorated.counts()["matched"] == 1
    assert decorated.name == f"{__name__}.decorated"


def test_it_can_be_a_method_be_pickled_and_be_copied() -> None:
    shop = Shop(3)
    assert shop.price_tried(4) == 12 and Shop.price_tried(shop, 5) == 15
    assert Shop.price_tried.counts() == {"calls": 2, "compared": 2, "matched": 2}
    assert pickle.loads(pickle.dumps(decorated)) is decorated is copy.deepcopy(decorated)


def test_it_is_put_where_a_seam_points_to(monkeypatch: pytest.MonkeyPatch) -> None:
    trial, observed = inline(candidates.double, candidates.slightly_more)
    monkeypatch.setattr(candidates, "double", trial)
    assert candidates.double(number=4) == 8
    assert observed[0].inputs == {"number": 4} and observed[0].verdict is not None and not observed[0].verdict.match


def test_partials_builtins_and_objects_can_be_controls() -> None:
    for control, arguments, inputs in (
        (functools.partial(double, scale=3), (4,), {"number": 4, "scale": 1}),
        (len, ([1, 2],), {"0": [1, 2]}),
        (Shop(3).price, (4,), {"number": 4}),
        (lambda *numbers: sum(numbers), (1, 2), {"numbers": (1, 2)}),
    ):
        trial, observed = inline(control, control)
        assert trial(*arguments) == control(*arguments)
        assert observed[0].inputs == inputs and observed[0].verdict is not None and observed[0].verdict.match


def test_errors_of_the_call_itself_are_those_of_the_function() -> None:
    trial, _ = inline(double, double)
    with pytest.raises(TypeError, match=r"double\(\) missing 1 required positional argument: 'number'"):
        trial()


def test_an_exception_is_raised_as_it_is() -> None:
    error = LookupError("no account 3")
    error.__cause__ = KeyError("cause")

    def failing(number: int) -> int:
        raise error

    trial, observed = inline(failing, candidates.raise_it)
    try:
        raise RuntimeError("the caller is in trouble already")
    except RuntimeError:
        with pytest.raises(LookupError) as caught:
            trial(3)
    assert caught.value is error and type(error.__context__) is RuntimeError and type(error.__cause__) is KeyError
    names = [entry.name for entry in caught.traceback]
    assert names[-1] == "failing" and names.count("__call__") == 1
    assert observed[0].control.raised == Raised("LookupError", "no account 3")
    assert observed[0].verdict is not None and observed[0].verdict.reason == "LookupError is not ValueError"


def test_who_interrupts_is_not_held_up() -> None:
    def interrupted(number: int) -> int:
        raise KeyboardInterrupt

    trial, observed = inline(interrupted, candidates.double)
    with pytest.raises(KeyboardInterrupt):
        trial(3)
    trial, observed = inline(candidates.double, interrupted)
    with pytest.raises(KeyboardInterrupt):
        trial(3)
    assert not observed


# --- what is looked at, and what is not


def test_replay_is_the_default_and_leaves_calls_alone() -> None:
    trial = Experiment("test", double, candidates.raise_it)
    assert trial(4) == 8 and trial.counts() == {} and trial.mode == "replay"


def test_a_sample_is_a_share_of_the_keys_and_always_the_same() -> None:
    trial, observed = inline(double, candidates.double, key="number", sample=0.3)
    for _ in range(2):
        for number in range(300):
            trial(number)
    assert 100 < len(observed) < 260 and len(observed) % 2 == 0
    half = len(observed) // 2
    assert [seen.key for seen in observed[:half]] == [seen.key for seen in observed[half:]]
    assert trial.counts()["skipped_not_sampled"] + len(observed) == 600 == trial.counts()["calls"]


def test_without_keys_a_sample_is_drawn_from_a_stream_of_its_own() -> None:
    trial, observed = inline(double, candidates.double, sample=0.3)
    random.seed(1)
    expected = random.Random(1).random()
    for number in range(300):
        trial(number)
    assert 30 < len(observed) < 160 and random.random() == expected


def test_some_calls_of_each_kind_are_always_seen() -> None:
    sampling = Sampling(0.0, stratum=lambda number: number % 3, floor=5)
    trial, observed = inline(double, candidates.double, sample=sampling)
    for number in range(100):
        trial(number)
    assert len(observed) == 15
    broken = Sampling(0.0, stratum=lambda number: 1 / 0, floor=5)
    assert inline(double, candidates.double, sample=broken)[0](4) == 8


def test_keys_are_found_by_path_or_function_and_never_raise() -> None:
    parameters = Parameters(candidates.describe)
    call: tuple[tuple[Any, ...], dict[str, Any]] = (({"name": "Ann", "id": 3},), {})
    assert key_reader("account.id", parameters)(*call) == "3"
    assert key_reader(lambda account: account["name"], parameters)(*call) == "Ann"
    for key in ("account.nothing", "nothing", lambda account: 1 / 0, None, lambda account: None):
        assert key_reader(key, parameters)(*call) is None


def test_a_budget_is_a_share_of_the_time_of_the_legacy_function() -> None:
    def slow(number: int) -> int:
        time.sleep(0.005)
        return number * 2

    def slower(number: int) -> int:
        time.sleep(0.02)
        return number * 2

    trial, observed = inline(slow, slower, budget=Budget(0.5, advance=0.001))
    for number in range(40):
        trial(number)
    assert 2 <= len(observed) <= 10  # each costs the earnings of eight
    assert trial.counts()["skipped_over_budget"] + len(observed) == 40


def test_arguments_that_cannot_be_copied_are_counted_and_untouched() -> None:
    trial, observed = inline(lambda numbers: sum(numbers), lambda numbers: 1 / 0)
    assert trial(number for number in [1, 2, 3]) == 6
    assert trial.counts() == {"calls": 1, "skipped_cannot_snapshot": 1} and not observed
    trial, observed = inline(lambda: iter([1, 2]), lambda: iter([1, 2]))
    assert list(trial()) == [1, 2] and trial.counts()["skipped_cannot_snapshot_result"] == 1


def test_the_breaker_leaves_a_failing_candidate_alone() -> None:
    trial, observed = inline(double, candidates.raise_it)
    for number in range(100):
        assert trial(number) == number * 2
    assert len(observed) == 5 and trial.counts()["skipped_breaker_open"] == 95


def test_the_legacy_function_against_itself() -> None:
    trial, observed = inline(lambda number: number + random.random(), None, aa=True)
    random.seed(3)
    trial(1)
    assert observed[0].verdict is not None and not observed[0].verdict.match  # it departs from itself
    trial, observed = inline(double, None, aa=True)
    assert trial(4) == 8 and observed[0].verdict is not None and observed[0].verdict.match


def test_settings_that_do_not_go_together_are_refused() -> None:
    for settings, message in (
        ({"name": ""}, "needs a name"),
        ({"candidate": None}, "has no candidate"),
        ({"deadline": 0}, "a number of seconds above 0"),
        ({"mode": "sideways"}, "There is no mode 'sideways'"),
        ({"mode": "queue"}, "give it a log"),
        ({"candidate": candidates.double_awaited, "mode": "inline"}, "is async and its control is not"),
    ):
        with pytest.raises(SeamError, match=message):
            Experiment(**({"name": "test", "control": double, "candidate": double} | settings))  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="from 0 to 1"):
        Experiment("test", double, double, sample=2.0)


def test_closed_it_is_the_legacy_function() -> None:
    trial, observed = inline(double, candidates.double)
    trial.close()
    assert trial(4) == 8 and not observed


# --- what a candidate may not do in the process


def test_what_it_does_to_the_world_is_refused_and_noted(tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    kept.write_text("legacy")
    trial, observed = inline(str.upper, candidates.do_harm)
    trial(str(kept))
    (seen,) = observed
    assert seen.candidate is not None and len(seen.candidate.value) == 10
    assert list(tmp_path.iterdir()) == [kept] and kept.read_text() == "legacy"
    assert "subprocess.Popen" in seen.denied and "socket.getaddrinfo" in seen.denied
    kept.write_text("legacy may")


def test_an_open_connection_only_reads() -> None:
    import sqlite3

    global CONNECTION
    CONNECTION = sqlite3.connect(":memory:", isolation_level=None)
    CONNECTION.execute("CREATE TABLE t (n)")
    trial, observed = inline(double, writing_to_an_open_connection)
    assert trial(4) == 8
    assert observed[0].candidate is not None and observed[0].candidate.raised is not None
    assert "readonly" in observed[0].candidate.raised.message
    CONNECTION.execute("INSERT INTO t VALUES (1)")
    assert CONNECTION.execute("SELECT count(*) FROM t").fetchone() == (1,)
    CONNECTION.close()


CONNECTION: Any = None
SEEN: list[int] = []
CACHE: dict[str, int] = {"a": 1}
MODEL: Any = None


def writing_to_an_open_connection(number: int) -> int:
    CONNECTION.execute("INSERT INTO t VALUES (2)")
    return number


def changing_variables(number: int) -> int:
    global MODEL
    MODEL = object()
    SEEN.append(number)
    CACHE["b"] = 2
    del CACHE["a"]
    np.random.rand(3)
    random.seed(5)
    warnings.simplefilter("ignore")
    warnings.warn("from a candidate", stacklevel=1)
    import decimal
    import logging

    decimal.getcontext().prec = 3
    logging.getLogger("legacy").error("from a candidate")
    os.environ["PATH"] = "nowhere"
    del os.environ["HOME"]
    return number * 2


def test_variables_streams_and_settings_are_put_back(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    import decimal

    monkeypatch.setenv("HOME", "somewhere")
    np.random.seed(7)
    np.random.standard_normal()  # numpy keeps a second number for next time
    state, python_state = np.random.get_state(legacy=False), random.getstate()
    filters, precision, path = list(warnings.filters), decimal.getcontext().prec, os.environ["PATH"]
    trial, observed = inline(double, changing_variables)
    for number in range(3):
        trial(number)
    assert [seen.verdict.match for seen in observed if seen.verdict] == [True] * 3
    assert (SEEN, CACHE, MODEL) == ([], {"a": 1}, None)
    after = np.random.get_state(legacy=False)
    assert (after["state"]["key"] == state["state"]["key"]).all()
    assert (after["has_gauss"], after["gauss"], after["state"]["pos"]) == (
        state["has_gauss"], state["gauss"], state["state"]["pos"],
    )  # fmt: skip
    assert random.getstate() == python_state and list(warnings.filters) == filters
    assert decimal.getcontext().prec == precision
    assert os.environ["PATH"] == path and os.environ["HOME"] == "somewhere" and os.getenv("HOME") == "somewhere"
    assert not caplog.records


def test_a_model_in_the_candidates_own_module_stays_loaded() -> None:
    trial, _ = inline(double, candidates.keep_a_model)
    assert [trial(number) for number in range(3)] == [0, 2, 4]
    assert candidates.LOADS == 1


def test_other_threads_print_and_log_as_ever(
    capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    import logging

    within, done = threading.Event(), threading.Event()

    def waiting(number: int) -> int:
        print("candidate")
        within.set()
        assert done.wait(10)
        return number * 2

    trial, _ = inline(double, waiting, deadline=30)
    thread = threading.Thread(target=trial, args=(4,))
    thread.start()
    assert within.wait(10)
    print("legacy")
    logging.getLogger("legacy").warning("from legacy")
    done.set()
    thread.join()
    assert capsys.readouterr().out == "legacy\n" and caplog.messages == ["from legacy"]


def test_many_threads_call_it_at_once() -> None:
    trial, _ = inline(double, candidates.double)
    wrong: list[int] = []

    def call(first: int) -> None:
        wrong.extend(number for number in range(first, first + 200) if trial(number) != number * 2)

    threads = [threading.Thread(target=call, args=(first,)) for first in range(0, 1_600, 200)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong and trial.counts() == {"calls": 1_600, "compared": 1_600, "matched": 1_600}


# --- async


async def double_awaited(number: int) -> int:
    await asyncio.sleep(0)
    return number * 2


async def printing_between(number: int) -> int:
    for _ in range(3):
        print("candidate", random.random())
        await asyncio.sleep(0)
    os.environ["CANDIDATE"] = "1"
    return number * 2


def test_an_async_function_stays_one(capsys: pytest.CaptureFixture[str]) -> None:
    trial, observed = inline(double_awaited, printing_between)
    assert inspect.iscoroutinefunction(trial) and asyncio.iscoroutinefunction(trial)
    random.seed(4)
    expected = random.Random(4).random()

    async def calls() -> list[int]:
        answers = await asyncio.gather(*(trial(number) for number in range(4)))
        while len(observed) < 4:
            await asyncio.sleep(0)
        return answers

    assert asyncio.run(calls()) == [0, 2, 4, 6]
    assert [seen.verdict.match for seen in observed if seen.verdict] == [True] * 4
    assert capsys.readouterr().out == "" and random.random() == expected and "CANDIDATE" not in os.environ


def test_a_candidate_that_awaits_without_end_is_not_felt_and_not_served() -> None:
    trial, _ = inline(double_awaited, candidates.hang_awaited, deadline=0.05)

    async def calls() -> tuple[int, float, int]:
        begun = time.perf_counter()
        shadowed = await trial(2)
        felt = time.perf_counter() - begun
        trial.serving = Serving("live")
        return shadowed, felt, await trial(3)

    shadowed, felt, served = asyncio.run(calls())
    assert (shadowed, served) == (4, 6) and felt < 0.05
    assert trial.counts()["fallback_timeout"] == 1


def test_a_sync_candidate_may_answer_for_an_async_function() -> None:
    trial, observed = inline(double_awaited, candidates.slightly_more, serving=Serving("live", rounding="floor"))
    assert asyncio.run(trial(3)) == 6 and observed[0].arm == "candidate"
    with pytest.raises(ValueError, match="not 3"):

        async def failing(number: int) -> int:
            raise ValueError(f"not {number}")

        asyncio.run(inline(failing, candidates.double)[0](3))


# --- in forked copies


def test_a_forked_copy_is_the_snapshot_of_what_cannot_be_copied() -> None:
    observed: list[Observation] = []
    trial = Experiment("test", add_up, add_up, "fork", log=observed.append, deadline=20)
    numbers = (number for number in [1, 2, 3])
    assert trial(numbers) == 6 and list(numbers) == []
    assert trial.settle(30)
    assert observed[0].verdict is not None and observed[0].verdict.match and observed[0].inputs is None
    trial.close()


def add_up(numbers: Any) -> int:
    return sum(numbers)


def test_no_forked_copy_is_lost_where_the_next_one_has_its_descriptor() -> None:
    observed: list[Observation] = []
    with closing(Experiment("test", double, double, "fork", log=observed.append, deadline=20)) as trial:
        for number in range(25):
            trial(number)
            trial.settle(0.002)
        assert trial.settle(20)
    assert sorted(seen.control.value for seen in observed) == [double(number) for number in range(25)]


def test_a_forked_copy_that_is_late_is_killed() -> None:
    before = children()
    trial = Experiment("test", double, candidates.hang_without_end, "fork", deadline=0.2, breaker=False)
    assert trial(4) == 8 and trial.settle(30)
    trial.serving = Serving("live")
    assert trial(5) == 10
    assert trial.counts()["candidate_timeout"] == 2 and trial.counts()["fallback_timeout"] == 1
    trial.close()
    assert children() <= before


def test_a_forked_copy_answers_and_changes_nothing(tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    kept.write_text("legacy")
    with kept.open("a") as open_file:
        global OPEN_FILE
        OPEN_FILE = open_file
        open_file.write(" and more")
        trial = Experiment("test", str.upper, harm_and_write, "fork", serving=Serving("live"), deadline=20)
        assert trial(str(kept)) == "10 refused"
    assert list(tmp_path.iterdir()) == [kept] and kept.read_text() == "legacy and more"
    trial.close()


OPEN_FILE: Any = None


def harm_and_write(path: str) -> str:
    OPEN_FILE.write("candidate")
    return f"{len(candidates.do_harm(path))} refused"


# --- offline


def test_recorded_calls_are_replayed() -> None:
    trial = Experiment("test", double, candidates.slightly_more, key="number")
    calls: list[Any] = [((1,), {}), RecordedCall((2,), outcome=Outcome(4.5)), RecordedCall((), {"number": 3}, at=5)]
    one, other, third = replay(trial, calls)
    assert (one.control.value, one.candidate and one.candidate.value, one.key) == (2, 2.5, "1")
    assert one.verdict is not None and one.verdict.distance == 0.5
    assert other.control.value == 4.5 and other.verdict is not None and other.verdict.match
    assert (third.at, third.mode, third.inputs) == (5, "replay", {"number": 3, "scale": 1})
    assert trial.counts() == {}


def test_recorded_calls_against_legacy_itself_and_in_a_worker() -> None:
    trial = Experiment("test", candidates.double, candidates.slightly_more)
    assert [seen.verdict and seen.verdict.match for seen in replay(trial, [((1,), {})], aa=True)] == [True]
    (seen,) = trial.replay([((1,), {})], mode="worker")
    assert seen.candidate is not None and seen.candidate.value == 2.5


def test_what_cannot_be_replayed_says_so() -> None:
    (seen,) = replay(Experiment("test", double, double), [((iter([1]),), {})])
    assert (seen.reason, seen.detail, seen.verdict) == ("cannot_snapshot", "list_iterator", None)


def test_exceptions_are_compared_when_replayed() -> None:
    recorded = RecordedCall((1,), outcome=Outcome(raised=Raised("ValueError", "not 7")))
    (seen,) = replay(Experiment("test", double, candidates.raise_it), [recorded])
    assert seen.verdict is not None and seen.verdict.match


# --- later


def test_what_was_queued_is_scored_later(tmp_path: Path) -> None:
    with PredictionLog(tmp_path / "log.db") as log:
        trial = Experiment("later", double, candidates.slightly_more, "queue", log=log)
        assert [trial(number) for number in range(5)] == [0, 2, 4, 6, 8]
        assert log.flush() and trial.counts() == {"calls": 5, "queued": 5}
        batches: list[int] = []

        def many(inputs: list[dict[str, Any]]) -> list[float]:
            batches.append(len(inputs))
            return [one["number"] * 2 * one["scale"] for one in inputs]

        together = list(score_queued(trial, log, many=many, batch=3))
        assert batches == [3, 2]
        assert [seen.verdict and seen.verdict.match for seen in together] == [True] * 5
        with pytest.raises(TypeError, match="unexpected keyword"):
            raise_first(score_queued(trial, log))
        with pytest.raises(SeamError, match="gave 1 answers to 5 calls"):
            list(score_queued(trial, log, many=lambda inputs: [1]))


def raise_first(observations: Any) -> None:
    """The candidate has no `scale`: what it raised is part of what was seen."""
    seen = next(iter(observations))
    assert seen.candidate is not None and seen.candidate.raised is not None
    raise TypeError(seen.candidate.raised.message)


def test_what_is_compared_is_what_would_be_served() -> None:
    contract = Contract(output={"": Field(("int",))})
    trial, observed = inline(
        double, lambda number: number * 2.0, compare=exact(), serving=Serving(contract=contract)
    )
    trial(4)
    assert observed[0].verdict is not None and observed[0].verdict.match
    trial, observed = inline(double, lambda number: number * 2.0, compare=exact())
    trial(4)
    assert observed[0].verdict is not None and not observed[0].verdict.match
