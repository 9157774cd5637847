from __future__ import annotations

import errno

import pytest

from legacy_seam.world.confinement import guarantees, kernel, landlock, seccomp


def test_what_holds_here_is_told() -> None:
    found = {one.harm: one for one in guarantees()}
    assert len(found) == 11
    assert all(one.by or one.against == "none" for one in found.values())
    assert (found["reach the network"].against == "any code") is seccomp.is_available()
    assert (found["read the developer's files"].against == "any code") is bool(landlock.version())


def test_without_the_kernel_the_hook_stands_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kernel, "NUMBERS", {})
    monkeypatch.setattr(seccomp, "NUMBERS", {})
    found = {one.harm: one for one in guarantees()}
    assert found["reach the network"].against == "Python code"
    assert found["change files of others"].by == ("audit hook",)
    assert found["see the developer's environment"].against == "any code"


def test_a_call_that_is_not_known_here_fails_like_one_that_the_kernel_lacks() -> None:
    with pytest.raises(OSError, match="no_such_call") as failure:
        kernel.call("no_such_call")
    assert failure.value.errno == errno.ENOSYS
