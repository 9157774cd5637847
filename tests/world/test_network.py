from typing import Any

import pytest

from legacy_seam.world import network


@pytest.mark.parametrize(
    ("event", "arguments", "told"),
    [
        ("socket.connect", (None, ("h", 80)), "network: socket.connect to h:80"),
        ("socket.connect", (None, ("::1", 80, 0, 0)), "network: socket.connect to ::1:80"),
        ("socket.connect", (None, "/run/sock"), "network: socket.connect to /run/sock"),
        ("socket.connect", (None, b"/run/sock"), "network: socket.connect to /run/sock"),
        ("socket.sendto", (None, ("h", 53)), "network: socket.sendto to h:53"),
        ("socket.gethostbyname", ("h",), "network: socket.gethostbyname of h"),
        ("socket.getaddrinfo", (None, "http", 0, 0, 0), "network: socket.getaddrinfo of None:http"),
        ("socket.__new__", (None, 2, 1, 0), None),
        ("socket.__new__", (None, -1, -1, -1), None),
        ("socket.__new__", (None, 2, 3, 1), "network: a socket below TCP"),
        ("socket.__new__", (None, 17, 2 | 0o2000000, 0), "network: a socket below TCP"),
        ("open", ("x", "r", 0), None),
    ],
)
def test_what_is_denied(event: str, arguments: tuple[Any, ...], told: str | None) -> None:
    assert network.denied(event, arguments) == told


def test_each_event_has_its_words() -> None:
    for event in network.EVENTS:
        assert str(network.denied(event, (("h", 1), ("h", 2), 0))).startswith("network: ")
