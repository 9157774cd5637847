"""What crosses the boundary, by who is called."""

from __future__ import annotations

import datetime
import functools
import getpass
import http.client
import json
import os
import smtplib
import socket
import sqlite3
import subprocess
import urllib.request
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.contrib.auth.hashers import check_password, make_password  # type: ignore[import-untyped]
from werkzeug.security import check_password_hash, generate_password_hash

from legacy_seam.boundary.rules import Rules
from legacy_seam.values.kinds.connections import LARGEST


class Hostile(type):
    def __getattribute__(cls, name: str) -> Any:
        raise AssertionError(f"{name} was asked for")


class Trap(metaclass=Hostile):
    def __getattribute__(self, name: str) -> Any:
        raise AssertionError(f"{name} was asked for")

    def __call__(self) -> None:
        """Can be called."""


class Client(http.client.HTTPConnection):
    pass


@pytest.mark.parametrize(
    ("callee", "asked"),
    [
        (subprocess.run, "subprocess:run"),
        (subprocess.Popen, "subprocess:Popen"),
        (urllib.request.urlopen, "urllib.request:urlopen"),
        (smtplib.SMTP, "smtplib:SMTP"),
        (socket.getaddrinfo, "socket:getaddrinfo"),
        (socket.socket, "socket:socket"),
        (os.system, "posix:system"),
        (os.popen, "os:popen"),
        (input, "builtins:input"),
        (getpass.getpass, "getpass:unix_getpass"),
        (http.client.HTTPConnection("x").request, "http.client:HTTPConnection.request"),
        (Client("x").request, f"{__name__}:Client.request"),
        (check_password_hash, "werkzeug.security:check_password_hash"),
        (check_password, "django.contrib.auth.hashers:check_password"),
    ],
)
def test_what_reaches_out_crosses(callee: Any, asked: str) -> None:
    assert Rules().name_of(callee) == asked


@pytest.mark.parametrize(
    "callee",
    [
        len,
        json.loads,
        "".join,
        [].append,
        datetime.datetime.now,
        urllib.request.Request,
        subprocess.list2cmdline,
        subprocess.CalledProcessError,
        socket.inet_aton,
        http.client.HTTPConnection.__init_subclass__,
        subprocess.Popen.__class_getitem__,
        functools.partial(len),
        generate_password_hash,
        make_password,
        (lambda: None),
        None,
    ],
)
def test_what_only_computes_does_not(callee: Any) -> None:
    assert Rules().name_of(callee) is None


def test_a_callee_is_not_asked_who_it_is() -> None:
    assert Rules().name_of(Trap) is None
    assert Rules().name_of(Trap()) is None


def test_what_the_user_declares_crosses_as_well() -> None:
    rules = Rules(["json:loads", "decimal.*", f"{__name__}:Client.*"])
    assert rules.name_of(json.loads) == "json:loads"
    assert rules.name_of(json.dumps) is None
    assert Rules(["json"]).name_of(json.dumps) == "json:dumps"


def test_methods_of_built_in_data_are_told_apart_by_type_and_name() -> None:
    rules = Rules(["builtins:dict.pop"])
    asked: list[Any] = [[].pop, {}.pop, {}.get]
    for _ in range(2):
        assert [rules.name_of(one) for one in asked] == [None, "builtins:dict.pop", None]
    assert Rules().name_of({}.pop) is None


def test_a_function_of_an_odd_module_is_not_asked_for_its_hash() -> None:
    class Odd(str):
        def __hash__(self) -> int:
            raise AssertionError("asked")

    def function() -> None: ...

    function.__module__ = Odd("shop")
    assert Rules().name_of(function) is None


def test_sqlite_is_asked_where_its_file_is_too_large_to_be_kept(tmp_path: Path) -> None:
    small, large = tmp_path / "small.db", tmp_path / "large ü.db"
    small.write_bytes(b"x")
    large.write_bytes(b"")
    os.truncate(large, LARGEST + 1)
    rules = Rules()
    asked = rules.name_with(sqlite3.connect, [large], {})
    assert asked == rules.name_with(sqlite3.Connection, [], {"database": f"file:{quote(str(large))}?mode=ro"})
    assert asked == rules.may_cross(sqlite3.connect) == "sqlite3:connect"
    assert rules.name_with(sqlite3.connect, [str(small)], {}) is None
    assert rules.name_with(sqlite3.connect, [":memory:"], {}) is None
    assert rules.name_with(sqlite3.connect, ["gone.db"], {}) is None
    assert rules.name_with(sqlite3.connect, [Trap()], {}) is None
    assert rules.name_with(open, [large], {}) is None
    assert rules.name_of(sqlite3.connect) is None
