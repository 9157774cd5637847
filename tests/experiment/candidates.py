"""Functions for the tests of experiments: importable, so that a worker can hold them."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from legacy_seam.experiment import Experiment, LoadedModel

LOADED: list[int] = []


def double(number: Any) -> Any:
    return number * 2


def slightly_more(number: float) -> float:
    return number * 2 + 0.5


async def double_awaited(number: Any) -> Any:
    await asyncio.sleep(0)
    return number * 2


async def hang_awaited(number: Any) -> Any:
    await asyncio.sleep(30)


def describe(account: dict[str, Any]) -> str:
    return f"{account['name']} owes {account['balance']}"


def hang(number: Any) -> Any:
    if number != 1:
        time.sleep(30)
    return number * 2


def hang_without_end(number: Any) -> Any:
    while True:
        pass


def die(number: Any) -> Any:
    os._exit(7)


def raise_it(number: Any) -> Any:
    raise ValueError(f"not {number}")


def process_id(number: Any) -> int:
    return os.getpid()


def an_object(number: Any) -> Any:
    return threading.Lock()


def do_harm(path: str) -> list[str]:
    """Try everything that is refused; gives what was refused."""
    refused = []
    import socket
    import subprocess

    attempts: dict[str, Callable[[], object]] = {
        "write": lambda: Path(path).write_text("candidate"),
        "remove": lambda: Path(path).unlink(),
        "rename": lambda: Path(path).rename(path + "x"),
        "mkdir": lambda: Path(path + "d").mkdir(),
        "spawn": lambda: subprocess.run(["touch", path + "t"], check=True),
        "system": lambda: os.system(f"touch {path}t"),
        "chdir": lambda: os.chdir("/"),
        "connect": lambda: socket.create_connection(("127.0.0.1", 9)),
        "database": lambda: sqlite3.connect(path + ".db"),
        "append": lambda: Path(path).open("a"),  # noqa: SIM115
    }
    for name, attempt in attempts.items():
        try:
            attempt()
        except PermissionError:
            refused.append(name)
    return refused


def load_number() -> Any:
    LOADED.append(1)
    return double


def fail_to_load() -> Any:
    raise OSError("no such model")


def _seam(number: Any) -> Any:
    return number


SEAM = Experiment("seam within a candidate's module", _seam, "candidates_of_nobody:nothing", mode="worker")
"""A worker that imports this module finds an experiment in it, and must not start a worker of its own."""


def call_the_seam(number: Any) -> Any:
    return SEAM(number) * 2


MODEL: Any = None
LOADS = 0


def keep_a_model(number: Any) -> Any:
    global MODEL, LOADS
    if MODEL is None:
        MODEL = double
        LOADS += 1
    return MODEL(number)


def _load_slowly() -> Any:
    time.sleep(1.0)
    return double


SLOW = LoadedModel(_load_slowly)


def ask_a_slow_model(number: Any) -> Any:
    return SLOW(number)
