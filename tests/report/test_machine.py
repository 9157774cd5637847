"""What commands print for scripts: the schemas of docs/reference/json.md, key by key."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from legacy_seam.calls import Count, Difference
from legacy_seam.golden.compare import CaseDifference
from legacy_seam.golden.pin import Pinned
from legacy_seam.golden.verify import Verification
from legacy_seam.report.cures import Advice
from legacy_seam.report.machine import pinned_data, status_data, verification_data
from legacy_seam.store.ledger import Finding, Verdict
from legacy_seam.targets import Target

SCORE = Target("shop.rules", "score")
AGE = Target("shop.rules", "age")


def plain(data: dict[str, Any]) -> dict[str, Any]:
    copy: dict[str, Any] = json.loads(json.dumps(data))
    return copy


def test_verification() -> None:
    found = (CaseDifference("c1", Difference("returned", "1", "2")),)

    data = plain(verification_data([Verification(SCORE, Path("x.txt"), "failed", 3, 1, found, ("moved",))]))

    assert data == {
        "version": 1,
        "targets": [
            {
                "target": "shop.rules:score",
                "status": "failed",
                "cases": 3,
                "failed": 1,
                "differences": [{"case": "c1", "path": "returned", "expected": "1", "got": "2"}],
                "groups": [{"path": "returned", "change": "another int", "cases": ["c1"]}],
                "notes": ["moved"],
                "problem": None,
                "file": "x.txt",
            }
        ],
    }


def test_pinned() -> None:
    differs = Verification(AGE, Path("x"), "failed", 1)
    data = plain(
        pinned_data(
            [
                Pinned(
                    SCORE,
                    "unstable",
                    2,
                    "moves",
                    "rules.py:3",
                    ("clock",),
                    ("os:popen",),
                    (1, "returned"),
                    unread="changed self.words",
                ),
                Pinned(AGE, "pinned", 1, differs=differs),
            ],
            {SCORE: [Advice("clock", "rules.py:3", "Parameterize Method", "legacy-seam insert …")]},
        )
    )

    assert data["version"] == 1
    assert data["targets"] == [
        {
            "target": "shop.rules:score",
            "state": "unstable",
            "cases": 2,
            "left_out": 0,
            "reason": "moves",
            "site": "rules.py:3",
            "depends_on": ["clock"],
            "asks": ["os:popen"],
            "departs_from_the_wild": {"cases": 1, "first": "returned"},
            "not_compared": "changed self.words",
            "differs_from_golden_master": False,
            "seams": [
                {
                    "source": "clock",
                    "site": "rules.py:3",
                    "technique": "Parameterize Method",
                    "command": "legacy-seam insert …",
                }
            ],
        },
        {
            "target": "shop.rules:age",
            "state": "pinned",
            "cases": 1,
            "left_out": 0,
            "reason": None,
            "site": None,
            "depends_on": [],
            "asks": [],
            "departs_from_the_wild": None,
            "not_compared": None,
            "differs_from_golden_master": True,
            "seams": [],
        },
    ]


def test_status() -> None:
    counts = {SCORE: Count(10, 4, 3, 2, 0, 1, {"ValueError: x": 1})}
    verdicts = {AGE: Verdict(AGE, "refused", 0, "why", "rules.py:3", ("clock",))}

    data = plain(status_data(counts, verdicts, [Finding(None, "rules.py", "not UTF-8")]))

    numbers = {"seen": 10, "kept": 4, "duplicate": 3, "sampled_out": 2, "unserialisable": 0, "failed": 1}
    assert data["calls"] == numbers
    assert data["findings"] == [{"target": None, "what": "rules.py", "why": "not UTF-8"}]
    age, score = data["targets"]
    assert age == {
        "target": "shop.rules:age",
        "state": "refused",
        "cases": 0,
        "reason": "why",
        "site": "rules.py:3",
        "depends_on": ["clock"],
        "calls": None,
    }
    assert score["state"] == "recorded"
    assert score["calls"] == numbers | {"why": {"ValueError: x": 1}}
