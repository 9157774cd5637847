"""Files that a call found, as text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from legacy_seam.calls import FileState
from legacy_seam.golden.file_states import read_state, write_state

digests = st.text("0123456789abcdef", min_size=32, max_size=32)
times = st.none() | st.integers(0, 4_000_000_000 * 10**9)
modes = st.none() | st.integers(0, 0o7777)
states = st.builds(FileState, st.just("a"), digests, st.none(), modes, times) | st.builds(
    FileState, st.just("a"), st.none(), st.none() | st.integers(0), modes, times
)
links = st.builds(lambda to: FileState("a", None, link=to), st.text(min_size=1))


@given(states | links)
def test_what_is_written_is_read_back(state: FileState) -> None:
    assert read_state("a", write_state(state)) == state


@pytest.mark.parametrize("text", ["2f8ac0, size", "9 bytes, mode 640", "none, modified today", "none, mode 0o9"])
def test_what_says_no_such_thing_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="cannot be said of a file"):
        read_state("a", text)
