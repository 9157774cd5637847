"""A lean process that has executed nothing recorded, from which workers are forked.

It is started with a fixed PYTHONHASHSEED, loads what a worker needs, and waits. For each request it forks one
worker with the two pipes it was handed, and tells when one has ended, and how. When the replayer goes away, for
whatever reason, it kills its workers and goes as well.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import select
import shutil
import signal
import socket
from typing import Any

from legacy_seam.world.confinement.kernel import adopt_orphans, die_with_parent

FORK = b"F"
_ROUNDS_AGAINST_STRAYS = 100


def load() -> None:
    """Load what workers need, and do what each of them would do again."""
    from legacy_seam.plaindata import write_constructors
    from legacy_seam.replay import worker
    from legacy_seam.values.reading import get_ready_to_read
    from legacy_seam.world.clock import load_time_machine

    get_ready_to_read()
    load_time_machine()
    import getpass  # noqa: F401 - each worker puts something in the place of its function

    with contextlib.suppress(ImportError):  # some interpreters are built without it
        import sqlite3  # noqa: F401
    write_constructors(*worker.NOUNS)
    gc.collect()
    gc.freeze()  # a worker that collects garbage looks at what it has made itself, not at all that is loaded here


def main(control_descriptor: int, home: str) -> None:
    """Serve requests until the other end of the control socket is closed.

    Args:
        control_descriptor: the socket on which requests come.
        home: the directory in which all private directories lie; it is removed in the end.
    """
    load()
    from legacy_seam.replay import worker

    adopt_orphans()
    control = socket.socket(fileno=control_descriptor)
    wake_reader, wake_writer = os.pipe()
    for end in (wake_reader, wake_writer):
        os.set_blocking(end, False)
    signal.signal(signal.SIGCHLD, lambda number, frame: None)
    signal.set_wakeup_fd(wake_writer, warn_on_full_buffer=False)
    children: set[int] = set()
    tell(control, {"ready": os.getpid()})
    try:
        while True:
            watched: list[Any] = [control, wake_reader]
            ready, _, _ = select.select(watched, [], [])
            if wake_reader in ready:
                with contextlib.suppress(BlockingIOError):
                    os.read(wake_reader, 4096)
                _reap(control, children)
            if control in ready:
                request, handed, _, _ = socket.recv_fds(control, 1, 2)
                if not request:
                    return
                child = _fork(handed, [control_descriptor, wake_reader, wake_writer], worker.serve)
                for descriptor in handed:
                    os.close(descriptor)
                children.add(child)
                tell(control, {"forked": child})
    except (BrokenPipeError, ConnectionResetError):
        return
    finally:
        _end(children)
        _end_strays(set())
        shutil.rmtree(home, ignore_errors=True)


def _end(children: set[int]) -> None:
    for child in children:
        with contextlib.suppress(ProcessLookupError, ChildProcessError):
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)


def tell(control: socket.socket, message: dict[str, Any]) -> None:
    """Send one message to the replayer: a line of JSON."""
    control.sendall(json.dumps(message).encode() + b"\n")


def _fork(handed: list[int], unwanted: list[int], serve: Any) -> int:
    child = os.fork()
    if child:
        return child
    status = 70
    try:
        die_with_parent()
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        for descriptor in unwanted:
            os.close(descriptor)
        serve(*handed)
        status = 0
    except BaseException:
        import traceback

        traceback.print_exc()
    finally:
        os._exit(status)
    return 0


def _reap(control: socket.socket, children: set[int]) -> None:
    for child in list(children):
        with contextlib.suppress(ChildProcessError):
            done, status = os.waitpid(child, os.WNOHANG)
            if done:
                children.discard(child)
                _end_strays(children)
                tell(control, {"ended": child, "status": status})


def _end_strays(known: set[int]) -> None:
    """Kill what a worker started behind our back, and left: it has become a child of ours (Linux)."""
    for _ in range(_ROUNDS_AGAINST_STRAYS):
        strays = _children() - known
        if not strays:
            return
        _end(strays)


def _children() -> set[int]:
    try:
        with open(f"/proc/self/task/{os.getpid()}/children", "rb") as file:
            return {int(number) for number in file.read().split()}
    except OSError:  # another system, or a kernel that does not tell
        return set()
