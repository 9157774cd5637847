"""History, read from real repositories."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from legacy_seam.source import Program
from legacy_seam.survey.churn import History
from legacy_seam.survey.survey import survey

DAY = 24 * 3600


class Repository:
    """A repository whose commits are a day apart."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.day = 1
        self.git("init", "-q", "-b", "main")

    def git(self, *arguments: str, author: str = "ann") -> None:
        who = {
            f"GIT_{role}_{part}": f"{author}@shop" for role in ("AUTHOR", "COMMITTER") for part in ("NAME", "EMAIL")
        }
        when = dict.fromkeys(("GIT_AUTHOR_DATE", "GIT_COMMITTER_DATE"), f"{1_700_000_000 + self.day * DAY} +0000")
        env = {**os.environ, **who, **when, "GIT_CONFIG_GLOBAL": os.devnull}
        subprocess.run(["git", *arguments], cwd=self.place, env=env, check=True, capture_output=True)

    def commit(self, files: dict[str, str], author: str = "ann", days: int = 1) -> None:
        self.day += days
        for name, text in files.items():
            (self.place / name).parent.mkdir(parents=True, exist_ok=True)
            (self.place / name).write_text(text)
        self.git("add", "-A")
        self.git("commit", "-qm", "x", author=author)

    def history(self, *below: str) -> History | None:
        place = self.place.joinpath(*below)
        return survey(Program.at([place]), place).history

    def commits(self, *below: str) -> dict[str, int]:
        history = self.history(*below)
        assert history is not None
        return {path: churn.commits for path, churn in history.churn.items()}


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path)


ONE = "def a():\n    return 1\n\n\ndef b():\n    return 1\n"


def test_a_change_is_credited_to_the_function_it_lies_in(repository: Repository) -> None:
    repository.commit({"m.py": ONE})
    repository.commit({"m.py": ONE.replace("1", "2", 1)})
    repository.commit({"m.py": ONE.replace("1", "3", 1)})

    assert repository.commits() == {"m.a": 2}


def test_lines_are_followed_though_they_move(repository: Repository) -> None:
    repository.commit({"m.py": ONE})
    repository.commit(
        {"m.py": ONE.replace("return 1\n\n\ndef b():\n    return 1", "return 1\n\n\ndef b():\n    return 2")}
    )
    repository.commit({"m.py": "# a head\n" * 20 + ONE.replace("def a", "def a_new")})
    repository.commit({"m.py": "# a head\n" * 20 + ONE.replace("def a", "def a_new").replace("1", "4", 1)})

    assert repository.commits() == {"m.a_new": 2, "m.b": 2}


def test_files_are_followed_through_renames(repository: Repository) -> None:
    repository.commit({"old.py": ONE})
    repository.commit({"old.py": ONE.replace("1", "2", 1)})
    repository.git("mv", "old.py", "new.py")
    repository.git("commit", "-qm", "x")

    assert repository.commits() == {"new.a": 1}


def test_lines_that_were_taken_out_count_too(repository: Repository) -> None:
    repository.commit({"m.py": ONE.replace("    return 1\n\n", "    x = 1\n    y = 2\n    return 1\n\n")})
    repository.commit({"m.py": ONE.replace("    return 1\n\n", "    x = 1\n    return 1\n\n")})

    assert repository.commits() == {"m.a": 1}


def test_what_is_not_committed_does_not_count_but_moves_lines(repository: Repository) -> None:
    repository.commit({"m.py": ONE})
    repository.commit(
        {"m.py": ONE.replace("return 1\n\n\ndef b():\n    return 1", "return 1\n\n\ndef b():\n    return 2")}
    )
    (repository.place / "m.py").write_text("# new\n" * 4 + (repository.place / "m.py").read_text())

    assert repository.commits() == {"m.b": 1}


def test_merges_count_once(repository: Repository) -> None:
    repository.commit({"m.py": ONE})
    repository.git("checkout", "-qb", "branch")
    repository.commit({"m.py": ONE.replace("1", "2", 1)})
    repository.commit({"m.py": ONE.replace("1", "3", 1)})
    repository.git("checkout", "-q", "main")
    repository.git("merge", "-q", "--no-ff", "branch", "-m", "x")

    assert repository.commits() == {"m.a": 1}


def test_old_changes_fade_and_authors_are_counted(repository: Repository) -> None:
    repository.commit({"m.py": ONE})
    repository.commit({"m.py": ONE.replace("1", "2", 1)}, author="bob")
    repository.commit({"m.py": ONE.replace("1", "3", 1)}, author="ann")
    repository.commit({"m.py": ONE.replace("1", "4", 2).replace("4", "3", 1)}, days=182)

    history = repository.history()
    assert history is not None
    assert (history.commits, history.is_whole) == (4, True)
    assert history.churn["m.a"].authors == 2
    assert history.churn["m.a"].weight == pytest.approx(1.0, abs=0.01)
    assert history.churn["m.b"].weight == 1.0


def test_a_part_of_a_repository_has_its_part_of_the_history(repository: Repository) -> None:
    repository.commit({"src/m.py": ONE, "other.py": ONE})
    repository.commit({"src/m.py": ONE.replace("1", "2", 1), "other.py": ONE.replace("1", "2")})

    assert repository.commits("src") == {"m.a": 1}


def test_without_git_there_is_no_history(tmp_path: Path) -> None:
    (tmp_path / "m.py").write_text(ONE)

    assert survey(Program.at([tmp_path]), tmp_path).history is None


def test_nothing_that_the_repository_configures_is_run(repository: Repository) -> None:
    repository.commit({"m.py": ONE, ".gitattributes": "*.py diff=evil\n"})
    repository.commit({"m.py": ONE.replace("1", "2", 1)})
    for name in ("diff.external", "diff.evil.command", "diff.evil.textconv", "core.fsmonitor", "core.pager"):
        repository.git("config", name, f"touch {repository.place}/ran; true")

    assert repository.commits() == {"m.a": 1}
    assert not (repository.place / "ran").exists()
