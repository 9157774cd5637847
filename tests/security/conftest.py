"""One endangered machine for the tests of a module."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from endangered import Machine, endangered


@pytest.fixture(scope="module")
def machine() -> Iterator[Machine]:
    with endangered() as machine:
        yield machine
