"""A PostgreSQL server of our own, for tests: started once in a session, on this machine only, gone afterwards."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

_USER = "tester"
_UNPRIVILEGED = ("postgres", "nobody")
_PATIENCE = 60.0
_IN_A_HURRY = (
    "fsync=off",
    "full_page_writes=off",
    "synchronous_commit=off",
    "shared_buffers=16MB",
    "max_connections=20",
    "autovacuum=off",
    "jit=off",
)


class NoServer(Exception):
    """There is none to be had here; the message says why, and what would help."""


@dataclass(frozen=True, slots=True)
class PostgresServer:
    """A server that listens on a port of this machine and on a socket in a directory.

    Everybody on this machine is let in as its superuser, without a password.
    """

    directory: Path
    port: int
    process: subprocess.Popen[bytes]

    def url(self, database: str = "postgres", *, scheme: str = "postgresql") -> str:
        """How to connect, by TCP: `postgresql://tester@127.0.0.1:40123/postgres`."""
        return f"{scheme}://{_USER}@127.0.0.1:{self.port}/{database}"

    def by_socket(self, database: str = "postgres") -> str:
        """How to connect, by the socket, in the words of libpq."""
        return f"host={self.directory} port={self.port} user={_USER} dbname={database}"

    def psql(self, statements: str, database: str = "postgres") -> str:
        """What these statements answer: a line for each row, columns parted by `|`."""
        command = [_program("psql"), "-XqAt", "-v", "ON_ERROR_STOP=1", "-d", self.url(database), "-c", statements]
        done = subprocess.run(command, capture_output=True, text=True, timeout=_PATIENCE, check=False)
        if done.returncode:
            raise RuntimeError(done.stderr.strip())
        return done.stdout.strip()

    @contextlib.contextmanager
    def database(self, name: str, statements: str = "") -> Iterator[str]:
        """A database of this name, filled by these statements, for as long as the block lasts.

        Yields:
            how to connect to it.
        """
        self.psql(f"CREATE DATABASE {name}")
        try:
            if statements:
                self.psql(statements, name)
            yield self.url(name)
        finally:
            if self.process.poll() is None:
                self.psql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def stop(self) -> None:
        """End it at once; what it held is not needed any more."""
        if self.process.poll() is None:
            self.process.send_signal(3)  # SIGQUIT: without ceremony
            self.process.wait(_PATIENCE)


@contextlib.contextmanager
def running_server() -> Iterator[PostgresServer]:
    """A server with an empty cluster, for as long as the block lasts.

    Raises:
        NoServer: where there is none to be had.
    """
    directory = Path(tempfile.mkdtemp(prefix="pg", dir="/tmp"))  # the path of a socket must be short
    try:
        server = _started(directory)
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def _started(directory: Path) -> PostgresServer:
    user = _unprivileged()
    if user is not None:
        os.chown(directory, user.pw_uid, user.pw_gid)
    data = directory / "data"
    _run(
        user, "initdb", "-D", str(data), "-U", _USER, "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync", "-N"
    )
    port = _free_port()
    settings = (*_IN_A_HURRY, f"port={port}", "listen_addresses=127.0.0.1", f"unix_socket_directories={directory}")
    options = [part for setting in settings for part in ("-c", setting)]
    log = directory / "log"
    with log.open("wb") as said:
        process = subprocess.Popen(
            [_program("postgres"), "-D", str(data), *options],
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            **_as(user),
        )
    server = PostgresServer(directory, port, process)
    try:
        _wait_until_ready(server, log)
    except BaseException:
        server.stop()
        raise
    return server


def _wait_until_ready(server: PostgresServer, log: Path) -> None:
    until = time.monotonic() + _PATIENCE
    while server.process.poll() is None and time.monotonic() < until:
        with contextlib.suppress(RuntimeError):
            server.psql("SELECT 1")
            return
        time.sleep(0.05)
    raise NoServer(f"PostgreSQL does not start here: {log.read_text(errors='replace').strip()[-500:]}")


def _program(name: str) -> str:
    """Debian keeps these apart from PATH, by version."""
    newest = sorted(
        Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[4].split(".")[0])
    )
    found = str(newest[-1]) if newest else shutil.which(name)
    if found is None:
        raise NoServer(f"there is no {name} on this machine: install PostgreSQL (Debian's package `postgresql`)")
    return found


def _unprivileged() -> pwd.struct_passwd | None:
    """Whose process it is to be: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return None
    for name in _UNPRIVILEGED:
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise NoServer("PostgreSQL does not run as root, and there is no user `postgres` or `nobody`")


def _as(user: pwd.struct_passwd | None) -> dict[str, Any]:
    if user is None:
        return {"cwd": "/"}
    return {"cwd": "/", "user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def _run(user: pwd.struct_passwd | None, name: str, *arguments: str) -> None:
    command = [_program(name), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=_PATIENCE, check=False, **_as(user))
    if done.returncode:
        raise NoServer(f"{name} fails here: {(done.stderr or done.stdout).strip()[-500:]}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """The server of this session. Where there is none to be had, tests are skipped; on a CI machine they fail."""
    with contextlib.ExitStack() as stack:
        try:
            server = stack.enter_context(running_server())
        except NoServer as reason:
            if os.environ.get("CI"):
                pytest.fail(f"{reason}. (.ci/run installs it)")
            pytest.skip(str(reason))
        yield server
