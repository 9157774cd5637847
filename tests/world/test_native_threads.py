"""Libraries in C start no threads in a replay, and the program's environment is as it was recorded."""

from __future__ import annotations

import subprocess
import sys

import pytest

COUNTED = """
import os
from legacy_seam.world import native_threads
if {kept}:
    native_threads.keep_to_one_thread()
import numpy
numpy.ones((300, 300)) @ numpy.ones((300, 300))
print(native_threads.others(), [name for name in os.environ if name.endswith('_NUM_THREADS')])
"""


def counted(kept: bool) -> str:
    command = [sys.executable, "-c", COUNTED.format(kept=kept)]
    return subprocess.run(command, capture_output=True, text=True, check=True, env={}).stdout.strip()


def test_linear_algebra_starts_no_threads_and_python_sees_no_variable() -> None:
    pytest.importorskip("numpy")
    assert counted(True) == "0 []"
