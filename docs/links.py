"""For the site: pages that lie outside of `docs/`, and links that lead there.

Documents are written to be read in the repository, where links go to files. On the site the README is the front
page, the example's README a page; files of the source are no pages, so that only their names are left.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

REPOSITORY = Path(__file__).parents[1]
OUTSIDE = {"index.md": "README.md", "examples.md": "examples/README.md"}
"""Pages of the site, and the files that they are."""

_LINK = re.compile(r"\[(?P<text>[^\]]*)\]\((?P<path>[^)#:\s]+)(?P<anchor>#[^)\s]*)?\)")


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages from outside."""
    for page, path in OUTSIDE.items():
        files.append(File.generated(config, page, abs_src_path=str(REPOSITORY / path)))
    return files


def on_page_markdown(markdown: str, page: Page, **_: Any) -> str:
    """Turn links between files into links between pages."""
    here = REPOSITORY / OUTSIDE.get(page.file.src_uri, f"docs/{page.file.src_uri}")
    return _LINK.sub(lambda link: _on_the_site(link, here, page.file.src_uri), markdown)


def _on_the_site(link: re.Match[str], here: Path, uri: str) -> str:
    path = os.path.relpath(os.path.normpath(here.parent / link["path"]), REPOSITORY)
    pages = {name: page for page, name in OUTSIDE.items()}
    if path in pages:
        page = pages[path]
    elif path.startswith("docs/"):
        page = path.removeprefix("docs/")
    else:
        return link["text"]
    return f"[{link['text']}]({os.path.relpath(page, Path(uri).parent)}{link['anchor'] or ''})"
