"""What a scan finds in files, and what it shows of it."""

from __future__ import annotations

from pathlib import Path

from legacy_seam.redaction import Redactor, Rules
from legacy_seam.scanning import masked, scan


def test_files_are_scanned_with_their_lines(tmp_path: Path) -> None:
    (tmp_path / "a.env").write_text("COLOUR=green\nDB_PASSWORD=hunter2\n")
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / "b.txt").write_text("one\ntwo\nbob@shop.example.com\n")
    found = scan([tmp_path], Rules()).suspicions
    assert [(one.file.name, one.line, one.rule) for one in found] == [
        ("a.env", 2, "named DB_PASSWORD"),
        ("b.txt", 3, "email"),
    ]
    assert "hunter2" not in str(found)
    assert "shop.example" not in str(found)


def test_pseudonyms_are_not_reported(tmp_path: Path) -> None:
    content = b"DB_PASSWORD=hunter2\nmail=bob@shop.example.com\ncard: 4111 1111 1111 1111\nDE89370400440532013000\n"
    cleaned = Redactor(b"k").content(content).content
    assert cleaned is not None
    (tmp_path / "a.env").write_bytes(content)
    assert len(scan([tmp_path], Rules()).suspicions) == 4
    (tmp_path / "a.env").write_bytes(cleaned)
    assert scan([tmp_path], Rules()).suspicions == ()


def test_rules_of_the_project_count_even_where_it_records_without(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("EMP-123456 bob@shop.example.com\n")
    rules = Rules(enabled=False, patterns=("EMP-[0-9]{6}",), keep=("email",))
    assert [one.rule for one in scan([tmp_path], rules).suspicions] == ["pattern EMP-[0-9]{6}"]


def test_what_cannot_be_examined_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.gz").write_bytes(b"\x1f\x8b\x08 whatever")
    (problem,) = scan([tmp_path], Rules()).problems
    assert "a.gz" in problem
    assert "packed" in problem


def test_no_excerpt_tells_a_secret() -> None:
    for secret in ("x", "hunter2", "a-much-longer-secret-0815"):
        assert secret not in masked(secret)
        assert masked(secret).endswith(f"({len(secret)} characters)")
