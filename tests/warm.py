"""The command line in a process that need not load it: it is forked from one which has loaded all verbs.

Importing takes most of the time of a command that does little, and the suite gives hundreds. What runs is the same,
in a process of its own with its own directory, environment, streams and exit code. An environment that Python reads
when it starts (hash seed, zone, locale) takes a start.
"""

from __future__ import annotations

import contextlib
import functools
import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import IO, Any, NoReturn

from warm_zygotes import WarmZygotes

ZYGOTES = WarmZygotes()
"""From which zygotes of this process are forked, and of those in which commands run."""

Done = subprocess.CompletedProcess[str]

_READ_AT_START = ("PYTHON", "LC_", "LANG", "TZ", "COVERAGE_")
_SECONDS = 900.0


def can_be_warm(environment: Mapping[str, str]) -> bool:
    """Would a process that has started before know all of this?"""
    ours = {name: value for name, value in _environment().items() if name.startswith(_READ_AT_START)}
    return ours == {name: value for name, value in environment.items() if name.startswith(_READ_AT_START)}


def run_warm(arguments: Sequence[str], place: Path, environment: Mapping[str, str]) -> Done:
    """Run a command in a directory, and wait for its end and for all that write where it does."""
    told, status = socket.socketpair()
    streams = [os.pipe() for _ in range(2)]
    request = json.dumps([list(arguments), str(place), dict(environment)]).encode()
    with told, status:
        ends = [status.fileno(), *(write for _, write in streams)]
        socket.send_fds(_server()[0], [len(request).to_bytes(4) + request], ends)
        for end in ends[1:]:
            os.close(end)
        status.close()
        out, err = _all_of([os.fdopen(read, encoding="utf-8") for read, _ in streams])
        told.settimeout(_SECONDS)
        code = int(told.recv(16))
    return subprocess.CompletedProcess(["legacy-seam", *arguments], code, out, err)


def _all_of(streams: Sequence[IO[str]]) -> list[str]:
    """What is written to several pipes until all their other ends are closed."""
    texts = [""] * len(streams)

    def drain(number: int) -> None:
        with streams[number] as stream:
            texts[number] = stream.read()

    drains = [threading.Thread(target=drain, args=(number,)) for number in range(len(streams))]
    for one in drains:
        one.start()
    for one in drains:
        one.join()
    return texts


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name not in ("CI", "PYTHONPATH")}


@functools.cache
def _server() -> tuple[socket.socket, subprocess.Popen[bytes]]:
    """The process that forks, and the way to it; it ends when this one does."""
    ours, theirs = socket.socketpair()
    zygotes = {seed: [request.fileno() for request in requests] for seed, requests in ZYGOTES.requests().items()}
    server = subprocess.Popen(
        [sys.executable, __file__, str(theirs.fileno()), json.dumps(list(zygotes.items()))],
        env=_environment(),
        cwd="/",
        pass_fds=[theirs.fileno(), *(number for numbers in zygotes.values() for number in numbers)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    theirs.close()
    return ours, server


# ---------------------------------------------------------------------------------------- in the other process


def _take_over(zygotes: Sequence[tuple[int, Sequence[int]]]) -> None:
    ways = {seed: [socket.socket(fileno=number) for number in numbers] for seed, numbers in zygotes}
    WarmZygotes(ways).take_over()


def _serve(requests: socket.socket) -> None:
    del sys.path[0]  # the tests' own modules are none of the program's business
    from legacy_seam.cli import VERBS

    for module in (*(f"legacy_seam.cli.{verb}" for verb in VERBS), "rich.progress", "rich.table"):
        import_module(module)
    while True:
        head, descriptors, _, _ = socket.recv_fds(requests, 4, 3)
        if not head:
            return
        body = b""
        while len(body) < int.from_bytes(head):
            body += requests.recv(int.from_bytes(head) - len(body))
        if os.fork() == 0:
            requests.close()
            _attend(json.loads(body), *descriptors)
        for descriptor in descriptors:
            os.close(descriptor)
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass


def _attend(request: Any, told: int, out: int, err: int) -> NoReturn:
    """Run one command in a child, and tell how it ended."""
    arguments, place, environment = request
    child = os.fork()
    if child:
        os.close(out)
        os.close(err)
        os.write(told, str(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])).encode())
        os._exit(0)
    os.close(told)
    for stream, number in ((out, 1), (err, 2)):
        os.dup2(stream, number)
        os.close(stream)
    os.chdir(place)
    os.environ.clear()
    os.environ.update(environment)
    from legacy_seam.cli import main

    sys.path.insert(0, place)
    sys.argv = ["legacy-seam", *arguments]
    main(arguments)
    raise AssertionError("the command line came back")


if __name__ == "__main__":
    _take_over(json.loads(sys.argv[2]))
    _serve(socket.socket(fileno=int(sys.argv[1])))
