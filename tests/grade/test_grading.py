"""Grading a net: what is noticed, what is not, and that it is so when the mutant stands in the file."""

from __future__ import annotations

from pathlib import Path

import pytest

from grade.nets import Net, net_of
from legacy_seam.grade.arid import Aridity
from legacy_seam.grade.equivalents import Equivalent
from legacy_seam.grade.memory import Memory
from legacy_seam.grade.mutants import Source
from legacy_seam.grade.net import NetNotGreen
from legacy_seam.grade.operators import OPERATORS, named
from legacy_seam.grade.scope import Scope, source_of
from legacy_seam.grade.verdicts import DETECTED, Graded, Judged, count
from legacy_seam.targets import Pattern

RULES = """
    import functools, os

    SEEN = {}

    def fee(days, tier="B"):
        if days <= 15:
            return 0
        if tier == "G" and days < 30:
            return 5
        return 10

    def known(key):
        if key not in SEEN:
            SEEN[key] = len(key) * 3
        return SEEN[key]

    @functools.lru_cache
    def sums(n):
        total = 0
        while n > 0:
            total += n
            n -= 1
        return total

    def stubborn(n):
        while n > 0:
            try:
                n -= 1
            except BaseException:
                pass
        return n

    def leave(code):
        if code > 100:
            os._exit(code)
        return code

    class Base:
        def __init__(self, a):
            self.a = a

    class Order(Base):
        def __init__(self, a):
            super().__init__(a)

        @property
        def total(self):
            return self.a * 2

        @staticmethod
        def made(n):
            return Order(n).total

    def never(x):
        return x + 1

    def give_up(code):
        if code > 100:
            os._exit(0)
        return code

    def counted(n):
        count = n
        def step():
            nonlocal count
            count += 1
            return count
        return step()
    """
CALLS = [
    ("rules:fee", {"days": "3"}),
    ("rules:fee", {"days": "20", "tier": "'G'"}),
    ("rules:known", {"key": "'ab'"}),
    ("rules:sums", {"n": "3"}),
    ("rules:stubborn", {"n": "3"}),
    ("rules:leave", {"code": "5"}),
    ("rules:Order.made", {"n": "4"}),
    ("rules:give_up", {"code": "5"}),
    ("rules:counted", {"n": "2"}),
]


@pytest.fixture(scope="module")
def net(tmp_path_factory: pytest.TempPathFactory) -> Net:
    return net_of(tmp_path_factory.mktemp("net"), {"rules": RULES}, CALLS)


@pytest.fixture(scope="module")
def graded(net: Net) -> Graded:
    return net.grade(operators=OPERATORS, scope=Scope((Pattern("rules"),)))


def one(graded: Graded, function: str, operator: str, before: str) -> Judged:
    (found,) = [
        judged
        for judged in graded.judged
        if (judged.mutant.function, judged.mutant.operator, judged.mutant.before) == (function, operator, before)
    ]
    return found


def test_it_says_which_case_notices_a_mutant_and_by_what(graded: Graded) -> None:
    killed = one(graded, "fee", "number-minus-one", "5")
    assert killed.state == "killed"
    assert killed.noticed is not None
    assert (killed.noticed.target, killed.noticed.case) == ("rules:fee", "2")
    assert (killed.noticed.difference.expected, killed.noticed.difference.got) == ("5", "4")


def test_all_cases_are_asked_which_mutants_they_notice(tmp_path: Path) -> None:
    """One of them changes a table that another one looks into, one mutant ends its process, one does not end."""
    calls = [
        *(("rules:fee", {"days": days, "tier": "'G'"}) for days in ("15", "16", "29", "30")),
        ("rules:known", {"key": "'ab'"}),
        ("rules:leave", {"code": "100"}),
        ("rules:sums", {"n": "3"}),
    ]
    graded = net_of(tmp_path, {"rules": RULES}, calls).grade(
        operators=named(["comparison-boundary", "comparison-negation", "number-minus-one"]), everyone=60.0
    )
    noticing = {
        (one.mutant.function, one.mutant.before, one.mutant.after): graded.noticing.get(one.mutant.identity)
        for one in graded.judged
    }
    assert noticing["fee", "<=", "<"] == {"1"}
    assert noticing["fee", "<=", ">"] == {"1", "2", "3", "4"}
    assert noticing["fee", "30", "29"] == {"3"}
    assert noticing["leave", ">", ">="] == {"6"}
    assert noticing["known", "not in", "in"] == {"5"}
    assert {one.mutant.identity for one in graded.judged if one.state in DETECTED} == set(graded.noticing)


