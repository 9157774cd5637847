"""What texts may name: code under test, and nothing else that can do harm."""

from __future__ import annotations

import builtins
import json
import subprocess
import tempfile
import urllib.error

import pytest

from legacy_seam.values import Allow


def test_packages_cover_what_is_in_them() -> None:
    allow = Allow.for_modules("shop", "tools.rates")
    assert allow.permits("shop", "f") and allow.permits("shop.rules.deep", "Class.method")
    assert allow.permits("tools.rates", "f") and allow.permits_module("shop.x")
    assert not allow.permits("shopping", "f") and not allow.permits("tools", "f")


@pytest.mark.parametrize("name", sorted(vars(builtins)))
def test_builtins_are_harmless_or_refused(name: str) -> None:
    dangerous = {
        "eval",
        "exec",
        "compile",
        "open",
        "__import__",
        "input",
        "breakpoint",
        "getattr",
        "setattr",
        "delattr",
    }
    dangerous |= {"globals", "locals", "vars", "exit", "quit", "help", "__build_class__"}
    assert not (name in dangerous and Allow().permits("builtins", name))


@pytest.mark.parametrize("name", ["time:monotonic", "random:choice", "posix:getcwd", "secrets:token_hex"])
def test_functions_that_a_replay_holds_still_are_harmless(name: str) -> None:
    module, _, path = name.partition(":")
    assert Allow().permits(module, path)


@pytest.mark.parametrize("name", ["os:system", "subprocess:run", "sys:exit", "shutil:rmtree", "importlib:reload"])
def test_the_rest_of_the_library_is_refused(name: str) -> None:
    module, _, path = name.partition(":")
    assert not Allow().permits(module, path)
    assert not Allow().permits_module(module)


def test_exceptions_of_the_library_are_harmless_unless_they_hold_something() -> None:
    allow = Allow()
    assert allow.permits_class(json.JSONDecodeError, "json.decoder", "JSONDecodeError")
    assert allow.permits_class(subprocess.CalledProcessError, "subprocess", "CalledProcessError")
    assert not allow.permits_class(urllib.error.HTTPError, "urllib.error", "HTTPError")
    assert not allow.permits_class(tempfile.TemporaryDirectory, "tempfile", "TemporaryDirectory")


def test_nothing_special_of_a_type_is_given_out() -> None:
    assert not Allow().permits("builtins", "type.__subclasses__")
    assert not Allow().permits("builtins", "object.__reduce_ex__")
    assert Allow().permits("builtins", "str.lower")
