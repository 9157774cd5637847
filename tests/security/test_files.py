"""A replay changes no file but those in its own directory, by whatever way it gets at them."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from endangered import Machine, functions, needs

ROUTES = {
    "write": ("open(PROJECT + '/data.txt', 'w')", "files: open for writing of data.txt"),
    "append": ("open(PROJECT + '/data.txt', 'a').write('x')", "files: open for writing of data.txt"),
    "bytecode": ("open(PROJECT + '/new.py', 'x')", "files: open for writing of new.py"),
    "upwards": ("open(os.path.relpath(PROJECT) + '/data.txt', 'w')", "files: open for writing of "),
    "symbolic": (
        "os.symlink(PROJECT, 'way'); open('way/data.txt', 'w')",
        "files: open for writing of way/data.txt",
    ),
    "symbolic_file": (
        "os.symlink(PROJECT + '/data.txt', 'way'); open('way', 'w')",
        "files: open for writing of way",
    ),
    "symbolic_twice": (
        "os.symlink(PROJECT, 'a'); os.symlink('a/data.txt', 'b'); os.truncate('b', 0)",
        "files: os.truncate of b",
    ),
    "hard": ("os.link(PROJECT + '/data.txt', 'mine')", "files: os.link of data.txt"),
    "root_of_process": ("open('/proc/self/root' + PROJECT + '/data.txt', 'w')", "files: open for writing of "),
    "own_descriptor": (
        "file = open(PROJECT + '/data.txt'); open(f'/proc/self/fd/{file.fileno()}', 'w')",
        "files: open for writing of ",
    ),
    "own_directory": ("os.chdir(PROJECT); open('data.txt', 'w')", "files: open for writing of data.txt"),
    "by_descriptor": (
        "os.open('data.txt', os.O_WRONLY | os.O_TRUNC, dir_fd=os.open(PROJECT, os.O_RDONLY))",
        "files: os.open for writing of data.txt",
    ),
    "below_os": (
        "import posix; posix.open('data.txt', os.O_RDWR | os.O_TRUNC, dir_fd=os.open(PROJECT, os.O_RDONLY))",
        "files: os.open for writing of data.txt",
    ),
    "remove_by_descriptor": ("os.remove('data.txt', dir_fd=os.open(PROJECT, 0))", "files: os.remove of data.txt"),
    "opener": (
        "io.FileIO('x', 'w', opener=lambda name, flags: os.open(PROJECT + '/data.txt', flags))",
        "files: open for writing of data.txt",
    ),
    "mapped": (
        "import mmap; mmap.mmap(open(PROJECT + '/data.txt', 'r+b').fileno(), 0)[:4] = b'lost'",
        "files: open for writing of data.txt",
    ),
    "remove": ("os.unlink(PROJECT + '/data.txt')", "files: os.remove of data.txt"),
    "remove_all": ("import shutil; shutil.rmtree(PROJECT)", "files: os.remove of "),
    "remove_directory": ("os.rmdir(OUTSIDE + '/tree')", "files: os.rmdir of "),
    "rename": ("open('x', 'w'); os.replace('x', PROJECT + '/data.txt')", "files: os.rename of data.txt"),
    "take_away": ("os.rename(PROJECT + '/data.txt', 'mine')", "files: os.rename of data.txt"),
    "move": ("import shutil; shutil.move(PROJECT, 'mine')", "files: os.rename of "),
    "copy": ("import shutil; shutil.copy(__file__, OUTSIDE)", "files: open for writing of "),
    "directory": ("os.makedirs(OUTSIDE + '/a/b')", "files: os.mkdir of "),
    "mode": ("os.chmod(PROJECT + '/data.txt', 0)", "files: os.chmod of data.txt"),
    "mode_by_descriptor": ("os.fchmod(os.open(PROJECT + '/data.txt', 0), 0)", "files: os.chmod of data.txt"),
    "times": ("os.utime(PROJECT + '/data.txt', (0, 0))", "files: os.utime of data.txt"),
    "times_by_descriptor": ("os.utime(os.open(PROJECT + '/data.txt', 0), (0, 0))", "files: os.utime of data.txt"),
    "owner": ("os.chown(PROJECT + '/data.txt', 1, 1)", "files: os.chown of data.txt"),
    "owner_by_descriptor": ("os.fchown(os.open(PROJECT + '/data.txt', 0), 1, 1)", "files: os.chown of data.txt"),
    "attribute": ("os.setxattr(PROJECT + '/data.txt', 'user.x', b'x')", "files: os.setxattr of data.txt"),
    "truncate": ("os.truncate(PROJECT + '/data.txt', 0)", "files: os.truncate of data.txt"),
    "pipe": ("os.mkfifo(OUTSIDE + '/x'); open(OUTSIDE + '/y', 'w')", "files: os.mkfifo of "),
    "temporary": ("import tempfile; tempfile.mkstemp(dir=OUTSIDE)", "files: open for writing of "),
    "database": ("import sqlite3; sqlite3.connect(OUTSIDE + '/x.db')", "files: sqlite3.connect to "),
    "backup": (
        "import sqlite3; sqlite3.connect(':memory:').backup(sqlite3.connect(OUTSIDE + '/x.db'))",
        "files: sqlite3.connect to ",
    ),
    "shelf": ("import shelve; shelve.open(OUTSIDE + '/x')['a'] = 1", "denied 1 'files: "),
    "log": ("import logging; logging.FileHandler(OUTSIDE + '/x')", "files: open for writing of "),
    "archive": (
        "import zipfile; zipfile.ZipFile('a.zip', 'w').close(); zipfile.ZipFile(OUTSIDE + '/x', 'a')",
        "files: open for writing of ",
    ),
    "own_memory": ("open('/proc/self/mem', 'r+b')", "files: open for writing of /proc/self/mem"),
    "memory_of_another": ("open(f'/proc/{VICTIM}/mem', 'r+b')", "files: open for writing of /proc/"),
    "settings_of_kernel": ("open('/proc/self/oom_score_adj', 'w')", "files: open for writing of /proc/self/oom"),
}
BELOW_PYTHON = {
    "disarmed": ("disarm(); open(PROJECT + '/data.txt', 'w')", "raised PermissionError(13,"),
    "disarmed_removal": ("disarm(); os.remove(PROJECT + '/data.txt')", "raised PermissionError(13,"),
    "disarmed_rename": ("disarm(); os.rename(PROJECT + '/data.txt', 'mine')", "raised "),
    "disarmed_link": ("disarm(); os.link(PROJECT + '/data.txt', 'mine')", "raised "),
    "disarmed_truncate": ("disarm(); os.truncate(PROJECT + '/data.txt', 0)", "raised PermissionError(13,"),
    "disarmed_tree": ("disarm(); import shutil; shutil.rmtree(PROJECT)", "raised PermissionError(13,"),
    "c_open": (
        "disarm(); said(libc().open(PROJECT.encode() + b'/data.txt', 0o1001))",
        "raised PermissionError(13,",
    ),
    "c_make": ("disarm(); said(libc().creat(OUTSIDE.encode() + b'/x', 0o644))", "raised PermissionError(13,"),
    "c_remove": ("disarm(); said(libc().unlink(PROJECT.encode() + b'/data.txt'))", "raised PermissionError(13,"),
    "c_descriptor": (
        "disarm(); file = os.open(PROJECT + '/data.txt', 0)\n"
        "said(libc().open(f'/proc/self/fd/{file}'.encode(), 2))",
        "raised PermissionError(13,",
    ),
    "device": ("disarm(); os.mknod('disk', 0o60600, os.makedev(8, 0))", "raised PermissionError("),
    "attached": (
        "import sqlite3; sqlite3.connect(':memory:').execute('attach ? as x', (OUTSIDE + '/x.db',))",
        "raised sqlite3:OperationalError('unable to open database",
    ),
    "vacuumed": (
        "import sqlite3; sqlite3.connect(':memory:').execute('vacuum into ?', (OUTSIDE + '/x.db',))",
        "raised sqlite3:OperationalError(",
    ),
}


@pytest.fixture(scope="module")
def prepared(machine: Machine) -> Iterator[Machine]:
    machine.write("escapes", *functions(ROUTES, BELOW_PYTHON))
    yield machine


@pytest.mark.parametrize("name", ROUTES)
def test_changes_of_files_are_denied_or_happen_in_a_copy(prepared: Machine, name: str) -> None:
    outcome = prepared.outcome(f"escapes:{name}")
    assert ROUTES[name][1] in outcome or re.search("^(wrote|raised) ", outcome, re.MULTILINE)
    prepared.assert_unharmed()


@needs("landlock")
@pytest.mark.parametrize("name", BELOW_PYTHON)
def test_the_kernel_denies_them_where_python_is_gone_round(prepared: Machine, name: str) -> None:
    assert BELOW_PYTHON[name][1] in prepared.outcome(f"escapes:{name}")
    prepared.assert_unharmed()


def test_its_own_directory_is_its_to_change(machine: Machine) -> None:
    acts = """
    import sqlite3, tempfile
    os.makedirs("a/b"); open("a/x", "w").write("1"); os.rename("a/x", "a/b/y"); os.chmod("a/b/y", 0o600)
    os.utime("a/b/y", (0, 0)); os.link("a/b/y", "z"); os.truncate("z", 0); os.symlink("z", "w"); os.mkfifo("p")
    with tempfile.TemporaryFile() as file: file.write(b"x")
    base = sqlite3.connect("base.db"); base.execute("vacuum")
    base.close(); sqlite3.connect("other.db").close(); open("/dev/null", "w").write("x")
    for name in ("a/b/y", "p", "w", "z", "base.db", "other.db"): os.remove(name)
    os.rmdir("a/b"); os.rmdir("a")
    """
    machine.write("others", *functions({"own": (acts, "")}))
    assert machine.outcome("others:own") == "returned None\nwrote base.db, in order ['vacuum']"
