"""Play Colossal Cave from typed words, and save and load a game."""

import io
import runpy
import sys

WORDS = (
    "no e|take lamp|take keys|w|xyzzy|plugh|get food|inventory|score|n|s|down|down|look|save cave.sav|yes|quit|yes"
)
sys.argv = ["adventure"]
sys.stdin = io.StringIO("no\n" + WORDS.replace("|", "\n") + "\n")
try:
    runpy.run_module("adventure", run_name="__main__")
except (SystemExit, EOFError) as left:
    print("left with", left)
