"""A machine that can be harmed: files, a home with keys, servers that listen, a process; and how each fared."""

from __future__ import annotations

import contextlib
import os
import re
import select
import socket
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from legacy_seam.calls import Call, FileState, Run
from legacy_seam.replay import Batch, Conditions, Isolation, Limits, Replayed, Replayer
from legacy_seam.store.blobs import Blobs
from legacy_seam.targets import Target
from legacy_seam.world.confinement import guarantees
from legacy_seam.world.confinement.kernel import NUMBERS

INSTANT = 1_700_000_000.25
LIMITS = Limits(cpu_seconds=1, wall_seconds=20.0, memory_bytes=256 * 1024**2, disk_bytes=24 * 1024**2)
SECRET = "hunter2-of-the-developer"

_PRELUDE = """
import contextlib, ctypes, gc, io, os, signal, socket, sys, threading

def sandboxes():
    found, frame = [], sys._getframe()
    while frame is not None:
        for value in list(frame.f_locals.values()):
            stage = getattr(value, "stage", None)
            for sandbox in (getattr(value, "sandbox", None), getattr(stage, "sandbox", None)):
                if sandbox is not None and sandbox not in found:
                    found.append(sandbox)
        frame = frame.f_back
    return found

def disarm():
    "What a program would do that knows us: from here on the audit hook sees nothing."
    found = sandboxes()
    for sandbox in found:
        sandbox.armed = False
    assert found, "nothing was disarmed"

def libc():
    return ctypes.CDLL(None, use_errno=True)

def said(result):
    "What a C function gave back, which a caller would have to look at."
    if result == -1:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result

def harmless():
    return "alive"
"""


@dataclass
class Machine:
    """Everything that a replay could harm, and a replayer that is at work in the midst of it."""

    root: Path
    tcp: socket.socket
    udp: socket.socket
    local: socket.socket
    victim: subprocess.Popen[bytes]
    replayer: Replayer
    blobs: Blobs
    before: dict[str, tuple[object, ...]] = field(default_factory=dict)

    @property
    def project(self) -> Path:
        return self.root / "project"

    def write(self, name: str, *functions: str) -> None:
        """A module of the project, with what attempts need to know. From here on nothing is to change."""
        known = {
            "PROJECT": str(self.project),
            "OUTSIDE": str(self.root / "outside"),
            "HOME": str(self.root / "home"),
            "PORT": self.tcp.getsockname()[1],
            "UDP_PORT": self.udp.getsockname()[1],
            "LOCAL": str(self.root / "local"),
            "VICTIM": self.victim.pid,
            "TESTER": os.getpid(),
            "NUMBERS": NUMBERS,
        }
        lines = [f"{name} = {value!r}" for name, value in known.items()]
        (self.project / f"{name}.py").write_text("\n".join([*lines, _PRELUDE, *functions]))
        self.before = self._files()

    def call(self, target: str, number: int = 0) -> Call:
        """A call without arguments."""
        return Call(
            target=Target.parse(target),
            identity=f"{target} {number}",
            arguments={},
            closure={},
            state={},
            instant=INSTANT,
            files=(),
            observed=None,
            run="run-1",
        )

    def file(self, path: Path) -> FileState:
        """A file that a call opened, as it is."""
        return FileState(str(path), self.blobs.put(path.read_bytes()))

    def replay(self, *calls: Call, isolation: Isolation = "shared") -> list[Replayed]:
        """Replay calls, those of one target in one batch."""
        run = Run(
            identity="run-1",
            command=("driver.py",),
            directory=str(self.project),
            main=None,
            search_path=(".",),
            started=INSTANT - 10,
            timezone="UTC",
            environment={},
            files=(),
            python="3.11",
            platform="linux",
        )
        batches = [
            Batch(target, tuple(call for call in calls if call.target == target), run)
            for target in dict.fromkeys(call.target for call in calls)
        ]
        return list(self.replayer.run(batches, Conditions(isolation=isolation)))

    def outcome(self, target: str) -> str:
        """What came of a call, one effect in a line; a refusal as it is told."""
        return self.outcome_of(self.call(target))

    def outcome_of(self, call: Call) -> str:
        (replayed,) = self.replay(call)
        return told(replayed)

    def assert_unharmed(self) -> None:
        """Nothing is different from what it was, and replaying goes on."""
        assert self._files() == self.before
        assert self.victim.poll() is None
        for server in (self.tcp, self.udp, self.local):
            assert not select.select([server], [], [], 0)[0], "something arrived"
        assert self.outcome("innocent:harmless") == "returned 'alive'"

    def _files(self) -> dict[str, tuple[object, ...]]:
        """Each file and directory: kind and mode, time of change, content."""
        found: dict[str, tuple[object, ...]] = {}
        for place in ("project", "outside", "home"):
            for path in sorted((self.root / place).rglob("*")):
                status = path.lstat()
                content = path.read_bytes() if path.is_file() else None
                found[str(path)] = (status.st_mode, status.st_uid, status.st_nlink, status.st_mtime_ns, content)
        return found


