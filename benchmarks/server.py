"""A real server under load, with an experiment in it: what its clients notice, and what stays behind.

    python benchmarks/server.py [--requests 4000] [--threads 16]

A threaded WSGI server with an old pricing function (`tests/pricing_server.py`) is asked for prices by many threads:
as it is, with a candidate inline, and with one in a worker, in alternating rounds, at no more than 200 requests a
second. Told are median and 99th percentile, whether every answer is the same, byte for byte, and what the server
holds before and after: descriptors, threads, memory, processes. Then trouble: a candidate that hangs, dies, eats
memory and raises; a canary that is widened, narrowed and killed while it runs; SIGTERM; and a server of gunicorn
that forks after the experiment was made.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib
import json
import socket
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from http.client import HTTPException
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from pricing_server import CRASHES, EATS, HANGS, RAISES
from served import Server, end, environment, left_of, served, until


@dataclass
class Heard:
    """What clients got."""

    answers: dict[str, bytes] = field(default_factory=dict)
    times: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def add(self, path: str, answer: bytes, took: float, expected: dict[str, bytes] | None) -> None:
        """One more answer."""
        self.times.append(took * 1e3)
        self.answers[path] = answer
        if expected is not None and answer != expected[path]:
            self.wrong.append(path)

    def at(self, share: float) -> float:
        """A quantile of the times, in milliseconds."""
        return sorted(self.times)[int(len(self.times) * share)]


def load(
    server: Server, requests: int, threads: int, expected: dict[str, bytes] | None = None, pause: float = 0.0
) -> Heard:
    """Ask for many prices from many threads, each of which pauses after an answer."""
    heard, numbers = Heard(), iter(range(requests))
    lock = threading.Lock()

    def client() -> None:
        while True:
            with lock:
                number = next(numbers, None)
            if number is None:
                return
            path = f"/price?customer={number % 400}&units={number % 400 % 23 + 1}"
            begun = time.perf_counter()
            answer = server.ask(path)
            took = time.perf_counter() - begun
            with lock:
                heard.add(path, answer, took, expected)
            time.sleep(pause)

    clients = [threading.Thread(target=client) for _ in range(threads)]
    for one in clients:
        one.start()
    for one in clients:
        one.join()
    assert len(heard.times) == requests
    return heard


def side_by_side(requests: int, threads: int) -> dict[str, bytes]:
    """The same load with and without, in turns."""
    with served() as bare, served("inline") as inline, served("worker") as worker:
        servers = {"bare": bare, "inline": inline, "worker": worker}
        for server in servers.values():
            load(server, 400, threads)  # warm, and all answers
        expected = load(bare, 400, 1).answers
        before = {name: server.state() for name, server in servers.items()}
        heard = {name: Heard() for name in servers}
        for _ in range(4):
            for name, server in servers.items():
                found = load(server, requests // 4, threads, expected, pause=threads / 200)
                heard[name].times += found.times
                heard[name].wrong += found.wrong
        print(
            f"{'':<8}{'median ms':>10}{'p99 ms':>9}{'other answers':>15}{'descriptors':>13}{'threads':>9}{'MB':>11}"
        )
        for name, server in servers.items():
            told(name, heard[name], before[name], server.state())
        for server in (inline, worker):
            complete(server, 400 + requests)
    return expected


def told(name: str, heard: Heard, before: dict[str, Any], after: dict[str, Any]) -> None:
    print(
        f"{name:<8}{heard.at(0.5):9.2f}{heard.at(0.99):9.2f}{len(heard.wrong):>15}"
        f"{before['descriptors']:>8} → {after['descriptors']:<2}"
        f"{len(before['threads']):>5} → {len(after['threads'])}"
        f"{before['kilobytes'] / 1024:8.1f} → {after['kilobytes'] / 1024:.1f}"
    )
    assert not heard.wrong, heard.wrong[:3]
    assert after["threads"] == before["threads"] and after["descriptors"] <= before["descriptors"] + 1
    assert not after["children"], "a process of its own that nobody has waited for"


def complete(server: Server, calls: int) -> None:
    """Every call is in the log, or counted as lost."""
    state = server.state()
    counts, log = state["counts"], state["log"]
    lost = log["dropped"] + counts.get("skipped_dropped", 0)
    assert counts["calls"] == calls and server.rows() == log["written"] == calls - lost, (state, server.rows())
    assert counts.get("internal_errors", 0) == counts.get("log_errors", 0) == log["refused"] == 0, state
    print(f"  {counts['calls']:,} calls, {log['written']:,} rows, {lost:,} lost and counted")


def in_trouble(threads: int, expected: dict[str, bytes]) -> None:
    """A candidate that hangs, dies, eats memory, raises."""
    with served("worker", "troubled", deadline=1.0) as server:
        heard = load(server, 1_200, threads, expected)
        assert not heard.wrong, heard.wrong[:3]
        times = {kind: sum(c % 97 == kind for c in range(400)) * 3 for kind in (HANGS, CRASHES, EATS, RAISES)}
        until(lambda: server.state()["settled"], "it does not settle", 120)
        state = server.state()
        counts = state["counts"]
        print(
            f"worker, in trouble {sum(times.values())} times: median {heard.at(0.5):.2f} ms,"
            f" p99 {heard.at(0.99):.2f} ms; {counts['candidate_timeout']} timeouts,"
            f" {counts['candidate_exception']} failures, no other answer; {len(left_of(server.place))} processes"
        )
        assert counts["candidate_timeout"] >= times[HANGS]
        assert counts["candidate_exception"] >= times[CRASHES] + times[RAISES]
        assert len(left_of(server.place)) <= 2 and not state["children"]
        complete(server, 1_200)


def canary(threads: int, expected: dict[str, bytes]) -> None:
    """A canary is widened, narrowed, and killed, while requests come in."""
    for mode in ("inline", "worker"):
        with served(mode, "dearer") as server:
            load(server, 50, 2, expected)  # the worker is there
            shares = []
            for share in (0.0, 0.25, 1.0, 0.1):
                server.canary(share)
                time.sleep(1.2)  # it is read once a second
                heard = load(server, 400, threads, expected)
                shares.append(len(heard.wrong) / 400)
                for path, answer in heard.answers.items():
                    old = price_in(expected[path])
                    assert price_in(answer) in (old, old + 1000)
            nothing, quarter, everything, tenth = shares
            assert nothing == 0 and 0.15 < quarter < 0.35 and everything > 0.97 and 0.04 < tenth < 0.2, shares
            server.canary(1.0)
            time.sleep(1.2)
            (server.place / "kill").touch()
            time.sleep(0.2)
            assert not load(server, 400, threads, expected).wrong
            answered = ", ".join(f"{share:.0%}" for share in shares)
            print(f"{mode}: a canary of 0, 25, 100, 10 % answered {answered}; killed: 0 %")


def price_in(answer: bytes) -> float:
    return float(json.loads(answer)["price"])


def ended_under_load(threads: int, expected: dict[str, bytes]) -> None:
    """SIGTERM while requests come in."""
    with served("worker") as server:
        load(server, 100, threads, expected)

        def hammered() -> None:
            with contextlib.suppress(OSError, HTTPException):
                while True:
                    server.ask("/price?customer=1&units=1")

        for _ in range(threads):
            threading.Thread(target=hammered, daemon=True).start()
        time.sleep(1)
        begun = time.monotonic()
        end(server)
        print(f"SIGTERM under load: gone with all it had started after {time.monotonic() - begun:.2f} s")


def forked_before(requests: int, threads: int, expected: dict[str, bytes]) -> None:
    """gunicorn: the experiment is made, then the server forks."""
    for kind in ("sync", "gthread"):
        for mode in ("inline", "worker"):
            with tempfile.TemporaryDirectory() as name:
                server = gunicorn(kind, mode, Path(name))
                heard = load(server, requests, threads, expected)
                assert not heard.wrong, heard.wrong[:3]
                time.sleep(1.0)  # batches are written after half a second
                end(server)
                rows = server.rows()
                print(
                    f"gunicorn {kind}, {mode}, two processes: median {heard.at(0.5):.2f} ms,"
                    f" p99 {heard.at(0.99):.2f} ms; {rows:,} rows of {requests:,} calls"
                )
                assert rows == requests


def gunicorn(kind: str, mode: str, place: Path) -> Server:
    """Two processes, forked after the experiment was made."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    options = f"--preload -w 2 -k {kind} --threads 4 -b 127.0.0.1:{port} --log-level error"
    process = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", *options.split(), "pricing_server:application"],
        env=environment(place, mode, "same", 5), text=True,
    )  # fmt: skip
    until(lambda: answers(port), "gunicorn does not answer")
    return Server(port, process, place)


def answers(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=4_000)
    parser.add_argument("--threads", type=int, default=16)
    given = parser.parse_args()
    expected = side_by_side(given.requests, given.threads)
    in_trouble(given.threads, expected)
    canary(given.threads, expected)
    ended_under_load(given.threads, expected)
    with contextlib.suppress(ImportError):
        importlib.import_module("gunicorn")
        forked_before(given.requests // 4, given.threads, expected)


if __name__ == "__main__":
    main()
