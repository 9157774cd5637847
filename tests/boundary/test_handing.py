"""Something outside that is handed to functions which do not ask anything themselves."""

from __future__ import annotations

from typing import Any

import pytest

from legacy_seam.boundary.handing import mixes, only_holds


def questions(answers: Any) -> list[str]:
    return [answer.question for answer in answers]


def test_what_a_program_keeps_in_its_containers_is_there_in_a_replay(program_of: Any) -> None:
    program = program_of("""
        import collections, queue, subprocess, types
        def ran(commands):
            running, first, box = [], {}, types.SimpleNamespace()
            waiting, order = queue.Queue(), collections.deque()
            for command in commands:
                process = subprocess.Popen([command])
                running.append(process)
                order.appendleft(process)
                first.setdefault(len(first), process)
                waiting.put(process)
                setattr(box, "last", process)
            waiting.get().wait()
            return [one.wait() for one in running], order[0].wait(), first[0].wait(), box.last.wait(), len(running)
        """)
    answers = program.both("ran", ["true", "false"])
    assert not [asked for asked in questions(answers) if "append" in asked or "setattr" in asked or "put" in asked]


def test_what_is_made_of_it_is_an_answer(program_of: Any) -> None:
    program = program_of("""
        import subprocess
        def lines():
            process = subprocess.Popen(["echo", "b\\na"], stdout=subprocess.PIPE, text=True)
            with process.stdout as output:
                found = sorted(output)
            return found, process.wait()
        """)
    assert "builtins:sorted(*TextIOWrapper_1)" in questions(program.both("lines"))


def test_items_that_a_container_takes_cannot_be_answered_and_the_call_is_not_kept_as_whole(program_of: Any) -> None:
    program = program_of("""
        import subprocess
        def lines():
            process = subprocess.Popen(["echo", "a"], stdout=subprocess.PIPE, text=True)
            found = []
            with process.stdout as output:
                found.extend(output)
            process.wait()
            return found
        """)
    with pytest.raises(AssertionError, match="is_whole"):
        program.record("lines")


def test_workers_in_other_processes(program_of: Any) -> None:
    program = program_of("""
        import concurrent.futures, multiprocessing
        def spread(numbers):
            with multiprocessing.Pool(1) as pool:
                found = pool.map(abs, numbers)
            with concurrent.futures.ProcessPoolExecutor(1) as workers:
                waiting = {workers.submit(abs, number): number for number in numbers}
                done, late = concurrent.futures.wait(waiting)
                each = sorted((waiting[one], one.result()) for one in concurrent.futures.as_completed(waiting))
                return found, list(workers.map(abs, numbers)), each, len(done), len(late)
        """)
    assert program.both("spread", [-1, 2])[0].question == "multiprocessing.context:DefaultContext.Pool(1)"


def test_a_pool_of_threads_works_in_the_program_itself(program_of: Any) -> None:
    program = program_of("""
        from multiprocessing.dummy import Pool
        from multiprocessing.pool import ThreadPool
        seen = []
        def spread(numbers):
            with ThreadPool(1) as pool, Pool(1) as other:
                pool.map(seen.append, numbers)
                return other.map(abs, numbers), sorted(seen)
        """)
    assert program.both("spread", [-1, 2]) == ()


@pytest.mark.parametrize("callee", [len, sorted, [].extend, {}.update, "".join, abs])
def test_others_do_more_than_hold(callee: Any) -> None:
    assert not only_holds(callee)


def test_what_mixes_is_told_from_what_holds() -> None:
    assert mixes({1}.update)
    assert not mixes({1}.add)
    assert only_holds({1}.add)
