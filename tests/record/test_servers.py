"""Programs that run long, many at once, on full disks, and end by being killed."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import textwrap
import threading
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from legacy_seam.record.session import Recorder
from legacy_seam.store.recordings import Recordings

SERVER = """
    import socketserver, threading
    from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server
    import rules
    class Server(socketserver.ThreadingMixIn, WSGIServer):
        daemon_threads = True
    class Quiet(WSGIRequestHandler):
        def log_message(self, *words): pass
    def application(environ, start_response):
        body = str(rules.score(int(environ["QUERY_STRING"]))).encode()
        start_response("200 OK", [("Content-Length", str(len(body)))])
        return [body]
    def serve():
        server = make_server("127.0.0.1", 0, application, server_class=Server, handler_class=Quiet)
        print(server.server_port, flush=True)
        server.serve_forever()
    serve()
"""
RULES = "SEEN = []\ndef score(n):\n    SEEN.append(n)\n    return n * 2\n"


def started(project: Any, *program: str) -> subprocess.Popen[str]:
    env = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "COV"))}
    return subprocess.Popen(
        project.command(*program),
        cwd=project.directory,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def ask(port: int, numbers: range, answers: list[int]) -> None:
    for number in numbers:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/?{number}", timeout=30) as response:
            answers.append(int(response.read()))


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_a_server_under_threads(project: Any, end: signal.Signals) -> None:
    project.write(server=SERVER, rules=RULES)
    server = started(project, "server.py")
    assert server.stdout is not None
    port, answers = int(server.stdout.readline()), list[int]()
    clients = [threading.Thread(target=ask, args=(port, range(n, n + 10), answers)) for n in range(0, 60, 10)]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    server.send_signal(end)
    server.communicate()
    assert server.returncode == -end
    assert sorted(answers) == [number * 2 for number in range(60)]
    recordings = Recordings(project.store)
    recordings.fold()
    counts = {str(target): count for target, count in recordings.counts().items()}
    targets = {str(target): target for target in recordings.targets()}
    stored = {call.arguments["n"] for call in recordings.calls(targets["rules:score"])}
    count = counts["rules:score"]
    assert stored and stored <= {str(number) for number in range(60)}
    assert len(stored) == count.kept <= count.seen <= 60
    if end == signal.SIGINT:  # the others give no time for a last word
        assert count.seen == counts["server:application"].seen == 60


def test_programs_that_are_killed_eight_at_a_time_leave_what_they_had_done(project: Any) -> None:
    project.write(
        program="""
        import os, sys
        def work(who, n): return n
        for n in range(90):
            os.write(1, b"%d\\n" % work(sys.argv[1], n))
        while True:
            work(sys.argv[1], 0)
        """
    )
    chance, begun = random.Random(3), set[tuple[str, str]]()
    for round_ in range(3):
        programs = [started(project, "program.py", f"{round_}-{number}") for number in range(8)]
        for number, program in enumerate(programs):
            assert program.stdout is not None
            printed = [program.stdout.readline() for _ in range(chance.randrange(1, 60))]
            program.kill()
            program.communicate()
            assert program.returncode == -signal.SIGKILL
            assert printed[0] == "0\n"
            begun.add((f"'{round_}-{number}'", "0"))
        assert all(damage.torn for damage in Recordings(project.store).fold().damages)
    recordings = Recordings(project.store)
    (target,) = recordings.targets()
    stored = {(call.arguments["who"], call.arguments["n"]) for call in recordings.calls(target)}
    assert len(begun) == 24
    assert begun <= stored
    assert recordings.counts()[target].seen >= len(stored)
    assert len(recordings.runs()) == 24


def test_a_full_disk_changes_nothing_but_the_ledger(project: Any) -> None:
    project.write(
        program="""
        import resource, signal
        def work(n): return "x" * n
        def limit(size): resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
        def main():
            for n in range(5): print(work(n))
            limit(4096)
            for n in range(5, 60): print(work(n))
            limit(resource.RLIM_INFINITY)
            for n in range(60, 65): print(work(n))
        main()
        """
    )
    plain, recorded = project.plain("program.py"), project.record("program.py")
    assert (recorded.returncode, recorded.stdout, recorded.stderr) == (0, plain.stdout, "")
    recordings = Recordings(project.store)
    damages = recordings.fold().damages
    assert len(damages) == 1  # the frame that the disk had no room for: the beginning of it
    counts = {str(target): count for target, count in recordings.counts().items()}
    count = counts["program:work"]
    (target,) = (target for target in recordings.targets() if target.qualname == "work")
    kept = {int(call.arguments["n"]) for call in recordings.calls(target)}
    assert count.seen == 65
    assert 0 < count.failed < 55
    assert count.kept == len(kept)
    assert 0 in kept
    assert any("File too large" in why for why in count.why)


def test_two_recordings_into_one_store_at_once(project: Any) -> None:
    project.write(
        program="""
        import sys
        def work(n): return n
        print("ready", flush=True)
        for line in sys.stdin:
            work(int(line))
            print("done", flush=True)
        """
    )
    command = project.command("program.py")
    programs = [
        subprocess.Popen(command, cwd=project.directory, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    recordings = Recordings(project.store)
    for number in range(10):
        for program in programs:
            assert program.stdin is not None and program.stdout is not None
            program.stdin.write(f"{number}\n")
            program.stdin.flush()
            program.stdout.readline()
        recordings.fold()
    for program in programs:
        program.communicate()
    recordings.fold()
    recordings.fold()
    (target,) = recordings.targets()
    count = recordings.counts()[target]
    assert count.seen == 20
    assert count.kept == sum(recordings.seen(target).values()) >= 2
    assert "0" in [call.arguments["n"] for call in recordings.calls(target)]


def test_counts_are_written_when_nobody_looks_at_a_call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "server_rules.py").write_text("def f(n): return n\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    with Recorder(tmp_path / "store", sources=[tmp_path]) as recorder:
        import server_rules  # type: ignore[import-not-found]

        for _ in range(1000):
            server_rules.f(1)
        recorder._capture._counting._due = 0.0
        for _ in range(1000):
            server_rules.f(1)
        recordings = Recordings(tmp_path / "store")
        recordings.fold()
        (count,) = recordings.counts().values()
        assert count.seen >= 1000
    sys.modules.pop("server_rules")


def test_a_flask_application(project: Any) -> None:
    project.write(
        rules=RULES,
        app=textwrap.dedent(
            """
            import flask, rules
            app = flask.Flask(__name__)
            @app.route("/<int:n>")
            def show(n): return str(rules.score(n))
            with app.test_client() as client:
                print([client.get(f"/{n}").text for n in range(5)])
            """
        ),
    )
    _, recorded = project.both("app.py")
    assert recorded.counts["rules:score"].seen == 5


def test_a_function_that_makes_the_application_is_noted_as_the_last_import(project: Any) -> None:
    project.write(
        shop=textwrap.dedent(
            """
            from flask import Flask, current_app
            def create_app(title="shop"):
                app = Flask(__name__)
                app.add_url_rule("/", "show", show)
                return app
            def show(): return current_app.name
            """
        ),
        drive="import shop\nprint(shop.create_app('mine').test_client().get('/').text)",
    )
    project.record("drive.py")
    recorded = project.recorded()
    (shown,) = recorded.of("shop:show")
    assert "flask.app('shop:create_app()'" in shown.state["flask:context"]
    assert recorded.runs[-1].imports[-2:] == ("shop", "shop:create_app()")
