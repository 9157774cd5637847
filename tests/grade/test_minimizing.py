"""Golden masters made smaller: what has to stay stays, what shows nothing goes, what is not proved is left."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from grade.nets import Net, net_of
from legacy_seam.errors import SeamError
from legacy_seam.grade.minimizing import Minimized, Minimizer
from legacy_seam.grade.net import NetNotGreen
from legacy_seam.grade.verdicts import DETECTED

RULES = """
def fee(days, tier):
    if days <= 15:
        return 100
    if tier == "G":
        return 50
    return 0
"""


@pytest.fixture(scope="module")
def net(tmp_path_factory: pytest.TempPathFactory) -> Net:
    calls = [("rules:fee", {"days": str(days), "tier": f"'{tier}'"}) for days in range(11, 21) for tier in "GS"]
    return net_of(tmp_path_factory.mktemp("fees"), {"rules": RULES}, calls)


def minimize(net: Net, **fields: Any) -> Minimized:
    with net.replayer() as replayer:
        return Minimizer(net.golden, replayer, **fields).minimize(*net.goldens[0])


def test_a_few_cases_notice_all_that_many_do(net: Net) -> None:
    found = minimize(net)

    assert found.master is not None and found.strength is not None
    before, after = found.strength
    assert (found.cases, found.kept) == (20, len(found.master.cases))
    assert before == after and not after.lacks(before)
    kept = [case.call.arguments for case in found.master.cases]
    assert {"15"} <= {one["days"] for one in kept}, "the boundary is noticed there only"
    assert found.kept <= 5
    smaller = replace(net, goldens=[(net.goldens[0][0], found.master)])
    detected = [
        {one.mutant.identity for one in graded.judged if one.state in DETECTED}
        for graded in (net.grade(probes=False), smaller.grade(probes=False))
    ]
    assert detected[0] == detected[1]


def test_what_is_minimal_says_so_in_its_file_and_is_minimal_again(net: Net) -> None:
    found = minimize(net)
    assert found.master is not None

    written = net.golden.write(found.master)
    assert "\ncases minimal\n" in written
    again = replace(net, goldens=[(net.goldens[0][0], found.master)])
    assert minimize(again).master is None


def test_what_fails_its_proof_stays_as_it_is(net: Net, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Minimizer, "_until_nothing_is_lost", lambda self, path, master, kept, before, memory: kept)

    with pytest.raises(SeamError, match=r"rules:fee stays as it is: 3 of its 20 cases would lack \d mutants"):
        minimize(net)


def test_what_does_not_hold_is_not_minimized(net: Net) -> None:
    path, master = net.goldens[0]
    first, *others = master.cases
    wrong = replace(first, approved=others[-1].approved)
    assert wrong.approved != first.approved
    with pytest.raises(NetNotGreen):
        minimize(replace(net, goldens=[(path, replace(master, cases=(wrong, *others)))]))
