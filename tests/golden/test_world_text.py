"""Surroundings as text."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from legacy_seam.calls import Answer, FileState, Run
from legacy_seam.golden.instants import read_instant, write_instant
from legacy_seam.golden.portable import portable_run
from legacy_seam.golden.text import GoldenDamaged
from legacy_seam.golden.world_text import identify, named_by_content, read_world, seen_from, write_world

texts = st.text(st.characters(codec="utf-8"), max_size=20)
names = st.from_regex(r"[A-Z_]{1,8}", fullmatch=True)
paths = st.text(st.characters(codec="utf-8"), min_size=1, max_size=12)
runs = st.builds(
    Run,
    identity=st.just("f" * 12),
    command=st.lists(texts, max_size=3).map(tuple),
    directory=st.just(""),
    main=st.none() | st.tuples(texts, texts),
    search_path=st.lists(texts, max_size=3).map(tuple),
    started=st.integers(0, 4_000_000_000_000_000).map(lambda us: read_instant(write_instant(us / 1e6))),
    timezone=texts,
    environment=st.dictionaries(names, st.none() | texts, max_size=3).map(lambda d: dict(sorted(d.items()))),
    files=st.lists(
        st.builds(FileState, paths, st.none() | st.binary(min_size=16, max_size=16).map(bytes.hex)), max_size=3
    ).map(tuple),
    python=st.just("3.11.7"),
    platform=st.just("linux"),
    commit=st.none() | st.just("525bba6"),
    imports=st.lists(texts, max_size=3).map(tuple),
    answers=st.lists(
        st.builds(
            Answer,
            texts,
            st.sampled_from(["returned", "raised", "awaited"]),
            texts,
            st.just(""),
            st.dictionaries(names, texts, max_size=2),
        ),
        max_size=3,
    ).map(tuple),
)


@given(runs)
def test_what_is_written_is_read_back(run: Run) -> None:
    assert read_world(write_world(run), run.identity, "x") == run


@given(runs)
def test_equal_surroundings_have_one_name_wherever_they_were_recorded(run: Run) -> None:
    here, elsewhere = (replace(run, identity="0", directory=place) for place in ("/here", "/somewhere/else"))

    assert identify(here) == identify(elsewhere) == named_by_content(elsewhere).identity
    assert named_by_content(elsewhere).directory == "/somewhere/else"


def run_of(**changes: object) -> Run:
    plain = Run("r", ("a.py",), "/p/below", None, (".",), 0.0, "UTC", {}, (), "3.11", "linux")
    return replace(plain, **changes)  # type: ignore[arg-type]


def test_paths_of_a_program_recorded_below_the_project_are_seen_from_the_project() -> None:
    seen = seen_from(Path("/p"), run_of(main=("a", "a.py"), search_path=(".", "lib", "/opt/x")))

    assert seen.main == ("a", "below/a.py")
    assert seen.search_path == ("below", "below/lib", "/opt/x")
    assert seen.directory == read_world(write_world(seen), seen.identity, "x").directory == "below"


def test_no_directory_of_a_machine_is_told_that_the_program_was_given_with_a_path_of_the_project() -> None:
    seen = portable_run(
        run_of(
            command=("a.py", "--db=/p/shop/a.db", "/p/shop", "/p/shopping", "/srv/shop/x"),
            environment={"DATA": "/p/shop/data", "OTHER": "/data", "NONE": None},
            answers=(Answer("a:f", "returned", "'/p/shop/x'", "", {}),),
            files=(FileState("/srv/shop/a.ini", None), FileState("/srv/a.ini", None)),
            project="/srv/shop",
        ),
        Path("/p/shop"),
    )
    assert seen.command == ("a.py", "--db=<project>/a.db", "<project>", "/p/shopping", "<project>/x")
    assert seen.environment == {"DATA": "<project>/data", "OTHER": "/data", "NONE": None}
    assert seen.answers[0].text == "'<project>/x'"
    assert [state.path for state in seen.files] == ["<project>/a.ini", "/srv/a.ini"]


def test_where_the_program_stood_is_told_where_that_is_not_the_project_itself() -> None:
    assert seen_from(Path("/p"), run_of(directory="/p")).directory == ""
    assert "directory" not in write_world(seen_from(Path("/p"), run_of(directory="/p")))
    assert "\ndirectory = '..'\n" in write_world(seen_from(Path("/p"), run_of(directory="/elsewhere")))


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("world 1", "world 2", "w.txt:1: "),
        ("timezone = 'UTC'\n", "", "missing or wrong"),
        ("timezone = 'UTC'", "timezone = 'UTC", r"w\.txt:\d+: "),
        ("timezone = 'UTC'", "TIMEZONE", r"w\.txt:\d+: 'TIMEZONE' cannot be read"),
        ("started = '", "started = 'x", "missing or wrong"),
    ],
)
def test_a_mangled_world_is_told_with_file_and_what_to_do(before: str, after: str, said: str) -> None:
    text = write_world(run_of())
    assert before in text

    with pytest.raises(GoldenDamaged, match=f"{said}.*restore the file"):
        read_world(text.replace(before, after, 1), "r", "w.txt")


def test_a_project_that_was_moved_since_is_seen_from_where_it_lies_now(tmp_path: Path) -> None:
    (tmp_path / "jobs" / "lib").mkdir(parents=True)
    (tmp_path / "jobs" / "a.py").write_text("")
    run = replace(run_of(main=("a", "a.py"), search_path=(".", "lib", "/opt/x")), directory="/no/longer/here/jobs")
    seen = seen_from(tmp_path, run)
    assert seen.main == ("a", "jobs/a.py")
    assert seen.search_path == ("jobs", "jobs/lib", "/opt/x")
    elsewhere = replace(run_of(main=("b", "b.py"), search_path=(".",)), directory="/no/longer/here")
    assert seen_from(tmp_path, elsewhere).main == ("b", "/no/longer/here/b.py")
