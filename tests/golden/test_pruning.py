"""What no golden master refers to any more goes; all else stays."""

from __future__ import annotations

from pathlib import Path

from legacy_seam.golden.directory import GoldenDirectory
from legacy_seam.golden.pruning import prune


def test_only_what_is_referred_to_stays_however_deep(tmp_path: Path) -> None:
    directory = GoldenDirectory(tmp_path / "golden")
    inner = directory.files.put(b"7, 8")
    piece = directory.files.put(f"[\n    @{inner}\n]".encode())
    of_world, of_proposal, lost = (directory.files.put(content) for content in (b"a;b", b"c;d", b"e;f"))
    worlds = tmp_path / "golden" / "_worlds"
    worlds.mkdir()
    (worlds / "run-1.txt").write_text(f"file 'x' {of_world}\n")
    (worlds / "run-2.txt").write_text(f"file 'y' {lost}\n")
    module = tmp_path / "golden" / "rules"
    module.mkdir()
    (module / "fee.approved.txt").write_text(f"case 1\n    world run-1\n    given x = [\n    @{piece}\n]\n")
    (module / "fee.explored.txt").write_text(f"file {of_proposal}\n")

    assert prune(directory) == 2
    assert sorted(directory.files.digests()) == sorted([inner, piece, of_world, of_proposal])
    assert [path.name for path in worlds.iterdir()] == ["run-1.txt"]
    assert prune(directory) == 0
