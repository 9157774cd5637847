from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from forked import status_of
from legacy_seam.world.confinement import landlock

pytestmark = pytest.mark.skipif(not landlock.version(), reason="this kernel has no Landlock")


def refused(restriction: list[tuple[str, int]], act: Callable[[], object]) -> bool:
    """Does an act fail for want of rights, in a process of its own that is held to these places?"""

    def confined() -> int:
        landlock.restrict(restriction)
        try:
            act()
        except OSError:
            return 1
        return 0

    return status_of(confined) == 1


def test_only_what_is_allowed_can_be_read_and_changed(tmp_path: Path) -> None:
    own, other = tmp_path / "own", tmp_path / "other"
    for place in (own, other):
        (place / "deep").mkdir(parents=True)
        (place / "file").write_text("x")
    places = [(str(own), landlock.OWN), (str(other), landlock.READ)]
    assert not refused(places, (own / "new").touch)
    assert not refused(places, lambda: (own / "file").rename(own / "deep/file"))
    assert not refused(places, (other / "file").read_text)
    assert refused(places, (other / "new").touch)
    assert refused(places, (other / "file").unlink)
    assert refused(places, lambda: (other / "file").rename(own / "taken"))
    assert refused(places, Path(__file__).read_text)
    assert refused([(str(other), landlock.LIST)], (other / "file").read_text)
    assert not refused([(str(other), landlock.LIST)], lambda: list(other.iterdir()))


def test_a_single_file_can_be_allowed_and_one_that_is_gone_does_no_harm(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("x")
    places = [(str(file), landlock.READ), (str(tmp_path / "gone"), landlock.OWN)]
    assert not refused(places, file.read_text)
    assert refused(places, lambda: file.write_text("y"))
    assert refused(places, (tmp_path / "gone").touch)


def test_devices_cannot_be_made(tmp_path: Path) -> None:
    assert refused([(str(tmp_path), landlock.OWN)], lambda: os.mknod(tmp_path / "disk", 0o60600, os.makedev(8, 0)))
