"""A program of Django is recorded as it runs, pinned, and verified, without a line of it being changed."""

from __future__ import annotations

import re
from pathlib import Path

from shop_project import edit, run_seam

SETTINGS = """
SECRET_KEY = "dev"
USE_TZ = True
ROOT_URLCONF = "shop.urls"
INSTALLED_APPS = ["django.contrib.contenttypes", "django.contrib.auth", "django.contrib.sessions", "shop"]
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "shop.web.branch",
]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "shop.sqlite3"}}
TEMPLATES = [{
    "BACKEND": "django.template.backends.django.DjangoTemplates",
    "APP_DIRS": True,
    "OPTIONS": {"context_processors": ["django.contrib.auth.context_processors.auth"]},
}]
"""
MODELS = """
from django.db import models

class Shelf(models.Model):
    name = models.CharField(max_length=20)

class Book(models.Model):
    title = models.CharField(max_length=40)
    copies = models.IntegerField(default=1)
    shelf = models.ForeignKey(Shelf, related_name="books", null=True, on_delete=models.CASCADE)

    class Meta:
        app_label = "shop"

    def label(self):
        return f"{self.title} ({self.shelf.name})"
"""
WEB = """
from django import forms
from django.core.cache import cache
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from shop.models import Book

class Search(forms.Form):
    q = forms.CharField(max_length=10)

    def clean_q(self):
        return self.cleaned_data["q"].lower()

def branch(get_response):
    def middleware(request):
        request.branch = request.headers.get("X-Branch", "main")
        return get_response(request)
    return middleware

def lend(book, count):
    with transaction.atomic():
        book.copies -= count
        book.save()
    before = cache.get("last")
    cache.set("last", book.title, 60)
    return before

def found(words):
    return Book.objects.filter(title__icontains=words, shelf__name="A").order_by("title")

def index(request):
    form = Search(request.GET)
    books = found(form.cleaned_data["q"]) if form.is_valid() else []
    request.session["asked"] = request.session.get("asked", 0) + 1
    return render(request, "books.html", {"form": form, "books": books})

def take(request, pk):
    book = get_object_or_404(Book, pk=pk)
    lend(book, int(request.POST["count"]))
    return HttpResponse(f"{request.user} {request.branch} {book.copies}")

async def waits(request):
    return HttpResponse(request.GET["for"])
"""
DRIVE = """
import os
os.environ["DJANGO_SETTINGS_MODULE"] = "shop.settings"
import django
django.setup()
from django.core.management import call_command
from django.test import Client
from shop import web
from shop.models import Book, Shelf

def main():
    call_command("migrate", run_syncdb=True, verbosity=0)
    shelf = Shelf.objects.create(name="A")
    Book.objects.create(title="Emma", shelf=shelf)
    book = Book.objects.create(title="Dracula", copies=3, shelf=shelf)
    client = Client(SERVER_NAME="localhost")
    print(book.label(), client.get("/?q=Em").status_code, client.get("/?q=").status_code)
    web.lend(book, 0)
    print(client.get("/wait?for=it").content)
    print(client.post(f"/take/{book.pk}", {"count": "2"}, headers={"X-Branch": "north"}).content)

if __name__ == "__main__":
    main()
"""
FILES = {
    "shop/__init__.py": "",
    "shop/settings.py": SETTINGS,
    "shop/models.py": MODELS,
    "shop/web.py": WEB,
    "shop/urls.py": "from django.urls import path\nfrom shop import web\n"
    "urlpatterns = [path('', web.index), path('take/<int:pk>', web.take), path('wait', web.waits)]\n",
    "shop/templates/books.html": "<p>{{ user }}</p>{% csrf_token %}{{ form.q.errors }}\n"
    "{% for book in books %}<li>{{ book.label }}</li>\n{% endfor %}",
    "drive.py": DRIVE,
}
BUGS = [
    ("shop/web.py", "book.copies -= count", "book.copies -= 1"),
    ("shop/web.py", 'order_by("title")', 'order_by("-title")'),
    ("shop/web.py", ".lower()", ""),
    ("shop/models.py", "({self.shelf.name})", "{self.shelf.name}"),
    ("shop/templates/books.html", "<li>", "<b>"),
]


def test_a_program_is_pinned_as_it_is_and_its_net_notices_changes(tmp_path: Path) -> None:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text.lstrip())
    recorded = run_seam(tmp_path, "record", "--", "drive.py")
    assert recorded.stdout == "Dracula (A) 200 200\nb'it'\nb'AnonymousUser north 1'\n", recorded.stderr
    made = run_seam(tmp_path, "pin")
    assert "10 of 10 functions pinned" in made.stdout, made.stdout + made.stderr
    golden = tmp_path / "tests" / "golden"
    took = (golden / "shop.web" / "take.approved.txt").read_text()
    assert "given request = django.request(\n        'POST',\n        '/take/2'," in took
    assert "noted={'branch': 'north'}" in took
    assert "content='AnonymousUser north 1'" in took
    assert "state django:databases = django.databases(default=django.database('shop.sqlite3'))" in took
    assert '"copies" = 1' in took
    assert "content='it'" in (golden / "shop.web" / "waits.approved.txt").read_text()
    lent = (golden / "shop.web" / "lend.approved.txt").read_text()
    kept = r"state django:caches = django\.caches\(default=\{':1:last': \('Dracula', (5\d|60)\)\}\)"
    assert re.search(kept, lent), "a slow machine has used up some of the 60 seconds"
    assert "returned = 'Dracula'" in lent
    for file in golden.glob("shop.*/*.txt"):
        assert len(file.read_text().splitlines()) < 150, file
    (tmp_path / "shop.sqlite3").unlink()
    for changed, right, wrong in BUGS:
        edit(tmp_path / changed, right, wrong)
    verified = run_seam(tmp_path, "verify")
    assert verified.returncode == 1
    for target in ("models:Book.label", "web:Search.clean_q", "web:found", "web:lend", "web:index"):
        assert f"shop.{target}" in verified.stdout, verified.stdout
