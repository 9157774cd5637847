import os

import pytest

from legacy_seam.world import clock


def test_the_variable_names_the_zone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    assert clock.timezone_name() == "Asia/Tokyo"
    monkeypatch.setenv("TZ", ":Asia/Tokyo")
    assert clock.timezone_name() == "Asia/Tokyo"


@pytest.mark.parametrize(
    ("target", "name"),
    [
        ("/usr/share/zoneinfo/Europe/Berlin", "Europe/Berlin"),
        ("/usr/share/zoneinfo/posix/Europe/Berlin", "Europe/Berlin"),
        ("/usr/share/zoneinfo/Etc/UTC", "Etc/UTC"),
    ],
)
def test_the_link_names_the_zone(monkeypatch: pytest.MonkeyPatch, target: str, name: str) -> None:
    monkeypatch.delenv("TZ", raising=False)
    monkeypatch.setattr(os.path, "realpath", lambda path: target)
    assert clock.timezone_name() == name
