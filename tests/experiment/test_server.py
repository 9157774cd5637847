"""A server with an experiment in it, from outside: `benchmarks/server.py` does the same at length."""

from __future__ import annotations

import json
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from pricing_server import price
from served import Server, left_of, served

ORDERS = [(customer, customer % 23 + 1) for customer in range(60)]


def answer(server: Server, order: tuple[int, int]) -> float:
    return float(json.loads(server.ask(f"/price?customer={order[0]}&units={order[1]}"))["price"])


def prices(server: Server) -> list[float]:
    """What it answers to all orders, asked by several threads."""
    with ThreadPoolExecutor(4) as threads:
        return list(threads.map(lambda order: answer(server, order), ORDERS))


def asked_until(server: Server, price: float) -> int:
    """Ask for the first order, one time after the other, until that is the answer; how often it took."""
    for times in range(1, 200):
        if answer(server, ORDERS[0]) == price:
            return times
        time.sleep(0.05)
    raise AssertionError(f"{price} was never the answer")


def as_ever() -> list[float]:
    return [price({"customer": customer, "units": units}) for customer, units in ORDERS]


@pytest.mark.parametrize("mode", ["inline", "worker"])
def test_a_canary_is_widened_and_killed_while_the_server_runs(mode: str) -> None:
    expected = as_ever()
    with served(mode, "dearer") as server:
        assert prices(server) == expected
        before = server.state()
        server.canary(1.0)
        before_it = asked_until(server, expected[0] + 1000)
        assert prices(server) == [one + 1000 for one in expected]
        (server.place / "kill").touch()
        since_then = asked_until(server, expected[0])
        assert prices(server) == expected
        after = server.state()
        assert after["threads"] == before["threads"] and not after["children"]
        assert after["descriptors"] <= before["descriptors"] + 1
        assert after["counts"]["served_by_candidate"] == len(ORDERS) + since_then
        assert after["counts"]["fallback_killed"] == 1 + len(ORDERS)
        assert server.rows() == after["log"]["written"] == 3 * len(ORDERS) + before_it + since_then


def test_what_a_candidate_suffers_is_felt_by_nobody_and_nothing_stays_behind() -> None:
    with served("worker", "troubled", deadline=0.5) as server:
        assert prices(server) == as_ever()
        state = server.state()
        assert state["settled"] and not state["children"] and len(left_of(server.place)) <= 2
        assert state["counts"]["candidate_timeout"] >= 1 and state["counts"]["candidate_exception"] >= 1
        assert server.rows() == len(ORDERS)
    assert not left_of(server.place)
