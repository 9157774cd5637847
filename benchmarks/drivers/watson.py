"""Hours worked: started, stopped, added, reported, renamed."""

import os
from pathlib import Path

from click.testing import CliRunner

os.environ["WATSON_DIR"] = os.path.abspath("hours")
Path("hours").mkdir(exist_ok=True)
from watson.cli import cli  # noqa: E402

runner = CliRunner()
for words in (
    ["add", "--from", "2020-06-16 10:00", "--to", "2020-06-16 11:30", "world", "+draw", "+line"],
    ["add", "--from", "2020-06-17 09:00", "--to", "2020-06-17 17:15", "house", "+build"],
    ["start", "--at", "2020-06-18 08:00", "world", "+paint"],
    ["status"],
    ["stop", "--at", "2020-06-18 09:10"],
    ["start", "garden"],
    ["cancel"],
    ["projects"],
    ["tags"],
    ["frames"],
    ["log", "--from", "2020-06-01", "--to", "2020-06-30", "--no-pager"],
    ["log", "--all", "--json"],
    ["report", "--from", "2020-06-01", "--to", "2020-06-30", "--no-pager"],
    ["report", "--all", "--json"],
    ["report", "--all", "--csv"],
    ["aggregate", "--from", "2020-06-15", "--to", "2020-06-20", "--no-pager"],
    ["rename", "project", "house", "home"],
    ["rename", "tag", "draw", "sketch"],
    ["config", "options.week_start", "monday"],
    ["remove", "-f", "-1"],
    ["restart", "-1"],
    ["stop"],
    ["stop"],
    ["report", "--from", "nonsense"],
):
    done = runner.invoke(cli, words)
    print(
        "$ watson",
        *words[:1],
        "->",
        done.exit_code,
        done.output[:60].splitlines()[:1] if "2020" in str(words) else "",
    )
