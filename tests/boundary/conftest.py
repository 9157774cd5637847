"""Functions compiled with call sites that report, and the outside that they ask."""

from __future__ import annotations

import textwrap
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from types import FrameType
from typing import Any

import pytest

from legacy_seam.boundary.answering import Answering
from legacy_seam.boundary.asking import Asking
from legacy_seam.boundary.rules import Rules
from legacy_seam.boundary.transcripts import Transcript
from legacy_seam.calls import Answer
from legacy_seam.replay.compiling import compiled
from legacy_seam.values import Allow, decode


def _line(frame: FrameType | None) -> str:
    while frame is not None and frame.f_code.co_filename != "shop.py":
        frame = frame.f_back
    return "elsewhere" if frame is None else f"shop.py:{frame.f_lineno}"


@dataclass
class Program:
    """One module, compiled twice: as it is when it is recorded, and as it is in a replay."""

    source: str
    declared: tuple[str, ...] = ()
    transcripts: list[Transcript] = field(default_factory=list)
    crossings: list[int] = field(default_factory=list)
    held: dict[int, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        rules = Rules(self.declared)
        text = textwrap.dedent(self.source).encode()
        self.asking = Asking(
            rules,
            lambda frame: self.transcripts,
            self.held,
            _line,
            lambda frame: self.crossings.append(frame.f_lineno),
        )
        self.answering = Answering(rules, _line)
        self.wild: dict[str, Any] = {"__name__": "shop"}
        self.replayed: dict[str, Any] = {"__name__": "shop"}
        exec(compiled(text, "shop.py", self.asking.hooks()), self.wild)
        exec(compiled(text, "shop.py", self.answering.hooks()), self.replayed)

    def record(self, name: str, *arguments: Any) -> tuple[Any, tuple[Answer, ...]]:
        """Call a function as it is when it is recorded; gives what it returned, and what it was answered."""
        transcript = Transcript(Allow.for_modules("shop"), self.held)
        self.transcripts.append(transcript)
        try:
            result = self.wild[name](*arguments)
        finally:
            self.transcripts.remove(transcript)
        assert transcript.is_whole
        assert self.asking.depth == 0
        transcript.close()
        assert not self.held
        return result, transcript.answers()

    def replay(self, answers: tuple[Answer, ...], name: str, *arguments: Any) -> Any:
        """Call it as it is in a replay, with these answers."""
        allow = Allow.for_modules("shop", "subprocess", "http.client", "urllib.error", "psycopg.errors")
        self.answering.begin(answers, lambda text, known: decode(text, allow=allow, known=known))
        return self.replayed[name](*arguments)

    def both(self, name: str, *arguments: Any) -> tuple[Answer, ...]:
        """Record a call, replay it, see that both came to the same; gives what it was answered."""
        result, answers = self.record(name, *arguments)
        assert self.replay(answers, name, *arguments) == result
        assert not self.answering.departures
        return answers


class _Handler(BaseHTTPRequestHandler):
    asked: list[str] = []  # noqa: RUF012

    def do_GET(self) -> None:
        self.asked.append(self.path)
        self.send_response(404 if "missing" in self.path else 200)
        self.end_headers()
        self.wfile.write(b'{"score": 650, "path": "%s"}' % self.path.encode())

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.do_GET()

    def log_message(self, *args: Any) -> None:
        """Be quiet."""


@dataclass
class Bureau:
    """A server on this machine."""

    port: int
    asked: list[str]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def _running() -> Iterator[Bureau]:
    handler: Any = type("Handler", (_Handler,), {"asked": []})
    with HTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield Bureau(server.server_address[1], handler.asked)
        server.shutdown()
        thread.join()


@pytest.fixture
def bureau() -> Iterator[Bureau]:
    with _running() as bureau:
        yield bureau


@pytest.fixture(scope="module")
def bureau_of_module() -> Iterator[Bureau]:
    with _running() as bureau:
        yield bureau


@pytest.fixture
def program_of() -> type[Program]:
    """Makes a `Program` of a source."""
    return Program
