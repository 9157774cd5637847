"""Room for what nests deeply: a thread with a large stack, and a recursion limit to match.

Spaghetti with three hundred `elif`s and sums of thousands of terms are real; an ordinary stack ends at a depth of a
thousand Python frames.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from typing import Any, Final, TypeVar

_STACK_BYTES: Final = 512 * 1024 * 1024  # of addresses: only what is used becomes memory
_FRAMES: Final = 60_000
_one_at_a_time: Final = threading.Lock()  # the recursion limit and the size of stacks belong to the whole process

Answer = TypeVar("Answer")


def deep(function: Callable[..., Answer], *arguments: object) -> Answer:
    """Call a function where recursion may go sixty times deeper than usual, and give what it gives.

    Raises:
        RecursionError: where even that is not enough.
        Exception: whatever the function raises.

    >>> def depth(n): return 0 if n == 0 else 1 + depth(n - 1)
    >>> deep(depth, 20_000)
    20000
    """
    outcome: list[Any] = []

    def run() -> None:
        try:
            outcome.append((True, function(*arguments)))
        except BaseException as error:
            outcome.append((False, error))

    with _one_at_a_time:
        limit, size = sys.getrecursionlimit(), threading.stack_size(_STACK_BYTES)
        try:
            sys.setrecursionlimit(max(limit, _FRAMES))
            thread = threading.Thread(target=run, name="legacy-seam-deep")
            thread.start()
            thread.join()
        finally:
            threading.stack_size(size)
            sys.setrecursionlimit(limit)
    succeeded, answer = outcome[0]
    if not succeeded:
        raise answer
    return answer  # type: ignore[no-any-return]
