import os
from typing import Any

import pytest

from legacy_seam.world import processes


@pytest.mark.parametrize(
    ("event", "arguments", "told"),
    [
        ("subprocess.Popen", ("ls", ["ls", b"-l"], None, None), "process: subprocess.Popen of ls -l"),
        ("os.spawn", (0, "/bin/ls", ["ls"], None), "process: os.spawn of /bin/ls"),
        ("os.kill", (1, 9), "process: os.kill"),
        ("ctypes.dlsym", (None, "system"), "process: the C function system"),
        ("ctypes.dlsym", (None, "strlen"), None),
        ("fcntl.fcntl", (3, 8, 42), "process: fcntl.fcntl that sends signals"),
        ("fcntl.fcntl", (3, 1, 0), None),
        ("fcntl.ioctl", (3, 0x5412, b"x"), "process: fcntl.ioctl that presses keys"),
        ("fcntl.ioctl", (3, 0x5401, b"x"), None),
        ("sys.addaudithook", (), "interpreter: sys.addaudithook"),
        ("sqlite3.enable_load_extension", (None, True), "process: sqlite3.enable_load_extension"),
    ],
)
def test_processes_that_are_denied(event: str, arguments: tuple[Any, ...], told: str | None) -> None:
    assert processes.denied(event, arguments) == told


def test_killing_oneself_is_allowed() -> None:
    assert processes.denied("os.kill", (os.getpid(), 9)) is None
