"""Nothing that is the developer's own gets into an outcome."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from endangered import SECRET, Machine, functions, needs

ROUTES = {
    "key": ("return open(HOME + '/.ssh/id_rsa').read()", "files: open of ~/.ssh/id_rsa"),
    "cloud": ("import pathlib; return pathlib.Path(HOME, '.aws/credentials').read_text()", "open of ~/.aws/cred"),
    "settings": ("return open(HOME + '/.env').read()", "files: open of ~/.env"),
    "letters": ("return open(HOME + '/letters/love.txt').read()", "files: open of ~/letters/love.txt"),
    "names": ("return os.listdir(HOME)", "files: os.listdir of ~"),
    "walk": ("return [entry.name for entry in os.scandir(HOME + '/.ssh')]", "denied 1 'files: os."),
    "linked": ("os.symlink(HOME, 'way'); return open('way/.env').read()", "files: open of way/.env"),
    "upwards": ("return open(os.path.relpath(HOME) + '/.env').read()", "files: open of "),
    "by_descriptor": (
        "return os.read(os.open('../home/.env', 0, dir_fd=os.open(PROJECT, 0)), 99)",
        "raised ",
    ),
    "by_process": ("return open('/proc/self/root' + HOME + '/.env').read()", "files: open of "),
    "logins": ("import netrc; return netrc.netrc(HOME + '/.netrc').hosts", "files: open of ~/.netrc"),
    "users": ("return open('/etc/passwd').read()", "files: open of /etc/passwd"),
    "environment": ("return open('/proc/self/environ').read()", "files: open of /proc/self/environ"),
    "environment_of_another": ("return open(f'/proc/{TESTER}/environ').read()", "files: open of /proc/"),
    "copied": ("import shutil; shutil.copy(HOME + '/.env', 'mine')", "files: open of ~/.env"),
    "database": ("import sqlite3; return sqlite3.connect(HOME + '/.env')", "files: sqlite3.connect to ~/.env"),
    "expanded": ("return open(os.path.expanduser('~/.env')).read()", "raised FileNotFoundError("),
    "variables": ("return os.environ.get('DEVELOPER_TOKEN'), 'DEVELOPER_TOKEN' in os.environ", "(None, False)"),
}
BELOW_PYTHON = {
    "disarmed": ("disarm(); return open(HOME + '/.ssh/id_rsa').read()", "raised PermissionError(13,"),
    "disarmed_names": ("disarm(); return os.listdir(HOME)", "raised PermissionError(13,"),
    "c_open": ("disarm(); said(libc().open(HOME.encode() + b'/.env', 0))", "raised PermissionError(13,"),
    "disarmed_another": (
        "disarm(); return open(f'/proc/{VICTIM}/environ').read()",
        "raised PermissionError(13,",
    ),
    "attached": (
        "import sqlite3; sqlite3.connect(':memory:').execute('attach ? as x', (HOME + '/.env',))",
        "raised sqlite3:OperationalError('unable to open database",
    ),
}
EVERYWHERE = {
    "own_environment": (
        "disarm(); return 'DEVELOPER_TOKEN' in open('/proc/self/environ').read()",
        "returned False",
    ),
    "c_variable": ("disarm(); return libc().getenv(b'DEVELOPER_TOKEN')", "returned 0"),
}


@pytest.fixture(scope="module")
def prepared(machine: Machine) -> Iterator[Machine]:
    machine.write("escapes", *functions(ROUTES, BELOW_PYTHON, EVERYWHERE))
    yield machine


@pytest.mark.parametrize("name", ROUTES)
def test_what_is_private_is_denied_by_name(prepared: Machine, name: str) -> None:
    outcome = prepared.outcome(f"escapes:{name}")
    assert ROUTES[name][1] in outcome
    assert SECRET not in outcome
    prepared.assert_unharmed()


@needs("landlock")
@pytest.mark.parametrize("name", BELOW_PYTHON)
def test_the_kernel_denies_it_where_python_is_gone_round(prepared: Machine, name: str) -> None:
    outcome = prepared.outcome(f"escapes:{name}")
    assert BELOW_PYTHON[name][1] in outcome
    assert SECRET not in outcome
    prepared.assert_unharmed()


@pytest.mark.parametrize("name", EVERYWHERE)
def test_the_environment_of_the_developer_is_not_there_at_all(prepared: Machine, name: str) -> None:
    assert EVERYWHERE[name][1] in prepared.outcome(f"escapes:{name}")


def test_what_programs_need_can_be_read(machine: Machine) -> None:
    needed = {
        "own": ("return open(__file__).readline() != '' and open(PROJECT + '/data.txt').read()", ""),
        "library": ("import json.decoder as d; return open(d.__file__).read()[:3]", ""),
        "zone": ("from zoneinfo import ZoneInfo; return str(ZoneInfo('Europe/Berlin'))", ""),
        "user": ("import pwd; return pwd.getpwuid(0).pw_uid", ""),
        "machine": ("return open('/proc/meminfo').readline()[:8]", ""),
    }
    machine.write("others", *functions(needed))
    found = [machine.outcome(f"others:{name}") for name in needed]
    assert found == [
        "returned 'kept'",
        'returned \'"""\'',
        "returned 'Europe/Berlin'",
        "returned 0",
        "returned 'MemTotal'",
    ]


def test_a_file_at_home_that_was_opened_in_the_wild_can_be_read(machine: Machine) -> None:
    machine.write("others", *functions({"letter": ("return open(HOME + '/letters/love.txt').read()", "")}))
    known = machine.file(machine.root / "home/letters/love.txt")
    call = replace(machine.call("others:letter"), files=(known,))
    assert machine.outcome_of(call) == f"returned {SECRET!r}"
