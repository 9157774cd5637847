"""A small program with a heuristic, recorded; and candidates for its place."""

from __future__ import annotations

RULES = """
import random


class Account:
    def __init__(self, number, region):
        self.number = number
        self.region = region


def score(account, day):
    if account["days"] < 0:
        raise ValueError("days %d" % account["days"])
    points = 700 - 3 * account["days"]
    if account["region"] == "HH":
        points = max(points, 580)
    return round(points)


def bonus(account):
    return account.number * 2 + (5 if account.region == "HH" else 0)


def dice(sides):
    return random.randint(0, 10**6) + sides
"""

NIGHT = """
import datetime
import random

import rules

chance = random.Random(7)
for number in range(40):
    account = {"days": chance.randint(-20, 120), "region": chance.choice(["HH", "MUC", "BER"])}
    try:
        rules.score(account, datetime.date(2026, 1, 1) + datetime.timedelta(days=number))
    except ValueError:
        pass
for number in range(4):
    rules.bonus(rules.Account(number, "HH" if number % 2 else "MUC"))
    rules.dice(number)
"""

MODEL = """
import sys


class Line:
    def __call__(self, account, day):
        return 700.0 - 3 * account["days"]


line = Line()


def score(account, day):
    if account["days"] < 0:
        raise ValueError("days %d" % account["days"])
    return 700.0 - 3 * account["days"]


def same(account, day):
    if account["days"] < 0:
        raise ValueError("days %d" % account["days"])
    points = 700 - 3 * account["days"]
    return float(max(points, 580) if account["region"] == "HH" else points)


def hangs_once(account, day):
    while day.day == 3 and day.month == 1:
        pass
    return same(account, day)


def writes(account, day):
    open("written.txt", "w").close()
    return same(account, day)


def leaves(account, day):
    sys.exit(3)


def of_one_argument(account):
    return 1


def bonus(account):
    return account.number * 2


def near(one, other):
    return abs(one - other) < 1000
"""

FILES = {"rules.py": RULES, "night.py": NIGHT, "model.py": MODEL, "pyproject.toml": ""}
