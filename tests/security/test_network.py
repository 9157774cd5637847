"""A replay sends nothing and hears nothing, by whatever route."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from endangered import Machine, functions, needs

ROUTES = {
    "connect": ("socket.socket().connect(('127.0.0.1', PORT))", "denied 1 'network: socket.connect to 127.0.0.1:"),
    "connect_ex": ("socket.socket().connect_ex(('127.0.0.1', PORT))", "network: socket.connect to 127.0.0.1:"),
    "create": ("socket.create_connection(('127.0.0.1', PORT))", "denied 1 'network: socket."),
    "resolve": ("socket.getaddrinfo('example.com', 80)", "network: socket.getaddrinfo of example.com:80"),
    "resolve_old": ("socket.gethostbyname_ex('example.com')", "network: socket.gethostbyname of example.com"),
    "datagram": ("socket.socket(type=socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', UDP_PORT))", "socket.sendto to"),
    "message": (
        "socket.socket(type=socket.SOCK_DGRAM).sendmsg([b'x'], [], 0, ('127.0.0.1', UDP_PORT))",
        "network: socket.sendmsg to",
    ),
    "local": ("socket.socket(socket.AF_UNIX).connect(LOCAL)", "network: socket.connect to "),
    "serve": ("socket.create_server(('127.0.0.1', 0))", "network: socket.bind to 127.0.0.1:0"),
    "raw": ("socket.socket(socket.AF_INET, socket.SOCK_RAW, 1)", "network: a socket below TCP"),
    "packet": ("socket.socket(17, socket.SOCK_RAW)", "network: a socket below TCP"),
    "netlink": ("socket.socket(16, socket.SOCK_DGRAM)", "network: a socket below TCP"),
    "below_socket": (
        "import _socket; _socket.socket().connect(('127.0.0.1', PORT))",
        "network: socket.connect to 127.0.0.1:",
    ),
    "http": (
        "import http.client; http.client.HTTPConnection('127.0.0.1', PORT).request('GET', '/')",
        "denied 1 'network: ",
    ),
    "url": ("import urllib.request; urllib.request.urlopen(f'http://127.0.0.1:{PORT}/')", "denied 1 'network: "),
    "mail": ("import smtplib; smtplib.SMTP('127.0.0.1', PORT)", "denied 1 'network: "),
    "file_transfer": (
        "import ftplib; ftplib.FTP('ftp.example.com')",
        "network: socket.getaddrinfo of ftp.example.com",
    ),
    "secure": (
        "import ssl\nssl._create_unverified_context().wrap_socket(socket.socket()).connect(('127.0.0.1', PORT))",
        "denied 1 'network: ",
    ),
    "streams": ("import asyncio; asyncio.run(asyncio.open_connection('127.0.0.1', PORT))", "denied 1 'network: "),
    "browser": (
        "import webbrowser; webbrowser.GenericBrowser('touch').open('x')",
        "denied 1 'network: webbrowser.open of x",
    ),
    "remote_calls": (
        "import xmlrpc.client; xmlrpc.client.ServerProxy(f'http://127.0.0.1:{PORT}').act()",
        "denied 1 'network: ",
    ),
    "log_server": (
        "import logging, logging.handlers\n"
        "logging.raiseExceptions = False\n"
        "logging.handlers.DatagramHandler('127.0.0.1', UDP_PORT).emit(logging.makeLogRecord({'msg': 'x'}))",
        "denied 1 'network: ",
    ),
}
BELOW_PYTHON = {
    "c_connect": (
        """
        disarm()
        address = b"\\2\\0" + PORT.to_bytes(2, "big") + bytes([127, 0, 0, 1]) + bytes(8)
        made = socket.socket()
        said(libc().connect(made.fileno(), address, 16))
        """,
        "raised PermissionError(1,",
    ),
    "c_send": (
        """
        disarm()
        address = b"\\2\\0" + UDP_PORT.to_bytes(2, "big") + bytes([127, 0, 0, 1]) + bytes(8)
        made = socket.socket(type=socket.SOCK_DGRAM)
        said(libc().sendto(made.fileno(), b"x", 1, 0, address, 16))
        """,
        "raised PermissionError(1,",
    ),
    "c_local": (
        "disarm(); address = b'\\1\\0' + LOCAL.encode() + b'\\0'\n"
        "made = socket.socket(1); said(libc().connect(made.fileno(), address, len(address)))",
        "raised PermissionError(1,",
    ),
    "disarmed": ("disarm(); socket.create_connection(('127.0.0.1', PORT), 1)", "raised PermissionError(1,"),
    "disarmed_message": (
        "disarm(); socket.socket(type=socket.SOCK_DGRAM).sendmsg([b'x'], [], 0, ('127.0.0.1', UDP_PORT))",
        "raised PermissionError(1,",
    ),
    "disarmed_server": ("disarm(); socket.socket().listen()", "raised PermissionError(1,"),
    "disarmed_packet": ("disarm(); socket.socket(17, socket.SOCK_RAW)", "raised PermissionError(1,"),
    "queue": ("disarm(); said(libc().syscall(NUMBERS['io_uring_setup'], 8, bytes(120)))", "raised OSError(38,"),
    "fast_open": (
        "disarm(); socket.socket().sendto(b'x', 0x20000000, ('127.0.0.1', PORT))",
        "raised PermissionError(1,",
    ),
}


@pytest.fixture(scope="module")
def prepared(machine: Machine) -> Iterator[Machine]:
    machine.write("escapes", *functions(ROUTES, BELOW_PYTHON))
    yield machine


@pytest.mark.parametrize("name", ROUTES)
def test_the_network_is_denied_by_name(prepared: Machine, name: str) -> None:
    assert ROUTES[name][1] in prepared.outcome(f"escapes:{name}")
    prepared.assert_unharmed()


@needs("seccomp")
@pytest.mark.parametrize("name", BELOW_PYTHON)
def test_the_kernel_denies_it_where_python_is_gone_round(prepared: Machine, name: str) -> None:
    assert BELOW_PYTHON[name][1] in prepared.outcome(f"escapes:{name}")
    prepared.assert_unharmed()


def test_what_stays_within_the_process_is_allowed(machine: Machine) -> None:
    machine.write(
        "others",
        *functions(
            {
                "pair": ("a, b = socket.socketpair(); a.send(b'x'); return b.recv(1)", ""),
                "loop": ("import asyncio; return asyncio.run(asyncio.sleep(1, 'slept'))", ""),
                "made": ("socket.socket().close(); return 'made'", ""),
            }
        ),
    )
    assert machine.outcome("others:pair") == "returned b'x'"
    assert machine.outcome("others:loop") == "returned 'slept'"
    assert machine.outcome("others:made") == "returned 'made'"
