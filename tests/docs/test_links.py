"""Relative links in the documents lead to files, and to headings, that exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
PAGES = sorted(
    [REPOSITORY / "README.md", REPOSITORY / "examples" / "README.md", *(REPOSITORY / "docs").rglob("*.md")]
)


def links_of(page: str) -> list[str]:
    """The targets of the links of a page, without those in code and those to other places on the web."""
    prose = re.sub(r"^```.*?^```", "", page, flags=re.DOTALL | re.MULTILINE)
    prose = re.sub(r"`[^`]*`", "", prose)
    targets = re.findall(r"\]\(\s*<?([^)\s>]+)", prose) + re.findall(r"^\[[^\]]+\]:\s*(\S+)", prose, re.MULTILINE)
    return [target for target in targets if not re.match(r"[a-z][a-z0-9+.-]*:", target)]


def anchors_of(page: str) -> set[str]:
    """The anchors of the headings of a page, as GitHub makes them."""
    prose = re.sub(r"^```.*?^```", "", page, flags=re.DOTALL | re.MULTILINE)
    headings = re.findall(r"^#+\s+(.*?)\s*$", prose, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(REPOSITORY)))
def test_relative_links_lead_somewhere(page: Path) -> None:
    broken: list[str] = []
    for link in links_of(page.read_text(encoding="utf-8")):
        path, _, anchor = link.partition("#")
        destination = page.parent / path if path else page
        if not destination.exists() or not destination.resolve().is_relative_to(REPOSITORY.resolve()):
            broken.append(f"{link}: there is no such file")
        elif anchor and anchor not in anchors_of(destination.read_text(encoding="utf-8")):
            broken.append(f"{link}: there is no such heading")
    assert not broken


def test_every_page_of_the_documentation_can_be_reached_from_the_readme() -> None:
    reached: set[Path] = set()
    left = [REPOSITORY / "README.md"]
    while left:
        page = left.pop().resolve()
        if page in reached or page.suffix != ".md" or not page.exists():
            continue
        reached.add(page)
        links = links_of(page.read_text(encoding="utf-8"))
        left += [page.parent / link.partition("#")[0] for link in links if not link.startswith("#")]
    assert {page.resolve() for page in PAGES} <= reached


def test_links_are_found_in_prose_and_not_in_code() -> None:
    page = (
        "[a](b.md) ![c](d.png) `[no](e.md)` [w](https://x.org)\n```\n[no](f.md)\n```\n[r]: g.md#h-i\n# One `2`: 3\n"
    )
    assert links_of(page) == ["b.md", "d.png", "g.md#h-i"]
    assert anchors_of(page) == {"one-2-3"}
