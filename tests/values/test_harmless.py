"""What of the standard library programs hand from function to function is made again, not refused."""

from __future__ import annotations

import cmd
import codecs
import contextlib
import datetime
import email.mime.base
import email.parser
import filecmp
import http
import http.cookiejar
import io
import json
import logging
import logging.handlers
import mimetypes
import os
import pwd
import reprlib
import sched
import signal
import sqlite3
import time
import traceback
import wsgiref.headers
from typing import Any

import pytest

from legacy_seam.values import NotAllowed, decode, encode

THINGS: dict[str, Any] = {
    "a shell of commands": cmd.Cmd(stdin=io.StringIO(), stdout=io.StringIO()),
    "a reader and writer of codecs": codecs.lookup("latin-1").incrementaldecoder("strict"),
    "what closes something": contextlib.closing(io.StringIO("x")),
    "a week": datetime.date(2021, 1, 3).isocalendar(),
    "a part of a mail": email.mime.base.MIMEBase("application", "pdf"),
    "a parser of mails": email.parser.Parser(),
    "a comparison of directories": filecmp.dircmp("a", "b"),
    "a status of HTTP": http.HTTPStatus.NOT_FOUND,
    "cookies": http.cookiejar.CookieJar(),
    "a handler of logging": logging.handlers.MemoryHandler(3, target=logging.NullHandler()),
    "types of media": mimetypes.MimeTypes(),
    "times of a process": os.times(),
    "the machine": os.uname(),
    "a user": pwd.getpwuid(os.getuid()),
    "a short form": reprlib.Repr(),
    "a schedule": sched.scheduler(time.monotonic, time.sleep),
    "a signal": signal.SIGTERM,
    "a traceback in words": traceback.TracebackException(ValueError, ValueError("x"), None),
    "headers": wsgiref.headers.Headers([("A", "b")]),
}


@pytest.mark.parametrize("thing", list(THINGS.values()), ids=list(THINGS))
def test_it_is_made_again(thing: Any) -> None:
    text = encode(thing)
    made: Any = decode(text)
    assert type(made) is type(thing)
    assert encode(made) == text


def test_a_module_that_is_carried_along_is_the_module_itself() -> None:
    assert decode(encode({"driver": sqlite3.dbapi2, "format": json})) == {"driver": sqlite3.dbapi2, "format": json}
    with pytest.raises(NotAllowed, match="os"):
        decode(encode(os))


def test_a_week_is_told_by_its_numbers() -> None:
    week = datetime.date(2021, 1, 3).isocalendar()
    assert encode(week) == "IsoCalendarDate(2020, 53, 7)"
    made: Any = decode(encode(week))
    assert (made.year, made.week, made.weekday) == (2020, 53, 7)
