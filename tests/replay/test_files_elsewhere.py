"""Files by absolute paths, by handles, by `tempfile` and `pathlib`: in trees of the case, never on this machine."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest

from legacy_seam.calls import FileState
from legacy_seam.values import parse

SOURCE = """
import glob, os, pathlib, shutil, sqlite3, tempfile, time
from os import stat as stat_by_another_name
class Holder:
    opener = open
HERE = os.path.dirname(os.path.abspath(__file__))

def read(path): return open(path).read(), os.path.getsize(path), os.path.exists(path)
def write(path):
    with open(path, 'w') as file: file.write('new')
    listed = os.listdir(os.path.dirname(path))
    return file.name, open(path).read(), os.path.isfile(path), os.path.basename(path) in listed
def missing(path): open(path)
def modern(path):
    p = pathlib.Path(path) / 'reports'
    p.mkdir(); (p / 'b.txt').write_text('2'); (p / 'a.txt').write_text('1')
    found = [q.name for q in p.iterdir()], [q.name for q in p.glob('*.txt')], [w[2] for w in os.walk(p)]
    (p / 'a.txt').rename(p / 'c.txt'); (p / 'b.txt').unlink()
    return found, glob.glob(str(p / '*')) == [str(p / 'c.txt')]
def tree(path):
    os.makedirs(path + '/x/y'); open(path + '/x/f', 'w').close()
    shutil.copytree(path + '/x', path + '/z'); shutil.rmtree(path + '/x')
    return os.listdir(path)
def change_directory(path):
    os.chdir(path); open('here.txt', 'w').close(); os.mkdir('in'); os.chdir('in'); open('../up.txt', 'w').close()
    return os.getcwd() == path + '/in', os.path.abspath('q') == path + '/in/q', os.listdir('..')
def by_handle(path):
    handle = os.open(path, os.O_RDONLY)
    file = os.open('n.txt', os.O_CREAT | os.O_WRONLY, dir_fd=handle)
    os.write(file, b'by handle'); os.close(file)
    return os.path.exists(path + '/n.txt')
def link(path):
    open(path + '/t', 'w').write('through'); os.symlink(path + '/t', path + '/l')
    led = os.readlink(path + '/l'), os.path.realpath(path + '/l')
    return open(path + '/l').read(), led == (path + '/t', path + '/t')
def database(path):
    c = sqlite3.connect(path + '/x.db'); c.execute('create table t(a)'); c.execute('insert into t values (1)')
    c.commit(); c.close()
    return os.path.exists(path + '/x.db')
def temporary(path):
    with tempfile.NamedTemporaryFile('w', dir=path, delete=False) as file: file.write('kept')
    with tempfile.TemporaryDirectory() as gone: open(os.path.join(gone, 'x'), 'w').close()
    with tempfile.TemporaryFile() as unnamed: unnamed.write(b'1')
    return os.path.basename(file.name), os.path.exists(gone)
def times():
    open('a', 'w').close(); first = os.path.getmtime('a'); time.sleep(60); open('b', 'w').close()
    again, number = stat_by_another_name('a').st_mtime, os.stat('a').st_ino
    return first, os.stat('b').st_mtime, again, number, [e.stat().st_size for e in os.scandir()]
def permissions():
    open('p', 'w').close(); os.chmod('p', 0o400); return oct(os.stat('p').st_mode), os.access('p', os.R_OK)
def held_by_a_class(): return Holder().opener('x', 'w').name
def listed():
    for name in 'cab': open(name, 'w').close()
    with os.scandir() as entries:
        return [(e.name, e.path, e.is_file(), e.is_dir(), e.is_symlink()) for e in entries]
def beside_the_source(): return os.path.exists(os.path.join(HERE, 'job.py')), 'job.py' in os.listdir(HERE)
def asked(path): s = os.stat(path); return s.st_size, s.st_mtime_ns, oct(s.st_mode), os.path.isfile(path)
def rotate(path):
    if os.path.getsize(path) > 1000: os.replace(path, path + '.1')
    open(path, 'a').close()
    return os.path.getsize(path)
