"""All files or none: whatever happens in between, and the way back."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from legacy_seam.seams.journal import InTheWay, Journal


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path / "store/seams")


def files(root: Path, **contents: bytes) -> dict[Path, bytes | None]:
    held: dict[Path, bytes | None] = {}
    for name, content in contents.items():
        path = root / f"{name}.py"
        path.write_bytes(content)
        held[path] = content
    return held


def tree(root: Path) -> dict[str, tuple[bytes, int, int]]:
    """Every file below a directory but those of the store: content, permissions, time."""
    return {
        str(path.relative_to(root)): (path.read_bytes(), path.stat().st_mode, path.stat().st_mtime_ns)
        for path in sorted(root.rglob("*"))
        if path.is_file() and "store" not in path.parts
    }


def edited(journal: Journal, held: dict[Path, bytes | None], contents: dict[Path, bytes], title: str = "t") -> int:
    with journal.locked():
        transaction = journal.begin(title, held)
        transaction.write(contents)
        return journal.keep(transaction).number


def test_what_is_kept_can_be_undone_byte_for_byte(journal: Journal, tmp_path: Path) -> None:
    held = files(tmp_path, a=b"a\r\n\xff", b=b"")
    a, b = held
    a.chmod(0o750)
    before = {name: one[:2] for name, one in tree(tmp_path).items()}
    edited(journal, held, {a: b"A", b: b"B"})
    assert (a.read_bytes(), b.read_bytes()) == (b"A", b"B")
    with journal.locked():
        journal.undo()
    assert {name: one[:2] for name, one in tree(tmp_path).items()} == before
    assert journal.entries() == []


def test_a_link_stays_one_and_what_it_leads_to_is_edited(journal: Journal, tmp_path: Path) -> None:
    real = tmp_path / "elsewhere" / "real.py"
    real.parent.mkdir()
    real.write_bytes(b"one\n")
    link = tmp_path / "link.py"
    link.symlink_to(real)

    edited(journal, {link: b"one\n"}, {link: b"two\n"})

    assert link.is_symlink() and real.read_bytes() == b"two\n"
    with journal.locked():
        journal.undo()
    assert link.is_symlink() and real.read_bytes() == b"one\n"
    assert list(real.parent.iterdir()) == [real]


def test_what_is_abandoned_leaves_no_trace(journal: Journal, tmp_path: Path) -> None:
    held = files(tmp_path, a=b"a", b=b"b")
    before = tree(tmp_path)
    with journal.locked():
        transaction = journal.begin("t", {**held, tmp_path / "new.py": None})
        transaction.write(dict.fromkeys([*held, tmp_path / "new.py"], b"changed"))
        transaction.write(dict.fromkeys(held, b"changed again"))
        journal.abandon(transaction)
    assert tree(tmp_path) == before
    assert journal.recover() is None


def test_a_file_that_is_made_is_removed_again(journal: Journal, tmp_path: Path) -> None:
    made = tmp_path / "new.py"
    edited(journal, {made: None}, {made: b"new"})
    with journal.locked():
        journal.undo()
    assert not made.exists()


@pytest.mark.parametrize("moment", range(8))
def test_a_killed_process_is_cleaned_up_after(journal: Journal, tmp_path: Path, moment: int) -> None:
    held = files(tmp_path, a=b"a" * 100, b=b"b" * 100, c=b"c")
    before = tree(tmp_path)
    script = textwrap.dedent(
        f"""
        import os, signal
        from pathlib import Path
        from legacy_seam.seams import journal
        put, left = journal._put, [{moment}]
        def dying(path, content, mode):
            if left[0] == 0:
                journal._temporary(path).write_bytes(content[:5])  # in the middle of a file
                os.kill(os.getpid(), signal.SIGKILL)
            left[0] -= 1
            put(path, content, mode)
        journal._put = dying
        paths = [Path(one) for one in {[str(one) for one in held]!r}]
        edit = journal.Journal(Path({str(journal.directory)!r}))
        with edit.locked():
            transaction = edit.begin("t", {{one: one.read_bytes() for one in paths}})
            transaction.write({{one: b"changed" for one in paths}})
            os.kill(os.getpid(), signal.SIGKILL)
        """
    )
    done = subprocess.run([sys.executable, "-c", script], check=False)
    assert done.returncode == -signal.SIGKILL
    with journal.locked():
        pass
    assert tree(tmp_path) == before
    assert not (journal.directory / "open").exists()
    assert journal.entries() == []


def test_a_killed_undo_leaves_the_edit_as_it_was(journal: Journal, tmp_path: Path) -> None:
    held = files(tmp_path, a=b"a", b=b"b")
    edited(journal, held, dict.fromkeys(held, b"changed"))
    with journal.locked():
        transaction = journal.begin("undo", dict.fromkeys(held, b"changed"), undoes=1)
        transaction.write({next(iter(held)): b"a"})
    assert journal.recover() == "undo"
    assert [path.read_bytes() for path in held] == [b"changed", b"changed"]
    with journal.locked():
        assert journal.undo().number == 1
    assert [path.read_bytes() for path in held] == [b"a", b"b"]


def test_what_somebody_else_has_changed_is_never_overwritten(journal: Journal, tmp_path: Path) -> None:
    held = files(tmp_path, a=b"a", b=b"b")
    a, b = held
    with journal.locked():
        transaction = journal.begin("t", held)
        transaction.write({a: b"A", b: b"B"})
        a.write_bytes(b"mine")
        with pytest.raises(InTheWay, match="changed by somebody else"):
            transaction.write({a: b"AA"})
        with pytest.raises(InTheWay, match=r"a\.py changed while it was being edited"):
            journal.abandon(transaction)
    assert (a.read_bytes(), b.read_bytes()) == (b"mine", b"b")
    with pytest.raises(InTheWay), journal.locked():
        pass


def test_a_file_that_changed_since_the_plan_is_refused(journal: Journal, tmp_path: Path) -> None:
    held = files(tmp_path, a=b"a")
    (a,) = held
    a.write_bytes(b"changed")
    with journal.locked(), pytest.raises(InTheWay, match="changed since the edit was planned"):
        journal.begin("t", held)
    assert not (journal.directory / "open").exists()


def test_edits_are_undone_in_any_order_where_they_do_not_touch_the_same_file(
    journal: Journal, tmp_path: Path
) -> None:
    held = files(tmp_path, a=b"a", b=b"b")
    a, b = held
    first = edited(journal, {a: b"a"}, {a: b"A"}, "first")
    second = edited(journal, {b: b"b"}, {b: b"B"}, "second")
    third = edited(journal, {b: b"B"}, {b: b"BB"}, "third")
    with journal.locked():
        with pytest.raises(InTheWay, match=r"b\.py was edited again by third; undo number 3 first"):
            journal.undo(second)
        journal.undo(first)
        journal.undo(third)
        journal.undo(second)
        with pytest.raises(InTheWay, match="no edit to undo"):
            journal.undo()
    assert (a.read_bytes(), b.read_bytes()) == (b"a", b"b")


def test_an_undo_refuses_a_file_that_has_changed_since(journal: Journal, tmp_path: Path) -> None:
    held = files(tmp_path, a=b"a")
    (a,) = held
    edited(journal, held, {a: b"A"}, "seam")
    a.write_bytes(b"A and more")
    with journal.locked(), pytest.raises(InTheWay, match="has changed since seam"):
        journal.undo()
    assert a.read_bytes() == b"A and more"


def test_two_processes_do_not_edit_at_once(journal: Journal) -> None:
    with (
        journal.locked(),
        pytest.raises(InTheWay, match="another legacy-seam"),
        Journal(journal.directory).locked(),
    ):
        pass


def test_a_living_process_is_not_recovered_from(journal: Journal, tmp_path: Path) -> None:
    held = files(tmp_path, a=b"a")
    with journal.locked():
        transaction = journal.begin("t", held)
        transaction.write(dict.fromkeys(held, b"A"))
        assert Journal(journal.directory).recover() is None
        assert next(iter(held)).read_bytes() == b"A"
        journal.abandon(transaction)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_directory_that_cannot_be_written_stops_the_edit(journal: Journal, tmp_path: Path) -> None:
    (tmp_path / "closed").mkdir()
    held = files(tmp_path / "closed", a=b"a")
    (tmp_path / "closed").chmod(0o500)
    with journal.locked():
        transaction = journal.begin("t", held)
        with pytest.raises(PermissionError):
            transaction.write(dict.fromkeys(held, b"A"))
        journal.abandon(transaction)
    (tmp_path / "closed").chmod(0o700)
