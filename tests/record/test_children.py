"""What a recorded program starts is recorded as well, and nobody notices."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from legacy_seam.record import invocation
from legacy_seam.record.invocation import Invocation, Settings, read
from legacy_seam.redaction import Rules

HELPER = "def work(n):\n    return n + 1\n"
CHILD = """
    import sys, helper
    def hello(name): return name
    if __name__ == "__main__":
        print(hello(sys.argv[1]), helper.work(50), sys.argv, sys.orig_argv, sys.path[0], sys.flags, __file__)
        sys.exit(3)
"""
SHOW = """
    import os, subprocess, sys
    python = sys.executable
    def show(words, **options):
        done = subprocess.run(words, capture_output=True, text=True, **options)
        print(done.args, done.returncode, done.stdout, done.stderr, flush=True)
"""


def inputs(recorded: Any, target: str) -> list[str]:
    return sorted(value for arguments in recorded.inputs(target) for value in arguments.values())


def why_not(recorded: Any) -> list[str]:
    return [finding.why for finding in recorded.findings if "child process" in finding.what]


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_pools_of_every_kind(project: Any, method: str) -> None:
    project.write(
        helper=HELPER,
        program=f"""
        import multiprocessing, threading
        from concurrent.futures import ProcessPoolExecutor
        import helper
        LIMITS = {{"least": 1}}
        class Row:
            def __init__(self, x): self.x = x
        def square(n): return n * n + LIMITS["least"]
        def use(row): return row.x
        def set_up(): LIMITS["least"] = 7
        if __name__ == "__main__":
            thread = threading.Thread(target=square, args=(100,))
            thread.start()
            thread.join()
            context = multiprocessing.get_context({method!r})
            with context.Pool(2, initializer=set_up) as pool:
                print(pool.map(square, [1, 2, 3, 4]), pool.map(use, [Row(5)]))
            with ProcessPoolExecutor(2, mp_context=context) as pool:
                print(list(pool.map(helper.work, [6, 7, 8])))
        """,
    )
    _, recorded = project.both("program.py")
    assert inputs(recorded, "program:square") == ["1", "100", "2", "3", "4"]
    assert inputs(recorded, "program:use") == ["program:Row(x=5)"]
    assert inputs(recorded, "helper:work") == ["6", "7", "8"]
    assert recorded.counts["program:square"].seen == 5
    assert recorded.counts["helper:work"].seen == 3
    in_pool = [call for call in recorded.of("program:square") if call.arguments["n"] != "100"]
    assert all(call.state == {"program:LIMITS": "{'least': 7}"} for call in in_pool)
    runs = {run.identity: run for run in recorded.runs}
    assert all(runs[call.run].main == ("program", "program.py") for call in in_pool)
    assert all(run.command == ("program.py",) for run in runs.values())
    assert len(runs) <= 3


def test_a_call_that_forks_is_told_by_the_parent_alone_and_the_child_tells_what_it_asks(project: Any) -> None:
    project.write(
        program="""
        import multiprocessing
        def job(results, n):
            results.put(n * n)
        def spread(n):
            results = multiprocessing.Queue()
            process = multiprocessing.get_context("fork").Process(target=job, args=(results, n))
            process.start()
            found = results.get()
            process.join()
            return found
        print(spread(3))
        """,
    )
    _, recorded = project.both("program.py")
    (spread,), (job,) = recorded.of("program:spread"), recorded.of("program:job")
    assert [answer.question.partition("(")[0] for answer in spread.answers] == [
        "multiprocessing.context:DefaultContext.Queue",
        "multiprocessing.context:DefaultContext.get_context",
        "ForkContext_1.Process",
        "ForkProcess_1.start",
        "Queue_1.get",
        "ForkProcess_1.join",
    ]
    assert [answer.question for answer in job.answers] == ["Queue_1.put(9)"]
    assert recorded.counts["program:spread"].seen == 1


def test_a_program_run_as_a_module_that_spawns(project: Any) -> None:
    project.write(
        shop__init="",
        shop__nightly="""
        import multiprocessing
        def square(n): return n * n
        if __name__ == "__main__":
            process = multiprocessing.get_context("spawn").Process(target=square, args=(6,), daemon=True)
            process.start()
            process.join()
            print(process.exitcode)
        """,
    )
    _, recorded = project.both("-m", "shop.nightly")
    assert inputs(recorded, "shop.nightly:square") == ["6"]


@pytest.mark.parametrize(
    ("words", "hello"),
    [
        (["child.py", "1"], ["'1'"]),
        (["-Bm", "child", "2"], ["'2'"]),
        (["-mchild", "3"], ["'3'"]),
        (["-W", "error", "-Xdev", "--", "./child.py", "4"], ["'4'"]),
        (["-S", "child.py", "5"], ["'5'"]),
        (["-E", "-s", "child.py", "6"], ["'6'"]),
        (["-I", "child.py"], []),
        (["-cimport child, sys; print(child.hello('7'), sys.argv, sys.orig_argv)", "x"], ["'7'"]),
        (["no_such.py"], []),
        (["-m", "no_such"], []),
        (["-c", "1/"], []),
        (["-c", "raise KeyError(1)"], []),
        (["-c", "import os; os.kill(os.getpid(), 9)"], []),
        (["--version"], []),
    ],
)
def test_the_same_python(project: Any, words: list[str], hello: list[str]) -> None:
    project.write(helper=HELPER, child=CHILD, program=SHOW + f"    show([python, *{words!r}])\n")
    _, recorded = project.both("program.py")
    assert inputs(recorded, "child:hello") == hello
    assert why_not(recorded) == []


@pytest.mark.parametrize(
    ("start", "hello"),
    [
        ("show([python, pathlib.Path('child.py'), b'1'])", ["'1'"]),
        ("show([python, 'child.py', '2'], env={})", ["'2'"]),
        ("show([python, '../child.py', '3'], cwd='below')", ["'3'"]),
        ("show(['another-name', 'child.py', '4'], executable=python)", ["'4'"]),
        ("show([python, 'child.py', '5'], close_fds=False)", ["'5'"]),
        ("print(os.spawnl(os.P_WAIT, python, python, 'child.py', '6'))", ["'6'"]),
        ("print(os.waitpid(os.posix_spawn(python, [python, 'child.py', '7'], os.environ), 0)[1])", ["'7'"]),
        ("os.execv(python, [python, 'child.py', '8'])", ["'8'"]),
        ("os.execle(python, python, 'child.py', '9', {'A': 'B'})", ["'9'"]),
        ("print(asyncio.run(start_and_talk()))", ["'10'"]),
        ("show(['./tool', '11'])", ["'11'"]),
        ("show(['tool', '12'], env={'PATH': os.getcwd()})", ["'12'"]),
        ("show(['./named', '13'], env={'PATH': os.path.dirname(python)})", ["'13'"]),
    ],
)
def test_every_way_to_start_it(project: Any, start: str, hello: list[str]) -> None:
    program = f"""
    import asyncio, pathlib
    os.mkdir("below") if not os.path.exists("below") else None
    async def start_and_talk():
        process = await asyncio.create_subprocess_exec(python, "child.py", "10", stdin=-1, stdout=-1)
        return await process.communicate(b"hello"), process.returncode
    {start}
    """
    project.write(helper=HELPER, child=CHILD, program=SHOW + program)
    for name, first_line in (("tool", f"#!{sys.executable} -B\n"), ("named", "#!/usr/bin/env python3\n")):
        script = project.directory / name
        script.write_text(
            first_line
            + (project.directory / "child.py")
            .read_text()
            .replace("def hello", "from child import hello\ndef other")
        )
        script.chmod(0o755)
    _, recorded = project.both("program.py")
    assert inputs(recorded, "child:hello") == hello
    assert inputs(recorded, "helper:work") == ["50"]


@pytest.mark.parametrize(
    ("start", "why"),
    [
        ("show([python, '-'], input='print(1)')", "is not recorded: its program comes from stdin"),
        ("show([python, '-i', '-c', '1'], input='')", "is not recorded: it runs with -i"),
        ("show('python3 --version', shell=True)", "is not recorded: a shell stands between"),
        ("os.system('python3 --version')", "is not recorded: a shell stands between"),
    ],
)
def test_what_is_left_alone_is_noted(project: Any, start: str, why: str) -> None:
    project.write(program=SHOW + f"    {start}\n    {start}\n")
    _, recorded = project.both("program.py")
    assert why_not(recorded) == [why]


@pytest.mark.parametrize(
    "start",
    ["subprocess.run(['no-such-program'])", "os.posix_spawn('/no/such', ['x'], {})", "os.execv(python, [])"],
)
def test_errors_are_what_they_were(project: Any, start: str) -> None:
    project.write(
        program=SHOW
        + f"""
    try:
        {start}
    except Exception as error:
        print(repr(error), vars(error), getattr(error, "filename", ""))
    """
    )
    project.both("program.py")


def test_a_child_in_a_place_where_nothing_can_be_recorded_runs_all_the_same(project: Any) -> None:
    project.write(
        program=SHOW
        + """
    os.makedirs("gone", exist_ok=True)
    os.chdir("gone")
    os.rmdir("../gone")
    show([python, "-c", "print(5)"])
    """
    )
    project.both("program.py")


@pytest.mark.parametrize(
    "patched",
    [
        "json.dumps",
        "json.loads",
        "builtins.open",
        "os.getpid",
        "os.path.isfile",
        "os.path.join",
        "os.path.realpath",
        "time.time_ns",
    ],
)
def test_a_program_that_has_patched_what_we_use_starts_its_children(project: Any, patched: str) -> None:
    module, _, name = patched.rpartition(".")
    start = f"""
    import builtins, json, time
    {module}.{name} = lambda *given, **named: "patched"
    show([python, "-c", "print(5)"])
    """
    project.write(program=SHOW + start)
    project.both("program.py")


def test_everything_is_as_before_when_the_recording_has_ended(tmp_path: Path) -> None:
    import _posixsubprocess

    from legacy_seam.record.session import Recorder

    def functions() -> tuple[object, ...]:
        return os.execv, os.execve, os.posix_spawn, _posixsubprocess.fork_exec, vars(subprocess)["_fork_exec"]

    before = functions()
    with Recorder(tmp_path / "store", sources=[tmp_path]):
        assert all(one is not other for one, other in zip(functions(), before, strict=True))
        assert [os.execv.__name__, os.posix_spawn.__name__] == ["execv", "posix_spawn"]
    assert functions() == before


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (["-B", "-W", "error", "x.py", "-c"], Invocation(("-B", "-W", "error"), ("x.py", "-c"))),
        (["-Werror", "-OOc", "code", "-m"], Invocation(("-Werror", "-OO"), ("-c", "code", "-m"))),
        (["-XBc", "x.py"], Invocation(("-XBc",), ("x.py",))),
        (["--check-hash-based-pycs", "never", "x.py"], Invocation(("--check-hash-based-pycs", "never"), ("x.py",))),
        (["--", "x.py", "--"], Invocation((), ("x.py", "--"))),
        (["--", "-x"], "its script has the name of an option"),
        (["-x", "x.py"], "it runs with -x"),
        (["-X", "importtime", "x.py"], "it runs with -X importtime"),
        ([], "its program comes from stdin"),
        (["-c"], ""),
        (["-V"], ""),
        (["--help"], ""),
    ],
)
def test_the_command_line_of_python_is_read_as_python_reads_it(words: list[str], found: Invocation | str) -> None:
    assert read(words) == found


def test_settings_survive_the_way_to_a_child() -> None:
    settings = Settings(
        store="/store",
        sources=("/src",),
        targets=("shop.*",),
        exclude=("old/*",),
        parent="run",
        told=True,
        command=("prog", "\udcff"),
        main="prog",
        given=("-Bc", "1"),
        redaction=Rules(names=("employee_*",)),
    )
    assert Settings.from_json(settings.to_json()) == settings
    assert Settings().to_json() == "{}"
    assert Counter(invocation.arguments(settings, ["-Bc", "1"]))["--"] == 1
