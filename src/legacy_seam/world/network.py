"""The network: what reaches out of the machine, as the audit hook sees it. A replay does none of it."""

from __future__ import annotations

from typing import Any


def _address(address: Any) -> str:
    if isinstance(address, tuple) and len(address) >= 2:
        return f"{_readable(address[0])}:{address[1]}"
    return _readable(address)


def _readable(name: Any) -> str:
    return name.decode("utf-8", "backslashreplace") if isinstance(name, bytes) else str(name)


def denied(event: str, arguments: tuple[Any, ...]) -> str | None:
    """What a replay is not allowed to do here, in words that are the same every time; None for anything else.

    >>> denied("socket.getaddrinfo", ("api.example.com", 80, 0, 0, 0))
    'network: socket.getaddrinfo of api.example.com:80'
    """
    if event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
        return f"network: {event} to {_address(arguments[1])}"
    if event == "socket.__new__":
        return None if arguments[1] in _FAMILIES and arguments[2] & 0xF != _RAW else "network: a socket below TCP"
    if event == "socket.bind":
        return f"network: socket.bind to {_address(arguments[1])}"
    if event == "socket.getaddrinfo":
        return f"network: socket.getaddrinfo of {_readable(arguments[0])}:{_readable(arguments[1])}"
    if event == "socket.getnameinfo":
        return f"network: socket.getnameinfo of {_address(arguments[0])}"
    if event in ("socket.gethostbyname", "socket.gethostbyaddr"):
        return f"network: {event} of {_readable(arguments[0])}"
    if event == "webbrowser.open":
        return f"network: webbrowser.open of {_readable(arguments[0])}"
    return None


_FAMILIES = (-1, 0, 1, 2, 10, 23, 30)
"""Not said, none, local, internet, internet 6 (Linux, Windows, macOS). Others are for those who run machines."""
_RAW = 3

EVENTS = (
    "socket.__new__",
    "socket.connect",
    "socket.sendto",
    "socket.sendmsg",
    "socket.bind",
    "socket.getaddrinfo",
    "socket.getnameinfo",
    "socket.gethostbyname",
    "socket.gethostbyaddr",
    "webbrowser.open",
)
