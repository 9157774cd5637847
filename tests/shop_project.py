"""A small legacy project that several rooms are tried on, and how its user works on it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from warm import can_be_warm, run_warm

SHOP = {
    "shop/__init__.py": "",
    "shop/rules.py": '''
import datetime
import logging

RATE = 3
SEEN = []
log = logging.getLogger("shop")


class Account:
    """An account, as the old system had it."""

    def __init__(self, number, tier):
        self.number = number
        self.tier = tier
        self.score = 0

    def rate(self, late):
        self.score = score(late, self.tier)
        return self.score

    @property
    def label(self):
        return f"{self.number}/{self.tier}"


def score(late, tier, bonus=5):
    if late <= 15:
        points = 100
    elif late <= 30:
        points = 50
    else:
        log.warning("account is %d days late", late)
        points = 0
    if tier == "G":
        points += bonus
    return points * RATE


def remember(number):
    SEEN.append(number)
    print("remembered", number)
    return len(SEEN)


def age(born):
    return (datetime.date.today() - born).days


def parse(text):
    if not text.isdigit():
        raise ValueError(f"no number: {text!r}")
    return int(text)


def letter(path, name):
    with open(path, "w") as file:
        file.write(f"Dear {name},\\npay.\\n")
''',
    "night.py": """
import datetime
import sys

from shop import rules


def main(argv):
    for number in range(40):
        account = rules.Account(number, "GSB"[number % 3])
        account.rate(number)
        account.label
        rules.remember(number)
    for text in ("12", "x", ""):
        try:
            rules.parse(text)
        except ValueError as error:
            print(error)
    rules.age(datetime.date(2000, 1, 1))
    rules.letter("letter.txt", "Ann")
    print("done", argv)
    return 3


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
""",
}


def run_seam(place: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command line in a directory, as a user would: warm, where what is asked for can be had so."""
    env = {name: value for name, value in os.environ.items() if name not in ("CI", "PYTHONPATH")}
    env |= {"COLUMNS": "120", **environment}
    if can_be_warm(env):
        return run_warm(arguments, place, env)
    return subprocess.run(
        [sys.executable, "-m", "legacy_seam", *arguments],
        cwd=place,
        env=env,
        capture_output=True,
        text=True,
        timeout=900,
    )


def edit(path: Path, before: str, after: str) -> None:
    """Change one place of a source file."""
    text = path.read_text()
    assert before in text
    path.write_text(text.replace(before, after, 1))
