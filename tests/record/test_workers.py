"""What threads and tasks open and ask belongs to the call that they work for, wherever it began."""

from __future__ import annotations

import sys
from typing import Any


class _Worker:
    """Stands for a thread."""


PROGRAM = """
    import pathlib, shop
    for name in "abcd":
        pathlib.Path(name).write_text(name)
    print(shop.by_threads(["a", "b"]), shop.by_own_pool(["b", "c"]))
    print(shop.by_pool(["a"]), shop.by_pool(["d"]), shop.alone())
    print(shop.asks())
    shop.POOL.shutdown()
"""
SHOP = """
    import subprocess, threading
    from concurrent.futures import ThreadPoolExecutor
    POOL = ThreadPoolExecutor(1)
    def read(name):
        with open(name) as file: return file.read()
    def by_threads(names):
        found = []
        threads = [threading.Thread(target=lambda name=name: found.append(read(name))) for name in names]
        for thread in threads: thread.start()
        for thread in threads: thread.join()
        return sorted(found)
    def by_own_pool(names):
        with ThreadPoolExecutor(2) as pool: return list(pool.map(read, names))
    def by_pool(names): return list(POOL.map(read, names))
    def alone(): return 1
    def ask(word): return subprocess.run(["echo", word], capture_output=True).stdout
    def asks():
        with ThreadPoolExecutor(1) as pool: return pool.submit(ask, "hello").result()
"""


def test_files_and_answers_are_those_of_the_calls_that_threads_work_for(project: Any) -> None:
    project.write(program=PROGRAM, shop=SHOP)
    _, recorded = project.both("program.py")

    def files(target: str) -> list[list[str]]:
        return [sorted(state.path for state in call.files) for call in recorded.of(f"shop:{target}")]

    assert files("by_threads") == [["a", "b"]]
    assert files("by_own_pool") == [["b", "c"]]
    assert files("by_pool") == [["a"], ["d"]], "one thread works for one call after the other"
    assert files("alone") == [[]]
    (call,) = recorded.of("shop:asks")
    assert [answer.question for answer in call.answers] == [
        "subprocess:run(['echo', 'hello'], capture_output=True)",
        "CompletedProcess_1.stdout",
    ]


def test_files_and_answers_are_those_of_the_coroutine_that_started_tasks(project: Any) -> None:
    project.write(
        program="""
            import asyncio, pathlib, shop, traceback
            for name in "abc":
                pathlib.Path(name).write_text(name)
            async def main():
                return await asyncio.gather(shop.all_of("ab"), shop.all_of("c")), await shop.none()
            async def refused():
                try: asyncio.get_running_loop().create_task("no coroutine")
                except TypeError: return traceback.format_exc()
            print(asyncio.run(main()), asyncio.run(refused()))
        """,
        shop="""
            import asyncio, subprocess
            async def read(name):
                await asyncio.sleep(0)
                with open(name) as file: text = file.read()
                return text, subprocess.run(["echo", text], capture_output=True).stdout
            async def all_of(names): return await asyncio.gather(*map(read, names))
            async def none(): return 1
        """,
    )
    _, recorded = project.both("program.py")
    calls = recorded.of("shop:all_of")
    own = [sorted(state.path for state in call.files if state.path in "abc") for call in calls]
    assert own == [["a", "b"], ["c"]]
    asked = [[one.question for one in call.answers if one.question.startswith("subprocess")] for call in calls]
    assert asked == [
        [f"subprocess:run(['echo', '{name}'], capture_output=True)" for name in names] for names in ("ab", "c")
    ]
    (alone,) = recorded.of("shop:none")
    assert not alone.files and not alone.answers


def test_threads_and_tasks_that_ended_are_forgotten() -> None:
    from legacy_seam.record.workers import Workers

    class Call:
        is_glance = False

    workers = Workers({id(sys._getframe()): Call()}, None)  # type: ignore[dict-item]
    kept = [_Worker() for _ in range(3)]
    for worker in kept:
        workers._serve(worker, sys._getframe())
    for _ in range(500):
        workers._serve(_Worker(), sys._getframe())
    assert len(workers._services) < 100
    assert {id(worker) for worker in kept} <= workers._services.keys()


def test_whoever_gives_work_is_looked_at_without_running_its_code(project: Any) -> None:
    project.write(
        program="import shop\nshop.work()\n",
        shop="""
            import types
            class Odd:
                def __getattr__(self, name): print("asked for", name)
                def __call__(self, owner): return owner
            def work(): return types.MethodType(Odd(), 1)()
        """,
    )
    project.both("program.py")