def told(replayed: Replayed) -> str:
    if replayed.outcome is None:
        return f"refused {replayed.refusal_kind} {replayed.refusal}"
    effects = (" ".join(filter(None, (one.kind, one.place, one.text))) for one in replayed.outcome.effects)
    return "\n".join(re.sub(r"\n *", "", effect) for effect in effects)


@contextlib.contextmanager
def endangered(limits: Limits = LIMITS) -> Iterator[Machine]:
    """A machine, until the end of the block."""
    with contextlib.ExitStack() as stack:
        root = Path(os.path.realpath(stack.enter_context(tempfile.TemporaryDirectory(prefix="seam-security-"))))
        for name in ("project", "outside/tree", "home/.ssh", "home/.aws", "home/letters"):
            (root / name).mkdir(parents=True)
        for name in ("outside/kept", "outside/tree/leaf", "project/data.txt", "project/settings.ini"):
            (root / name).write_text("kept")
        for name in (".ssh/id_rsa", ".aws/credentials", "letters/love.txt", ".env", ".netrc"):
            (root / "home" / name).write_text(SECRET)
        servers = [socket.create_server(("127.0.0.1", 0)), socket.socket(type=socket.SOCK_DGRAM)]
        servers[1].bind(("127.0.0.1", 0))
        servers.append(socket.socket(socket.AF_UNIX))
        servers[2].bind(str(root / "local"))
        servers[2].listen()
        for server in servers:
            stack.callback(server.close)
        victim = stack.enter_context(
            subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], start_new_session=True)
        )
        stack.callback(victim.kill)
        surroundings = stack.enter_context(pytest.MonkeyPatch.context())
        surroundings.setenv("HOME", str(root / "home"))
        surroundings.setenv("DEVELOPER_TOKEN", SECRET)
        blobs = Blobs(root / "blobs")
        replayer = stack.enter_context(Replayer(root / "project", blobs, ("escapes", "innocent", "others"), limits))
        machine = Machine(root, servers[0], servers[1], servers[2], victim, replayer, blobs)
        machine.write("innocent")
        yield machine


def function(name: str, act: str) -> str:
    """The source of a function that makes an attempt."""
    return f"def {name}():\n{textwrap.indent(textwrap.dedent(act).strip(), '    ')}\n"


def functions(*attempts: Mapping[str, tuple[str, str]]) -> list[str]:
    """The sources of functions for attempts: name -> (what is done, what is told of it)."""
    return [function(name, act) for group in attempts for name, (act, _) in group.items()]


def needs(mechanism: str) -> pytest.MarkDecorator:
    """For what only the kernel can stop, and what nothing stops on a kernel without the mechanism."""
    in_force = {by for one in guarantees() for by in one.by}
    return pytest.mark.skipif(mechanism not in in_force, reason=f"this kernel has no {mechanism}")
