"""Each way out that is known without being declared: asked once, answered when nobody is there any more."""

from __future__ import annotations

import io
import socketserver
import threading
from collections.abc import Iterator
from typing import Any

import pytest


class _Ftp(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        self.wfile.write(b"220 ready\r\n")
        replies = {
            b"USER": b"331 password",
            b"PASS": b"230 in",
            b"PWD": b'257 "/out"',
            b"SIZE": b"213 12",
            b"QUIT": b"221 bye",
        }
        for line in self.rfile:
            self.wfile.write(replies.get(line[:4].strip().upper(), b"200 ok") + b"\r\n")


@pytest.fixture
def ftp() -> Iterator[int]:
    with socketserver.TCPServer(("127.0.0.1", 0), _Ftp) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server.server_address[1]
        server.shutdown()
        thread.join()


def test_ftplib(program_of: Any, ftp: int) -> None:
    program = program_of("""
        import ftplib
        def size(port):
            server = ftplib.FTP()
            server.connect("127.0.0.1", port)
            server.login("ann", "secret")
            found = server.pwd(), server.size("a.csv")
            server.quit()
            return found
        """)
    answers = program.both("size", ftp)
    assert [answer.question.partition("(")[0] for answer in answers] == [
        "ftplib:FTP",
        *(f"FTP_1.{method}" for method in ("connect", "login", "pwd", "size", "quit")),
    ]


def test_looking_up_a_name(program_of: Any) -> None:
    program = program_of("""
        import socket
        def look(name):
            return [found[4] for found in socket.getaddrinfo(name, 80, type=socket.SOCK_STREAM)]
        """)
    (first, *_) = program.both("look", "127.0.0.1")
    assert first.question.startswith("_socket:getaddrinfo(") or first.question.startswith("socket:getaddrinfo(")


def test_a_person_who_answers(program_of: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    program = program_of("""
        def ask():
            return input("who? ") + "!"
        """)
    monkeypatch.setattr("sys.stdin", io.StringIO("Ann\n"))
    _, answers = program.record("ask")
    assert [answer.question for answer in answers] == ["builtins:input('who? ')"]
    assert program.replay(answers, "ask") == "Ann!"


def test_a_password(program_of: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    program = program_of("""
        import getpass
        def ask():
            return len(getpass.getpass("key: "))
        """)
    monkeypatch.setattr("getpass._raw_input", lambda prompt, *stream, **more: "hush")
    monkeypatch.setattr("os.open", lambda *given: (_ for _ in ()).throw(OSError("no terminal")))
    monkeypatch.setattr("sys.stdin", io.StringIO())
    with pytest.warns(Warning, match="echo"):
        _, answers = program.record("ask")
    assert program.replay(answers, "ask") == 4


def test_whether_a_password_fits_to_its_hash(program_of: Any) -> None:
    program = program_of("""
        from werkzeug.security import check_password_hash, generate_password_hash
        kept = {"ann": generate_password_hash("hush", method="pbkdf2:sha256:1")}
        def enter(name, password):
            return check_password_hash(kept[name], password)
        def hashed():
            return kept["ann"]
        """)
    known, _ = program.record("hashed")
    found, answers = program.record("enter", "ann", "hush")
    assert found is True
    assert answers[0].question.startswith("werkzeug.security:check_password_hash(")
    assert known in answers[0].question
    _, refused = program.record("enter", "ann", "wrong")
    assert program.replay(answers, "enter", "ann", "hush") is True
    assert program.replay(refused, "enter", "ann", "wrong") is False


@pytest.mark.parametrize("library", ["requests", "httpx"])
def test_libraries_for_http(program_of: Any, bureau: Any, library: str) -> None:
    program = program_of(f"""
        import {library} as library
        def score(url):
            reply = library.get(url, timeout=5)
            return reply.status_code, reply.json()["score"]
        """)
    program.both("score", bureau.url + "/1")
    assert bureau.asked == ["/1"]


def test_a_lambda_that_fails_leaves_no_question_open(program_of: Any, bureau: Any) -> None:
    program = program_of("""
        import urllib.request
        def grade(url):
            ask = lambda path: urllib.request.urlopen(url + path).status
            found = []
            for path in ("/missing", "/1"):
                try:
                    found.append(ask(path))
                except OSError as error:
                    found.append(error.code)
            return found, urllib.request.urlopen(url + "/2").status
        """)
    result, answers = program.record("grade", bureau.url)
    assert result == ([404, 200], 200)
    assert "urlopen" in answers[-2].question


def test_a_command_that_is_read_where_it_is_started(program_of: Any) -> None:
    program = program_of("""
        import os
        def listed():
            pipe = os.popen("echo a; echo b")
            found = pipe.read().split()
            pipe.close()
            return found
        """)
    program.both("listed")


def test_what_comes_in_a_tuple_is_answered_part_by_part(program_of: Any) -> None:
    program = program_of("""
        import socket
        def talk():
            one, other = socket.socketpair()
            with one, other:
                one.sendall(b"abc")
                return other.recv(3)
        """)
    program.both("talk")
