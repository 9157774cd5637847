"""A site of three articles and a page, generated twice."""

import logging
from pathlib import Path

from pelican import Pelican
from pelican.settings import read_settings

for name, text in {
    "content/first.rst": "First\n#####\n:date: 2020-06-16 10:00\n:tags: a, b\n:category: news\n\nHello *world*.\n\n.. code-block:: python\n\n   print(1)\n",
    "content/second.rst": "Second\n######\n:date: 2021-01-02\n:author: Ann\n:tags: b\n\nSee `first <{filename}/first.rst>`_.\n",
    "content/draft.rst": "Draft\n#####\n:status: draft\n:date: 2021-02-02\n\nNot yet.\n",
    "content/pages/about.rst": "About\n#####\n\nWho we are.\n",
    "content/images/dot.txt": "a file to be copied\n",
    "content/broken.rst": "no title here\n",
}.items():
    Path(name).parent.mkdir(parents=True, exist_ok=True)
    Path(name).write_text(text)
logging.getLogger("pelican").setLevel(logging.ERROR)
settings = read_settings(
    override={
        "PATH": "content",
        "OUTPUT_PATH": "output",
        "SITENAME": "Try",
        "SITEURL": "https://example.org",
        "TIMEZONE": "Europe/Rome",
        "DEFAULT_DATE": (2020, 1, 1),
        "DEFAULT_PAGINATION": 1,
        "FEED_ALL_ATOM": "feeds/all.atom.xml",
        "PLUGINS": [],
        "SUMMARY_MAX_LENGTH": 5,
    }
)
for _ in range(2):
    Pelican(settings).run()
for path in sorted(Path("output").rglob("*.html")):
    print(path, len(path.read_text()))
