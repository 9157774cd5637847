"""Zygotes (`legacy_seam.replay.zygote`) that need not be started: processes which have loaded all are forked.

Loading takes most of the time of a zygote, `pin` starts three, and the suite thousands. What runs is the same code
in a process of its own. For the hash seed that most have there are two processes to be forked, in turn, so that who
replays and who checks it have other addresses here as well. What a process has from its start (environment, limits
of the system, interpreter) has to be what a zygote would have; else that is started.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import resource
import select
import signal
import socket
import subprocess
import sys
import traceback
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn

from legacy_seam.replay import forkserver

_SEEDS = (0, 0, 1)
_LIMITS = tuple(getattr(resource, name) for name in sorted(vars(resource)) if name.startswith("RLIMIT_"))
_SERVE = """
import sys
_, tests, descriptor = sys.argv
sys.argv[1:] = []
sys.path.insert(0, tests)
from warm_zygotes import serve
sys.path.remove(tests)
serve(int(descriptor))
"""
_start_cold = forkserver.start


class WarmZygotes:
    """Processes from which zygotes are forked, and the ways to them.

    Args:
        requests: by hash seed, sockets that lead to processes which others have started in surroundings like ours;
            by default such are started when the first zygote is asked for.
    """

    def __init__(self, requests: Mapping[int, Sequence[socket.socket]] | None = None) -> None:
        self._requests = requests or {}
        self._has_from_start = {seed: _has_from_start(seed) for seed in set(_SEEDS)}
        self._environments = {seed: forkserver.environment(seed) for seed in set(_SEEDS)}
        self._processes: list[subprocess.Popen[bytes]] = []
        self._turns = {seed: itertools.count() for seed in set(_SEEDS)}

    def take_over(self) -> None:
        """From now on zygotes of this process, and of its forks, are these."""
        if hasattr(os, "pidfd_open"):
            forkserver.start = self._start

    def requests(self) -> Mapping[int, Sequence[socket.socket]]:
        """The sockets on which they are asked for, by hash seed."""
        if not self._requests:
            started: dict[int, list[socket.socket]] = {}
            for seed in _SEEDS:
                way, process = _started(self._environments[seed])
                self._processes.append(process)
                started.setdefault(seed, []).append(way)
            self._requests = started
        return self._requests

    def _start(self, hash_seed: int, descriptor: int, home: str) -> Any:
        if self._has_from_start.get(hash_seed) != _has_from_start(hash_seed):
            return _start_cold(hash_seed, descriptor, home)
        requests = self.requests()[hash_seed]
        told, tells = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        words, errors = os.pipe()
        with told:
            request = requests[next(self._turns[hash_seed]) % len(requests)]
            socket.send_fds(request, [json.dumps(home).encode()], [descriptor, errors, tells.fileno()])
            tells.close()
            os.close(errors)
            _, (process,), _, _ = socket.recv_fds(told, 1, 1)
        return _WarmProcess(process, words)


def _has_from_start(seed: int) -> object:
    return (
        sys.executable,
        forkserver.environment(seed),
        os.getuid(),
        [resource.getrlimit(limit) for limit in _LIMITS],
    )


def _started(environment: Mapping[str, str]) -> tuple[socket.socket, subprocess.Popen[bytes]]:
    """The way to a process to be forked from, and that; it ends when nobody can ask it any more."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with theirs:
        process = subprocess.Popen(
            [sys.executable, "-P", "-c", _SERVE, str(Path(__file__).parent), str(theirs.fileno())],
            env=environment,
            cwd="/",
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
    return ours, process


class _WarmProcess:
    """What a zygote asks of its `subprocess.Popen`, of a process that is no child of ours.

    Args:
        process: file descriptor of the process.
        words: file descriptor of what it writes on its standard error.
    """

    def __init__(self, process: int, words: int) -> None:
        self._process = process
        self.stderr = os.fdopen(words, "rb")

    def wait(self, timeout: float | None = None) -> None:
        if not select.select([self._process], [], [], timeout)[0]:
            raise subprocess.TimeoutExpired("zygote", timeout or 0.0)

    def poll(self) -> int | None:
        return 0 if select.select([self._process], [], [], 0)[0] else None

    @property
    def returncode(self) -> int | None:
        return self.poll()

    def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._process, signal.SIGKILL)

    def __del__(self) -> None:
        os.close(self._process)


# ---------------------------------------------------------------------------------------- in the other processes


def serve(descriptor: int) -> None:
    """Fork a zygote for each request, until nobody is left who could ask."""
    from legacy_seam.replay import zygote

    requests = socket.socket(fileno=descriptor)
    zygote.load()
    while True:
        home, descriptors, _, _ = socket.recv_fds(requests, 1 << 16, 3)
        if not home:
            return
        control, errors, tells = descriptors
        child = os.fork()
        if child == 0:
            requests.close()
            os.close(tells)
            _be_zygote(control, errors, json.loads(home))
        with socket.socket(fileno=tells) as answer:
            process = os.pidfd_open(child)
            socket.send_fds(answer, [b"1"], [process])
            os.close(process)
        os.close(control)
        os.close(errors)
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass


def _be_zygote(control: int, errors: int, home: str) -> NoReturn:
    from legacy_seam.replay import zygote

    try:
        os.setsid()
        os.dup2(errors, 2)
        os.close(errors)
        zygote.main(control, home)
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(0)
