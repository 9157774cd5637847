"""What was asked outside while recording is answered from there in a replay, and nothing outside is asked again."""

from __future__ import annotations

import asyncio
import sys
import threading
import types
from typing import Any

import pytest

from legacy_seam.boundary.answering import Unanswered


def test_a_command_is_not_run_again(program_of: Any, tmp_path: Any) -> None:
    program = program_of("""
        import subprocess
        def touch(path):
            done = subprocess.run(["touch", path], capture_output=True, text=True)
            return done.returncode, done.stdout
        """)
    path = tmp_path / "touched"
    _, answers = program.record("touch", str(path))
    path.unlink()
    assert program.replay(answers, "touch", str(path)) == (0, "")
    assert not path.exists()
    assert program.answering.asked == [answers[0].question]
    assert program.crossings == [4]


def test_a_conversation_over_http_is_answered(program_of: Any, bureau: Any) -> None:
    program = program_of("""
        import http.client, json
        def score(port, who):
            connection = http.client.HTTPConnection("127.0.0.1", port)
            connection.request("GET", f"/score/{who}", headers={"Accept": "application/json"})
            reply = connection.getresponse()
            if reply.status != 200:
                return None, reply.reason
            found = json.loads(reply.read())
            connection.close()
            return found["score"], found["path"]
        """)
    program.both("score", bureau.port, "A17")
    program.both("score", bureau.port, "missing")
    assert bureau.asked == ["/score/A17", "/score/missing"]


def test_a_reply_that_is_entered_read_and_gone_through(program_of: Any, bureau: Any) -> None:
    program = program_of("""
        import json, urllib.request
        def score(url):
            with urllib.request.urlopen(url, timeout=5) as reply:
                kind = reply.headers["Server"].split("/")[0]
                return json.load(reply), kind, len(list(reply.getheaders()))
        def lines(url):
            request = urllib.request.Request(url, data=b"{}", method="POST")
            with urllib.request.urlopen(request) as reply:
                return [line.decode() for line in reply]
        """)
    program.both("score", bureau.url + "/1")
    program.both("lines", bureau.url + "/2")
    assert len(bureau.asked) == 2


def test_a_pipe_is_read_line_by_line(program_of: Any) -> None:
    program = program_of("""
        import subprocess
        def count():
            with subprocess.Popen(["seq", "3"], stdout=subprocess.PIPE, text=True) as process:
                numbers = []
                for line in process.stdout:
                    numbers.append(int(line))
            return numbers, process.returncode
        """)
    program.both("count")


def test_what_was_raised_is_raised_again(program_of: Any, bureau: Any) -> None:
    program = program_of("""
        import subprocess, urllib.request, urllib.error
        def call(url):
            try:
                urllib.request.urlopen(url + "/missing").read()
            except urllib.error.HTTPError as error:
                return type(error).__name__, error.code, error.filename
        def run(command):
            try:
                return subprocess.check_output(command, text=True)
            except FileNotFoundError as error:
                return error.filename
            except subprocess.CalledProcessError as error:
                return error.returncode, error.cmd
        """)
    program.both("run", ["no-such-command"])
    program.both("run", ["false"])
    program.both("call", bureau.url)


def test_other_arguments_are_answered_in_order_and_told(program_of: Any) -> None:
    program = program_of(
        """
        def fetch_score(who): return {"A16": 1, "A17": 2}[who]
        def both(one, other): return fetch_score(one), fetch_score(other)
        """,
        declared=("shop:fetch_score",),
    )
    answers = program.both("both", "A16", "A17")
    assert program.replay(answers, "both", "A16", "A99") == (1, 2)
    told = "shop.py:3 asked shop:fetch_score('A99') - recorded: shop:fetch_score('A17')"
    assert list(map(str, program.answering.departures)) == [told]
    assert program.answering.asked == ["shop:fetch_score('A16')", "shop:fetch_score('A99')"]
    assert program.replay(answers, "both", "A17", "A16") == (2, 1)
    assert not program.answering.departures


def test_what_was_never_asked_ends_the_call(program_of: Any) -> None:
    program = program_of(
        """
        def fetch(who): return who
        def some(*names):
            try:
                return [fetch(name) for name in names]
            except Exception:
                return "swallowed"
        """,
        declared=("shop:fetch",),
    )
    answers = program.both("some", "A")
    with pytest.raises(Unanswered, match=r"shop.py:5 asked shop:fetch\('B'\) - recorded, and answered already"):
        program.replay(answers, "some", "A", "B")
    with pytest.raises(Unanswered, match="never recorded"):
        program.replay((), "some", "A")


def test_answers_that_are_asked_for_by_answers_are_not_recorded_twice(program_of: Any) -> None:
    program = program_of(
        """
        def inner(x): return x + 1
        def outer(x): return inner(x) * 2
        def use(x): return outer(inner(x))
        """,
        declared=("shop:inner", "shop:outer"),
    )
    answers = program.both("use", 1)
    assert [answer.question for answer in answers] == ["shop:inner(1)", "shop:outer(2)"]


