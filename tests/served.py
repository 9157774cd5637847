"""`pricing_server` in a process of its own: asked from outside, ended, and whether it has left anything behind."""

from __future__ import annotations

import contextlib
import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from legacy_seam.experiment import PredictionLog

TESTS = Path(__file__).parent
MEMORY = 3 << 30
"""Bytes of addresses that a server and its workers may have, so that a candidate that eats all eats no more."""


@dataclass
class Server:
    """A running server."""

    port: int
    process: subprocess.Popen[str]
    place: Path

    def ask(self, path: str) -> bytes:
        """What it answers."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request("GET", path)
            return connection.getresponse().read()
        finally:
            connection.close()

    def state(self) -> dict[str, Any]:
        """What it holds."""
        found: dict[str, Any] = json.loads(self.ask("/state"))
        return found

    def canary(self, share: float) -> None:
        """Change the share of the canary."""
        part = self.place / "canary.part"
        part.write_text(json.dumps({"format": "legacy-seam canary", "version": 1, "share": share}))
        part.replace(self.place / "canary.json")

    def rows(self) -> int:
        """How many rows are in its log."""
        path = self.place / "predictions.db"
        return sum(1 for _ in PredictionLog(path).rows()) if path.exists() else 0


def environment(place: Path, mode: str, candidate: str, deadline: float) -> dict[str, str]:
    return os.environ | {
        "PRICING_MODE": mode, "PRICING_CANDIDATE": candidate, "PRICING_PLACE": str(place),
        "PRICING_DEADLINE": str(deadline), "PYTHONPATH": str(TESTS),
    }  # fmt: skip


@contextlib.contextmanager
def served(mode: str = "", candidate: str = "same", deadline: float = 5) -> Iterator[Server]:
    """A threaded server, which is told to end (SIGTERM) and looked after whether it does."""
    with tempfile.TemporaryDirectory() as name:
        process = subprocess.Popen(
            [sys.executable, str(TESTS / "pricing_server.py"), "0"],
            env=environment(Path(name), mode, candidate, deadline), stdout=subprocess.PIPE, text=True,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY)),
        )  # fmt: skip
        assert process.stdout is not None
        server = Server(int(process.stdout.readline()), process, Path(name))
        try:
            yield server
        finally:
            end(server)
            process.stdout.close()


def end(server: Server) -> None:
    """SIGTERM; the server ends, and so does what it has started."""
    server.process.send_signal(signal.SIGTERM)
    assert server.process.wait(30) in (0, -signal.SIGTERM), server.process.returncode
    until(lambda: not left_of(server.place), "what it has started is still there")


def left_of(place: Path) -> list[int]:
    """The processes that a server in this place has left behind."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if f"PRICING_PLACE={place}".encode() in (entry / "environ").read_bytes().split(b"\0"):
                found.append(int(entry.name))
    return found


def until(done: Callable[[], object], otherwise: str, seconds: float = 20) -> None:
    end_at = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end_at, otherwise
        time.sleep(0.05)
