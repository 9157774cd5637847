"""Recording from within a program, a notebook or a service."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from pathlib import Path

import legacy_seam
from legacy_seam.calls import Count
from legacy_seam.store.recordings import Recordings

RULES = """
RATES = {"low": 1}
def score(n): return n * RATES["low"]
class Account:
    def limit(self, n): return n + 1
table = {"score": score}
"""


def run(place: Path, program: str, *, interactive: bool = False) -> subprocess.CompletedProcess[str]:
    (place / "rules.py").write_text(RULES)
    (place / "program.py").write_text(textwrap.dedent(program))
    words = ["-"] if interactive else ["program.py"]
    done = subprocess.run(
        [sys.executable, "-W", "error", *words],
        cwd=place,
        input=textwrap.dedent(program) if interactive else None,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return done


def counts(store: Path) -> dict[str, Count]:
    recordings = Recordings(store)
    assert recordings.fold().damages == ()
    return {str(target): count for target, count in recordings.counts().items()}


def inputs(store: Path, name: str) -> list[dict[str, str]]:
    recordings = Recordings(store)
    recordings.fold()
    return [
        dict(call.arguments)
        for target in recordings.targets()
        if str(target) == name
        for call in recordings.calls(target)
    ]


def test_what_exists_already_is_recorded_within_and_only_there(tmp_path: Path) -> None:
    run(
        tmp_path,
        """
        import legacy_seam, rules
        from rules import score
        code = score.__code__
        score(1)
        with legacy_seam.recording():
            assert (score(2), rules.table["score"](3), rules.Account().limit(4)) == (2, 3, 5)
        score(5)
        assert score.__code__ is code and score.__code__ is not None
        """,
    )
    store = tmp_path / ".legacy-seam"
    assert inputs(store, "rules:score") == [{"n": "2"}, {"n": "3"}]
    assert counts(store)["rules:score"] == Count(2, 2)
    assert inputs(store, "rules:Account.limit") == [{"self": "rules:Account()", "n": "4"}]


def test_functions_of_the_script_itself(tmp_path: Path) -> None:
    run(
        tmp_path,
        """
        import legacy_seam
        LIMITS = [1]
        def take(n): return n in LIMITS
        with legacy_seam.recording("program"):
            take(3)
            LIMITS.append(3)
            take(4)
        """,
    )
    store = tmp_path / ".legacy-seam"
    assert inputs(store, "program:take") == [{"n": "3"}, {"n": "4"}]
    recordings = Recordings(store)
    (target,) = recordings.targets()
    assert [dict(call.state) for call in recordings.calls(target)] == [{}, {"program:LIMITS": "[1, 3]"}]
    assert recordings.runs()[0].main == ("program", "program.py")


def test_targets_sources_and_store_are_chosen_as_one_likes(tmp_path: Path) -> None:
    run(
        tmp_path,
        """
        import legacy_seam, rules
        with legacy_seam.recording(["rules:Account"], sources=["."], store="elsewhere") as recorder:
            rules.score(1)
            rules.Account().limit(2)
            print({str(target): count.seen for target, count in recorder.counts().items()})
        """,
    )
    assert counts(tmp_path / "elsewhere").keys() == {"rules:Account.limit"}
    assert not (tmp_path / ".legacy-seam").exists()


def test_the_settings_of_the_project_hold(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[tool.legacy-seam]\nstore = "kept"\ntargets = ["rules:score"]\n')
    below = tmp_path / "below"
    below.mkdir()
    run(
        tmp_path,
        """
        import legacy_seam, os, rules
        os.chdir("below")
        with legacy_seam.recording(sources=[".."]):
            rules.score(1)
            rules.Account().limit(2)
        """,
    )
    assert counts(tmp_path / "kept").keys() == {"rules:score"}


def test_as_a_decorator_and_again_and_again(tmp_path: Path) -> None:
    run(
        tmp_path,
        """
        import legacy_seam, rules
        @legacy_seam.recording("rules")
        def handle(n): return rules.score(n)
        handle(1)
        rules.score(2)
        handle(3)
        """,
    )
    store = tmp_path / ".legacy-seam"
    assert inputs(store, "rules:score") == [{"n": "1"}, {"n": "3"}]
    assert len(Recordings(store).runs()) == 2


def test_one_within_another_joins_it_and_says_so(tmp_path: Path) -> None:
    run(
        tmp_path,
        """
        import legacy_seam, rules, threading
        inside, go = threading.Event(), threading.Event()
        def other():
            with legacy_seam.recording(store="never"):
                inside.set()
                go.wait()
                rules.score(3)
        with legacy_seam.recording("rules"):
            with legacy_seam.recording(store="never"):
                rules.score(1)
            rules.score(2)
            thread = threading.Thread(target=other)
            thread.start()
            inside.wait()
        go.set()
        thread.join()
        rules.score(4)
        """,
    )
    store = tmp_path / ".legacy-seam"
    assert inputs(store, "rules:score") == [{"n": "1"}, {"n": "2"}, {"n": "3"}]
    assert not (tmp_path / "never").exists()
    (finding,) = Recordings(store).findings()
    assert finding.what == "recording()" and str(store) in finding.why


def test_in_a_program_that_is_recorded_as_a_whole(tmp_path: Path) -> None:
    program = """
        import rules, legacy_seam
        with legacy_seam.recording(store="never"):
            rules.score(1)
        rules.score(2)
    """
    (tmp_path / "rules.py").write_text(RULES)
    (tmp_path / "program.py").write_text(textwrap.dedent(program))
    done = subprocess.run(
        [sys.executable, "-m", "legacy_seam", "record", "--", "program.py"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert inputs(tmp_path / ".legacy-seam", "rules:score") == [{"n": "1"}, {"n": "2"}]
    assert not (tmp_path / "never").exists()


def test_a_notebook_is_told_what_cannot_be_recorded(tmp_path: Path) -> None:
    run(
        tmp_path,
        """
        import legacy_seam, rules
        def cell(n): return rules.score(n)
        with legacy_seam.recording():
            cell(1)
        """,
        interactive=True,
    )
    store = tmp_path / ".legacy-seam"
    assert inputs(store, "rules:score") == [{"n": "1"}]
    (finding,) = Recordings(store).findings()
    assert finding.what == "__main__: cell" and "move them to a module" in finding.why


def test_processes_that_it_starts(tmp_path: Path) -> None:
    run(
        tmp_path,
        """
        import legacy_seam, rules, subprocess, sys, os
        with legacy_seam.recording():
            subprocess.run([sys.executable, "-c", "import rules; rules.score(1)"], check=True)
            if not os.fork():
                rules.score(2)
                os._exit(0)
            os.wait()
        subprocess.run([sys.executable, "-c", "import rules; rules.score(3)"], check=True)
        """,
    )
    assert inputs(tmp_path / ".legacy-seam", "rules:score") == [{"n": "1"}, {"n": "2"}]


def test_a_place_that_cannot_be_written_is_one_sentence_and_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    run(
        tmp_path,
        """
        import legacy_seam, os, rules
        before = os._exit, os.execv, rules.score.__code__
        try:
            with legacy_seam.recording(store="taken/store"):
                print("never")
        except Exception as error:
            assert "taken" in str(error), error
        else:
            raise SystemExit(1)
        assert before == (os._exit, os.execv, rules.score.__code__)
        """,
    )


def test_the_face_is_light_and_knows_its_names() -> None:
    code = "import sys, legacy_seam; print(sorted(n for n in sys.modules if 'legacy_seam' in n))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=dict(os.environ))
    assert done.stdout.strip() == "['legacy_seam']"
    assert set(legacy_seam.__all__) == {"__version__", "recording"}
    assert callable(legacy_seam.recording)
    assert not hasattr(legacy_seam, "no_such_name")
