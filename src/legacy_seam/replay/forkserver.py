"""The replayer's side of a zygote: starting it, asking it for workers, learning how they ended."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType, TracebackType

from legacy_seam.errors import SeamError
from legacy_seam.replay.zygote import FORK

_START = """
import sys
sys.path.insert(0, {root!r})
from legacy_seam.replay.zygote import main
sys.path.remove({root!r})
main({descriptor}, {home!r})
"""
_INHERITED = re.compile(
    r"PATH|HOME|USER|LOGNAME|TZ|TMPDIR|TMP|TEMP|VIRTUAL_ENV|SYSTEMROOT|(LD|DYLD|COVERAGE|MALLOC)_\w+"
    r"|PYTHON(?!PATH|STARTUP|HOME|INSPECT|WARNINGS|UTF8)\w+"
)
"""What an interpreter needs to start. A process can read the environment it was started with, whatever becomes of
`os.environ`: nothing else of it is let in."""


class Zygote:
    """One zygote process.

    Args:
        hash_seed: its PYTHONHASHSEED.
        home: the directory in which private directories lie; it removes that when the replayer is gone.

    Raises:
        SeamError: where it does not start.
    """

    def __init__(self, hash_seed: int, home: str) -> None:
        mine, theirs = socket.socketpair()
        self._control = mine
        self._unread = b""
        self._statuses: dict[int, int] = {}
        self._process = start(hash_seed, theirs.fileno(), home)
        theirs.close()
        if self._told().get("ready") is None:
            raise SeamError(f"The process from which calls are replayed does not start: {self._last_words()}")

    def fork(self) -> Worker:
        """A new worker.

        Raises:
            SeamError: where the zygote is gone.
        """
        job_reader, job_writer = os.pipe()
        result_reader, result_writer = os.pipe()
        try:
            socket.send_fds(self._control, [FORK], [job_reader, result_writer])
        except OSError:
            os.close(job_writer)
            os.close(result_reader)
            raise SeamError(f"The process from which calls are replayed has ended: {self._last_words()}") from None
        finally:
            os.close(job_reader)
            os.close(result_writer)
        while "forked" not in (told := self._told()):
            if not told:
                raise SeamError(f"The process from which calls are replayed has ended: {self._last_words()}")
        return Worker(self, told["forked"], job_writer, result_reader)

    def status_of(self, process: int) -> int:
        """How a worker ended, as `os.waitpid` tells it (waits until it has)."""
        while process not in self._statuses:
            if not self._told():
                return signal.SIGKILL
        return self._statuses.pop(process)

    def close(self) -> None:
        """End the zygote, and with it all its workers."""
        self._control.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=5)
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        if self._process.stderr is not None:
            self._process.stderr.close()

    def _told(self) -> Mapping[str, int]:
        """The next thing the zygote tells; empty when it is gone. Ends of workers are kept for those who ask."""
        while b"\n" not in self._unread:
            piece = self._control.recv(4096)
            if not piece:
                return MappingProxyType({})
            self._unread += piece
        line, _, self._unread = self._unread.partition(b"\n")
        told: dict[str, int] = json.loads(line)
        if "ended" in told:
            self._statuses[told["ended"]] = told["status"]
        return told

    def _last_words(self) -> str:
        self._process.kill()
        words = self._process.stderr.read() if self._process.stderr else b""
        return words.decode("utf-8", "replace").strip().rpartition("\n")[2] or "it said nothing"


class Zygotes:
    """Zygotes by hash seed, each started when it is first asked for, and the directory in which their workers work.

    Starting one takes longer than replaying many calls: replayers that work at the same time can share them. Not
    where one is to check another, though: all children of a zygote have its addresses. A context manager.
    """

    def __init__(self) -> None:
        self._by_seed: dict[int, Zygote] = {}
        self._home: str | None = None

    def __enter__(self) -> Zygotes:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, failure: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    @property
    def home(self) -> str:
        """A private directory, which is removed in the end."""
        if self._home is None:
            self._home = os.path.realpath(tempfile.mkdtemp(prefix="legacy-seam-"))
        return self._home

    def zygote(self, hash_seed: int) -> Zygote:
        """The one with that PYTHONHASHSEED.

        Raises:
            SeamError: where it does not start.
        """
        if hash_seed not in self._by_seed:
            self._by_seed[hash_seed] = Zygote(hash_seed, self.home)
        return self._by_seed[hash_seed]

    def close(self) -> None:
        """End all processes and remove the directory."""
        while self._by_seed:
            self._by_seed.popitem()[1].close()
        if self._home is not None:
            shutil.rmtree(self._home, ignore_errors=True)
            self._home = None


class Worker:
    """One worker process, by its pipes.

    process: its number; jobs: file descriptor to write to; results: file descriptor to read from.
    """

    def __init__(self, zygote: Zygote, process: int, jobs: int, results: int) -> None:
        self.process = process
        self.jobs = jobs
        self.results = results
        self.directory: str | None = None
        self._zygote = zygote
        self._status: int | None = None
        self._closed = False

    def kill(self, process: int | None = None) -> None:
        """Kill it and what it started; or a process that it started for one call."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process or self.process, signal.SIGKILL)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(process or self.process, signal.SIGKILL)

    def status(self) -> int:
        """How it ended (waits until it has)."""
        if self._status is None:
            self._status = self._zygote.status_of(self.process)
        return self._status

    def close(self) -> None:
        """Let it go: it ends by itself when there are no more jobs; make sure of it, and remove its directory."""
        if self._closed:
            return
        self._closed = True
        os.close(self.jobs)
        os.close(self.results)
        if self._status is None:
            self.kill()
            self.status()
        if self.directory is not None:
            shutil.rmtree(self.directory, ignore_errors=True)


def start(hash_seed: int, descriptor: int, home: str) -> subprocess.Popen[bytes]:
    """Start the process of a zygote.

    Args:
        hash_seed: its PYTHONHASHSEED.
        descriptor: of the socket on which it is asked for workers.
        home: the directory in which their private directories lie.
    """
    root = str(Path(__file__).resolve().parents[2])
    return subprocess.Popen(
        [sys.executable, "-P", "-c", _START.format(root=root, descriptor=descriptor, home=home)],
        pass_fds=(descriptor,),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env=environment(hash_seed),
        start_new_session=True,
        cwd="/",
    )


def environment(hash_seed: int) -> dict[str, str]:
    """What a zygote has of the environment of this process.

    Args:
        hash_seed: its PYTHONHASHSEED.
    """
    kept = {name: value for name, value in os.environ.items() if _INHERITED.fullmatch(name)}
    return kept | {"PYTHONHASHSEED": str(hash_seed), "LANG": "C.UTF-8"}
