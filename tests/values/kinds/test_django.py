# mypy: disable-error-code="import-untyped, misc"
# ruff: noqa: E402
"""Objects of Django, written down and made again: by name what it has registered, by their content all others."""

from __future__ import annotations

import io
import os
import pickle
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from django_program import settings

assert settings.configured

from django import forms
from django.apps import apps
from django.contrib.auth.models import AnonymousUser, Permission, User
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.backends.db import SessionStore
from django.core.cache import cache
from django.core.handlers.base import BaseHandler
from django.core.management.base import BaseCommand
from django.db.backends.postgresql.base import DatabaseWrapper as PostgresWrapper
from django.db.models import F, Q
from django.db.models.signals import post_save
from django.http import HttpResponse, QueryDict
from django.template import RequestContext
from django.test import RequestFactory
from django.utils.translation import gettext_lazy

from legacy_seam.values import Allow, decode, encode
from legacy_seam.values.kinds import django_caches, django_databases


class Search(forms.Form):
    q = forms.CharField(min_length=2)
    order = forms.ChoiceField(choices=[("a", "A")], required=False)


class Tell(BaseCommand):
    pass


def again(value: object) -> Any:
    return decode(encode(value), allow=Allow.for_modules(__name__))


@pytest.fixture(autouse=True)
def emptied() -> Iterator[None]:
    yield
    cache.clear()


@pytest.mark.parametrize(
    "value",
    [
        User._meta,
        User._meta.get_field("username"),
        Permission._meta.get_field("content_type").remote_field,
        apps.get_app_config("auth"),
        apps,
        settings,
        post_save,
        cache,
    ],
    ids=["options", "field", "relation", "application", "registry", "settings", "signal", "cache"],
)
def test_what_is_registered_is_found_by_its_name(value: object) -> None:
    text = encode(value)
    assert len(text) < 100
    assert decode(text) is value


def test_a_text_for_later_is_made_by_the_same_function() -> None:
    assert encode(gettext_lazy("basic")) == "django.lazy('gettext', 'basic')"
    assert str(again(gettext_lazy("basic"))) == "basic"


def test_an_object_of_a_model_tells_its_fields_and_whether_it_was_saved() -> None:
    loaded = User.from_db("default", ["id", "username"], [3, "ann"])
    assert encode(loaded) == "django.contrib.auth.models:User(id=3, username='ann')"
    made = again(loaded)
    assert (made, made._state.adding, made._state.db) == (loaded, False, "default")
    assert made.get_deferred_fields() == loaded.get_deferred_fields()
    assert again(User(username="bob"))._state.adding is True


def test_a_related_object_that_is_loaded_comes_along() -> None:
    permission = Permission(id=1, content_type=ContentType(id=7, app_label="shop", model="book"))
    made = again(permission)
    assert made.content_type_id == 7
    assert made._state.fields_cache["content_type"].app_label == "shop"


@pytest.mark.parametrize(
    "asked",
    [
        User.objects.all(),
        User.objects.filter(Q(username__startswith="a") | ~Q(groups__name="staff")).order_by("-id")[2:5],
        User.objects.filter(last_login__gt=F("date_joined")).values_list("username", flat=True),
        Permission.objects.select_related("content_type").exclude(codename__in=["a", "b"]).distinct(),
    ],
    ids=["all", "related", "values", "selected"],
)
def test_a_query_asks_the_same_again(asked: Any) -> None:
    made = again(asked)
    assert str(made.query) == str(asked.query)
    assert made._iterable_class is asked._iterable_class
    assert "&1 django.db.models.options" not in encode(asked)


def test_rows_that_were_loaded_stay_loaded() -> None:
    asked = User.objects.filter(id=3)
    asked._result_cache = [User.from_db("default", ["id"], [3])]
    assert [user.pk for user in again(asked)] == [3]


def test_a_request_is_made_of_what_the_browser_sent() -> None:
    request: Any = RequestFactory().post("/login/?next=/a", {"name": "Änn"}, headers={"X-Branch": "north"})
    request.session = SessionStore("k" * 32)
    request.session._session_cache = {"visits": 2}
    request.user = AnonymousUser()
    request.branch = "north"
    made = again(request)
    assert (made.method, made.get_full_path(), made.headers["X-Branch"]) == ("POST", "/login/?next=/a", "north")
    assert made.body == request.body
    assert (made.POST.dict(), made.GET.dict(), made.branch) == ({"name": "Änn"}, {"next": "/a"}, "north")
    assert (made.session["visits"], made.session.session_key) == (2, "k" * 32)
    assert made.user.is_anonymous


