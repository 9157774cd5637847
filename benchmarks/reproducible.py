"""Six programs with clocks and randomness of their own come out the same, byte for byte, after `insert` alone.

    python benchmarks/reproducible.py [DIRECTORY] [--only names,schedule]

For each program a pinned release is unpacked below DIRECTORY (a temporary one by default) and copied. The copy is
driven as its documentation does, a few times: it says something else each time. Then seams are inserted by command
(`legacy-seam insert … --no-verify`); driven as before the program still runs, and goes on moving. With a stub in
the seams, where the technique says it is put in, every run says the same, under any hash seed.

Nothing of the programs is edited otherwise, and nothing is replaced by `mock.patch`.
"""

from __future__ import annotations

import argparse
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

RUNS = 5
SEED = "import random; dice = random.Random(7); "


@dataclass(frozen=True)
class Trial:
    """One program.

    release: as pip takes it.
    seams:   what is inserted, as on the command line.
    stubs:   Python that puts stubs into the seams.
    drive:   Python that uses the program and prints what comes of it.
    """

    release: str
    seams: tuple[str, ...]
    stubs: str
    drive: str

    @property
    def name(self) -> str:
        """Of the program."""
        return self.release.partition("==")[0]


GETTER = "replace-global-reference-with-getter"
TRIALS = (
    Trial(
        "langdetect==1.0.9",
        ("extract-and-override-factory-method langdetect.detector:Detector.__init__ --call random.Random",),
        "import random\n"
        "from langdetect.detector import Detector\n"
        "class Dice(random.Random):\n"
        "    def seed(self, *_): super().seed(7)\n"
        "Detector._make_random = lambda _: Dice()",
        "from langdetect import detect_langs\n"
        "for text in ('ok maybe si', 'Otec matka syn', 'la casa no es un hotel', 'das war in Berlin'):\n"
        "    print(text, detect_langs(text))",
    ),
    Trial(
        "adventure==1.6",
        (f"{GETTER} adventure.game:Game.__init__ --call random.Random",),
        "import random; import adventure.game; adventure.game._random = lambda: random.Random(7)",
        "from adventure import load_advent_dat\n"
        "from adventure.game import Game\n"
        "game = Game()\n"
        "load_advent_dat(game)\n"
        "game.start()\n"
        "words = 'no e take-lamp xyzzy on w w w d' + ' n w e s u d' * 20\n"
        "for one in words.split():\n"
        "    if game.is_finished: break\n"
        "    print(game.do_command(one.split('-')))",
    ),
    Trial(
        "schedule==1.2.2",
        (
            f"{GETTER} schedule:Job._schedule_next_run --call datetime.datetime.now",
            f"{GETTER} schedule:Job._schedule_next_run --call random.randint",
            f"{GETTER} schedule:Job.run --call datetime.datetime.now",
        ),
        f"{SEED}import datetime, schedule; schedule._randint = dice.randint; "
        "schedule._now = lambda *zone: datetime.datetime(2020, 2, 29, 12)",
        "import schedule\n"
        "for most in (60, 600, 6000): schedule.every(5).to(most).minutes.do(print, 'done', most)\n"
        "schedule.every().day.at('10:30').do(print, 'daily')\n"
        "schedule.run_all()\n"
        "for one in schedule.get_jobs(): print(one.last_run, one.next_run)",
    ),
    Trial(
        "names==0.3.0",
        (
            f"{GETTER} names:get_name --call random.random",
            f"{GETTER} names:get_first_name --call random.choice",
        ),
        f"{SEED}import names; names._random, names._choice = dice.random, dice.choice",
        "import names\nfor _ in range(20): print(names.get_full_name())",
    ),
    Trial(
        "markovify==0.9.4",
        ("extract-and-override-call markovify.chain:Chain.move --call random.random",),
        f"{SEED}import markovify.chain; markovify.chain.Chain._random = lambda _: dice.random()",
        "import markovify.chain\n"
        "words = 'the cat saw the dog and the dog saw the cat and the cat ran from the dog'.split()\n"
        "chain = markovify.chain.Chain([words, words[5:], words[::-1]], 1)\n"
        "for _ in range(20): print(*chain.walk())",
    ),
    Trial(
        "shortuuid==1.0.13",
        (f"{GETTER} shortuuid.main:ShortUUID.uuid --call uuid.uuid4",),
        f"{SEED}import uuid, shortuuid.main; "
        "shortuuid.main._uuid4 = lambda: uuid.UUID(int=dice.getrandbits(128), version=4)",
        "import shortuuid\nfor _ in range(20): print(shortuuid.uuid(), shortuuid.uuid('example.org'))",
    ),
)


@dataclass(frozen=True)
class Verdict:
    """How many different outputs came of so many runs, and what was refused."""

    before: int
    unstubbed: int
    after: int
    refused: str = ""

    @property
    def holds(self) -> bool:
        """Did it move before, does it still where no stub is, and stand where one is?"""
        return self.before > 1 and self.unstubbed > 1 and self.after == 1 and not self.refused


def tried(trial: Trial, unpacked: Path) -> Verdict:
    """Drive a program before and after."""
    with tempfile.TemporaryDirectory() as directory:
        copy = Path(directory) / trial.name
        shutil.copytree(unpacked, copy)
        before = _outputs(trial.drive, copy)
        for words in trial.seams:
            command = [sys.executable, "-m", "legacy_seam", "insert", *shlex.split(words), "--no-verify", "--yes"]
            done = subprocess.run(command, cwd=copy, capture_output=True, text=True, check=False)
            if done.returncode:
                return Verdict(before, 0, 0, done.stderr.strip() or done.stdout.strip())
        return Verdict(before, _outputs(trial.drive, copy), _outputs(f"{trial.stubs}\n{trial.drive}", copy))


def _outputs(code: str, directory: Path) -> int:
    """How many different outputs a program has in some runs, each with another hash seed.

    Raises:
        SystemExit: where it fails.
    """
    found: set[bytes] = set()
    for seed in range(RUNS):
        environment = {**os.environ, "PYTHONHASHSEED": str(seed)}
        done = subprocess.run(
            [sys.executable, "-c", code], cwd=directory, env=environment, capture_output=True, check=False
        )
        if done.returncode:
            sys.exit(f"{directory.name} does not run: {done.stderr.decode()}")
        found.add(done.stdout)
    return len(found)


def unpacked(trial: Trial, directory: Path) -> Path:
    """A release and what it needs, in a directory of its own."""
    path = directory / trial.name
    if not path.is_dir():
        command = [sys.executable, "-m", "pip", "install", "-q", "--target", str(path), trial.release]
        subprocess.run(command, check=True)
    return path


def main(words: Sequence[str] | None = None) -> int:
    """Try them all; gives 1 where one of them does not hold still."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("directory", nargs="?", type=Path)
    parser.add_argument("--only", default=",".join(one.name for one in TRIALS))
    said = parser.parse_args(words)
    failed = 0
    with tempfile.TemporaryDirectory() as scratch:
        directory = said.directory or Path(scratch)
        print(f"{'program':<12}{'before':>8}{'no stub':>9}{'stubbed':>9}   different outputs of {RUNS} runs")
        for trial in TRIALS:
            if trial.name in said.only.split(","):
                found = tried(trial, unpacked(trial, directory))
                failed += not found.holds
                told = "holds" if found.holds else found.refused or "DOES NOT HOLD"
                print(f"{trial.name:<12}{found.before:>8}{found.unstubbed:>9}{found.after:>9}   {told}", flush=True)
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
