"""A program that asks others is recorded, and pinned when they are gone."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from shop_project import run_seam

SHOP = """
import json, subprocess, urllib.request

def fetch_score(url, who):
    with urllib.request.urlopen(f"{url}/score/{who}") as reply:
        return json.load(reply)["score"]

def grade(url, who):
    return "A" if fetch_score(url, who) > 600 else "C"

def system():
    return subprocess.run(["uname", "-s"], capture_output=True, text=True).stdout.strip().lower()

def rate(band):
    return {"G": 0.2}[band]

def price(net, band):
    return net * (1 + rate(band))
"""

NIGHT = """
import sys, shop
for who in ("A17", "missing"):
    try:
        print(shop.grade(sys.argv[1], who))
    except OSError as error:
        print(error)
print(shop.system(), shop.price(10, "G"))
"""


@pytest.fixture(scope="module")
def pinned_once(tmp_path_factory: pytest.TempPathFactory, bureau_of_module: Any) -> Path:
    bureau, place = bureau_of_module, tmp_path_factory.mktemp("shop")
    (place / "shop.py").write_text(SHOP)
    (place / "night.py").write_text(NIGHT)
    recorded = run_seam(place, "record", "--boundary", "shop:rate", "--", "night.py", bureau.url)
    assert recorded.returncode == 0, recorded.stderr
    assert recorded.stdout == "A\nHTTP Error 404: Not Found\nlinux 12.0\n"
    assert bureau.asked == ["/score/A17", "/score/missing"]
    assert run_seam(place, "pin").returncode == 0
    assert len(bureau.asked) == 2  # nothing was asked again
    return place


@pytest.fixture
def pinned(pinned_once: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(pinned_once, tmp_path / "shop"))


def _verified(place: Path) -> dict[str, Any]:
    found = json.loads(run_seam(place, "verify", "--json").stdout)
    return {one["target"]: one for one in found["targets"]}


def test_functions_that_ask_others_are_pinned_with_their_questions(pinned: Path) -> None:
    text = (pinned / "tests/golden/shop/grade.approved.txt").read_text()
    assert "asks = urllib.request:urlopen('http://127.0.0.1:" in text
    assert "/score/A17')\n    answer returned = *HTTPResponse_1\n    handle HTTPResponse_1 = http.client:" in text
    assert "asked 1 = urllib.request:urlopen(" in text
    verified = _verified(pinned)
    assert {name: one["status"] for name, one in verified.items()} == {
        f"shop:{name}": "passed" for name in ("fetch_score", "grade", "price", "rate", "system")
    }


def test_another_question_is_a_difference_that_names_the_site(pinned: Path) -> None:
    source = (pinned / "shop.py").read_text()
    (pinned / "shop.py").write_text(source.replace('["uname", "-s"]', '["uname", "-r"]'))
    one = _verified(pinned)["shop:system"]
    assert one["status"] == "failed"
    assert [(found["path"], found["got"]) for found in one["differences"]] == [("asked 1[1]", "'-r'")]
    (note,) = one["notes"]
    assert note.startswith("shop.py:12 asked subprocess:run(['uname', '-r'], ")
    assert "- recorded: subprocess:run(['uname', '-s'], " in note


def test_a_question_that_was_never_asked_ends_the_call(pinned: Path) -> None:
    source = (pinned / "shop.py").read_text()
    (pinned / "shop.py").write_text(source.replace("1 + rate(band)", "1 + rate(band) + rate(band)"))
    one = _verified(pinned)["shop:price"]
    assert one["status"] == "failed"
    ending = one["differences"][0]
    assert (ending["path"], ending["expected"]) == ("returned", "returned 12.0")
    assert ending["got"].startswith('unanswered "shop.py:18 asked shop:rate(')
    assert "recorded, and answered already" in ending["got"]


def test_what_is_declared_to_lie_outside_is_not_called(pinned: Path) -> None:
    source = (pinned / "shop.py").read_text()
    (pinned / "shop.py").write_text(source.replace('{"G": 0.2}[band]', '{"G": 0.9}[band]'))
    verified = _verified(pinned)
    assert verified["shop:price"]["status"] == "passed"
    assert verified["shop:rate"]["status"] == "failed"


def test_why_tells_the_whole_story(pinned: Path) -> None:
    told = run_seam(pinned, "why", "shop:price")
    assert told.returncode == 0
    assert told.stdout.splitlines() == [
        "shop:price",
        "  recorded: 1 call seen: 1 kept, 0 duplicates, 0 sampled out, 0 unserialisable, 0 failed",
        "  asks outside: shop:rate (in 1 of 1 kept calls); answered from the recording",
        "  pinned",
        "  golden master: 1 case in tests/golden/shop/price.approved.txt",
    ]
    data = json.loads(run_seam(pinned, "why", "shop", "--json").stdout)
    assert {one["target"]: len(one["asks"]) for one in data["targets"]}["shop:price"] == 1
    unknown = run_seam(pinned, "why", "shop:prize")
    assert unknown.returncode == 2
    assert "the nearest are shop:price" in unknown.stderr