def test_the_user_of_a_request_is_looked_up_when_it_is_wanted() -> None:
    from django.contrib.auth.middleware import AuthenticationMiddleware

    request: Any = RequestFactory().get("/")
    request.session = SessionStore()
    AuthenticationMiddleware(HttpResponse).process_request(request)
    assert "user=django.user_of_session()" in encode(request)
    assert again(request).user.is_anonymous
    assert again([request.user, request])[0].is_anonymous


def test_parameters_keep_all_their_texts() -> None:
    assert encode(QueryDict("a=1&a=2&b=")) == "django.query_dict({'a': ['1', '2'], 'b': ['']})"
    assert again(QueryDict("a=1&a=2")).urlencode() == "a=1&a=2"


def test_a_response_tells_status_headers_and_text() -> None:
    response = HttpResponse("<p>\nä</p>", status=201)
    response.set_cookie("last", "x")
    text = encode(response)
    assert "status=201" in text
    assert "'<p>\\nä</p>'" in text
    made = decode(text)
    assert made.content == response.content  # type: ignore[attr-defined]
    assert made.cookies["last"].value == "x"  # type: ignore[attr-defined]


def test_a_form_tells_what_differs_from_a_new_one() -> None:
    form = Search(QueryDict("q=e"))
    assert not form.is_valid()
    assert "CharField" not in encode(form)
    made = again(form)
    assert made.errors == form.errors
    assert str(made) == str(form)
    form.fields["q"].label = "Title"
    assert again(form).fields["q"].label == "Title"
    assert again(Search()).is_bound is False


def test_variables_of_a_template() -> None:
    request: Any = RequestFactory().get("/")
    request.user = AnonymousUser()
    context = RequestContext(request, {"books": [1]})
    context.push(book=2)
    made = again(context)
    assert (made["books"], made["book"], made["user"].is_anonymous, made.request.path) == ([1], 2, True, "/")


def test_a_command_writes_where_it_wrote() -> None:
    stream = io.StringIO()
    made = again([Tell(stdout=stream), stream])
    made[0].stdout.write("a")
    assert made[1].getvalue() == "a\n"
    assert encode(Tell()) == f"{__name__}:Tell()"


def test_a_layer_of_middleware_is_known_by_what_is_below_it() -> None:
    handler: Any = BaseHandler()
    handler.load_middleware()
    outer = handler._middleware_chain
    assert encode(outer) == "django.get_response(2)"
    below = again(outer).__closure__[0].cell_contents
    assert type(below).__name__ == "CommonMiddleware"
    assert encode(below.get_response) == "django.get_response(1)"


def test_a_cache_in_memory_is_told_by_its_values_and_filled_again() -> None:
    cache.set("top", [("Emma", 2)], 60)
    text = encode(django_caches.in_memory())
    assert text.startswith("django.caches(default={':1:top': ([('Emma', 2)], ")
    cache.clear()
    django_caches.put(decode(text))  # type: ignore[arg-type]
    assert cache.get("top") == [("Emma", 2)]


def test_a_database_of_another_server_is_refused_with_what_to_do() -> None:
    wrapper = PostgresWrapper({"NAME": "shop", "OPTIONS": {}})
    wrapper.connection = object()
    text = encode(django_databases.Databases({"default": wrapper}))
    assert "a database of postgresql: only those of SQLite can be put back for a replay; record" in text


def test_a_request_whose_body_a_server_still_has_is_refused_with_what_to_do() -> None:
    request = RequestFactory().post("/orders", {"amount": "12"})
    with Path(os.devnull).open("rb") as stream:
        request.META["wsgi.input"] = stream
        assert "a request whose body comes from a server: drive the program with" in encode(request)


class Stranger:
    made = 0

    def __init__(self) -> None:
        Stranger.made += 1

    def __reduce__(self) -> Any:
        return Stranger, ()


def test_what_would_run_code_when_it_is_read_from_a_cache_is_not_read() -> None:
    cache.set("it", Stranger())
    made = Stranger.made
    assert f"a cache that holds an object of {__name__}.Stranger" in encode(django_caches.in_memory())
    assert Stranger.made == made
    assert pickle.loads(pickle.dumps(Stranger())) is not None
