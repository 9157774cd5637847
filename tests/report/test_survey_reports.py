"""One survey as tables, as data, as Mermaid and as SVG."""

from __future__ import annotations

import io
import json
from pathlib import Path
from xml.etree import ElementTree

import pytest
from rich.console import Console

from legacy_seam.report.mermaid import mermaid
from legacy_seam.report.openings import Openings, openings
from legacy_seam.report.sketch_svg import svg
from legacy_seam.report.survey_data import survey_data
from legacy_seam.report.survey_tables import survey_tables
from legacy_seam.source import Program
from legacy_seam.survey.sketch import sketch
from legacy_seam.survey.survey import Survey
from small_program import survey_of

SHOP = {
    "shop/__init__.py": "",
    "shop/rules.py": """
        import sqlite3
        import time

        DB = sqlite3.connect("shop.db")

        def settle(orders):
            for order in {*orders}:
                if order:
                    DB.execute("update orders set late = ?", [time.time()])

        def night(orders):
            settle(orders)
            tell("a < b & [c]")

        def tell(what):
            print(what)
        """,
    "shop/old.py": "print 'hello'\n",
}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("program")


@pytest.fixture(scope="module")
def found(place: Path) -> Survey:
    return survey_of(place, SHOP)


@pytest.fixture(scope="module")
def asked(place: Path, found: Survey) -> Openings:
    return openings(found, Program.at([place]), found.functions)


def printed(found: Survey, asked: Openings, width: int) -> str:
    terminal = Console(file=io.StringIO(), width=width, highlight=False)
    for part in survey_tables(found, found.functions, asked, top=10, width=width):
        terminal.print(part)
    assert isinstance(terminal.file, io.StringIO)
    return terminal.file.getvalue()


@pytest.mark.parametrize("width", [60, 80, 140])
def test_the_tables_fit_and_tell_what_matters(found: Survey, asked: Openings, width: int) -> None:
    text = printed(found, asked, width)

    assert all(len(line) <= width for line in text.splitlines())
    words = " ".join(text.split())
    for part in (
        "2 files, 16 lines, 3 functions",
        "1 file was not read",
        "Where it is dangerous",
        "shop.rules:settle",
        "changes a database",
        "the order of a set",
        "sqlite3.connect",
        "shop/old.py:1",
        "replace-global-reference-with-getter",
    ):
        assert part in words, part


def test_the_data_is_plain_and_complete(found: Survey, asked: Openings) -> None:
    data = json.loads(json.dumps(survey_data(found, found.functions, asked)))

    assert [one["code"] for one in data["left_out"]] == ["python-2"]
    [settle] = [one for one in data["functions"] if one["target"] == "shop.rules:settle"]
    assert settle["file"] == "shop/rules.py"
    assert (settle["lines"], settle["complexity"], settle["nesting"], settle["fan_in"]) == (4, 3, 2, 1)
    assert {(one["kind"], one["what"], one["line"]) for one in settle["touches"]} == {
        ("databases", "sqlite3.connect().execute", 9),
        ("clock", "time.time", 9),
    }
    assert settle["seams"][0] == {
        "technique": "replace-global-reference-with-getter",
        "target": "shop.rules:settle",
        "call": "time.time",
        "line": 9,
        "why": "clock in the hands of a test",
        "command": "legacy-seam insert replace-global-reference-with-getter shop.rules:settle --call time.time",
        "refusal": None,
    }
    [night] = [one for one in data["functions"] if one["target"] == "shop.rules:night"]
    assert night["calls"] == [
        {"target": "shop.rules:settle", "is_sure": True},
        {"target": "shop.rules:tell", "is_sure": True},
    ]
    assert {"kind": "clock", "writes": False, "calls_away": 1, "via": "shop.rules:settle"} in night["effects"]


def test_mermaid_names_every_box_once(found: Survey) -> None:
    lines = mermaid(sketch(found, found.functions, 9)).splitlines()

    assert lines[0] == "flowchart LR"
    assert sum("shop.rules:night<br/>risk" in line for line in lines) == 1
    assert any("&lt;module&gt;" in line for line in lines)
    assert any("==>" in line for line in lines)


def test_svg_is_xml_with_every_name(found: Survey) -> None:
    root = ElementTree.fromstring(svg(sketch(found, found.functions, 9), "a < b"))

    words = {element.text for element in root.iter("{http://www.w3.org/2000/svg}text")}
    assert {"a < b", "settle", "night", "<module>", "databases", "clock", "output"} <= words


def test_boxes_of_the_picture_do_not_overlap(found: Survey) -> None:
    root = ElementTree.fromstring(svg(sketch(found, found.functions, 9), "title"))
    boxes = [
        tuple(float(rect.get(name, "0")) for name in ("x", "y", "width", "height"))
        for rect in root.iter("{http://www.w3.org/2000/svg}rect")
        if rect.get("rx") and float(rect.get("height", "0")) > 20
    ]

    assert len(boxes) >= 6
    for number, (x, y, width, height) in enumerate(boxes):
        for left, top, wide, high in boxes[number + 1 :]:
            assert x + width <= left or left + wide <= x or y + height <= top or top + high <= y


def test_nothing_to_draw_is_no_error(tmp_path: Path) -> None:
    empty = survey_of(tmp_path, {"a.py": "x = 1\n"})

    ElementTree.fromstring(svg(sketch(empty, empty.functions, 9), "nothing"))
    assert mermaid(sketch(empty, empty.functions, 9)).startswith("flowchart LR")
