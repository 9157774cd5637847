"""A process of its own for whatever may be the end of it, and what it has said before that."""

from __future__ import annotations

import contextlib
import mmap
import os
import signal
import struct
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Literal

from legacy_seam.plaindata import dataclass
from legacy_seam.replay.frames import Inbox, pack
from legacy_seam.replay.mutation.asked import WAITED
from legacy_seam.replay.mutation.board import Board
from legacy_seam.replay.mutation.fuel import OUT_OF_FUEL
from legacy_seam.world.confinement import confine_call
from legacy_seam.world.confinement.kernel import die_with_parent

_BROKEN = 70
LEFT = 71
"""The status of a process that ends early because a thread goes on in it."""

_PAPER_BYTES = 64 * 1024**2
_LENGTH = struct.Struct("!Q")
_SECONDS_BETWEEN_LOOKS = 1.0
_fork, _waitpid, _exit, _kill, _killpg = os.fork, os.waitpid, os._exit, os.kill, os.killpg
_signal, _setitimer = signal.signal, signal.setitimer

Manner = Literal["finished", "left", "timeout", "crash", "broken"]


@dataclass(frozen=True, slots=True)
class End:
    """How a process ended (`broken`: we failed in it), and in words how that was."""

    manner: Manner
    words: str = ""


class Paper:
    """What a process writes while it lives, read when it is dead: memory that it shares with its parent.

    What it did not finish, and what there is no room for, is left out.

    Args:
        seal: what each message begins with.
    """

    def __init__(self, seal: bytes) -> None:
        self._seal = seal
        self._shared = mmap.mmap(-1, _PAPER_BYTES)

    def write(self, *message: object) -> None:
        """Write one message."""
        written = pack(message, self._seal)
        used = self._used()
        if used + len(written) <= _PAPER_BYTES:
            self._shared[used : used + len(written)] = written
            self._shared[: _LENGTH.size] = _LENGTH.pack(used + len(written))

    def read(self) -> Iterator[list[Any]]:
        """All messages."""
        inbox = Inbox(self._seal)
        inbox.add(self._shared[_LENGTH.size : self._used()])
        with contextlib.suppress(ValueError):
            yield from inbox.messages()

    def close(self) -> None:
        """Let go of it."""
        self._shared.close()

    def _used(self) -> int:
        used: int = _LENGTH.unpack(self._shared[: _LENGTH.size])[0]
        return used or _LENGTH.size


@contextmanager
def paper(seal: bytes) -> Iterator[Paper]:
    """A sheet of paper, thrown away in the end."""
    sheet = Paper(seal)
    try:
        yield sheet
    finally:
        sheet.close()


def in_child(
    work: Callable[[], None],
    board: Board,
    patience: float,
    look: Callable[[], None],
    *,
    confined: bool = True,
) -> End:
    """Do something in a process of its own, forked from this one, and wait until it ends.

    Args:
        work: what it does.
        board: shows how far it is.
        patience: seconds after which it is killed, when it does not get any further.
        look: called now and then while it is at work.
        confined: the kernel keeps it from starting and signalling others.
    """
    child = _fork()
    if child == 0:
        _be_child(work, board, confined)
    is_late = False
    seen, since = _position(board), 0.0

    def alarm(number: int, frame: object) -> None:
        nonlocal is_late, seen, since
        now = _position(board)
        since = since + _SECONDS_BETWEEN_LOOKS if now == seen else 0.0
        seen = now
        if since >= patience:
            is_late = True
            _end(child)
        look()

    before = _signal(signal.SIGALRM, alarm)
    _setitimer(signal.ITIMER_REAL, _SECONDS_BETWEEN_LOOKS, _SECONDS_BETWEEN_LOOKS)
    try:
        _, status = _waitpid(child, 0)
    finally:
        _setitimer(signal.ITIMER_REAL, 0)
        _signal(signal.SIGALRM, before)
    return _how(status, board, is_late)


def limit_cpu(seconds: float) -> None:
    """Let the kernel end this process when it has used so much processor time from now on."""
    _setitimer(signal.ITIMER_PROF, seconds)


def _be_child(work: Callable[[], None], board: Board, confined: bool) -> None:
    status = _BROKEN
    try:
        die_with_parent()
        os.setpgid(0, 0)
        _signal(signal.SIGPROF, signal.SIG_DFL)
        if confined:
            confine_call()
        work()
        board.finish()
        status = 0 if len(sys._current_frames()) == 1 else LEFT
    except BaseException:
        board.finish(is_broken=True)
    finally:
        _exit(status)


def _position(board: Board) -> tuple[int, int]:
    return board.at, board.case


def _end(child: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        _killpg(child, signal.SIGKILL)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        _kill(child, signal.SIGKILL)


def _how(status: int, board: Board, is_late: bool) -> End:
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        if is_late:
            return End("timeout", WAITED)
        if number in (signal.SIGPROF, signal.SIGXCPU):
            return End("timeout")
        return End("crash", f"killed by {signal.Signals(number).name}")
    code = os.WEXITSTATUS(status)
    if code == OUT_OF_FUEL:
        return End("timeout")
    if board.is_broken:
        return End("broken", "legacy-seam failed in its process")
    if board.is_finished:
        return End("left" if code == LEFT else "finished")
    return End("crash", f"left by os._exit({code})")
