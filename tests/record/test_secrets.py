"""Nothing secret reaches a file: a program full of secrets is recorded and pinned, and every byte is looked at."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from legacy_seam.record.launcher import Settings
from legacy_seam.redaction import Rules
from record.conftest import Project
from shop_project import run_seam

SECRETS = {
    "argument": "argumentSecret-0815",
    "dict": "dictSecret-0815",
    "attribute": "attributeSecret-0815",
    "global": "globalSecret-0815",
    "exception": "exceptionSecret-0815",
    "closure": "closureSecret-0815",
    "environment": "environmentSecret-0815",
    "file": "fileSecret-0815",
    "database": "databaseSecret-0815",
    "command": "commandSecret-0815",
    "log": "logSecret-0815",
    "header": "headerSecret-0815",
    "card": "4111 1111 1111 1111",
    "iban": "DE89370400440532013000",
    "email": "bob.smith@shop.example.com",
    "key": "john.doe@key.example.com",
    "token": "ghp_abcdefghijklmnopqrstuvwxyz0123456789",
    "namedtuple": "namedtupleSecret-0815",
    "hard coded": "hardcodedSecret-0815",
    "yielded": "yieldedSecret-0815",
    "large": "largeSecret-0815",
}

RULES = """
import collections, logging, os, sqlite3

log = logging.getLogger("shop")
API_KEY = ""
Login = collections.namedtuple("Login", "user password")


class Account:
    def __init__(self, name, secret):
        self.name = name
        self.secret = secret

    def check(self, given):
        return given == self.secret


def configure(api_key):
    global API_KEY
    API_KEY = api_key
    return len(API_KEY)


def use_configuration():
    return API_KEY[:6]


def login(user, password, **options):
    log.warning("login of %s with %s", user, options.get("log_password"))
    if "@" not in user:
        raise ValueError(f"{user}: wrong password {password}")
    return {"user": user, "password": password}


def maker(password):
    def inner(suffix):
        return password + suffix
    return inner


def pay(row):
    return [row["card"], row["iban"], row["amount"] * 2]


def by_mail(table):
    return sorted(table)


def send(headers):
    return headers[0][1].split()[1]


def read_settings(path):
    with open(path) as file:
        return [line.partition("=")[2].strip() for line in file]


def read_database(path):
    connection = sqlite3.connect(path)
    rows = connection.execute("select password from users").fetchall()
    connection.close()
    return rows


def read_environment():
    return os.environ["SHOP_PASSWORD"]


def tell():
    print("password=hardcodedSecret-0815")
    return {"password": "hardcodedSecret-0815"}


def keys():
    yield {"api_key": "yieldedSecret-0815"}


def many(rows):
    return len(rows)


def pair(login):
    return login.user
"""

MAIN = """
import os, sys
from shop import rules

S = dict(line.split("=", 1) for line in os.read(0, 1 << 20).decode().splitlines())  # which nobody sees


def main(argv):
    rules.configure(S["global"])
    rules.use_configuration()
    rules.Account("bob", S["attribute"]).check("x")
    rules.login(S["email"], S["argument"], log_password=S["log"])
    try:
        rules.login("bob", S["exception"])
    except ValueError:
        pass
    rules.maker(S["closure"])("!")
    rules.pay({"card": S["card"], "iban": S["iban"], "amount": 3, "nested": [{"secret": S["dict"]}]})
    rules.by_mail({S["key"]: S["token"]})
    rules.send([("Authorization", "Bearer " + S["header"])])
    rules.read_settings("settings.env")
    rules.read_database("users.db")
    rules.read_environment()
    rules.tell()
    list(rules.keys())
    rules.many([{"number": n, "password": S["large"] + str(n)} for n in range(300)])
    rules.pair(rules.Login("bob", S["namedtuple"]))
    print("done", len(argv))


if __name__ == "__main__":  # without it, `S` would be an input of `main`: a table of secrets that nothing names so
    main(sys.argv[1:])