def test_what_no_case_notices_survives(graded: Graded) -> None:
    survived = one(graded, "fee", "comparison-boundary", "<=")
    assert (survived.state, survived.cases) == ("survived", 2)


def test_what_no_case_runs_is_kept_apart(graded: Graded) -> None:
    assert one(graded, "fee", "number-minus-one", "10").state == "not-covered"
    assert one(graded, "never", "number-minus-one", "1").state == "not-covered"


def test_a_loop_that_does_not_end_is_a_timeout_even_if_it_swallows_everything(graded: Graded) -> None:
    assert one(graded, "sums", "statement-deleted", "n -= 1").state == "timeout"
    assert one(graded, "stubborn", "statement-deleted", "n -= 1").state == "timeout"


def test_a_mutant_that_ends_its_process_is_no_survivor(graded: Graded) -> None:
    crashed = one(graded, "leave", "comparison-negation", ">")
    assert (crashed.state, crashed.reason) == ("crash", "left by os._exit(5)")
    assert crashed.noticed is not None and crashed.noticed.case == "6"
    crashed = one(graded, "give_up", "comparison-negation", ">")
    assert (crashed.state, crashed.reason) == ("crash", "left by os._exit(0)")


def test_functions_behind_decorators_and_in_classes_are_mutated(graded: Graded) -> None:
    assert one(graded, "sums", "number-plus-one", "1").state == "killed"
    assert one(graded, "Order.total", "number-minus-one", "2").state == "killed"
    assert one(graded, "Order.__init__", "statement-deleted", "super().__init__(a)").state == "killed"


def test_rules_suppress_what_says_nothing(graded: Graded) -> None:
    suppressed = one(graded, "known", "call-unwrapped", "len(key)")
    assert (suppressed.state, suppressed.reason) == ("suppressed", "must-be-called")


def test_what_leaves_no_python_says_nothing(graded: Graded) -> None:
    suppressed = one(graded, "counted", "statement-deleted", "count = n")
    assert (suppressed.state, suppressed.reason) == ("suppressed", "no-code")


def test_nothing_fails_and_no_file_is_touched(graded: Graded, net: Net) -> None:
    assert graded.problems == ()
    assert "error" not in count(graded.judged)
    assert (net.directory / "rules.py").read_text() == graded.modules["rules"].source


def test_a_verdict_is_what_verifying_says_of_the_mutant_in_the_file(graded: Graded, net: Net) -> None:
    tried = [judged for judged in graded.judged if judged.state in DETECTED | {"survived", "not-covered"}]
    hard = [judged for judged in tried if judged.state != "killed"]
    some = hard[::5] + [judged for judged in tried if judged.state == "killed"][::20]
    truth = net.truth(Graded(tuple(some), graded.modules))
    assert {judged.mutant.identity: judged.state in DETECTED for judged in some} == truth
    assert {judged.state for judged in some} >= {"killed", "survived", "timeout"}


def test_only_what_is_asked_for_is_graded(net: Net) -> None:
    graded = net.grade(operators=named(["return-none"]), scope=Scope((Pattern("rules:Order"),)))
    assert {judged.mutant.function for judged in graded.judged} == {"Order.total", "Order.made"}
    assert count(graded.judged) == {"killed": 2}


def test_without_a_pattern_what_no_case_calls_is_left_out(net: Net) -> None:
    graded = net.grade(operators=named(["return-none"]))
    assert "never" not in {judged.mutant.function for judged in graded.judged}


def test_only_changed_functions_are_graded(net: Net) -> None:
    changed = {(net.directory / "rules.py").resolve(): {8}}
    graded = net.grade(operators=named(["return-none"]), scope=Scope(changed=changed))
    assert {judged.mutant.function for judged in graded.judged} == {"fee"}


def test_a_verdict_is_not_reached_again_as_long_as_it_holds(net: Net, tmp_path: Path) -> None:
    plan = {"operators": named(["number-minus-one"]), "scope": Scope((Pattern("rules:fee"),))}
    first = net.grade(**plan, memory=Memory(tmp_path / "grade.json"))
    again = net.grade(**plan, memory=Memory(tmp_path / "grade.json"))
    tried = sum(judged.state != "not-covered" for judged in first.judged)
    assert (first.reused, again.reused) == (0, tried)
    assert again.judged == first.judged


