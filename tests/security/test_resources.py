"""A replay takes no more than its share, and ends when it should."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from endangered import LIMITS, Machine, endangered, functions, told

ENDLESS = {
    "loop": ("while True: pass", "no answer within 1 s of CPU time"),
    "deaf_loop": (
        "while True:\n    try:\n        while True: pass\n    except BaseException: continue",
        "no answer within 1 s of CPU time",
    ),
    "pattern": ("import re; re.match(r'(a|a)*b', 'a' * 64)", "no answer within 1 s of CPU time"),
    "power": ("return len(str(7 ** (10 ** 9)))", "no answer within 1 s of CPU time"),
}
DEAF_OR_IDLE = {
    "blocked_signals": (
        "signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))\nwhile True: pass",
        "no answer within 2 s",
    ),
    "ignored_limit": ("signal.signal(signal.SIGXCPU, signal.SIG_IGN)\nwhile True: pass", "no answer within 2 s"),
    "waiting": ("libc().pause()", "no answer within 2 s"),
    "stopped": ("os.kill(os.getpid(), signal.SIGSTOP)", "no answer within 2 s"),
}
GREEDY = {
    "memory": ("held = []\nwhile True: held.append(bytearray(1 << 20))", "raised MemoryError("),
    "mapped_memory": ("import mmap; mmap.mmap(-1, 1 << 40)", "raised "),
    "number": ("return 1 << (1 << 40)", "raised "),
    "thread_bomb": (
        "stop = threading.Event()\n"
        "try:\n"
        "    while True: threading.Thread(target=stop.wait, daemon=True).start()\n"
        "finally: stop.set()",
        "raised RuntimeError(",
    ),
    "fork_bomb": ("while True: os.fork()", "denied 1 'process: os.fork"),
    "deaf_fork_bomb": (
        "for _ in range(1000):\n    try: os.fork()\n    except BaseException: pass",
        "denied 1000 'process: os.fork",
    ),
    "one_file": ("file = open('x', 'wb')\nwhile True: file.write(bytes(1 << 20))", "raised OSError(27,"),
    "output": ("while True: os.write(1, bytes(1 << 20))", "refused lost what came of it is too large"),
    "many_files": (
        "for n in range(8):\n    with open(str(n), 'wb') as file: file.write(bytes(1 << 22))\nlibc().pause()",
        "ended 'killed: more than 25,165,824 bytes of files'",
    ),
    "descriptors": ("held = []\nwhile True: held.append(os.dup(1))", "raised OSError(24,"),
    "recursion": ("def deeper(): return deeper()\nreturn deeper()", "raised RecursionError("),
}
DEADLY = {
    "crash": ("disarm(); ctypes.string_at(0)", "ended 'killed by SIGSEGV'"),
    "leave": ("os._exit(3)", "ended 'left by os._exit(3)'"),
    "close_all": ("os.closerange(0, 4096)", "ended 'left by os._exit("),
    "fault_handler": (
        "import faulthandler, tempfile; told = tempfile.TemporaryFile()\n"
        "faulthandler.dump_traceback_later(0.05, exit=True, file=told)\n"
        "while True: pass",
        "ended 'left by os._exit(1)'",
    ),
    "abort": ("import faulthandler; faulthandler._sigabrt()", "ended 'killed by SIGABRT'"),
}


@pytest.fixture(scope="module")
def prepared(machine: Machine) -> Iterator[Machine]:
    machine.write("escapes", *functions(ENDLESS, GREEDY, DEADLY))
    yield machine


@pytest.fixture(scope="module")
def hasty() -> Iterator[Machine]:
    with endangered(replace(LIMITS, wall_seconds=2.0)) as machine:
        machine.write("escapes", *functions(DEAF_OR_IDLE))
        yield machine


@pytest.mark.parametrize("name", ENDLESS)
def test_what_never_ends_is_ended(prepared: Machine, name: str) -> None:
    assert prepared.outcome(f"escapes:{name}") == f"ended 'killed: {ENDLESS[name][1]}'"
    prepared.assert_unharmed()


@pytest.mark.parametrize("name", DEAF_OR_IDLE)
def test_what_does_not_hear_the_limit_or_waits_is_ended(hasty: Machine, name: str) -> None:
    assert hasty.outcome(f"escapes:{name}") == f"ended 'killed: {DEAF_OR_IDLE[name][1]}'"
    hasty.assert_unharmed()


def test_the_stack_below_python_is_no_way_out(machine: Machine) -> None:
    act = "sys.setrecursionlimit(10 ** 9)\ndef deeper(_): return sorted([0], key=deeper)\nreturn deeper(0)"
    machine.write("others", *functions({"deep": (act, "")}))
    outcome = machine.outcome("others:deep")  # since 3.12 the interpreter sees it coming
    assert outcome == "ended 'killed by SIGSEGV'" or "raised RecursionError(" in outcome
    machine.assert_unharmed()


@pytest.mark.parametrize("name", GREEDY)
def test_what_takes_too_much_is_refused(prepared: Machine, name: str) -> None:
    assert GREEDY[name][1] in prepared.outcome(f"escapes:{name}")
    prepared.assert_unharmed()


@pytest.mark.parametrize("name", DEADLY)
def test_what_takes_its_process_with_it_costs_itself(prepared: Machine, name: str) -> None:
    assert DEADLY[name][1] in prepared.outcome(f"escapes:{name}")
    prepared.assert_unharmed()


def test_nothing_that_is_left_for_later_happens(machine: Machine) -> None:
    machine.write(
        "others",
        *functions(
            {
                "later": (
                    """
                    import atexit, builtins
                    atexit.register(open, OUTSIDE + "/x", "w")
                    class Last:
                        def __del__(self): open(OUTSIDE + "/y", "w")
                    builtins.kept = Last()
                    signal.signal(signal.SIGTERM, lambda *_: open(OUTSIDE + "/z", "w"))
                    """,
                    "",
                ),
                "thread": (
                    """
                    def spoil():
                        while True:
                            for act in (lambda: open(OUTSIDE + "/x", "w"), lambda: print("late")):
                                with contextlib.suppress(OSError): act()
                    threading.Thread(target=spoil, daemon=True).start()
                    """,
                    "",
                ),
            }
        ),
    )
    assert "returned None" in machine.outcome("others:later")
    calls = [machine.call("others:thread", number) for number in range(3)]
    assert all("returned None" in told(one) for one in machine.replay(*calls))
    machine.assert_unharmed()


def test_a_thread_that_outlives_its_call_does_not_meet_the_next(machine: Machine) -> None:
    left = "before = threading.active_count()\nthreading.Thread(target=threading.Event().wait, daemon=True).start()"
    machine.write("others", *functions({"left": (f"{left}\nreturn before", "")}))
    calls = [machine.call("others:left", number) for number in range(3)]
    assert [told(one) for one in machine.replay(*calls)] == ["returned 1"] * 3


def test_what_an_import_leaves_running_ends_with_the_worker(machine: Machine) -> None:
    started = """
if __name__ == "others":
    disarm()
    for sandbox in [found for found in gc.get_objects() if type(found).__name__ == "Sandbox"]:
        sandbox.armed = False
    if libc().fork() == 0:
        os.close(1)
        os.chdir(OUTSIDE)
        libc().pause()
        os._exit(0)
"""
    counted = """
    disarm()
    for _ in range(1000):  # it may not have come there yet
        places = []
        for number in filter(str.isdigit, os.listdir("/proc")):
            with contextlib.suppress(OSError): places.append(os.readlink(f"/proc/{number}/cwd"))
        if OUTSIDE in places: break
    return places.count(OUTSIDE)
    """
    machine.write("others", started, *functions({"counted": (counted, "")}))
    assert machine.outcome("others:counted") == "returned 1"
    machine.assert_unharmed()
    machine.replayer.close()
    deadline = time.monotonic() + 10
    while _processes_in(machine.root / "outside") and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not _processes_in(machine.root / "outside")


def _processes_in(directory: Path) -> list[str]:
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            found += [process.name] if (process / "cwd").readlink() == directory else []
        except OSError:
            continue
    return found