def first_byte(path): return open(path).read(1)
def kept(path): shutil.copy2(path, 'copy'); os.chmod('copy', 0o750); return os.path.getmtime('copy')
def remembered(path): return open(path).read()
def harm(path): os.remove(path)
def harm_source(): open(__file__, 'w')
def harm_project(): shutil.rmtree(HERE)
"""


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    directory = tmp_path / "elsewhere"
    directory.mkdir()
    return directory


def outcome(program: Any, name: str, *files: Any, **arguments: str) -> dict[str, str]:
    program.write(job=SOURCE)
    call = dataclasses.replace(program.call(f"job:{name}", **arguments), files=files)
    (replayed,) = program.replay(call)
    assert replayed.outcome is not None, replayed
    return {f"{one.kind} {one.place}".strip(): one.text for one in replayed.outcome.effects}


def test_a_file_is_read_as_it_was_when_it_was_recorded(program: Any, elsewhere: Path) -> None:
    path = elsewhere / "rates.csv"
    path.write_text("changed since then")
    state = program.file(str(path), b"then")
    assert outcome(program, "read", state, path=repr(str(path)))["returned"] == "('then', 4, True)"
    path.unlink()
    assert outcome(program, "read", state, path=repr(str(path)))["returned"] == "('then', 4, True)"


def test_a_file_that_was_not_there_then_is_not_there(program: Any, elsewhere: Path) -> None:
    path = elsewhere / "made since"
    path.write_text("!")
    raised = outcome(program, "missing", program.file(str(path), None), path=repr(str(path)))["raised"]
    assert raised.startswith("FileNotFoundError(")
    assert f"filename={str(path)!r}" in raised


def test_a_written_file_is_told_by_its_own_path_and_is_not_made(program: Any, elsewhere: Path) -> None:
    path = elsewhere / "out.txt"
    effects = outcome(program, "write", path=repr(str(path)))
    assert parse(effects.pop("returned")) == parse(f"({str(path)!r}, 'new', True, True)")
    assert effects == {f"wrote {path}": "'new'"}
    assert not path.exists()


DONE = {
    "modern": ("((['a.txt', 'b.txt'], ['a.txt', 'b.txt'], [['a.txt', 'b.txt']]), True)", ["/reports/c.txt"]),
    "tree": ("['z']", ["/z/f", "/z/y/"]),
    "change_directory": ("(True, True, ['here.txt', 'in', 'up.txt'])", ["/here.txt", "/in/", "/up.txt"]),
    "by_handle": ("True", ["/n.txt", "/n.txt, mode"]),
    "link": ("('through', True)", ["/l", "/t"]),
    "database": ("True", ["/x.db", "/x.db, in order"]),
}


@pytest.mark.parametrize("name", DONE)
def test_every_way_leads_into_the_tree_of_the_case(program: Any, elsewhere: Path, name: str) -> None:
    returned, written = DONE[name]
    effects = outcome(program, name, path=repr(str(elsewhere)))
    assert parse(effects["returned"]) == parse(returned)
    assert [kind for kind in effects if kind.startswith("wrote")] == [f"wrote {elsewhere}{one}" for one in written]
    assert not any(kind.startswith("denied") for kind in effects), effects
    assert list(elsewhere.iterdir()) == []


def test_temporary_names_are_the_same_each_time(program: Any, elsewhere: Path) -> None:
    first = outcome(program, "temporary", path=repr(str(elsewhere)))
    second = outcome(program, "temporary", path=repr(str(elsewhere)))
    assert first == second
    assert [effect.rpartition(", ")[2] for effect in first if effect.endswith(", mode")] == [
        "mode"
    ]  # for its owner only
    assert len(first) == 3
    assert list(elsewhere.iterdir()) == []


def test_times_and_numbers_of_files_are_those_of_the_clock_that_stands(program: Any) -> None:
    start = 1_700_000_000.25
    assert outcome(program, "times")["returned"] == f"({start}, {start + 60}, {start}, 1, [0, 0])"


def test_permissions(program: Any) -> None:
    assert outcome(program, "permissions")["returned"] == "('0o100400', True)"


def test_a_class_that_holds_open_does_not_make_a_method_of_it(program: Any) -> None:
    assert outcome(program, "held_by_a_class")["returned"] == "'x'"


def test_directories_are_listed_in_order(program: Any) -> None:
    told = outcome(program, "listed")["returned"]
    assert told.index("'a'") < told.index("'b'") < told.index("'c'")
    assert told.count("True, False, False") == 3


def test_files_beside_the_source_are_found(program: Any) -> None:
    assert outcome(program, "beside_the_source")["returned"] == "(True, True)"


def test_what_the_program_read_before_the_call_is_read_again_in_the_project(program: Any) -> None:
    (program.directory / "zones.csv").write_text("A,1")
    assert outcome(program, "remembered", path="'zones.csv'")["returned"] == "'A,1'"
    assert "raised" in outcome(program, "remembered", FileState("zones.csv", None), path="'zones.csv'")


@pytest.mark.parametrize("name", ["harm", "harm_source", "harm_project"])
def test_what_the_recording_does_not_know_is_not_changed(program: Any, elsewhere: Path, name: str) -> None:
    path = elsewhere / "precious"
    path.write_text("!")
    arguments = {"path": repr(str(path))} if name == "harm" else {}
    assert any(kind.startswith("denied") for kind in outcome(program, name, **arguments))
    assert path.read_text() == "!"
    assert (program.directory / "job.py").is_file()


def test_what_the_recording_does_not_know_is_looked_up_and_said_so(program: Any) -> None:
    program.write(job=SOURCE)
    (program.directory / "extra.txt").write_text("extra")
    path = repr(str(program.directory / "extra.txt"))
    (replayed,) = program.replay(program.call("job:read", path=path))
    assert replayed.outcome.effects[0].text == "('extra', 5, True)"
    assert any("extra.txt was looked up on this machine" in note for note in replayed.notes)


OLD = 1_600_000_000_123_456_789


def test_files_are_asked_about_as_they_were_recorded(program: Any) -> None:
    known = dataclasses.replace(program.file("kept.csv", b"1,2"), mode=0o640, modified=OLD)
    large = FileState("big.log", None, size=5_000_000, mode=0o644, modified=OLD)
    program.write(job=SOURCE)
    calls = [
        dataclasses.replace(program.call(f"job:{name}", path=repr(state.path)), files=(state,))
        for name, state in [("asked", known), ("asked", large), ("rotate", large), ("kept", known)]
    ]
    done = [one.outcome.effects for one in program.replay(*calls)]
    asked, size, rotated, kept = ({one.kind + one.place: one.text for one in effects} for effects in done)
    assert parse(asked["returned"]) == (3, OLD, "0o100640", True)
    assert parse(size["returned"]) == (5_000_000, OLD, "0o100644", True)
    assert rotated == {"returned": "0", "wrotebig.log": "''", "wrotebig.log.1": "{'bytes': 5000000}"}
    assert kept == {
        "returned": "1600000000.1234567",
        "wrotecopy": "'1,2'",
        "wrotecopy, mode": "'rwxr-x---'",
        "wrotecopy, modified": "'2020-09-13 12:26:40.123456+00:00'",
    }


def test_a_file_whose_content_was_not_kept_is_read_where_it_lies_or_not_at_all(program: Any) -> None:
    program.write(job=SOURCE)
    large = FileState("big.log", None, size=3)
    call = dataclasses.replace(program.call("job:first_byte", path="'big.log'"), files=(large,))
    (refused,) = program.replay(call)
    assert refused.refusal == "the content of big.log, 3 bytes, is not in the recording"
    (program.directory / "big.log").write_text("xyz")
    (found,) = program.replay(call)
    assert found.outcome.effects[0].text == "'x'"
    assert "looked up on this machine" in found.notes[0]


def test_a_source_whose_name_alone_is_known_is_read_where_it_lies_whatever_it_says_by_now(program: Any) -> None:
    program.write(job=SOURCE)
    source = FileState("plug.py", None, size=3)
    call = dataclasses.replace(program.call("job:first_byte", path="'plug.py'"), files=(source,))
    (program.directory / "plug.py").write_text("x = 1\n")
    (found,) = program.replay(call)
    assert (found.outcome.effects[0].text, found.notes) == ("'x'", ())


def test_a_file_that_is_opened_by_its_path_in_the_project_is_told_by_its_name(program: Any) -> None:
    program.write(
        shop="""
        import os
        def opened(path): return open(path)
        def made(name): return open(os.path.abspath(name), "w")
    """
    )
    path = repr(str(program.directory / "prices.csv"))
    opened = dataclasses.replace(
        program.call("shop:opened", path=path), files=(program.file("prices.csv", b"1,2"),)
    )
    done = program.replay(opened, program.call("shop:made", name="'new.csv'"))
    assert [one.outcome.effects[0].text[:20] for one in done] == ["open('prices.csv', '", "open('new.csv', 'w',"]