def test_handles_that_are_passed_on_and_given_to_other_code(program_of: Any) -> None:
    program = program_of(
        """
        import csv, io
        class Cursor(io.StringIO):
            pass
        def connect(text): return Cursor(text)
        def rows(cursor): return list(csv.reader(cursor))
        def use(text):
            cursor = connect(text)
            kept = {"cursor": cursor}
            return rows(kept["cursor"]), isinstance(cursor, Cursor), bool(cursor)
        """,
        declared=("shop:connect",),
    )
    result, answers = program.record("use", "a,b\nc,d\n")
    assert result == ([["a", "b"], ["c", "d"]], True, True)
    assert answers


def test_coroutines_are_answered(program_of: Any) -> None:
    program = program_of(
        """
        import asyncio
        async def ask(x):
            await asyncio.sleep(0)
            if x < 0:
                raise LookupError(x)
            return x * 2
        async def use(*numbers):
            found = [await ask(n) for n in numbers]
            return found + list(await asyncio.gather(*(later(n) for n in numbers)))
        async def later(n):
            return await ask(n)
        def run(*numbers):
            return asyncio.run(use(*numbers))
        """,
        declared=("shop:ask",),
    )
    answers = program.both("run", 1, 2)
    assert [answer.form for answer in answers] == ["awaited"] * 4
    assert asyncio.run(program.wild["ask"](1)) == 2


def test_what_an_awaited_question_raised_is_raised_again(program_of: Any) -> None:
    program = program_of(
        """
        import asyncio
        async def ask(x):
            await asyncio.sleep(0)
            raise LookupError(x)
        async def use(x):
            try:
                return await ask(x)
            except LookupError as error:
                return f"nothing: {error}"
        def run(x):
            return asyncio.run(use(x))
        """,
        declared=("shop:ask",),
    )
    (answer,) = program.both("run", 7)
    assert (answer.question, answer.form, answer.text) == ("shop:ask(7)", "raised", "LookupError(7)")


CLIENT = """
import asyncio
class Remote:
    def __init__(self, name): self.name = name
    def __call__(self, *arguments): return self.name, arguments
    def __getattr__(self, inner): return Remote(f"{self.name}.{inner}")
class Client:
    def __init__(self, rows): self.rows = rows
    def fetch(self, key): return self.rows[key]
    get = fetch
    def __getattr__(self, name): return Remote(name)
class Reply:
    def __init__(self, status): self.status = status
class Request:
    def __init__(self, turns): self.turns = turns
    async def __aenter__(self):
        for _ in range(self.turns):
            await asyncio.sleep(0)
        return Reply(self.turns)
    async def __aexit__(self, *error): pass
"""


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> None:
    """A module that lies outside."""
    module = types.ModuleType("client")
    exec(CLIENT, vars(module))
    monkeypatch.setitem(sys.modules, "client", module)


@pytest.mark.usefixtures("client")
def test_a_method_is_asked_by_the_name_by_which_it_is_called(program_of: Any) -> None:
    program = program_of(
        """
        from client import Client
        def use(rows):
            client = Client(rows)
            fetch, get = client.fetch, client.get
            return client.get("a"), fetch("b"), get("c"), client.stock(3), client.system.methods(4)
        """,
        declared=("client:*",),
    )
    answers = program.both("use", {"a": 1, "b": 2, "c": 3})
    assert [answer.question for answer in answers[1:]] == [
        "Client_1.get('a')",
        "Client_1.fetch('b')",
        "Client_1.fetch('c')",
        "Client_1.stock(3)",
        "Client_1.system",
        "Remote_1.methods(4)",
    ]


@pytest.mark.usefixtures("client")
def test_others_of_the_loop_go_on_while_a_context_is_entered(program_of: Any) -> None:
    program = program_of(
        """
        import asyncio
        from client import Request
        async def fetch(turns):
            async with Request(turns) as reply:
                return reply.status
        async def all_of(turns):
            return await asyncio.gather(*map(fetch, turns))
        def run(*turns):
            return asyncio.run(all_of(turns))
        """,
        declared=("client:*",),
    )
    program.both("run", 3, 1, 2)


def test_threads_have_questions_of_their_own(program_of: Any) -> None:
    program = program_of(
        """
        import time
        def ask(x):
            time.sleep(0.001)
            return x
        def use(x):
            return [ask(ask(x)) for _ in range(5)]
        """,
        declared=("shop:ask",),
    )
    program.transcripts.clear()
    results: dict[int, list[int]] = {}
    threads = [threading.Thread(target=lambda n=n: results.update({n: program.wild["use"](n)})) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == {n: [n] * 5 for n in range(4)}


def test_types_that_lie_outside_are_stood_in_for(program_of: Any) -> None:
    program = program_of("def send(client, x): return client.request(x)\n")
    program.answering.begin(())
    client = program.answering.stand_in("http.client:HTTPConnection")
    with pytest.raises(Unanswered, match=r"asked http.client:HTTPConnection.request\(5\) - never recorded"):
        program.replayed["send"](client, 5)
    assert program.answering.stand_in("decimal:Decimal") is None
