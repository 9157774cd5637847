# mypy: disable-error-code="import-untyped, misc"
# ruff: noqa: E402
"""What databases of Django hold is noted for a call that asks one, before it does, and for no other."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import django_program
from legacy_seam.store.blobs import Blobs
from legacy_seam.values.kinds import django_caches, django_databases
from legacy_seam.world.django_setup import VARIABLE, told_in
from legacy_seam.world.django_use import PLACE
from legacy_seam.world.files import FileObserver

assert django_program.settings.configured

from django.contrib.auth.models import Group
from django.db import connection, transaction
from django.utils.functional import empty


@pytest.fixture
def observer(tmp_path: Path) -> Iterator[FileObserver]:
    with connection.schema_editor() as editor:
        editor.create_model(Group)
    Group.objects.create(name="staff")
    observer = FileObserver(Blobs(tmp_path / "blobs"), tmp_path)
    observer.start()
    yield observer
    observer.stop()
    connection.connection.close()  # Django itself keeps databases in memory open
    connection.connection = None


def noted(observer: FileObserver, act: Any) -> tuple[dict[str, str], list[str]]:
    """What is noted for a call that does this: places, and names of files."""
    collector = observer.collector()
    collector.push()
    act()
    collector.pop()
    return collector.noted, [state.path for state in collector.states()]


def test_who_asks_a_database_finds_what_it_held(observer: FileObserver, tmp_path: Path) -> None:
    collector = observer.collector()
    collector.push()
    Group.objects.create(name="guests")
    collector.pop()
    assert collector.noted == {PLACE: "django.databases(default=django.database(':memory:'))"}
    (state,) = collector.states()
    assert state.digest is not None
    with closing(sqlite3.connect(":memory:")) as kept:
        kept.deserialize(Blobs(tmp_path / "blobs").get(state.digest))
        assert kept.execute("SELECT name FROM auth_group").fetchall() == [("staff",)]


def test_who_asks_none_has_none(observer: FileObserver) -> None:
    assert noted(observer, lambda: str(Group(name="a"))) == ({}, [])


def test_a_transaction_is_told(observer: FileObserver) -> None:
    with transaction.atomic():
        places, _ = noted(observer, Group.objects.count)
    assert places[PLACE] == (
        "django.databases(default=django.database(':memory:', in_transaction=True, atomic=True))"
    )


def test_nobody_is_told_once_it_is_over(observer: FileObserver) -> None:
    observer.stop()
    assert noted(observer, Group.objects.count) == ({}, [])


def test_the_settings_in_use_are_told_whoever_named_them(monkeypatch: pytest.MonkeyPatch) -> None:
    inner = SimpleNamespace(SETTINGS_MODULE="shop.settings")
    monkeypatch.setattr(django_program.settings, "_wrapped", SimpleNamespace(default_settings=inner))
    assert told_in({"HOME": "/", VARIABLE: None}) == {"HOME": "/", VARIABLE: "shop.settings"}


def test_nothing_is_told_of_settings_that_are_not_known() -> None:
    assert told_in({VARIABLE: None}) == {}
    assert told_in({VARIABLE: "shop.settings"}) == {VARIABLE: "shop.settings"}


def test_a_program_may_have_loaded_django_and_not_told_it_anything(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(django_program.settings, "_wrapped", empty)
    assert django_databases.opened() is None
    django_databases.put(None)
    assert django_caches.in_memory().entries == {}
