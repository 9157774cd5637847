"""A recorded program cannot tell that it is recorded, and neither can whoever started it."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
import zipfile
from typing import Any

import pytest

from legacy_seam.record.launcher import Settings, command

WORK = "def work(n):\n    return n + 1\n"

PROGRAMS: dict[str, str] = {
    "surroundings": """
        import os, sys
        def show(name):
            print(name, repr(eval(name)))
        if __name__ == "__main__":
            for name in ("__name__", "__file__", "__package__", "__spec__", "__doc__", "__cached__", "__builtins__",
                         "sys.argv", "sys.path", "sys.orig_argv", "os.getcwd()", "sys.flags", "sys.warnoptions",
                         "sorted(globals())", "list(globals())", "__loader__.name, __loader__.path",
                         "sys.modules['__main__'].__dict__ is globals()", "sys.getrecursionlimit()",
                         "__annotations__ if '__annotations__' in globals() else None"):
                show(name)
    """,
    "exit with a number": "import sys\ndef f(): sys.exit(7)\nf()\n",
    "exit with a message": "import sys\ndef f(): sys.exit('no more')\nf()\n",
    "exit with nothing": "def f(): raise SystemExit\nf()\n",
    "exit with an odd thing": "import sys\nsys.exit([1, 2])\n",
    "exit at once": "import os\ndef f():\n    os.write(1, b'bye')\n    os._exit(9)\nf()\n",
    "uncaught": """
        import json
        def parse(text):
            try:
                return json.loads(text)
            except ValueError as error:
                raise RuntimeError("cannot read " + repr(text)) from error
        def main():
            return [parse(t) for t in ("1", "{")]
        main()
    """,
    "uncaught with notes and groups": """
        def f():
            error = ExceptionGroup("two", [KeyError("a"), ValueError("b")])
            error.add_note("a note")
            raise error
        f()
    """,
    "own excepthook": """
        import sys, traceback
        def hook(kind, value, tb):
            print("hook", kind, value, [f.name for f in traceback.extract_tb(tb)])
        sys.excepthook = hook
        def f(): raise KeyError(1)
        f()
    """,
    "failing excepthook": """
        import sys
        def hook(*a): raise OSError("hook failed")
        sys.excepthook = hook
        def f(): raise KeyError(1)
        f()
    """,
    "interrupted": "def f(): raise KeyboardInterrupt\nf()\n",
    "syntax error": "def f(:\n    pass\n",
    "null byte": "x = 1\0\n",
    "syntax warning": "def f(x):\n    return x is 1\nprint(f(1))\n",
    "invalid escape": "print('\\\\d')\n",
    "atexit order": """
        import atexit
        def say(what): print("exit", what)
        atexit.register(say, 1)
        atexit.register(say, 2)
        print("end")
    """,
    "threads outliving main": """
        import threading, time
        def work():
            time.sleep(0.1)
            print("thread done")
        threading.Thread(target=work).start()
        print("main done")
    """,
    "failing thread": """
        import threading
        def work(): raise ValueError("in thread")
        t = threading.Thread(target=work, name="T"); t.start(); t.join()
    """,
    "input": "import sys\ndef f(): return input(), sys.stdin.read()\nprint(f())\n",
    "warning to the caller": """
        import warnings
        def old(): warnings.warn("old", UserWarning, stacklevel=2)
        def older(): warnings.warn("older", UserWarning, stacklevel=3)
        old()
        older()
        warnings.warn("oldest", UserWarning, stacklevel=2)
    """,
    "once per place": """
        import warnings
        def f(): warnings.warn("again", DeprecationWarning)
        for i in range(3): f()
        import helper
        for i in range(3): f()
    """,
    "recursion": """
        def down(n): return 0 if n == 0 else 1 + down(n - 1)
        print(down(900))
        def mutual(n): return n if n <= 0 else other(n - 1)
        def other(n): return mutual(n - 1)
        print(mutual(900))
        try: down(10**6)
        except RecursionError as error: print(error)
    """,
    "pickles its own": """
        import pickle
        class Row:
            def __init__(self, x): self.x = x
            def __eq__(self, o): return self.x == o.x
        def f(): return 1
        print(pickle.loads(pickle.dumps(Row(1))) == Row(1), pickle.loads(pickle.dumps(f)) is f)
        print(pickle.dumps(Row(2)))
    """,
    "inspects itself": """
        import inspect, sys
        def f(a, b=2):
            "Its docstring."
            return sys._getframe().f_code.co_name, sorted(locals())
        print(inspect.getsource(f), inspect.signature(f), f.__doc__, f(1), inspect.getfile(f))
        def g():
            return [frame.function for frame in inspect.stack()][:2]
        print(g(), f.__code__.co_varnames, f.__module__, f.__qualname__)
        print(hash(f.__code__) == hash(f.__code__), f.__code__ == f.__code__)
    """,
    "random is left alone": "import random\nrandom.seed(4)\ndef f(): return random.random()\nprint(f(), f())\n",
    "profiled": """
        import cProfile, pstats, io
        def f(n): return sum(range(n))
        p = cProfile.Profile(); p.enable(); f(10); f(20); p.disable()
        out = io.StringIO(); pstats.Stats(p, stream=out).print_stats("f$")
        print("2    0.000" in out.getvalue())
    """,
    "runs others": """
        import runpy, sys, subprocess
        print(runpy.run_path("helper.py")["work"](1), runpy.run_module("helper")["work"](2))
        print(subprocess.run([sys.executable, "-c", "import sys; print(sys.argv, sys.path[0] == '')"],
              capture_output=True, text=True).stdout)
    """,
    "imports with an error": "def f():\n    import broken\nf()\n",
    "imports with a syntax error": "def f():\n    import malformed\nf()\n",
    "reloads": "import helper, importlib\nprint(helper.work(1), importlib.reload(helper).work(2))\n",
    "multiprocessing": """
        import multiprocessing
        def square(n): return n * n
        if __name__ == "__main__":
            for method in ("fork", "spawn"):
                with multiprocessing.get_context(method).Pool(2) as pool:
                    print(pool.map(square, [1, 2, 3]))
    """,
    "asyncio": """
        import asyncio
        async def tick(n):
            await asyncio.sleep(0)
            return n
        async def main(): return await asyncio.gather(tick(1), tick(2))
        print(asyncio.run(main()))
    """,
    "exception state": """
        import sys
        def f(): return sys.exc_info()
        def g():
            try: 1 / 0
            except ZeroDivisionError: return f()[0], sys.exc_info()[0]
        print(f(), g(), f())
        def h():
            try: raise KeyError
            except KeyError: pass
            raise ValueError
        try: h()
        except ValueError as error: print(error.__context__)
    """,
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_recorded_script_behaves_as_ever(project: Any, name: str) -> None:
    project.write(
        program=PROGRAMS[name],
        helper=WORK,
        broken="def f():\n    return missing\nf()\n",
        malformed="def f(:\n",
    )
    project.both("program.py", "one", "--two", input="line\nrest\n")


def test_functions_of_the_script_are_recorded_under_its_name(project: Any) -> None:
    project.write(
        collect="""
        LIMITS = {"low": 1}
        class Row:
            def __init__(self, x): self.x = x
        def take(row): return row.x + LIMITS["low"]
        if __name__ == "__main__":
            LIMITS["low"] = 5
            print(take(Row(3)))
        """
    )
    _, recorded = project.both("collect.py")
    call = recorded.of("collect:take")[0]
    assert call.arguments == {"row": "collect:Row(x=3)"}
    assert call.state == {"collect:LIMITS": "{'low': 5}"}
    assert recorded.run.main == ("collect", "collect.py")
    assert recorded.run.command == ("collect.py",)
    assert recorded.run.search_path == (".",)


@pytest.mark.parametrize("program", [("-m", "pack.tool"), ("-m", "pack"), ("-m", "single")])
def test_modules_run_with_dash_m(project: Any, program: tuple[str, str]) -> None:
    body = """
        import sys, inspect
        def f(x): return x * 2
        class K: pass
        def g(k): return k
        if __name__ == "__main__":
            print(f(4), g(K()).__class__.__module__, sys.argv[1:], sys.argv[0][-8:])
            print(__name__, __spec__.name, __package__)
            print(sys.path[0], inspect.getsource(f))
    """
    project.write(pack__init="", pack__tool=body, pack__main=body, single=body)
    _, recorded = project.both(*program, "a")
    module = "pack.__main__" if program[1] == "pack" else program[1]
    assert recorded.inputs(f"{module}:f") == [{"x": "4"}]
    assert recorded.inputs(f"{module}:g") == [{"k": f"{module}:K()"}]
    assert recorded.run.main == (module, module.replace(".", "/") + ".py")


def test_a_package_that_is_run_is_imported_first_and_is_no_script(project: Any) -> None:
    project.write(
        pack__init="import os\nNAMES = ['a']\n",
        pack__main="""
        from . import NAMES
        class Shop:
            def __init__(self, name): self.name = name
        SHOPS = [Shop(name) for name in NAMES]
        def first(): return SHOPS[0].name
        print(first())
        """,
    )
    _, recorded = project.both("-m", "pack")
    (call,) = recorded.of("pack.__main__:first")
    assert call.state == {"pack.__main__:SHOPS": "[pack.__main__:Shop(name='a')]"}
    assert recorded.run.main == ("pack.__main__", "pack/__main__.py")


def test_the_init_of_a_package_can_be_run_as_a_script(project: Any) -> None:
    project.write(pack__init="RATES = [3]\nRATES.append(4)\ndef last(): return RATES[-1]\nprint(last())\n")
    _, recorded = project.both("pack/__init__.py")
    (call,) = recorded.of("__init__:last")
    assert call.state == {"__init__:RATES": "[3, 4]"}


def test_a_module_that_fails_with_dash_m(project: Any) -> None:
    project.write(tool="def f(): raise ValueError(1)\nf()\n", bad="import sys\nsys.exit(4)\n")
    project.both("-m", "tool")
    project.both("-m", "bad")
    project.both("-m", "no_such_module")
    project.both("-m", "no_package.module")


def test_code_directories_and_archives(project: Any) -> None:
    project.write(app__main="import inner\nprint(__name__, inner.f(3))\n", app__inner="def f(x): return x\n")
    with zipfile.ZipFile(project.directory / "app.zip", "w") as archive:
        archive.writestr("__main__.py", "import sys\nprint(__name__, sys.argv, sys.path[0][-7:])\n")
    project.both("-c", "import sys; print(sys.argv, repr(sys.path[0]), __name__)", "a")
    project.both("-c", "1/0")
    project.both("app.zip", "b")
    _, recorded = project.both("app", "c")
    assert recorded.inputs("inner:f") == [{"x": "3"}]


def test_no_such_script(project: Any) -> None:
    plain, recorded = project.plain("missing.py"), project.record("missing.py")
    assert recorded.returncode == plain.returncode == 2
    assert recorded.stderr == plain.stderr


def test_a_store_that_cannot_be_made(project: Any) -> None:
    project.write(program="print(1)\n")
    project.store.write_text("in the way")
    recorded = project.record("program.py")
    assert recorded.returncode == 2
    assert recorded.stderr.count("\n") == 1 and str(project.store) in recorded.stderr


def test_scripts_elsewhere_and_links(project: Any) -> None:
    project.write(bin__tool="import sys, helper\nprint(sys.path[0], __file__, helper.work(1))\n", bin__helper=WORK)
    (project.directory / "link.py").symlink_to(project.directory / "bin/tool.py")
    _, recorded = project.both("link.py")
    assert recorded.inputs("helper:work") == [{"n": "1"}]
    project.both(str(project.directory / "bin/tool.py"), cwd=project.directory.parent)


def test_modules_beside_the_script_go_before_those_of_the_library(project: Any) -> None:
    project.write(
        program="""
        import dataclasses, json, calendar, contextlib
        print(dataclasses.mine(), json.mine(), calendar.mine())
        """,
        dataclasses="def mine(): return 1\n",
        json__init="def mine(): return 2\n",
        calendar="def mine(): return 3\n",
    )
    _, recorded = project.both("program.py")
    assert {"dataclasses:mine", "json:mine", "calendar:mine"} <= recorded.counts.keys()


def test_flags_of_the_interpreter(project: Any) -> None:
    project.write(
        program="""
        import sys
        def f():
            "doc"
            assert False
        print(f(), f.__doc__, sys.flags, sys.warnoptions)
        """
    )
    project.both("program.py", flags=["-OO", "-W", "error", "-B", "-u"])


def test_interrupt_from_outside_keeps_what_was_recorded(project: Any) -> None:
    project.write(
        program="""
        import time
        def step(n): return n
        def main():
            step(1)
            print("ready", flush=True)
            time.sleep(60)
        main()
        """
    )
    for send in (signal.SIGINT, signal.SIGKILL, signal.SIGTERM):
        process = subprocess.Popen(
            project.command("program.py"),
            cwd=project.directory,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert process.stdout is not None and process.stderr is not None
        assert process.stdout.readline() == "ready\n"
        process.send_signal(send)
        printed = process.stderr.read()
        process.stdout.close()
        process.stderr.close()
        assert process.wait() == -send
        assert "legacy_seam" not in printed
        assert project.recorded().inputs("program:step")[-1] == {"n": "1"}


def test_command_is_made_of_settings_and_program() -> None:
    argv = command(Settings(targets=("shop.rules",)), ["-m", "shop", "--all"])
    assert argv[0] == sys.executable
    assert argv[-4:] == ["--", "-m", "shop", "--all"]
    assert '"shop.rules"' in argv[-5]


def test_byte_code_on_disk_is_that_of_the_source(project: Any) -> None:
    project.write(program="import helper\nprint(helper.work(1))\n", helper="def work(n):\n    return n is 1\n")
    settings = {"env": {"PYTHONDONTWRITEBYTECODE": ""}}
    first = project.record("program.py", **settings)
    assert "SyntaxWarning" in first.stderr
    caches = list(project.directory.rglob("*.pyc"))
    assert [cache.name.split(".")[0] for cache in caches] == ["helper"]
    content = caches[0].read_bytes()
    time.sleep(0.01)
    second = project.record("program.py", **settings)
    assert second.stderr == project.plain("program.py", **settings).stderr == ""
    assert caches[0].read_bytes() == content
    for cache in caches:
        cache.unlink()
    assert project.plain("program.py", **settings).stderr == first.stderr
    assert caches[0].read_bytes()[16:] == content[16:]
    assert len(project.recorded().of("helper:work")) == 2
