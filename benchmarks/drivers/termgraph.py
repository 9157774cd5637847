"""Draw the same numbers in several ways, as they come from a file and from stdin."""

import io
import sys
from pathlib import Path

from termgraph.termgraph import main

NUMBERS = "2007 183.32\n2008 231.23\n2009 16.43\n2010 50.21\n2011 508.97\n"
Path("numbers.dat").write_text(NUMBERS)
for options in ([], ["--width", "30", "--title", "Sales"], ["--histogram"], ["--vertical"], ["--no-labels"]):
    for source in (["numbers.dat"], []):
        sys.argv = ["termgraph", *source, *options]
        sys.stdin = io.StringIO(NUMBERS)
        try:
            main()
        except SystemExit as left:
            print("left with", left.code)
