import os
import threading
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from legacy_seam.replay.frames import Inbox, pack, receive, send

MESSAGES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner),
    max_leaves=10,
)


@given(st.lists(MESSAGES, max_size=5), st.integers(min_value=1, max_value=7), st.binary(max_size=4))
def test_messages_in_pieces(messages: list[Any], size: int, seal: bytes) -> None:
    stream = b"".join(pack(message, seal) for message in messages)
    inbox, got = Inbox(seal), []
    for start in range(0, len(stream), size):
        inbox.add(stream[start : start + size])
        got += list(inbox.messages())
    assert got == messages


def test_large_messages_through_a_pipe() -> None:
    reader, writer = os.pipe()
    message = ["x" * 1_000_000, 1]
    thread = threading.Thread(target=lambda: (send(writer, message), os.close(writer)))  # type: ignore[func-returns-value]
    thread.start()
    assert receive(reader) == message
    assert receive(reader) is None
    thread.join()
    os.close(reader)


@pytest.mark.parametrize("stream", [b"\xff" * 20, b"\0\0\0\2{]"])
def test_what_is_no_message(stream: bytes) -> None:
    inbox = Inbox()
    inbox.add(stream)
    with pytest.raises(ValueError):
        list(inbox.messages())


@given(st.binary(min_size=4, max_size=4), st.integers(min_value=1, max_value=4))
def test_what_does_not_bear_the_seal_is_no_message(other: bytes, known: int) -> None:
    inbox = Inbox(b"seal")
    inbox.add(pack(["ours"], b"seal") + pack(["forged"], other)[:known])
    messages = inbox.messages()
    assert next(messages) == ["ours"]
    if not b"seal".startswith(other[:known]):
        with pytest.raises(ValueError):
            list(messages)
