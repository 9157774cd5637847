"""What a learnt function does for the first time wakes it up."""

from __future__ import annotations

import sys
from typing import Any

import pytest

from legacy_seam.record.novelty import Lines

needs_monitoring = pytest.mark.skipif(sys.version_info < (3, 12), reason="sys.monitoring came with Python 3.12")

SHOP = """
    def rate(n, table):
        total = n
        if n == -1:
            total = "rare"
        return total
"""


@needs_monitoring
def test_a_rare_branch_is_kept_the_next_time_it_is_taken(project: Any) -> None:
    project.write(
        shop=SHOP,
        program="""
            import shop
            for i in range(100_000): shop.rate(i % 50, [1])
            print(shop.rate(-1, [1]))
            for i in range(20): shop.rate(i % 50, [1])
            print(shop.rate(-1, [2]))
            for i in range(1000): shop.rate(i % 50, [1])
        """,
    )
    _, recorded = project.both("program.py")
    assert {"n": "-1", "table": "[2]"} in recorded.inputs("shop:rate")
    assert recorded.counts["shop:rate"].seen == 101_022


@needs_monitoring
def test_other_tools_of_the_program_are_left_alone(project: Any) -> None:
    project.write(
        shop=SHOP,
        program="""
            import sys, shop
            print([sys.monitoring.get_tool(n) for n in (0, 1, 2, 5)])
            sys.monitoring.use_tool_id(2, "mine")
            seen = []
            sys.monitoring.register_callback(2, sys.monitoring.events.LINE, lambda code, line: seen.append(line))
            sys.monitoring.set_local_events(2, shop.rate.__code__, sys.monitoring.events.LINE)
            for i in range(300): shop.rate(i % 3, [1])
            print(len(seen), set(seen))
        """,
    )
    project.both("program.py")


def test_a_line_is_news_until_it_was_reached_in_a_call_that_was_looked_at() -> None:
    lines = Lines()
    assert not lines.reach(3, is_seen=True)
    assert not lines.reach(3, is_seen=False)
    assert lines.reach(4, is_seen=False)
    assert lines.reach(4, is_seen=False)
    assert not lines.reach(4, is_seen=True)
    assert not lines.reach(4, is_seen=False)


def test_a_function_that_is_never_seen_at_it_is_not_woken_up_for_ever() -> None:
    lines = Lines()
    assert sum(lines.reach(4, is_seen=False) for _ in range(1000)) == 20
