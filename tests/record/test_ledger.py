"""Every call is counted once, under what became of it."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

import pytest

from legacy_seam.calls import Count
from legacy_seam.record.session import Recorder
from legacy_seam.store.wire import count_from_data, count_to_data
from legacy_seam.targets import Target

TARGET = Target("shop", "add")


def test_inputs_that_cannot_be_written_down_are_counted_with_their_reason(project: Any) -> None:
    project.write(
        shop="""
            def size(stream, unit): return 0 * len(str(stream)) + unit
            def add(a, b): return a + b
        """,
        program="""
            import shop, threading
            stream = threading.current_thread()
            for n in range(3): print(shop.size(stream, n), shop.add(n, n))
        """,
    )
    _, recorded = project.both("program.py")
    size, add = recorded.counts["shop:size"], recorded.counts["shop:add"]
    assert (size.seen, size.kept, size.unserialisable) == (3, 0, 3)
    assert size.why == {"stream holds a thread (threading:_MainThread)": 3}
    assert len(recorded.of("shop:size")) == 3
    assert (add.kept, add.unserialisable, add.why) == (3, 0, {})


def test_the_sum_is_the_number_of_calls_whatever_happens(project: Any) -> None:
    project.write(
        shop="""
            def fact(n): return 1 if n < 2 else n * fact(n - 1)
            def fails(n):
                if n % 3 == 0: raise ValueError(n)
                return n
            def items(n): yield from range(n)
        """,
        program="""
            import os, threading
            import shop

            def work():
                for n in range(2000):
                    shop.fact(n % 7)
                    try: shop.fails(n)
                    except ValueError: pass
                    list(shop.items(n % 4))

            threads = [threading.Thread(target=work) for _ in range(3)]
            for one in threads: one.start()
            for one in threads: one.join()
            child = os.fork()
            if not child:
                work()
                os._exit(0)
            os.waitpid(child, 0)
        """,
    )
    program = project.record("program.py", flags=["-W", "ignore"])
    assert program.returncode == 0, program.stderr
    counts = project.recorded().counts
    in_a_round = sum(1 if n % 7 < 2 else n % 7 for n in range(2000))
    assert counts["shop:fact"].seen == in_a_round * 4
    assert counts["shop:fails"].seen == counts["shop:items"].seen == 8000


def test_nothing_in_the_recorder_grows_with_the_number_of_calls(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    (source / "shop_of_many_calls.py").write_text(
        "def label(n, style):\n    if n % 1000 == 7: return None\n    return f'{n} {style}'\n"
        "for n in range(200_000): label(n, str(n % 5000))\n"
    )
    recorder = Recorder(tmp_path / "store", sources=[source])
    with recorder:
        recorder.expect_main("shop_of_many_calls")
        runpy.run_path(str(source / "shop_of_many_calls.py"))
        (site,) = recorder._capture._all_sites
        sampler = site.sampler
        tables = [sampler._keys, sampler._paths, sampler._extremes, sampler._words["style"], site.pause._given]
        assert all(len(table) < 2000 for table in tables)
        assert not recorder._capture._running
    assert site.count().seen == 200_000


@pytest.mark.parametrize("count", [Count(), Count(9, 1, 2, 3, 1, 2, {"a": 2, "b holds c": 1})])
def test_counts_survive_the_wire(count: Count) -> None:
    assert count_from_data(count_to_data(TARGET, count)) == (TARGET, count)


def test_counts_of_earlier_versions_are_read() -> None:
    data = {
        "target": "shop:add",
        "seen": 3,
        "kept": 1,
        "duplicate": 1,
        "sampled_out": 0,
        "failed": 1,
        "why": {"x": 1},
    }
    assert count_from_data(data) == (TARGET, Count(3, 1, 1, 0, 0, 1, {"x": 1}))
