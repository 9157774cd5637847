"""A journal in a text file: written, searched, exported, tagged, edited."""

import os
from pathlib import Path

Path("home").mkdir(exist_ok=True)
os.environ |= {
    "XDG_CONFIG_HOME": os.path.abspath("home"),
    "XDG_DATA_HOME": os.path.abspath("home"),
    "HOME": os.path.abspath("home"),
}
Path("jrnl.yaml").write_text(
    "colors: {body: none, date: none, tags: none, title: none}\ndefault_hour: 9\ndefault_minute: 0\neditor: ''\nencrypt: false\n"
    "highlight: false\nindent_character: '|'\njournals: {default: {journal: diary.txt}}\nlinewrap: 79\ntagsymbols: '#@'\n"
    "template: false\ntimeformat: '%F %r'\nversion: v4.2\n"
)
Path("diary.txt").touch()
from jrnl.main import run  # noqa: E402

for words in (
    ["2020-06-16 10:30: Met Bob. We spoke about @Dublin and #books."],
    ["yesterday at 6pm: Long walk. Nothing else happened."],
    ["Today: A *starred* day with @Dublin. *"],
    ["-n", "2"],
    ["@Dublin"],
    ["-from", "2020-01-01", "-to", "2020-12-31", "--format", "json"],
    ["--tags"],
    ["--format", "markdown"],
    ["--format", "xml", "-contains", "walk"],
    ["--format", "yaml", "--file", "out"],
    ["--format", "dates"],
    ["--format", "fancy", "-n", "1"],
    ["--short"],
    ["-starred"],
    ["--list"],
    ["--nothing-like-this"],
):
    try:
        print("->", run(["--config-file", "jrnl.yaml", *words]))
    except SystemExit as left:
        print("left with", left.code)
print(len(Path("diary.txt").read_text().splitlines()))
