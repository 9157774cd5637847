"""Tasks with files they depend on: run twice, listed, cleaned, forgotten."""

import sys
from pathlib import Path

from doit.cmd_base import ModuleTaskLoader
from doit.doit_cmd import DoitMain

Path("one.txt").write_text("1\n")
Path("two.txt").write_text("2\n")


def join(dependencies, targets):
    Path(targets[0]).write_text("".join(Path(name).read_text() for name in sorted(dependencies)))


def task_join():
    """both files in one"""
    return {"actions": [join], "file_dep": ["one.txt", "two.txt"], "targets": ["all.txt"], "clean": True}


def task_count():
    """how long each is"""
    for name in ("one.txt", "all.txt"):
        yield {"name": name, "actions": [(print, [f"count {name}"])], "file_dep": [name], "verbosity": 2}


def task_fails():
    return {"actions": [lambda: False], "task_dep": ["join"]}


tasks = {
    "task_join": task_join,
    "task_count": task_count,
    "task_fails": task_fails,
    "DOIT_CONFIG": {"dep_file": "deps.json", "backend": "json", "default_tasks": ["count"]},
}
for words in (
    ["run"],
    ["run"],
    ["list", "--all", "--status"],
    ["run", "fails"],
    ["info", "join"],
    ["clean", "join"],
    ["forget", "join"],
    ["run", "-a", "join"],
    ["help"],
    ["ignore", "join"],
    ["nothing"],
):
    print("$ doit", *words)
    sys.stdout.flush()
    print("->", DoitMain(ModuleTaskLoader(tasks)).run(words))
print(Path("all.txt").exists())
