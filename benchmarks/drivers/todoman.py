"""Tasks in a folder of .ics files: made, listed, done, moved, deleted."""

import os
from pathlib import Path

from click.testing import CliRunner
from todoman.cli import cli

for name in ("tasks/home", "tasks/work", "cache"):
    Path(name).mkdir(parents=True, exist_ok=True)
Path("config.py").write_text(
    "path = 'tasks/*'\ndate_format = '%Y-%m-%d'\ntime_format = '%H:%M'\ndefault_list = 'home'\ncache_path = 'cache/cache.sqlite3'\nhumanize = False\n"
)
os.environ["TODOMAN_CONFIG"] = os.path.abspath("config.py")
runner = CliRunner()
for words in (
    ["new", "-l", "home", "-d", "2030-06-16 10:00", "--priority", "high", "Buy", "milk"],
    ["new", "-l", "work", "--location", "office", "Write", "report"],
    ["new", "-l", "work", "-s", "2030-01-01", "Start", "later"],
    ["list"],
    ["list", "work", "--sort", "summary"],
    ["show", "1"],
    ["edit", "1", "--due", "2031-01-01", "--summary", "Buy bread"],
    ["done", "2"],
    ["list", "--status", "ANY"],
    ["copy", "-l", "work", "1"],
    ["move", "-l", "home", "1"],
    ["cancel", "1"],
    ["flush", "--yes"],
    ["delete", "--yes", "3"],
    ["--porcelain", "list"],
    ["list", "--grep", "report"],
    ["new", "-l", "nowhere", "x"],
):
    done = runner.invoke(cli, words)
    print("$ todo", *words, "->", done.exit_code, len(done.output) > 0)
print(sum(1 for _ in Path("tasks").rglob("*.ics")))
