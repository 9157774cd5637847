"""What a replay runs, from line to line: the same steps that coverage.py sees."""

from __future__ import annotations

import sys
import textwrap
from pathlib import Path
from typing import Any

import coverage
import pytest

from legacy_seam.replay.steps import Steps

TWISTED = """
    import contextlib
    import threading


    def numbers(last):
        for number in range(last):
            yield number
        yield from (-1, -2)


    def careful(text):
        try:
            return int(text)
        except ValueError:
            found = -1
        finally:
            kept = [
                one
                for one in numbers(3)
                if one
            ]
        return found + len(kept)


    @contextlib.contextmanager
    def around():
        yield 1


    async def later():
        return 3


    async def soon():
        async for one in aiter_of(2):
            await later()
        return one


    async def aiter_of(last):
        for number in range(last):
            yield number


    def drive(coroutine):
        try:
            while True:
                coroutine.send(None)
        except StopIteration as end:
            return end.value


    def all_of_it():
        worker = threading.Thread(target=careful, args=("7",))
        worker.start()
        worker.join()
        with around() as one:
            result = careful("x") if one else 0
        match result:
            case 1:
                return 1
            case _:
                return drive(soon()) + result
"""


def test_the_steps_are_those_that_coverage_sees(tmp_path: Path) -> None:
    path = tmp_path / "twisted.py"
    path.write_text(textwrap.dedent(TWISTED))
    code = compile(path.read_text(), str(path), "exec")
    seen = coverage.Coverage(data_file=None, branch=True, include=[str(path)], config_file=False)
    seen.set_option("run:core", "pytrace")
    before = sys.gettrace()
    try:
        with seen.collect():
            names: dict[str, object] = {}
            exec(code, names)
            names["all_of_it"]()  # type: ignore[operator]
        ours = Steps(lambda file: file == str(path))
        with ours:
            names = {}
            exec(code, names)
            names["all_of_it"]()  # type: ignore[operator]
    finally:
        sys.settrace(before)

    assert ours.take() == {str(path): sorted(seen.get_data().arcs(str(path)) or ())}
    assert ours.take() == {}


@pytest.mark.parametrize("isolation", ["shared", "fresh"])
def test_a_replay_tells_what_each_call_ran_and_once_what_the_import_ran(program: Any, isolation: str) -> None:
    program.write(
        rules="""
        from helper import double

        def fee(days):
            if days > 15:
                return double(days)
            return 0
        """,
        helper="""
        def double(x):
            return 2 * x
        """,
    )
    rules, helper = (str(program.directory / name) for name in ("rules.py", "helper.py"))

    few, many = program.replay(
        program.call("rules:fee", days="3"),
        program.call("rules:fee", days="30"),
        trace_steps=True,
        isolation=isolation,
    )

    assert few.steps == {rules: {(-4, 5), (5, 7), (7, -4)}}
    assert many.steps == {rules: {(-4, 5), (5, 6), (6, -4)}, helper: {(-2, 3), (3, -2)}}
    assert few.at_import == {rules: {(-1, 2), (2, 4), (4, -1)}, helper: {(-1, 2), (2, -1)}}
    assert many.at_import == {}


def test_nobody_is_told_who_does_not_ask(program: Any) -> None:
    program.write(rules="def fee(days):\n    return 0\n")
    (one,) = program.replay(program.call("rules:fee", days="3"))
    assert (one.steps, one.at_import) == ({}, {})