"""


@pytest.fixture
def shop(project: Project) -> Project:
    project.write(shop__init="", shop__rules=RULES, main=MAIN)
    (project.directory / "settings.env").write_text(f"SHOP_SECRET={SECRETS['file']}\nCOLOUR=green\n")
    with sqlite3.connect(project.directory / "users.db") as connection:
        connection.execute("create table users (name text, password text)")
        connection.execute("insert into users values ('bob', ?)", [SECRETS["database"]])
    connection.close()
    return project


PROGRAM = ("main.py", "--password", SECRETS["command"])
STDIN = "".join(f"{name}={value}\n" for name, value in SECRETS.items())
ENVIRONMENT = {"SHOP_PASSWORD": SECRETS["environment"]}


def leaked(directory: Path) -> dict[str, str]:
    """Secret -> the file in which it stands, as bytes or as the database gives them out."""
    contents = {path: path.read_bytes() for path in directory.rglob("*") if path.is_file()}
    for path in [path for path, content in contents.items() if content.startswith(b"SQLite format 3")]:
        connection = sqlite3.connect(path)
        contents[path] += "\n".join(connection.iterdump()).encode()
        for (table,) in connection.execute("select name from sqlite_schema where type = 'table'").fetchall():
            for row in connection.execute(f'select * from "{table}"').fetchall():
                contents[path] += b"\n".join(
                    cell if isinstance(cell, bytes) else str(cell).encode() for cell in row
                )
        connection.close()
    return {
        name: path.relative_to(directory).as_posix()
        for name, secret in SECRETS.items()
        for path, content in contents.items()
        if secret.encode() in content or secret.replace(" ", "").encode() in content
    }


def test_no_secret_reaches_the_store_or_a_golden_master(shop: Project) -> None:
    _, recorded = shop.both(*PROGRAM, input=STDIN, env=ENVIRONMENT)

    assert recorded.run.redacted
    assert sum(count.failed for count in recorded.counts.values()) == 0
    assert leaked(shop.store) == {}
    pinned = run_seam(shop.directory, "pin", "--store", str(shop.store))
    assert pinned.returncode == 0, pinned.stderr
    assert leaked(shop.store) == {}
    assert leaked(shop.directory / "tests") == {}
    scanned = run_seam(shop.directory, "scan", "--store", str(shop.store))
    assert (scanned.returncode, scanned.stderr) == (0, ""), scanned.stdout
    verified = run_seam(shop.directory, "verify")
    assert verified.returncode == 0, verified.stdout


def test_pseudonyms_keep_what_belongs_together_together(shop: Project) -> None:
    shop.record(*PROGRAM, input=STDIN, env=ENVIRONMENT)
    recorded = shop.recorded()

    (account,) = recorded.inputs("shop.rules:Account.check")
    (made,) = recorded.inputs("shop.rules:Account.__init__")
    assert made["secret"] in account["self"]
    assert len(made["secret"]) == len(SECRETS["attribute"]) + 2
    (_, failed) = recorded.outcomes("shop.rules:login")
    password = recorded.inputs("shop.rules:login")[1]["password"].strip("'")
    assert f"bob: wrong password {password}" in failed[0][2]


def test_processes_and_runs_share_their_pseudonyms(shop: Project) -> None:
    for _ in range(2):
        shop.record(*PROGRAM, input=STDIN, env=ENVIRONMENT)
    inputs = shop.recorded().inputs("shop.rules:Account.__init__")
    assert len(inputs) == 2
    assert inputs[0] == inputs[1]


def test_without_redaction_everything_is_there_and_the_run_is_marked(shop: Project) -> None:
    shop.record(*PROGRAM, settings=Settings(redaction=Rules(enabled=False)), input=STDIN, env=ENVIRONMENT)
    assert not shop.recorded().run.redacted
    assert leaked(shop.store).keys() == SECRETS.keys()


def test_the_users_rules_reach_the_recorded_program(shop: Project) -> None:
    settings = Settings(redaction=Rules(patterns=("gr[e]{2}n",), keep=("secret", "password", "email")))
    shop.record(*PROGRAM, settings=settings, input=STDIN, env=ENVIRONMENT)
    recorded = shop.recorded()
    assert SECRETS["attribute"] in recorded.inputs("shop.rules:Account.__init__")[0]["secret"]
    assert SECRETS["email"] in recorded.inputs("shop.rules:login")[0]["user"]
    assert "green" not in str(recorded.outcomes("shop.rules:read_settings"))
