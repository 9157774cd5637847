"""A fault is planted after exploring: is it noticed by what is accepted by default?"""

from __future__ import annotations

from pathlib import Path

from grade.nets import net_of
from legacy_seam.explore.budget import Budget
from legacy_seam.explore.memory import Memory
from legacy_seam.explore.plan import Plan
from legacy_seam.explore.proposals import accept_proposal
from legacy_seam.explore.session import Explorer
from legacy_seam.golden.approval import approve
from legacy_seam.golden.verify import verify

MONTHS = """
import enum

NAMES = ["JAN", "FEB", "MAR"]

class Field(enum.IntEnum):
    DAY = 0
    MONTH = 1

def number(field, text):
    if field == Field.MONTH and text in NAMES:
        return NAMES.index(text) + 1
    return int(text)
"""
RECORDED = [("months:number", {"field": "months:Field.DAY", "text": "'12'"})]


def test_a_fault_in_a_word_of_a_table_for_another_member_is_noticed_by_what_is_accepted_by_default(
    tmp_path: Path,
) -> None:
    net = net_of(tmp_path, {"months": MONTHS}, RECORDED)
    path, master = net.goldens[0]
    approve(path, net.golden.write(master))
    with net.replayer() as replayer:
        plan = Plan(Budget(seconds=60, calls=1500, seed=1), grade=None, runs=2)
        Explorer(net.golden, replayer, Memory(None)).explore([(path, master)], plan)
    accept_proposal(path, net.golden)
    source = net.directory / "months.py"
    source.write_text(source.read_text().replace("index(text) + 1", "index(text)"))
    with net.replayer() as replayer:
        (verified,) = verify([(path, net.golden.load(path))], net.golden, replayer)
    assert verified.status == "failed"
