"""A replay cannot forge its own verdict, nor switch off what watches it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from endangered import Machine, functions, needs, told

MEDDLING = {
    "another_hook": (
        "sys.addaudithook(lambda event, args: (_ for _ in ()).throw(RuntimeError(event)))",
        "denied 1 'interpreter: sys.addaudithook",
    ),
    "cleared_hooks": (
        "sys.addaudithook = None; gc.collect(); os.kill(TESTER, 0)",
        "denied 1 'process: os.kill",
    ),
    "found_by_collector": (
        "for found in gc.get_objects():\n"
        "    if type(found).__name__ == 'Sandbox': found.armed = False\n"
        "os.kill(TESTER, 0)",
        "denied 1 'process: os.kill",
    ),
    "reloaded_os": (
        "import importlib; importlib.reload(os); os.kill(TESTER, 0)",
        "denied 1 'process: os.kill",
    ),
    "forgotten_modules": (
        "sys.modules.clear(); import posix; posix.kill(TESTER, 0)",
        "denied 1 'process: os.kill",
    ),
    "traced": (
        "sys.settrace(lambda frame, event, argument: None); os.kill(TESTER, 0)",
        "denied 1 'process: os.kill",
    ),
    "another_thread": (
        "t = threading.Thread(target=os.kill, args=(TESTER, 0))\n"
        "threading.excepthook = lambda failure: None; t.start(); t.join()",
        "denied 1 'process: os.kill",
    ),
    "thread_from_c": (
        "import _thread; done = threading.Event()\n"
        "def act():\n"
        "    with contextlib.suppress(OSError): os.kill(TESTER, 0)\n"
        "    done.set()\n"
        "_thread.start_new_thread(act, ()); done.wait()",
        "denied 1 'process: os.kill",
    ),
    "import_hook": (
        "class Finder:\n"
        "    def find_spec(self, *_): os.kill(TESTER, 0)\n"
        "sys.meta_path.insert(0, Finder()); import wave",
        "denied 1 'process: os.kill",
    ),
    "swallowed": (
        "try: os.kill(TESTER, 0)\nexcept BaseException: return 'nobody will know'",
        "denied 1 'process: os.kill",
    ),
    "evaluated": (
        "eval(compile('os.kill(TESTER, 0)', 'x', 'eval'))",
        "denied 1 'process: os.kill",
    ),
    "unpickled": (
        "import pickle; pickle.loads(b'cposix\\nsystem\\n(V' + b'touch ' + OUTSIDE.encode() + b'/x\\ntR.')",
        "denied 1 'process: os.system of touch",
    ),
}
BELOW_PYTHON = {
    "patched_module": (
        "import legacy_seam.world.sandbox as ours\nours.Sandbox.refuse = lambda *_: None; os.kill(TESTER, 0)",
        "raised PermissionError(1,",
    ),
    "disarmed": (
        "disarm(); sandboxes()[0].denials.clear(); os.kill(TESTER, 0)",
        "raised PermissionError(1,",
    ),
    "disarmed_thread": (
        "disarm(); t = threading.Thread(target=os.kill, args=(TESTER, 0)); t.start(); t.join()",
        "denied 1 'process: os.kill",
    ),
}
FORGERIES = {
    "garbage": "for n in range(3, 64):\n    with contextlib.suppress(OSError): os.write(n, bytes([255]) * 100)",
    "frame": (
        "import json, struct\n"
        "body = json.dumps(['case', 0, 0, [['returned', '', '42']], [], []]).encode()\n"
        "for n in range(3, 64):\n"
        "    with contextlib.suppress(OSError): os.write(n, struct.pack('!I', len(body)) + body)"
    ),
    "deadly_child": (
        "import json, struct\n"
        "body = json.dumps(['child', 0, 0, VICTIM]).encode()\n"
        "for n in range(3, 64):\n"
        "    with contextlib.suppress(OSError): os.write(n, struct.pack('!I', len(body)) + body)"
    ),
    "half_a_frame": (
        "for n in range(3, 64):\n    with contextlib.suppress(OSError): os.write(n, bytes([0, 0, 1]))"
    ),
}
SILENT = (
    "nothing = os.open('/dev/null', os.O_WRONLY)\n"
    "for n in range(3, 64):\n    if n != nothing: os.dup2(nothing, n)\n"
    "sum(range(6_000_000))"  # long enough for what came to be told before the next call
)


@pytest.fixture(scope="module")
def prepared(machine: Machine) -> Iterator[Machine]:
    forgeries = {name: (act, "") for name, act in FORGERIES.items()}
    machine.write("escapes", *functions(MEDDLING, BELOW_PYTHON, forgeries, {"silent": (SILENT, "")}))
    yield machine


@pytest.mark.parametrize("name", MEDDLING)
def test_what_watches_goes_on_watching(prepared: Machine, name: str) -> None:
    assert MEDDLING[name][1] in prepared.outcome(f"escapes:{name}")
    prepared.assert_unharmed()


@needs("seccomp")
@pytest.mark.parametrize("name", BELOW_PYTHON)
def test_where_it_was_switched_off_the_kernel_still_watches(prepared: Machine, name: str) -> None:
    assert BELOW_PYTHON[name][1] in prepared.outcome(f"escapes:{name}")
    prepared.assert_unharmed()


@pytest.mark.parametrize("name", FORGERIES)
def test_a_forged_result_is_not_believed(prepared: Machine, name: str) -> None:
    assert (
        prepared.outcome(f"escapes:{name}") == "ended 'killed: it wrote where only the replay writes its results'"
    )
    prepared.assert_unharmed()


def test_what_came_is_told_though_the_call_has_blocked_the_way(prepared: Machine) -> None:
    calls = [prepared.call("escapes:silent", number) for number in range(3)]
    assert [told(one) for one in prepared.replay(*calls)] == ["returned None"] * 3
    prepared.assert_unharmed()


def test_meddling_with_a_call_does_not_change_the_next(prepared: Machine) -> None:
    calls = [prepared.call(f"escapes:{name}") for name in ("reloaded_os", "forgotten_modules", "frame")]
    replayed = prepared.replay(*calls, prepared.call("innocent:harmless"))
    assert told(replayed[-1]) == "returned 'alive'"