def test_what_a_person_calls_equivalent_counts_no_more_until_the_function_changes(net: Net) -> None:
    plan = {"operators": named(["comparison-boundary"]), "scope": Scope((Pattern("rules:fee"),))}
    first = net.grade(**plan)
    survivor = one(first, "fee", "comparison-boundary", "<=").mutant
    digest = first.functions["rules", "fee"]
    said = Equivalent(survivor.identity, "rules:fee", digest, "<= -> <", "nobody is 15 days late", "Ann")
    states = {
        state: one(net.grade(**plan, equivalent={survivor.identity: held}), "fee", "comparison-boundary", "<=")
        for state, held in (
            ("equivalent", said),
            ("survived", Equivalent(survivor.identity, "rules:fee", "another", "", "", "")),
        )
    }
    assert {state: judged.state for state, judged in states.items()} == {state: state for state in states}
    assert states["equivalent"].reason == "nobody is 15 days late (Ann)"


def test_a_net_that_does_not_hold_cannot_be_graded(net: Net) -> None:
    file = net.directory / "rules.py"
    before = file.read_text()
    try:
        file.write_text(before.replace("return 5", "return 6"))
        with pytest.raises(NetNotGreen, match=r"rules:fee does not hold.*case 2.*legacy-seam verify"):
            net.grade()
    finally:
        file.write_text(before)


def test_cases_that_disturb_each_other_are_judged_in_processes_of_their_own(tmp_path: Path) -> None:
    net = net_of(tmp_path, {"rules": RULES}, [("rules:fee", {"days": "3"})], isolation="fresh")
    graded = net.grade(operators=named(["number-minus-one"]))
    assert one(graded, "fee", "number-minus-one", "0").state == "killed"
    assert one(graded, "fee", "number-minus-one", "15").state == "survived"


def test_targets_that_disturb_each_other_hold_and_are_judged_apart(tmp_path: Path) -> None:
    program = """
        DRAWN = (n for n in range(100))

        def draw(x):
            return x + next(DRAWN)

        def drawn_twice(x):
            return draw(x) + draw(1)

        def plain(x):
            return x * 3
        """
    calls = [("rules:draw", {"x": "5"}), ("rules:drawn_twice", {"x": "5"}), ("rules:plain", {"x": "2"})]
    net = net_of(tmp_path, {"rules": program}, calls)
    graded = net.grade(operators=named(["arithmetic", "number-plus-one"]))
    assert (graded.problems, graded.unstable) == ((), 0)
    states = {(one.mutant.function, one.mutant.before): one.state for one in graded.judged}
    assert states == {
        ("draw", "+"): "killed",
        ("drawn_twice", "+"): "killed",
        ("drawn_twice", "1"): "killed",
        ("plain", "*"): "killed",
        ("plain", "3"): "killed",
    }
    assert net.truth(graded) == {one.mutant.identity: one.state == "killed" for one in graded.judged}


def test_what_one_target_can_reach_of_the_interpreter_is_looked_at_beside_others_that_cannot(
    tmp_path: Path,
) -> None:
    source = """
        import random

        def draw(n):
            random.seed(n + 2)

        def plain(n):
            return n + 1
    """
    net = net_of(tmp_path, {"rules": source}, [("rules:draw", {"n": "1"}), ("rules:plain", {"n": "1"})])

    graded = net.grade(operators=named(["arithmetic"]))

    assert graded.problems == ()
    assert {one.mutant.function: one.state for one in graded.judged} == {"draw": "killed", "plain": "killed"}


def test_two_functions_of_one_name_and_accessors_are_told_apart(tmp_path: Path) -> None:
    file = tmp_path / "m.py"
    file.write_text(
        "class A:\n    @property\n    def x(self): return 1\n    @x.setter\n    def x(self, v): self.y = 1\n"
        "def f(): return 1\ndef f(): return 2\n"
    )
    source = source_of("m", str(file))
    assert isinstance(source, Source)
    assert list(source.functions) == ["A.x", "A.x.setter", "f", "f.2"]
    assert [one.before for one in source.mutants("f.2", named(["number-minus-one"]), Aridity([]))] == ["2"]
