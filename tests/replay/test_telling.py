"""What a worker says of its calls comes in their order, also where the process that had it to say was killed."""

from __future__ import annotations

import os
import signal
from typing import Any

import pytest

from legacy_seam.replay.frames import Inbox
from legacy_seam.replay.telling import Telling

SEAL = b"seal"


@pytest.fixture
def pipe() -> Any:
    reader, writer = os.pipe()
    yield reader, writer
    os.close(reader)
    os.close(writer)


def said(reader: int) -> list[Any]:
    inbox = Inbox(SEAL)
    inbox.add(os.read(reader, 1 << 20))
    return list(inbox.messages())


def test_nothing_is_lost_of_a_process_that_is_killed_before_it_has_told(pipe: tuple[int, int]) -> None:
    reader, writer = pipe
    telling = Telling(writer, SEAL, 0, 5, one_by_one=False)
    if (child := os.fork()) == 0:
        telling.same()
        telling.same()
        telling.other("case", "first")
        telling.same()
        os.kill(os.getpid(), signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    telling.tell()
    telling.ended(status)
    assert telling.done == 5
    assert said(reader) == [["same", 0, 5, 2], ["case", 0, 7, "first"], ["same", 0, 8, 1], ["ended", 0, 9, 9]]
    telling.close()


def test_what_is_larger_than_the_room_for_it_goes_straight_on_in_its_order(pipe: tuple[int, int]) -> None:
    reader, writer = pipe
    telling = Telling(writer, SEAL, 0, 0, one_by_one=False)
    large = "x" * (1 << 18)
    if (child := os.fork()) == 0:
        for text in ("small", large, "another"):
            telling.other("case", text)
        telling.tell()
        os._exit(0)
    inbox, found = Inbox(SEAL), list[Any]()
    while len(found) < 3:
        inbox.add(os.read(reader, 1 << 20))
        found += inbox.messages()
    os.waitpid(child, 0)
    assert found == [["case", 0, 0, "small"], ["case", 0, 1, large], ["case", 0, 2, "another"]]
    telling.close()


def test_nothing_is_said_until_it_is_due(pipe: tuple[int, int]) -> None:
    reader, writer = pipe
    os.set_blocking(reader, False)
    telling = Telling(writer, SEAL, 0, 0, one_by_one=False)
    telling.other("case", "one")
    with pytest.raises(BlockingIOError):
        os.read(reader, 1)
    telling.tell()
    assert said(reader) == [["case", 0, 0, "one"]]
    telling.close()


@pytest.mark.parametrize("replaced", [True, False])
def test_it_is_known_when_the_way_was_closed_or_leads_elsewhere(pipe: tuple[int, int], replaced: bool) -> None:
    _, writer = pipe
    kept = os.dup(writer)
    telling = Telling(writer, SEAL, 0, 0, one_by_one=False)
    assert telling.can_be_told()

    if replaced:
        elsewhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(elsewhere, writer)
        os.close(elsewhere)
    else:
        os.close(writer)
    assert not telling.can_be_told()

    os.dup2(kept, writer)
    os.close(kept)
    assert telling.can_be_told()
    telling.close()
